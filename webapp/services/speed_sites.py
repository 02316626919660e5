"""Speed-watch sites: which of them somebody may see, what stands in the way of watching there, and their history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.models.account import User
from webapp.models.event import Event
from webapp.models.speed_site import SpeedSite
from webapp.rules import site_moves, speed_start
from webapp.rules.errors import NotFound
from webapp.rules.roles import Permission, Person
from webapp.rules.training import SOON
from webapp.services.references import next_number
from webapp.services.rows import Rows

PAGE_SIZE = 200
# The series that codes are counted in, which has no years: a code never changes.
SERIES, NO_YEAR = "ST", 0
NO_WARD = "none"
# Assessments that have run out, and these with those that run out soon.
LAPSED, DUE = "lapsed", "due"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list of sites is narrowed to; `ward` is a code, or NO_WARD, `review` is LAPSED or DUE."""

    status: str | None = None
    limit: int | None = None
    ward: str | None = None
    review: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of sites with the count of all that match."""

    sites: Sequence[SpeedSite]
    total: int
    number: int
    last: int


def sees_all(person: Person) -> bool:
    """Return whether somebody sees sites in every state, and what is for those who go there."""
    return person.may(Permission.WATCH_SPEEDS)


def find(code: str, person: Person) -> SpeedSite:
    """Return one site, its code in any capitals. Raises NotFound where there is none for this person."""
    found = db.session.scalar(
        select(SpeedSite)
        .where(SpeedSite.code == code.strip().upper())
        .execution_options(populate_existing=True)
    )
    if found is None or not (found.status == "approved" or sees_all(person)):
        raise NotFound
    return found


def listed(wanted: Wanted, person: Person, today: date, number: int = 1) -> Page:
    """Return a page of the sites that somebody may see, by name."""
    narrow = _narrowed(wanted, person, today)
    total = _count(narrow)
    last = max(1, -(-total // PAGE_SIZE))
    shown = max(1, min(number, last))
    query = select(SpeedSite).where(*narrow).order_by(func.lower(SpeedSite.name), SpeedSite.code)
    rows = db.session.scalars(query.limit(PAGE_SIZE).offset((shown - 1) * PAGE_SIZE)).all()
    return Page(rows, total, shown, last)


def count(wanted: Wanted, person: Person, today: date) -> int:
    """Return how many sites there are on the list that this opens."""
    return _count(_narrowed(wanted, person, today))


def _count(narrow: Sequence[ColumnElement[bool]]) -> int:
    return db.session.scalar(select(func.count()).select_from(SpeedSite).where(*narrow)) or 0


def _narrowed(wanted: Wanted, person: Person, today: date) -> list[ColumnElement[bool]]:
    narrow: list[ColumnElement[bool]] = [] if sees_all(person) else [SpeedSite.status == "approved"]
    if wanted.status:
        narrow.append(SpeedSite.status == wanted.status)
    if wanted.limit:
        narrow.append(SpeedSite.limit_mph == wanted.limit)
    if wanted.ward:
        narrow.append(
            SpeedSite.ward_code.is_(None) if wanted.ward == NO_WARD else SpeedSite.ward_code == wanted.ward
        )
    if wanted.review:
        in_force = SpeedSite.status.in_(("assessed", "approved", "suspended"))
        until = today + SOON if wanted.review == DUE else today - timedelta(days=1)
        runs_out = or_(SpeedSite.review_due_on.is_(None), SpeedSite.review_due_on <= until)
        narrow.append(and_(in_force, runs_out))
    return narrow


def start_site(site: SpeedSite) -> speed_start.Site:
    """Return what of a site decides whether a session may begin."""
    return speed_start.Site(
        status=site.status,
        limit_mph=site.limit_mph,
        review_due_on=site.review_due_on,
        max_crew=site.max_crew,
    )


def problems(site: SpeedSite, today: date) -> tuple[speed_start.Problem, ...]:
    """Return why nobody may watch from a site today; empty when they may."""
    return speed_start.site_problems(start_site(site), today)


def of_request(request_id: int) -> SpeedSite | None:
    """Return the site that was made of a request, None while there is none."""
    return db.session.scalar(select(SpeedSite).where(SpeedSite.request_id == request_id))


def of_area(area_id: int) -> Sequence[SpeedSite]:
    """Return the sites that were asked for from the page of a PACT area, newest first."""
    query = select(SpeedSite).where(SpeedSite.pact_area_id == area_id)
    return db.session.scalars(query.order_by(SpeedSite.asked_at.desc(), SpeedSite.code)).all()


def next_code(session: Session) -> str:
    """Return the next free code, such as S14, which the caller holds until its commit."""
    rows = Rows(session)
    while True:
        code = f"S{next_number(rows, SERIES, NO_YEAR):02}"
        if session.scalar(select(SpeedSite.id).where(SpeedSite.code == code)) is None:
            return code


def _about(code: str) -> tuple[ColumnElement[bool], ...]:
    return (Event.record_id.is_(None), Event.after["site"].as_string() == code)


def newest_event(session: Session, code: str) -> int:
    """Return the number of the newest event of a site, 0 without any: a page says with it what it knew."""
    return session.scalar(select(func.max(Event.id)).where(*_about(code))) or 0


def history_of(site: SpeedSite, since: int = 0) -> list[tuple[Event, str | None]]:
    """Return what happened to a site after an event, with who did it, newest first."""
    query = (
        select(Event, User.name)
        .outerjoin(User, Event.by_id == User.id)
        .where(*_about(site.code), Event.id > since)
        .order_by(Event.id.desc())
    )
    return [(event, name) for event, name in db.session.execute(query)]


def assessed(site: SpeedSite, given: Mapping[str, Any] = MappingProxyType({})) -> site_moves.Assessed:
    """Return what of a site's assessment decides whether it may be approved, with the columns that are given."""

    def now(name: str) -> Any:
        return given.get(name, getattr(site, name))

    return site_moves.Assessed(
        reference=now("assessment_reference"),
        assessor=now("assessor"),
        assessed_on=now("assessed_on"),
        review_due_on=now("review_due_on"),
        directions=now("directions").split(),
        limit_mph=now("limit_mph"),
        has_point=now("latitude") is not None,
    )


def said(site: SpeedSite) -> dict[str, Any]:
    """Return what history says of a site: nothing that somebody wrote about it."""
    return {
        "site": site.code,
        "status": site.status,
        "limit_mph": site.limit_mph,
        "review_due_on": site.review_due_on.isoformat() if site.review_due_on else None,
    }
