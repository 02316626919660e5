"""Ordnance Survey grid references, by the OSTN15 transformation (to about 0.1 m)."""

import math
import re
import unicodedata

from convertbng.cutil import convert_bng, convert_lonlat

from webapp.geo.distance import EARTH_RADIUS_M
from webapp.geo.places import Place, place_at

SQUARE_M = 100_000
LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"

LAND = {
    "H": "PTUWXYZ",
    "N": "ABCDFGHJKLMNORSTUWXYZ",
    "O": "V",
    "S": "CDEHJKMNOPRSTUVWXYZ",
    "T": "AFGLMQRV",
}
SQUARES_WITH_LAND = frozenset(large + small for large, smalls in LAND.items() for small in smalls)
"""The 100 km squares in which Great Britain or the Isle of Man has land.

The transformation itself also answers for most of Ireland and for open sea, where the grid means nothing.
"""

SNAP_M = 100
SNAPPED_WITHIN_M = 72.0
"""How far a point may lie from the centre of its square of 100 m: half the diagonal (70.7 m), and a little more for the
half per cent by which distances on a sphere are off."""

GRID_REFERENCE = re.compile(r"([A-HJ-Z]{2})\s*([0-9][0-9\s]*)")


def to_grid(latitude: float, longitude: float, digits: int = 4) -> str | None:
    """Return the grid reference of a point, like `TQ 5298 5462`, or None outside Great Britain.

    `digits` counts those of one direction: 4 names a square of 10 m, 5 one of 1 m.

    >>> to_grid(51.27028, 0.19171)
    'TQ 5298 5462'
    """
    easting, northing = _metres_of_grid(latitude, longitude)
    if not _is_on_land_grid(easting, northing):
        return None
    column, row = int(easting // SQUARE_M), int(northing // SQUARE_M)
    square = _letters_of(column, row)
    size = 10 ** (5 - digits)
    east = int(easting - column * SQUARE_M) // size
    north = int(northing - row * SQUARE_M) // size
    return f"{square} {east:0{digits}d} {north:0{digits}d}"


def from_grid(text: str) -> Place | None:
    """Return the centre of the square that a grid reference names, with the square's size as its accuracy.

    Takes `TQ 529 546`, `TQ52985462`, small letters, extra spaces and full-width characters; 2 to 10 figures.
    None when it is no grid reference of Great Britain.
    """
    match = GRID_REFERENCE.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
    if match is None or match[1] not in SQUARES_WITH_LAND:
        return None
    figures = _halves(match[2].split())
    if figures is None:
        return None
    size = 10 ** (5 - len(figures[0]))
    column, row = _corner_of(match[1])
    easting = column * SQUARE_M + (int(figures[0]) + 0.5) * size
    northing = row * SQUARE_M + (int(figures[1]) + 0.5) * size
    return from_easting_northing(easting, northing, accuracy_m=size)


def snapped(latitude: float, longitude: float) -> Place:
    """Return the centre of the square of 100 m that a point lies in: the same for every point of one square.

    Squares are those of the National Grid, and outside Great Britain those of a lattice of degrees about as fine.
    """
    easting, northing = _metres_of_grid(latitude, longitude)
    if _is_on_land_grid(easting, northing):
        east, north = ((metres // SNAP_M + 0.5) * SNAP_M for metres in (easting, northing))
        centre = from_easting_northing(east, north, SNAPPED_WITHIN_M)
        if centre is not None:
            return centre
    height = math.degrees(SNAP_M / EARTH_RADIUS_M)
    middle = (latitude // height + 0.5) * height
    width = height / max(math.cos(math.radians(middle)), 0.001)
    return place_at(middle, (longitude // width + 0.5) * width, SNAPPED_WITHIN_M)


def _metres_of_grid(latitude: float, longitude: float) -> tuple[float, float]:
    eastings, northings = convert_bng([longitude], [latitude])
    return float(eastings[0]), float(northings[0])


def _is_on_land_grid(easting: float, northing: float) -> bool:
    if not (math.isfinite(easting) and math.isfinite(northing)):
        return False
    return _letters_of(int(easting // SQUARE_M), int(northing // SQUARE_M)) in SQUARES_WITH_LAND


def from_easting_northing(easting: float, northing: float, accuracy_m: float) -> Place | None:
    """Return the Place at metres of the National Grid, or None where the grid has no such point."""
    longitudes, latitudes = convert_lonlat([easting], [northing])
    latitude, longitude = float(latitudes[0]), float(longitudes[0])
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return None
    return place_at(latitude, longitude, accuracy_m)


def _halves(groups: list[str]) -> tuple[str, str] | None:
    """Return eastings and northings as figures; "52 5460" is refused, as uneven."""
    if len(groups) == 1 and len(groups[0]) % 2 == 0:
        middle = len(groups[0]) // 2
        groups = [groups[0][:middle], groups[0][middle:]]
    if len(groups) != 2 or len(groups[0]) != len(groups[1]) or len(groups[0]) > 5:
        return None
    return groups[0], groups[1]


def _letters_of(column: int, row: int) -> str:
    """Return the two letters of a 100 km square counted from the grid's false origin, the corner of SV.

    Squares of 500 km are lettered from the top left in rows of five, and so are the 100 km squares in each;
    the origin lies 10 columns east of, and 19 rows below, the corner where the lettering begins.
    """
    east, south = column + 10, 19 - row
    if not (0 <= east < 25 and 0 <= south < 25):
        return ""
    return LETTERS[south // 5 * 5 + east // 5] + LETTERS[south % 5 * 5 + east % 5]


def _corner_of(square: str) -> tuple[int, int]:
    """Return the column and row of a 100 km square, counted from the grid's false origin."""
    large, small = LETTERS.index(square[0]), LETTERS.index(square[1])
    east, south = large % 5 * 5 + small % 5, large // 5 * 5 + small // 5
    return east - 10, 19 - south
