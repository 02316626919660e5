"""Speed-watch sites: the list with its map, one site, asking for one, and what officers do with it."""

from collections.abc import Callable
from datetime import date
from typing import Any, cast
from uuid import UUID, uuid4

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect

from webapp.extensions import clock, csrf, db
from webapp.forms.base import ActionForm
from webapp.forms.speed_sites import (
    NOTES_MOST,
    REASON_MOST,
    WHY_MOST,
    SiteFilterForm,
    SiteForm,
    SiteRequestForm,
)
from webapp.models.speed_site import SpeedSite
from webapp.rules import site_moves as rules
from webapp.rules.clock import local_date, year_before
from webapp.rules.codes import speed_watch as codes
from webapp.rules.errors import Clash, NotFound, Refused, Stale
from webapp.rules.roles import Permission
from webapp.rules.site_moves import Need, SiteMove
from webapp.services import (
    pact_areas,
    places,
    site_drawing,
    site_moves,
    site_requests,
    speed_figures,
    speed_results,
    speed_sites,
    wards,
)
from webapp.services import requests as asked_of_others
from webapp.views import limits
from webapp.views.access import asking, permission
from webapp.views.lists import choices, page_number

pages = Blueprint("speed_sites", __name__, url_prefix="/speed-watch/sites")

STYLES = ("vendor/leaflet.css", "vendor/leaflet.markercluster.css")
SCRIPTS = ("vendor/leaflet.js", "vendor/leaflet.markercluster.js")
WAIT_S = 600
REVIEWS = {speed_sites.LAPSED: "Run out", speed_sites.DUE: "Run out, or due within 60 days"}
# Nothing was found where nobody may have stood yet.
TOO_MANY = "We have had very many requests from your connection. Wait ten minutes, then send this one again."
USED = "This page was used before. What you asked for then is kept as {code}. Send it again to ask for one site more."
CHANGED = (
    "Somebody changed this site while your page was open. Read what changed below, then send yours again."
)


def _today() -> date:
    return local_date(clock.now())


@pages.get("")
@permission(Permission.ANYONE)
def index() -> ResponseReturnValue:
    """The sites that somebody may see, narrowed by the filters in the address, as a list and on the map."""
    person, form = asking(), SiteFilterForm(request.args)
    form.status.choices = choices("All", ((code.value, code.label) for code in codes.SITE_STATUSES))
    form.limit.choices = choices("All", ((code.value, code.label) for code in codes.LIMITS))
    in_order = sorted(wards.in_use().names.items(), key=lambda item: item[1])
    form.ward.choices = choices("All", (*in_order, (speed_sites.NO_WARD, "In none of our wards")))
    form.review.choices = choices("All", REVIEWS.items())
    form.show.choices = choices("What was found", (("state", "Limit and state"),))
    sees_all, limit = speed_sites.sees_all(person), form.value("limit")
    wanted = speed_sites.Wanted(
        status=form.value("status") if sees_all else None,
        limit=int(limit) if limit else None,
        ward=form.value("ward"),
        review=form.value("review") if sees_all else None,
    )
    page = speed_sites.listed(wanted, person, _today(), page_number())
    results = speed_figures.by_site(year_before(_today()))
    asset = current_app.extensions["assets"]
    return render_template(
        "speed_sites/index.html",
        form=form,
        page=page,
        kept={name: form.value(name) for name in form.CHOICES if form.value(name)},
        sees_all=sees_all,
        results=results,
        problems={site.code: speed_sites.problems(site, _today()) for site in page.sites},
        ward_set=wards.in_use(),
        drawn=site_drawing.drawn(
            page.sites,
            lambda code: url_for("speed_sites.show", code=code),
            None if form.value("show") == "state" else results,
            styles=[asset(name) for name in STYLES],
            scripts=[asset(name) for name in SCRIPTS],
            nonce=cast(Callable[[], str], current_app.jinja_env.globals["csp_nonce"])(),
        ),
    )


