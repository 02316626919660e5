"""What was deleted is taken out of the database's own files, wherever it stood in them."""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from tests.hunting import database_files
from webapp.extensions import db
from webapp.services import transaction


@pytest.fixture(autouse=True)
def _in_the_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def _left_behind() -> set[bytes]:
    """Write, change and forget 40 words in a table whose rows move meanwhile; return those still in the files."""
    words = [secrets.token_hex(20) for _ in range(40)]
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS moved"))
        connection.execute(
            text("CREATE TABLE moved (id VARCHAR(32) PRIMARY KEY, word VARCHAR(40), note TEXT)")
        )
        for word in words:
            row = {"id": uuid4().hex, "word": word, "note": "x" * (80 + secrets.randbelow(120))}
            connection.execute(text("INSERT INTO moved VALUES (:id, :word, :note)"), row)
    with db.engine.begin() as connection:
        for word in sorted(words):
            more = {"word": word, "more": "y" * (10 + secrets.randbelow(110))}
            connection.execute(text("UPDATE moved SET note = note || :more WHERE word = :word"), more)
        connection.execute(text("UPDATE moved SET word = NULL"))
    if db.engine.dialect.name == "sqlite":
        assert transaction.scrub_log()
    files = database_files()
    return {word.encode() for word in words if word.encode() in files}


def test_what_moved_within_the_files_before_it_was_forgotten_is_in_them_no_more() -> None:
    # SQLite overwrites what is deleted, and not what it left behind when it moved rows, as it does now and then.
    left = next(found for _ in range(300) if (found := _left_behind()))
    assert transaction.scrub("moved")
    files = database_files()
    assert not [word for word in left if word in files]


def test_a_disk_without_room_for_a_second_database_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    # PostgreSQL looks for room itself, on a disk of its own.
    is_ours = db.engine.dialect.name == "sqlite"
    size = Path(str(db.engine.url.database)).stat().st_size if is_ours else 0
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=2 * size))
    assert transaction.scrub("capture_revision") is not is_ours
    monkeypatch.undo()
    assert transaction.scrub("capture_revision") is True
