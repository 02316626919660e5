"""Whose land it is: each decision as it was made, and the rules that say who answers by default."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, one_of
from webapp.rules.codes import clock, fly_tipping, land


class LandDecision(Base):
    """One decision about one fly-tip's land: append-only, the newest counts. `scope` is what followed from it."""

    __tablename__ = "land_decision"
    __table_args__ = (
        one_of("land_type", fly_tipping.LAND_TYPES.values),
        one_of("ownership", land.OWNERSHIP_ANSWERS.values),
        one_of("source", land.SOURCES.values),
        one_of("confidence", land.CONFIDENCES.values),
        one_of("scope", clock.SCOPES.values),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("fly_tip.id"), index=True)
    decided_at: Mapped[datetime] = mapped_column(Moment)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    land_type: Mapped[str] = mapped_column(String(30))
    ownership: Mapped[str] = mapped_column(String(10))
    responsible_body: Mapped[str | None] = mapped_column(String(40))
    is_body_by_rule: Mapped[bool]
    source: Mapped[str] = mapped_column(String(20))
    confidence: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    scope: Mapped[str] = mapped_column(String(20))


class RoutingRule(Base):
    """One rule of who answers: NULL matches anything, and of all that match the lowest `position` counts."""

    __tablename__ = "routing_rule"
    __table_args__ = (
        one_of("land_type", fly_tipping.LAND_TYPES.values),
        one_of("main_waste", fly_tipping.WASTE_TYPES.values),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(index=True)
    land_type: Mapped[str | None] = mapped_column(String(30))
    main_waste: Mapped[str | None] = mapped_column(String(30))
    ward_code: Mapped[str | None] = mapped_column(String(12))
    body: Mapped[str] = mapped_column(String(40))


class DangerCheck(Base):
    """The answers to the danger questions as somebody gave them: append-only, the newest counts.

    `answers` holds, by question, {"answer": yes | no | cannot_tell, "done": what was done about a yes}.
    """

    __tablename__ = "danger_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("fly_tip.id"), index=True)
    answered_at: Mapped[datetime] = mapped_column(Moment)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answers: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON)
