"""The narrow table that every survey kind shares, and the counter its references come from."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, index_where_known, one_of
from webapp.rules.codes import clock, fly_tipping, location

VISIBILITIES = ("facts", "released", "hidden")
# All that figures count and that lists of open records sort by, so that neither reads a row for it; by the id what
# is counted finds its typed table.
COUNTED = ("reported_on", "scope", "due_on", "cleared_on", "ward_code", "responsible_body", "status", "id")
STILL_OPEN = ("scope", "due_on", "ward_code", "responsible_body", "crew", "status")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Record(Base):
    """One record of any kind: where, when, in what state, and who may see it.

    `visibility`: the public sees `facts` (kind, size, ward, state), also the words once `released`, or nothing
    at all while `hidden`. Unknown is NULL, never a default place, time or ward.

    What the 7-day clock decides is written here when a record changes, so that figures only count columns: the London
    dates `reported_on` (first report by anyone), `due_on` and `cleared_on`; `scope`, which is in the target or says why
    not; and `responsible_body`. A kind without a clock has NULL in all but the first. `closed_at` is NULL while open.
    """

    __tablename__ = "record"
    __mapper_args__: Mapping[str, Any] = {"polymorphic_on": "kind"}
    __table_args__: tuple[Any, ...] = (
        one_of("location_source", location.SOURCES.values),
        one_of("channel", fly_tipping.CHANNELS.values),
        one_of("visibility", VISIBILITIES),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_range"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_range"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_position"),
        CheckConstraint("(location_source = 'none') = (latitude IS NULL)", name="source_of_position"),
        Index("ix_record_kind_status_ward_code", "kind", "status", "ward_code"),
        Index("ix_record_kind_received_at", "kind", "received_at"),
        Index("ix_record_latitude_longitude", "latitude", "longitude"),
        index_where_known("created_by_id"),
        index_where_known("responsible_body"),
        one_of("scope", clock.SCOPES.values),
        Index("ix_record_counted", *COUNTED, **_where("scope IS NOT NULL")),
        Index("ix_record_still_open", *STILL_OPEN, **_where("closed_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("capture.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    status: Mapped[str] = mapped_column(String(30))
    latitude: Mapped[float | None] = mapped_column(Float(53))
    longitude: Mapped[float | None] = mapped_column(Float(53))
    accuracy_m: Mapped[float | None]
    location_source: Mapped[str] = mapped_column(String(10))
    place_text: Mapped[str] = mapped_column(Text, default="")
    ward_code: Mapped[str | None] = mapped_column(String(12))
    parish: Mapped[str | None] = mapped_column(String(80))
    captured_at: Mapped[datetime | None] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment)
    clock_offset_s: Mapped[float | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    channel: Mapped[str] = mapped_column(String(20))
    form_version: Mapped[int]
    rev: Mapped[int] = mapped_column(default=1)
    visibility: Mapped[str] = mapped_column(String(10), default="facts")
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    # Never NULL: only that SQLite cannot be told so of a column that was added to a table others refer to.
    reported_on: Mapped[date] = mapped_column(nullable=True)
    due_on: Mapped[date | None]
    cleared_on: Mapped[date | None]
    scope: Mapped[str | None] = mapped_column(String(20))
    responsible_body: Mapped[str | None] = mapped_column(String(40))
    crew: Mapped[str | None] = mapped_column(String(60))


class ReferenceCounter(Base):
    """The last number given per prefix and year of London receipt."""

    __tablename__ = "reference_counter"

    prefix: Mapped[str] = mapped_column(String(2), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
