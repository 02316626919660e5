"""Photos: the original is evidence and never changes; the public sees re-encoded copies once released."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, one_of

ROLES = ("evidence", "context", "after")
STATES = ("waiting", "ready", "unreadable")


class Photo(Base):
    """One photo. `record_id` is NULL while its form is not complete; `released_at` is NULL until an officer shows it.

    `report_id` says whose it is, so that a reporter sees their own and nobody else's. `arrived_as` is the name its
    original had before this row was committed (`webapp.services.media`). `masks_rev` counts how often its masks were
    changed, NULL while never: its copies are kept under this number, so that one made before shows nothing any more.
    """

    __tablename__ = "photo"
    __table_args__ = (
        one_of("role", ROLES),
        one_of("state", STATES),
        CheckConstraint("bytes_size > 0", name="not_empty"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    capture_id: Mapped[UUID] = mapped_column(ForeignKey("capture.id"), index=True)
    record_id: Mapped[UUID | None] = mapped_column(ForeignKey("record.id"), index=True)
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("report.id"), index=True)
    arrived_as: Mapped[UUID]
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(30))
    file_name: Mapped[str] = mapped_column(String(200), default="")
    bytes_size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    role: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(12), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    latitude: Mapped[float | None] = mapped_column(Float(53))
    longitude: Mapped[float | None] = mapped_column(Float(53))
    received_at: Mapped[datetime] = mapped_column(Moment)
    released_at: Mapped[datetime | None] = mapped_column(Moment)
    hidden_at: Mapped[datetime | None] = mapped_column(Moment)
    masks_rev: Mapped[int | None]


class PhotoMask(Base):
    """An area of a photo that its copies cover for good, such as a face; the original, which is evidence, keeps it.

    Parts of the photo's width and height, from its upper left corner.
    """

    __tablename__ = "photo_mask"
    __table_args__ = (
        CheckConstraint("x >= 0 AND y >= 0 AND width > 0 AND height > 0", name="has_area"),
        CheckConstraint("x + width <= 1.0001 AND y + height <= 1.0001", name="inside"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photo.id"), index=True)
    x: Mapped[float] = mapped_column(Float(53))
    y: Mapped[float] = mapped_column(Float(53))
    width: Mapped[float] = mapped_column(Float(53))
    height: Mapped[float] = mapped_column(Float(53))
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
