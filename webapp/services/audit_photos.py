"""The photos of an audit by what they show: each observation as it was found, and as its lines left it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.action import Action, ActionUpdate
from webapp.models.observation import Observation
from webapp.models.photo import Photo
from webapp.services.audits import Audit

AFTER = "after"


@dataclass(frozen=True, slots=True)
class Pair:
    """The photos of one observation: as it was found, and as each of its lines left it."""

    before: Sequence[Photo]
    after: Sequence[tuple[Action, Photo]]

    @property
    def photos(self) -> list[Photo]:
        """All of them, those from before first."""
        return [*self.before, *(photo for _, photo in self.after)]


def pairs_of(audit: Audit, *, sees_hidden: bool) -> dict[UUID, Pair]:
    """Return the photos of each observation; those hidden only for who may decide about them."""
    after = _after_by_line(audit)
    return {one.id: _pair(audit, one, after, sees_hidden) for one in audit.observations}


def _pair(audit: Audit, one: Observation, after: dict[int, list[Photo]], sees_hidden: bool) -> Pair:
    def is_seen(photo: Photo) -> bool:
        return sees_hidden or photo.hidden_at is None

    before = [photo for photo in audit.photos.get(one.id, ()) if photo.role != AFTER and is_seen(photo)]
    lines = audit.lines_of.get(one.id, ())
    return Pair(
        before, [(line, photo) for line in lines for photo in after.get(line.id, ()) if is_seen(photo)]
    )


def _after_by_line(audit: Audit) -> dict[int, list[Photo]]:
    """Return the photos that came with what was done about each line, in the order in which they came."""
    query = (
        select(ActionUpdate.action_id, ActionUpdate.capture_id)
        .where(ActionUpdate.action_id.in_([line.id for line in audit.actions]))
        .order_by(ActionUpdate.id)
    )
    found: dict[int, list[Photo]] = {}
    for action_id, capture_id in db.session.execute(query):
        if capture_id is None:
            continue
        photos = [photo for photo in audit.photos.get(capture_id, ()) if photo.role == AFTER]
        found.setdefault(action_id, []).extend(photos)
    return found
