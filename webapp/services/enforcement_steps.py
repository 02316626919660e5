"""The list of all enforcement steps. The national return counts by the same conditions, so its cells open this list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from webapp.extensions import db
from webapp.models.enforcement import EnforcementStep
from webapp.models.record import Record
from webapp.rules.roles import Person
from webapp.services import restricted
from webapp.services.filters import NONE
from webapp.services.records import visible_to

PAGE_SIZE = 50
DONE = "done"
# By which of its days a step is looked for: those that lack the day are left out.
DAYS: Mapping[str, Any] = {
    DONE: EnforcementStep.done_on,
    "paid": EnforcementStep.paid_on,
    "outcome": EnforcementStep.outcome_on,
}
# What was struck out is counted nowhere.
STANDS = EnforcementStep.struck_at.is_(None)


@dataclass(frozen=True, slots=True)
class StepFilters:
    """What steps are narrowed to; every part may be left out.

    `since` and `until` are London dates, both included, of the day that `by` names: `done`, `paid` or `outcome`.
    `cost` says whether what the step cost is `noted`.
    """

    by: str = DONE
    since: date | None = None
    until: date | None = None
    step: str | None = None
    penalty: str | None = None
    penalty_state: str | None = None
    outcome: str | None = None
    cost: str | None = None

    def in_address(self) -> dict[str, str]:
        """Return the parts as an address spells them."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in parts.items() if value and (name, value) != ("by", DONE)}


@dataclass(frozen=True, slots=True)
class StepPage:
    """One page of steps, each with its record's reference.

    `total` counts all that match, `cost_pence` is what those cost together, and `without_cost` how many of them have no
    known cost.
    """

    steps: Sequence[tuple[EnforcementStep, str]]
    total: int
    cost_pence: int
    without_cost: int
    number: int

    @property
    def last(self) -> int:
        """The number of the last page, 1 when nothing matches."""
        return max(1, -(-self.total // PAGE_SIZE))


def conditions(filters: StepFilters) -> list[ColumnElement[bool]]:
    """Return the conditions on EnforcementStep that hold for what the filters leave of the steps that stand."""
    day, cost = DAYS[filters.by], EnforcementStep.cost_pence
    parts: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
        "since": lambda value: day >= value,
        "until": lambda value: day <= value,
        "step": lambda value: EnforcementStep.step == value,
        "penalty": lambda value: EnforcementStep.penalty == value,
        "penalty_state": lambda value: EnforcementStep.penalty_state == value,
        "outcome": lambda value: EnforcementStep.outcome == value,
        "cost": lambda value: cost.is_(None) if value == NONE else cost.is_not(None),
    }
    narrowing = [part(value) for name, part in parts.items() if (value := getattr(filters, name)) is not None]
    return [day.is_not(None), STANDS, *narrowing]


def search(filters: StepFilters, person: Person, page: int = 1) -> StepPage:
    """Return one page of steps, newest first, and write down that it was opened. Raises NotFound for who may not."""
    restricted.list_opened("steps", person)
    # Each step's record is joined, so that list and counts leave out the same when somebody does not see all records.
    wanted = (visible_to(person), *conditions(filters))
    joined = select(EnforcementStep).join(Record, Record.id == EnforcementStep.record_id).where(*wanted)
    sums = joined.with_only_columns(
        func.count(),
        func.sum(EnforcementStep.cost_pence),
        func.count(EnforcementStep.cost_pence),
    )
    total, cost_pence, with_cost = db.session.execute(sums).one()
    number = max(1, min(page, -(-total // PAGE_SIZE)))
    ordered = joined.with_only_columns(EnforcementStep, Record.reference).order_by(
        DAYS[filters.by].desc(), EnforcementStep.id.desc()
    )
    rows = db.session.execute(ordered.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    found = [(step, reference) for step, reference in rows]
    return StepPage(found, total, int(cost_pence or 0), total - with_cost, number)
