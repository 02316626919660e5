"""The figures of fly-tipping for staff, and the one that everybody may read at its action of the plan."""

from fractions import Fraction
from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from webapp.extensions import clock
from webapp.rules import periods
from webapp.rules.clock import CLEAR_UP_DAYS, local_date
from webapp.rules.periods import Period
from webapp.rules.roles import Permission
from webapp.services import figures, wards
from webapp.views.access import asking, permission

pages = Blueprint("figures", __name__)

QUARTERS_OFFERED = 9
YEARS_OFFERED = 3


def offered(today: Any) -> list[Period]:
    """Return the periods that can be chosen: the newest quarters, then years."""
    fiscal = periods.fiscal_year_of(today)
    years = [periods.year(fiscal - back) for back in range(YEARS_OFFERED)]
    return [*periods.recent_quarters(today, QUARTERS_OFFERED), *years]


def pass_mark() -> Fraction:
    """Return the share in per cent that the partnership wants cleared within 7 days."""
    return Fraction(current_app.config["PASS_MARK"])


@pages.get("/figures/fly-tipping")
@permission(Permission.SEE_FIGURES)
def fly_tipping() -> ResponseReturnValue:
    """How much was cleared within 7 days in a period, by ward, with all that the figure leaves out."""
    today = local_date(clock.now())
    asked = request.args.get("period")
    period = periods.read_period(asked) or periods.quarter_of(today)
    found = figures.of_period(period)
    names = wards.in_use().names
    listed = sorted(found.wards.items(), key=lambda item: (item[0] is None, names.get(item[0] or "", "")))
    return render_template(
        "figures/fly_tipping.html",
        period=period,
        offered=offered(today),
        not_understood=asked if asked and period.name != asked else None,
        found=found,
        listed=listed,
        days=figures.days_taken(found),
        oldest=figures.oldest_open(),
        pass_mark=pass_mark(),
        clear_up_days=CLEAR_UP_DAYS,
        today=today,
    )


@pages.get("/plan/4.7")
@permission(Permission.ANYONE)
def action() -> ResponseReturnValue:
    """The plan's action on fly-tipping with its live figure: this quarter so far, and the last whole one."""
    today = local_date(clock.now())
    shown = [figures.of_period(period) for period in periods.recent_quarters(today, 2)]
    return render_template(
        "plan/fly_tipping.html",
        shown=shown,
        pass_mark=pass_mark(),
        opens=asking().may(Permission.SEE_FIGURES),
        today=today,
    )
