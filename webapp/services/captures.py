"""Captures: what a phone or page sends becomes one record, however often it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.capture import NO_KIND, AwaitedPhoto, Capture, CaptureRevision, Draft
from webapp.models.photo import Photo
from webapp.models.report import Report
from webapp.rules.errors import Clash, NotFound, Refused
from webapp.rules.roles import Permission, Person
from webapp.services import ledger, photos, waiting, work
from webapp.services.keeping import keeper_of
from webapp.services.kinds import Captured, find_captured, has_children
from webapp.services.ledger import Submission
from webapp.services.rows import Rows
from webapp.services.seal import Sealed
from webapp.services.tracking import token_of
from webapp.services.transaction import one_commit

__all__ = ["Receipt", "Submission", "remove", "stage", "staged", "submit"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender gets back: the reference and the token of the tracking link; None while there is no record."""

    reference: str | None
    token: str | None
    is_new: bool


def stage(kind: Captured, capture_id: UUID, secret: str, uploads: Sequence[Any], person: Person) -> None:
    """Keep photos of a form that is not complete yet, so that nothing photographed is lost.

    Raises NotFound when the capture is somebody else's, Refused with the names of photos beyond what a report takes.
    """
    kept = photos.keep(uploads)
    with one_commit() as session:
        if not Rows(session).put(ledger.begins(kind.value, capture_id, secret, person, "staged")):
            ledger.begun(session, capture_id, secret, person)
        left_out = photos.stage(session, capture_id, kept)
    work.soon("photos")
    photos.refuse_left_out(left_out)


def staged(capture_id: UUID, secret: str, person: Person) -> list[Photo]:
    """Return the photos kept so far for a form that is not complete yet; none for anybody but its owner."""
    capture = db.session.get(Capture, capture_id)
    if capture is None or not ledger.is_owner(capture, secret, person):
        return []
    query = (
        select(Photo)
        .where(Photo.capture_id == capture_id, Photo.report_id.is_(None))
        .order_by(Photo.received_at)
    )
    return list(db.session.scalars(query))


def submit(submission: Submission, person: Person) -> Receipt:
    """Keep a capture as a record and return its receipt: the same again gives the same receipt.

    A version made from the newest one changes the record. Raises Refused when a place or code makes no sense, Clash
    when this id came before with other content (both are kept), Gone after it was taken back, NotFound when it is
    somebody else's.
    """
    receipt, clashed = _submit(submission, person)
    if (submission.answers.get("reporter") or {}).get("wants_news"):
        work.soon("notices")
    if receipt.is_new and has_children(submission.kind):
        work.soon("children")
    if clashed:
        raise Clash(receipt.reference, receipt.token, submission.capture_id)
    return receipt


def _submit(submission: Submission, person: Person) -> tuple[Receipt, bool]:
    now, keeper = clock.now(), keeper_of(submission.kind)
    ahead = keeper.made_ahead(submission, person, now)
    with one_commit() as session:
        rows, capture_id = Rows(session), submission.capture_id
        is_first = rows.put(ahead.capture)
        capture = None if is_first else ledger.begun(session, capture_id, submission.secret, person)
        taken = photos.of_capture(session, capture_id) if capture else []
        with_page = taken if submission.photos is None else []
        sealed = ledger.sealed_content(submission, now, with_page) if with_page else ahead.sealed
        if capture is not None:
            if capture.kind != submission.kind.value:
                raise NotFound
            if capture.waits_for is not None:
                return Receipt(None, None, False), waiting.again(session, capture, submission, sealed)
            if capture.state == "kept":
                return _again(session, capture, submission, sealed, person, now)
            capture.state, capture.rev, capture.parent_id = "kept", submission.rev, submission.parent
            session.flush()
        if person.id is not None:
            session.execute(delete(Draft).where(Draft.id == capture_id, Draft.owner_id == person.id))
        waits_for = waiting.reason(session, submission, person)
        if waits_for is not None:
            waiting.keep(session, rows, submission, sealed, waits_for)
            return Receipt(None, None, True), False
        # The ledger comes first: what makes the record of it may have to forget what it says in the same commit.
        rows.put(ledger.revision_row(submission, sealed, now) if with_page else ahead.revision)
        reference = keeper.make(session, rows, submission, ahead, person, taken, now)
        if submission.photos:
            ledger.await_photos(session, capture_id, submission.photos)
        return Receipt(reference, ahead.token, True), False


def _again(
    session: Session,
    capture: Capture,
    submission: Submission,
    sealed: Sealed,
    person: Person,
    now: datetime,
) -> tuple[Receipt, bool]:
    """Answer for a capture that is a record already; return its receipt, and whether this version clashed."""
    # Withdrawing at the same moment waits here, or has removed the contact before: it cannot come back this way.
    report = session.get(Report, capture.id, with_for_update=True, populate_existing=True)
    keeper = keeper_of(submission.kind)
    receipt = Receipt(keeper.reference_of(capture), token_of(report) if report else None, False)
    found = ledger.held(session, submission, sealed.spelled)
    if found is not None:
        return receipt, found.is_open_clash
    ledger.refuse_forgotten(session, capture)
    is_withdrawn = report is not None and report.withdrawn_at is not None
    if not ledger.follows(submission, capture) or not keeper.takes(session, capture, submission, person):
        ledger.note_clash(session, submission, sealed, now, forget=is_withdrawn)
        return receipt, True
    Rows(session).put(ledger.revision_row(submission, sealed, now, forget=is_withdrawn))
    keeper.change(session, capture, submission, person, now)
    ledger.await_photos(session, capture.id, submission.photos)
    capture.rev = submission.rev
    return receipt, False


def remove(capture_id: UUID, secret: str, person: Person) -> None:
    """Take a capture back for good: what was sent before or comes later under this id does not bring it back.

    A record that was made of it stays, with its clock, and its history says so; the reporter's contact goes
    (field-facts 9). Of a walk that colleagues share, only who began it and officers may. Raises NotFound for others,
    Refused for what others have built on.
    """
    now = clock.now()
    with one_commit() as session:
        tombstone = ledger.begins(NO_KIND, capture_id, secret, person, "removed", removed_at=now)
        if Rows(session).put(tombstone):
            return
        capture = session.get_one(Capture, capture_id, with_for_update=True, populate_existing=True)
        ledger.must_own(capture, secret, person)
        if capture.owner_id not in (None, person.id) and not person.may(Permission.RESCUE):
            raise NotFound
        if capture.state == "removed":
            return
        if capture.state == "kept":
            _refuse_what_stays(session, capture, person)
            keeper_of(find_captured(capture.kind)).remove(session, capture, person, now)
        capture.state, capture.waits_for, capture.removed_at = "removed", None, now
        own = CaptureRevision.capture_id == capture_id
        session.execute(update(CaptureRevision).where(own).values(payload=None, settled_at=now))
        session.execute(delete(AwaitedPhoto).where(AwaitedPhoto.capture_id == capture_id))
        ledger.forget_plates(session, capture)


def _refuse_what_stays(session: Session, capture: Capture, person: Person) -> None:
    because = find_captured(capture.kind).stays_because(session, capture, person)
    if because is not None:
        raise Refused({"form": because})
