"""From rows of a map layer to wards: degrees, sound polygons, one shape a code."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import geopandas
import numpy as np
import pyproj
import shapely
from convertbng.cutil import convert_lonlat
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

from webapp.geo.boundary_columns import WardColumns
from webapp.geo.boundary_set import BoundaryError, LeftOut, count_of
from webapp.geo.frames import DEGREES
from webapp.geo.wards import WardShape

NATIONAL_GRID = "EPSG:27700"
WARD_CODE = re.compile(r"[A-Za-z0-9]{2,12}")


class _Box(NamedTuple):
    west: float
    south: float
    east: float
    north: float

    def holds(self, bounds: Sequence[float]) -> bool:
        west, south, east, north = bounds
        return self.west <= west and self.south <= south and east <= self.east and north <= self.north


UNITED_KINGDOM = _Box(-9.5, 49.0, 3.0, 61.5)
GRID_EXTENT = _Box(-100_000, 1_000, 700_000, 1_300_000)
"""Northern Ireland lies west of the grid's origin; northings under 1 km would be out at sea."""


class Shapes(NamedTuple):
    """The wards made of a layer's rows, the coordinates they came in, and what had to be done."""

    wards: tuple[WardShape, ...]
    crs: str
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]


def wards_from_rows(frame: geopandas.GeoDataFrame, columns: WardColumns, shown_name: str) -> Shapes:
    """Return the wards of a layer.

    Several rows with one code and one name are parts of one ward and become one shape. Raises BoundaryError
    when no ward is left, when one code has two names, or when it is unclear where on Earth they are.
    """
    left_out: list[LeftOut] = []
    codes = frame[columns.code].astype("string").str.strip()
    frame = _keep(frame, codes.notna() & (codes != ""), "the code is missing", left_out)
    frame = _keep(frame, ~(frame.geometry.isna() | frame.geometry.is_empty), "they have no shape", left_out)
    is_area = frame.geometry.geom_type.isin(["Polygon", "MultiPolygon", "GeometryCollection"])
    frame = _keep(frame, is_area, "they are points or lines, not areas", left_out)
    if frame.empty:
        raise BoundaryError(_nothing_left(shown_name, left_out))
    geometries, crs = _in_degrees(shapely.force_2d(frame.geometry.to_numpy()), frame.crs, shown_name)
    is_broken = ~shapely.is_valid(geometries)
    sound = np.array([_polygons_of(shape) for shape in shapely.make_valid(geometries, method="structure")])
    frame = frame.assign(geometry=sound)
    frame = _keep(frame, ~shapely.is_empty(sound), "their shape could not be repaired", left_out)
    if frame.empty:
        raise BoundaryError(_nothing_left(shown_name, left_out))
    wards, joined = _one_shape_a_code(frame, columns, shown_name)
    notes = []
    if is_broken.any():
        notes.append(f"{count_of(int(is_broken.sum()), 'shape')} crossed or touched itself and was repaired.")
    if joined:
        notes.append(f"{count_of(joined, 'ward')} came in several rows, which were joined.")
    return Shapes(wards, crs, tuple(left_out), tuple(notes))


def _keep(
    frame: geopandas.GeoDataFrame, is_kept: ArrayLike, reason: str, left_out: list[LeftOut]
) -> geopandas.GeoDataFrame:
    mask = np.asarray(is_kept, dtype=bool)
    if not mask.all():
        left_out.append(LeftOut(int((~mask).sum()), reason))
    return frame[mask]


def _nothing_left(shown_name: str, left_out: Sequence[LeftOut]) -> str:
    if not left_out:
        return f"{shown_name} holds no wards (0 rows). Check that it is the right file."
    reasons = "; ".join(f"{count_of(left.count, 'row')} left out because {left.reason}" for left in left_out)
    return f"{shown_name} holds no ward that can be used: {reasons}. Check that it is the right file."


