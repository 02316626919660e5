"""Square wards, as the file that a partnership imports."""

import json
from pathlib import Path

from webapp.geo.boundaries import Boundaries, read_boundaries


def square(code: str, name: str, west: float, south: float, size: float = 0.2) -> dict:
    """Return a square ward as a GeoJSON feature."""
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"WD24CD": code, "WD24NM": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def boundaries(folder: Path, *features: dict) -> Boundaries:
    """Return boundaries read from a GeoJSON file of these features."""
    path = folder / "wards.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return read_boundaries(path)
