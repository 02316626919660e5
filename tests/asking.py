"""How often the database is asked: what a page of many may not do once for each."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from webapp.extensions import db


@contextmanager
def asked_of_the_database() -> Iterator[list[str]]:
    """Collect each statement that is sent meanwhile; within an app context."""
    said: list[str] = []

    def note(connection: object, cursor: object, statement: str, *others: object) -> None:
        said.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)
