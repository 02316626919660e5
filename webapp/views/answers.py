"""An agency without an account answers for one line of a plan, behind a link that only it has, once."""

from uuid import UUID, uuid4

from flask import Blueprint, abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from webapp.extensions import clock, csrf
from webapp.forms.actions import AnswerForm
from webapp.rules.clock import local_date
from webapp.rules.errors import Full, Refused
from webapp.rules.roles import Permission
from webapp.services import action_links, action_log, media, places
from webapp.services.action_links import LinkGone
from webapp.services.action_steps import Given
from webapp.services.lines import Line
from webapp.views import limits
from webapp.views import photos as photo_views
from webapp.views.access import permission

pages = Blueprint("answers", __name__, url_prefix="/actions")

WAIT_S, LIMIT_S = 600, 3600
NO_ROOM = "We cannot keep anything more safely just now. Wait ten minutes, then send this again."
TOO_MANY = "Very much has been sent from your connection. Wait an hour, then send this again."
WORDS = {
    "agree": "Yes, we will do it",
    "begin": "We have begun",
    "complete": "It is done",
    "refuse": "It cannot be done",
}


@pages.errorhandler(LinkGone)
def gone(problem: LinkGone) -> ResponseReturnValue:
    """Say in words why a link answers nothing."""
    return render_template("actions/link_gone.html", why=problem.why), 404


@pages.get("/answered")
@permission(Permission.ANYONE)
def answered() -> ResponseReturnValue:
    """Thank you: the answer stands in the plan."""
    return render_template("actions/answered.html")


@pages.get("/answer/<token>")
@permission(Permission.ANYONE)
def show(token: str) -> ResponseReturnValue:
    """One line, for the agency that is asked to do it."""
    line, form = action_links.behind(token), AnswerForm(formdata=None)
    form.capture_id.data = str(uuid4())
    return _show(token, line, form)


def _show(token: str, line: Line, form: AnswerForm, status: int = 200) -> ResponseReturnValue:
    _offer(form, line)
    page = render_template(
        "actions/answer.html",
        token=token,
        line=line,
        action=line.action,
        eva=line.eva,
        points=places.points_of(line.observations),
        form=form,
        waiting=action_log.waiting_photos(form.capture_id.uuid),
        today=local_date(clock.now()),
    )
    return page, status


def _offer(form: AnswerForm, line: Line) -> None:
    steps = action_links.answers_for(line.action.status)
    form.answer.choices = [SelectChoice(step.name, WORDS[step.name]) for step in steps]


@pages.post("/answer/<token>")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.ANYONE)
def answer(token: str) -> ResponseReturnValue:
    """Take the answer, or say what it lacks."""
    form = AnswerForm()
    capture_id = form.capture_id.uuid or uuid4()
    form.capture_id.data = str(capture_id)
    if action_links.was_sent(token, capture_id):
        return redirect(url_for("answers.answered"), 303)
    line = action_links.behind(token)
    _offer(form, line)
    if not limits.may_add():
        return _come_back(token, line, form, TOO_MANY, 429, LIMIT_S)
    if not media.has_room():
        return _come_back(token, line, form, NO_ROOM, 503, WAIT_S)
    is_valid = form.validate()
    try:
        if form.photos.data:
            action_links.keep_photos(token, capture_id, form.photos.data)
        if is_valid and not form.error_list():
            given = Given(capture_id, words=form.words.data or "", day=form.day.data)
            action_links.answer(token, form.answer.data, given)
            return redirect(url_for("answers.answered"), 303)
    except Refused as refused:
        form.refuse(refused.errors)
    except Full:
        return _come_back(token, line, form, NO_ROOM, 503, WAIT_S)
    return _show(token, action_links.behind(token), form, 413 if form.photos.is_too_large else 422)


def _come_back(
    token: str, line: Line, form: AnswerForm, sentence: str, status: int, wait_s: int
) -> ResponseReturnValue:
    form.form_errors.append(sentence)
    answer = make_response(_show(token, line, form, status))
    answer.headers["Retry-After"] = str(wait_s)
    return answer


@pages.get("/answer/<token>/photos/<uuid:photo_id>/<size>")
@permission(Permission.ANYONE)
def photo(token: str, photo_id: UUID, size: str) -> ResponseReturnValue:
    """A photo of what the line answers, as long as the link can be answered by."""
    if size not in photo_views.SIZES:
        abort(404)
    return photo_views.answer(action_links.photo_behind(token, photo_id), size)
