"""The quarterly return of fly-tipping for WasteDataFlow (field-facts 2.10).

Each figure carries what its list is narrowed to; what the rule wrote under `incident_on` is what these conditions say.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Label, Row, Select, case, func, select

from webapp.extensions import clock, db
from webapp.models.enforcement import EnforcementStep
from webapp.models.fly_tipping import FlyTip
from webapp.models.record import Record
from webapp.rules.clock import local_date
from webapp.rules.fly_tipping import NO_INCIDENT
from webapp.rules.periods import Period
from webapp.services import enforcement_steps
from webapp.services.enforcement_steps import StepFilters
from webapp.services.filters import NONE, Filters, conditions
from webapp.services.return_tables import Cell, Counts, Table, Tally, incident_tables, step_tables

INCIDENTS, PUBLIC, STAFF = "incidents", "public", "staff"
BASES = (INCIDENTS, PUBLIC)
MONTH = "month_number"


@dataclass(frozen=True, slots=True)
class WasteReturn:
    """The return of one quarter on one basis, as things stood at a moment.

    `left_out` are the records of the quarter that no table of incidents counts, by the reason as filters name it.
    """

    period: Period
    basis: str
    counted_at: datetime
    tables: Sequence[Table]
    left_out: Sequence[tuple[str, Cell]]

    @property
    def is_running(self) -> bool:
        """Whether the quarter has not ended, so that figures are still to come."""
        return local_date(self.counted_at) <= self.period.last


def make(period: Period, basis: str) -> WasteReturn:
    """Return the figures of a quarter now: of all incidents, or on the basis `public` without what our staff found."""
    now = clock.now()
    incidents = _incidents(period, basis)
    tables = [
        *incident_tables(Counts(period, incidents), basis),
        *step_tables(Counts(period, _steps(period))),
    ]
    return WasteReturn(period, basis, now, tables, _left_out(period, basis, incidents, local_date(now)))


def _incidents(period: Period, basis: str) -> Tally:
    """Count both bases with one question: what the smaller one leaves out is told too."""
    tip = FlyTip.__table__.c
    keys = (tip.land_type, tip.main_waste, tip.size, tip.is_public_reported, tip.is_cleared)
    cost = tip.clearance_cost_pence
    figures = (func.count().label("incidents"), func.sum(cost).label("cost"), func.count(cost).label("noted"))
    query: Select[Any] = (
        select(_month(period, tip.incident_on), *keys, *figures)
        .where(tip.incident_on.between(period.first, period.last))
        .group_by(MONTH, *keys)
    )
    tally: Tally = Counter()
    for row in db.session.execute(query):
        if basis == PUBLIC and not row.is_public_reported:
            tally[STAFF, "", row.month_number] += row.incidents
        else:
            _add(tally, row)
    return tally


def _add(tally: Tally, row: Row[Any]) -> None:
    month, size = row.month_number, row.size or NONE
    tally["land_type", row.land_type or NONE, month] += row.incidents
    tally["main_waste", row.main_waste or NONE, month] += row.incidents
    if row.is_cleared:
        tally["size", size, month] += row.incidents
        tally["cost", size, month] += int(row.cost or 0)
        tally["not_noted", size, month] += row.incidents - row.noted


def _steps(period: Period) -> Tally:
    step = EnforcementStep
    tally: Tally = Counter()
    for row in _counted(period, "done", step.step, step.penalty):
        tally["step", row.step, row.month_number] += row.steps
        tally["step_cost", row.step, row.month_number] += int(row.cost or 0)
        tally["without_cost", "", row.month_number] += row.steps - row.noted
        tally["issued", row.penalty or NONE, row.month_number] += row.steps
    for row in _counted(period, "paid", step.penalty):
        tally["paid", row.penalty, row.month_number] += row.steps
    for row in _counted(period, "outcome", step.outcome):
        tally["outcome", row.outcome, row.month_number] += row.steps
    return tally


def _counted(period: Period, by: str, *keys: Any) -> Sequence[Row[Any]]:
    """Return what the list of steps shows `by` a day in the period, counted by month and these columns, with cost."""
    cost = EnforcementStep.cost_pence
    figures = (func.count().label("steps"), func.sum(cost).label("cost"), func.count(cost).label("noted"))
    listed = enforcement_steps.conditions(StepFilters(by, period.first, period.last))
    query = select(_month(period, enforcement_steps.DAYS[by]), *keys, *figures).where(*listed)
    return db.session.execute(query.group_by(MONTH, *keys)).all()


def _month(period: Period, day: Any) -> Label[int]:
    """Return the number, from 0, of the month of the period in which a day lies."""
    later = period.months[1:]
    return case(*((day < month, number) for number, month in enumerate(later)), else_=len(later)).label(MONTH)


def _left_out(period: Period, basis: str, incidents: Tally, today: date) -> Sequence[tuple[str, Cell]]:
    within = Filters(since=period.first, until=period.last)
    query = select(Record.scope, func.count()).where(
        *conditions(within, today), Record.scope.in_(NO_INCIDENT)
    )
    counts = {scope: count for scope, count in db.session.execute(query.group_by(Record.scope))}  # noqa: C416 - a dict of rows would not be typed
    left_out = [
        (scope, Cell(counts.get(scope, 0), Filters(since=period.first, until=period.last, scope=scope)))
        for scope in NO_INCIDENT
    ]
    if basis == PUBLIC:
        found = sum(count for (what, _, _), count in incidents.items() if what == STAFF)
        left_out.append((STAFF, Cell(found, Filters(since=period.first, until=period.last, basis=STAFF))))
    return left_out
