"""The action board: every open line over all audits, as a list, on the map of wards, and as a file."""

from collections.abc import Callable, Mapping
from typing import cast
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue

from webapp.extensions import clock
from webapp.forms.actions import BoardForm
from webapp.rules.clock import local_date
from webapp.rules.codes.actions import STATUSES
from webapp.rules.codes.agencies import AGENCIES
from webapp.rules.roles import Permission
from webapp.services import board, filters, sheets, wards
from webapp.services.board import Wanted
from webapp.views.access import asking, permission
from webapp.views.lists import choices, page_number
from webapp.views.map import SCRIPTS, STYLES

pages = Blueprint("board", __name__)

DUE_WORDS: Mapping[str, tuple[str, str, str]] = {
    "overdue": ("overdue", "act", "warning"),
    "week": ("due within 7 days", "soon", "clock"),
    "month": ("due within 30 days", "ok", "calendar"),
    "later": ("due later", "plain", "calendar"),
}
MAP_WORDS = {
    "title": "Map of open lines of action plans by ward",
    "counted": "The number on a ward: open lines of its action plans",
    "one": "open line",
    "many": "open lines",
    "many_here": "lines here, zoom in",
    "zoom_in": "Zoom in to see each line.",
    "points_failed": "The single lines could not be loaded. The table has the same figures.",
}


def _form() -> BoardForm:
    form = BoardForm(request.args)
    names = sorted(wards.in_use().names.items(), key=lambda item: item[1])
    form.ward.choices = choices("All wards", [(filters.NONE, "In no ward"), *names])
    agencies = [(code.value, code.label) for code in AGENCIES]
    form.agency.choices = choices("Anybody", [(filters.NONE, "Nobody yet"), *agencies])
    states = [(state, STATUSES.label(state)) for state in (*board.OPEN, board.TO_CHECK)]
    form.state.choices = choices("All that are open", states)
    form.due.choices = choices("Any day", [(due, words) for due, (words, *_) in DUE_WORDS.items()])
    return form


def _wanted(form: BoardForm) -> Wanted:
    return Wanted(**{name: form.value(name) for name in BoardForm.CHOICES}, page=page_number())


def _kept(wanted: Wanted) -> dict[str, str]:
    return {name: getattr(wanted, name) for name in BoardForm.CHOICES if getattr(wanted, name)}


@pages.get("/actions")
@permission(Permission.SEE_ACTIONS)
def show() -> ResponseReturnValue:
    """Every open line over all audits that this person may see, the most urgent first."""
    form = _form()
    wanted = _wanted(form)
    return render_template(
        "actions/board.html",
        form=form,
        wanted=wanted,
        kept=_kept(wanted),
        board=board.show(wanted, asking()),
        due_words=DUE_WORDS,
        to_check=board.TO_CHECK,
        sees_all=asking().may(Permission.SURVEY),
        may_plan=asking().may(Permission.PLAN_ACTIONS),
        today=local_date(clock.now()),
    )


@pages.get("/actions/map")
@permission(Permission.SEE_ACTIONS)
def ward_map() -> ResponseReturnValue:
    """The same lines on the map of wards, with the same numbers in a table."""
    wanted = _wanted(_form())
    counts = board.ward_counts(wanted, asking())
    asset, kept = current_app.extensions["assets"], _kept(wanted)
    drawn = wards.drawn_map(
        counts,
        points_url=f"{url_for('board.points')}?{urlencode(kept)}",
        styles=[asset(name) for name in STYLES],
        scripts=[asset(name) for name in SCRIPTS],
        nonce=cast(Callable[[], str], current_app.jinja_env.globals["csp_nonce"])(),
        labels=MAP_WORDS,
    )
    others = {name: value for name, value in kept.items() if name != "ward"}
    return render_template(
        "actions/map.html", counts=counts, drawn=drawn, kept=kept, others=others, ward_set=wards.in_use()
    )


@pages.get("/actions/points.json")
@permission(Permission.SEE_ACTIONS)
def points() -> ResponseReturnValue:
    """Where what the lines answer was seen, for the clusters of the map."""
    found = board.points(_wanted(_form()), asking())
    return jsonify(
        points=[
            [latitude, longitude, url_for("actions.line", action_id=action_id), words]
            for latitude, longitude, action_id, words in found
        ]
    )


@pages.get("/actions.csv")
@permission(Permission.SEE_ACTIONS)
def as_csv() -> ResponseReturnValue:
    """What the board shows as a file, narrowed by the same filters."""
    form = _form()
    if form.left_out():
        # The board says which filter makes no sense; a file would hold more than was asked for, and say nothing.
        return redirect(f"{url_for('board.show')}?{urlencode(request.args)}", 303)
    address = f"{current_app.config['BASE_URL']}{url_for('board.show')}"
    chunks = sheets.csv_chunks(board.rows(_wanted(form), asking(), address))
    answer = Response(stream_with_context(chunks), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"actions-{local_date(clock.now())}.csv")
    return answer
