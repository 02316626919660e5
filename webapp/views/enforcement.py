"""Enforcement and evidence, for officers: a record's page, a page for each thing to add, the list of all steps, marks.

Whatever page shows any of it, that is written down before it is shown.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from webapp.extensions import clock, csrf
from webapp.forms.enforcement import (
    OfficersForm,
    OutcomeForm,
    PenaltyForm,
    StepFilterForm,
    StepForm,
    StrikeForm,
)
from webapp.forms.evidence import ExhibitForm, HandOverForm, MarkForm, ReadForm, ResultForm
from webapp.models.record import Record
from webapp.rules.clock import local_date
from webapp.rules.codes.enforcement import OUTCOMES, PENALTIES, PENALTY_STATES, STEPS
from webapp.rules.errors import Refused, Stale
from webapp.rules.roles import Permission
from webapp.services import enforcement, enforcement_steps, evidence, history, records, restricted, smartwater
from webapp.views.access import asking, permission
from webapp.views.lists import page_number
from webapp.views.records import COST_WORDS

pages = Blueprint("enforcement", __name__)

CHANGED = (
    "Somebody wrote something here while your page was open. Read what it was below, then send yours again."
)
BY_WORDS = {"done": "Done", "paid": "Paid", "outcome": "Decided by a court"}
LISTS = {"step": STEPS, "penalty": PENALTIES, "penalty_state": PENALTY_STATES, "outcome": OUTCOMES}


def _nothing(*asked: Any) -> dict[str, Any]:
    return {}


def _never(item: Any) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Ask:
    """A page that asks for one thing to be written by `verb`, in its `shape`.

    `find` returns the one thing of the record that it is about, where there is one; `known` what is filled in of it
    already, `ended` whether nothing more can be written about it. `offer` says what can be chosen.
    """

    heading: str
    form: type[OfficersForm]
    verb: Callable[..., None]
    shape: Callable[..., object]
    find: Callable[[Record, int], Any] | None = None
    known: Callable[[Any], dict[str, Any]] = _nothing
    ended: Callable[[Any], bool] = _never
    offer: Callable[[Any, Any], object] = _nothing


def _offer_marks(form: ReadForm | ResultForm, item: object) -> None:
    form.offer(smartwater.mark_names())


ASKS: Mapping[str, Ask] = {
    "steps": Ask("Add a step", StepForm, enforcement.add_step, enforcement.Step),
    "exhibits": Ask("Add an exhibit", ExhibitForm, evidence.add_exhibit, evidence.Found),
    "smartwater": Ask(
        "Add a look for SmartWater", ReadForm, evidence.add_read, evidence.Read, offer=_offer_marks
    ),
    "penalty": Ask(
        "What became of the penalty?",
        PenaltyForm,
        enforcement.change_penalty,
        enforcement.Change,
        find=lambda record, step_id: enforcement.find_step(record, step_id, "fpn"),
        ended=lambda step: not enforcement.may_become(step),
        offer=lambda form, step: form.offer(enforcement.may_become(step)),
    ),
    "outcome": Ask(
        "What did the court decide?",
        OutcomeForm,
        enforcement.add_outcome,
        enforcement.Outcome,
        find=lambda record, step_id: enforcement.find_step(record, step_id, "prosecution"),
        ended=lambda step: not enforcement.lacks_outcome(step),
    ),
    "strike": Ask(
        "Strike out a step",
        StrikeForm,
        enforcement.strike,
        enforcement.Strike,
        find=enforcement.find_step,
        ended=lambda step: step.struck_at is not None,
    ),
    "hand-over": Ask(
        "Hand over an exhibit",
        HandOverForm,
        evidence.hand_over,
        evidence.HandOver,
        find=evidence.find_exhibit,
        known=lambda chain: {"from_whom": chain.holder, "seal_number": chain.seal_number},
    ),
    "result": Ask(
        "What did the laboratory find?",
        ResultForm,
        evidence.add_result,
        evidence.Result,
        find=evidence.find_read,
        known=lambda read: {"sample_ref": read.sample_ref},
        ended=lambda read: read.lab_result is not None,
        offer=_offer_marks,
    ),
}


@pages.get("/records/<reference>/enforcement")
@permission(Permission.ENFORCE)
def show(reference: str) -> ResponseReturnValue:
    """All enforcement and evidence of a record, and who opened it."""
    tip = restricted.opened(reference, asking())
    return render_template(
        "enforcement/show.html",
        record=tip,
        all=records.everything(tip),
        steps=enforcement.steps_of(tip),
        exhibits=evidence.exhibits_of(tip),
        reads=evidence.reads_of(tip),
        written=restricted.written(tip),
        openings=history.openings(tip, restricted.OPENED),
    )


@pages.get("/records/<reference>/enforcement/<what>")
@pages.get("/records/<reference>/enforcement/<what>/<int:item_id>")
@permission(Permission.ENFORCE)
def ask(reference: str, what: str, item_id: int | None = None) -> ResponseReturnValue:
    """What must be told to add one thing."""
    return _show(reference, _asked(what, item_id), what, item_id)


@pages.post("/records/<reference>/enforcement/<what>")
@pages.post("/records/<reference>/enforcement/<what>/<int:item_id>")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.ENFORCE)
def write(reference: str, what: str, item_id: int | None = None) -> ResponseReturnValue:
    """Add one thing, or say what is wrong with it."""
    asked = _asked(what, item_id)
    form = asked.form()
    if not _is_right(form):
        return _show(reference, asked, what, item_id, form, 422)
    about = () if item_id is None else (item_id,)
    try:
        asked.verb(reference, *about, asked.shape(**form.given()), asking(), form.newest)
    except Refused as refused:
        form.refuse(refused.errors)
        return _show(reference, asked, what, item_id, form, 422)
    except Stale:
        return _show(reference, asked, what, item_id, form, 409)
    return redirect(url_for("enforcement.show", reference=reference), 303)


def _asked(what: str, item_id: int | None) -> Ask:
    asked = ASKS.get(what)
    if asked is None or (asked.find is None) != (item_id is None):
        abort(404)
    return asked


def _is_right(form: OfficersForm) -> bool:
    is_valid = form.validate()
    form.refuse(form.problems(local_date(clock.now())))
    return is_valid and not form.error_list()


def _show(
    reference: str,
    asked: Ask,
    what: str,
    item_id: int | None,
    form: OfficersForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Show what must be told: an answer that was refused comes back filled, a late one with what was written since."""
    record = records.find(reference, asking())
    item = asked.find(record, item_id) if asked.find and item_id is not None else None
    tip = restricted.opened(reference, asking())
    form = form or asked.form(formdata=None, data=asked.known(item))
    changed = restricted.written(tip, form.newest) if status == 409 else ()
    if status == 409:
        form.form_errors.append(CHANGED)
    if status == 409 or not form.seen.data:
        form.seen.data = str(history.newest(tip))
    asked.offer(form, item)
    page = render_template(
        "enforcement/form.html",
        record=tip,
        asked=asked,
        what=what,
        item=item,
        form=form,
        changed=changed,
        has_ended=asked.ended(item),
    )
    return page, status


