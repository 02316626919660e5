"""Which ward a million points are in, against asking point by point; and how long real boundaries take to import."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from benchmarks._bounds import Figures
from benchmarks._served import ROOT, fresh_folder
from webapp import create_app
from webapp.extensions import alembic, db
from webapp.geo.boundaries import SCHEMATIC_FILE, read_boundaries
from webapp.geo.wards import WardIndex, WardShape
from webapp.services import wards

REAL_FILE = ROOT.parent / "shared" / "data" / "wards" / "ons-2013-E07000111.geojson"
POINTS = 1_000_000
SAMPLE = 10_000
MOST_S = 1.0
MOST_IMPORT_S = 2.0
TRIES = 3


def _least_seconds(work: Callable[[], Any]) -> float:
    """Return the shortest of a few tries: what else the machine does only ever adds."""
    seconds = []
    for _ in range(TRIES):
        begun_at = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun_at)
    return min(seconds)


def _look_up(figures: Figures, shapes: tuple[WardShape, ...]) -> None:
    """Ask for points all over the box around the district, so that some are in none of its wards."""
    west, south, east, north = shapely.total_bounds([shape.geometry for shape in shapes])
    random = np.random.default_rng(2026)
    latitudes, longitudes = random.uniform(south, north, POINTS), random.uniform(west, east, POINTS)
    index = WardIndex(shapes, version="benchmark")
    seconds = _least_seconds(lambda: index.wards_of(latitudes, longitudes))
    sample = list(zip(latitudes[:SAMPLE].tolist(), longitudes[:SAMPLE].tolist(), strict=True))
    naive = _least_seconds(lambda: _naive(shapes, sample)) * POINTS / SAMPLE
    figures.at_most("a million points", seconds, MOST_S, " s")
    figures.tell(
        "ratio to asking each polygon for each point",
        f"{naive / seconds:,.0f} times as fast ({naive:,.0f} s)",
    )


def _naive(shapes: tuple[WardShape, ...], points: list[tuple[float, float]]) -> list[str | None]:
    # Copies, because an index prepares the shapes that it is given.
    plain = [(shape.code, shapely.from_wkb(shapely.to_wkb(shape.geometry))) for shape in shapes]
    found = []
    for latitude, longitude in points:
        point = shapely.Point(longitude, latitude)
        found.append(next((code for code, geometry in plain if geometry.intersects(point)), None))
    return found


def _import(figures: Figures, path: Path) -> None:
    with fresh_folder() as folder:
        app = create_app(None, folder)
        with app.app_context():
            alembic.upgrade()
            seconds = _least_seconds(lambda: wards.import_set(read_boundaries(path)))
            db.engine.dispose()
    reading = _least_seconds(lambda: json.loads(path.read_text(encoding="utf-8")))
    figures.at_most(f"import of {path.name}, from file to commit", seconds, MOST_IMPORT_S, " s")
    figures.tell(
        "ratio to reading it as JSON", f"{seconds / reading:,.1f} times as long ({reading * 1000:,.0f} ms)"
    )


def main() -> None:
    """Measure and judge."""
    figures = Figures()
    path = REAL_FILE if REAL_FILE.exists() else SCHEMATIC_FILE
    read = read_boundaries(path)
    is_real = (
        "real boundaries" if path == REAL_FILE else "the schematic set: the real boundaries are not here"
    )
    vertices = sum(shapely.get_num_coordinates(ward.geometry) for ward in read.wards)
    figures.tell("boundaries", f"{is_real}, {len(read.wards)} wards of {vertices:,} points")
    _look_up(figures, read.wards)
    _import(figures, path)
    figures.close()


if __name__ == "__main__":
    main()
