"""Counting by walking along an index: all that is alike lies together in it, so it is counted without being sorted.

Grouping a quarter of a million records by ward, scope and days takes a database most of a second, since it sorts each
of them. To ask the index of TALLIED how many entries of one ward, scope and number of days lie between two dates, and
which number of days comes next, takes some thousand short questions and reads only what is counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import ClauseElement, ColumnElement, ScalarSelect, bindparam, func, select

from webapp.extensions import db
from webapp.models.record import Record
from webapp.rules.codes.clock import SCOPES
from webapp.services.rows import Rows

TABLE = Record.__table__.c
# Below every ward and every number of days that there is.
NO_WARD, NO_DAYS = "", -1

# Two dates, both included.
Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records of a ward, scope and number of days to the clearance were first reported in each span."""

    ward: str | None
    scope: str
    days: int | None
    counts: tuple[int, ...]


def tally(spans: Sequence[Span], wards: Sequence[str | None] | None = None) -> Iterator[Tally]:
    """Yield the tallies of all records, or of some wards, that were first reported in any of the spans."""
    rows = Rows(db.session)
    bounds = {
        f"{name}{at}": day for at, span in enumerate(spans) for name, day in zip(ENDS, span, strict=True)
    }
    for ward in _wards(rows) if wards is None else wards:
        for scope in SCOPES.values:
            yield from _by_days(rows, ward, scope, bounds)


ENDS = ("first", "last")


def _wards(rows: Rows) -> Iterator[str | None]:
    """Yield None, then each ward that any record lies in."""
    yield None
    ward = NO_WARD
    while (ward := rows.scalar(NEXT_WARD, after=ward)) is not None:
        yield ward


def _by_days(rows: Rows, ward: str | None, scope: str, bounds: dict[str, date]) -> Iterator[Tally]:
    """Yield the tallies of one ward and scope: what is not cleared first, then by the days that clearing took."""
    key = {"scope": scope} if ward is None else {"scope": scope, "ward": ward}
    days: int | None = None
    while True:
        step = _step(ward is None, days is None, len(bounds) // len(ENDS))
        further, *counts = rows.first(step, **key, days=NO_DAYS if days is None else days, **bounds)
        if any(counts):
            yield Tally(ward, scope, days, tuple(counts))
        if further is None:
            return
        days = further


NEXT_WARD = select(func.min(TABLE.ward_code)).where(
    TABLE.scope.is_not(None), TABLE.ward_code > bindparam("after", type_=TABLE.ward_code.type)
)


@lru_cache
def _step(has_no_ward: bool, has_no_days: bool, spans: int) -> ClauseElement:
    """Return what asks for the next number of days after one, and how many records of this one lie in each span."""
    days = bindparam("days", type_=TABLE.days_taken.type)
    of_scope = (
        TABLE.scope == bindparam("scope", type_=TABLE.scope.type),
        TABLE.ward_code.is_(None) if has_no_ward else TABLE.ward_code == bindparam("ward"),
    )
    of_days = TABLE.days_taken.is_(None) if has_no_days else TABLE.days_taken == days
    further = select(func.min(TABLE.days_taken)).where(*of_scope, TABLE.days_taken > days)
    counts = (_how_many(at, *of_scope, of_days) for at in range(spans))
    return select(further.scalar_subquery(), *counts)


def _how_many(at: int, *alike: ColumnElement[bool]) -> ScalarSelect[int]:
    first, last = (bindparam(f"{name}{at}", type_=TABLE.reported_on.type) for name in ENDS)
    within = TABLE.reported_on.between(first, last)
    return select(func.count()).select_from(Record.__table__).where(*alike, within).scalar_subquery()
