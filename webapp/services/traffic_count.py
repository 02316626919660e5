"""What phones counted of all traffic in a speed-watch session."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.models.capture import Capture
from webapp.models.speed_watch import SpeedSession
from webapp.models.traffic_count import TrafficCount
from webapp.rules.roles import Person
from webapp.services import speed_reading, speed_watch


def first(session: Session, session_id: UUID, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what no later version changes: nothing. Raises Refused where its session was taken back."""
    speed_reading.refuse_taken_back(session, session_id)
    return {}


def details(
    session: Session, session_id: UUID, answers: Mapping[str, Any], captured_at: datetime | None
) -> dict[str, Any]:
    """Return what the counter of one phone shows."""
    return {"counted": answers["counted"]}


def takes(session: Session, capture: Capture, change: Any, person: Person) -> bool:
    """Return whether a later version may change a count now: whatever that phone counted, unless it counts for nothing.

    A phone that was without a signal tells the whole of it after the check, and nobody else knows better; history has
    it.
    """
    count = session.get_one(TrafficCount, capture.id)
    speed_watch.hold(session, count.session_id)
    return session.get_one(SpeedSession, count.session_id, populate_existing=True).status != "taken_back"


def removed(session: Session, own_id: UUID, now: datetime) -> None:
    """Let a count that its person took back count for nothing."""
    session.get_one(TrafficCount, own_id).removed_at = now
