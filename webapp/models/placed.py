"""Where something is, as whatever has a place keeps it: a point with its source, words, and the ward it falls in."""

from sqlalchemy import CheckConstraint, Float, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import one_of
from webapp.rules.codes import location


def place_checks() -> tuple[CheckConstraint, ...]:
    """Return the checks that every table with a place has: a whole position, and where it is from."""
    return (
        one_of("location_source", location.SOURCES.values),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_range"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_range"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_position"),
        CheckConstraint("(location_source = 'none') = (latitude IS NULL)", name="source_of_position"),
    )


class Placed:
    """The columns of a place; a table that has them lists `place_checks()` among its own. Unknown is NULL."""

    latitude: Mapped[float | None] = mapped_column(Float(53))
    longitude: Mapped[float | None] = mapped_column(Float(53))
    accuracy_m: Mapped[float | None]
    location_source: Mapped[str] = mapped_column(String(10))
    place_text: Mapped[str] = mapped_column(Text, default="")
    ward_code: Mapped[str | None] = mapped_column(String(12))
