"""Photos: kept before anything else can fail, one row however often they are sent, shown only once released."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, aliased

from webapp.extensions import clock, db
from webapp.forms.photos import PhotoUpload
from webapp.models.capture import Capture
from webapp.models.eva import Eva
from webapp.models.event import Event
from webapp.models.fly_tipping import FlyTip
from webapp.models.photo import Photo
from webapp.models.record import Record
from webapp.models.report import Report
from webapp.rules import photos as rules
from webapp.rules.errors import Full, NotFound, Refused
from webapp.rules.roles import Permission, Person
from webapp.services import ledger, lines, media, papers, records
from webapp.services.ledger import Promised
from webapp.services.transaction import one_commit

NOT_TO_RELEASE = {
    "waiting": "This photo is still being prepared. Wait a minute, look at it, then show it to the public.",
    "unreadable": "This photo cannot be opened, so it cannot be shown to the public. It is kept as it came.",
}


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """An upload whose bytes are on the disk already; its row is still to be written."""

    upload: PhotoUpload
    arrival: media.Arrival


def keep(uploads: Sequence[PhotoUpload]) -> list[KeptPhoto]:
    """Bring the bytes of photos to the disk, under passing names, and return what their rows need.

    Call it before the transaction: bringing 40 MB to the disk may take a second, in which nobody else could write.
    What no row is written for is removed by the worker after two days. Raises Full when there is no room.
    """
    try:
        return [KeptPhoto(upload, media.keep_arriving(upload.stream)) for upload in uploads]
    except OSError as error:
        raise Full from error


def stage(session: Session, capture_id: UUID, kept: Sequence[KeptPhoto], role: str = "evidence") -> list[str]:
    """Write the rows of kept photos of a capture; return the names of those beyond what one report takes.

    The same bytes sent twice for one capture in one role are the same photo. The caller commits.
    """
    # Two requests for one capture take turns here, so that each sees the other's photos.
    session.get(Capture, capture_id, with_for_update=True, populate_existing=True)
    held = {photo.id: photo for photo in _held(session, capture_id, role)}
    together = sum(photo.bytes_size for photo in held.values())
    left_out = []
    for one in kept:
        photo_id = rules.photo_id(capture_id, role, one.arrival.sha256)
        if photo_id in held or session.get(Photo, photo_id) is not None:
            media.delete_arriving(one.arrival.arrived_as)
            continue
        together += one.arrival.size_bytes
        if len(held) >= rules.MOST_PHOTOS or together > rules.MOST_BYTES_TOGETHER:
            media.delete_arriving(one.arrival.arrived_as)
            left_out.append(one.upload.file_name)
            together -= one.arrival.size_bytes
            continue
        held[photo_id] = _row(photo_id, capture_id, one, role)
        session.add(held[photo_id])
    session.flush()
    return left_out


def _held(session: Session, capture_id: UUID, role: str) -> Sequence[Photo]:
    return session.scalars(select(Photo).where(Photo.capture_id == capture_id, Photo.role == role)).all()


def _row(photo_id: UUID, capture_id: UUID, kept: KeptPhoto, role: str) -> Photo:
    latitude, longitude = kept.upload.position or (None, None)
    return Photo(
        id=photo_id,
        capture_id=capture_id,
        arrived_as=kept.arrival.arrived_as,
        sha256=kept.arrival.sha256,
        media_type=kept.upload.media_type,
        file_name=kept.upload.file_name,
        bytes_size=kept.arrival.size_bytes,
        role=role,
        state="waiting",
        taken_at=kept.upload.taken_at,
        latitude=latitude,
        longitude=longitude,
        received_at=clock.now(),
    )


def refuse_left_out(left_out: Sequence[str], field: str = "photos") -> None:
    """Raise Refused with a sentence when `stage` left photos out."""
    if left_out:
        raise Refused({field: str(rules.too_many(left_out))})


def of_capture(session: Session, capture_id: UUID) -> list[Photo]:
    """Return the photos that were sent with a capture, those added later to its report aside, in a steady order."""
    with_it = or_(Report.id.is_(None), Photo.report_id.is_(None), Photo.received_at <= Report.reported_at)
    query = select(Photo).outerjoin(Report, Report.id == Photo.capture_id)
    query = query.where(Photo.capture_id == capture_id, Photo.role == "evidence", with_it)
    return list(session.scalars(query.order_by(Photo.received_at, Photo.id)))


def all_of(session: Session, capture_id: UUID) -> Sequence[Photo]:
    """Return every photo that arrived with a capture, whatever it shows."""
    return session.scalars(select(Photo).where(Photo.capture_id == capture_id)).all()


def stored_place(taken: Sequence[Photo]) -> tuple[float, float] | None:
    """Return the position that the first photo with one stores; use it only when the person said so."""
    for photo in taken:
        if photo.latitude is not None and photo.longitude is not None:
            return photo.latitude, photo.longitude
    return None


def attach(session: Session, taken: Sequence[Photo], record_id: UUID | None, report_id: UUID | None) -> None:
    """Make photos that belong to nothing yet part of a record and of the report they came with."""
    for photo in taken:
        if photo.record_id is None:
            photo.record_id, photo.report_id = record_id, report_id
    session.flush()


def show_what_is_promised(
    session: Session, capture: Capture, promised: Sequence[Promised] | None, now: datetime
) -> None:
    """Hide photos that a new version leaves out: their sender took them away, perhaps for somebody's sake.

    One that it brings back is seen again, unless an officer hid it.
    """
    before = (ledger.newest_content(session, capture) or {}).get("photos", [])
    named = {photo.id for photo in promised or ()}
    left_out = {UUID(photo["id"]) for photo in before} - named
    _take_away(session, left_out, now)
    own_records = select(Photo.record_id).where(Photo.capture_id == capture.id)
    by_officer = select(Event.before).where(Event.record_id.in_(own_records), Event.action == "photo_hidden")
    kept_hidden = {UUID(about["photo"]) for about in session.scalars(by_officer) if about}
    session.execute(update(Photo).where(Photo.id.in_(named - kept_hidden)).values(hidden_at=None))


def take_back(session: Session, capture_id: UUID, now: datetime) -> None:
    """Hide every photo of a capture that its person took back, in the caller's commit."""
    _take_away(session, {photo.id for photo in all_of(session, capture_id)}, now)


