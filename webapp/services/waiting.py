"""Captures that wait before they become a record: for their parent to arrive, or for an officer to decide."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from webapp.extensions import clock, db
from webapp.models.account import User
from webapp.models.capture import Capture
from webapp.models.event import Event
from webapp.rules.errors import NotFound
from webapp.rules.roles import Permission, Person
from webapp.services import ledger, photos, reading
from webapp.services.keeping import belongs_to, keeper_of
from webapp.services.kinds import find_captured
from webapp.services.ledger import Submission
from webapp.services.rows import Rows
from webapp.services.seal import Sealed, unseal
from webapp.services.transaction import one_commit

BATCH = 50
PARENT_COMES_WITHIN = timedelta(days=7)

log = logging.getLogger(__name__)


def reason(session: Session, submission: Submission, person: Person) -> str | None:
    """Return what a new capture has to wait for, None when it becomes a record at once."""
    if not person.may(submission.kind.permission):
        return "officer"
    if submission.kind.parent is None or submission.parent is None:
        return None
    parent = session.get(Capture, submission.parent)
    if parent is None:
        return "parent"
    is_theirs = parent.kind == submission.kind.parent and ledger.is_owner(parent, "", person)
    if not is_theirs or parent.id == submission.capture_id:
        # Somebody else's visit, or none at all: only a person can tell what it belongs to.
        return "officer"
    return None if parent.state == "kept" else "parent"


def keep(session: Session, rows: Rows, submission: Submission, sealed: Sealed, waits_for: str) -> None:
    """Keep a capture that has to wait, whole and sealed, in the caller's commit."""
    own = Capture.id == submission.capture_id
    session.execute(
        update(Capture)
        .where(own)
        .values(state="staged", waits_for=waits_for, rev=submission.rev, parent_id=submission.parent)
    )
    rows.put(ledger.revision_row(submission, sealed, clock.now()))
    ledger.await_photos(session, submission.capture_id, submission.photos)


def again(session: Session, capture: Capture, submission: Submission, sealed: Sealed) -> bool:
    """Take another version of a capture that waits, or the same again; return whether it clashed."""
    found = ledger.held(session, submission, sealed.fingerprints)
    if found is not None:
        return found.is_open_clash
    if not ledger.follows(submission, capture):
        ledger.note_clash(session, submission, sealed, clock.now(), forget=False)
        return True
    keep(session, Rows(session), submission, sealed, str(capture.waits_for))
    return False


def settle_children() -> bool:
    """Make records of captures whose parent has arrived; return whether there may be more to do at once.

    Those whose parent was taken back, or has not come within a week, are for an officer.
    """
    parent, waits = aliased(Capture), Capture.waits_for == "parent"
    is_there = exists().where(parent.id == Capture.parent_id, parent.state == "kept")
    is_gone = exists().where(parent.id == Capture.parent_id, parent.state == "removed")
    is_late = Capture.first_seen_at < clock.now() - PARENT_COMES_WITHIN
    lost = select(Capture.id).where(waits, ~is_there, or_(is_gone, is_late)).limit(BATCH)
    for capture_id in db.session.scalars(lost).all():
        _hand_to_officer(capture_id)
    ids = db.session.scalars(select(Capture.id).where(waits, is_there).limit(BATCH)).all()
    for capture_id in ids:
        _settle_child(capture_id)
    # One that has become a record may be the parent of others.
    return bool(ids)


def _settle_child(capture_id: UUID) -> None:
    """Make a record of a child; one that cannot be read any more holds up no other, and an officer sees it."""
    try:
        _settle(capture_id, "parent", None)
    except NotFound:
        # Its parent is none, or somebody else's; of what was taken back just now nothing is handed over.
        _hand_to_officer(capture_id)
    except Exception:
        # Whatever it is, the others must not wait for it.
        log.exception("child_not_settled", extra={"capture": str(capture_id)})
        _hand_to_officer(capture_id)


def _hand_to_officer(capture_id: UUID) -> None:
    with one_commit() as session:
        own = (Capture.id == capture_id, Capture.waits_for == "parent")
        session.execute(update(Capture).where(*own).values(waits_for="officer"))


