"""The programme of audits: the plan year by ward, all audits as a list, walks as a calendar, and action 4.2."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.extensions import clock
from webapp.forms.programme import AuditFilterForm
from webapp.rules import periods
from webapp.rules.clock import local_date
from webapp.rules.codes.eva import STATUSES
from webapp.rules.periods import Period
from webapp.rules.roles import Permission
from webapp.services import audits, programme, walk_calendar, wards
from webapp.views.access import asking, permission
from webapp.views.lists import choices, page_number

pages = Blueprint("programme", __name__)

YEARS_OFFERED = 5
COUNT_WORDS = {
    "done": "Done",
    "passes": "Done, plan at 80% or more",
    "below": "Done, plan below 80%",
    "no_plan": "Done, no plan yet",
    "to_come": "To come",
    "empty": "Walked, nothing arrived",
}


def _offered(today: date) -> list[Period]:
    """Return the plan years that can be chosen, the one after the running one first: walks are planned ahead."""
    fiscal = periods.fiscal_year_of(today)
    return [periods.year(fiscal + 1 - back) for back in range(YEARS_OFFERED)]


def _filters(offered: list[Period]) -> AuditFilterForm:
    form = AuditFilterForm(request.args)
    asked = periods.read_period(form.year.data)
    is_older = asked is not None and asked not in offered and len(asked.months) == 12
    years = [*offered, asked] if is_older else offered
    names = sorted(wards.in_use().names.items(), key=lambda item: item[1])
    groups = [(programme.PRIORITY, "Priority wards"), (programme.OTHER, "Other wards")]
    form.ward.choices = choices("All wards", [*groups, *names])
    form.year.choices = choices("All years", [(one.name, one.words) for one in years if one])
    states = [(code.value, code.label) for code in STATUSES]
    form.state.choices = choices("All", [*COUNT_WORDS.items(), *states])
    return form


@pages.get("/eva")
@permission(Permission.SURVEY)
def index() -> ResponseReturnValue:
    """The plan year by ward: done, how far each plan is, to come, missing; then all audits, narrowed by the address."""
    today = local_date(clock.now())
    running = periods.year(periods.fiscal_year_of(today))
    form = _filters(_offered(today))
    period = periods.read_period(form.value("year"))
    wanted = programme.Wanted(ward=form.value("ward"), period=period, state=form.value("state"))
    return render_template(
        "programme/index.html",
        form=form,
        kept={name: form.value(name) for name in form.CHOICES if form.value(name)},
        year=programme.of_year(period or running),
        is_running=(period or running) == running,
        page=programme.listed(wanted, page_number()),
        today=today,
    )


@pages.get("/plan/4.2")
@permission(Permission.ANYONE)
def action() -> ResponseReturnValue:
    """The plan's action on audits with its live figures: this plan year so far, and the one before."""
    today = local_date(clock.now())
    fiscal = periods.fiscal_year_of(today)
    opens = asking().may(Permission.SURVEY)
    years = (periods.year(one) for one in (fiscal, fiscal - 1))
    shown = [programme.of_year(year, for_residents=not opens) for year in years]
    return render_template("plan/audits.html", shown=shown, opens=opens, today=today)


@pages.get("/eva/programme.ics")
@permission(Permission.SURVEY)
def calendar() -> ResponseReturnValue:
    """Every walk that is planned, for a calendar."""
    return _calendar(walk_calendar.planned(), "audits")


@pages.get("/eva/<reference>.ics")
@permission(Permission.SURVEY)
def calendar_of(reference: str) -> ResponseReturnValue:
    """One walk, for a calendar."""
    eva = audits.find(reference, asking())
    return _calendar(walk_calendar.of(eva), eva.reference)


def _calendar(content: bytes, name: str) -> Any:
    answer = Response(content, mimetype="text/calendar")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.ics")
    return answer
