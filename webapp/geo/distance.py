"""Distances between places, for "has it been reported already?" and the like."""

from dataclasses import dataclass
from math import asin, cos, degrees, hypot, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8
"""The mean radius of the Earth (IUGG); good to half a per cent, which is ample for metres across a street."""

SAID_TO_M = 50


@dataclass(frozen=True)
class Box:
    """A box of degrees for a query on latitude and longitude; all four edges belong to it."""

    south: float
    west: float
    north: float
    east: float


def metres_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the metres between two points along the ground (great circle).

    >>> round(metres_between(51.27028, 0.19171, 51.27028, 0.19171))
    0
    """
    half_north = radians(other_latitude - latitude) / 2
    half_east = radians(other_longitude - longitude) / 2
    across = sqrt(cos(radians(latitude)) * cos(radians(other_latitude))) * sin(half_east)
    return 2 * EARTH_RADIUS_M * asin(min(1.0, hypot(sin(half_north), across)))


def box_around(latitude: float, longitude: float, metres: float) -> Box:
    """Return the smallest box of degrees that holds every point within `metres`.

    The corners lie further away than `metres`, so whoever queries by the box still measures each hit.
    """
    reach = metres / EARTH_RADIUS_M
    north, south = latitude + degrees(reach), latitude - degrees(reach)
    if north >= 90 or south <= -90:
        return Box(max(south, -90.0), -180.0, min(north, 90.0), 180.0)
    # The circle is widest a little poleward of its centre: a plain cosine would cut it short there.
    width = degrees(asin(min(1.0, sin(reach) / cos(radians(latitude)))))
    return Box(south, longitude - width, north, longitude + width)


def distance_words(metres: float) -> str:
    """Return how far off something is, in words as rough as the place it was measured from: to 50 m.

    Both the measuring from a square of 100 m and the rounding keep a stranger from learning where exactly it is.

    >>> distance_words(12.0), distance_words(43.2), distance_words(131.0)
    ('within 100 m', 'about 50 m away', 'about 150 m away')
    """
    said = int(metres / SAID_TO_M + 0.5) * SAID_TO_M
    return f"about {said} m away" if said else "within 100 m"
