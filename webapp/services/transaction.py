"""One verb, one commit: the write transaction that every service verb runs in, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from inspect import iscoroutinefunction
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.services.turn import Turn

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=30000",
    # Pages go from the log to the database after some 200 reports, not after 25: most of them are the same pages.
    "wal_autocheckpoint=8000",
)
TURN = "wardbook_turn"


@contextmanager
def one_commit() -> Iterator[Session]:
    """Yield the session in a fresh write transaction; commit at the end, or undo all of it on any error."""
    session = db.session
    session.rollback()
    with _committed(session) as turn:
        # The turn is taken as late as can be, where the transaction begins: whoever has it holds up everybody else.
        session.connection(execution_options={TURN: turn})
        yield session


def commit_late() -> None:
    """Commit what a library changed in the session outside `one_commit`, still in the writers' turn.

    The reading transaction ends first: SQLite refuses to let one write once anybody else has committed. What has been
    flushed by then would be lost, so whoever relies on this turns autoflush off.
    """
    session = db.session
    if not (session.new or session.dirty or session.deleted):
        session.rollback()
        return
    with _committed(session) as turn:
        if session.get_bind().dialect.name == "sqlite":
            turn.take()
            session.connection().exec_driver_sql("ROLLBACK")
            session.connection().exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _committed(session: Session) -> Iterator[Turn]:
    turn = Turn(db.engine.url.database)
    try:
        yield turn
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        turn.leave()


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
    turn = connection.get_execution_options().get(TURN)
    if turn is not None:
        turn.take()
    # Said to the driver itself: this comes before every question, and the way through the library takes far longer.
    connection.connection.cursor().execute("BEGIN" if turn is None else "BEGIN IMMEDIATE")
