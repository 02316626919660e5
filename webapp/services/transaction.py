"""One verb, one commit: the write transaction that every service verb runs in, on both databases."""

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import iscoroutinefunction
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from webapp.extensions import db

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=30000",
    # Pages go from the log to the database after some 200 reports, not after 25: most of them are the same pages.
    "wal_autocheckpoint=8000",
)
WRITES = {"wardbook_writes": True}
# How long the worker lets pages write before it, and how often it looks for a gap.
PATIENCE_S = 2.0
LOOK_AGAIN_S = 0.05
# How soon other threads let go of the interpreter while one has the turn to write, and at any other time. Whoever
# writes lets go of it with each statement, and all who want to write wait until it has the interpreter back.
HURRY_S, USUAL_S = 0.00002, sys.getswitchinterval()


@contextmanager
def one_commit() -> Iterator[Session]:
    """Yield the session in a fresh write transaction; commit at the end, or undo all of it on any error.

    On SQLite writers of all processes queue on a lock file before BEGIN IMMEDIATE. SQLite's own waiting sleeps and
    is unfair: under 16 connections it makes the slowest hundredth wait half a second, the queue some 40 ms.
    """
    session = db.session
    session.rollback()
    with _writers_turn():
        try:
            session.connection(execution_options=WRITES)
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


def commit_late() -> None:
    """Commit what a library changed in the session outside `one_commit`, still in the writers' turn.

    The reading transaction ends first: SQLite refuses to let one write once anybody else has committed. What has been
    flushed by then would be lost, so whoever relies on this turns autoflush off.
    """
    session = db.session
    if not (session.new or session.dirty or session.deleted):
        session.rollback()
        return
    with _writers_turn():
        try:
            if session.get_bind().dialect.name == "sqlite":
                session.connection().exec_driver_sql("ROLLBACK")
                session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            session.commit()
        except BaseException:
            session.rollback()
            raise


@contextmanager
def _writers_turn() -> Iterator[None]:
    engine = db.engine
    path = engine.url.database if engine.dialect.name == "sqlite" else None
    if path is None:
        yield
        return
    descriptor = os.open(f"{path}-writers", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _let_pages_go_first(descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        sys.setswitchinterval(HURRY_S)
        yield
    finally:
        sys.setswitchinterval(USUAL_S)
        os.close(descriptor)


def give_way() -> None:
    """Let this process, the worker, write only while nobody else does, for as long as it can bear to wait."""
    current_app.extensions["gives_way"] = True


def _let_pages_go_first(descriptor: int) -> None:
    """Look for a moment at which nobody writes. Somebody waits for each page and nobody for the second of a message."""
    patience_ends_at = time.monotonic() + PATIENCE_S
    while current_app.extensions.get("gives_way") and time.monotonic() < patience_ends_at:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(LOOK_AGAIN_S)


def without_async_sessions(app: Flask) -> None:
    """Leave out the teardown of async sessions, which we never open: it starts an event loop after each request."""
    functions = app.teardown_appcontext_funcs
    functions[:] = [function for function in functions if not iscoroutinefunction(function)]


def prepare_engine(engine: Engine) -> None:
    """Set up an engine for durable, honest use: on SQLite WAL, foreign keys, full synchronisation and own BEGINs."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)


def _on_sqlite_connect(connection: Any, record: Any) -> None:
    # The driver's own BEGIN comes too late and is always deferred: transactions are begun by _on_sqlite_begin.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _on_sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("wardbook_writes", False)
    # Said to the driver itself: this comes before every question, and the way through the library takes far longer.
    connection.connection.cursor().execute("BEGIN IMMEDIATE" if writes else "BEGIN")
