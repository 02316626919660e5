"""What reporters answered when it was over: how satisfied they are, and whether somebody should look again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, one_of
from webapp.rules.codes import feedback


class Satisfaction(Base):
    """One reporter's answer to the five-point question; the key lets each of them answer once."""

    __tablename__ = "satisfaction"
    __table_args__ = (one_of("answer", feedback.ANSWERS.values),)

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    answered_at: Mapped[datetime] = mapped_column(Moment)
    answer: Mapped[str] = mapped_column(String(20))


class ReopenRequest(Base):
    """A reporter asks to look again; an officer settles it. `is_granted` is NULL while nobody has."""

    __tablename__ = "reopen_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    words: Mapped[str] = mapped_column(Text)
    # The report again while nobody has settled it: of two requests at one moment only one can stand.
    open_for_id: Mapped[UUID | None] = mapped_column(ForeignKey("report.id"), unique=True)
    is_granted: Mapped[bool | None]
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[str | None] = mapped_column(Text)
