"""The figures of speed-watch: of a session, a site, a scheme, a ward, the district (field-facts 3.5).

Readings are counted in SQL, by speed, and never loaded; what is worked out of the counts is a rule. A figure is made of
sessions that were held as they should and checked; `opens` is the list of exactly these.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, select

from webapp.extensions import clock, db
from webapp.models.speed_scheme import SpeedVolunteer
from webapp.models.speed_watch import SpeedCrew, SpeedSession
from webapp.rules import periods
from webapp.rules import speed_figures as rules
from webapp.rules.clock import local_date
from webapp.rules.periods import Period
from webapp.rules.roles import Person
from webapp.rules.shares import in_per_cent
from webapp.rules.speed import FEW, threshold
from webapp.rules.speed_figures import Standing
from webapp.services import speed_sessions as sessions
from webapp.services.speed_sessions import CREW, SESSIONS, WATCH, Held, Wanted


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole, never without both: vehicles of vehicles, of the sessions in which both are known."""

    part: int
    whole: int

    @property
    def words(self) -> str:
        """The share in per cent, cut and not rounded; "no data" for nothing of nothing."""
        return in_per_cent(self.part, self.whole)


@dataclass(frozen=True, slots=True)
class AllSpeeds:
    """What may be said only of sessions that logged every speed; `is_few` flags that it says little."""

    sessions: int
    vehicles: int
    mean: Fraction
    percentile_85: int

    @property
    def is_few(self) -> bool:
        """Whether there are fewer vehicles than a percentile says something of."""
        return self.vehicles < FEW


@dataclass(frozen=True, slots=True)
class OfLimit:
    """The vehicles at one limit, since speeds of roads with different limits say nothing together."""

    limit: int
    sessions: int
    logged: int
    recorded: int
    highest: int | None
    bands: Sequence[tuple[str, int]]
    speeds: AllSpeeds | None

    @property
    def threshold(self) -> int | None:
        """The speed from which vehicles are recorded."""
        return threshold(self.limit)


@dataclass(frozen=True)
class Figures:
    """The figures of some sessions. `volunteers` are the people in their crews, each counted once."""

    opens: Wanted
    held: Sequence[Held]
    volunteers: int = 0

    @property
    def sessions(self) -> int:
        """How many sessions there were."""
        return len(self.held)

    @cached_property
    def _with_traffic(self) -> list[Held]:
        return [one for one in self.held if one.counted is not None]

    @property
    def counted_in(self) -> int:
        """In how many sessions traffic was counted."""
        return len(self._with_traffic)

    @property
    def counted(self) -> int | None:
        """All traffic in the sessions in which it was counted, None where it was in none."""
        return _traffic(self._with_traffic) if self._with_traffic else None

    @property
    def doubtful(self) -> int:
        """In how many sessions the count is below what was logged, so that it is left out."""
        return sum(one.is_doubtful for one in self.held)

    @property
    def logged(self) -> int:
        """All vehicles of which the speed was logged."""
        return sum(one.logged for one in self.held)

    @property
    def recorded(self) -> int:
        """The vehicles at the threshold or above."""
        return sum(one.recorded for one in self.held)

    @property
    def at_threshold(self) -> Part | None:
        """Those recorded of those counted; None where traffic was not counted."""
        counted = self._with_traffic
        return Part(sum(one.recorded for one in counted), _traffic(counted)) if counted else None

    @property
    def over_limit(self) -> Part | None:
        """Those over the limit of those counted, in sessions that logged every speed besides; None without any.

        In others nobody wrote down what drove between the limit and the threshold.
        """
        complete = [one for one in self._with_traffic if one.has_all_speeds]
        return Part(sum(one.above for one in complete), _traffic(complete)) if complete else None

    @property
    def seconds(self) -> int:
        """How long the sessions took together, of those of which that is known."""
        return sum(one.seconds for one in self.held)

    @property
    def per_hour(self) -> Fraction | None:
        """How many vehicles were recorded in an hour, in the sessions of which it is known how long they took."""
        return rules.per_hour(sum(one.recorded for one in self.held if one.seconds), self.seconds)

    @property
    def volunteer_hours(self) -> Fraction:
        """The time that volunteers gave: crew by duration."""
        return rules.in_hours(sum(one.crew * one.seconds for one in self.held))

    @property
    def highest(self) -> int | None:
        """The highest speed at any limit."""
        return max((one.highest for one in self.held if one.highest is not None), default=None)

    @cached_property
    def limits(self) -> list[OfLimit]:
        """The vehicles at each limit that there was, the lowest first."""
        limits = sorted({one.limit_mph for one in self.held})
        return [_of_limit(limit, [one for one in self.held if one.limit_mph == limit]) for limit in limits]

    @property
    def only_limit(self) -> OfLimit | None:
        """The one limit there was, None where there were several or none."""
        return self.limits[0] if len(self.limits) == 1 else None


def _traffic(counted: Sequence[Held]) -> int:
    return sum(one.counted or 0 for one in counted)


