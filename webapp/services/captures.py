"""Captures: what a phone or page sends becomes one record, however often it is sent."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.capture import Capture, CaptureRevision
from webapp.models.event import Event
from webapp.models.photo import Photo
from webapp.models.record import Record
from webapp.models.report import Report
from webapp.rules.errors import Clash, Gone, NotFound
from webapp.rules.roles import Person
from webapp.services import notices, photos, places, wards, work
from webapp.services.kinds import Kind
from webapp.services.references import next_reference
from webapp.services.rows import Row, Rows, ready
from webapp.services.seal import Sealed, seal
from webapp.services.tracking import hash_of, token_for, token_of
from webapp.services.transaction import one_commit


@dataclass(frozen=True, slots=True)
class Submission:
    """One capture as it was sent. `answers` are a form's answers; `secret` is what its sender alone knows."""

    kind: Kind
    capture_id: UUID
    secret: str
    captured_at: datetime | None
    form_version: int
    channel: str
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender gets back: the reference, and the token of the tracking link."""

    reference: str
    token: str
    is_new: bool


def stage(kind: Kind, capture_id: UUID, secret: str, uploads: Sequence[Any], person: Person) -> None:
    """Keep photos of a form that is not complete yet, so that nothing photographed is lost.

    Raises NotFound when the capture is somebody else's, Refused with the names of photos beyond what a report takes.
    """
    kept = photos.keep(uploads)
    with one_commit() as session:
        if not Rows(session).put(_begins(kind, capture_id, secret, person, "staged")):
            _begun(session, capture_id, secret, person)
        left_out = photos.stage(session, capture_id, kept)
    work.soon("photos")
    photos.refuse_left_out(left_out)


def staged(capture_id: UUID, secret: str, person: Person) -> list[Photo]:
    """Return the photos kept so far for a form that is not complete yet; none for anybody but its owner."""
    capture = db.session.get(Capture, capture_id)
    if capture is None or not _is_owner(capture, secret, person):
        return []
    query = (
        select(Photo)
        .where(Photo.capture_id == capture_id, Photo.report_id.is_(None))
        .order_by(Photo.received_at)
    )
    return list(db.session.scalars(query))


def submit(submission: Submission, person: Person) -> Receipt:
    """Keep a capture as a record and return its receipt: the same again gives the same receipt.

    Raises Refused when a place or code makes no sense, Clash when this id came before with other content (both are
    kept), Gone after it was taken back, NotFound when it is somebody else's.
    """
    receipt, clashed = _submit(submission, person)
    if submission.answers["reporter"]["wants_news"]:
        work.soon("notices")
    if clashed:
        raise Clash(receipt.reference, receipt.token)
    return receipt


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What can be made before the turn to write comes: whoever has it holds up everybody else who writes.

    `place` is None when it may come from a photo, which only the turn tells. Its ward is that of a set of wards which
    the turn tells whether it is in use still.
    """

    capture: Row
    report: Row
    details: Row
    event: Row
    token: str
    ward_set: wards.WardSet
    place: places.Located | None
    revision: Row
    sealed: Sealed


def _made_ahead(submission: Submission, person: Person, now: datetime) -> _Ahead:
    dialect, answers, kind = db.engine.dialect, submission.answers, submission.kind
    own_id, reporter, token = submission.capture_id, answers["reporter"], token_for(submission.capture_id)
    sealed, ward_set = _sealed(submission, ()), wards.known()
    reporter_type = "public" if any(reporter[way] for way in ("name", "email", "phone")) else "anonymous"
    return _Ahead(
        capture=_begins(kind, own_id, submission.secret, person, "kept"),
        report=ready(
            dialect,
            Report,
            id=own_id,
            record_id=own_id,
            token_hash=hash_of(token),
            channel=submission.channel,
            reported_at=now,
            **reporter,
        ),
        details=ready(dialect, kind.model, id=own_id, **kind.details(answers, now, reporter_type)),
        event=ready(dialect, Event, record_id=own_id, at=now, by_id=person.id, action="reported"),
        token=token,
        ward_set=ward_set,
        place=None if answers["photo_place"] else places.locate(answers["place"], ward_set=ward_set),
        revision=_first_revision(own_id, sealed, now),
        sealed=sealed,
    )


def _submit(submission: Submission, person: Person) -> tuple[Receipt, bool]:
    now = clock.now()
    ahead = _made_ahead(submission, person, now)
    with one_commit() as session:
        rows, capture_id = Rows(session), submission.capture_id
        is_first = rows.put(ahead.capture)
        capture = None if is_first else _begun(session, capture_id, submission.secret, person)
        taken = photos.of_capture(session, capture_id) if capture else []
        sealed = _sealed(submission, taken) if taken else ahead.sealed
        if capture is not None:
            if capture.state == "kept":
                return _again(session, capture, sealed, now)
            capture.state, capture.rev = "kept", 1
            session.flush()
        reference = _keep(session, rows, submission, ahead, person, taken, now)
        rows.put(_first_revision(capture_id, sealed, now) if taken else ahead.revision)
        return Receipt(reference, ahead.token, True), False


