"""The worklist: every open fly-tip that somebody must act on, by its clock or in the order to drive to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from webapp.extensions import clock, db
from webapp.geo.route import driving_order, legs
from webapp.models.event import Event
from webapp.models.fly_tipping import FlyTip
from webapp.models.photo import Photo
from webapp.models.record import Record
from webapp.models.report import Report
from webapp.rules.clock import CLEAR_UP_DAYS, local_date
from webapp.rules.codes.clock import IN_TARGET, UNDECIDED
from webapp.rules.roles import Person
from webapp.services.filters import NONE
from webapp.services.records import count, visible_to

KIND = "fly_tipping"
PAGE_SIZE = 50
# So many places are more than a day's work for one crew, and the way through them is found in a moment.
MOST_ON_A_ROUTE = 100
FIRST_SOON_DAY = 5
BUCKETS = ("past", "soon", "rest", "held", "out")
# Cleared and waiting for an officer to close it: not open any more, so it is in no count above.
TO_CLOSE = "to_close"
ORDERS = ("clock", "route")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; `bucket` is one of BUCKETS."""

    bucket: str | None = None
    ward: str | None = None
    body: str | None = None
    crew: str | None = None
    order: str = "clock"
    page: int = 1


EVERYTHING = Wanted()
# By a bare column SQLite would go through all that has a scope, ward or body, and not through the few that are open.
SCOPE = func.coalesce(Record.scope, "")


@dataclass(frozen=True, slots=True)
class Line:
    """One record of the list with what its line says: who waits to hear, its first photo, and how far to drive."""

    tip: FlyTip
    to_tell: int
    photo_id: UUID | None
    newest_event: int
    leg_m: float | None


@dataclass(frozen=True, slots=True)
class Worklist:
    """The lines of one page, and how many open records each bucket holds within ward, body and crew."""

    lines: Sequence[Line]
    counts: Mapping[str, int]
    total: int
    number: int
    last: int


def bucket(name: str, today: date) -> ColumnElement[bool]:
    """Return the condition on an open record that puts it into a bucket; each is in exactly one."""
    # Said of the day of the report, by which the index of open records is in order: day 7 is due.
    due, soon = today - timedelta(days=CLEAR_UP_DAYS), today - timedelta(days=FIRST_SOON_DAY)
    in_target = SCOPE == IN_TARGET
    return {
        "past": and_(in_target, Record.reported_on < due),
        "soon": and_(in_target, Record.reported_on >= due, Record.reported_on <= soon),
        "rest": and_(in_target, Record.reported_on > soon),
        "held": SCOPE == UNDECIDED,
        "out": SCOPE.not_in((IN_TARGET, UNDECIDED)),
    }[name]


