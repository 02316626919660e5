"""The ledger of what arrived: whose a capture is, which revisions of it are held, and what is still on its way.

It is what makes sending the same thing twice save it once. Services write here within their own commit.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from webapp.extensions import clock, db
from webapp.models.capture import AwaitedPhoto, Capture, CaptureRevision
from webapp.models.photo import Photo
from webapp.rules.errors import Gone, NotFound, Refused
from webapp.rules.photos import MOST_BYTES_TOGETHER
from webapp.rules.roles import Person
from webapp.services import forgetting, plate_keys, seal
from webapp.services.kinds import Captured, Kind, Part, captured, find_captured
from webapp.services.rows import Row, Rows, ready
from webapp.services.seal import Sealed, canonical
from webapp.services.tracking import hash_of

OTHER_PHOTO = "A photo has the number of another photo. Remove it, and choose it again."
TOO_MANY_PHOTOS = "Too many photos were sent with this already. Send the others with a new report."
TOO_MANY_CLASHES = "This was sent with other words too often. Choose one of the versions first."
DELETED = (
    "What was sent of this has been deleted here after its time, so it cannot be changed any more. Remove it from your"
    " device."
)
MOST_CLASHES = 20
# Of all versions together: a photo that one leaves out and the next brings back is the same one.
MOST_BYTES_EVER = 2 * MOST_BYTES_TOGETHER


@dataclass(frozen=True, slots=True)
class Promised:
    """A photo that a capture says it has: its bytes come by themselves, by this id and with this SHA-256."""

    id: UUID
    sha256: str
    bytes_size: int
    media_type: str
    role: str


@dataclass(frozen=True, slots=True)
class Submission:
    """One capture as it was sent. `answers` are a form's answers; `secret` is what its sender alone knows.

    `content` is what the sender hashes, as it was spelled; a sender who hashes nothing leaves it out. `rev` counts the
    sender's own versions, `base_rev` is the version that it was made from. `photos` is None for a page, whose photos
    come with it. `offset_s` is how far the device's clock is ahead. `reason` is why it is changed at a desk.
    """

    kind: Kind | Part
    capture_id: UUID
    secret: str = field(repr=False)
    captured_at: datetime | None
    form_version: int
    channel: str
    answers: Mapping[str, Any] = field(repr=False)
    content: Mapping[str, Any] | None = field(default=None, repr=False)
    rev: int = 1
    base_rev: int | None = None
    sent_at: datetime | None = None
    offset_s: float | None = None
    photos: tuple[Promised, ...] | None = None
    parent: UUID | None = None
    flags: tuple[str, ...] = field(default=())
    reason: str = ""


def begins(kind: str, capture_id: UUID, secret: str, person: Person, state: str, **more: Any) -> Row:
    """Return the row of a capture; it is not written when another request began the capture before."""
    return ready(
        db.engine.dialect,
        Capture,
        unless_there=True,
        id=capture_id,
        kind=kind,
        owner_id=person.id,
        secret_hash=hash_of(secret) if secret else None,
        state=state,
        first_seen_at=clock.now(),
        **{"rev": 0, "parent_id": None, **more},
    )


def begun(session: Session, capture_id: UUID, secret: str, person: Person) -> Capture:
    """Return a capture that was begun before, held for this commit so that two of its requests take turns.

    Raises NotFound when it is somebody else's or unknown, Gone when it was taken back.
    """
    capture = session.get(Capture, capture_id, with_for_update=True, populate_existing=True)
    if capture is None:
        raise NotFound
    must_own(capture, secret, person)
    if capture.state == "removed":
        raise Gone
    return capture


def must_own(capture: Capture, secret: str, person: Person) -> None:
    """Raise NotFound when a capture is somebody else's."""
    if not is_owner(capture, secret, person):
        raise NotFound


