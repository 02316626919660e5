"""Sessions of speed-watch as lists: a figure counts by the same conditions as the list that it opens."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select
from sqlalchemy.sql.selectable import FromClause

from webapp.extensions import db
from webapp.models.record import Record
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_scheme import SpeedScheme
from webapp.models.speed_site import SpeedSite
from webapp.models.speed_watch import SpeedCrew, SpeedSession
from webapp.models.traffic_count import TrafficCount
from webapp.rules import speed_figures as rules
from webapp.rules.roles import Person, Scope
from webapp.rules.speed_figures import Standing
from webapp.services import pact_areas, schemes

PAGE_SIZE = 50
NONE = "none"
# Sessions whose traffic was counted, and those that logged the speed of every vehicle.
COUNTED, NOT_COUNTED, ALL = "counted", "not_counted", "all"

WATCH = SpeedSession.__table__.c
KEPT = Record.__table__.c
READ = SpeedReading.__table__.c
SITE = SpeedSite.__table__.c
SCHEME = SpeedScheme.__table__.c
CREW = SpeedCrew.__table__.c
PHONE = TrafficCount.__table__.c
SESSIONS: FromClause = SpeedSession.__table__.join(Record.__table__, KEPT.id == WATCH.id).join(
    SpeedSite.__table__, SITE.id == WATCH.site_id
)
# Rows that are vehicles of their session; `webapp.rules.speed_figures.is_vehicle` says the same.
VEHICLES = (
    READ.removed_at.is_(None),
    READ.status != rules.VOID,
    or_(READ.status != rules.DRAFT, KEPT.status.not_in(rules.CHECKED)),
)
# Vehicles that nobody has decided about.
UNDECIDED = (READ.removed_at.is_(None), READ.status == rules.DRAFT)
IS_CHECKED = KEPT.status.in_(rules.CHECKED)
TO_CHECK = "to_check"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What sessions are narrowed to; every part may be left out.

    `site` is a code, `ward` one or NONE, `area` the id of a PACT area. `since` and `until` are London days of
    sessions, both included. `state` is a Standing. `traffic` is COUNTED or NOT_COUNTED, `speeds` is ALL. `check` is
    TO_CHECK: sessions that nobody has checked, and those of which something came after the check.
    """

    site: str | None = None
    scheme: int | None = None
    ward: str | None = None
    area: int | None = None
    since: date | None = None
    until: date | None = None
    state: str | None = None
    traffic: str | None = None
    speeds: str | None = None
    check: str | None = None

    def set_parts(self) -> dict[str, Any]:
        """Return the parts that narrow anything, by name."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in parts.items() if value is not None}


@dataclass(frozen=True)
class Held:
    """One session as figures see it.

    `said` is what was counted of all traffic, None where nobody counted; `seconds` how long it took, 0 where that is
    not known; `speeds` how many of its vehicles had each speed, as the database counted them.
    """

    id: UUID
    reference: str
    scheme_id: int
    scheme: str
    site_code: str
    site_name: str
    ward_code: str | None
    held_on: date
    limit_mph: int
    threshold_mph: int | None
    standing: Standing
    has_all_speeds: bool
    said: int | None
    crew: int
    seconds: int
    speeds: Mapping[int, int]

    @cached_property
    def logged(self) -> int:
        """All its vehicles."""
        return sum(self.speeds.values())

    @cached_property
    def recorded(self) -> int:
        """Its vehicles at the threshold or above."""
        return 0 if self.threshold_mph is None else self._from(self.threshold_mph)

    @cached_property
    def above(self) -> int:
        """Its vehicles over the limit."""
        return self._from(self.limit_mph + 1)

    def _from(self, least: int) -> int:
        return sum(count for speed, count in self.speeds.items() if speed >= least)

    @cached_property
    def highest(self) -> int | None:
        """Its highest speed, None without any."""
        return max(self.speeds, default=None)

    @property
    def counted(self) -> int | None:
        """All traffic as shares may use it."""
        return rules.traffic(self.said, self.logged)

    @property
    def is_doubtful(self) -> bool:
        """Whether the count cannot be right: it is below what was logged."""
        return self.said is not None and self.counted is None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of sessions with the count of all that match.

    `late` is how many vehicles came or changed after the check and wait for one, by the id of a session that has any.
    """

    sessions: Sequence[Held]
    late: Mapping[UUID, int]
    total: int
    number: int
    last: int


