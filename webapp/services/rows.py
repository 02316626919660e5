"""Rows written at once, with statements made ready once: for the verb that many people wait for at the same moment.

The unit of work and the building of a statement cost several times what the database takes to insert a row, and
whoever writes holds up everybody else who writes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from webapp.models.base import Base

INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
Adapt = Callable[[Any], Any]


def write_row(session: Session, model: type[Base], **values: Any) -> None:
    """Write one row in the caller's commit. Plain defaults of the model hold; no object is kept of it."""
    _write(session, model, values, unless_there=False)


def write_row_unless_there(session: Session, model: type[Base], **values: Any) -> bool:
    """Write one row, or leave the one that already has its key or another of its unique values; return whether it did.

    Of two that write the same key at the same moment, the second waits for the first to commit.
    """
    return _write(session, model, values, unless_there=True) == 1


def _write(session: Session, model: type[Base], values: Mapping[str, Any], *, unless_there: bool) -> int:
    connection = session.connection()
    ready = _make_ready(cast(Table, model.__table__), tuple(values), unless_there, connection.dialect)
    return connection.exec_driver_sql(ready.sql, ready.parameters(values)).rowcount


@dataclass(frozen=True, slots=True)
class _Ready:
    """An insert as the driver takes it: its text, what the model fills in, and how each value is handed over."""

    sql: str
    defaults: Mapping[str, Any]
    adapters: Mapping[str, Adapt]
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
        column.name: cast(ScalarElementColumnDefault, column.default).arg
        for column in table.columns
        if column.default is not None and column.default.is_scalar and column.name not in names
    }
    insert = INSERT[dialect.name](table).inline()
    statement = insert.on_conflict_do_nothing() if unless_there else insert
    compiled = statement.compile(dialect=dialect, column_keys=[*names, *defaults])
    adapters = {
        name: table.columns[name].type.dialect_impl(dialect).bind_processor(dialect)
        for name in (*names, *defaults)
    }
    order = tuple(compiled.positiontup) if compiled.positional else None
    return _Ready(compiled.string, defaults, {n: a for n, a in adapters.items() if a is not None}, order)
