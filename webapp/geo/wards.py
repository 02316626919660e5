"""Which ward a point lies in: one point while a report is saved, a million when boundaries change."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class WardShape:
    """A ward and its area, a Polygon or MultiPolygon in degrees (WGS84, longitude first)."""

    code: str
    name: str
    geometry: BaseGeometry


class WardIndex:
    """Answers which ward a point is in, for one version of the boundaries.

    Bounding boxes first, then prepared polygons. A spatial tree queried with the points as input is 10 to 200
    times slower for the few dozen large shapes of a district.
    """

    def __init__(self, wards: Sequence[WardShape], version: str) -> None:
        """Build the index; `version` names the boundary set, so that a cache knows when it is stale."""
        self.version = version
        # GEOS completes a prepared shape while it answers, with its second question in 3.14 and not under a lock of its
        # own: two threads that asked at once would spoil the memory of the whole process.
        self._one_asks = Lock()
        # The order of the codes decides who gets a point on a shared boundary, not the order of the file.
        self.wards = tuple(sorted(wards, key=lambda ward: ward.code))
        self._entries: list[tuple[float, float, float, float, BaseGeometry, str]] = []
        for ward in self.wards:
            west, south, east, north = (float(edge) for edge in ward.geometry.bounds)
            shapely.prepare(ward.geometry)
            self._entries.append((south, north, west, east, ward.geometry, ward.code))

    def ward_of(self, latitude: float, longitude: float) -> str | None:
        """Return the code of the ward at a point, or None where there is none.

        A point on the boundary of two wards belongs to the first by code.
        """
        with self._one_asks:
            for south, north, west, east, geometry, code in self._entries:
                is_near = south <= latitude <= north and west <= longitude <= east
                if is_near and shapely.intersects_xy(geometry, longitude, latitude):
                    return code
        return None

    def wards_of(self, latitudes: npt.ArrayLike, longitudes: npt.ArrayLike) -> npt.NDArray[np.object_]:
        """Return for each point what `ward_of` would: an array of codes and None."""
        lats, lons = np.asarray(latitudes, dtype=float), np.asarray(longitudes, dtype=float)
        found = np.full(lats.shape, None, dtype=object)
        waiting = np.arange(lats.size)
        for south, north, west, east, geometry, code in self._entries:
            waiting_lats, waiting_lons = lats[waiting], lons[waiting]
            in_box = np.flatnonzero(
                (waiting_lats >= south)
                & (waiting_lats <= north)
                & (waiting_lons >= west)
                & (waiting_lons <= east)
            )
            with self._one_asks:
                hits = in_box[shapely.intersects_xy(geometry, waiting_lons[in_box], waiting_lats[in_box])]
            found[waiting[hits]] = code
            still = np.ones(waiting.size, dtype=bool)
            still[hits] = False
            waiting = waiting[still]
        return found


def shape_to_bytes(geometry: BaseGeometry) -> bytes:
    """Return a geometry as WKB, for a column of bytes."""
    return bytes(shapely.to_wkb(geometry, output_dimension=2))


def shape_from_bytes(data: bytes) -> BaseGeometry:
    """Return the geometry that `shape_to_bytes` wrote."""
    return shapely.from_wkb(data)
