"""Wards in few bytes: GeoJSON for the resident's picker map, and the district as one SVG path."""

import json
import math
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from webapp.geo.wards import WardShape

GAP_CLOSED_DEGREES = 0.002
"""Some 200 m: neighbouring wards drawn apart leave slits that would show as hairs in a small outline."""

SMALLEST_PART_OF_WHOLE = 0.005
DETAIL_PX = 0.6


def wards_geojson(wards: Sequence[WardShape], decimals: int = 5) -> str:
    """Return the wards as compact GeoJSON with `code` and `name`; 5 decimals are about a metre.

    It is JSON for a file or an answer of its own. To put it inside a page's script, escape `<` first.
    """
    features = [
        {
            "type": "Feature",
            "properties": {"code": ward.code, "name": ward.name},
            "geometry": json.loads(shapely.to_geojson(rounded(ward.geometry, decimals))),
        }
        for ward in wards
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, separators=(",", ":"), ensure_ascii=False)


def rounded(geometry: BaseGeometry, decimals: int) -> BaseGeometry:
    """Return a shape with its coordinates rounded, and without the corners that rounding makes equal."""
    return shapely.remove_repeated_points(
        shapely.transform(geometry, lambda points: np.round(points, decimals)), tolerance=0
    )


def outline_path(wards: Sequence[WardShape], size: int) -> str:
    """Return the `d` of an SVG path: the outline of all wards together, fitted into a square of `size` units.

    For a small locator or mark: islands and holes too small to see are left out. Empty without wards.
    """
    if not wards:
        return ""
    whole = shapely.union_all([ward.geometry for ward in wards])
    closed = whole.buffer(GAP_CLOSED_DEGREES, join_style="mitre").buffer(
        -GAP_CLOSED_DEGREES, join_style="mitre"
    )
    flat = _on_paper(closed if not closed.is_empty else whole, size).simplify(DETAIL_PX)
    seen = SMALLEST_PART_OF_WHOLE * flat.area
    rings = [
        ring
        for polygon in shapely.get_parts(flat)
        if polygon.area >= seen
        for ring in (
            polygon.exterior,
            *(hole for hole in polygon.interiors if shapely.Polygon(hole).area >= seen),
        )
    ]
    return "".join(_ring_path(shapely.get_coordinates(ring)[:-1]) for ring in rings)


def _on_paper(geometry: BaseGeometry, size: int) -> BaseGeometry:
    """Return the shape in units of the square, north up and not squashed, centred."""
    west, south, east, north = geometry.bounds
    narrowing = math.cos(math.radians((south + north) / 2))
    scale = size / max((east - west) * narrowing, north - south)
    left = (size - (east - west) * narrowing * scale) / 2
    top = (size - (north - south) * scale) / 2

    def to_paper(points: np.ndarray) -> np.ndarray:
        return np.column_stack(
            [(points[:, 0] - west) * narrowing * scale + left, (north - points[:, 1]) * scale + top]
        )

    return shapely.transform(geometry, to_paper)


def _ring_path(points: np.ndarray) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}".replace(".0", "") for x, y in points) + "Z"
