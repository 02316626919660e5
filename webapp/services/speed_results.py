"""What was found at one site over time: for residents what was checked, for its schemes what waits to be, too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.speed_site import SpeedSite
from webapp.rules.errors import NotFound
from webapp.rules.periods import Period, quarter_of
from webapp.rules.roles import ANYBODY, Permission, Person
from webapp.rules.speed import in_tenths
from webapp.rules.speed_figures import STANDINGS, Standing
from webapp.services import schemes, speed_figures, speed_sessions
from webapp.services.speed_figures import Figures
from webapp.services.speed_sessions import Held, Wanted

# So many sessions are drawn and listed at once.
SHOWN = 12
# Whatever became of a site since: its results stay. What was never approved has none that residents are shown.
PUBLIC = ("approved", "suspended", "retired")


@dataclass(frozen=True, slots=True)
class Result:
    """One session with its figures."""

    session: Held
    figures: Figures


@dataclass(frozen=True, slots=True)
class SiteResults:
    """What was found at a site, all together or in one period.

    `sessions` are those of one page, newest first, `quarters` all that had sessions, newest first, one for each limit
    that there was in it. `left_out` is how many sessions should not have started. `waiting` are sessions that are not
    checked yet, of the schemes of whoever asks: provisional, in no figure, and shown to nobody else. `opens` says
    whether the lists behind the figures are those of all schemes, so that a count opens what it counts; of `schemes`
    whoever asks may open each session.
    """

    site: SpeedSite
    period: Period | None
    figures: Figures
    newest: Result | None
    sessions: Sequence[Result]
    number: int
    last: int
    quarters: Sequence[tuple[Period, Figures]]
    left_out: int
    waiting: Sequence[Result]
    opens: bool
    schemes: frozenset[int]

    @property
    def limits(self) -> list[int]:
        """The limits that the site has had, the newest first."""
        return list(dict.fromkeys(figures.limits[0].limit for _, figures in self.quarters))

    @property
    def limit(self) -> speed_figures.OfLimit | None:
        """What was found at the site's one limit; None where the limit changed meanwhile, or nothing was held."""
        return self.figures.only_limit


def find(code: str, person: Person) -> SpeedSite:
    """Return a site whose results somebody may read. Raises NotFound for one that residents are not shown."""
    site = db.session.scalar(select(SpeedSite).where(SpeedSite.code == code.upper()))
    if site is None or not (site.status in PUBLIC or person.may(Permission.WATCH_SPEEDS)):
        raise NotFound
    return site


def of_site(
    site: SpeedSite, person: Person = ANYBODY, period: Period | None = None, number: int = 1
) -> SiteResults:
    """Return what was found at a site, in a period if one is asked for, with one page of its sessions."""
    every = Wanted(site=site.code, state=Standing.COUNTED)
    opens = speed_figures.within(period, every) if period else every
    held = speed_sessions.held(speed_sessions.conditions(every))
    asked = [one for one in held if period is None or period.first <= one.held_on <= period.last]
    last = max(1, -(-len(asked) // SHOWN))
    shown = max(1, min(number, last))
    page = asked[(shown - 1) * SHOWN : shown * SHOWN]
    return SiteResults(
        site=site,
        period=period,
        figures=Figures(opens, asked, speed_figures.volunteers(speed_sessions.conditions(opens))),
        newest=_result(held[0]) if held else None,
        sessions=[_result(one) for one in page],
        number=shown,
        last=last,
        quarters=[
            (one, Figures(speed_figures.within(one, every), some))
            for (one, _), some in _quarters(held).items()
        ],
        left_out=speed_sessions.count(
            speed_sessions.conditions(replace(opens, state=Standing.LEFT_OUT.value))
        ),
        waiting=_waiting(opens, person),
        opens=person.may(Permission.WATCH_SPEEDS) and speed_sessions.sees_all(person),
        schemes=schemes.ids_of(person),
    )


def _result(held: Held) -> Result:
    return Result(held, Figures(Wanted(), [held]))


def _quarters(held: Sequence[Held]) -> dict[tuple[Period, int], list[Held]]:
    quarters: dict[tuple[Period, int], list[Held]] = {}
    for one in held:
        quarters.setdefault((quarter_of(one.held_on), one.limit_mph), []).append(one)
    return quarters


def _waiting(opens: Wanted, person: Person) -> list[Result]:
    if not person.may(Permission.WATCH_SPEEDS):
        return []
    narrow = speed_sessions.conditions(replace(opens, state=Standing.NOT_CHECKED.value))
    waiting = speed_sessions.held([*narrow, *speed_sessions.visible_to(person)], SHOWN)
    return [_result(one) for one in waiting]


HEAD = (
    "Reference",
    "Scheme",
    "Held on",
    "Counts",
    "Limit (mph)",
    "Recorded from (mph)",
    "Minutes",
    "Crew",
    "Traffic counted",
    "All speeds logged",
    "Speeds logged",
    "Recorded",
    "Recorded of counted",
    "Over the limit, of speeds logged",
    "Highest (mph)",
    "Mean (mph)",
    "85th percentile (mph)",
    "First band",
    "Second band",
    "Third band",
    "Fourth band",
)


def rows(site: SpeedSite, person: Person) -> Iterator[Sequence[Any]]:
    """Yield the head and each session at a site of somebody's schemes, oldest first; there is no vehicle in it."""
    yield HEAD
    narrow = [*speed_sessions.conditions(Wanted(site=site.code)), *speed_sessions.visible_to(person)]
    for one in reversed(speed_sessions.held(narrow)):
        yield _row(one, Figures(Wanted(), [one]))


def _row(one: Held, figures: Figures) -> Sequence[Any]:
    own = figures.limits[0]
    return (
        one.reference,
        one.scheme,
        one.held_on,
        STANDINGS.label(one.standing),
        one.limit_mph,
        one.threshold_mph,
        one.seconds // 60 or None,
        one.crew,
        one.said,
        "yes" if one.has_all_speeds else "no",
        one.logged,
        one.recorded,
        figures.at_threshold.words if figures.at_threshold else "not counted",
        one.above if one.has_all_speeds else None,
        one.highest,
        in_tenths(own.speeds.mean) if own.speeds else None,
        own.speeds.percentile_85 if own.speeds else None,
        *(f"{words}: {count}" for words, count in own.bands),
    )