def standing() -> ColumnElement[str]:
    """Return how a session counts, in SQL; `webapp.rules.speed_figures.standing` says the same."""
    return case(
        (KEPT.status == rules.TAKEN_BACK, Standing.TAKEN_BACK.value),
        (WATCH.ended_at.is_(None), Standing.UNDER_WAY.value),
        (KEPT.status.not_in(rules.CHECKED), Standing.NOT_CHECKED.value),
        (WATCH.start_problems != "", Standing.LEFT_OUT.value),
        else_=Standing.COUNTED.value,
    )


def _phones() -> Any:
    return (
        select(func.sum(PHONE.counted))
        .where(PHONE.session_id == WATCH.id, PHONE.removed_at.is_(None))
        .scalar_subquery()
    )


def _said() -> ColumnElement[int | None]:
    """Return what was counted of all traffic: as a desk said, or else as phones counted."""
    return func.coalesce(WATCH.total_counted, _phones())


def _logged() -> Any:
    """Return how many vehicles a session logged."""
    query = select(func.count()).where(READ.session_id == WATCH.id, *VEHICLES)
    return query.correlate(SpeedSession.__table__, Record.__table__).scalar_subquery()


def _has_traffic(value: str) -> ColumnElement[bool]:
    is_counted = func.coalesce(_said(), -1) >= _logged()
    return is_counted if value == COUNTED else ~is_counted


def _ward(value: str) -> ColumnElement[bool]:
    return KEPT.ward_code.is_(None) if value == NONE else KEPT.ward_code == value


def _area(value: int) -> ColumnElement[bool]:
    """Return the condition that a session was in a PACT area, by its ward or its parish."""
    area = pact_areas.find(value)
    parishes = db.session.scalars(select(KEPT.parish).where(KEPT.kind == "speed_watch").distinct())
    matching = [parish for parish in parishes if area.has(None, parish)]
    return or_(KEPT.ward_code.in_(area.wards), KEPT.parish.in_(matching))


def _waits_to_be_checked() -> ColumnElement[bool]:
    undecided = select(READ.session_id).where(*UNDECIDED)
    return or_(standing() == Standing.NOT_CHECKED.value, and_(IS_CHECKED, WATCH.id.in_(undecided)))


CONDITIONS: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "site": lambda value: SITE.code == value,
    "scheme": lambda value: WATCH.scheme_id == value,
    "ward": _ward,
    "area": _area,
    "since": lambda value: WATCH.held_on >= value,
    "until": lambda value: WATCH.held_on <= value,
    "state": lambda value: standing() == value,
    "traffic": _has_traffic,
    "speeds": lambda value: WATCH.has_all_speeds.is_(value == ALL),
    "check": lambda value: _waits_to_be_checked(),
}


def conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return the conditions on SESSIONS that hold for what is wanted. Raises NotFound for an area that is none."""
    return [CONDITIONS[name](value) for name, value in wanted.set_parts().items()]


def visible_to(person: Person) -> list[ColumnElement[bool]]:
    """Return what narrows sessions to those of somebody's schemes; nothing for whoever sees all."""
    if sees_all(person):
        return []
    return [WATCH.scheme_id.in_(schemes.ids_of(person))]


def sees_all(person: Person) -> bool:
    """Return whether somebody sees the sessions of every scheme."""
    return person.scope is Scope.ALL


def held(narrow: Sequence[ColumnElement[bool]], most: int | None = None) -> list[Held]:
    """Return sessions of which all this holds, newest first, each with what was logged in it."""
    crew = select(func.count()).where(CREW.session_id == WATCH.id).scalar_subquery()
    query = (
        select(
            *FACTS,
            standing(),
            func.coalesce(WATCH.has_all_speeds, False),
            _said(),
            crew,
            WATCH.began_at,
            WATCH.ended_at,
            IS_CHECKED,
        )
        .select_from(SESSIONS.join(SpeedScheme.__table__, SCHEME.id == WATCH.scheme_id))
        .where(*narrow)
        .order_by(WATCH.held_on.desc(), WATCH.began_at.desc(), KEPT.reference.desc())
        .limit(most)
    )
    rows = db.session.execute(query).all()
    speeds = _speeds(narrow if most is None else [WATCH.id.in_([row[0] for row in rows])])
    return [_held(row, speeds.get(row[0], "")) for row in rows]


