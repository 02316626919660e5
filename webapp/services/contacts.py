"""Forgetting who reported something: the contact goes everywhere it is kept, the record and its clock stay."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.models.capture import CaptureRevision
from webapp.models.report import Report


def forget_contact(session: Session, report: Report, now: datetime) -> None:
    """Remove a reporter's contact from their report and from all that the ledger holds of it."""
    report.name = report.email = report.phone = None
    report.wants_news, report.withdrawn_at = False, now
    sent = CaptureRevision.capture_id == report.id
    session.execute(update(CaptureRevision).where(sent).values(payload=None))
