"""Two versions of one record, from a phone and a desk: both are kept, side by side, until a person chooses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.capture import Capture, CaptureRevision
from webapp.models.report import Report
from webapp.rules.errors import NotFound, Refused
from webapp.rules.roles import Person
from webapp.services import ledger, reading
from webapp.services.keeping import keeper_of
from webapp.services.kinds import Captured, find_captured
from webapp.services.ledger import Submission
from webapp.services.rows import Rows
from webapp.services.transaction import one_commit

CHOSEN = "Chosen among the versions that were sent."
ENDED = "This has been dealt with meanwhile, so it is not changed any more. Keep what it says, and add words instead."


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a capture: what its person said, by question, and whether the record says it now.

    `masked` are the registrations of which `answers` show a part, whole, by question: they are left out of the repr.
    """

    id: int
    received_at: datetime
    is_current: bool
    answers: dict[str, str]
    masked: dict[str, str] = field(repr=False)


def to_compare(capture_id: UUID) -> Sequence[Version]:
    """Return the version that counts and those that clash with it; one alone when none does."""
    capture = db.session.get_one(Capture, capture_id)
    current = ledger.newest(db.session, capture)
    sent = _sent(db.session, capture)
    shown = [(one, ledger.opened(one)) for one in sent if one.is_open_clash or one is current]
    return [_version(capture, one, said, one is current) for one, said in shown if said is not None]


def shared(capture_id: UUID, person: Person) -> Capture:
    """Return a capture that somebody with an account may choose a version of. Raises NotFound otherwise."""
    capture = db.session.get(Capture, capture_id)
    if capture is None or capture.state != "kept" or person.id is None:
        raise NotFound
    ledger.must_own(capture, "", person)
    return capture


def kind_of(capture_id: UUID) -> Captured:
    """Return the kind of a capture."""
    return find_captured(db.session.get_one(Capture, capture_id).kind)


def newest_submission(capture_id: UUID) -> Submission:
    """Return the version that counts, as it was sent. Raises NotFound where it has been forgotten."""
    capture = db.session.get_one(Capture, capture_id)
    revision = ledger.newest(db.session, capture)
    content = ledger.opened(revision) if revision is not None else None
    if revision is None or content is None:
        raise NotFound
    return reading.from_ledger(capture_id, find_captured(capture.kind), revision, content)


def _sent(session: Session, capture: Capture) -> Sequence[CaptureRevision]:
    """Return all versions of a capture in the order in which they came."""
    query = select(CaptureRevision).where(CaptureRevision.capture_id == capture.id)
    return session.scalars(query.order_by(CaptureRevision.id)).all()


def _version(
    capture: Capture, revision: CaptureRevision, content: dict[str, Any], is_current: bool
) -> Version:
    kind = find_captured(capture.kind)
    return Version(
        id=revision.id,
        received_at=revision.received_at,
        is_current=is_current,
        answers=reading.in_words(kind, content),
        masked=reading.behind_masks(kind, content),
    )


def differing(versions: Sequence[Version]) -> list[str]:
    """Return the questions that the versions answer differently, in the order of the form."""
    questions = dict.fromkeys(question for version in versions for question in version.answers)
    masked = differing_behind_masks(versions)
    return [
        one for one in questions if one in masked or _differ(version.answers.get(one) for version in versions)
    ]


def differing_behind_masks(versions: Sequence[Version]) -> frozenset[str]:
    """Return the questions whose answers differ in letters that are not shown, and may read the same."""
    questions = {question for version in versions for question in version.masked}
    return frozenset(one for one in questions if _differ(version.masked.get(one) for version in versions))


def _differ(said: Iterable[str | None]) -> bool:
    return len({one or "" for one in said}) > 1


def choose(capture_id: UUID, revision_id: int, person: Person) -> None:
    """Let this version count; the others stay in the ledger. Raises NotFound, Refused."""
    now = clock.now()
    with one_commit() as session:
        capture = session.get_one(Capture, capture_id, with_for_update=True, populate_existing=True)
        sent = _sent(session, capture)
        chosen = next((one for one in sent if one.id == revision_id), None)
        content = ledger.opened(chosen) if chosen is not None else None
        if chosen is None or content is None:
            raise NotFound
        if chosen.is_open_clash:
            _apply(session, capture, chosen, content, person, now)
        for one in sent:
            if one.is_open_clash:
                one.settled_at = now


def _apply(
    session: Session,
    capture: Capture,
    chosen: CaptureRevision,
    content: dict[str, Any],
    person: Person,
    now: datetime,
) -> None:
    """Make the chosen version the newest one, under a number of its own."""
    last = max(one.rev for one in _sent(session, capture))
    read = reading.from_ledger(capture.id, find_captured(capture.kind), chosen, content)
    submission = replace(read, rev=last + 1, base_rev=capture.rev, reason=CHOSEN)
    keeper = keeper_of(submission.kind)
    if not keeper.takes(session, capture, submission, person):
        raise Refused({"version": ENDED})
    own = session.get(Report, capture.id, with_for_update=True, populate_existing=True)
    if own is not None and own.withdrawn_at is not None:
        raise Refused({"version": "The contact was withdrawn, and with it what was sent."})
    sealed = ledger.sealed(submission.kind, content, now)
    Rows(session).put(ledger.revision_row(submission, sealed, now))
    keeper.change(session, capture, submission, person, now)
    ledger.await_photos(session, capture.id, submission.photos)
    capture.rev = submission.rev
