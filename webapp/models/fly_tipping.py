"""What a fly-tip adds to a record: waste, land, and what the 7-day rule wrote about it."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import index_where_known, one_of
from webapp.models.record import Record
from webapp.rules.codes import fly_tipping as codes


class FlyTip(Record):
    """One fly-tip (field-facts 2.2). `in_target` is NULL while nobody has said whose land it is."""

    __tablename__ = "fly_tip"
    __mapper_args__ = {"polymorphic_identity": "fly_tipping"}  # noqa: RUF012 - SQLAlchemy reads it once
    __table_args__ = (
        one_of("size", codes.SIZES.values),
        one_of("main_waste", codes.WASTE_TYPES.values),
        one_of("land_type", codes.LAND_TYPES.values),
        one_of("ownership", codes.OWNERSHIPS.values),
        one_of("reported_by_type", codes.REPORTER_TYPES.values),
        Index("ix_fly_tip_in_target_due_on", "in_target", "due_on"),
        index_where_known("responsible_body"),
        index_where_known("duplicate_of_id"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("record.id"), primary_key=True)
    size: Mapped[str | None] = mapped_column(String(30))
    main_waste: Mapped[str | None] = mapped_column(String(30))
    land_type: Mapped[str | None] = mapped_column(String(30))
    ownership: Mapped[str | None] = mapped_column(String(10))
    responsible_body: Mapped[str | None] = mapped_column(String(40))
    description: Mapped[str] = mapped_column(Text, default="")
    first_seen_on: Mapped[date | None]
    was_witnessed: Mapped[bool | None]
    vehicle_registration: Mapped[str | None] = mapped_column(String(20))
    vehicle_description: Mapped[str | None] = mapped_column(Text)
    reported_by_type: Mapped[str] = mapped_column(String(20))
    reported_on: Mapped[date] = mapped_column(index=True)
    due_on: Mapped[date]
    cleared_on: Mapped[date | None]
    in_target: Mapped[bool | None]
    duplicate_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("fly_tip.id"))