def _begun(session: Session, capture_id: UUID, secret: str, person: Person) -> Capture:
    """Return a capture that was begun before. Raises NotFound when it is somebody else's, Gone when taken back."""
    capture = session.get_one(Capture, capture_id)
    if not _is_owner(capture, secret, person):
        raise NotFound
    if capture.state == "removed":
        raise Gone
    return capture


def _is_owner(capture: Capture, secret: str, person: Person) -> bool:
    if capture.owner_id is not None:
        return capture.owner_id == person.id
    return hmac.compare_digest(capture.secret_hash or "", hash_of(secret))


def _first_revision(capture_id: UUID, sealed: Sealed, now: datetime) -> Row:
    return ready(
        db.engine.dialect,
        CaptureRevision,
        capture_id=capture_id,
        rev=1,
        fingerprint=sealed.fingerprints[0],
        payload=sealed.payload,
        received_at=now,
    )


def _begins(kind: Kind, capture_id: UUID, secret: str, person: Person, state: str) -> Row:
    """Return the capture's row; it is not written when another request began the capture before."""
    return ready(
        db.engine.dialect,
        Capture,
        unless_there=True,
        id=capture_id,
        kind=kind.value,
        owner_id=person.id,
        secret_hash=hash_of(secret),
        state=state,
        rev=1 if state == "kept" else 0,
        first_seen_at=clock.now(),
    )


def _sealed(submission: Submission, taken: Sequence[Photo]) -> Sealed:
    content = {
        "kind": submission.kind.value,
        "form_version": submission.form_version,
        "captured_at": submission.captured_at.isoformat() if submission.captured_at else None,
        "answers": dict(submission.answers),
        "photos": sorted(str(photo.id) for photo in taken),
        "parent": None,
    }
    return seal(content)


def _again(session: Session, capture: Capture, sealed: Sealed, now: datetime) -> tuple[Receipt, bool]:
    held = set(
        session.scalars(select(CaptureRevision.fingerprint).where(CaptureRevision.capture_id == capture.id))
    )
    first = select(CaptureRevision.fingerprint).where(
        CaptureRevision.capture_id == capture.id, CaptureRevision.rev == 1
    )
    # Withdrawing at the same moment waits here, or has removed the contact before: it cannot come back this way.
    report = session.get_one(Report, capture.id, with_for_update=True, populate_existing=True)
    if held.isdisjoint(sealed.fingerprints):
        session.add(
            CaptureRevision(
                capture_id=capture.id,
                rev=len(held) + 1,
                base_rev=capture.rev,
                fingerprint=sealed.fingerprints[0],
                payload=None if report.withdrawn_at else sealed.payload,
                received_at=now,
                is_clash=True,
            )
        )
    receipt = Receipt(session.get_one(Record, report.record_id).reference, token_of(report), False)
    return receipt, session.scalars(first).one() not in sealed.fingerprints


def _keep(
    session: Session,
    rows: Rows,
    submission: Submission,
    ahead: _Ahead,
    person: Person,
    taken: Sequence[Photo],
    now: datetime,
) -> str:
    """Write the record and its report, made the same as the one that the reporter joins; return the reference."""
    answers, kind, own_id = submission.answers, submission.kind, submission.capture_id
    place = ahead.place
    if place is None or not wards.is_in_use(ahead.ward_set, rows):
        place = places.locate(answers["place"], photos.stored_place(taken))
    wanted, reporter = answers["joins"], answers["reporter"]
    joined = kind.joinable(wanted, place.latitude, place.longitude) if wanted else None
    reference = next_reference(rows, kind.prefix, now)
    rows.write(Record, **_record(submission, person, place, reference, now))
    for row in (ahead.details, ahead.report, ahead.event):
        rows.put(row)
    photos.attach(session, taken, own_id, own_id)
    if joined is not None:
        kind.make_same(session, own_id, joined, now, person.id)
    if reporter["email"] and reporter["wants_news"]:
        notices.owe_acknowledgement(session, rows, own_id, reporter["email"], now)
    return reference


def _record(
    submission: Submission, person: Person, place: places.Located, reference: str, now: datetime
) -> dict[str, Any]:
    return {
        "id": submission.capture_id,
        "kind": submission.kind.value,
        "reference": reference,
        "status": "reported",
        "latitude": place.latitude,
        "longitude": place.longitude,
        "accuracy_m": place.accuracy_m,
        "location_source": place.source,
        "place_text": place.words,
        "ward_code": place.ward_code,
        "captured_at": submission.captured_at,
        "received_at": now,
        "created_by_id": person.id,
        "channel": submission.channel,
        "form_version": submission.form_version,
    }
