"""PACT areas: Partners and Communities Together, each a set of wards or parishes with a panel that is told."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, one_of

PARTS = ("ward", "parish")


class PactArea(Base):
    """One PACT area; `contact_role` is whom the panel is reached through, never a person's name."""

    __tablename__ = "pact_area"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    contact_role: Mapped[str] = mapped_column(String(120), default="")


class PactAreaPart(Base):
    """A ward, by its code, or a parish, by its name, that belongs to a PACT area."""

    __tablename__ = "pact_area_part"
    __table_args__ = (one_of("part", PARTS),)

    area_id: Mapped[int] = mapped_column(ForeignKey("pact_area.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(10), primary_key=True)
    value: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)