def _in_degrees(geometries: np.ndarray, crs: pyproj.CRS | None, shown_name: str) -> tuple[np.ndarray, str]:
    """Return the shapes in degrees, and in words what they were in.

    National Grid coordinates go through OSTN15 (convertbng) as everywhere in this product: pyproj without its
    grid files is up to 3.4 m off. A file that states nothing, or states degrees but holds metres (GeoJSON
    without its old `crs` member is degrees by definition), is believed where its numbers leave no doubt.
    """
    bounds = shapely.total_bounds(geometries)
    if not np.isfinite(bounds).all():
        raise BoundaryError(f"{shown_name} has coordinates that are no numbers. Export it again.")
    stated = crs if crs is not None and (crs.is_projected or crs.is_geographic) else None
    if (stated is None or stated.is_geographic) and GRID_EXTENT.holds(bounds) and max(bounds) > 1_000:
        return _from_national_grid(geometries), f"{NATIONAL_GRID} (the file does not say so, its numbers do)"
    if stated is None and not UNITED_KINGDOM.holds(bounds):
        raise BoundaryError(
            f"{shown_name} does not say which coordinates it uses. Export it again with its coordinate "
            "system (for a shapefile, put its .prj file into the zip)."
        )
    if stated is None:
        degrees, words = geometries, f"{DEGREES} (the file does not say so, its numbers do)"
    elif _is_national_grid(stated):
        degrees, words = _from_national_grid(geometries), NATIONAL_GRID
    else:
        series = geopandas.GeoSeries(geometries, crs=stated)
        degrees, words = series.to_crs(DEGREES).to_numpy(), _words_of(stated)
    if not UNITED_KINGDOM.holds(shapely.total_bounds(degrees)):
        raise BoundaryError(
            f"{shown_name} puts its wards outside the United Kingdom, read as {words}. Export it again with "
            "the right coordinate system, longitude before latitude."
        )
    return degrees, words


def _is_national_grid(crs: pyproj.CRS) -> bool:
    # A .prj file of ESRI's has no EPSG number and writes the name with underscores.
    return crs.to_epsg() == 27700 or "british national grid" in crs.name.replace("_", " ").casefold()


def _words_of(crs: pyproj.CRS) -> str:
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else crs.name


def _from_national_grid(geometries: np.ndarray) -> np.ndarray:
    def to_degrees(points: np.ndarray) -> np.ndarray:
        return np.column_stack(convert_lonlat(points[:, 0], points[:, 1]))

    degrees = shapely.transform(geometries, to_degrees)
    if np.isfinite(shapely.get_coordinates(degrees)).all():
        return degrees
    # OSTN15 ends some way off the coast, and in Northern Ireland; there the plain transformation has to do.
    return geopandas.GeoSeries(geometries, crs=NATIONAL_GRID).to_crs(DEGREES).to_numpy()


def _polygons_of(geometry: BaseGeometry) -> BaseGeometry:
    """Return only the areas of a repaired shape: repairing can leave stray lines and points behind."""
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type in ("Polygon", "MultiPolygon")]
    polygons = [polygon for part in parts for polygon in shapely.get_parts(part)]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _one_shape_a_code(
    frame: geopandas.GeoDataFrame, columns: WardColumns, shown_name: str
) -> tuple[tuple[WardShape, ...], int]:
    wards: list[WardShape] = []
    joined = 0
    for code, rows in frame.groupby(frame[columns.code].astype(str).str.strip(), sort=True):
        if WARD_CODE.fullmatch(code) is None:
            raise BoundaryError(
                f"{shown_name} has “{code[:40]}” where a ward code belongs. Check the columns."
            )
        names = sorted({str(name).strip() for name in rows[columns.name].dropna()} - {""})
        if len(names) > 1:
            raise BoundaryError(
                f"{shown_name} gives the ward code {code} to {' and to '.join(names[:3])}. "
                "Correct the code, or take one of them out."
            )
        shape = rows.geometry.iloc[0] if len(rows) == 1 else shapely.union_all(rows.geometry.to_numpy())
        joined += len(rows) > 1
        wards.append(WardShape(code, names[0] if names else code, shape))
    return tuple(wards), joined