def is_owner(capture: Capture, secret: str, person: Person) -> bool:
    """Return whether a capture is this person's, of whoever holds this secret, or of a kind that they share."""
    if capture.owner_id is not None:
        return capture.owner_id == person.id or _shares(capture, person)
    return bool(secret) and hmac.compare_digest(capture.secret_hash or "", hash_of(secret))


def _shares(capture: Capture, person: Person) -> bool:
    """Return whether somebody may see and change a capture besides its owner.

    A capture of no kind, which was taken back before it came, is nobody else's. Of what was taken back later a kind
    says who still sees it; that nothing of it changes any more is told by its state.
    """
    kind = next((one for one in captured() if one.value == capture.kind), None)
    return kind is not None and person.id is not None and kind.shares(db.session, capture, person)


def content_of(submission: Submission, taken: Sequence[Photo]) -> dict[str, Any]:
    """Return what the ledger keeps of a capture: the six parts that its hash is over."""
    captured_at = submission.captured_at.isoformat() if submission.captured_at else None
    content = submission.content or {
        "kind": submission.kind.value,
        "form_version": submission.form_version,
        "captured_at": captured_at,
        "answers": dict(submission.answers),
        "photos": [],
        "parent": str(submission.parent) if submission.parent else None,
    }
    return {**content, "photos": [_as_promised(photo) for photo in taken]} if taken else dict(content)


def _as_promised(photo: Photo) -> dict[str, Any]:
    return {
        "id": str(photo.id),
        "sha256": photo.sha256,
        "bytes": photo.bytes_size,
        "type": photo.media_type,
        "role": photo.role,
    }


def sealed_content(submission: Submission, now: datetime, taken: Sequence[Photo] = ()) -> Sealed:
    """Return the content as the ledger keeps it."""
    return sealed(submission.kind, content_of(submission, taken), now)


def sealed(kind: Captured, content: Mapping[str, Any], now: datetime) -> Sealed:
    """Return a content of a kind as the ledger keeps it: what may hold plates under the key of this month."""
    return seal.seal(content, plate_keys.current(now) if kind.has_plates else None)


def follows(submission: Submission, capture: Capture) -> bool:
    """Return whether a version was made from the newest one, so that it may take its place."""
    return submission.base_rev == capture.rev and submission.rev > capture.rev


def revision_row(submission: Submission, sealed: Sealed, now: datetime, *, forget: bool = False) -> Row:
    """Return the row of a version that counts; only that it came, where its contact was withdrawn."""
    columns = _version_columns(submission, sealed, now, forget=forget)
    return ready(db.engine.dialect, CaptureRevision, **columns)


def _version_columns(
    submission: Submission, sealed: Sealed, now: datetime, *, forget: bool
) -> dict[str, Any]:
    return {
        "capture_id": submission.capture_id,
        "rev": submission.rev,
        "base_rev": submission.base_rev,
        "fingerprint": sealed.fingerprint,
        "payload": None if forget else sealed.payload,
        "key_month": sealed.key_month,
        "sent_at": submission.sent_at,
        "received_at": now,
        "flags": " ".join(submission.flags) or None,
    }


def newest(session: Session, capture: Capture) -> CaptureRevision | None:
    """Return the newest version that counts, None while there are only photos."""
    query = select(CaptureRevision).where(
        CaptureRevision.capture_id == capture.id,
        CaptureRevision.rev == capture.rev,
        CaptureRevision.is_clash.is_(False),
    )
    return session.scalar(query.order_by(CaptureRevision.id.desc()).limit(1))


def newest_content(session: Session, capture: Capture) -> dict[str, Any] | None:
    """Return what the newest version that counts says, None once that has been forgotten."""
    revision = newest(session, capture)
    return opened(revision) if revision is not None else None


def parent_of(content: Mapping[str, Any]) -> UUID | None:
    """Return what a version says that it is part of."""
    return UUID(content["parent"]) if content["parent"] else None


def opened(revision: CaptureRevision) -> dict[str, Any] | None:
    """Return what a version says, None once it was forgotten, or the key of its month is destroyed."""
    return seal.opened(revision)


