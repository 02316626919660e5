"""What a fly-tip adds to a record: waste, land, how it ended and what it cost."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Moment, index_where_known, one_of
from webapp.models.record import Record
from webapp.rules import lifecycle
from webapp.rules.codes import fly_tipping as codes


class FlyTip(Record):
    """One fly-tip (field-facts 2.2).

    `outcome` is the state that said what became of it, and stays when it is closed. `is_public_reported`: whether
    anybody but our own staff reported it, which is one of the two bases of the national return.
    """

    __tablename__ = "fly_tip"
    __mapper_args__ = {"polymorphic_identity": "fly_tipping"}  # noqa: RUF012 - SQLAlchemy reads it once
    __table_args__ = (
        one_of("size", codes.SIZES.values),
        one_of("main_waste", codes.WASTE_TYPES.values),
        one_of("land_type", codes.LAND_TYPES.values),
        one_of("ownership", codes.OWNERSHIPS.values),
        one_of("reported_by_type", codes.REPORTER_TYPES.values),
        one_of("outcome", sorted(lifecycle.OUTCOMES)),
        CheckConstraint("clearance_cost_pence >= 0", name="cost_not_negative"),
        index_where_known("duplicate_of_id"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("record.id"), primary_key=True)
    size: Mapped[str | None] = mapped_column(String(30))
    main_waste: Mapped[str | None] = mapped_column(String(30))
    land_type: Mapped[str | None] = mapped_column(String(30))
    ownership: Mapped[str | None] = mapped_column(String(10))
    description: Mapped[str] = mapped_column(Text, default="")
    first_seen_on: Mapped[date | None]
    was_witnessed: Mapped[bool | None]
    vehicle_registration: Mapped[str | None] = mapped_column(String(20))
    vehicle_description: Mapped[str | None] = mapped_column(Text)
    reported_by_type: Mapped[str] = mapped_column(String(20))
    is_public_reported: Mapped[bool] = mapped_column(nullable=True)
    outcome: Mapped[str | None] = mapped_column(String(20))
    cleared_at: Mapped[datetime | None] = mapped_column(Moment)
    clearance_cost_pence: Mapped[int | None]
    duplicate_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("fly_tip.id"))
