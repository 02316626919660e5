"""Rows written, and questions asked, with statements made ready once: for verbs that many wait for at the same moment.

The unit of work and the building of a statement cost several times what the database takes to insert a row, and
whoever writes holds up everybody else who writes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ClauseElement, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from webapp.models.base import Base

INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True)
class Row:
    """A row ready for the driver: made before the turn to write comes, it takes none of that time."""

    sql: str
    parameters: Any


def ready(dialect: Dialect, model: type[Base], /, *, unless_there: bool = False, **values: Any) -> Row:
    """Return one row; plain defaults of the model hold."""
    statement = _make_ready(cast(Table, model.__table__), tuple(values), unless_there, dialect)
    return Row(statement.sql, statement.parameters(values))


class Rows:
    """Writes rows in a session's transaction, straight through its driver. No object is kept of any."""

    def __init__(self, session: Session) -> None:
        connection = session.connection()
        self.dialect = connection.dialect
        self._cursor = connection.connection.cursor()

    def write(self, model: type[Base], /, **values: Any) -> None:
        """Write one row; plain defaults of the model hold."""
        self.put(ready(self.dialect, model, **values))

    def write_unless_there(self, model: type[Base], /, **values: Any) -> bool:
        """Write one row, or leave the one that has its key or another of its unique values; return whether it did.

        Of two that write the same key at the same moment, the second waits for the first to commit.
        """
        return self.put(ready(self.dialect, model, unless_there=True, **values))

    def put(self, row: Row) -> bool:
        """Write a row that was made ready; return whether it was written."""
        self._cursor.execute(row.sql, row.parameters)
        return bool(self._cursor.rowcount == 1)

    def first(self, statement: ClauseElement, **values: Any) -> tuple[Any, ...]:
        """Return the row that a statement answers with, an empty one when it answers with none.

        `statement` is one of a module's own, made once: how it is said to the database is kept for each.
        """
        asked = _make_ready_to_ask(statement, self.dialect)
        self._cursor.execute(asked.sql, asked.parameters(values))
        return self._cursor.fetchone() or ()

    def scalar(self, statement: ClauseElement, **values: Any) -> Any:
        """Return the first column of the row that a statement answers with, None when it answers with none."""
        row = self.first(statement, **values)
        return row[0] if row else None


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement as the driver takes it: its text, what the model fills in, and how each value is handed over."""

    sql: str
    defaults: Mapping[str, Any]
    adapters: Mapping[str, Callable[[Any], Any]]
    order: tuple[str, ...] | None

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Return the values for the driver: in order where it counts them, by name where it names them."""
        given = {**self.defaults, **values}
        for name, adapt in self.adapters.items():
            given[name] = adapt(given[name])
        return given if self.order is None else tuple(given[name] for name in self.order)


@lru_cache(maxsize=128)
def _make_ready(table: Table, names: tuple[str, ...], unless_there: bool, dialect: Dialect) -> _Ready:
    defaults = {
        column.name: column.default.arg
        for column in table.columns
        if isinstance(column.default, ScalarElementColumnDefault) and column.name not in names
    }
    written = [*names, *defaults]
    insert = INSERT[dialect.name](table).inline()
    statement = insert.on_conflict_do_nothing() if unless_there else insert
    compiled = cast(SQLCompiler, statement.compile(dialect=dialect, column_keys=written))
    adapters = {
        name: adapt
        for name in written
        if (adapt := table.columns[name].type.dialect_impl(dialect).bind_processor(dialect)) is not None
    }
    return _Ready(compiled.string, defaults, adapters, _order(compiled))


@lru_cache(maxsize=32)
def _make_ready_to_ask(statement: ClauseElement, dialect: Dialect) -> _Ready:
    compiled = cast(SQLCompiler, statement.compile(dialect=dialect))
    return _Ready(compiled.string, {}, {}, _order(compiled))


def _order(compiled: SQLCompiler) -> tuple[str, ...] | None:
    return tuple(compiled.positiontup or ()) if compiled.positional else None
