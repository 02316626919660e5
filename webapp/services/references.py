"""Reference numbers: per prefix and year of London receipt, none given twice."""

from datetime import datetime
from functools import lru_cache

from sqlalchemy import ClauseElement, ColumnElement, bindparam, literal_column

from webapp.models.record import ReferenceCounter
from webapp.rules.clock import local_date
from webapp.rules.references import format_reference
from webapp.services.rows import INSERT, Rows

ONE: ColumnElement[int] = literal_column("1")


def next_reference(rows: Rows, prefix: str, received_at: datetime) -> str:
    """Return the next reference, counted in the caller's commit: what is rolled back leaves no gap."""
    year = local_date(received_at).year
    return format_reference(prefix, year, next_number(rows, prefix, year))


def next_number(rows: Rows, prefix: str, year: int) -> int:
    """Return the next number of a series, which the caller holds until its commit; of one without years it is 0."""
    return int(rows.scalar(_count(rows.dialect.name), prefix=prefix, year=year))


@lru_cache
def _count(dialect: str) -> ClauseElement:
    table = ReferenceCounter.__table__
    first = INSERT[dialect](table).values(prefix=bindparam("prefix"), year=bindparam("year"), last=ONE)
    counted = first.on_conflict_do_update(
        index_elements=["prefix", "year"], set_={"last": table.c.last + ONE}
    )
    statement: ClauseElement = counted.returning(table.c.last)
    return statement
