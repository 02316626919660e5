"""A year of England's fly-tips (1.15 million in 2023/24) in a migrated SQLite file, made once for a day and then kept.

The mix of waste, size and land is the demo's; the shares below are what the partnership's figures have to tell apart.
What the rules say of a record stands in its columns as the services write it, which `tests/house` checks.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from tqdm import tqdm

from benchmarks._england_rows import TABLES
from benchmarks._england_tips import Chances, Tip
from benchmarks._served import ROOT, fresh_folder
from tests.browser.server import prepare
from webapp import create_app
from webapp.extensions import alembic, db
from webapp.models.account import User
from webapp.rules.clock import LONDON, local_date
from webapp.services import wards

COUNT = 1_150_000
DAYS = 365
BATCH = 20_000
SEED = 2026
# Nobody else uses the file while it is made, and one that was not finished is thrown away.
FASTER = (
    "journal_mode=OFF",
    "synchronous=OFF",
    "cache_size=-2000000",
    "locking_mode=EXCLUSIVE",
    "ignore_check_constraints=ON",
)


def england(day: date | None = None, count: int = COUNT) -> Path:
    """Return the file with so many fly-tips of the year that ends on a London day, today if none is given.

    It is made when it is not there yet; the one of another day or of older migrations goes.
    """
    day = day or local_date(datetime.now(UTC))
    kept = ROOT / "instance"
    with fresh_folder() as folder:
        app = create_app(None, folder)
        with app.app_context():
            revision = alembic.script_directory.get_current_head()
        path = kept / f"england-{revision}-{count}-{day}.sqlite"
        if path.exists():
            return path
        for old in kept.glob(f"england-*-{count}-*.sqlite"):
            old.unlink()
        make(folder, day, count).rename(path)
    return path


def make(folder: Path, day: date, count: int) -> Path:
    """Make the file in an empty instance folder and return its path."""
    prepare(folder)
    path = folder / "wardbook.sqlite"
    app = create_app(None, folder)
    with app.app_context(), closing(sqlite3.connect(path, isolation_level=None)) as database:
        staff = [row.id for row in db.session.query(User.id).order_by(User.id)]
        shapes = wards.in_use().shapes
        db.session.rollback()
        db.engine.dispose()
        for pragma in FASTER:
            database.execute(f"PRAGMA {pragma}")
        until = datetime.combine(day, time(12), tzinfo=LONDON).astimezone(UTC)
        chances = Chances(SEED, shapes, staff, until)
        bar = tqdm(total=count, desc="A year of England", unit=" fly-tips", unit_scale=True)
        with _without_indexes(database), bar:
            for batch in _batches(chances, count, until):
                _write(database, batch)
                bar.update(len(batch))
        database.executemany(
            "INSERT INTO reference_counter (prefix, year, last) VALUES ('FT', ?, ?)", chances.numbers.items()
        )
        # A journal that was switched off would stay so for whoever uses the file next.
        database.execute("PRAGMA journal_mode=WAL")
    return path


def _batches(chances: Chances, count: int, until: datetime) -> Iterator[list[Tip]]:
    """Yield the fly-tips in the order in which they were reported, evenly over the year."""
    step = timedelta(days=DAYS) / count
    for first in range(0, count, BATCH):
        last = min(first + BATCH, count)
        yield chances.batch(
            [until - step * (count - number - chances.random.random()) for number in range(first, last)]
        )


def _write(database: sqlite3.Connection, tips: Sequence[Tip]) -> None:
    """Write the rows of many fly-tips in one transaction."""
    decided = [tip for tip in tips if tip.decided_at is not None]
    database.execute("BEGIN")
    for name, (sql, values) in TABLES.items():
        database.executemany(sql, map(values, decided if name == "land_decision" else tips))
    database.execute("COMMIT")


@contextmanager
def _without_indexes(database: sqlite3.Connection) -> Iterator[None]:
    """Take the indexes away that hold up a million rows, and make them again as the migrations made them."""
    marks = ", ".join("?" for _ in TABLES)
    listed = f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})"  # noqa: S608
    indexes = database.execute(listed, tuple(TABLES)).fetchall()
    for name, _ in indexes:
        database.execute(f"DROP INDEX {name}")
    yield
    for _, sql in tqdm(indexes, desc="Its indexes", unit=" indexes"):
        database.execute(sql)