@pages.route("/ask", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.ANYONE)
def ask() -> ResponseReturnValue:
    """Ask for a site: anybody may, without an account."""
    form = SiteRequestForm()
    form.site_id.data = str(form.site_id.uuid or uuid4())
    if request.method == "GET":
        form.pact.data = request.args.get("pact", "")
        return _asked(form)
    if not limits.may_submit():
        form.form_errors.append(TOO_MANY)
        answer = make_response(_asked(form, 429))
        answer.headers["Retry-After"] = str(WAIT_S)
        return answer
    is_valid, wish = form.validate(), _wish(form)
    if not is_valid or form.error_list():
        form.refuse_too(site_requests.problems(wish))
        return _asked(form, 422)
    try:
        site = site_requests.ask(wish, asking())
    except Refused as refused:
        form.refuse(refused.errors)
        return _asked(form, 422)
    except Clash as clash:
        form.site_id.data = str(uuid4())
        form.form_errors.append(USED.format(code=clash.reference))
        return _asked(form, 409)
    return redirect(url_for("speed_sites.asked", site_id=site.id), 303)


def _wish(form: SiteRequestForm) -> site_requests.Wish:
    return site_requests.Wish(
        id=UUID(form.site_id.data),
        place=form.place(),
        road=form.road.data or "",
        limit_mph=form.limit,
        why=form.why.data or "",
        pact_area_id=form.pact_area_id,
    )


def _asked(form: SiteRequestForm, status: int = 200) -> ResponseReturnValue:
    try:
        area = pact_areas.find(form.pact_area_id) if form.pact_area_id is not None else None
    except NotFound:
        area = None
    return render_template("speed_sites/ask.html", form=form, area=area, why_most=WHY_MOST), status


@pages.get("/asked/<uuid:site_id>")
@permission(Permission.ANYONE)
def asked(site_id: UUID) -> ResponseReturnValue:
    """What somebody asked for, how it stands, and what happens next; for whoever has the link."""
    site = site_requests.asked(site_id)
    point = places.describe_known(site.latitude, site.longitude, site.accuracy_m)
    return render_template("speed_sites/asked.html", site=site, point=point)


@pages.post("/from-request/<int:request_id>")
@permission(Permission.APPROVE_SITES)
def make_of_request(request_id: int) -> ResponseReturnValue:
    """Make a site of what an audit or an officer asked for."""
    site = site_requests.make_of(request_id, asking())
    return redirect(url_for("speed_sites.show", code=site.code), 303)


@pages.get("/<code>")
@permission(Permission.ANYONE)
def show(code: str) -> ResponseReturnValue:
    """One site; for those who go there what they must know, for those who answer for it its history."""
    person = asking()
    site = speed_sites.find(code, person)
    if code != site.code:
        return redirect(url_for("speed_sites.show", code=site.code), 301)
    answers_for_it = person.may(Permission.RUN_SCHEMES)
    return render_template(
        "speed_sites/show.html",
        site=site,
        point=places.describe_known(site.latitude, site.longitude, site.accuracy_m),
        sees_all=speed_sites.sees_all(person),
        answers_for_it=answers_for_it,
        may_change=person.may(Permission.APPROVE_SITES),
        moves=rules.moves_of(site.status, person),
        problems=speed_sites.problems(site, _today()),
        request_of=_request_of(site) if answers_for_it else None,
        area=_area_of(site) if answers_for_it else None,
        history=speed_sites.history_of(site) if answers_for_it else [],
        results=speed_results.of_site(site, person) if site.status in speed_results.PUBLIC else None,
        today=_today(),
    )


def _request_of(site: SpeedSite) -> Any:
    """Return the request that a site was made of, for who may see requests."""
    if site.request_id is None or not asking().may(Permission.SURVEY):
        return None
    return asked_of_others.find(site.request_id, asking())


def _area_of(site: SpeedSite) -> pact_areas.Area | None:
    return pact_areas.find(site.pact_area_id) if site.pact_area_id is not None else None


