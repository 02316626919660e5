"""One line of a plan: what it answers, its log, its steps, and the link to its agency."""

from uuid import uuid4

from flask import (
    Blueprint,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue

from webapp.extensions import clock, csrf, db
from webapp.forms.actions import LinkForm, StepForm
from webapp.models.action import Action
from webapp.rules import actions as rules
from webapp.rules.actions import Need, Step
from webapp.rules.clock import local_date
from webapp.rules.codes.actions import STATUSES
from webapp.rules.errors import Full, Refused, Stale
from webapp.rules.roles import Permission
from webapp.services import (
    action_links,
    action_log,
    action_steps,
    lines,
    media,
    places,
    ties,
)
from webapp.views.access import asking, permission

pages = Blueprint("actions", __name__, url_prefix="/actions/<int:action_id>")

WAIT_S = 600
NO_ROOM = "We cannot keep anything more safely just now. Wait ten minutes, then try again."
CHANGED = (
    "Somebody changed this line while your page was open. Read what changed below, then send yours again."
)
# Steps whose photos are of the place, to be laid beside the one from before.
SHOW_THE_PLACE = ("begin", "complete", "verify", "send_back", action_steps.NOTE)
# What is no step of the table: words or photos, and the line stays as it is.
NOTE = Step(action_steps.NOTE, "Write a note", frozenset(STATUSES.values), "", Permission.SEE_ACTIONS)


@pages.get("")
@permission(Permission.SEE_ACTIONS)
def line(action_id: int) -> ResponseReturnValue:
    """One line with what it answers, its photos before and after, and its log."""
    return _line(lines.find(action_id, asking()), _link_form())


def _link_form() -> LinkForm:
    form = LinkForm(formdata=None)
    form.link_id.data = str(uuid4())
    return form


def _line(action: Action, form: LinkForm, status: int = 200) -> ResponseReturnValue:
    person, today = asking(), local_date(clock.now())
    found = lines.everything(action)
    steps = rules.steps_of(action.status, person, action.owner_agency, action.completed_by_id)
    page = render_template(
        "actions/line.html",
        line=found,
        action=action,
        eva=found.eva,
        points=places.points_of(found.observations),
        steps=steps,
        next_step=next((step for step in steps if step.name == rules.NEXT.get(action.status)), None),
        ties=ties.still_open(found.observations, person),
        links=action_links.sent_of(action, person),
        form=form,
        is_open=action.status in rules.OPEN,
        is_overdue=rules.is_overdue(action.status, action.by_when, today),
        is_far=action.status in rules.OPEN and rules.is_far(action.by_when, today),
        may_plan=person.may(Permission.PLAN_ACTIONS),
        sees_audits=person.may(Permission.SURVEY),
        today=today,
        now=clock.now(),
    )
    return page, status


def _step(name: str) -> Step:
    step = NOTE if name == NOTE.name else rules.BY_NAME.get(name)
    if step is None or not asking().may(step.permission):
        abort(404)
    return step


@pages.get("/steps/<name>")
@permission(Permission.SEE_ACTIONS)
def ask(action_id: int, name: str) -> ResponseReturnValue:
    """What one step needs, to be filled in."""
    step, action = _step(name), lines.find(action_id, asking())
    if action.status not in step.before:
        return redirect(url_for("actions.line", action_id=action_id), 303)
    form = _step_form(step, StepForm(formdata=None))
    form.capture_id.data = str(uuid4())
    if step.name == "agree":
        form.day.fill(local_date(clock.now()))
    return _show(action, step, form)


def _step_form(step: Step, form: StepForm) -> StepForm:
    form.keep_only(step.needs, asks_day=step.name == "agree")
    if step.name == "agree":
        form.day.label.text = "When did they agree?"
    form.words.label.text = "Why?" if Need.REASON in step.needs else "What is there to say?"
    return form


@pages.post("/steps/<name>")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.SEE_ACTIONS)
def take(action_id: int, name: str) -> ResponseReturnValue:
    """Take one step, or say what it lacks."""
    step, action = _step(name), lines.find(action_id, asking())
    form = _step_form(step, StepForm())
    capture_id = form.capture_id.uuid or uuid4()
    form.capture_id.data = str(capture_id)
    if not media.has_room():
        return _no_room(action, step, form)
    is_valid = form.validate()
    try:
        if form.photos.data:
            action_log.keep_photos(capture_id, form.photos.data, asking())
        given = action_steps.Given(capture_id, form.newest, **form.given())
        if not is_valid or form.error_list():
            form.refuse_too(action_steps.problems(action, step, given, asking()))
            return _refused(action, step, form)
        if step is NOTE:
            action_steps.note(action_id, given, asking())
        else:
            action_steps.take(action_id, name, given, asking())
    except Refused as refused:
        form.refuse(refused.errors)
        return _refused(action, step, form)
    except Stale:
        return _stale(action, step, form)
    except Full:
        return _no_room(action, step, form)
    if action.owner_agency != asking().agency and not asking().may(Permission.SURVEY):
        return redirect(url_for("board.show"), 303)
    return redirect(url_for("actions.line", action_id=action_id), 303)


def _refused(action: Action, step: Step, form: StepForm) -> ResponseReturnValue:
    return _show(action, step, form, 413 if form.photos.is_too_large else 422)


def _no_room(action: Action, step: Step, form: StepForm) -> ResponseReturnValue:
    form.form_errors.append(NO_ROOM)
    answer = make_response(_show(action, step, form, 503))
    answer.headers["Retry-After"] = str(WAIT_S)
    return answer


def _stale(action: Action, step: Step, form: StepForm) -> ResponseReturnValue:
    """Show what changed since the page was made; sent once more, the page knows it."""
    db.session.refresh(action)
    changed = lines.since(db.session, action.id, form.newest, lines.CHANGES_NOTHING)
    form.seen.data = str(lines.newest(action.id))
    form.form_errors.append(CHANGED)
    return _show(action, step, form, 409, changed=changed)


def _show(
    action: Action, step: Step, form: StepForm, status: int = 200, **more: object
) -> ResponseReturnValue:
    form.seen.data = form.seen.data or str(lines.newest(action.id))
    page = render_template(
        "actions/step.html",
        action=action,
        eva=lines.eva_of(action),
        step=step,
        form=form,
        is_note=step is NOTE,
        shows_place=step.name in SHOW_THE_PLACE,
        needs_words=Need.REASON in step.needs,
        waiting=action_log.waiting_photos(form.capture_id.uuid),
        today=local_date(clock.now()),
        **more,
    )
    return page, status


@pages.post("/link")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.PLAN_ACTIONS)
def send_link(action_id: int) -> ResponseReturnValue:
    """Send an agency a link by which it answers for this line once, and show the link this once."""
    action, form = lines.find(action_id, asking()), LinkForm()
    link_id = form.link_id.uuid or uuid4()
    form.link_id.data = str(link_id)
    if not form.validate():
        return _line(action, form, 422)
    try:
        link, token = action_links.send(action_id, form.email.data or "", link_id, asking())
    except Refused as refused:
        form.refuse(refused.errors)
        return _line(action, form, 422)
    address = f"{current_app.config['BASE_URL']}{url_for('answers.show', token=token)}"
    return render_template(
        "actions/link.html", action=action, eva=lines.eva_of(action), link=link, address=address
    )
