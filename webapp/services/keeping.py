"""How a capture is kept: as a record of its own, or as part of another's."""

from types import ModuleType
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models.capture import Capture
from webapp.models.report import Report
from webapp.services import parts, recording
from webapp.services.kinds import Captured, Part, find_captured


def keeper_of(kind: Captured) -> ModuleType:
    """Return what keeps captures of a kind: `recording` or `parts`, which have the same verbs."""
    return parts if isinstance(kind, Part) else recording


def belongs_to(session: Session, capture: Capture) -> tuple[UUID | None, UUID | None]:
    """Return the record and the report to which photos of a kept capture belong, each None where there is none."""
    if capture.state != "kept":
        return None, None
    report_id = session.scalar(select(Report.id).where(Report.id == capture.id))
    return keeper_of(find_captured(capture.kind)).record_of(capture), report_id
