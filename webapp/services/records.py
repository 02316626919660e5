"""Records for staff: who sees which, the list with its filters, one record with all that belongs to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, True_, and_, false, func, or_, select, true
from sqlalchemy.orm import Session, selectin_polymorphic

from webapp.extensions import clock, db
from webapp.models.account import User
from webapp.models.eva import Eva
from webapp.models.event import Event
from webapp.models.fly_tipping import FlyTip
from webapp.models.photo import Photo
from webapp.models.record import Record
from webapp.models.report import Report, ReportWords
from webapp.rules.clock import local_date
from webapp.rules.errors import NotFound
from webapp.rules.roles import Permission, Person, Scope
from webapp.services import kinds, merging
from webapp.services.filters import Filters, conditions, entries, most_to_read
from webapp.services.history import FOR_OFFICERS

PAGE_SIZE = 50
OLDEST_FIRST = (Record.reported_on, Record.reference)
NEWEST_FIRST = (Record.reported_on.desc(), Record.reference.desc())
# What stands in a duplicate's own history and, in other words, in that of the record it is the same as.
SAID_ONCE = ("reported", "joined")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of records with the count of all that match.

    `since` is the first day that was looked through, None when all were: nobody waits for a search of a million.
    """

    records: Sequence[Record]
    total: int
    number: int
    since: date | None = None

    @property
    def last(self) -> int:
        """The number of the last page, 1 when nothing matches."""
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def older_until(self) -> date | None:
        """The last day that was not looked through, None when all were."""
        return self.since - timedelta(days=1) if self.since else None


@dataclass(frozen=True, slots=True)
class Everything:
    """A record with its reports, added words, photos and history.

    `tips` are all records of the same thing, each with its own answers: the one that stands for them first.
    """

    record: Record
    tips: Sequence[FlyTip]
    reports: Sequence[Report]
    words: Sequence[ReportWords]
    photos: Sequence[Photo]
    history: Sequence[tuple[Event, str | None]]

    @property
    def main(self) -> Record:
        """The record that stands for all of them: this one, or the one it is the same as."""
        return self.tips[0] if self.tips else self.record

    @property
    def wastes(self) -> Sequence[str]:
        """The wastes that any of the reports names: if one person saw asbestos, all are told."""
        return sorted({tip.main_waste for tip in self.tips if tip.main_waste})

    @property
    def references(self) -> dict[UUID, str]:
        """The reference of each of the records by its id."""
        return {tip.id: tip.reference for tip in self.tips}

    @property
    def photo_numbers(self) -> dict[str, int]:
        """The number by which a page calls each photo, by its id as history writes it."""
        return {str(photo.id): number for number, photo in enumerate(self.photos, 1)}

    @property
    def to_tell(self) -> int:
        """How many of the reporters want news and can be reached."""
        return sum(report.wants_to_hear for report in self.reports)


def visible_to(person: Person) -> ColumnElement[bool]:
    """Return the condition on Record that holds for what this person may see."""
    if not person.may(Permission.SEE_RECORDS):
        return false()
    if person.scope is Scope.ALL:
        return true()
    theirs = _theirs(person)
    if person.may(Permission.SURVEY):
        # Whoever walks audits sees those of the others: they take turns, and a place has a walk before.
        theirs = or_(theirs, Record.id.in_(select(Eva.__table__.c.id)))
    # What somebody else reported of the same thing goes with it: it may say how dangerous that is.
    same = FlyTip.__table__.c
    return or_(
        theirs,
        Record.id.in_(select(same.id).where(same.duplicate_of_id.in_(select(Record.id).where(theirs)))),
    )


def _theirs(person: Person) -> ColumnElement[bool]:
    if person.scope is Scope.AGENCY:
        return Record.responsible_body == person.agency if person.agency else false()
    return Record.created_by_id == person.id


def search(filters: Filters, person: Person, page: int = 1) -> Page:
    """Return one page of the records this person may see, newest first.

    However much there is, nobody waits: what would take too long is looked for in the newest records only.
    """
    today = local_date(clock.now())
    visible, most = visible_to(person), most_to_read(filters)
    since = _first_day([visible, *conditions(entries(filters), today)], most) if most else None
    read = replace(filters, since=since) if since else filters
    return _page([visible, *conditions(read, today)], page, since)


def _first_day(narrowed: Sequence[ColumnElement[bool]], most: int) -> date | None:
    """Return the day to begin on so that hardly more than so many are read; None when that leaves nothing out."""
    days = select(Record.reported_on).where(*narrowed).limit(1)
    first = db.session.scalar(days.order_by(*NEWEST_FIRST).offset(most))
    if first is None or db.session.scalar(days.where(Record.reported_on < first)) is None:
        return None
    return first


def search_contacts(text: str, person: Person, page: int = 1) -> Page:
    """Return the records whose reporter's name, e-mail or telephone holds the text; only for who may search them."""
    if not person.may(Permission.SEARCH_CONTACTS) or not text.strip():
        raise NotFound
    columns = (Report.name, Report.email, Report.phone)
    matching = select(Report.record_id).where(
        or_(*(column.icontains(text.strip(), autoescape=True) for column in columns))
    )
    return _page([visible_to(person), Record.id.in_(matching)], page)


