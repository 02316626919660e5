"""What one phone counted of all traffic in a speed-watch session: a capture of its own, part of its session."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment


class TrafficCount(Base):
    """The vehicles that passed while this phone counted, those with a speed among them."""

    __tablename__ = "traffic_count"
    __table_args__ = (CheckConstraint("counted >= 0", name="counted_something"),)

    id: Mapped[UUID] = mapped_column(ForeignKey("capture.id"), primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("speed_session.id"), index=True)
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment)
    counted: Mapped[int]
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
