"""Messages owed to people: the outbox of the mail worker and the count of who was told are the same rows."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, index_where_known, one_of
from webapp.rules.notices import PURPOSES

STATES = ("owed", "sending", "accepted", "bounced", "failed", "dropped")
WAYS = ("email", "phone")
RECIPIENTS = ("report_id", "user_id", "link_id")


class Notice(Base):
    """One message owed to a reporter, to somebody of the staff, or an agency's link to answer by.

    The address stays on the report, so that removing it there removes it here. The attempt is written before a message
    is handed to the mail server: a worker that dies in between leaves `sending` behind, and `repeats` keeps the
    uncertain repeat to one. `due_at` is when a worker may take it up, also again. `mailbox_key` is a keyed hash of the
    mailbox for the hour in which it gets no second acknowledgement. Who left only a telephone number is called by an
    officer: `way`. A reminder is about one day (`about_on`) and exists once for each person;
    `action_id` is the line of a plan that somebody hears is urgent.
    """

    __tablename__ = "notice"
    __table_args__ = (
        one_of("state", STATES),
        one_of("purpose", PURPOSES),
        one_of("way", WAYS),
        CheckConstraint(
            " + ".join(f"(CASE WHEN {one} IS NULL THEN 0 ELSE 1 END)" for one in RECIPIENTS) + " = 1",
            name="one_recipient",
        ),
        UniqueConstraint("user_id", "purpose", "about_on"),
        Index("ix_notice_state_due_at", "state", "due_at"),
        index_where_known("report_id"),
        index_where_known("link_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("report.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    link_id: Mapped[UUID | None] = mapped_column(ForeignKey("action_link.id"))
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"))
    about_on: Mapped[date | None]
    purpose: Mapped[str] = mapped_column(String(20))
    way: Mapped[str] = mapped_column(String(10), default="email")
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    repeats: Mapped[int] = mapped_column(default=0)
    attempted_at: Mapped[datetime | None] = mapped_column(Moment)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    mailbox_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    problem: Mapped[str | None] = mapped_column(String(200))


class NoticeTemplate(Base):
    """The words of one kind's message as officers wrote them, in place of the ones that Wardbook comes with."""

    __tablename__ = "notice_template"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject: Mapped[str] = mapped_column(String(150))
    text: Mapped[str] = mapped_column(Text)
    edited_at: Mapped[datetime] = mapped_column(Moment)
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
