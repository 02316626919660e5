"""Wards in boundary sets: each set keeps its vintage and source, and exactly one is in use."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment


class BoundarySet(Base):
    """One import of boundaries: where they came from, of which year, and whether they are the ones in use."""

    __tablename__ = "boundary_set"
    __table_args__ = (
        Index(
            "uq_boundary_set_in_use",
            "is_in_use",
            unique=True,
            sqlite_where=text("is_in_use"),
            postgresql_where=text("is_in_use"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    vintage: Mapped[int | None]
    attribution: Mapped[str] = mapped_column(String(500))
    is_schematic: Mapped[bool]
    imported_at: Mapped[datetime] = mapped_column(Moment)
    is_in_use: Mapped[bool]


class Ward(Base):
    """One ward of one boundary set; `geometry` is WKB, longitude before latitude. Officers set `is_priority`."""

    __tablename__ = "ward"
    __table_args__ = (UniqueConstraint("boundary_set_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    boundary_set_id: Mapped[int] = mapped_column(ForeignKey("boundary_set.id"), index=True)
    code: Mapped[str] = mapped_column(String(12), index=True)
    name: Mapped[str] = mapped_column(String(120))
    geometry: Mapped[bytes] = mapped_column(LargeBinary)
    is_priority: Mapped[bool] = mapped_column(default=False)