def _page(narrowed: Sequence[ColumnElement[bool]], number: int, since: date | None = None) -> Page:
    first = _listed(narrowed, NEWEST_FIRST, PAGE_SIZE, 0) if number <= 1 else None
    # What does not fill a page has been counted by reading it.
    if first is not None and len(first) < PAGE_SIZE:
        return Page(first, len(first), 1, since)
    total = count(narrowed)
    number = max(1, min(number, -(-total // PAGE_SIZE)))
    return Page(first or _on_page(narrowed, number, total), total, number, since)


def count(narrowed: Iterable[ColumnElement[bool]]) -> int:
    """Return how many records there are of which all these conditions hold."""
    # Without any condition SQLite adds up its pages; with one that always holds it would look at each record.
    conditions = [condition for condition in narrowed if not isinstance(condition, True_)]
    return db.session.scalar(select(func.count()).select_from(Record).where(*conditions)) or 0


def _on_page(narrowed: Sequence[ColumnElement[bool]], number: int, total: int) -> Sequence[Record]:
    before = (number - 1) * PAGE_SIZE
    size = min(PAGE_SIZE, total - before)
    after = total - before - size
    # Counted from the nearer end, since all that is passed over takes its time.
    if before <= after:
        return _listed(narrowed, NEWEST_FIRST, size, before)
    return _listed(narrowed, OLDEST_FIRST, size, after)[::-1]


def _listed(
    narrowed: Sequence[ColumnElement[bool]], order: Sequence[Any], most: int, passed_over: int
) -> Sequence[Record]:
    query = select(Record).where(*narrowed).order_by(*order).limit(most).offset(passed_over)
    details = selectin_polymorphic(Record, [kind.model for kind in kinds.KINDS])
    return db.session.scalars(query.options(details)).all()


def find(reference: str, person: Person) -> Record:
    """Return one record. Raises NotFound when there is none, or none for this person."""
    record = db.session.scalars(
        select(Record).where(Record.reference == reference, visible_to(person))
    ).one_or_none()
    if record is None:
        raise NotFound
    return record


def locked(session: Session, reference: str, person: Person) -> FlyTip:
    """Return one fly-tip to change, in the caller's commit. Raises NotFound as `find` does.

    Of two who change it at the same moment, the second waits here and finds what the first made of it.
    """
    record = find(reference, person)
    session.refresh(record, with_for_update=True)
    if not isinstance(record, FlyTip) or not may_see(record.id, person):
        raise NotFound
    return record


def may_see(record_id: UUID, person: Person) -> bool:
    """Return whether a person sees the record of this id."""
    return bool(seen_among([record_id], person))


def seen_among(record_ids: Iterable[UUID], person: Person) -> set[UUID]:
    """Return those of these ids whose records a person sees."""
    return set(db.session.scalars(select(Record.id).where(Record.id.in_(record_ids), visible_to(person))))


def everything(record: Record) -> Everything:
    """Return a record with all that belongs to it, history newest first; with its duplicates for the main one.

    Enforcement is left out: it has a history of its own (`webapp.services.restricted`).
    """
    session = db.session
    tips = merging.reports_of(record) if isinstance(record, FlyTip) else []
    ids = [tip.id for tip in tips] if tips and tips[0].id == record.id else [record.id]
    about = Report.record_id.in_(ids)
    reports = session.scalars(select(Report).where(about).order_by(Report.reported_at)).all()
    words = session.scalars(
        select(ReportWords).join(Report).where(about).order_by(ReportWords.added_at, ReportWords.id)
    ).all()
    photos = session.scalars(
        select(Photo).where(Photo.record_id.in_(ids)).order_by(Photo.received_at, Photo.id)
    ).all()
    lines = (
        select(Event, User.name)
        .outerjoin(User, Event.by_id == User.id)
        .where(
            Event.record_id.in_(ids),
            or_(Event.record_id == record.id, Event.action.not_in(SAID_ONCE)),
            Event.action.not_in(FOR_OFFICERS),
        )
    )
    history = [(event, name) for event, name in session.execute(lines.order_by(Event.id.desc()))]
    return Everything(record, tips, reports, words, photos, history)


def open_counts(person: Person) -> dict[str | None, int]:
    """Return how many open records each ward has, of those this person may see; None counts those in no ward."""
    return _open_by_ward(visible_to(person))


def public_counts() -> dict[str | None, int]:
    """Return how many open reports each ward has that the public may know of: not the audits that staff walk."""
    # Every report has a scope, and no audit has; the index of what is open tells it without a look at the rows.
    return _open_by_ward(and_(Record.visibility != "hidden", func.coalesce(Record.scope, "") != ""))


def _open_by_ward(seen: ColumnElement[bool]) -> dict[str | None, int]:
    # By the bare column SQLite would go through all records, ward by ward, and not through the few that are open.
    ward = func.coalesce(Record.ward_code, "")
    query = select(ward, func.count()).where(seen, Record.closed_at.is_(None)).group_by(ward)
    return {code or None: count for code, count in db.session.execute(query)}


def open_points(person: Person) -> list[tuple[float, float, str, str]]:
    """Return latitude, longitude, reference and kind of each open record this person may see on the map."""
    query = select(Record.latitude, Record.longitude, Record.reference, Record.kind).where(
        visible_to(person), Record.closed_at.is_(None), Record.latitude.is_not(None)
    )
    return [(row.latitude, row.longitude, row.reference, row.kind) for row in db.session.execute(query)]


def public_recent(ward_code: str, most: int = 10) -> Sequence[FlyTip]:
    """Return the newest fly-tips of a ward that the public may know of; pages show facts of them, never words."""
    query = select(FlyTip).where(
        FlyTip.ward_code == ward_code, FlyTip.visibility != "hidden", FlyTip.status != "duplicate"
    )
    newest_first = (FlyTip.reported_on.desc(), FlyTip.reference.desc())
    return db.session.scalars(query.order_by(*newest_first).limit(most)).all()
