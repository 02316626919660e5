"""Ward boundaries straight from the ONS Open Geography Portal, all of a district's or none."""

import time
from collections.abc import Callable
from typing import Any

import requests
from shapely.errors import ShapelyError

from webapp.geo.arcgis import NOTHING_CHANGED, FeatureLayer
from webapp.geo.boundary_columns import WardColumns, find_columns
from webapp.geo.boundary_set import Boundaries, BoundaryError, checked_lad, count_of, ons_attribution

ONS_WARDS_URL = (
    "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services/WD_MAY_2026_UK_BGC/FeatureServer/0"
)
"""Wards of May 2026, United Kingdom, generalised to 20 m and clipped to the coast.

The layers since 2022 carry the district's code beside the ward's, so no second service is asked for it.
"""

PAGE_ROWS = 200
"""Some 200 wards weigh about 1 MB: a page that arrives on a slow line before its time is out."""

Progress = Callable[[int, int], None]


def fetch_boundaries(
    lad: str,
    *,
    service_url: str = ONS_WARDS_URL,
    session: requests.Session | None = None,
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Boundaries:
    """Return the wards of a district (`E07000111`) from a feature service of ward boundaries.

    Asks for the number of wards first, and raises BoundaryError when another number arrives. `progress` is
    called with the wards fetched and the wards expected.
    """
    # As in `boundaries`: no web process needs what makes shapes of these.
    from webapp.geo.boundary_shapes import wards_from_rows
    from webapp.geo.frames import features_frame

    code = checked_lad(lad)
    layer = FeatureLayer(service_url, session, sleep)
    columns = _columns_of(layer.describe())
    where = f"{columns.lad}='{code}'"
    expected = _count(layer.query({"where": where, "returnCountOnly": "true", "f": "json"}))
    if expected == 0:
        raise BoundaryError(
            f"The boundary service has no wards of {code} in {columns.vintage}. {NOTHING_CHANGED} "
            "Check the code; a district that was merged has a new one."
        )
    features = _all_features(layer, where, columns, expected, progress)
    try:
        frame = features_frame(features)
    except (ShapelyError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BoundaryError(
            f"The boundary service sent shapes that cannot be read. {NOTHING_CHANGED}"
        ) from error
    shapes = wards_from_rows(frame, columns, "The boundary service")
    if shapes.left_out:
        raise BoundaryError(
            f"The boundary service sent {count_of(shapes.left_out[0].count, 'ward')} that cannot be used: "
            f"{shapes.left_out[0].reason}. {NOTHING_CHANGED} Try again later, or import a downloaded file."
        )
    return Boundaries(
        wards=shapes.wards,
        vintage=columns.vintage,
        source=f"ONS Open Geography, {_service_name(layer.url)}, district {code}",
        crs=shapes.crs,
        code_column=columns.code,
        name_column=columns.name,
        attribution=ons_attribution(columns.vintage),
        notes=shapes.notes,
    )


def _columns_of(description: dict[str, Any]) -> WardColumns:
    fields = description.get("fields")
    names = [str(field["name"]) for field in fields or [] if isinstance(field, dict) and "name" in field]
    columns = find_columns(names)
    if columns is None or columns.lad is None:
        raise BoundaryError(
            "The boundary service has no columns of ward codes, ward names and district codes, such as "
            f"WD24CD, WD24NM and LAD24CD. {NOTHING_CHANGED} Give the address of ONS wards of 2022 or later."
        )
    return columns


def _count(answer: dict[str, Any]) -> int:
    count = answer.get("count")
    if not isinstance(count, int) or count < 0:
        raise BoundaryError(f"The boundary service did not say how many wards it has. {NOTHING_CHANGED}")
    return count


def _all_features(
    layer: FeatureLayer, where: str, columns: WardColumns, expected: int, progress: Progress | None
) -> list[dict[str, Any]]:
    """Return as many features as the service counted, whatever number it gives at once."""
    features: list[dict[str, Any]] = []
    while len(features) < expected:
        page = layer.query(
            {
                "where": where,
                "outFields": ",".join(name for name in (columns.code, columns.name, columns.lad) if name),
                # Without an order the service may give one ward twice and another never.
                "orderByFields": columns.code,
                "outSR": 4326,
                "geometryPrecision": 6,
                "resultOffset": len(features),
                "resultRecordCount": PAGE_ROWS,
                "f": "geojson",
            }
        ).get("features")
        if not isinstance(page, list) or not page:
            break
        features.extend(page)
        if progress:
            progress(len(features), expected)
    codes = {str((feature.get("properties") or {}).get(columns.code)) for feature in features}
    if len(features) != expected or len(codes) != expected:
        raise BoundaryError(
            f"{len(codes)} wards arrived, but {expected} were announced. {NOTHING_CHANGED} "
            "Try again later, or import a downloaded file."
        )
    return features


def _service_name(url: str) -> str:
    """Return the service's name out of `…/services/NAME/FeatureServer/0`."""
    return url.partition("/FeatureServer")[0].rpartition("/")[2]
