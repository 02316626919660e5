"""A year of England as files: the quarterly return, and every record as CSV, what it takes and what it holds in memory.

The CSV against `csv.writer` straight from a `sqlite3` cursor of the same columns in the same order, in turns.
"""

import csv
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks._bounds import Figures
from benchmarks._england import COUNT, england
from benchmarks._officer import Officer, in_turns, of_england
from benchmarks._served import fresh_folder, resident_mb
from tests.browser.server import Served
from webapp.rules.clock import local_date
from webapp.rules.periods import recent_quarters

ROUNDS = 3
RETURNS, PERCENT, MOST_RETURN_MS = 10, 95, 2000
MOST_RATIO, MOST_MB = 3, 200
CHUNK, LOOK_EVERY = 1 << 20, 10
ROWS = """
    SELECT record.reference, record.kind, fly_tip.main_waste, fly_tip.size, record.place_text, record.ward_code,
        record.latitude, record.longitude, fly_tip.land_type, record.scope, record.responsible_body, record.crew,
        record.reported_on, record.due_on, record.cleared_on, record.status
    FROM record LEFT JOIN fly_tip ON fly_tip.id = record.id
    ORDER BY record.reference
"""


def _bare(path: Path, target: Path) -> None:
    with closing(sqlite3.connect(path)) as database, target.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(database.execute(ROWS))


def _download(officer: Officer, served: Served) -> float:
    """Read the whole file as it comes and return the most memory, in MB, that the larger web process held by then."""
    answer, most, lines, chunks = officer.ask("/records.csv"), 0.0, 0, 0
    while chunk := answer.read(CHUNK):
        lines += chunk.count(b"\n")
        if chunks % LOOK_EVERY == 0:
            most = max(most, resident_mb(served)[0])
        chunks += 1
    if lines != COUNT + 1:
        raise SystemExit(f"The file has {lines:,} lines for {COUNT:,} records and their head.")
    return most


def _seconds(do: Callable[[], object]) -> float:
    begun_at = time.perf_counter()
    do()
    return time.perf_counter() - begun_at


def main() -> None:
    """Measure and judge."""
    figures, path = Figures(), england()
    quarters = recent_quarters(local_date(datetime.now(UTC)), 4)
    bases = ("incidents", "public")
    with of_england(path) as served, fresh_folder() as folder:
        officer = Officer(served)
        before = resident_mb(served)[0]
        bare, ours, most = [], [], 0.0
        for _ in range(ROUNDS):
            bare.append(_seconds(lambda: _bare(served.folder / "wardbook.sqlite", folder / "bare.csv")))
            begun_at = time.perf_counter()
            most = max(most, _download(officer, served))
            ours.append(time.perf_counter() - begun_at)
        returns = [
            f"/reports/waste-return?quarter={one.name}&basis={basis}" for one in quarters for basis in bases
        ]
        figures.tell(f"{COUNT:,} records by csv.writer from a cursor", f"{median(bare):.1f} s")
        figures.tell("the same as /records.csv over HTTP", f"{median(ours):.1f} s")
        figures.at_most("  ratio", median(ours) / median(bare), MOST_RATIO)
        figures.tell("the larger web process before", f"{before:,.0f} MB")
        figures.at_most("  and at most during the export", most, MOST_MB, " MB")
        for address in ("/reports/waste-return", "/reports/waste-return.csv", "/reports/waste-return.xlsx"):
            asked = [one.replace("/reports/waste-return", address) for one in returns]
            figures.at_most(
                f"p{PERCENT} of {address}",
                in_turns(officer.get, asked, PERCENT, RETURNS),
                MOST_RETURN_MS,
                " ms",
            )
    figures.close()


if __name__ == "__main__":
    main()
