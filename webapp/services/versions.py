"""Two versions of one record, from a phone and a desk: both are kept, side by side, until a person chooses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
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
from webapp.services.kinds import find_captured
from webapp.services.ledger import Submission
from webapp.services.rows import Rows
from webapp.services.seal import seal, unseal
from webapp.services.transaction import one_commit

ENDED = "This has been dealt with meanwhile, so it is not changed any more. Keep what it says, and add words instead."


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a capture: what its person said, by question, and whether the record says it now."""

    id: int
    received_at: datetime
    is_current: bool
    answers: dict[str, str]


def to_compare(capture_id: UUID) -> Sequence[Version]:
    """Return the version that counts and those that clash with it; one alone when none does."""
    capture = db.session.get_one(Capture, capture_id)
    current = ledger.newest(db.session, capture)
    sent = _sent(db.session, capture)
    shown = [one for one in sent if one.payload and (one.is_open_clash or one is current)]
    return [_version(capture, one, one is current) for one in shown]


def shared(capture_id: UUID, person: Person) -> Capture:
    """Return a capture that somebody with an account may choose a version of. Raises NotFound otherwise."""
    capture = db.session.get(Capture, capture_id)
    if capture is None or capture.state != "kept" or person.id is None:
        raise NotFound
    ledger.must_own(capture, "", person)
    return capture


def newest_submission(capture_id: UUID) -> Submission:
    """Return the version that counts, as it was sent. Raises NotFound where it has been forgotten."""
    capture = db.session.get_one(Capture, capture_id)
    revision = ledger.newest(db.session, capture)
    if revision is None or revision.payload is None:
        raise NotFound
    return reading.from_ledger(capture_id, find_captured(capture.kind), revision, unseal(revision.payload))


def _sent(session: Session, capture: Capture) -> Sequence[CaptureRevision]:
    """Return all versions of a capture in the order in which they came."""
    query = select(CaptureRevision).where(CaptureRevision.capture_id == capture.id)
    return session.scalars(query.order_by(CaptureRevision.id)).all()


def _version(capture: Capture, revision: CaptureRevision, is_current: bool) -> Version:
    content = unseal(revision.payload or b"")
    answers = reading.in_words(find_captured(capture.kind), content)
    return Version(revision.id, revision.received_at, is_current, answers)


def differing(versions: Sequence[Version]) -> list[str]:
    """Return the questions that the versions answer differently, in the order of the form."""
    questions = dict.fromkeys(question for version in versions for question in version.answers)
    return [one for one in questions if len({version.answers.get(one, "") for version in versions}) > 1]


def choose(capture_id: UUID, revision_id: int, person: Person) -> None:
    """Let this version count; the others stay in the ledger. Raises NotFound, Refused."""
    now = clock.now()
    with one_commit() as session:
        capture = session.get_one(Capture, capture_id, with_for_update=True, populate_existing=True)
        sent = _sent(session, capture)
        chosen = next((one for one in sent if one.id == revision_id), None)
        if chosen is None or not chosen.payload:
            raise NotFound
        if chosen.is_open_clash:
            _apply(session, capture, chosen, person, now)
        for one in sent:
            if one.is_open_clash:
                one.settled_at = now


def _apply(
    session: Session, capture: Capture, chosen: CaptureRevision, person: Person, now: datetime
) -> None:
    """Make the chosen version the newest one, under a number of its own."""
    content = unseal(chosen.payload or b"")
    last = max(one.rev for one in _sent(session, capture))
    read = reading.from_ledger(capture.id, find_captured(capture.kind), chosen, content)
    submission = replace(read, rev=last + 1, base_rev=capture.rev)
    keeper = keeper_of(submission.kind)
    if not keeper.is_open(session, capture):
        raise Refused({"version": ENDED})
    own = session.get(Report, capture.id, with_for_update=True, populate_existing=True)
    if own is not None and own.withdrawn_at is not None:
        raise Refused({"version": "The contact was withdrawn, and with it what was sent."})
    keeper.change(session, capture, submission, person, now)
    ledger.await_photos(session, capture.id, submission.photos)
    Rows(session).put(ledger.revision_row(submission, seal(content), now))
    capture.rev = submission.rev
