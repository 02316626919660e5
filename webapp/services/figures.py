"""The 7-day figure and what stands beside it: each a number that opens exactly the records it counts (Action Plan 4.7).

Everything is counted from the columns that the rule wrote, along one index; what a figure counts is said by the same
filters as the list of records that it opens.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import func, select

from webapp.extensions import clock, db
from webapp.models.record import Record
from webapp.rules import clock as rules
from webapp.rules.clock import CLEAR_UP_DAYS, Standing, local_date
from webapp.rules.codes.clock import IN_TARGET, SCOPES
from webapp.rules.periods import Period
from webapp.rules.shares import in_per_cent
from webapp.services import records
from webapp.services.filters import COUNTED, LONGER, NONE, Filters, conditions, working_days_target
from webapp.services.tally import LATE, Span, tally


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, never without both; `opens_part` and `opens_whole` are the lists behind them."""

    part: int
    whole: int
    opens_part: Filters = field(default_factory=Filters)
    opens_whole: Filters = field(default_factory=Filters)

    @property
    def words(self) -> str:
        """The share in per cent, cut and not rounded, so that 79.96 is not 80; "no data" for nothing of nothing.

        >>> Share(2399, 3000).words, Share(0, 0).words, Share(41, 48).words
        ('79.9%', 'no data', '85.4%')
        """
        return in_per_cent(self.part, self.whole)

    def reaches(self, per_cent: Fraction) -> bool | None:
        """Return whether the share is at least so many per cent, exactly; None without data.

        >>> [share.reaches(Fraction(80)) for share in (Share(4, 5), Share(7996, 10000), Share(0, 0))]
        [True, False, None]
        """
        return None if self.whole == 0 else self.part * 100 >= per_cent * self.whole


@dataclass(frozen=True, slots=True)
class Count:
    """A number of records with the list that it opens."""

    value: int
    opens: Filters


@dataclass(frozen=True, slots=True)
class SevenDays:
    """The 7-day figure of some records: cleared within 7 days / all in scope whose day 7 has passed.

    `early` (cleared) and `not_yet_due` (not cleared) are those whose day 7 has not passed: provisional, and apart, so
    that early clearances cannot flatter the running quarter. `left_out` says by reason what the figure does not cover.
    """

    cleared: Share
    early: Count
    not_yet_due: Count
    left_out: Mapping[str, Count]

    @property
    def private(self) -> Count:
        """The incidents on private land, which the district's committee asked to see beside the figure."""
        return self.left_out["private_land"]


@dataclass(frozen=True, slots=True)
class Group:
    """How many records of one ward are alike in all that the figure looks at; `days` as in a Tally."""

    ward: str | None
    scope: str
    is_past: bool
    days: int | None
    count: int

    @property
    def standing(self) -> Standing:
        """How its records count."""
        return rules.standing(self.scope, self.days, is_past=self.is_past)


def groups(
    asked: Sequence[Period], today: date, wards: Sequence[str | None] | None = None
) -> list[list[Group]]:
    """Return for each period all records first reported in it as groups, those of some wards where they are named."""
    past = [_past(period, today) for period in asked]
    recent = [
        (max(period.first, last + timedelta(days=1)), period.last)
        for period, (_, last) in zip(asked, past, strict=True)
    ]
    found: list[list[Group]] = [[] for _ in asked]
    for one in tally([*past, *recent], wards):
        for at, count in enumerate(one.counts):
            if count:
                is_past = at < len(asked)
                found[at % len(asked)].append(Group(one.ward, one.scope, is_past, one.days, count))
    return found


def _past(period: Period, today: date) -> Span:
    """Return the days of a period whose day 7 has passed; the last is before the first where there are none."""
    return period.first, min(period.last, today - timedelta(days=CLEAR_UP_DAYS + 1))


def cleared_in(period: Period) -> Share:
    """Return the figure of a period alone, without what stands beside it."""
    span = _past(period, local_date(clock.now()))
    found = [
        Group(one.ward, one.scope, True, one.days, *one.counts) for one in tally([span], scopes=(IN_TARGET,))
    ]
    return seven_days(found, Filters(since=period.first, until=period.last)).cleared


