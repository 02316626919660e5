"""What was handed to the police, by whom and when, and what came back: counts, never a name or a keeper."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, one_of

FORMATS = ("csv", "xlsx")


class PoliceExport(Base):
    """The rows that a scheme handed over together. The file itself is never kept: it is made while the plates are held.

    `letters` and `visits` are counts that the police told, NULL until they did.
    """

    __tablename__ = "police_export"
    __table_args__ = (
        CheckConstraint("letters >= 0 AND visits >= 0", name="counts_not_negative"),
        CheckConstraint("rows > 0", name="has_rows"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("speed_scheme.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    rows: Mapped[int]
    answered_on: Mapped[date | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    accepted: Mapped[int | None]
    rejected: Mapped[int | None]
    letters: Mapped[int | None]
    visits: Mapped[int | None]


class PoliceExportDownload(Base):
    """One time that a file of an export was taken. After the first of its format each says why."""

    __tablename__ = "police_export_download"
    __table_args__ = (one_of("format", FORMATS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    export_id: Mapped[int] = mapped_column(ForeignKey("police_export.id"), index=True)
    format: Mapped[str] = mapped_column(String(4))
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
