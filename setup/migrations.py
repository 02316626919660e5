"""Migrations and models side by side, on an empty SQLite file: do they agree, or what must a new one say?"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from webapp import create_app
from webapp.extensions import alembic


@contextmanager
def _migrated() -> Iterator[None]:
    """Yield inside an app whose database is empty but for what the migrations made."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"DATABASE_URL": f"sqlite:///{folder}/empty.sqlite"}, instance=Path(folder))
        with app.app_context():
            alembic.upgrade()
            yield


def write(message: str) -> None:
    """Write a migration with what the models have and the migrations lack."""
    with _migrated():
        if not alembic.needs_revision():
            sys.exit("The migrations make what the models describe already: there is nothing to write.")
        written = [script.path for script in alembic.revision(message) if script is not None]
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", *written], check=True)
    print("Read it before you keep it:", *written)


def compare() -> None:
    """Exit 1 with the differences when a migration is missing."""
    with _migrated():
        differences = alembic.compare_metadata()
    if differences:
        print(*differences, sep="\n")
        sys.exit('Models and migrations differ: type  make migration m="what changed"')
    print("The migrations make what the models describe.")


def main() -> None:
    """Write a migration when given its message, otherwise compare."""
    message = " ".join(sys.argv[1:])
    if message:
        write(message)
    else:
        compare()


if __name__ == "__main__":
    main()
