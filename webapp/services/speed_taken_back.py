"""What of a speed-watch session somebody may take back, and what becomes of it then (field-facts 3.2, 3.6)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from webapp.models.capture import Capture
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_watch import SpeedSession
from webapp.models.traffic_count import TrafficCount
from webapp.rules.roles import Permission, Person
from webapp.services import plates, speed_watch

CHECKED = (
    "This session has been checked, so that nothing of it can be taken back on a phone. Tell your coordinator what is"
    " wrong: they correct it."
)
HANDED_OVER = (
    "The police have been handed this, so that it cannot be taken back any more. Tell your coordinator, who tells the"
    " police and writes down what they answer."
)


def session_stays(session: Session, capture: Capture, person: Person) -> str | None:
    """Return why somebody may not take back a session any more; None where they may.

    Held, so that nobody checks or hands over meanwhile.
    """
    speed_watch.hold_with_rows(session, capture.id)
    return _stays(session, capture.id, person, SpeedReading.session_id == capture.id)


def part_stays(session: Session, capture: Capture, person: Person) -> str | None:
    """Return why somebody may not take back a vehicle or a count any more; None where they may."""
    if capture.parent_id is None:
        return None
    return _stays(session, capture.parent_id, person, SpeedReading.id == capture.id)


def _stays(session: Session, session_id: UUID, person: Person, among: ColumnElement[bool]) -> str | None:
    handed_over = select(SpeedReading.id).where(among, SpeedReading.export_id.is_not(None)).limit(1)
    if session.scalar(handed_over) is not None:
        return HANDED_OVER
    watch = session.get(SpeedSession, session_id, populate_existing=True)
    is_checked = watch is not None and watch.closed_at is not None
    return CHECKED if is_checked and not person.may(Permission.CHECK_SPEEDS) else None


def session_taken_back(session: Session, session_id: UUID, now: datetime) -> None:
    """Let nothing of a session that was taken back count, and forget the plates of its vehicles at once."""
    speed_watch.hold_with_rows(session, session_id)
    watch = session.get_one(SpeedSession, session_id, populate_existing=True)
    watch.status, watch.closed_at = "taken_back", watch.closed_at or now
    rows = select(SpeedReading.id).where(SpeedReading.session_id == session_id)
    plates.forget(session, session.scalars(rows).all(), now)
    for part in (SpeedReading, TrafficCount):
        left = (part.session_id == session_id, part.removed_at.is_(None))
        session.execute(update(part).where(*left).values(removed_at=now))
