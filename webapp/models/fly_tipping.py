"""What a fly-tip adds to a record: waste, land, how it ended and what it cost."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Moment, index_where_known, one_of, where
from webapp.models.record import Record
from webapp.rules import lifecycle
from webapp.rules.codes import fly_tipping as codes

# All that the national return counts of an incident.
RETURNED = (
    "incident_on",
    "land_type",
    "main_waste",
    "size",
    "is_public_reported",
    "is_cleared",
    "clearance_cost_pence",
)


class FlyTip(Record):
    """One fly-tip (field-facts 2.2).

    `outcome` is the state that said what became of it, and stays when it is closed. `is_public_reported`: whether
    anybody but our own staff reported it, which is one of the two bases of the national return. `incident_on` is the
    London date under which the return counts it, its first report, NULL where it is no incident of its own; together
    with `is_cleared` it repeats what the record says, so that a quarter is counted from one index.
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
        Index("ix_fly_tip_returned", *RETURNED, **where("incident_on IS NOT NULL")),
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
    incident_on: Mapped[date | None]
    is_cleared: Mapped[bool] = mapped_column(default=False, server_default=false())
    outcome: Mapped[str | None] = mapped_column(String(20))
    cleared_at: Mapped[datetime | None] = mapped_column(Moment)
    clearance_cost_pence: Mapped[int | None]
    duplicate_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("fly_tip.id"))