@pages.get("/enforcement")
@permission(Permission.ENFORCE)
def index() -> ResponseReturnValue:
    """All steps of all records, narrowed by the filters in the address; figures open it."""
    form = StepFilterForm(request.args)
    form.by.choices = _choices(BY_WORDS.items())
    for name, codes in LISTS.items():
        form[name].choices = [
            SelectChoice("", "All"),
            *_choices((code.value, code.label) for code in codes),
        ]
    form.cost.choices = [SelectChoice("", "All"), *_choices(COST_WORDS.items())]
    wanted = enforcement_steps.StepFilters(**form.parts())
    page = enforcement_steps.search(wanted, asking(), page_number())
    return render_template("enforcement/index.html", form=form, page=page, kept=wanted.in_address())


def _choices(values: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in values]


@pages.get("/smartwater")
@permission(Permission.ENFORCE)
def marks() -> ResponseReturnValue:
    """Where SmartWater was put, and the form to add a mark."""
    return _show_marks(MarkForm(formdata=None))


@pages.post("/smartwater")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.ENFORCE)
def add_mark() -> ResponseReturnValue:
    """Add a mark, or say what is wrong with it."""
    form = MarkForm()
    if not _is_right(form):
        return _show_marks(form, 422)
    try:
        smartwater.add_mark(smartwater.Mark(**form.given()), asking())
    except Refused as refused:
        form.refuse(refused.errors)
        return _show_marks(form, 422)
    return redirect(url_for("enforcement.marks"), 303)


def _show_marks(form: MarkForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "enforcement/smartwater.html", form=form, marks=smartwater.open_marks(asking())
    ), status
