"""A place on the ground and how well it is known."""

from dataclasses import dataclass

COORDINATE_DECIMALS = 6


@dataclass(frozen=True)
class Place:
    """A point in degrees (WGS84) with the metres within which the true place lies."""

    latitude: float
    longitude: float
    accuracy_m: float


def place_at(latitude: float, longitude: float, accuracy_m: float) -> Place:
    """Return the Place with its coordinates rounded to the 6 decimals in which they are stored."""
    return Place(
        latitude=round(float(latitude), COORDINATE_DECIMALS),
        longitude=round(float(longitude), COORDINATE_DECIMALS),
        accuracy_m=float(accuracy_m),
    )
