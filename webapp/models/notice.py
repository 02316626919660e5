"""Messages owed to people: the outbox of the mail worker and the count of who was told are the same rows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, one_of

STATES = ("owed", "sending", "accepted", "failed", "dropped")
PURPOSES = ("acknowledgement", "cleared")


class Notice(Base):
    """One message owed to one reporter. The address stays on the report, so that removing it there removes it here.

    The attempt is written before a message is handed to the mail server: a worker that dies in between leaves
    `sending` behind, and `repeats` keeps the uncertain repeat to one. `due_at` is when a worker may take it up, also
    again. `mailbox_key` is a keyed hash of the mailbox for the hour in which it gets no second acknowledgement.
    """

    __tablename__ = "notice"
    __table_args__ = (
        one_of("state", STATES),
        one_of("purpose", PURPOSES),
        Index("ix_notice_state_due_at", "state", "due_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    repeats: Mapped[int] = mapped_column(default=0)
    attempted_at: Mapped[datetime | None] = mapped_column(Moment)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    mailbox_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    problem: Mapped[str | None] = mapped_column(String(200))
