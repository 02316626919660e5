"""The log of a plan's lines: each update is a capture of the page's own, so that sent twice it is written once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.models.action import Action, ActionUpdate
from webapp.models.capture import Capture
from webapp.models.photo import Photo
from webapp.rules.errors import NotFound
from webapp.rules.roles import Person
from webapp.services import ledger, media, photos
from webapp.services.rows import Rows
from webapp.services.transaction import one_commit

KIND = "action_update"


def begin(session: Session, capture_id: UUID, person: Person, secret: str = "") -> Capture:
    """Return the capture of an update, begun now or before. Raises NotFound when it is somebody else's."""
    Rows(session).put(ledger.begins(KIND, capture_id, secret, person, "staged"))
    capture = ledger.begun(session, capture_id, secret, person)
    if capture.kind != KIND:
        raise NotFound
    return capture


def keep_photos(capture_id: UUID, uploads: Sequence[Any], person: Person, secret: str = "") -> None:
    """Keep photos before anything else is asked, so that a refusal loses none: they wait for the next try.

    Raises Refused for those beyond what one update takes, Full when there is no room.
    """
    kept = photos.keep(uploads)
    left_out: list[str] = []
    with one_commit() as session:
        if begin(session, capture_id, person, secret).state == "kept":
            # The first of two taps was written with all of them.
            for one in kept:
                media.delete_arriving(one.arrival.arrived_as)
        else:
            left_out = photos.stage(session, capture_id, kept, "after")
    photos.refuse_left_out(left_out)


def waiting_photos(capture_id: UUID | None) -> int:
    """Return how many photos came with an update that was refused, and wait for the next try."""
    if capture_id is None:
        return 0
    waiting = select(func.count()).where(Photo.capture_id == capture_id, Photo.record_id.is_(None))
    return db.session.scalar(waiting) or 0


def has_photo(session: Session, capture_id: UUID) -> bool:
    """Return whether any photo has arrived with an update."""
    return bool(photos.all_of(session, capture_id))


def written(session: Session, capture: Capture) -> ActionUpdate | None:
    """Return the update that was written of a capture before, None for the first time."""
    return session.scalar(
        select(ActionUpdate).where(ActionUpdate.capture_id == capture.id).order_by(ActionUpdate.id)
    )


def is_written(session: Session, capture: Capture, line: Action) -> bool:
    """Return whether this very update stands in the line's log. Raises NotFound when it is another line's."""
    update = written(session, capture)
    if update is not None and update.action_id != line.id:
        raise NotFound
    return update is not None


def write(
    session: Session,
    line: Action,
    step: str,
    person: Person,
    now: datetime,
    *,
    capture: Capture | None = None,
    words: str = "",
    after: Mapping[str, Any] | None = None,
    link_id: UUID | None = None,
) -> ActionUpdate:
    """Write an update of a line with the photos of its capture, in the caller's commit."""
    update = ActionUpdate(
        action_id=line.id,
        capture_id=capture.id if capture else None,
        at=now,
        by_id=person.id,
        link_id=link_id,
        step=step,
        words=words,
        after=dict(after) if after else None,
    )
    session.add(update)
    if capture is not None:
        capture.state = "kept"
        photos.attach(session, photos.all_of(session, capture.id), line.eva_id, None)
    session.flush()
    return update