# The first facts of a session, in the order in which Held has them.
FACTS = (
    WATCH.id,
    KEPT.reference,
    WATCH.scheme_id,
    SCHEME.name,
    SITE.code,
    SITE.name,
    KEPT.ward_code,
    WATCH.held_on,
    WATCH.limit_mph,
    WATCH.threshold_mph,
)


def _held(row: Sequence[Any], spelled: str) -> Held:
    *facts, how, is_complete, said, crew, began_at, ended_at, is_checked = row
    speeds = _read(spelled, is_checked=bool(is_checked))
    seconds = rules.lasted(began_at, ended_at)
    total = None if said is None else int(said)
    in_order = [*facts, Standing(how), bool(is_complete), total, crew, seconds, speeds]
    return Held(*in_order)


def _speeds(narrow: Sequence[ColumnElement[bool]]) -> dict[UUID, str]:
    """Return of each session how many vehicles had each speed, and how many of those are undecided.

    The database counts them in the order of one index. A session comes as one row, its numbers spelled in one text: as
    rows of their own they would take longer to fetch than to count.
    """
    own = select(WATCH.id).select_from(SESSIONS).where(*narrow)
    alike = (READ.session_id, READ.speed_mph)
    undecided = func.sum(case((READ.status == rules.DRAFT, 1), else_=0))
    query = select(*alike, func.count().label("number"), undecided.label("undecided"))
    query = query.where(READ.session_id.in_(own), READ.removed_at.is_(None), READ.status != rules.VOID)
    counted = query.group_by(*alike).subquery().c
    numbers = (counted.speed_mph, counted.number, counted.undecided)
    first, second, third = (cast(number, String) for number in numbers)
    spelled = first.concat(":").concat(second).concat(":").concat(third)
    texts = select(counted.session_id, func.aggregate_strings(spelled, " ")).group_by(counted.session_id)
    return {own_id: str(text) for own_id, text in db.session.execute(texts)}


def _read(spelled: str, *, is_checked: bool) -> dict[int, int]:
    """Return how many vehicles had each speed; `webapp.rules.speed_figures.is_vehicle` says the same of each."""
    told = ([int(number) for number in one.split(":")] for one in spelled.split(" ") if one)
    counts = {speed: number - (undecided if is_checked else 0) for speed, number, undecided in told}
    return {speed: number for speed, number in counts.items() if number}


def count(narrow: Iterable[ColumnElement[bool]]) -> int:
    """Return how many sessions there are of which all this holds."""
    return db.session.scalar(select(func.count()).select_from(SESSIONS).where(*narrow)) or 0


def page_of(sessions: Sequence[Held], number: int = 1) -> Page:
    """Return a page of a list of sessions."""
    last = max(1, -(-len(sessions) // PAGE_SIZE))
    shown = max(1, min(number, last))
    some = sessions[(shown - 1) * PAGE_SIZE : shown * PAGE_SIZE]
    return Page(some, _late_of([one.id for one in some]), len(sessions), shown, last)


def _late_of(ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many vehicles of checked sessions wait to be checked too, by session."""
    query = (
        select(WATCH.id, func.count())
        .select_from(SESSIONS.join(SpeedReading.__table__, READ.session_id == WATCH.id))
        .where(WATCH.id.in_(ids), IS_CHECKED, *UNDECIDED)
        .group_by(WATCH.id)
    )
    return {own_id: int(number) for own_id, number in db.session.execute(query)}


def sites(person: Person) -> list[tuple[str, str]]:
    """Return code and name of the sites at which sessions that somebody may see were held, by name."""
    query = select(SITE.code, SITE.name).select_from(SESSIONS).where(*visible_to(person)).distinct()
    return [
        (code, f"{name} ({code})") for code, name in db.session.execute(query.order_by(SITE.name, SITE.code))
    ]
