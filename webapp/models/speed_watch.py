"""What a speed-watch session adds to a record: the site, the crew, the device, and how it went (field-facts 3.2)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, one_of
from webapp.models.record import Record
from webapp.rules.codes import speed_watch as codes


class SpeedSession(Record):
    """One session at a site.

    `held_on` is the London day on which it began; `limit_mph` and `threshold_mph` are those of that day, the second
    NULL where the limit is none that is watched. `safety` are codes of what was ticked before the start,
    `start_problems` codes of why it should not have started, with a space between them: what was captured is kept all
    the same. `total_counted` is an answer at a desk; phones count in
    `traffic_count`. `has_all_speeds` says that every vehicle's speed was logged, not only those at the threshold.
    """

    __tablename__ = "speed_session"
    __mapper_args__ = {"polymorphic_identity": "speed_watch"}  # noqa: RUF012 - SQLAlchemy reads it once
    __table_args__ = (
        one_of("direction", codes.DIRECTIONS.values),
        one_of("weather", codes.WEATHERS.values),
        one_of("light", codes.LIGHTS.values),
        one_of("road_surface", codes.ROAD_SURFACES.values),
        CheckConstraint("ended_at > began_at", name="ends_after_it_began"),
        CheckConstraint("total_counted >= 0", name="counted_something"),
        Index("ix_speed_session_site", "site_id", "held_on"),
        Index("ix_speed_session_scheme", "scheme_id", "held_on"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("record.id"), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("speed_site.id"))
    scheme_id: Mapped[int] = mapped_column(ForeignKey("speed_scheme.id"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("speed_device.id"))
    join_code: Mapped[str] = mapped_column(String(4), default="")
    held_on: Mapped[date]
    began_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    limit_mph: Mapped[int]
    threshold_mph: Mapped[int | None]
    direction: Mapped[str | None] = mapped_column(String(12))
    dark_reason: Mapped[str] = mapped_column(Text, default="")
    weather: Mapped[str | None] = mapped_column(String(12))
    light: Mapped[str | None] = mapped_column(String(12))
    road_surface: Mapped[str | None] = mapped_column(String(12))
    safety: Mapped[str] = mapped_column(String(120), default="")
    total_counted: Mapped[int | None]
    has_all_speeds: Mapped[bool | None]
    incidents: Mapped[str] = mapped_column(Text, default="")
    stopped_early: Mapped[str] = mapped_column(Text, default="")
    start_problems: Mapped[str] = mapped_column(String(300), default="")
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class SpeedCrew(Base):
    """One of a session's crew, and what they did there; NULL where it was not said."""

    __tablename__ = "speed_crew"
    __table_args__ = (one_of("role", codes.CREW_ROLES.values),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("speed_session.id"), primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("speed_volunteer.id"), primary_key=True, index=True)
    role: Mapped[str | None] = mapped_column(String(12))
