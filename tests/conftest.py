"""What every test has: an app on a fresh database of each kind, a client, a clock that stands still."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from tests.cast import Cast
from tests.desk import Desk
from tests.multipart import BrowserLikeClient
from webapp import create_app
from webapp.extensions import alembic, clock, db
from webapp.services import wards

SETTINGS = {
    "SECRET_KEY": "a secret that only the tests know, and that is long enough",
    "PARTNERSHIP_NAME": "Sevenoaks District Community Safety Partnership",
    "TESTING": True,
}
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def postgres_url(name: str = "") -> str:
    """Return the address of a database on the server that `make test` starts."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        pytest.fail("Run `make test`, or set TEST_DATABASE_URL to a PostgreSQL server for tests.")
    return server.rsplit("/", 1)[0] + "/" + (name or server.rsplit("/", 1)[1])


def _fill(url: str, folder: Path) -> None:
    app = create_app({**SETTINGS, "DATABASE_URL": url}, folder)
    with app.app_context():
        alembic.upgrade()
        wards.load_default()
    # Closing the last connection brings SQLite's write-ahead log into the file that tests copy.
    _close(app)


def _close(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()
    app.extensions["jobs"].storage.close()


@pytest.fixture(scope="session")
def filled_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the schematic wards; each test gets a copy."""
    folder = tmp_path_factory.mktemp("filled")
    path = folder / "filled.sqlite"
    _fill(f"sqlite:///{path}", folder)
    return path


@pytest.fixture(scope="session")
def filled_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a migrated PostgreSQL database with the schematic wards; each test gets a copy."""
    name = f"filled_{uuid4().hex}"
    with psycopg.connect(postgres_url(), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    _fill(postgres_url(name), tmp_path_factory.mktemp("filled"))
    yield name
    with psycopg.connect(postgres_url(), autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with tables and wards, once on each kind."""
    if request.param == "sqlite":
        path = tmp_path / "wardbook.sqlite"
        shutil.copy(request.getfixturevalue("filled_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("filled_postgres")
    name = f"test_{uuid4().hex}"
    with psycopg.connect(postgres_url(), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield postgres_url(name)
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def settings() -> dict[str, object]:
    """Settings of this test's app; a module overrides this fixture to change some."""
    return {}


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for all the apps of a run."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(
    database_url: str,
    tmp_path: Path,
    settings: dict[str, object],
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Flask]:
    """The whole app on a fresh database, in an instance folder of its own."""
    app = create_app({**SETTINGS, "DATABASE_URL": database_url, **settings}, tmp_path / "instance")
    app.jinja_env.bytecode_cache = compiled_templates
    app.test_client_class = BrowserLikeClient
    yield app
    _close(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without an account."""
    return app.test_client()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The people of the tests, each able to sign in."""
    return Cast(app)


@pytest.fixture
def change_key(app: Flask) -> Callable[[], None]:
    """Give the app a new secret key and keep the one before it as a fallback."""

    def change() -> None:
        old = [app.config["SECRET_KEY"], *app.config["SECRET_KEY_FALLBACKS"]]
        app.config.update(SECRET_KEY=f"another secret key, the {len(old) + 1}th", SECRET_KEY_FALLBACKS=old)

    return change


@pytest.fixture
def noon() -> Iterator[datetime]:
    """Noon on Sunday 22 November 2026, at which the app's clock stands still."""
    with clock.standing_at(NOON):
        yield NOON


@pytest.fixture
def desk(app: Flask, cast: Cast, noon: datetime) -> Desk:
    """Otford's speed-watch scheme, whose sessions are held, checked and handed over."""
    return Desk(app, cast)
