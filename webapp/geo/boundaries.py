"""Reading ward boundaries from a file, in whatever format and coordinates they were published."""

from dataclasses import replace
from pathlib import Path

from webapp.geo.boundary_files import vector_files
from webapp.geo.boundary_set import (
    SCHEMATIC_ATTRIBUTION,
    SCHEMATIC_NOTE,
    Boundaries,
    BoundaryError,
    LeftOut,
    checked_lad,
    ons_attribution,
)

__all__ = [
    "SCHEMATIC_ATTRIBUTION",
    "SCHEMATIC_NOTE",
    "Boundaries",
    "BoundaryError",
    "LeftOut",
    "ons_attribution",
    "read_boundaries",
    "schematic_wards",
]

SCHEMATIC_FILE = Path(__file__).parent / "data" / "sevenoaks-wards-schematic.geojson"


def read_boundaries(path: Path, lad: str | None = None) -> Boundaries:
    """Return the wards of a GeoJSON file, a GeoPackage or a shapefile (zipped or bare), in degrees (WGS84).

    With `lad`, only the wards of that local authority district, where the file says which they are. Raises
    BoundaryError, whose text is a sentence for the person who imports, for whatever cannot be used.
    """
    # What reads map files takes 75 MB, and a web process never reads one.
    from webapp.geo.boundary_layers import find_layer, read_layer
    from webapp.geo.boundary_shapes import wards_from_rows

    wanted = checked_lad(lad) if lad else None
    with vector_files(path) as files:
        layer = find_layer(files, path.name)
        frame = read_layer(layer, wanted, path.name)
        shapes = wards_from_rows(frame, layer.columns, path.name)
    notes = list(shapes.notes)
    if wanted and layer.columns.lad is None:
        notes.append(f"The file does not say which wards are of {wanted}, so all of them were read.")
    districts = frame[layer.columns.lad].nunique() if layer.columns.lad else 1
    if districts > 1:
        notes.append(
            f"They are the wards of {districts:,} districts; give the code of one to read only its own."
        )
    return Boundaries(
        wards=shapes.wards,
        vintage=layer.columns.vintage,
        source=path.name if layer.file.stem == layer.name else f"{path.name}, layer {layer.name}",
        crs=shapes.crs,
        code_column=layer.columns.code,
        name_column=layer.columns.name,
        attribution=ons_attribution(layer.columns.vintage),
        left_out=shapes.left_out,
        notes=tuple(notes),
    )


def schematic_wards() -> Boundaries:
    """Return the wards that ship with Wardbook: drawn from postcode positions, good enough to start with."""
    return replace(
        read_boundaries(SCHEMATIC_FILE),
        source=f"Sevenoaks wards ({SCHEMATIC_NOTE})",
        attribution=SCHEMATIC_ATTRIBUTION,
        is_schematic=True,
    )
