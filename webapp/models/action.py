"""An action plan's lines, what was done about each, and the link by which an agency without an account answers."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, one_of, where
from webapp.rules import actions as rules
from webapp.rules.codes import actions as codes

OPEN = ", ".join(f"'{status}'" for status in sorted(rules.OPEN))


class Action(Base):
    """One line of an EVA's action plan (field-facts 1.8); `number` is the one within its plan.

    Overdue is computed and never kept. `reason` says why it is not feasible or withdrawn, `passed_to` which plan it
    went to. The London dates `agreed_on`, `completed_on` and `verified_on` are NULL until it is so.
    """

    __tablename__ = "action"
    __table_args__ = (
        UniqueConstraint("eva_id", "number"),
        one_of("status", codes.STATUSES.values),
        one_of("priority", codes.PRIORITIES.values),
        CheckConstraint("agreed_on IS NULL OR owner_agency IS NOT NULL", name="agreed_by_somebody"),
        CheckConstraint("completed_on IS NULL OR agreed_on <= completed_on", name="agreed_before_completed"),
        CheckConstraint(
            "(status IN ('completed', 'verified')) = (completed_on IS NOT NULL)", name="completed_on_a_day"
        ),
        CheckConstraint("(status = 'verified') = (verified_on IS NOT NULL)", name="verified_on_a_day"),
        Index("ix_action_open", "owner_agency", "by_when", **where(f"status IN ({OPEN})")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    eva_id: Mapped[UUID] = mapped_column(ForeignKey("eva.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    owner_agency: Mapped[str | None] = mapped_column(String(40))
    owner_role: Mapped[str] = mapped_column(String(120), default="")
    by_when: Mapped[date]
    priority: Mapped[str] = mapped_column(String(10))
    funding: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[str] = mapped_column(String(20))
    agreed_on: Mapped[date | None]
    completed_on: Mapped[date | None]
    completed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    verified_on: Mapped[date | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    passed_to: Mapped[str] = mapped_column(String(200), default="")
    fed_back_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ActionObservation(Base):
    """Which observations a line answers; one line may answer several, and one observation need several lines."""

    __tablename__ = "action_observation"

    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), primary_key=True)
    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.id"), primary_key=True, index=True)


class ActionUpdate(Base):
    """What was done about a line or said of it: append-only. Its photos are those of the capture with its id.

    `by_id` is NULL where an agency answered by its link, `link_id` says by which. `after` says what it changed.
    """

    __tablename__ = "action_update"

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    capture_id: Mapped[UUID | None] = mapped_column(ForeignKey("capture.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    link_id: Mapped[UUID | None] = mapped_column(ForeignKey("action_link.id"))
    step: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class ActionLink(Base):
    """A link by which an agency without an account answers for one line, once, until it runs out."""

    __tablename__ = "action_link"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    runs_out_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