def for_officer(person: Person) -> Sequence[Capture]:
    """Return the captures that only a person can settle, oldest first; none for who may not decide."""
    if not person.may(Permission.RESCUE):
        return []
    query = select(Capture).where(Capture.waits_for == "officer").order_by(Capture.first_seen_at)
    return db.session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class Undecided:
    """A capture that waits for an officer: whose it is, and what it says by question."""

    id: UUID
    kind: str
    sender: str | None
    received_at: datetime
    answers: dict[str, str]


def to_decide(person: Person) -> list[Undecided]:
    """Return what waits for an officer, with what it says, oldest first; nothing for who may not decide."""
    found = []
    for capture in for_officer(person):
        user = db.session.get(User, capture.owner_id) if capture.owner_id else None
        kind, content = find_captured(capture.kind), ledger.newest_content(db.session, capture)
        found.append(
            Undecided(
                id=capture.id,
                kind=kind.label,
                sender=(user.name or user.email) if user else None,
                received_at=capture.first_seen_at,
                answers=reading.in_words(kind, content) if content else {},
            )
        )
    return found


def accept(capture_id: UUID, person: Person) -> None:
    """Make a record of a capture that waits for an officer. Raises NotFound, Refused where it cannot be one yet."""
    if not person.may(Permission.RESCUE):
        raise NotFound
    _settle(capture_id, "officer", person)


def set_aside(capture_id: UUID, why: str, person: Person) -> None:
    """Leave a capture out of the records for good; the ledger keeps it, as taken back. Raises NotFound."""
    if not person.may(Permission.RESCUE):
        raise NotFound
    now = clock.now()
    with one_commit() as session:
        capture = session.get(Capture, capture_id, with_for_update=True, populate_existing=True)
        if capture is None or capture.waits_for != "officer":
            raise NotFound
        capture.state, capture.waits_for, capture.removed_at = "removed", None, now
        about = {"capture": str(capture_id)}
        session.add(Event(at=now, by_id=person.id, action="capture_set_aside", after=about, reason=why))


def _settle(capture_id: UUID, waits_for: str, person: Person | None) -> None:
    now = clock.now()
    with one_commit() as session:
        capture = session.get(Capture, capture_id, with_for_update=True, populate_existing=True)
        if capture is None or capture.waits_for != waits_for:
            raise NotFound
        submission = _stored(session, capture)
        sender = _sender(session, capture)
        if waits_for == "parent" and not _has_found_parent(session, capture, submission, sender):
            raise NotFound
        keeper = keeper_of(submission.kind)
        ahead = keeper.made_ahead(submission, sender, now)
        taken = photos.of_capture(session, capture_id)
        keeper.make(session, Rows(session), submission, ahead, sender, taken, now)
        capture.state, capture.waits_for = "kept", None
        photos.attach(session, photos.all_of(session, capture_id), *belongs_to(session, capture))
        if person is not None:
            session.add(
                Event(record_id=keeper.record_of(capture), at=now, by_id=person.id, action="accepted")
            )


def _has_found_parent(session: Session, capture: Capture, submission: Submission, sender: Person) -> bool:
    """Return whether what arrived under its parent's id is of the right kind, and its sender's own or shared."""
    parent = session.get(Capture, submission.parent) if submission.parent else None
    if parent is None or parent.kind != submission.kind.parent:
        return False
    is_same_phone = parent.owner_id is None and parent.secret_hash == capture.secret_hash
    return is_same_phone or ledger.is_owner(parent, "", sender)


def _stored(session: Session, capture: Capture) -> Submission:
    """Return the newest version that counts as it was sent.

    Raises NotFound where what was sent has been forgotten, Refused where the form of today cannot read it.
    """
    revision = ledger.newest(session, capture)
    if revision is None or revision.payload is None:
        raise NotFound
    return reading.from_ledger(capture.id, find_captured(capture.kind), revision, unseal(revision.payload))


def _sender(session: Session, capture: Capture) -> Person:
    user = session.get(User, capture.owner_id) if capture.owner_id else None
    return Person(id=user.id, roles=tuple(user.role_names), agency=user.agency) if user else Person()
