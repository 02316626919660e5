"""Masks: areas of a photo that its copies cover for good. The original, which is evidence, stays as it came."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.event import Event
from webapp.models.observation import Observation
from webapp.models.photo import Photo, PhotoMask
from webapp.models.record import Record
from webapp.rules.errors import NotFound, Refused
from webapp.rules.roles import Permission, Person
from webapp.services import papers, photos, work
from webapp.services.transaction import one_commit

MOST = 40
NOT_NOW = {
    "waiting": "The copies of this photo are being made. Wait until you can see it, then send this again.",
    "unreadable": "This photo cannot be opened, so nobody sees it and there is nothing to mask.",
}
TOO_MANY = f"A photo takes up to {MOST} masks. Take some away first, or hide the photo."


@dataclass(frozen=True, slots=True)
class Masked:
    """A photo with its masks, and where its record is: `number` is that of its observation, None for other photos."""

    photo: Photo
    masks: Sequence[PhotoMask]
    reference: str
    number: int | None


def find(photo_id: UUID, person: Person) -> Masked:
    """Return a photo with its masks, oldest first. Raises NotFound for who may not decide what is seen of it."""
    photo = _seen(photo_id, person)
    query = select(PhotoMask).where(PhotoMask.photo_id == photo.id).order_by(PhotoMask.id)
    reference = db.session.get_one(Record, photo.record_id).reference
    observation = db.session.get(Observation, photo.capture_id)
    number = observation.number if observation is not None and observation.removed_at is None else None
    return Masked(photo, db.session.scalars(query).all(), reference, number)


def masked_among(photos: Iterable[Photo]) -> set[UUID]:
    """Return the ids of those photos that have masks."""
    query = select(PhotoMask.photo_id).where(PhotoMask.photo_id.in_([photo.id for photo in photos]))
    return set(db.session.scalars(query))


def add(photo_id: UUID, areas: Sequence[Mapping[str, float]], person: Person) -> None:
    """Mask areas of a photo, each given by `x`, `y`, `width` and `height` as parts of the whole.

    From the commit on no copy of it is answered until the worker has made masked ones. Raises NotFound, Refused.
    """
    now = clock.now()
    with one_commit() as session:
        photo = _to_change(session, photo_id, person, field="areas")
        held = select(func.count()).select_from(PhotoMask).where(PhotoMask.photo_id == photo.id)
        if (session.scalar(held) or 0) + len(areas) > MOST:
            raise Refused({"areas": TOO_MANY})
        session.add_all(
            PhotoMask(photo_id=photo.id, made_at=now, made_by_id=person.id, **area) for area in areas
        )
        _make_again(session, photo, person, "photo_masked", {"areas": len(areas)})
    work.soon("photos")


def remove(photo_id: UUID, mask_id: int, person: Person) -> None:
    """Take a mask away and let the copies be made again. Raises NotFound, Refused."""
    with one_commit() as session:
        photo = _to_change(session, photo_id, person)
        mask = session.get(PhotoMask, mask_id)
        if mask is None or mask.photo_id != photo.id:
            raise NotFound
        session.delete(mask)
        _make_again(session, photo, person, "photo_unmasked", {"areas": 1})
    work.soon("photos")


def _seen(photo_id: UUID, person: Person) -> Photo:
    if not person.may(Permission.RELEASE):
        raise NotFound
    return photos.find(photo_id, person)


def _to_change(session: Session, photo_id: UUID, person: Person, field: str = "") -> Photo:
    """Return a photo whose copies are there, held so that two who mask it take turns."""
    photo = _seen(photo_id, person)
    session.refresh(photo, with_for_update=True)
    if photo.state != "ready":
        raise Refused({field: NOT_NOW[photo.state]})
    return photo


def _make_again(
    session: Session, photo: Photo, person: Person, action: str, about: Mapping[str, Any]
) -> None:
    photo.state, photo.attempts = "waiting", 0
    photo.masks_rev = (photo.masks_rev or 0) + 1
    # A paper that was made before shows what is masked now.
    papers.forget(session, photo.record_id)
    after = {"photo": str(photo.id), **about}
    session.add(Event(record_id=photo.record_id, at=clock.now(), by_id=person.id, action=action, after=after))
