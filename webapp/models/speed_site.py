"""Places from which speeds are watched: asked for by anyone, assessed and approved by an officer (field-facts 3.2)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, index_where_known, one_of
from webapp.models.placed import Placed, place_checks
from webapp.rules.codes import speed_watch as codes


class SpeedSite(Placed, Base):
    """One site. Its code, once given, is what people and addresses call it by.

    `limit_mph` is NULL only while nobody who knows it has looked: whoever asks for a site need not know its limit.

    `directions` are the codes of those that may be watched, with a space between them; `review_due_on` is the last day
    on which the risk assessment is good. `why` is what whoever asked said; `request_id` is the request that it came
    from, `pact_area_id` the area whose panel asked, `asked_by_id` who asked, NULL for a resident. Notes, hazards and
    the assessment are for those who go there, not for residents.
    """

    __tablename__ = "speed_site"
    __table_args__ = (
        one_of("status", codes.SITE_STATUSES.values),
        *place_checks(),
        CheckConstraint("limit_mph IN (20, 30, 40, 50, 60, 70)", name="limit_known"),
        CheckConstraint(
            "status IN ('requested', 'retired') OR limit_mph IS NOT NULL", name="limit_once_assessed"
        ),
        CheckConstraint("status <> 'approved' OR limit_mph IN (20, 30, 40)", name="approved_limit"),
        CheckConstraint("status <> 'approved' OR latitude IS NOT NULL", name="approved_at_a_place"),
        index_where_known("request_id"),
        index_where_known("pact_area_id"),
        index_where_known("ward_code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    road: Mapped[str] = mapped_column(String(120), default="")
    parish: Mapped[str] = mapped_column(String(80), default="")
    status: Mapped[str] = mapped_column(String(10), index=True)
    limit_mph: Mapped[int | None]
    directions: Mapped[str] = mapped_column(String(80), default="")
    max_crew: Mapped[int | None]
    parking: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    hazards: Mapped[str] = mapped_column(Text, default="")
    assessment_reference: Mapped[str] = mapped_column(String(60), default="")
    assessor: Mapped[str] = mapped_column(String(120), default="")
    assessed_on: Mapped[date | None]
    review_due_on: Mapped[date | None]
    approved_on: Mapped[date | None]
    why: Mapped[str] = mapped_column(Text, default="")
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id"))
    pact_area_id: Mapped[int | None] = mapped_column(ForeignKey("pact_area.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
