"""What somebody asks of others: a speed-watch site, an operation, something of another body."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, index_where_known, one_of
from webapp.rules.codes import actions as codes


class Request(Base):
    """One request, often made of an observation. The kind that it asks for takes it up from the list."""

    __tablename__ = "request"
    __table_args__ = (
        one_of("kind", codes.REQUEST_KINDS.values),
        one_of("status", codes.REQUEST_STATUSES.values),
        index_where_known("observation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(10), index=True)
    words: Mapped[str] = mapped_column(Text, default="")
    agency: Mapped[str | None] = mapped_column(String(40))
    ward_code: Mapped[str | None] = mapped_column(String(12))
    observation_id: Mapped[UUID | None] = mapped_column(ForeignKey("observation.id"), unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
