"""What the worker does with photos: unfold those that wait, and remove what was never sent."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, exists, select, update

from webapp.extensions import clock, db
from webapp.models.capture import Capture
from webapp.models.photo import Photo, PhotoMask
from webapp.rules.photos import MOST_BYTES
from webapp.services import decoding, media
from webapp.services.transaction import one_commit

MOST_ATTEMPTS = 3
BATCH = 20
STALE_AFTER = timedelta(hours=48)

log = logging.getLogger(__name__)


def decode_waiting() -> bool:
    """Unfold the photos that wait, at most BATCH of them; return whether there may be more to do at once.

    A photo that broke a decoder comes after all others, and is given up after MOST_ATTEMPTS.
    """
    waiting = (
        select(Photo.id)
        .where(Photo.state == "waiting")
        .order_by(Photo.attempts, Photo.received_at)
        .limit(BATCH)
    )
    ids = db.session.scalars(waiting).all()
    done = [photo_id for photo_id in ids if _decode(photo_id)]
    return len(ids) == BATCH and bool(done)


def _decode(photo_id: UUID) -> bool:
    """Unfold one photo; return whether it is settled now."""
    photo = db.session.get(Photo, photo_id, populate_existing=True)
    if photo is None or photo.state != "waiting":
        return False
    try:
        content = _original(photo)
    except (OSError, ValueError) as error:
        # The storage does not answer: that is not the photo's fault, so no attempt is counted.
        log.error("photo_not_read", extra={"photo": str(photo_id), "error": type(error).__name__})
        return False
    masks_rev, masks = photo.masks_rev, _masks_of(photo_id)
    if photo.attempts >= MOST_ATTEMPTS:
        return _give_up(photo_id, masks_rev, "The worker ended while it unfolded this photo.")
    attempt = _count_attempt(photo_id)
    try:
        decoded = decoding.decode(content, photo.media_type, masks)
    except decoding.Undecodable as problem:
        return _give_up(photo_id, masks_rev, str(problem))
    except decoding.Broke as problem:
        return attempt >= MOST_ATTEMPTS and _give_up(photo_id, masks_rev, str(problem))
    for size, copy in decoded.copies.items():
        media.keep_copy(photo_id, size, copy, masks_rev)
    _settle(photo_id, masks_rev, state="ready", width=decoded.width, height=decoded.height)
    media.delete_copies(photo_id, before=masks_rev or 0)
    return True


def _masks_of(photo_id: UUID) -> list[decoding.Area]:
    query = select(PhotoMask).where(PhotoMask.photo_id == photo_id).order_by(PhotoMask.id)
    return [(mask.x, mask.y, mask.width, mask.height) for mask in db.session.scalars(query)]


def _original(photo: Photo) -> bytes:
    media.keep_original(photo.id, photo.arrived_as)
    with media.open_original(photo.id, photo.arrived_as) as file:
        return file.read(MOST_BYTES)


def _count_attempt(photo_id: UUID) -> int:
    """Write the attempt down before it begins, so that a photo which takes the worker down is not tried for ever."""
    with one_commit() as session:
        photo = session.get_one(Photo, photo_id, populate_existing=True)
        photo.attempts += 1
        return photo.attempts


def _give_up(photo_id: UUID, masks_rev: int | None, problem: str) -> bool:
    log.warning("photo_unreadable", extra={"photo": str(photo_id), "problem": problem})
    _settle(photo_id, masks_rev, state="unreadable")
    return True


def _settle(photo_id: UUID, masks_rev: int | None, **values: object) -> None:
    """Write what became of a photo, unless its masks changed meanwhile: then its turn comes again."""
    with one_commit() as session:
        is_as_it_was = Photo.masks_rev.is_not_distinct_from(masks_rev)
        waits = (Photo.id == photo_id, Photo.state == "waiting", is_as_it_was)
        session.execute(update(Photo).where(*waits).values(**values))


def drop_stale() -> bool:
    """Remove photos and captures whose form was never completed; return whether there may be more to do at once."""
    before = clock.now() - STALE_AFTER
    _sweep_arrivals(media.arrived_before(before))
    with one_commit() as session:
        # What waits for its parent or an officer was told to be received whole.
        waits = exists().where(Capture.id == Photo.capture_id, Capture.waits_for.is_not(None))
        query = select(Photo).where(Photo.record_id.is_(None), Photo.received_at < before, ~waits)
        photos = session.scalars(query.limit(BATCH).with_for_update(skip_locked=True)).all()
        for photo in photos:
            # Files go first: a row without its file is found again on the next round, a file without a row never.
            media.delete_photo(photo.id, photo.arrived_as)
            session.delete(photo)
        session.flush()
        has_photo = exists().where(Photo.capture_id == Capture.id)
        unsent = (
            Capture.state == "staged",
            Capture.waits_for.is_(None),
            Capture.first_seen_at < before,
            ~has_photo,
        )
        session.execute(delete(Capture).where(*unsent))
    return len(photos) == BATCH


def _sweep_arrivals(names: Sequence[UUID]) -> None:
    """Settle files that still have their passing name: a row names them, or their request never came to an end."""
    for arrived_as in names:
        query = select(Photo.id).where(Photo.arrived_as == arrived_as)
        photo_id = db.session.scalar(query)
        if photo_id is None:
            media.delete_arriving(arrived_as)
        else:
            media.keep_original(photo_id, arrived_as)