def _of_limit(limit: int, held: Sequence[Held]) -> OfLimit:
    complete = [one for one in held if one.has_all_speeds]
    of_all = _speeds_of(complete)
    speeds = of_all + _speeds_of(one for one in held if not one.has_all_speeds)
    mean, percentile = rules.mean(of_all), rules.percentile_85(of_all)
    return OfLimit(
        limit=limit,
        sessions=len(held),
        logged=speeds.total(),
        recorded=sum(one.recorded for one in held),
        highest=max(speeds, default=None),
        bands=rules.in_bands(speeds, limit),
        speeds=AllSpeeds(sum(one.logged > 0 for one in complete), of_all.total(), mean, percentile)
        if mean is not None and percentile is not None
        else None,
    )


def _speeds_of(held: Iterable[Held]) -> Counter[int]:
    speeds: Counter[int] = Counter()
    for one in held:
        speeds.update(one.speeds)
    return speeds


def of(wanted: Wanted) -> Figures:
    """Return the figures of what is wanted: of the sessions in it that count, unless another state is asked for."""
    asked = replace(wanted, state=wanted.state or Standing.COUNTED)
    narrow = sessions.conditions(asked)
    return Figures(asked, sessions.held(narrow), volunteers(narrow))


def listed(wanted: Wanted, person: Person) -> Figures:
    """Return the figures of a list as somebody sees it: of every session on it, in whatever state."""
    narrow = [*sessions.conditions(wanted), *sessions.visible_to(person)]
    return Figures(wanted, sessions.held(narrow), volunteers(narrow))


def of_period(period: Period, wanted: Wanted | None = None) -> Figures:
    """Return the figures of a period, by the days on which sessions were held."""
    return of(within(period, wanted or Wanted()))


def within(period: Period, wanted: Wanted) -> Wanted:
    """Return the same narrowed to a period."""
    return replace(wanted, since=period.first, until=period.last)


def volunteers(narrow: Sequence[ColumnElement[bool]]) -> int:
    """Return how many people were in the crews; who is in several schemes with one account is one person."""
    person = SpeedVolunteer.__table__.c
    query = (
        select(person.user_id, person.id)
        .select_from(SESSIONS.join(SpeedCrew.__table__, CREW.session_id == WATCH.id))
        .join(SpeedVolunteer.__table__, person.id == CREW.volunteer_id)
        .where(*narrow)
        .distinct()
    )
    return len({(user, None if user else own) for user, own in db.session.execute(query)})


@dataclass(frozen=True, slots=True)
class Summary:
    """What a crew reads at the end: the figures of their session, and what their scheme has given this plan year."""

    session: Held
    figures: Figures
    year: Period
    scheme: Figures


def session_summary(session: SpeedSession) -> Summary:
    """Return the figures of one session, checked or not, and those of its scheme this plan year."""
    narrow = [WATCH.id == session.id]
    held, today = sessions.held(narrow), local_date(clock.now())
    year = periods.year(periods.fiscal_year_of(today))
    return Summary(
        session=held[0],
        figures=Figures(Wanted(), held, volunteers(narrow)),
        year=year,
        scheme=of_period(year, Wanted(scheme=session.scheme_id)),
    )


@dataclass(frozen=True, slots=True)
class Parts:
    """The sessions of a period by ward, by scheme and by site, each under the name that pages call it by."""

    wards: Mapping[str | None, Figures]
    schemes: Mapping[str, Figures]
    sites: Mapping[str, tuple[str, Figures]]


def parts_of(whole: Figures) -> Parts:
    """Return the figures of each ward, scheme and site that had any of these sessions."""
    held, opens = whole.held, whole.opens
    names = {one.scheme_id: one.scheme for one in held}
    codes = {one.site_code: one.site_name for one in held}
    by_scheme, by_site = (
        _grouped(held, by, opens, part) for by, part in (("scheme_id", "scheme"), ("site_code", "site"))
    )
    return Parts(
        wards=_grouped(held, "ward_code", opens, "ward"),
        schemes={names[own]: by_scheme[own] for own in sorted(by_scheme, key=names.__getitem__)},
        sites={code: (codes[code], by_site[code]) for code in sorted(by_site, key=codes.__getitem__)},
    )


def by_site(since: date) -> Mapping[str, Figures]:
    """Return the figures of each site that had sessions since a London day, by its code."""
    opens = Wanted(state=Standing.COUNTED.value, since=since)
    return _grouped(sessions.held(sessions.conditions(opens)), "site_code", opens, "site")


def _grouped(held: Sequence[Held], by: str, opens: Wanted, part: str) -> dict[Any, Figures]:
    """Return the figures of sessions for each value of one of their facts; `part` narrows the list to it."""
    values: dict[Any, list[Held]] = {}
    for one in held:
        values.setdefault(getattr(one, by), []).append(one)
    found = {}
    for value, some in values.items():
        narrower: dict[str, Any] = {part: sessions.NONE if value is None else value}
        found[value] = Figures(replace(opens, **narrower), some)
    return found