def _columns(site: SpeedSite) -> dict[str, Any]:
    return {column.key: getattr(site, column.key) for column in inspect(SpeedSite).column_attrs}


@pages.route("/<code>/edit", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.APPROVE_SITES)
def edit(code: str) -> ResponseReturnValue:
    """Put right what is known of a site, without a new assessment."""
    site = speed_sites.find(code, asking())
    if request.method == "GET":
        return _page(site, None, SiteForm(formdata=None).without_assessment().show(_columns(site)))
    form = SiteForm().without_assessment()
    if not form.validate():
        return _page(site, None, form, 422)
    return _tried(site, None, form, lambda: site_moves.edit(code, _facts(form), form.newest, asking()))


@pages.route("/<code>/moves/<name>", methods=["GET", "POST"])
@csrf.exempt  # The form checks its own token, so that an old page comes back filled.
@permission(Permission.APPROVE_SITES)
def move(code: str, name: str) -> ResponseReturnValue:
    """What one move needs, and the move."""
    step = rules.BY_NAME.get(name)
    if step is None or not asking().may(step.permission):
        abort(404)
    site = speed_sites.find(code, asking())
    needs_assessment = Need.ASSESSMENT in step.needs
    if request.method == "GET":
        if site.status not in step.before:
            return redirect(url_for("speed_sites.show", code=site.code), 303)
        form = SiteForm(formdata=None).keep_only(step.needs)
        return _page(site, step, form.show(_columns(site)) if needs_assessment else form)
    form = SiteForm().keep_only(step.needs)
    if not form.validate():
        return _page(site, step, form, 422)
    given = site_moves.Given(
        seen=form.newest,
        facts=_facts(form) if needs_assessment else None,
        assessment=_assessment(form) if needs_assessment else None,
        reason=(form.reason.data or "") if "reason" in form else "",
    )
    return _tried(site, step, form, lambda: site_moves.move(code, step.name, given, asking()))


def _facts(form: SiteForm) -> site_moves.Facts:
    return site_moves.Facts(
        name=form.name.data or "",
        road=form.road.data or "",
        parish=form.parish.data or "",
        limit_mph=form.limit,
        directions=form.directions.answers(),
        max_crew=form.room,
        parking=form.parking.data or "",
        notes=form.notes.data or "",
        hazards=form.hazards.data or "",
        place=form.place(),
    )


def _assessment(form: SiteForm) -> site_moves.Assessment:
    return site_moves.Assessment(
        assessment_reference=form.assessment_reference.data or "",
        assessor=form.assessor.data or "",
        assessed_on=form.assessed_on.data,
        review_due_on=form.review_due_on.data,
    )


def _tried(
    site: SpeedSite, step: SiteMove | None, form: SiteForm, act: Callable[[], SpeedSite]
) -> ResponseReturnValue:
    try:
        act()
    except Refused as refused:
        form.refuse(refused.errors)
        return _page(site, step, form, 422)
    except Stale:
        return _page(site, step, form, 409)
    return redirect(url_for("speed_sites.show", code=site.code), 303)


def _page(site: SpeedSite, step: SiteMove | None, form: SiteForm, status: int = 200) -> ResponseReturnValue:
    """Show a form about a site; on an old page what changed since, which the page knows once it is sent again."""
    changed = []
    if status == 409:
        db.session.refresh(site)
        changed = speed_sites.history_of(site, form.newest)
        form.form_errors.append(CHANGED)
    if status in (200, 409) or not form.seen.data:
        form.seen.data = str(speed_sites.newest_event(db.session, site.code))
    page = render_template(
        "speed_sites/form.html",
        site=site,
        step=step,
        form=form,
        changed=changed,
        missing=rules.approval_problems(speed_sites.assessed(site), _today())
        if step and step.needs[0] is Need.APPROVABLE
        else (),
        point=places.describe_known(site.latitude, site.longitude, site.accuracy_m),
        notes_most=NOTES_MOST,
        reason_most=REASON_MOST,
        button=ActionForm(formdata=None),
    )
    return page, status