def _take_away(session: Session, photo_ids: Collection[UUID], now: datetime) -> None:
    own = Photo.id.in_(photo_ids)
    for record_id in session.scalars(select(Photo.record_id).where(own).distinct()).all():
        papers.forget(session, record_id)
    hidden = update(Photo).where(own, Photo.hidden_at.is_(None))
    session.execute(hidden.values(hidden_at=now, released_at=None))


def add_to_report(
    session: Session, report: Report, kept: Sequence[KeptPhoto], now: datetime
) -> tuple[list[Photo], list[str]]:
    """Add photos to a report that was sent before; return the new ones, and the names of those beyond what it takes."""
    left_out = stage(session, report.id, kept)
    new = [photo for photo in _held(session, report.id, "evidence") if photo.record_id is None]
    attach(session, new, report.record_id, report.id)
    return new, left_out


def places_left(report: Report) -> int:
    """Return how many more photos a report takes."""
    return max(0, rules.MOST_PHOTOS - len(_held(db.session, report.id, "evidence")))


def add_after(
    session: Session, record: Record, person: Person, now: datetime, *, released: bool
) -> list[Photo]:
    """Make the staged photos of the place after clearing part of its record, and return them."""
    new = [photo for photo in _held(session, record.id, "after") if photo.record_id is None]
    attach(session, new, record.id, None)
    for photo in new if released else []:
        photo.released_at = now
        session.add(_event(photo, person, now, "photo_released", before="withheld", after="released"))
    return new