def seven_days(found: Sequence[Group], within: Filters) -> SevenDays:
    """Return the 7-day figure of groups; `within` is what they were narrowed to, for the lists that it opens."""
    by_standing: Counter[Standing] = Counter()
    by_scope: Counter[str] = Counter()
    for group in found:
        by_standing[group.standing] += group.count
        by_scope[group.scope] += group.count
    in_time = by_standing[Standing.IN_TIME]

    def opens(standing: str) -> Filters:
        return replace(within, standing=standing)

    return SevenDays(
        cleared=Share(
            in_time, in_time + by_standing[Standing.MISSED], opens(Standing.IN_TIME), opens(COUNTED)
        ),
        early=Count(by_standing[Standing.CLEARED_EARLY], opens(Standing.CLEARED_EARLY)),
        not_yet_due=Count(by_standing[Standing.NOT_YET_DUE], opens(Standing.NOT_YET_DUE)),
        left_out={
            code.value: Count(by_scope[code.value], replace(within, scope=code.value))
            for code in SCOPES
            if code.value != IN_TARGET
        },
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """The figure of a period, whole and by ward; `within` is what it is narrowed to, `found` what it was made of."""

    period: Period
    within: Filters
    whole: SevenDays
    wards: Mapping[str | None, SevenDays]
    found: Sequence[Group]


def of_periods(asked: Sequence[Period], *, ward: str | None = None) -> list[Figures]:
    """Return the 7-day figure of all records first reported in each period, or of those in one ward."""
    found = groups(asked, local_date(clock.now()), [ward] if ward else None)
    return [_figures(period, some, ward) for period, some in zip(asked, found, strict=True)]


def of_period(period: Period, *, ward: str | None = None) -> Figures:
    """Return the 7-day figure of one period."""
    return of_periods([period], ward=ward)[0]


def _figures(period: Period, found: Sequence[Group], ward: str | None) -> Figures:
    within = Filters(since=period.first, until=period.last, ward=ward)
    by_ward: dict[str | None, list[Group]] = defaultdict(list)
    for group in found:
        by_ward[group.ward].append(group)
    wards = {code: seven_days(some, replace(within, ward=code or NONE)) for code, some in by_ward.items()}
    return Figures(period, within, seven_days(found, within), wards, found)


def days_taken(figures: Figures) -> list[tuple[str, Count]]:
    """Return how many records in scope took how many days to clear: each day of the clock, then all the longer."""
    counts: Counter[str] = Counter()
    for group in figures.found:
        if group.scope == IN_TARGET and group.days is not None:
            counts[LONGER if group.days == LATE else str(group.days)] += group.count
    names = [*(str(day) for day in range(CLEAR_UP_DAYS + 1)), LONGER]
    return [
        (name, Count(counts[name], replace(figures.within, scope=IN_TARGET, days=name))) for name in names
    ]


def in_working_days(period: Period) -> Share | None:
    """Return the share cleared within the second target, of all in scope of which it has passed; None without one."""
    if not working_days_target():
        return None
    counted = Filters(since=period.first, until=period.last, working=COUNTED)
    in_time = replace(counted, working=Standing.IN_TIME)
    return share_of(in_time, counted)


def share_of(part: Filters, whole: Filters) -> Share:
    """Return the share that one list of records is of another."""
    return Share(count_of(part).value, count_of(whole).value, part, whole)


def count_of(within: Filters) -> Count:
    """Return how many records a list of records has."""
    return Count(records.count(conditions(within, local_date(clock.now()))), within)


def median_days(figures: Figures) -> Fraction | None:
    """Return the middle of the days that clearing took in scope, between the two middle ones where there are two."""
    counts: Counter[int] = Counter()
    for group in figures.found:
        if group.scope == IN_TARGET and group.days is not None:
            counts[group.days] += group.count
    total = counts.total()
    middles = {(total - 1) // 2, total // 2}
    return Fraction(sum(_at(figures, counts, place) for place in middles), len(middles)) if total else None


def _at(figures: Figures, counts: Counter[int], place: int) -> int:
    """Return the days of one clearance, counted from the fastest; only the late ones have to be looked for."""
    passed = 0
    for days in range(LATE):
        passed += counts[days]
        if passed > place:
            return days
    late = replace(figures.within, scope=IN_TARGET, days=LONGER)
    query = select(Record.days_taken).where(*conditions(late, figures.period.last))
    found = db.session.scalar(query.order_by(Record.days_taken).offset(place - passed).limit(1))
    return found or LATE


def oldest_open() -> date | None:
    """Return the day of the oldest report in scope that nobody has cleared, None when there is none."""
    query = select(func.min(Record.reported_on))
    return db.session.scalar(query.where(Record.closed_at.is_(None), Record.scope == IN_TARGET))