def show(wanted: Wanted, person: Person) -> Worklist:
    """Return the open records that this person must act on, the most urgent first, or in the order to drive."""
    today = local_date(clock.now())
    narrow = _narrowed(wanted, person)
    counts = _counts(narrow, today)
    if wanted.bucket == TO_CLOSE:
        narrow, total = _narrowed(wanted, person, CLEARED), to_close(person, wanted)
    elif wanted.bucket:
        narrow, total = [*narrow, bucket(wanted.bucket, today)], counts[wanted.bucket]
    else:
        total = sum(counts.values())
    if wanted.order == "route":
        return _route(narrow, counts, total)
    last = max(1, -(-total // PAGE_SIZE))
    number = max(1, min(wanted.page, last))
    tips = _most_urgent(narrow, PAGE_SIZE, (number - 1) * PAGE_SIZE)
    return Worklist(_lines(tips), counts, total, number, last)


STILL_OPEN = (Record.closed_at.is_(None), SCOPE != "")
CLEARED = (Record.kind == KIND, Record.closed_at.is_not(None), Record.status == "cleared")


def _narrowed(
    wanted: Wanted, person: Person, which: Sequence[ColumnElement[bool]] = STILL_OPEN
) -> list[ColumnElement[bool]]:
    parts = (
        (Record.ward_code, wanted.ward),
        (Record.responsible_body, wanted.body),
        (Record.crew, wanted.crew),
    )
    narrower = [
        func.coalesce(column, "") == ("" if value == NONE else value) for column, value in parts if value
    ]
    return [*which, visible_to(person), *narrower]


def _counts(narrow: Sequence[ColumnElement[bool]], today: date) -> dict[str, int]:
    named = case(*((bucket(name, today), name) for name in BUCKETS))
    query = select(named, func.count()).select_from(Record).where(*narrow).group_by(named)
    found: dict[str, int] = {name: count for name, count in db.session.execute(query)}  # noqa: C416 - rows are not typed
    return {name: found.get(name, 0) for name in BUCKETS}


def _most_urgent(narrow: Sequence[ColumnElement[bool]], most: int, passed_over: int = 0) -> Sequence[FlyTip]:
    """Return so many records, the most urgent first: found in the index, and only these read."""
    urgency = (_not_counted(), Record.reported_on, Record.reference)
    found = select(Record.reference).where(*narrow).order_by(*urgency).limit(most).offset(passed_over)
    tips = db.session.scalars(
        select(FlyTip).where(FlyTip.reference.in_(db.session.scalars(found).all())).order_by(*urgency)
    )
    return tips.all()


def _not_counted() -> ColumnElement[int]:
    """Return what puts records outside the target last: their day 7 binds nobody."""
    return case((SCOPE.in_((IN_TARGET, UNDECIDED)), 0), else_=1)


def _route(narrow: Sequence[ColumnElement[bool]], counts: Mapping[str, int], total: int) -> Worklist:
    """Return the most urgent records in the order to drive, those without a position last."""
    tips = _most_urgent(narrow, MOST_ON_A_ROUTE)
    placed = [tip for tip in tips if tip.latitude is not None]
    points = [(tip.latitude or 0.0, tip.longitude or 0.0) for tip in placed]
    order = driving_order(points)
    ordered = [placed[number] for number in order]
    metres = dict(zip((tip.id for tip in ordered), legs([points[number] for number in order]), strict=True))
    unplaced = [tip for tip in tips if tip.latitude is None]
    return Worklist(_lines([*ordered, *unplaced], metres), counts, total, 1, 1)


def _lines(tips: Sequence[FlyTip], metres: Mapping[UUID, float] | None = None) -> list[Line]:
    ids = [tip.id for tip in tips]
    to_tell, shown, newest = _to_tell(ids), _first_photos(ids), _newest_events(ids)
    return [
        Line(
            tip,
            to_tell.get(tip.id, 0),
            shown.get(tip.id),
            newest.get(tip.id, 0),
            metres.get(tip.id) if metres else None,
        )
        for tip in tips
    ]


def _to_tell(ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many people want to hear what becomes of each record, those of its duplicates with it."""
    own = aliased(FlyTip.__table__)
    main = func.coalesce(own.c.duplicate_of_id, own.c.id)
    query = (
        select(main, func.count())
        .select_from(Report.__table__.join(own, own.c.id == Report.record_id))
        .where(
            or_(own.c.id.in_(ids), own.c.duplicate_of_id.in_(ids)),
            Report.wants_news,
            or_(Report.email.is_not(None), Report.phone.is_not(None)),
        )
        .group_by(main)
    )
    return {record_id: count for record_id, count in db.session.execute(query)}  # noqa: C416 - rows are not typed


def _first_photos(ids: Sequence[UUID]) -> dict[UUID, UUID]:
    query = (
        select(Photo.record_id, Photo.id)
        .where(Photo.record_id.in_(ids), Photo.state == "ready", Photo.hidden_at.is_(None))
        .order_by(Photo.received_at.desc(), Photo.id.desc())
    )
    return {record_id: photo_id for record_id, photo_id in db.session.execute(query) if record_id}


def _newest_events(ids: Sequence[UUID]) -> dict[UUID, int]:
    query = select(Event.record_id, func.max(Event.id)).where(Event.record_id.in_(ids))
    grouped = query.group_by(Event.record_id)
    return {record_id: newest for record_id, newest in db.session.execute(grouped) if record_id}


def crews(person: Person) -> list[str]:
    """Return the crews that have open records which this person may see, by name."""
    query = (
        select(Record.crew)
        .where(Record.closed_at.is_(None), Record.crew.is_not(None), visible_to(person))
        .distinct()
        .order_by(Record.crew)
    )
    return [crew for crew in db.session.scalars(query) if crew]


def to_close(person: Person, wanted: Wanted = EVERYTHING) -> int:
    """Return how many cleared records wait to be closed."""
    return count(_narrowed(wanted, person, CLEARED))
