"""The programme of Environmental Visual Audits: what each ward had in a plan year, and how far each plan is.

Action Plan 4.2: an audit in each priority ward, and each plan at least 80% completed. Each plan stands by itself:
nothing here is an average over audits.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from webapp.extensions import db
from webapp.models.action import Action
from webapp.models.eva import Eva
from webapp.models.observation import Observation
from webapp.rules import eva as rules
from webapp.rules.actions import Completion, completion
from webapp.rules.codes.eva import STATUSES
from webapp.rules.periods import Period
from webapp.services import wards
from webapp.services.lines import for_staff_only
from webapp.services.walks import NOT_WALKED

PAGE_SIZE = 50
# What the list can be narrowed to besides one ward.
PRIORITY, OTHER = "priority", "other"


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit as the programme counts it: how much was observed, and how far its plan is."""

    eva: Eva
    observations: int
    plan: Completion

    @property
    def is_done(self) -> bool:
        """Whether it counts as undertaken."""
        return rules.is_done(self.eva.status, self.observations, found_nothing=self.eva.found_nothing)

    @property
    def passes(self) -> bool:
        """Whether it is done and its plan has reached 80%; one without a plan has not."""
        return self.is_done and self.plan.passes is True

    @property
    def is_shown(self) -> bool:
        """Whether residents may read what became of it."""
        return self.eva.published_at is not None and self.eva.visibility != "hidden"


# How an audit counts, by the name that addresses use; besides these the list is narrowed by an audit's own states.
COUNTS: Mapping[str, Callable[[Audit], bool]] = {
    "done": lambda audit: audit.is_done,
    "passes": lambda audit: audit.passes,
    "below": lambda audit: audit.is_done and audit.plan.passes is False,
    "no_plan": lambda audit: audit.is_done and audit.plan.passes is None,
    "to_come": lambda audit: audit.eva.status in NOT_WALKED,
    "empty": lambda audit: (
        audit.eva.status not in NOT_WALKED and audit.eva.status != "called_off" and not audit.is_done
    ),
}


@dataclass(frozen=True, slots=True)
class WardYear:
    """One ward's audits of a plan year, oldest first; what was called off is not among them.

    `empty` are those that were walked and do not count, since no observation has arrived.
    """

    code: str | None
    is_priority: bool
    audits: Sequence[Audit]
    next_due: date | None

    @property
    def done(self) -> list[Audit]:
        """Those that count as undertaken."""
        return [audit for audit in self.audits if audit.is_done]

    @property
    def to_come(self) -> list[Audit]:
        """Those that are planned or being walked."""
        return [audit for audit in self.audits if COUNTS["to_come"](audit)]

    @property
    def empty(self) -> list[Audit]:
        """Those that were walked and found nothing that has arrived."""
        return [audit for audit in self.audits if COUNTS["empty"](audit)]


@dataclass(frozen=True, slots=True)
class Programme:
    """The wards of a plan year: each priority ward, by name, then each other ward that had an audit."""

    period: Period
    priority: Sequence[WardYear]
    others: Sequence[WardYear]

    @property
    def covered(self) -> list[WardYear]:
        """The priority wards that have an audit."""
        return [ward for ward in self.priority if ward.done]

    @property
    def missing(self) -> list[WardYear]:
        """The priority wards that have none yet."""
        return [ward for ward in self.priority if not ward.done]

    @property
    def done(self) -> list[Audit]:
        """Every audit that counts, in whichever ward."""
        return [audit for ward in (*self.priority, *self.others) for audit in ward.done]

    @property
    def passing(self) -> list[Audit]:
        """The audits whose own plan has reached 80%."""
        return [audit for audit in self.done if audit.passes]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list of audits is narrowed to: a ward, PRIORITY or OTHER; a year; one of COUNTS or a state."""

    ward: str | None = None
    period: Period | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of audits with the count of all that match."""

    audits: Sequence[Audit]
    total: int
    number: int
    last: int