def find(photo_id: UUID, person: Person) -> Photo:
    """Return a photo that this person may see as it is now. Raises NotFound otherwise.

    The public sees what is released, of an audit only while residents are shown what became of it; staff also the rest
    of their records, and what goes with their lines of an action plan; what is hidden only who may release.
    """
    tip, eva, main = FlyTip.__table__.c, Eva.__table__.c, aliased(Record, flat=True)
    query = (
        select(Photo, eva.id, eva.published_at, Record.visibility, main.visibility)
        .join(Record, Photo.record_id == Record.id)
        .outerjoin(FlyTip.__table__, tip.id == Record.id)
        .outerjoin(Eva.__table__, eva.id == Record.id)
        .outerjoin(main, main.id == tip.duplicate_of_id)
        .where(Photo.id == photo_id)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    photo, eva_id, published_at, *visibilities = row
    is_told = eva_id is None or published_at is not None
    if (
        (is_told and is_public(photo, *visibilities))
        or _is_for_staff(photo, person)
        or lines.show(photo, person)
    ):
        return photo
    raise NotFound


def is_public(photo: Photo, *visibilities: str | None) -> bool:
    """Return whether anybody may see a photo of records with these visibilities: each of them must allow it.

    While its copies are made, perhaps again because of a mask, nobody from outside is answered.
    """
    is_shown = photo.released_at is not None and photo.hidden_at is None and photo.state == "ready"
    return is_shown and "hidden" not in visibilities


def _is_for_staff(photo: Photo, person: Person) -> bool:
    if not person.may(Permission.SEE_RECORDS) or (
        photo.hidden_at is not None and not person.may(Permission.RELEASE)
    ):
        return False
    query = select(Record.id).where(Record.id == photo.record_id, records.visible_to(person))
    return db.session.scalar(query) is not None


def read_copy(photo: Photo, size: str) -> bytes | None:
    """Return a photo's re-encoded copy as JPEG, or None while there is none to show."""
    if photo.state != "ready":
        return None
    try:
        return media.read_copy(photo.id, size, photo.masks_rev)
    except FileNotFoundError:
        return None


def open_original(photo_id: UUID, person: Person) -> tuple[Photo, BinaryIO]:
    """Return a photo and its original to read; that somebody opened it is written to the record's history.

    Raises NotFound for anybody but staff who see the record; of a photo with masks, for all but who may lift them.
    """
    with one_commit() as session:
        photo = find(photo_id, person)
        is_masked = bool(photo.masks_rev) and not person.may(Permission.RELEASE)
        if is_masked or not _is_for_staff(photo, person):
            raise NotFound
        try:
            original = media.open_original(photo.id, photo.arrived_as)
        except FileNotFoundError:
            raise NotFound from None
        session.add(_event(photo, person, clock.now(), "original_opened"))
    return photo, original


def release(photo_id: UUID, person: Person) -> Photo:
    """Show a photo to the public. Raises NotFound for who may not, Refused for a photo that cannot be looked at."""
    with one_commit() as session:
        photo = _to_decide(photo_id, person)
        if photo.state != "ready":
            raise Refused({"photo": NOT_TO_RELEASE[photo.state]})
        if photo.released_at is None or photo.hidden_at is not None:
            before, photo.released_at, photo.hidden_at = _shown_as(photo), clock.now(), None
            session.add(_event(photo, person, clock.now(), "photo_released", before=before, after="released"))
        return photo


def hide(photo_id: UUID, person: Person) -> Photo:
    """Hide a photo from everybody but those who may release it, at every size and at once. Raises NotFound."""
    with one_commit() as session:
        photo = _to_decide(photo_id, person)
        if photo.hidden_at is None:
            before, photo.released_at, photo.hidden_at = _shown_as(photo), None, clock.now()
            session.add(_event(photo, person, clock.now(), "photo_hidden", before=before, after="hidden"))
            papers.forget(session, photo.record_id)
        return photo


def _to_decide(photo_id: UUID, person: Person) -> Photo:
    if not person.may(Permission.RELEASE):
        raise NotFound
    return find(photo_id, person)


def _shown_as(photo: Photo) -> str:
    if photo.hidden_at is not None:
        return "hidden"
    return "released" if photo.released_at is not None else "withheld"


def _event(
    photo: Photo,
    person: Person,
    now: datetime,
    action: str,
    before: str | None = None,
    after: str | None = None,
) -> Event:
    about = {"photo": str(photo.id)}
    return Event(
        record_id=photo.record_id,
        at=now,
        by_id=person.id,
        action=action,
        before={**about, "shown": before} if before else None,
        after={**about, "shown": after} if after else about,
    )
