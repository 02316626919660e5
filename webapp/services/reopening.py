"""Requests of reporters to look again: opening a record again, in whatever way, grants those that wait."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.models.feedback import ReopenRequest
from webapp.models.fly_tipping import FlyTip
from webapp.models.report import Report
from webapp.services import merging


def grant_waiting(session: Session, tip: FlyTip, by_id: int | None, now: datetime) -> None:
    """Settle every request about a record that was opened again, in the caller's commit."""
    session.flush()
    about = [report.id for report in merging.reports_in(session, tip)]
    waiting = ReopenRequest.open_for_id.in_(about)
    granted = {"open_for_id": None, "is_granted": True, "settled_at": now, "settled_by_id": by_id}
    session.execute(update(ReopenRequest).where(waiting).values(granted))


def refuse(session: Session, request_id: int, answer: str, by_id: int | None, now: datetime) -> UUID | None:
    """Settle one request with an answer, in the caller's commit; return its report, None when it was settled before."""
    about = select(Report.id).join(ReopenRequest, ReopenRequest.open_for_id == Report.id)
    report_id = session.scalar(about.where(ReopenRequest.id == request_id))
    refused = {"open_for_id": None, "is_granted": False, "settled_at": now, "settled_by_id": by_id}
    if report_id is not None:
        session.execute(
            update(ReopenRequest).where(ReopenRequest.id == request_id).values(refused | {"answer": answer})
        )
    return report_id
