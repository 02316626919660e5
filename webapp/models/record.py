"""The narrow table that every survey kind shares, and the counter its references come from."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, index_where_known, one_of, where
from webapp.models.placed import Placed, place_checks
from webapp.rules.codes import clock, fly_tipping

VISIBILITIES = ("facts", "released", "hidden")
# The order of the record list, newest last.
LISTED = ("reported_on", "reference")
CLOCKED = ("scope", "days_taken")
# All that figures count and that the record list is narrowed by, so that neither reads a row for what it leaves out:
# in the order of the list for all records, for a ward, for a body, for how it ended, and for what is still open.
COUNTED = (*LISTED, *CLOCKED, "ward_code", "responsible_body", "status", "kind")
OF_WARD = ("ward_code", *LISTED, *CLOCKED, "responsible_body", "status")
OF_BODY = ("responsible_body", *LISTED, *CLOCKED, "ward_code", "status")
OF_STATUS = ("status", *LISTED, "ward_code", "responsible_body", "crew", "kind")
# What the 7-day figure counts, all that is alike in a row, so that counting only passes over it.
TALLIED = ("ward_code", "scope", "days_taken", "reported_on", "responsible_body")
STILL_OPEN = (*LISTED, "scope", "ward_code", "responsible_body", "crew", "status")


class Record(Placed, Base):
    """One record of any kind: where, when, in what state, and who may see it.

    `visibility`: the public sees `facts` (kind, size, ward, state), also the words once `released`, or nothing
    at all while `hidden`. Unknown is NULL, never a default place, time or ward.

    What the 7-day clock decides is written here when a record changes, so that figures only count columns: the London
    dates `reported_on` (first report by anyone), `due_on` and `cleared_on`; between the first and the last `days_taken`
    and for a second target `working_days_taken`; `scope`, which is in the target or says why not; `responsible_body`.
    A kind without a clock has NULL in all but the first. `closed_at` is NULL while open.
    """

    __tablename__ = "record"
    __mapper_args__: Mapping[str, Any] = {"polymorphic_on": "kind"}
    __table_args__: tuple[Any, ...] = (
        *place_checks(),
        one_of("channel", fly_tipping.CHANNELS.values),
        one_of("visibility", VISIBILITIES),
        Index("ix_record_latitude_longitude", "latitude", "longitude"),
        index_where_known("created_by_id"),
        one_of("scope", clock.SCOPES.values),
        Index("ix_record_counted", *COUNTED),
        Index("ix_record_ward_code", *OF_WARD),
        # What is open with a status is looked for among all that is open.
        Index("ix_record_status", *OF_STATUS, **where("closed_at IS NOT NULL")),
        # A new report takes no time here: nobody has decided yet who must answer for it.
        Index("ix_record_responsible_body", *OF_BODY, **where("responsible_body IS NOT NULL")),
        Index("ix_record_tallied", *TALLIED, **where("scope IS NOT NULL")),
        Index("ix_record_still_open", *STILL_OPEN, **where("closed_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("capture.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    status: Mapped[str] = mapped_column(String(30))
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
    days_taken: Mapped[int | None]
    working_days_taken: Mapped[int | None]
    scope: Mapped[str | None] = mapped_column(String(20))
    responsible_body: Mapped[str | None] = mapped_column(String(40))
    crew: Mapped[str | None] = mapped_column(String(60))


class ReferenceCounter(Base):
    """The last number given per prefix and year of London receipt."""

    __tablename__ = "reference_counter"

    prefix: Mapped[str] = mapped_column(String(3), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
