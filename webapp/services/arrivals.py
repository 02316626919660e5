"""Photos that come by themselves after the words of their capture: promised, checked against the promise, kept once."""

from typing import BinaryIO
from uuid import UUID

from sqlalchemy import delete

from webapp.extensions import clock, db
from webapp.forms.photos import PhotoUpload, look_at_evidence
from webapp.models.capture import AwaitedPhoto, Capture
from webapp.models.photo import Photo
from webapp.rules.errors import Full, Gone, NotFound, Refused
from webapp.rules.roles import Person
from webapp.services import ledger, media, work
from webapp.services.keeping import belongs_to
from webapp.services.rows import Rows
from webapp.services.transaction import one_commit

CHANGED = "The photo changed on its way, or did not arrive whole. Send it again."


def take(capture_id: UUID, photo_id: UUID, secret: str, person: Person, file: BinaryIO, sha256: str) -> None:
    """Keep one promised photo; doing it again changes nothing. `sha256` is what the sender says the bytes have.

    Raises NotFound for a capture that is somebody else's and a photo that nobody promised, Gone for a capture that was
    taken back, Refused when the bytes are not those that were promised, PhotoRefused when they are no photo, Full when
    there is no room.
    """
    promised = _promised(capture_id, photo_id, secret, person)
    if sha256 != promised.sha256:
        raise Refused({"photo": CHANGED})
    if isinstance(promised, Photo):
        return
    upload = look_at_evidence(file)
    try:
        arrival = media.keep_arriving(file)
    except OSError as error:
        raise Full from error
    try:
        is_new = arrival.sha256 == sha256 and _keep(capture_id, secret, person, promised, upload, arrival)
    except BaseException:
        media.delete_arriving(arrival.arrived_as)
        raise
    if not is_new:
        media.delete_arriving(arrival.arrived_as)
    if arrival.sha256 != sha256:
        raise Refused({"photo": CHANGED})
    work.soon("photos")


def _promised(capture_id: UUID, photo_id: UUID, secret: str, person: Person) -> AwaitedPhoto | Photo:
    """Return the promise of a photo, or the photo when it is here already. Raises NotFound, Gone."""
    capture = db.session.get(Capture, capture_id, populate_existing=True)
    if capture is None:
        raise NotFound
    ledger.must_own(capture, secret, person)
    if capture.state == "removed":
        raise Gone
    kept = db.session.get(Photo, photo_id)
    if kept is not None and kept.capture_id == capture_id:
        return kept
    promised = db.session.get(AwaitedPhoto, photo_id, populate_existing=True)
    if promised is None or promised.capture_id != capture_id:
        raise NotFound
    return promised


def _keep(
    capture_id: UUID,
    secret: str,
    person: Person,
    promised: AwaitedPhoto,
    upload: PhotoUpload,
    arrival: media.Arrival,
) -> bool:
    """Write the photo's row; return whether it was written, or was there."""
    latitude, longitude = upload.position or (None, None)
    photo_id, role = promised.id, promised.role
    with one_commit() as session:
        capture = ledger.begun(session, capture_id, secret, person)
        record_id, report_id = belongs_to(session, capture)
        newest = ledger.newest_content(session, capture)
        is_left_out = newest is not None and photo_id not in {UUID(one["id"]) for one in newest["photos"]}
        session.execute(delete(AwaitedPhoto).where(AwaitedPhoto.id == photo_id))
        return Rows(session).write_unless_there(
            Photo,
            id=photo_id,
            capture_id=capture_id,
            record_id=record_id,
            report_id=report_id,
            arrived_as=arrival.arrived_as,
            sha256=arrival.sha256,
            media_type=upload.media_type,
            file_name="",
            bytes_size=arrival.size_bytes,
            role=role,
            state="waiting",
            taken_at=upload.taken_at,
            latitude=latitude,
            longitude=longitude,
            received_at=clock.now(),
            # Of a version that does not count it is kept, and shown to nobody.
            hidden_at=clock.now() if is_left_out else None,
        )
