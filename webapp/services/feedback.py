"""What reporters say when it is over: how satisfied they are, once; and whether somebody should look again.

Opening a link answers nothing, however often a mail scanner opens it: only what a person sends does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from webapp.extensions import clock, db
from webapp.models.event import Event
from webapp.models.feedback import ReopenRequest, Satisfaction
from webapp.models.fly_tipping import FlyTip
from webapp.models.record import Record
from webapp.models.report import Report
from webapp.rules.codes.feedback import ANSWERS, UNHAPPY
from webapp.rules.errors import NotFound, Refused
from webapp.rules.roles import Permission, Person
from webapp.services import history, lifecycle, merging, notices, records, reopening, work
from webapp.services.rows import Rows
from webapp.services.tracking import find_report
from webapp.services.transaction import one_commit

REQUESTS_MOST = 5
NOT_FINISHED = "We have not finished with this report yet, so there is nothing to ask you so far."
ASKED_ALREADY = "You have asked us already, and somebody will look at it. The answer comes to this page."
ASKED_OFTEN = f"You have asked {REQUESTS_MOST} times. Please make a new report instead."
OPEN_ALREADY = "This report is open, so somebody looks at it already. You can add words or a photo below."
SETTLED_ALREADY = "Somebody has settled this already."
REPORTER_ASKED = "The reporter asked us to look again."


@dataclass(frozen=True, slots=True)
class Said:
    """What a reporter said when it was over; `answer` is None until they answered the question."""

    answer: str | None
    requests: Sequence[ReopenRequest]

    @property
    def is_unhappy(self) -> bool:
        """Whether they are dissatisfied, so that they are asked whether somebody should look again."""
        return self.answer in UNHAPPY

    @property
    def is_waiting(self) -> bool:
        """Whether they asked to look again and nobody has answered yet."""
        return any(request.open_for_id for request in self.requests)


def said_of(report: Report) -> Said:
    """Return what a reporter said so far, their requests oldest first."""
    answered = db.session.get(Satisfaction, report.id, populate_existing=True)
    return Said(answered.answer if answered else None, requests_of([report.id]))


def requests_of(report_ids: Iterable[UUID]) -> Sequence[ReopenRequest]:
    """Return all requests of these reports to look again, oldest first."""
    about = ReopenRequest.report_id.in_(list(report_ids))
    return db.session.scalars(select(ReopenRequest).where(about).order_by(ReopenRequest.id)).all()


def answer(token: str, value: str) -> None:
    """Keep a reporter's answer to the question; of two, also at the same moment, the first stays.

    Raises NotFound for any other link, Refused while the record is open or for what is no answer.
    """
    report = find_report(token)
    if value not in ANSWERS:
        raise Refused({"answer": "Choose one of the answers."})
    with one_commit() as session:
        own = session.get_one(FlyTip, report.record_id)
        if merging.main_record(own).closed_at is None:
            raise Refused({"answer": NOT_FINISHED})
        Rows(session).write_unless_there(
            Satisfaction, report_id=report.id, answered_at=clock.now(), answer=value
        )


def ask_again(token: str, words: str) -> None:
    """Keep a reporter's request to look again, for an officer to settle.

    Raises NotFound for any other link, Refused while the record is open, while a request waits, or after too many.
    """
    report, now = find_report(token), clock.now()
    with one_commit() as session:
        main = merging.main_record(session.get_one(FlyTip, report.record_id))
        # Whoever settles waits here, so that no request slips in between a refusal and its answer.
        session.refresh(main, with_for_update=True)
        if main.closed_at is None:
            raise Refused({"words": OPEN_ALREADY})
        if len(requests_of([report.id])) >= REQUESTS_MOST:
            raise Refused({"words": ASKED_OFTEN})
        row = {"report_id": report.id, "asked_at": now, "words": words, "open_for_id": report.id}
        if not Rows(session).write_unless_there(ReopenRequest, **row):
            raise Refused({"words": ASKED_ALREADY})
        session.add(Event(record_id=report.record_id, at=now, action="reopen_asked"))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that nobody has settled, with the record that stands for what was reported."""

    request: ReopenRequest
    record: FlyTip


def open_requests(person: Person) -> list[Waiting]:
    """Return the requests that wait for an officer, oldest first; none for who may not settle them."""
    if not person.may(Permission.TRIAGE):
        return []
    own, main = aliased(FlyTip), aliased(FlyTip)
    query = (
        select(ReopenRequest, main)
        .join(Report, Report.id == ReopenRequest.open_for_id)
        .join(own, own.id == Report.record_id)
        .join(main, main.id == func.coalesce(own.duplicate_of_id, own.id))
        .where(main.id.in_(select(Record.id).where(records.visible_to(person))))
    )
    rows = db.session.execute(query.order_by(ReopenRequest.id))
    return [Waiting(request, record) for request, record in rows]


def find_request(request_id: int, person: Person) -> Waiting:
    """Return one request, settled or not, with its record. Raises NotFound, also for who may not settle it."""
    request = db.session.get(ReopenRequest, request_id, populate_existing=True)
    if request is None or not person.may(Permission.TRIAGE):
        raise NotFound
    report = db.session.get_one(Report, request.report_id)
    main = merging.main_record(db.session.get_one(FlyTip, report.record_id))
    if not records.may_see(main.id, person):
        raise NotFound
    return Waiting(request, main)


def grant(request_id: int, reason: str, seen: int, person: Person) -> None:
    """Open the record again: each of its reporters is owed the news, and every request about it is settled.

    Raises NotFound, Refused when it is settled already, Stale when the record changed since the page was made.
    """
    waiting = find_request(request_id, person)
    if waiting.request.open_for_id is None:
        raise Refused({"answer": SETTLED_ALREADY})
    given = lifecycle.Given(seen=seen, reason=reason.strip() or REPORTER_ASKED)
    lifecycle.move(waiting.record.reference, "reopen", given, person)


def keep_finished(request_id: int, words: str, seen: int, person: Person) -> None:
    """Answer a request with why the report stays finished; its reporter is owed the news that there is an answer.

    Raises NotFound, Refused without words or when it is settled already, Stale as `grant` does.
    """
    if not words.strip():
        raise Refused({"answer": "Write why it stays finished. The reporter reads it."})
    waiting, now = find_request(request_id, person), clock.now()
    with one_commit() as session:
        main = records.locked(session, waiting.record.reference, person)
        history.refuse_stale(session, main, seen)
        report_id = reopening.refuse(session, request_id, words.strip(), person.id, now)
        if report_id is None:
            raise Refused({"answer": SETTLED_ALREADY})
        report = session.get_one(Report, report_id)
        session.add(Event(record_id=main.id, at=now, by_id=person.id, action="reopen_refused"))
        notices.owe(session, report, "not_reopened", now)
    work.soon("notices")
