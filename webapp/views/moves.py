"""Moving a record from state to state: a page for each move, and one to decide again whose land it is."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import clock, csrf, db
from webapp.forms.moves import LandForm, MoveForm, SeenForm
from webapp.models.fly_tipping import FlyTip
from webapp.rules import lifecycle as rules
from webapp.rules.clock import local_date
from webapp.rules.codes.danger import QUESTIONS
from webapp.rules.errors import Full, Refused, Stale
from webapp.rules.lifecycle import Move
from webapp.rules.roles import Permission
from webapp.services import history, land, lifecycle, media, records
from webapp.views.access import asking, permission

pages = Blueprint("moves", __name__, url_prefix="/records/<reference>")

WAIT_S = 600
NO_ROOM = "We cannot keep anything more safely just now. Wait ten minutes, then try again."
CHANGED = (
    "Somebody changed this record while your page was open. Read what changed below, then send yours again."
)


def _tip(reference: str) -> FlyTip:
    record = records.find(reference, asking())
    if not isinstance(record, FlyTip):
        abort(404)
    return record


def _move(name: str) -> Move:
    step = rules.BY_NAME.get(name)
    if step is None or not asking().may(step.permission):
        abort(404)
    return step


@pages.get("/moves/<name>")
@permission(Permission.SEE_RECORDS)
def ask(reference: str, name: str) -> ResponseReturnValue:
    """What one move needs, to be filled in."""
    step, tip = _move(name), _tip(reference)
    form = MoveForm(formdata=None, data=_known(tip)).keep_only(step.needs)
    if tip.status not in step.before:
        return redirect(url_for("records.show", reference=reference), 303)
    return _show(tip, step, form)


def _known(tip: FlyTip) -> Mapping[str, Any]:
    """Return what the record says already, so that nobody types it again."""
    decided = next((decision for decision, _ in land.decisions_of(tip)), None)
    return {
        "main_waste": tip.main_waste,
        "size": tip.size,
        "crew": tip.crew,
        "land_type": tip.land_type,
        "ownership": decided.ownership if decided else None,
        "responsible_body": None if decided is None or decided.is_body_by_rule else tip.responsible_body,
        "source": decided.source if decided else None,
        "confidence": decided.confidence if decided else None,
        "show_photos": True,
    }


@pages.post("/moves/<name>")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.SEE_RECORDS)
def make(reference: str, name: str) -> ResponseReturnValue:
    """Make one move, or say what it lacks."""
    step, tip = _move(name), _tip(reference)
    form = MoveForm().keep_only(step.needs)
    if not media.has_room():
        return _no_room(tip, step, form)
    is_valid = form.validate()
    form.check_dangers()
    if not is_valid or form.error_list():
        return _refused(tip, step, form)
    decided = land.Land(**form.land_answers()) if "land_type" in form else None
    given = lifecycle.Given(seen=form.newest, land=decided, dangers=form.dangers(), **form.given())
    try:
        lifecycle.move(reference, name, given, asking())
    except Refused as refused:
        form.refuse(refused.errors)
        return _refused(tip, step, form)
    except Stale:
        return _stale(tip, form, step)
    except Full:
        return _no_room(tip, step, form)
    return redirect(url_for("records.show", reference=reference), 303)


def _refused(tip: FlyTip, step: Move, form: MoveForm) -> ResponseReturnValue:
    if "cleared_on" in form and form.cleared_on.data and not form.cleared_on.errors:
        problem = lifecycle.day_problem(form.cleared_on.data, tip, local_date(clock.now()))
        form.refuse({"cleared_on": problem} if problem else {})
    is_too_large = "photos" in form and form.photos.is_too_large
    return _show(tip, step, form, 413 if is_too_large else 422)


def _no_room(tip: FlyTip, step: Move, form: MoveForm) -> ResponseReturnValue:
    form.form_errors.append(NO_ROOM)
    answer = make_response(_show(tip, step, form, 503))
    answer.headers["Retry-After"] = str(WAIT_S)
    return answer


def _show(tip: FlyTip, step: Move, form: MoveForm, status: int = 200, **more: object) -> ResponseReturnValue:
    if status != 409:
        form.seen.data = form.seen.data or str(history.newest(tip))
    page = render_template(
        "moves/move.html",
        record=tip,
        step=step,
        form=form,
        questions=QUESTIONS,
        waiting=lifecycle.waiting_photos(tip),
        may_release=asking().may(Permission.RELEASE),
        today=local_date(clock.now()),
        **more,
    )
    return page, status


def _stale(tip: FlyTip, form: SeenForm, step: Move | None = None) -> ResponseReturnValue:
    """Show what changed since the page was made; sent once more, the page knows it."""
    db.session.refresh(tip)
    changed = history.since(db.session, tip, form.newest)
    form.seen.data = str(history.newest(tip))
    form.form_errors.append(CHANGED)
    if step is None:
        return _show_land(tip, form, 409, changed=changed)
    return _show(tip, step, form, 409, changed=changed)


@pages.get("/land")
@permission(Permission.TRIAGE)
def ask_land(reference: str) -> ResponseReturnValue:
    """Whose land it is, to be decided again; each decision before stays below."""
    tip = _tip(reference)
    return _show_land(tip, LandForm(formdata=None, data=_known(tip)))


@pages.post("/land")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.TRIAGE)
def decide_land(reference: str) -> ResponseReturnValue:
    """Decide whose land it is."""
    tip, form = _tip(reference), LandForm()
    if not form.validate():
        return _show_land(tip, form, 422)
    try:
        land.decide_again(reference, land.Land(**form.land_answers()), form.newest, asking())
    except Stale:
        return _stale(tip, form)
    return redirect(url_for("records.show", reference=reference), 303)


def _show_land(tip: FlyTip, form: SeenForm, status: int = 200, **more: object) -> ResponseReturnValue:
    if status != 409:
        form.seen.data = form.seen.data or str(history.newest(tip))
    page = render_template(
        "moves/land.html",
        record=tip,
        form=form,
        decisions=land.decisions_of(tip),
        today=local_date(clock.now()),
        **more,
    )
    return page, status
