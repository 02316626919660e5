"""PACT areas: Partners and Communities Together, each a set of wards or parishes with a panel that is told."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, one_of
from webapp.rules.codes import pact as codes

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


class PactPriority(Base):
    """One of the three concerns that an area's panel names, from a London day until another takes its place.

    `until_on` is the first day on which it is none any more, NULL while it is.
    """

    __tablename__ = "pact_priority"
    __table_args__ = (
        one_of("concern", codes.CONCERNS.values),
        CheckConstraint("rank BETWEEN 1 AND 3", name="one_of_three"),
        CheckConstraint("until_on >= from_on", name="ends_after_it_began"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("pact_area.id"), index=True)
    rank: Mapped[int]
    concern: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(String(200), default="")
    from_on: Mapped[date]
    until_on: Mapped[date | None]
