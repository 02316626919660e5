"""Rows to GeoDataFrames, for maps and exports."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas
import pandas
import shapely

from webapp.geo.wards import WardShape

DEGREES = "EPSG:4326"


def ward_frame(wards: Sequence[WardShape], counts: Mapping[str, int]) -> geopandas.GeoDataFrame:
    """Return one row per ward with `code`, `name` and `count`.

    A ward that `counts` does not name has no data, which is not the same as 0: its count is missing.
    """
    return geopandas.GeoDataFrame(
        {
            "code": [ward.code for ward in wards],
            "name": [ward.name for ward in wards],
            "count": pandas.array([counts.get(ward.code) for ward in wards], dtype="Int64"),
        },
        geometry=[ward.geometry for ward in wards],
        crs=DEGREES,
    )


def features_frame(features: Sequence[Mapping[str, Any]]) -> geopandas.GeoDataFrame:
    """Return one row per GeoJSON feature, with its properties; what is no shape raises what the library raises."""
    return geopandas.GeoDataFrame.from_features(features, crs=DEGREES)


def points_frame(rows: Iterable[Mapping[str, Any]]) -> geopandas.GeoDataFrame:
    """Return one row per mapping, with a point made of its `latitude` and `longitude`.

    A row with neither keeps an empty cell in place of a point: a record without a place is not put anywhere.
    """
    table = pandas.DataFrame(list(rows))
    if table.empty:
        return geopandas.GeoDataFrame(table, geometry=geopandas.GeoSeries([], crs=DEGREES), crs=DEGREES)
    latitudes = pandas.to_numeric(table["latitude"]).astype(float)
    longitudes = pandas.to_numeric(table["longitude"]).astype(float)
    is_placed = latitudes.notna() & longitudes.notna()
    points = pandas.Series(None, index=table.index, dtype=object)
    points[is_placed] = shapely.points(longitudes[is_placed], latitudes[is_placed])
    return geopandas.GeoDataFrame(table, geometry=geopandas.GeoSeries(points, crs=DEGREES), crs=DEGREES)
