"""An audit's action plan as officers write it, and what they note when it is agreed, told, finished."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from webapp.extensions import clock, csrf, db
from webapp.forms.actions import EvaMoveForm, LineForm, TogetherForm
from webapp.models.eva import Eva
from webapp.rules import eva_moves as moves
from webapp.rules.clock import local_date
from webapp.rules.errors import Refused, Stale
from webapp.rules.eva_moves import EvaMove, Need
from webapp.rules.roles import Permission
from webapp.services import actions, audits, eva_moves, history, lines, observation
from webapp.services.actions import Planned
from webapp.views import eva as eva_pages
from webapp.views.access import asking, permission

pages = Blueprint("plans", __name__)

CHANGED = (
    "Somebody changed this line while your page was open. Read what changed below, then send yours again."
)
NOTED = (
    "Somebody noted something of this audit while your page was open. Read it below, then send yours again."
)
EACH = "each"


@pages.post("/eva/<reference>/actions/together")
@permission(Permission.PLAN_ACTIONS)
def together(reference: str) -> ResponseReturnValue:
    """Make one line of the ticked observations, or a line of each."""
    audits.find(reference, asking())
    form = TogetherForm()
    each = form.do.data == EACH
    try:
        made = actions.make_of(reference, form.observations.ids, asking(), each=each)
    except Refused as refused:
        form.refuse(refused.errors)
        return eva_pages.page_of(reference, form, 422)
    if each or len(made) != 1:
        flash(f"{len(made)} {'line is' if len(made) == 1 else 'lines are'} in the plan.", "success")
        return redirect(url_for("eva.show", reference=reference, _anchor="plan"), 303)
    return redirect(url_for("plans.edit", action_id=made[0].id), 303)


@pages.get("/eva/<reference>/actions/new")
@permission(Permission.PLAN_ACTIONS)
def new(reference: str) -> ResponseReturnValue:
    """A new line, with what it proposes about the observations that the address names."""
    eva = audits.find(reference, asking())
    ids = _ids(request.args.getlist("observation"))
    chosen = lines.observations_of(db.session, eva.id, ids)
    given = actions.proposed(chosen, local_date(clock.now())) if chosen else None
    return _show(eva, _filled(given))


def _ids(values: Sequence[str]) -> list[UUID]:
    form = TogetherForm(formdata=None)
    form.observations.data = list(values)
    return form.observations.ids


def _filled(given: Planned | None) -> LineForm:
    form = LineForm(formdata=None)
    form.capture_id.data, form.priority.data = str(uuid4()), "medium"
    if given is not None:
        for name in ("text", "owner_agency", "owner_role", "priority", "funding"):
            form[name].data = getattr(given, name)
        form.observations.data = [str(one) for one in given.observations]
        if given.by_when is not None:
            form.by_when.fill(given.by_when)
    return form


@pages.post("/eva/<reference>/actions/new")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.PLAN_ACTIONS)
def add(reference: str) -> ResponseReturnValue:
    """Add a line, or say what it lacks."""
    eva, form = audits.find(reference, asking()), LineForm()
    capture_id = _own_id(form)
    if not _is_good(form, None):
        return _show(eva, form, 422)
    try:
        line = actions.add(reference, Planned(**form.given()), asking(), capture_id)
    except Refused as refused:
        form.refuse(refused.errors)
        return _show(eva, form, 422)
    return redirect(url_for("actions.line", action_id=line.id), 303)


def _own_id(form: LineForm) -> UUID:
    capture_id = form.capture_id.uuid or uuid4()
    form.capture_id.data = str(capture_id)
    return capture_id


def _is_good(form: LineForm, line: Any) -> bool:
    """Return whether the form is well formed and says what a line must, told in one round."""
    is_valid = form.validate()
    found = actions.problems(Planned(**form.given()), local_date(clock.now()), line)
    form.refuse_too(found)
    return is_valid and not form.error_list()


def _show(eva: Eva, form: LineForm, status: int = 200, **more: Any) -> ResponseReturnValue:
    choices = [
        SelectChoice(str(one.id), f"{one.number}. {observation.what(one)}")
        for one in actions.to_choose_from(eva)
    ]
    form.observations.choices = choices
    page = render_template(
        "actions/edit.html", eva=eva, form=form, today=local_date(clock.now()), **{"action": None, **more}
    )
    return page, status


@pages.route("/actions/<int:action_id>/edit", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.PLAN_ACTIONS)
def edit(action_id: int) -> ResponseReturnValue:
    """Change what a line says; with other words, another owner or date it has to be agreed again."""
    action = lines.find(action_id, asking())
    whole = lines.everything(action)
    if request.method == "GET":
        form = _filled(actions.planned(action, whole.observations))
        form.seen.data = str(whole.newest)
        return _show(whole.eva, form, action=action)
    form = LineForm()
    capture_id = _own_id(form)
    if not _is_good(form, action):
        return _show(whole.eva, form, 422, action=action)
    try:
        actions.edit(action_id, Planned(**form.given()), form.newest, asking(), capture_id)
    except Refused as refused:
        form.refuse(refused.errors)
        return _show(whole.eva, form, 422, action=action)
    except Stale:
        db.session.refresh(action)
        changed = lines.since(db.session, action_id, form.newest, lines.CHANGES_NOTHING)
        form.seen.data = str(lines.newest(action_id))
        form.form_errors.append(CHANGED)
        return _show(whole.eva, form, 409, action=action, changed=changed)
    return redirect(url_for("actions.line", action_id=action_id), 303)


def _move(name: str) -> EvaMove:
    wanted = moves.BY_NAME.get(name)
    return wanted if wanted is not None else abort(404)


@pages.get("/eva/<reference>/moves/<name>")
@permission(Permission.PLAN_ACTIONS)
def ask(reference: str, name: str) -> ResponseReturnValue:
    """What one note about an audit needs, to be filled in."""
    wanted, eva = _move(name), audits.find(reference, asking())
    if eva.status not in wanted.before:
        return redirect(url_for("eva.show", reference=reference), 303)
    form = EvaMoveForm(formdata=None).keep_only(wanted.needs)
    if Need.PAST_DAY in wanted.needs:
        form.day.fill(local_date(clock.now()))
    return _show_move(eva, wanted, form)


@pages.post("/eva/<reference>/moves/<name>")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.PLAN_ACTIONS)
def move(reference: str, name: str) -> ResponseReturnValue:
    """Note one thing of an audit, or say what it lacks."""
    wanted, eva = _move(name), audits.find(reference, asking())
    form = EvaMoveForm().keep_only(wanted.needs)
    if not form.validate():
        return _show_move(eva, wanted, form, 422)
    day = form.day.data if "day" in form else None
    reason = (form.reason.data or "") if "reason" in form else ""
    try:
        eva_moves.move(reference, name, eva_moves.Given(form.newest, day, reason), asking())
    except Refused as refused:
        form.refuse(refused.errors)
        return _show_move(eva, wanted, form, 422)
    except Stale:
        db.session.refresh(eva)
        changed = history.since(db.session, eva, form.newest, moves.ACTIONS)
        form.seen.data = str(history.newest(eva))
        form.form_errors.append(NOTED)
        return _show_move(eva, wanted, form, 409, changed=changed)
    return redirect(url_for("eva.show", reference=reference, _anchor="sign-off"), 303)


def _show_move(
    eva: Eva, wanted: EvaMove, form: EvaMoveForm, status: int = 200, **more: Any
) -> ResponseReturnValue:
    form.seen.data = form.seen.data or str(history.newest(eva))
    if "day" in form:
        form.day.label.text = wanted.day_asked
    page = render_template("actions/eva_move.html", eva=eva, move=wanted, form=form, **more)
    return page, status
