"""Public ward pages: the list, and a minimal page for each ward."""

from datetime import date

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import clock
from webapp.forms.base import ActionForm
from webapp.rules import periods
from webapp.rules.clock import local_date
from webapp.rules.errors import Refused
from webapp.rules.periods import Period
from webapp.rules.roles import Permission
from webapp.services import figures, pact_areas, places, programme, published, records, speed_plan, wards
from webapp.views.access import asking, permission

pages = Blueprint("wards", __name__)


@pages.get("/wards")
@permission(Permission.ANYONE)
def index() -> ResponseReturnValue:
    """All wards with their open reports; `?postcode=` goes to the ward of that postcode."""
    postcode, problem = request.args.get("postcode", "").strip(), None
    if postcode:
        try:
            place = places.from_postcode(postcode[:20])
            code = wards.in_use().index.ward_of(place.latitude, place.longitude)
            if code is not None:
                return redirect(url_for("wards.show", code=code))
            problem = f"“{postcode}” is in none of our wards. Check it, or choose a ward below."
        except Refused:
            problem = f"We cannot find the postcode “{postcode}”. Check it, or choose a ward below."
    context = {
        "ward_set": wards.in_use(),
        "counts": records.public_counts(),
        "priority": wards.priority_codes(),
    }
    page = render_template("wards/index.html", postcode=postcode, problem=problem, **context)
    return page, 422 if problem else 200


@pages.get("/wards/<code>")
@permission(Permission.ANYONE)
def show(code: str) -> ResponseReturnValue:
    """One ward: how many reports are open, and its newest reports, for staff with the open records they may see."""
    ward_set = wards.in_use()
    if code not in ward_set.names:
        abort(404)
    person = asking()
    recent, found = records.public_recent(code), None
    if person.may(Permission.SEE_RECORDS):
        found = records.search(records.Filters(ward=code, state="open"), person)
    # An open record may be among the newest as well; the page says each once.
    both = {record.id: record for record in (*recent, *(found.records if found else ()))}
    today = local_date(clock.now())
    shown = figures.of_periods(_periods(today), ward=code)
    running = periods.year(periods.fiscal_year_of(today))
    audited = programme.of_ward(code, running, for_residents=not person.may(Permission.SURVEY))
    this_year = {audit.eva.id for audit in audited.done}
    return render_template(
        "wards/show.html",
        shown=shown,
        opens=person.may(Permission.SEE_FIGURES),
        today=today,
        ward_set=ward_set,
        code=code,
        name=ward_set.names[code],
        open_count=records.public_counts().get(code, 0),
        listed=sorted(both.values(), key=lambda record: record.received_at, reverse=True),
        seen=records.seen_among(both, person),
        found=found,
        earlier_audits=[eva for eva in published.of_ward(code) if eva.id not in this_year],
        is_priority=code in wards.priority_codes(),
        audited=audited,
        watched=speed_plan.of_ward(code, running),
        areas=pact_areas.of(code),
        may_survey=person.may(Permission.SURVEY),
        may_set_priority=person.may(Permission.SET_PRIORITY_WARDS),
        button=ActionForm(),
    )


def _periods(today: date) -> list[Period]:
    """Return the periods whose figure a ward page shows: the running quarter and the fiscal year."""
    return [periods.quarter_of(today), periods.year(periods.fiscal_year_of(today))]


@pages.post("/wards/<code>/priority")
@permission(Permission.SET_PRIORITY_WARDS)
def set_priority(code: str) -> ResponseReturnValue:
    """Mark a ward as a priority ward, or no longer one."""
    wards.set_priority(code, request.form.get("is_priority") == "yes", asking())
    return redirect(url_for("wards.show", code=code), 303)
