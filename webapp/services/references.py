"""Reference numbers: per prefix and year of London receipt, none given twice."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam

from webapp.models.record import ReferenceCounter
from webapp.rules.clock import local_date
from webapp.rules.references import format_reference
from webapp.services.rows import INSERT, Rows


def next_reference(rows: Rows, prefix: str, received_at: datetime) -> str:
    """Return the next reference, counted in the caller's commit: what is rolled back leaves no gap."""
    year = local_date(received_at).year
    connection = rows.connection
    last = connection.execute(_count(connection.dialect.name), {"prefix": prefix, "year": year}).scalar_one()
    return format_reference(prefix, year, last)


@lru_cache
def _count(dialect: str) -> Any:
    table = ReferenceCounter.__table__
    first = INSERT[dialect](table).values(prefix=bindparam("prefix"), year=bindparam("year"), last=1)
    counted = first.on_conflict_do_update(index_elements=["prefix", "year"], set_={"last": table.c.last + 1})
    return counted.returning(table.c.last)
