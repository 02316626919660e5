"""Tables: migrations lead up and down on both databases, and the database is the last honest witness."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError, StatementError

from tests.builders import submit
from tests.conftest import SETTINGS, postgres_url
from webapp import create_app
from webapp.extensions import alembic, db
from webapp.models.base import Base
from webapp.models.event import Event
from webapp.models.fly_tipping import FlyTip
from webapp.models.record import Record
from webapp.rules.codes import fly_tipping as codes
from webapp.rules.codes import location

MOSTLY_UNKNOWN = (
    ("event", "by_id"),
    ("fly_tip", "duplicate_of_id"),
    ("record", "responsible_body"),
    ("record", "created_by_id"),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app on a database without any table, once on each kind."""
    if request.param == "sqlite":
        yield create_app({**SETTINGS, "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite'}"}, tmp_path)
        return
    name = f"empty_{uuid4().hex}"
    with psycopg.connect(postgres_url(), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield create_app({**SETTINGS, "DATABASE_URL": postgres_url(name)}, tmp_path)
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def ours() -> set[str]:
    """The names of the tables that are there, the job queue's and alembic's own aside."""
    names = inspect(db.engine).get_table_names()
    return {name for name in names if not name.startswith(("huey_", "alembic_"))}


def test_migrations_lead_up_and_down_and_up_again(empty: Flask) -> None:
    with empty.app_context():
        alembic.upgrade()
    with empty.app_context():
        assert ours() == set(Base.metadata.tables)
        alembic.downgrade("base")
    with empty.app_context():
        assert ours() == set()
        alembic.upgrade()
    with empty.app_context():
        assert ours() == set(Base.metadata.tables)
        db.engine.dispose()


def test_migrations_and_models_say_the_same(empty: Flask) -> None:
    with empty.app_context():
        alembic.upgrade()
    with empty.app_context():
        assert alembic.compare_metadata() == []
        db.engine.dispose()


def test_rows_without_a_value_take_no_room_in_the_indexes_of_what_is_mostly_unknown(empty: Flask) -> None:
    with empty.app_context():
        alembic.upgrade()
    with empty.app_context():
        for table, column in MOSTLY_UNKNOWN:
            indexes = {index["name"]: index for index in inspect(db.engine).get_indexes(table)}
            where = indexes[f"ix_{table}_{column}"]["dialect_options"]
            assert f"{column} IS NOT NULL" in str(where[f"{db.engine.dialect.name}_where"])
        db.engine.dispose()


def change(column: str, value: object, table: str = "record") -> None:
    """Change the only row of a table behind the services' back."""
    with db.engine.begin() as connection:
        connection.execute(text(f"UPDATE {table} SET {column} = :value"), {"value": value})  # noqa: S608


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("record", "location_source", "guess"),
        ("record", "channel", "pigeon"),
        ("record", "visibility", "maybe"),
        ("record", "latitude", 91),
        ("record", "longitude", -181),
        ("record", "latitude", None),
        ("fly_tip", "size", "enormous"),
        ("fly_tip", "main_waste", "plutonium"),
        ("fly_tip", "land_type", "moon"),
        ("fly_tip", "ownership", "mine"),
        ("fly_tip", "reported_by_type", "ghost"),
    ],
)
def test_the_database_refuses_what_no_code_list_or_bound_allows(
    app: Flask, table: str, column: str, value: object
) -> None:
    with app.app_context():
        submit()
        with pytest.raises(IntegrityError):
            change(column, value, table)


@pytest.mark.parametrize(
    ("table", "column", "values"),
    [
        ("fly_tip", "size", codes.SIZES.values),
        ("fly_tip", "main_waste", codes.WASTE_TYPES.values),
        ("fly_tip", "land_type", codes.LAND_TYPES.values),
        ("record", "channel", codes.CHANNELS.values),
        ("record", "location_source", [value for value in location.SOURCES.values if value != "none"]),
    ],
)
def test_every_value_of_a_code_list_can_be_kept(
    app: Flask, table: str, column: str, values: list[str]
) -> None:
    with app.app_context():
        submit()
        for value in values:
            change(column, value, table)


def test_a_moment_without_a_time_zone_is_refused_and_every_moment_comes_back_as_utc(app: Flask) -> None:
    with app.app_context():
        db.session.add(Event(at=datetime(2026, 11, 22, 12), action="test"))  # noqa: DTZ001 - that is the test
        with pytest.raises(StatementError, match="time zone"):
            db.session.flush()
        db.session.rollback()
        submit()
        assert db.session.query(Record).one().received_at.tzinfo is UTC


def test_a_record_that_is_pointed_at_cannot_be_deleted(app: Flask) -> None:
    with app.app_context():
        submit()
        with db.engine.connect() as connection:
            connection.execute(FlyTip.__table__.delete())
            with pytest.raises(IntegrityError):
                connection.execute(Record.__table__.delete())
