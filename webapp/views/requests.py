"""What is asked of others: the list, one request with its answer, and a request that no observation led to."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import clock, csrf, db
from webapp.forms.base import ActionForm
from webapp.forms.requests import ANSWER_MOST, WORDS_MOST, AnswerForm, RequestFilterForm, RequestForm
from webapp.models.request import Request
from webapp.models.speed_site import SpeedSite
from webapp.rules import requests as rules
from webapp.rules.clock import local_date
from webapp.rules.codes.actions import REQUEST_KINDS, REQUEST_STATUSES
from webapp.rules.errors import Refused, Stale
from webapp.rules.roles import Permission
from webapp.services import requests, speed_sites
from webapp.services.site_requests import KIND as SITE
from webapp.views.access import asking, permission
from webapp.views.lists import choices, page_number

pages = Blueprint("requests", __name__, url_prefix="/requests")

CHANGED = "Somebody answered this while your page was open. Read their answer below, then send yours again."


@pages.get("")
@permission(Permission.SURVEY)
def index() -> ResponseReturnValue:
    """All requests, narrowed by the filters in the address."""
    form = RequestFilterForm(request.args)
    form.kind.choices = choices("Everything", ((code.value, code.label) for code in REQUEST_KINDS))
    form.state.choices = choices("All", ((code.value, code.label) for code in REQUEST_STATUSES))
    page = requests.listed(
        asking(),
        state=form.value("state"),
        kind=form.value("kind"),
        number=page_number(),
    )
    return render_template(
        "requests/index.html",
        form=form,
        page=page,
        kept={name: form.value(name) for name in form.CHOICES if form.value(name)},
        may_make=asking().may(Permission.PLAN_ACTIONS),
    )


@pages.route("/new", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.PLAN_ACTIONS)
def new() -> ResponseReturnValue:
    """Make a request that no observation led to."""
    form = RequestForm()
    if request.method == "POST" and form.validate():
        answers = (form.kind.data or "", form.words.data or "", form.ward_code.data or None, form.agency.data)
        try:
            made = requests.make(*answers, asking())
            return redirect(url_for("requests.show", request_id=made.id), 303)
        except Refused as refused:
            form.refuse(refused.errors)
    refused_now = bool(form.error_list() or form.form_errors)
    page = render_template("requests/new.html", form=form, words_most=WORDS_MOST)
    return page, 422 if refused_now else 200


@pages.get("/<int:request_id>")
@permission(Permission.SURVEY)
def show(request_id: int) -> ResponseReturnValue:
    """One request: what was observed, what became of it, and for officers the answer."""
    return _page(requests.find(request_id, asking()), AnswerForm(formdata=None))


@pages.post("/<int:request_id>")
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.PLAN_ACTIONS)
def answer(request_id: int) -> ResponseReturnValue:
    """Take it up, close it, decline it or open it again."""
    found, form = requests.find(request_id, asking()), AnswerForm()
    if not form.validate():
        return _page(found, form, 422)
    status, seen = request.form.get("status", ""), form.seen.data or ""
    try:
        requests.answer(request_id, status, form.words.data or "", asking(), seen)
    except Refused as refused:
        form.refuse(refused.errors)
        return _page(found, form, 422)
    except Stale:
        db.session.refresh(found)
        form.seen.data = requests.mark(found)
        form.form_errors.append(CHANGED)
        return _page(found, form, 409)
    return redirect(url_for("requests.show", request_id=request_id), 303)


def _site_of(found: Request) -> SpeedSite | None:
    """Return the site that a request became, for who may see it."""
    site = speed_sites.of_request(found.id) if found.kind == SITE else None
    is_seen = site is not None and (site.status == "approved" or speed_sites.sees_all(asking()))
    return site if is_seen else None


def _page(found: Request, form: AnswerForm, status: int = 200) -> ResponseReturnValue:
    asked = requests.source_of(found)
    form.seen.data = form.seen.data or requests.mark(found)
    page = render_template(
        "requests/show.html",
        asked=asked,
        form=form,
        steps=rules.steps_of(found.status) if asking().may(Permission.PLAN_ACTIONS) else (),
        lines=requests.open_lines(found.observation_id),
        history=requests.history_of(asked),
        answer_most=ANSWER_MOST,
        site=_site_of(found),
        may_make_site=found.kind == SITE
        and found.status in requests.OPEN
        and asking().may(Permission.APPROVE_SITES),
        button=ActionForm(formdata=None),
        today=local_date(clock.now()),
    )
    return page, status
