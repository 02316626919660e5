"""One thing that was seen on an Environmental Visual Audit: a capture of its own, part of its audit's record."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, index_where_known, one_of
from webapp.models.placed import Placed, place_checks
from webapp.rules.codes import grades
from webapp.rules.codes import observation as codes


class Observation(Placed, Base):
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
        *place_checks(),
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
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment)
    made_record_id: Mapped[UUID | None] = mapped_column(ForeignKey("record.id"))
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
