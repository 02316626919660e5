"""The action board: every open line over all audits, narrowed by agency, ward, day and state; counts that add up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from webapp.extensions import clock, db
from webapp.models.action import Action, ActionObservation
from webapp.models.eva import Eva
from webapp.models.observation import Observation
from webapp.rules import actions as rules
from webapp.rules.clock import local_date
from webapp.rules.codes.actions import PRIORITIES, STATUSES
from webapp.rules.codes.agencies import agency_label
from webapp.rules.roles import Person
from webapp.services import lines, observation, wards
from webapp.services.filters import NONE

PAGE_SIZE = 50
WEEK_DAYS, MONTH_DAYS = 7, 30
DUE = ("overdue", "week", "month", "later")
OPEN = tuple(status for status in STATUSES.values if status in rules.OPEN)
# What its owner says is done waits for somebody else to look at it.
TO_CHECK = "completed"
HEAD = (
    "Audit",
    "Line",
    "Ward",
    "What is to be done",
    "Answers",
    "Owner",
    "Role",
    "By when",
    "Overdue",
    "Priority",
    "Funding",
    "State",
    "Agreed on",
    "Completed on",
    "Address",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the board is narrowed to; `state` is one of OPEN or TO_CHECK, and without it all that are open are meant."""

    agency: str | None = None
    ward: str | None = None
    due: str | None = None
    state: str | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Board:
    """One page of lines, each with its audit; `counts` are those of each due day before that narrowed the list."""

    lines: Sequence[tuple[Action, Eva]]
    total: int
    counts: dict[str, int]
    to_check: int
    number: int

    @property
    def last(self) -> int:
        """The number of the last page, 1 when nothing matches."""
        return max(1, -(-self.total // PAGE_SIZE))


def due_of(by_when: date, today: date) -> str:
    """Return under which of DUE a line counts.

    >>> [due_of(date(2026, 11, day), date(2026, 11, 22)) for day in (21, 22, 28, 29)]
    ['overdue', 'week', 'week', 'month']
    """
    days = (by_when - today).days
    if days < 0:
        return "overdue"
    return "week" if days < WEEK_DAYS else "month" if days < MONTH_DAYS else "later"


def show(wanted: Wanted, person: Person) -> Board:
    """Return one page of what a person may see of the board, the most urgent first."""
    today = local_date(clock.now())
    counts = _counts(wanted, person, today)
    query = _query(wanted, person, today)
    total = db.session.scalar(query.with_only_columns(func.count()).order_by(None)) or 0
    number = max(1, min(wanted.page, -(-total // PAGE_SIZE)))
    rows = db.session.execute(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Board([(line, eva) for line, eva in rows], total, counts, _to_check(wanted, person), number)


def _query(wanted: Wanted, person: Person, today: date) -> Any:
    query = select(Action, Eva).join(Eva, Eva.id == Action.eva_id).where(*_narrowed(wanted, person))
    if wanted.due is not None and wanted.state != TO_CHECK:
        query = query.where(_due(wanted.due, today))
    return query.order_by(Action.by_when, Eva.reference, Action.number)


def _narrowed(wanted: Wanted, person: Person) -> list[ColumnElement[bool]]:
    """Return the conditions that hold for what a person may see, the due day aside."""
    found = [lines.seen_by(person)]
    found.append(Action.status == wanted.state if wanted.state else Action.status.in_(OPEN))
    for column, value in ((Action.owner_agency, wanted.agency), (Eva.ward_code, wanted.ward)):
        if value is not None:
            found.append(column.is_(None) if value == NONE else column == value)
    return found


def _due(due: str, today: date) -> ColumnElement[bool]:
    day, in_a_week, in_a_month = (
        Action.by_when,
        *(today + timedelta(days=days) for days in (WEEK_DAYS, MONTH_DAYS)),
    )
    return {
        "overdue": day < today,
        "week": and_(day >= today, day < in_a_week),
        "month": and_(day >= in_a_week, day < in_a_month),
        "later": day >= in_a_month,
    }[due]


def _counts(wanted: Wanted, person: Person, today: date) -> dict[str, int]:
    is_check = wanted.state == TO_CHECK
    shown = Wanted(wanted.agency, wanted.ward) if is_check else wanted
    sums = [func.sum(case((_due(due, today), 1), else_=0)) for due in DUE]
    query = (
        select(*sums).select_from(Action).join(Eva, Eva.id == Action.eva_id).where(*_narrowed(shown, person))
    )
    return {due: int(count or 0) for due, count in zip(DUE, db.session.execute(query).one(), strict=True)}


def _to_check(wanted: Wanted, person: Person) -> int:
    completed = Wanted(wanted.agency, wanted.ward, state=TO_CHECK)
    query = select(func.count()).select_from(Action).join(Eva, Eva.id == Action.eva_id)
    return db.session.scalar(query.where(*_narrowed(completed, person))) or 0


def ward_counts(wanted: Wanted, person: Person) -> dict[str | None, int]:
    """Return how many lines of what the board shows each ward has; None counts those in no ward."""
    query = _query(wanted, person, local_date(clock.now())).with_only_columns(Eva.ward_code, func.count())
    found = db.session.execute(query.order_by(None).group_by(Eva.ward_code))
    return {row[0]: row[1] for row in found}


def points(wanted: Wanted, person: Person) -> list[tuple[float, float, int, str]]:
    """Return latitude, longitude, id and words of each line that the board shows, where what it answers was seen."""
    query = (
        _query(wanted, person, local_date(clock.now()))
        .join(ActionObservation, ActionObservation.action_id == Action.id)
        .join(Observation, Observation.id == ActionObservation.observation_id)
        .where(Observation.removed_at.is_(None), Observation.latitude.is_not(None))
        .with_only_columns(
            Observation.latitude, Observation.longitude, Action.id, Eva.reference, Action.number
        )
    )
    return [
        (latitude, longitude, action_id, f"{reference}, action {number}")
        for latitude, longitude, action_id, reference, number in db.session.execute(query)
    ]


def rows(wanted: Wanted, person: Person, address: str) -> Iterator[tuple[Any, ...]]:
    """Yield the head and each line that the board shows, for a spreadsheet; `address` is where lines are found."""
    yield HEAD
    today, names = local_date(clock.now()), wards.in_use().names
    found = [(line, eva) for line, eva in db.session.execute(_query(wanted, person, today))]
    answered = _answered([line for line, _ in found])
    for line, eva in found:
        yield (
            eva.reference,
            line.number,
            names.get(eva.ward_code or "", eva.ward_code),
            line.text,
            "; ".join(answered.get(line.id, ())),
            agency_label(line.owner_agency) if line.owner_agency else None,
            line.owner_role,
            line.by_when,
            "yes" if rules.is_overdue(line.status, line.by_when, today) else "no",
            PRIORITIES.label(line.priority),
            line.funding,
            STATUSES.label(line.status),
            line.agreed_on,
            line.completed_on,
            f"{address}/{line.id}",
        )


def _answered(shown: Sequence[Action]) -> dict[int, list[str]]:
    """Return what was observed that each line answers, in words."""
    query = (
        select(ActionObservation.action_id, Observation)
        .join(Observation, Observation.id == ActionObservation.observation_id)
        .where(ActionObservation.action_id.in_([line.id for line in shown]), Observation.removed_at.is_(None))
        .order_by(Observation.number)
    )
    answered: dict[int, list[str]] = {}
    for action_id, seen in db.session.execute(query):
        answered.setdefault(action_id, []).append(f"{seen.number}. {observation.what(seen)}")
    return answered
