"""Speed-watch schemes with their volunteers and devices (field-facts 3.1, 3.2)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, index_where_known, one_of, where
from webapp.rules.codes import speed_watch as codes


class SpeedScheme(Base):
    """One scheme: a village's or a parish's volunteers, whose coordinators answer for their sessions."""

    __tablename__ = "speed_scheme"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    parish: Mapped[str] = mapped_column(String(80), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime] = mapped_column(Moment)


class SpeedVolunteer(Base):
    """Somebody who takes part in a scheme's sessions, with or without an account.

    `refresher_due_on` is the last day on which the training is good; `trained_on` is NULL before it. The emergency
    contact is for the scheme's coordinators and officers alone. Whoever left stays in the sessions they were in.
    """

    __tablename__ = "speed_volunteer"
    __table_args__ = (
        UniqueConstraint("scheme_id", "user_id"),
        one_of("training_type", codes.TRAINING_TYPES.values),
        index_where_known("user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("speed_scheme.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(String(120))
    is_over_18: Mapped[bool] = mapped_column(default=False)
    training_type: Mapped[str | None] = mapped_column(String(20))
    trained_on: Mapped[date | None]
    refresher_due_on: Mapped[date | None]
    is_insured: Mapped[bool] = mapped_column(default=False)
    emergency_contact: Mapped[str] = mapped_column(Text, default="", deferred=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    left_on: Mapped[date | None]


class SpeedDevice(Base):
    """A device that measures speeds. A type that needs calibration is good until `calibration_due_on`, that day too."""

    __tablename__ = "speed_device"
    __table_args__ = (
        one_of("type", codes.DEVICE_TYPES.values),
        Index("uq_speed_device_serial", "type", "serial", unique=True, **where("serial <> ''")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("speed_scheme.id"), index=True)
    type: Mapped[str] = mapped_column(String(30))
    serial: Mapped[str] = mapped_column(String(60), default="")
    calibrated_on: Mapped[date | None]
    calibration_due_on: Mapped[date | None]
    is_active: Mapped[bool] = mapped_column(default=True)
