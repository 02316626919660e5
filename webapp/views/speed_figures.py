"""The figures of speed-watch: of each site for everybody, of the district, action 5.2, and the lists behind them."""

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from webapp.extensions import clock
from webapp.forms.speed_sessions import SessionFilterForm
from webapp.rules import periods
from webapp.rules.clock import local_date
from webapp.rules.periods import Period
from webapp.rules.roles import Permission
from webapp.rules.speed_figures import STANDINGS
from webapp.services import (
    pact_areas,
    schemes,
    sheets,
    speed_figures,
    speed_plan,
    speed_results,
    speed_sessions,
    wards,
)
from webapp.services.speed_sessions import Wanted
from webapp.views.access import asking, permission
from webapp.views.figures import offered
from webapp.views.lists import choices, page_number

pages = Blueprint("speed_figures", __name__)

TRAFFIC_WORDS = {speed_sessions.COUNTED: "Counted", speed_sessions.NOT_COUNTED: "Not counted"}
SPEEDS_WORDS = {speed_sessions.ALL: "All logged"}
CHECK_WORDS = {speed_sessions.TO_CHECK: "To check"}


def _asked() -> tuple[Period | None, str | None]:
    """Return the period that the address names, and what it says instead where that is none."""
    named = request.args.get("period")
    period = periods.read_period(named)
    return (period, None) if period or not named else (None, named)


@pages.get("/speed-watch/sites/<code>/results")
@permission(Permission.ANYONE)
def results(code: str) -> ResponseReturnValue:
    """What was found at a site over time, for everybody: no names, no plates, no vehicle and no time of the day."""
    person, today = asking(), local_date(clock.now())
    site = speed_results.find(code, person)
    period, not_understood = _asked()
    return render_template(
        "speed_figures/results.html",
        site=site,
        results=speed_results.of_site(site, person, period, page_number()),
        period=period,
        not_understood=not_understood,
        today=today,
        may_download=person.may(Permission.WATCH_SPEEDS),
    )


@pages.get("/speed-watch/sites/<code>/results.csv")
@permission(Permission.WATCH_SPEEDS)
def results_as_file(code: str) -> ResponseReturnValue:
    """A site's sessions of somebody's schemes as a file: figures and nothing of any vehicle."""
    person = asking()
    site = speed_results.find(code, person)
    chunks = sheets.csv_chunks(speed_results.rows(site, person))
    answer = Response(stream_with_context(chunks), mimetype="text/csv")
    name = f"speed-watch-{site.code}-{local_date(clock.now())}.csv"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _filters() -> SessionFilterForm:
    form, person = SessionFilterForm(request.args), asking()
    names = sorted(wards.in_use().names.items(), key=lambda item: item[1])
    form.site.choices = choices("All sites", speed_sessions.sites(person))
    form.scheme.choices = choices("All schemes", ((str(one.id), one.name) for one in schemes.of(person)))
    form.ward.choices = choices("All wards", ((speed_sessions.NONE, "In no ward"), *names))
    form.area.choices = choices("All areas", ((str(one.id), one.name) for one in pact_areas.listed()))
    form.state.choices = choices("All", ((code.value, code.label) for code in STANDINGS))
    form.traffic.choices = choices("All", TRAFFIC_WORDS.items())
    form.speeds.choices = choices("All", SPEEDS_WORDS.items())
    form.check.choices = choices("All", CHECK_WORDS.items())
    return form


@pages.get("/speed-watch/sessions")
@permission(Permission.WATCH_SPEEDS)
def sessions() -> ResponseReturnValue:
    """The sessions of somebody's schemes, narrowed by the address: what every figure opens, with the same counts."""
    form, person = _filters(), asking()
    figures = speed_figures.listed(Wanted(**form.parts()), person)
    return render_template(
        "speed_figures/sessions.html",
        form=form,
        kept={field.name: field.data for field in form if field.data},
        page=speed_sessions.page_of(figures.held, page_number()),
        figures=figures,
    )


@pages.get("/figures/speed-watch")
@permission(Permission.SEE_FIGURES)
def district() -> ResponseReturnValue:
    """The district in a period, and in it each ward, scheme and site that had sessions."""
    today = local_date(clock.now())
    period, not_understood = _asked()
    chosen = period or periods.quarter_of(today)
    year = speed_plan.of_period(chosen)
    return render_template(
        "speed_figures/district.html",
        period=chosen,
        offered=offered(today),
        not_understood=not_understood,
        today=today,
        year=year,
        parts=speed_figures.parts_of(year.figures),
    )


@pages.get("/plan/5.2")
@permission(Permission.ANYONE)
def action() -> ResponseReturnValue:
    """The plan's action on speed-watch: who is trained, what was held this plan year and the one before."""
    today = local_date(clock.now())
    fiscal = periods.fiscal_year_of(today)
    person = asking()
    return render_template(
        "plan/speed_watch.html",
        now=speed_plan.on(today),
        years=[speed_plan.of_period(periods.year(one)) for one in (fiscal, fiscal - 1)],
        concerned=speed_plan.concerned(today),
        opens=person.may(Permission.WATCH_SPEEDS) and speed_sessions.sees_all(person),
        today=today,
    )