def of_year(period: Period, *, for_residents: bool = False) -> Programme:
    """Return the programme of a plan year, by the priority wards as they are marked now.

    `for_residents` counts of each plan the lines that residents are shown, so that no page of theirs tells by its
    counts that there is a line which staff alone may know.
    """
    names, marked = wards.in_use().names, wards.priority_codes()
    by_ward: dict[str | None, list[Audit]] = {code: [] for code in marked}
    for audit in _found(_within(period), for_residents=for_residents):
        by_ward.setdefault(audit.eva.ward_code, []).append(audit)
    order = sorted(by_ward, key=lambda code: (code is None, names.get(code or "", code or "")))
    years = [_ward_year(code, code in marked, by_ward[code], period) for code in order]
    return Programme(
        period,
        priority=[one for one in years if one.is_priority],
        others=[one for one in years if one.audits and not one.is_priority],
    )


def of_ward(code: str, period: Period, *, for_residents: bool = False) -> WardYear:
    """Return one ward's audits of a plan year; `for_residents` as in `of_year`."""
    audits = _found([*_within(period), Eva.ward_code == code], for_residents=for_residents)
    return _ward_year(code, code in wards.priority_codes(), audits, period)


def listed(wanted: Wanted, number: int = 1) -> Page:
    """Return a page of all audits, what was called off among them, newest first."""
    narrow = _within(wanted.period, with_called_off=True) if wanted.period else []
    if wanted.ward in (PRIORITY, OTHER):
        marked = wards.priority_codes()
        elsewhere = or_(Eva.ward_code.is_(None), Eva.ward_code.not_in(marked))
        narrow.append(Eva.ward_code.in_(marked) if wanted.ward == PRIORITY else elsewhere)
    elif wanted.ward:
        narrow.append(Eva.ward_code == wanted.ward)
    if wanted.state in STATUSES:
        narrow.append(Eva.status == wanted.state)
    counts = COUNTS.get(wanted.state or "", lambda audit: True)
    audits = [audit for audit in reversed(_found(narrow)) if counts(audit)]
    last = max(1, -(-len(audits) // PAGE_SIZE))
    shown = max(1, min(number, last))
    return Page(audits[(shown - 1) * PAGE_SIZE : shown * PAGE_SIZE], len(audits), shown, last)


def _within(period: Period, *, with_called_off: bool = False) -> list[ColumnElement[bool]]:
    called_off = [] if with_called_off else [Eva.status != "called_off"]
    return [Eva.held_on >= period.first, Eva.held_on <= period.last, *called_off]


def _ward_year(code: str | None, is_priority: bool, audits: Sequence[Audit], period: Period) -> WardYear:
    held = [audit.eva.held_on for audit in audits if audit.is_done]
    return WardYear(code, is_priority, audits, rules.next_due(is_priority, held, period.last))


def _found(narrow: Sequence[ColumnElement[bool]], *, for_residents: bool = False) -> list[Audit]:
    """Return the audits of which all this holds, oldest first: three questions, however many there are."""
    session, ids = db.session, select(Eva.id).where(*narrow)
    seen = (
        select(Observation.eva_id, func.count())
        .where(Observation.removed_at.is_(None), Observation.eva_id.in_(ids))
        .group_by(Observation.eva_id)
    )
    observations: dict[UUID, int] = {eva_id: count for eva_id, count in session.execute(seen)}  # noqa: C416 - rows are not typed
    lines = (
        select(Action.eva_id, Action.status, func.count())
        .where(Action.eva_id.in_(ids))
        .group_by(Action.eva_id, Action.status)
    )
    if for_residents:
        lines = lines.where(Action.id.not_in(for_staff_only()))
    statuses: dict[UUID, Counter[str]] = {}
    for eva_id, status, count in session.execute(lines):
        statuses.setdefault(eva_id, Counter())[status] = count
    evas = session.scalars(select(Eva).where(*narrow).order_by(Eva.held_on, Eva.reference))
    return [
        Audit(eva, observations.get(eva.id, 0), completion(statuses.get(eva.id, Counter()).elements()))
        for eva in evas
    ]
