"""The quarterly return for WasteDataFlow: on screen, as CSV and as XLSX, with the same figures and notes."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import clock
from webapp.forms.waste_return import BASES, ReturnForm
from webapp.rules.clock import in_words, local_date, time_in_words
from webapp.rules.money import in_pounds, pounds
from webapp.rules.roles import Permission
from webapp.services import sheets, waste_return
from webapp.services.enforcement_steps import StepFilters
from webapp.services.return_tables import Cell, Line
from webapp.services.waste_return import WasteReturn
from webapp.views.access import permission

pages = Blueprint("waste_return", __name__, url_prefix="/reports")

STEP_LIST = "/enforcement"
BASIS_NOTES = {
    "incidents": "Basis: all incidents, whoever reported or found them.",
    "public": "Basis: only incidents that somebody other than our own staff and wardens reported.",
}
NOTES = (
    "Duplicates, what nobody found and what was no fly-tipping are not counted.",
    "Enforcement does not depend on the basis: actions, penalties and prosecutions are the same on both.",
)
LEFT_OUT = {
    "duplicate": "Same as another report",
    "not_found": "Not found",
    "not_fly_tip": "Not fly-tipping",
    waste_return.STAFF: "Incidents that our own staff and wardens found",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/waste-return")
@permission(Permission.ENFORCE)
def show() -> ResponseReturnValue:
    """The return of a quarter; every figure opens its records."""
    form = _form()
    made = _made(form)
    return render_template(
        "waste_return/show.html",
        form=form,
        made=made,
        notes=_notes(made),
        state=_state(made),
        left_out=[(LEFT_OUT[reason], cell) for reason, cell in made.left_out],
        address_of=_address_of,
        figure=_figure,
        chosen={"quarter": made.period.name, "basis": made.basis},
    )


@pages.get("/waste-return.csv")
@permission(Permission.ENFORCE)
def as_csv() -> ResponseReturnValue:
    """One row for each month with every figure, then the notes."""
    form = _form()
    if form.not_understood():
        return _to_page()
    made = _made(form)
    return _file(b"".join(sheets.csv_chunks(_csv_rows(made))), "text/csv", made, "csv")


@pages.get("/waste-return.xlsx")
@permission(Permission.ENFORCE)
def as_xlsx() -> ResponseReturnValue:
    """A sheet of notes, then one for each table with a row for each month and one for the quarter."""
    form = _form()
    if form.not_understood():
        return _to_page()
    made = _made(form)
    return _file(sheets.workbook(_sheets(made)), XLSX, made, "xlsx")


def _to_page() -> ResponseReturnValue:
    """Go where it is told what was not understood: a file would hold something else and say nothing."""
    return redirect(f"{url_for('waste_return.show')}?{urlencode(request.args)}", 303)


def _form() -> ReturnForm:
    form = ReturnForm(request.args)
    form.offer(local_date(clock.now()))
    return form


def _made(form: ReturnForm) -> WasteReturn:
    return waste_return.make(form.period(local_date(clock.now())), form.chosen_basis())


def _file(content: bytes, mimetype: str, made: WasteReturn, ending: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    name = f"waste-return-{made.period.name}-{made.basis}.{ending}"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _address_of(cell: Cell) -> str:
    if isinstance(cell.opens, StepFilters):
        return f"{STEP_LIST}?{urlencode(cell.opens.in_address())}"
    return f"{url_for('records.index')}?{urlencode(cell.opens.in_address())}"


def _figure(line: Line, cell: Cell) -> str:
    return in_pounds(cell.value) if line.is_money else f"{cell.value:,}"


def _state(made: WasteReturn) -> str:
    """Return how far the quarter has come when it has not ended, nothing when it has."""
    today = local_date(made.counted_at)
    if today < made.period.first:
        return "Not begun yet"
    return f"So far, up to {in_words(today)}" if made.is_running else ""


def _notes(made: WasteReturn) -> list[str]:
    return [BASIS_NOTES[made.basis], *NOTES]


def _value(line: Line, cell: Cell) -> Any:
    return pounds(cell.value) if line.is_money else cell.value


def _footnotes(made: WasteReturn) -> Iterator[str]:
    state = _state(made)
    yield f"Counted at {time_in_words(made.counted_at)}.{f' {state}.' if state else ''}"
    yield from _notes(made)
    yield from (f"{table.title}: {table.note}" for table in made.tables)
    yield from (f"Left out: {LEFT_OUT[reason]}: {cell.value}" for reason, cell in made.left_out)


def _csv_rows(made: WasteReturn) -> Iterator[list[Any]]:
    lines = [(table.title, line) for table in made.tables for line in table.lines]
    yield ["Quarter", "Month", "Basis", *(f"{title}: {_named(line)}" for title, line in lines)]
    for number, first in enumerate(made.period.months):
        values = [_value(line, line.months[number]) for _, line in lines]
        yield [made.period.name, f"{first:%B %Y}", BASES[made.basis], *values]
    yield []
    yield from ([note] for note in _footnotes(made))


def _named(line: Line) -> str:
    return f"{line.label} (£)" if line.is_money else line.label


def _sheets(made: WasteReturn) -> Iterator[sheets.Sheet]:
    title = f"Fly-tipping return, {made.period.words} ({made.period.name}), {BASES[made.basis].lower()}"
    yield sheets.Sheet("Notes", [[title], *([note] for note in _footnotes(made))])
    months = [f"{first:%B %Y}" for first in made.period.months]
    for table in made.tables:
        head = ["Month", *(_named(line) for line in table.lines)]
        columns = [[_value(line, cell) for cell in line.cells] for line in table.lines]
        body = zip([*months, "Quarter"], *columns, strict=True)
        yield sheets.Sheet(table.name, [head, *body])
