"""One vehicle that passed a speed-watch session: a capture of its own, part of its session (field-facts 3.2)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, index_where_known, one_of, where
from webapp.rules.codes import speed_watch as codes
from webapp.rules.speed import SPEED_LEAST, SPEED_MOST

# All that figures ask of a session’s vehicles, so that they read no row; SQLite looks at `removed_at` in any case.
SPEEDS = ("session_id", "speed_mph", "is_over", "status", "removed_at")


class SpeedReading(Base):
    """A vehicle's speed and, at the threshold or above, what was seen of it.

    `plate` is sealed under the key of `key_month`, and `plate_hash` is keyed by it: all three are NULL together, below
    the threshold, where none was read, and once it is forgotten. `kind` is the style of the plate, which stays.
    `earlier_sightings` are those within 12 months among plates that were still held when it was checked.
    `compared_at` is when make and colour were found to be those that DVLA has, `not_compared_at` when DVLA said that it
    cannot read the plate: it is not asked again, unless the row is corrected.
    `removed_at` is when its person undid it: then it counts for nothing. `typed_after_end` says that it was written at
    a desk once the session was over.
    """

    __tablename__ = "speed_reading"
    __table_args__ = (
        one_of("status", codes.READING_STATUSES.values),
        one_of("confidence", codes.CONFIDENCES.values),
        one_of("colour", codes.COLOURS.values),
        one_of("make", codes.MAKES.values),
        one_of("vehicle", codes.VEHICLE_TYPES.values),
        one_of("direction", codes.DIRECTIONS.values),
        CheckConstraint(f"speed_mph BETWEEN {SPEED_LEAST} AND {SPEED_MOST}", name="speed_range"),
        CheckConstraint(
            "(plate IS NULL) = (plate_hash IS NULL) AND (plate IS NULL) = (key_month IS NULL)",
            name="plate_whole_or_gone",
        ),
        CheckConstraint("is_over OR plate IS NULL", name="plate_only_at_the_threshold"),
        # The speeds of a session, and so of a site, without a look at the rows themselves.
        Index("ix_speed_reading_speeds", *SPEEDS, **where("removed_at IS NULL")),
        Index("ix_speed_reading_plate_hash", "plate_hash", **where("plate_hash IS NOT NULL")),
        index_where_known("key_month"),
        index_where_known("export_id"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("capture.id"), primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("speed_session.id"))
    number: Mapped[int]
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment)
    speed_mph: Mapped[int]
    is_over: Mapped[bool]
    vehicle: Mapped[str | None] = mapped_column(String(12))
    direction: Mapped[str | None] = mapped_column(String(12))
    colour: Mapped[str | None] = mapped_column(String(20))
    make: Mapped[str | None] = mapped_column(String(20))
    model: Mapped[str] = mapped_column(String(40), default="")
    confidence: Mapped[str | None] = mapped_column(String(10))
    is_spoken_back: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str | None] = mapped_column(String(12))
    plate: Mapped[bytes | None] = mapped_column(LargeBinary)
    plate_hash: Mapped[str | None] = mapped_column(String(64))
    key_month: Mapped[str | None] = mapped_column(String(7))
    status: Mapped[str] = mapped_column(String(16), default="draft")
    status_reason: Mapped[str] = mapped_column(String(300), default="")
    earlier_sightings: Mapped[int | None]
    compared_at: Mapped[datetime | None] = mapped_column(Moment)
    not_compared_at: Mapped[datetime | None] = mapped_column(Moment)
    export_id: Mapped[int | None] = mapped_column(ForeignKey("police_export.id"))
    export_number: Mapped[int | None]
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    forgotten_at: Mapped[datetime | None] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    typed_after_end: Mapped[bool] = mapped_column(default=False)
