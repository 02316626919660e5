"""Whose turn it is to write: the worker lets pages go first, and comes to its turn all the same."""

import fcntl
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from webapp.extensions import db
from webapp.services import turn
from webapp.services.transaction import one_commit


@pytest.fixture
def database_url(tmp_path: Path, filled_sqlite: Path) -> str:
    """Only SQLite has turns: PostgreSQL lets everybody write at once."""
    return f"sqlite:///{shutil.copy(filled_sqlite, tmp_path / 'wardbook.sqlite')}"


@pytest.fixture
def sqlite_app(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


@contextmanager
def somebody_else_writing() -> Iterator[None]:
    with Path(f"{db.engine.url.database}-writers").open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def write_in_background(app: Flask, has_written: threading.Event) -> threading.Thread:
    def write() -> None:
        with app.app_context(), one_commit():
            has_written.set()

    thread = threading.Thread(target=write)
    thread.start()
    return thread


def test_the_worker_writes_once_nobody_else_does(sqlite_app: Flask):
    turn.give_way()
    has_written = threading.Event()
    with somebody_else_writing():
        thread = write_in_background(sqlite_app, has_written)
        assert not has_written.wait(0.2)
    assert has_written.wait(10)
    thread.join()


def test_the_worker_queues_like_everybody_when_its_patience_is_over(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
):
    turn.give_way()
    asked = []
    take = fcntl.flock

    def note(descriptor: int, how: int) -> None:
        asked.append(how)
        take(descriptor, how)

    monkeypatch.setattr(turn, "PATIENCE_S", 0.2)
    has_written = threading.Event()
    with somebody_else_writing():
        monkeypatch.setattr(turn.fcntl, "flock", note)
        thread = write_in_background(sqlite_app, has_written)
        assert not has_written.wait(0.5)
    assert has_written.wait(10)
    thread.join()
    assert asked.count(fcntl.LOCK_EX) == 1
    assert len(asked) > 2
