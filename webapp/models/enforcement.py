"""Enforcement and evidence on a fly-tip: steps, fixed penalties, exhibits and SmartWater. For officers only."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, index_where_known, one_of
from webapp.rules.codes import enforcement as codes


class EnforcementStep(Base):
    """One step of enforcement (field-facts 2.1), with its cost; a fixed penalty or a prosecution says more.

    `penalty_state` is the newest of the penalty's changes, and `paid_on` the London date of its payment. `outcome` and
    `outcome_on` belong to a prosecution. Money is in pence. What was written by mistake is struck out: it stays to be
    read, with why, and nothing counts it.
    """

    __tablename__ = "enforcement_step"
    __table_args__ = (
        one_of("step", codes.STEPS.values),
        one_of("penalty", codes.PENALTIES.values),
        one_of("penalty_state", codes.PENALTY_STATES.values),
        one_of("outcome", codes.OUTCOMES.values),
        CheckConstraint("(step = 'fpn') = (penalty IS NOT NULL)", name="penalty_of_fpn"),
        CheckConstraint("(penalty IS NULL) = (penalty_state IS NULL)", name="state_of_penalty"),
        CheckConstraint("outcome IS NULL OR step = 'prosecution'", name="outcome_of_prosecution"),
        CheckConstraint("(outcome IS NULL) = (outcome_on IS NULL)", name="day_of_outcome"),
        Index("ix_enforcement_step_done_on", "done_on"),
        index_where_known("paid_on"),
        index_where_known("outcome_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("fly_tip.id"), index=True)
    step: Mapped[str] = mapped_column(String(20))
    done_on: Mapped[date]
    cost_pence: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    written_at: Mapped[datetime] = mapped_column(Moment)
    penalty: Mapped[str | None] = mapped_column(String(20))
    penalty_pence: Mapped[int | None]
    penalty_state: Mapped[str | None] = mapped_column(String(10))
    paid_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(String(30))
    outcome_on: Mapped[date | None]
    court: Mapped[str | None] = mapped_column(String(120))
    fine_pence: Mapped[int | None]
    costs_pence: Mapped[int | None]
    compensation_pence: Mapped[int | None]
    struck_at: Mapped[datetime | None] = mapped_column(Moment)
    struck_why: Mapped[str | None] = mapped_column(Text)


class PenaltyChange(Base):
    """One change in the life of a fixed penalty: append-only."""

    __tablename__ = "penalty_change"
    __table_args__ = (one_of("state", codes.PENALTY_STATES.values),)

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("enforcement_step.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    changed_on: Mapped[date]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    written_at: Mapped[datetime] = mapped_column(Moment)
    note: Mapped[str] = mapped_column(Text, default="")


class Exhibit(Base):
    """One thing kept as evidence (field-facts 2.8); `exhibit_ref` is initials and a number, such as OB/1."""

    __tablename__ = "exhibit"
    __table_args__ = (Index(None, "record_id", "exhibit_ref", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("fly_tip.id"))
    exhibit_ref: Mapped[str] = mapped_column(String(20))
    description: Mapped[str] = mapped_column(Text)
    found_by: Mapped[str] = mapped_column(String(120))
    found_at: Mapped[datetime] = mapped_column(Moment)
    place: Mapped[str] = mapped_column(String(200))
    seal_number: Mapped[str] = mapped_column(String(40))
    written_at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ExhibitMove(Base):
    """One hand-over of an exhibit: from whom, to whom, when, why, and the seal it then bore. Append-only."""

    __tablename__ = "exhibit_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibit_id: Mapped[int] = mapped_column(ForeignKey("exhibit.id"), index=True)
    handed_at: Mapped[datetime] = mapped_column(Moment)
    from_whom: Mapped[str] = mapped_column(String(120))
    to_whom: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(200))
    storage: Mapped[str] = mapped_column(String(200), default="")
    seal_number: Mapped[str] = mapped_column(String(40))
    written_at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class SmartWaterMark(Base):
    """One deployment of SmartWater (field-facts 2.9): where it is, is never public."""

    __tablename__ = "smartwater_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_ref: Mapped[str] = mapped_column(String(40), unique=True)
    marked_on: Mapped[date]
    marked_by: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(200))
    latitude: Mapped[float | None] = mapped_column(Float(53))
    longitude: Mapped[float | None] = mapped_column(Float(53))
    item: Mapped[str] = mapped_column(String(200))
    code_batch: Mapped[str] = mapped_column(String(60))
    is_covert: Mapped[bool]
    has_signage: Mapped[bool]
    written_at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class SmartWaterRead(Base):
    """One look for SmartWater on a fly-tip: under UV first; only a laboratory can read the code."""

    __tablename__ = "smartwater_read"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("fly_tip.id"), index=True)
    read_on: Mapped[date]
    is_uv_positive: Mapped[bool]
    sample_ref: Mapped[str | None] = mapped_column(String(40))
    lab_result: Mapped[str | None] = mapped_column(String(200))
    mark_id: Mapped[int | None] = mapped_column(ForeignKey("smartwater_mark.id"))
    written_at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
