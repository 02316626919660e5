"""The figures of fly-tipping for staff, and the one that everybody may read at its action of the plan."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from webapp.extensions import clock
from webapp.rules import periods
from webapp.rules.clock import CLEAR_UP_DAYS, local_date
from webapp.rules.codes.feedback import FEWEST_SHOWN
from webapp.rules.periods import Period
from webapp.rules.roles import Permission
from webapp.services import delays, figures, reporter_figures, wards
from webapp.services.figures import Count, Share
from webapp.services.filters import NONE, Filters, working_days_target
from webapp.services.reporter_figures import WardFigures
from webapp.views.access import asking, permission

pages = Blueprint("figures", __name__)

QUARTERS_OFFERED = 9
YEARS_OFFERED = 3
# The plan's own mark for people who are satisfied (measure PP-2; field-facts 5.3).
SATISFIED_MARK = Fraction(75)
ASIDE = ("not_told", "no_contact", "answered", "dont_know")


def offered(today: Any) -> list[Period]:
    """Return the periods that can be chosen: the newest quarters, then years."""
    fiscal = periods.fiscal_year_of(today)
    years = [periods.year(fiscal - back) for back in range(YEARS_OFFERED)]
    return [*periods.recent_quarters(today, QUARTERS_OFFERED), *years]


def pass_mark() -> Fraction:
    """Return the share in per cent that the partnership wants cleared within 7 days."""
    return Fraction(current_app.config["PASS_MARK"])


def _chosen() -> dict[str, Any]:
    """Return the period that the address asks for, the running quarter otherwise, and what its chooser needs."""
    today, asked = local_date(clock.now()), request.args.get("period")
    period = periods.read_period(asked) or periods.quarter_of(today)
    return {
        "period": period,
        "offered": offered(today),
        "not_understood": asked if asked and period.name != asked else None,
        "today": today,
    }


@pages.get("/figures/fly-tipping")
@permission(Permission.SEE_FIGURES)
def fly_tipping() -> ResponseReturnValue:
    """How much was cleared within 7 days in a period, by ward, with all that the figure leaves out."""
    chosen = _chosen()
    period = chosen["period"]
    found = figures.of_period(period)
    names = wards.in_use().names
    listed = sorted(found.wards.items(), key=lambda item: (item[0] is None, names.get(item[0] or "", "")))
    return render_template(
        "figures/fly_tipping.html",
        **chosen,
        found=found,
        listed=listed,
        days=figures.days_taken(found),
        median_days=figures.median_days(found),
        in_working_days=figures.in_working_days(period),
        working_days=working_days_target(),
        oldest=figures.oldest_open(),
        pass_mark=pass_mark(),
        clear_up_days=CLEAR_UP_DAYS,
    )


@pages.get("/figures/delays")
@permission(Permission.SEE_FIGURES)
def delayed() -> ResponseReturnValue:
    """The figure by who had to answer, and what held up what was not cleared in time."""
    chosen = _chosen()
    return render_template(
        "figures/delays.html",
        **chosen,
        bodies=delays.by_body(chosen["period"]),
        reasons=delays.of_missed(chosen["period"]),
    )


@pages.get("/plan/4.7")
@permission(Permission.ANYONE)
def action() -> ResponseReturnValue:
    """The plan's action on fly-tipping with its live figure: this quarter so far, and the last whole one."""
    today = local_date(clock.now())
    shown = figures.of_periods(periods.recent_quarters(today, 2))
    return render_template(
        "plan/fly_tipping.html",
        shown=shown,
        pass_mark=pass_mark(),
        opens=asking().may(Permission.SEE_FIGURES),
        today=today,
    )


@pages.get("/figures/reporters")
@permission(Permission.SEE_FIGURES)
def reporters() -> ResponseReturnValue:
    """Who of those who reported was told the outcome, and how satisfied they are, of what ended in a period."""
    chosen = _chosen()
    period = chosen["period"]
    within, found = reporter_figures.in_period(period), reporter_figures.of_period(period)

    def opens(name: str) -> Filters:
        return replace(within, reporters=name)

    def count(name: str) -> Count:
        return Count(getattr(found.together, name), opens(name))

    def share(part: str, whole: str) -> Share:
        return Share(count(part).value, count(whole).value, opens(part), opens(whole))

    def in_ward(one: WardFigures, name: str) -> Count:
        return Count(getattr(one.figures, name), replace(opens(name), ward=one.ward_code or NONE))

    return render_template(
        "figures/reporters.html",
        **chosen,
        told=share("told", "contactable"),
        satisfied=share("satisfied", "with_opinion"),
        responded=share("asked_answered", "asked"),
        counts={name: count(name) for name in ASIDE},
        wards=found.wards,
        in_ward=in_ward,
        satisfied_mark=SATISFIED_MARK,
        fewest=FEWEST_SHOWN,
    )
