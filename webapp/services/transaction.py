"""One verb, one commit: the write transaction that every service verb runs in, on both databases."""

import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.services.turn import Turn

BUSY_TIMEOUT = "busy_timeout=30000"
# How long the emptying of files waits for those who read or write, while others wait for it; how often it looks.
SCRUB_WAITS_MS, LOOK_AGAIN_S = 2000, 0.02
# Nobody writes who began before a transaction that has ended, and nobody here reads what was true before it.
SEEN_BY_NOBODY = """
    SELECT pg_snapshot_xmin(pg_current_snapshot()) > %(last)s::xid8 AND NOT EXISTS (
        SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND age(backend_xmin) >= age(%(last)s::xid8::xid)
    )
"""
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    BUSY_TIMEOUT,
    # What is deleted is overwritten and not only marked as free; what it leaves elsewhere goes by `scrub`.
    "secure_delete=ON",
    # Pages go from the log to the database after some 200 reports, not after 25: most of them are the same pages.
    "wal_autocheckpoint=8000",
)
TURN = "wardbook_turn"
# Whoever writes a database of SQLite anew makes a copy of it, which then goes through the log.
COPIES = 3


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


def scrub(*tables: str) -> bool:
    """Take what was deleted from these tables out of the database's files too; return whether all of it is out.

    It is not while somebody still reads an older state: then it is to be done again later. PostgreSQL writes the tables
    anew, while nobody else may use them: an ordinary VACUUM gives room free and leaves in it what it held. SQLite
    writes the whole database anew, while nobody else writes: what is deleted is overwritten at once, but not what was
    left behind earlier where rows moved from one page to another. What neither reaches, such as PostgreSQL's own log
    and all backups, goes with the key of its month.
    """
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        with _alone() as cursor:
            return _emptied_log(cursor) and _rebuilt(cursor) and _emptied_log(cursor)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return _is_seen_by_nobody(connection) and _written_anew(connection, tables)


def scrub_log() -> bool:
    """Take what was deleted out of SQLite's log, which takes no time; return whether all of it is out."""
    db.session.rollback()
    with _alone() as cursor:
        return _emptied_log(cursor)


def _is_seen_by_nobody(connection: Connection) -> bool:
    """Wait until all have ended who began before now; PostgreSQL keeps for them what was deleted meanwhile."""
    last = connection.exec_driver_sql("SELECT pg_current_xact_id()::text").scalar_one()
    gives_up_at = time.monotonic() + SCRUB_WAITS_MS / 1000
    while not connection.exec_driver_sql(SEEN_BY_NOBODY, {"last": last}).scalar_one():
        if time.monotonic() > gives_up_at:
            return False
        time.sleep(LOOK_AGAIN_S)
    return True


def _written_anew(connection: Connection, tables: Sequence[str]) -> bool:
    connection.exec_driver_sql(f"SET lock_timeout = {SCRUB_WAITS_MS}")
    try:
        for table in tables:
            name = connection.dialect.identifier_preparer.quote_identifier(table)
            connection.exec_driver_sql(f"VACUUM (FULL) {name}")
        return True
    except OperationalError:
        # Somebody has had the table for too long, and whoever else wants it waits behind us.
        return False
    finally:
        connection.exec_driver_sql("RESET lock_timeout")


@contextmanager
def _alone() -> Iterator[DBAPICursor]:
    """Yield a cursor outside any transaction, while nobody else writes to SQLite."""
    turn, connection = Turn(db.engine.url.database), db.engine.raw_connection()
    cursor = connection.cursor()
    try:
        turn.take()
        # Whoever wants to write waits as well.
        cursor.execute(f"PRAGMA busy_timeout={SCRUB_WAITS_MS}")
        yield cursor
    finally:
        cursor.execute(f"PRAGMA {BUSY_TIMEOUT}")
        connection.close()
        turn.leave()


def _emptied_log(cursor: DBAPICursor) -> bool:
    is_busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() or (1, 0, 0)
    return not is_busy


def _rebuilt(cursor: DBAPICursor) -> bool:
    if not _has_room_for_another():
        return False
    try:
        cursor.execute("VACUUM")
        return True
    except sqlite3.OperationalError:
        # Somebody has the database for too long.
        return False


def _has_room_for_another() -> bool:
    """Return whether the disk has room for what SQLite needs to write its database anew, and for others meanwhile."""
    path = Path(db.engine.url.database or "")
    return not path.is_file() or shutil.disk_usage(path.parent).free > COPIES * path.stat().st_size


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
