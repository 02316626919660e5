"""One thing that was seen on an Environmental Visual Audit: a capture of its own, part of its audit's record."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, index_where_known, one_of
from webapp.rules.codes import grades, location
from webapp.rules.codes import observation as codes


class Observation(Base):
    """What was seen, where, and how bad it is (field-facts 1.2 E).

    `number` is its place in the walk as the phone counted it. A category with an element has a `grade`, the others a
    `severity`; NULL is not graded. `made_record_id` is the record that it became, such as a fly-tip. `removed_at` is
    when its person took it back: then it counts for nothing.
    """

    __tablename__ = "observation"
    __table_args__ = (
        one_of("category", codes.CATEGORIES.values),
        one_of("grade", grades.GRADES.values),
        one_of("severity", codes.SEVERITIES.values),
        one_of("location_source", location.SOURCES.values),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_range"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_range"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_position"),
        CheckConstraint("(location_source = 'none') = (latitude IS NULL)", name="source_of_position"),
        CheckConstraint("grade IS NULL OR severity IS NULL", name="grade_or_severity"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        index_where_known("made_record_id"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("capture.id"), primary_key=True)
    eva_id: Mapped[UUID] = mapped_column(ForeignKey("eva.id"), index=True)
    number: Mapped[int]
    category: Mapped[str] = mapped_column(String(30))
    grade: Mapped[str | None] = mapped_column(String(10))
    severity: Mapped[str | None] = mapped_column(String(1))
    is_urgent: Mapped[bool] = mapped_column(default=False)
    quantity: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    asset: Mapped[str] = mapped_column(String(60), default="")
    owner_agency: Mapped[str | None] = mapped_column(String(40))
    latitude: Mapped[float | None] = mapped_column(Float(53))
    longitude: Mapped[float | None] = mapped_column(Float(53))
    accuracy_m: Mapped[float | None]
    location_source: Mapped[str] = mapped_column(String(10))
    place_text: Mapped[str] = mapped_column(Text, default="")
    ward_code: Mapped[str | None] = mapped_column(String(12))
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment)
    made_record_id: Mapped[UUID | None] = mapped_column(ForeignKey("record.id"))
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
