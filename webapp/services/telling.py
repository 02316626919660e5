"""Telling people by telephone: whom an officer must call, what to say, and what came of it. And who was told what."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.fly_tipping import FlyTip
from webapp.models.notice import Notice
from webapp.models.report import Report
from webapp.rules.errors import NotFound, Refused
from webapp.rules.roles import Permission, Person
from webapp.services import letters, notices, records
from webapp.services.transaction import one_commit

SETTLED_ALREADY = "Somebody has noted already what came of this call."
NOT_REACHED = "Nobody was reached by telephone."


@dataclass(frozen=True, slots=True)
class Call:
    """One person to call: their report, its record, and all that they are owed, oldest first, with the words to say."""

    report: Report
    tip: FlyTip
    news: Sequence[tuple[Notice, str]]

    @property
    def newest(self) -> Notice:
        """The newest message, which stands for the call: it tells what came before it, too."""
        return self.news[-1][0]


def to_tell(person: Person) -> list[Call]:
    """Return whom to call, who waits longest first. Raises NotFound for who may not see contacts."""
    if not person.may(Permission.SEE_CONTACTS):
        raise NotFound
    waiting = [found for found in _owed(db.session) if notices.why_not(*found) is None]
    seen = records.seen_among({report.record_id for _, report, _ in waiting}, person)
    people: dict[UUID, list[tuple[Notice, Report, FlyTip]]] = {}
    for found in waiting:
        if found[2].id in seen:
            people.setdefault(found[1].id, []).append(found)
    return [_call(owed) for owed in people.values()]


def _call(owed: Sequence[tuple[Notice, Report, FlyTip]]) -> Call:
    _, report, tip = owed[0]
    return Call(report, tip, [(notice, letters.to_say(notice.purpose, report, tip)) for notice, _, _ in owed])


def count() -> int:
    """Return how many people are to be called; some may turn out not to want it any more."""
    query = select(func.count(Notice.report_id.distinct())).where(
        Notice.way == "phone", Notice.state == "owed"
    )
    return db.session.scalar(query) or 0


def _owed(session: Session, *within: ColumnElement[bool]) -> Iterator[tuple[Notice, Report, FlyTip]]:
    query = (
        select(Notice, Report, FlyTip)
        .join(Report, Report.id == Notice.report_id)
        .join(FlyTip, FlyTip.id == Report.record_id)
        .where(Notice.way == "phone", Notice.state == "owed", *within)
        .order_by(Notice.created_at, Notice.id)
    )
    for row in session.execute(query):
        yield row[0], row[1], row[2]


def told(notice_id: UUID, person: Person) -> None:
    """Note that somebody was told a message by telephone, and whatever they were owed before it.

    Raises NotFound, or Refused when it was noted before.
    """
    _note(notice_id, person, state="accepted", accepted_at=clock.now(), problem=None)


def not_reached(notice_id: UUID, person: Person) -> None:
    """Note that somebody could not be reached by telephone: nobody calls again. Raises as `told` does."""
    _note(notice_id, person, state="failed", problem=NOT_REACHED)


def _note(notice_id: UUID, person: Person, **values: object) -> None:
    if not person.may(Permission.SEE_CONTACTS):
        raise NotFound
    with one_commit() as session:
        notice = session.get(Notice, notice_id, with_for_update=True, populate_existing=True)
        if notice is None or notice.way != "phone" or notice.report_id is None:
            raise NotFound
        if not records.may_see(session.get_one(Report, notice.report_id).record_id, person):
            raise NotFound
        if notice.state != "owed":
            raise Refused({"call": SETTLED_ALREADY})
        # What came while the officer was speaking was not said, nor what is not so any more.
        before = Notice.report_id == notice.report_id, Notice.created_at <= notice.created_at
        said = [found[0].id for found in _owed(session, *before) if notices.why_not(*found) is None]
        called = {"attempts": 1, "attempted_at": clock.now(), "told_by_id": person.id}
        settled = Notice.id.in_([notice.id, *said]), Notice.state == "owed"
        session.execute(update(Notice).where(*settled).values(**called, **values))


def drop_settled() -> bool:
    """Drop the calls that need not be made any more; the worker calls this."""
    if not any(notices.why_not(*found) for found in _owed(db.session)):
        return False
    with one_commit() as session:
        for notice, report, tip in list(_owed(session)):
            problem = notices.why_not(notice, report, tip)
            if problem:
                notice.state, notice.problem = "dropped", problem
    return False


def messages_of(report_ids: Iterable[UUID]) -> Mapping[UUID, list[Notice]]:
    """Return what each of these reports' reporters was told or is owed, oldest first; no address is in it."""
    query = select(Notice).where(Notice.report_id.in_(list(report_ids)))
    found: dict[UUID, list[Notice]] = {}
    for notice in db.session.scalars(query.order_by(Notice.created_at, Notice.id)):
        if notice.report_id is not None:
            found.setdefault(notice.report_id, []).append(notice)
    return found