def held(session: Session, submission: Submission, spelled: bytes) -> CaptureRevision | None:
    """Return this very version, when the ledger holds it already: under whichever key, of its content's one spelling.

    Of a version that was forgotten nothing tells what it said, so that any content under its number is taken for it.
    """
    query = select(CaptureRevision).where(
        CaptureRevision.capture_id == submission.capture_id, CaptureRevision.rev == submission.rev
    )
    kept = session.scalars(query.order_by(CaptureRevision.id).options(defer(CaptureRevision.payload)))
    return next((one for one in kept if seal.is_same(one, spelled)), None)


def refuse_forgotten(session: Session, capture: Capture) -> None:
    """Raise Refused for a version that comes once what was sent before has been forgotten: it would bring it back."""
    revision = newest(session, capture)
    if revision is not None and seal.is_forgotten(revision):
        raise Refused({"version": DELETED})


def forget_plates(session: Session, capture: Capture) -> None:
    """Forget all that the ledger holds of a capture that may hold plates, once no record will be made of it."""
    if find_captured(capture.kind).has_plates:
        forgetting.forget_content(session, [capture.id])


def note_clash(
    session: Session, submission: Submission, sealed: Sealed, now: datetime, *, forget: bool
) -> None:
    """Keep a version, and await its photos, beside the one it clashed with. Raises Refused beyond MOST_CLASHES.

    Where its contact was withdrawn only that it came is kept.
    """
    beside = (CaptureRevision.capture_id == submission.capture_id, CaptureRevision.is_clash)
    if session.execute(select(func.count()).where(*beside)).scalar_one() >= MOST_CLASHES:
        raise Refused({"version": TOO_MANY_CLASHES})
    await_photos(session, submission.capture_id, submission.photos)
    columns = _version_columns(submission, sealed, now, forget=forget)
    session.add(CaptureRevision(is_clash=True, **columns))


def await_photos(session: Session, capture_id: UUID, promised: Iterable[Promised] | None) -> None:
    """Write down which promised photos have not arrived, beside those of earlier versions: a phone may still send them.

    Raises Refused when a promised photo has the id of another one, and beyond what all versions together may hold.
    """
    for photo in promised or ():
        arrived = session.get(Photo, photo.id)
        awaited = session.get(AwaitedPhoto, photo.id) if arrived is None else None
        known = arrived or awaited
        if known is None and Rows(session).write_unless_there(
            AwaitedPhoto,
            id=photo.id,
            capture_id=capture_id,
            sha256=photo.sha256,
            bytes_size=photo.bytes_size,
            role=photo.role,
        ):
            continue
        if known is None or (known.capture_id, known.sha256) != (capture_id, photo.sha256):
            raise Refused({"photos": OTHER_PHOTO})
    if sum(_held_bytes(session, capture_id, table) for table in (Photo, AwaitedPhoto)) > MOST_BYTES_EVER:
        raise Refused({"photos": TOO_MANY_PHOTOS})


def _held_bytes(session: Session, capture_id: UUID, table: type[Photo] | type[AwaitedPhoto]) -> int:
    query = select(func.coalesce(func.sum(table.bytes_size), 0)).where(table.capture_id == capture_id)
    return int(session.scalar(query) or 0)


def missing(session: Session, capture_id: UUID, content: Mapping[str, Any] | None) -> tuple[UUID, ...]:
    """Return the photos of a version that have not arrived; all that are awaited, where it has been forgotten."""
    query = select(AwaitedPhoto.id).where(AwaitedPhoto.capture_id == capture_id).order_by(AwaitedPhoto.id)
    awaited = session.scalars(query).all()
    if content is None:
        return tuple(awaited)
    named = {UUID(photo["id"]) for photo in content["photos"]}
    return tuple(one for one in awaited if one in named)


def hash_of_content(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a capture's content, as the phone works it out too: over its one JSON spelling."""
    return hashlib.sha256(canonical(content)).hexdigest()
