"""Finding the layer of wards in map files and reading the columns that matter."""

import warnings
from dataclasses import dataclass
from pathlib import Path

import geopandas
import pyogrio
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from shapely.errors import ShapelyError

from webapp.geo.boundary_columns import WardColumns, find_columns
from webapp.geo.boundary_set import BoundaryError

MAP_DRIVERS = ("GeoJSON", "GPKG", "ESRI Shapefile")

READ_ERRORS = (
    DataSourceError,
    DataLayerError,
    CRSError,
    FeatureError,
    FieldError,
    GeometryError,
    ShapelyError,
    UnicodeDecodeError,
    ValueError,
    RuntimeError,
)


@dataclass(frozen=True)
class Layer:
    """One layer that has ward columns: where it is, and which columns to read."""

    file: Path
    name: str
    columns: WardColumns


def find_layer(files: list[Path], shown_name: str) -> Layer:
    """Return the layer with ward columns, of the newest year if there are several.

    Raises BoundaryError that names the columns found instead.
    """
    layers: list[Layer] = []
    seen: list[str] = []
    with warnings.catch_warnings():
        # GDAL warns of things that the checks to come say better (unclosed rings, unknown settings).
        warnings.simplefilter("ignore", RuntimeWarning)
        for file in files:
            try:
                for name, geometry_type in pyogrio.list_layers(file):
                    info = pyogrio.read_info(file, layer=name)
                    columns = find_columns(info["fields"])
                    if info["driver"] not in MAP_DRIVERS:
                        raise BoundaryError(f"{shown_name} is not GeoJSON. Save it as GeoJSON and try again.")
                    if columns and geometry_type is not None:
                        layers.append(Layer(file, str(name), columns))
                    seen.extend(str(field) for field in info["fields"])
            except READ_ERRORS as error:
                raise unreadable(shown_name) from error
    if not layers:
        raise BoundaryError(_no_columns(shown_name, seen))
    return max(layers, key=lambda layer: layer.columns.vintage)


def read_layer(layer: Layer, lad: str | None, shown_name: str) -> geopandas.GeoDataFrame:
    """Return the layer's rows, only those of the district `lad` where the layer says which they are."""
    columns = [name for name in (layer.columns.code, layer.columns.name, layer.columns.lad) if name]
    where = f"\"{layer.columns.lad}\" = '{lad}'" if lad and layer.columns.lad else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            frame = pyogrio.read_dataframe(layer.file, layer=layer.name, columns=columns, where=where)
            if frame.empty and where:
                raise BoundaryError(_other_districts(layer, lad, shown_name))
    except READ_ERRORS as error:
        raise unreadable(shown_name) from error
    return frame


def unreadable(shown_name: str) -> BoundaryError:
    """Return the error for a file that the map library gave up on; its reason stays with the cause."""
    return BoundaryError(
        f"{shown_name} cannot be read: it is damaged, cut short or of another kind. Fetch it again, "
        "or export it as GeoJSON."
    )


def _no_columns(shown_name: str, seen: list[str]) -> str:
    have = f"It has {', '.join(sorted(set(seen))[:12])}." if seen else "It has no columns at all."
    return (
        f"{shown_name} has no columns of ward codes and names, such as WD24CD and WD24NM. {have} "
        "Rename the columns so, or use the file of wards from the ONS Open Geography Portal."
    )


def _other_districts(layer: Layer, lad: str | None, shown_name: str) -> str:
    column = layer.columns.lad
    table = pyogrio.read_dataframe(layer.file, layer=layer.name, columns=[column], read_geometry=False)
    there = sorted({str(code) for code in table[column].dropna()})
    held = f"It holds those of {', '.join(there[:5])}" if there else "It names no district"
    more = f" and {len(there) - 5:,} more" if len(there) > 5 else ""
    return f"{shown_name} has no wards of the district {lad}. {held}{more}. Check the district's code."
