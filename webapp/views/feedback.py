"""After the end: the question how satisfied a reporter is, asking to look again, and how officers settle that.

Only what a person sends from our own page changes anything: mail scanners may open every link as often as they like.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import csrf, db
from webapp.forms.feedback import ANSWER_MOST, WORDS_MOST, LookAgainForm, SatisfactionForm, SettleForm
from webapp.rules.errors import Refused, Stale
from webapp.rules.roles import Permission
from webapp.services import feedback, history, reporters, tracking
from webapp.services.feedback import Waiting
from webapp.views import limits
from webapp.views.access import asking, permission
from webapp.views.moves import CHANGED
from webapp.views.track import LIMIT_S, TOO_MANY

pages = Blueprint("feedback", __name__)


@pages.get("/track/<token>/satisfied")
@permission(Permission.ANYONE)
def ask(token: str) -> ResponseReturnValue:
    """The question; or thanks with what was answered; or that it is not finished yet."""
    return _question(token, SatisfactionForm(formdata=None))


@pages.post("/track/<token>/satisfied")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.ANYONE)
def answer(token: str) -> ResponseReturnValue:
    """Keep the answer, once."""
    tracking.find_report(token)
    form = SatisfactionForm()
    if form.validate():
        try:
            feedback.answer(token, form.answer.data or "")
            return redirect(url_for("feedback.ask", token=token), 303)
        except Refused as refused:
            form.refuse(refused.errors)
    return _question(token, form, 422)


def _question(token: str, form: SatisfactionForm, status: int = 200) -> ResponseReturnValue:
    again = LookAgainForm(formdata=None)
    return _page("feedback/question.html", token, again, form=form), status


def _page(template: str, token: str, again: LookAgainForm, **more: object) -> str:
    tracked = reporters.tracked(token)
    said = feedback.said_of(tracked.report)
    return render_template(
        template, token=token, tracked=tracked, said=said, again=again, words_most=WORDS_MOST, **more
    )


@pages.get("/track/<token>/look-again")
@permission(Permission.ANYONE)
def ask_again(token: str) -> ResponseReturnValue:
    """A page to ask that somebody looks again, and what became of asking before."""
    return _look_again(token, LookAgainForm(formdata=None))


@pages.post("/track/<token>/look-again")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.ANYONE)
def look_again(token: str) -> ResponseReturnValue:
    """Keep a request to look again."""
    tracking.find_report(token)
    form = LookAgainForm()
    if not form.validate():
        return _look_again(token, form, 422)
    if not limits.may_add():
        form.form_errors.append(TOO_MANY)
        page, status = _look_again(token, form, 429)
        return page, status, {"Retry-After": str(LIMIT_S)}
    try:
        feedback.ask_again(token, form.words.data or "")
    except Refused as refused:
        form.refuse(refused.errors)
        return _look_again(token, form, 422)
    return redirect(url_for("track.show", token=token, _anchor="look-again"), 303)


def _look_again(token: str, form: LookAgainForm, status: int = 200) -> tuple[str, int]:
    return _page("feedback/look_again.html", token, form), status


@pages.get("/look-again/<int:request_id>")
@permission(Permission.TRIAGE)
def show(request_id: int) -> ResponseReturnValue:
    """One request to look again, for an officer to settle."""
    return _settling(feedback.find_request(request_id, asking()), SettleForm(formdata=None))


@pages.post("/look-again/<int:request_id>")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.TRIAGE)
def settle(request_id: int) -> ResponseReturnValue:
    """Open the record again, or answer why it stays finished."""
    waiting, form = feedback.find_request(request_id, asking()), SettleForm()
    if not form.validate():
        return _settling(waiting, form, 422)
    act = feedback.grant if request.form.get("do") == "open" else feedback.keep_finished
    try:
        act(request_id, form.answer.data or "", form.newest, asking())
    except Refused as refused:
        form.refuse(refused.errors)
        return _settling(feedback.find_request(request_id, asking()), form, 422)
    except Stale:
        return _stale(feedback.find_request(request_id, asking()), form)
    return redirect(url_for("records.show", reference=waiting.record.reference), 303)


def _stale(waiting: Waiting, form: SettleForm) -> ResponseReturnValue:
    db.session.refresh(waiting.record)
    changed = history.since(db.session, waiting.record, form.newest)
    form.seen.data = str(history.newest(waiting.record))
    form.form_errors.append(CHANGED)
    return _settling(waiting, form, 409, changed=changed)


def _settling(waiting: Waiting, form: SettleForm, status: int = 200, **more: object) -> ResponseReturnValue:
    form.seen.data = form.seen.data or str(history.newest(waiting.record))
    page = render_template(
        "feedback/settle.html",
        request=waiting.request,
        record=waiting.record,
        form=form,
        answer_most=ANSWER_MOST,
        **more,
    )
    return page, status
