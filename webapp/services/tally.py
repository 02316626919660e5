"""Counting along an index in which all that is alike lies together, so that nothing is sorted.

Grouping a quarter of a million records by ward, scope and days takes a database most of a second, since it sorts each
of them. To ask the index of TALLIED how many entries of one ward, scope and number of days lie between two dates takes
some hundred short questions and reads only what is counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ClauseElement, ColumnElement, ScalarSelect, bindparam, func, literal_column, select

from webapp.extensions import db
from webapp.models.record import Record
from webapp.rules.clock import CLEAR_UP_DAYS
from webapp.rules.codes.clock import IN_TARGET, SCOPES
from webapp.services.rows import Rows

TABLE = Record.__table__.c
# What took longer than the clock has days is counted together, under the first day after.
LATE = CLEAR_UP_DAYS + 1
# The days that are told apart; the last one of each stands for so many or more.
OF_TARGET = (None, *range(LATE), LATE)
OF_OTHERS = (None, 0)
ENDS = ("first", "last")
NO_WARD = ""

# Two dates, both included.
Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records of a ward and scope were first reported in each span and took so many days to clear.

    `days` is None for what is not cleared; in the target LATE stands for all that took longer than the clock has days,
    outside it 0 for all that was cleared.
    """

    ward: str | None
    scope: str
    days: int | None
    counts: tuple[int, ...]


def tally(
    spans: Sequence[Span],
    wards: Sequence[str | None] | None = None,
    scopes: Sequence[str] = SCOPES.values,
) -> Iterator[Tally]:
    """Yield the tallies of records that were first reported in any of the spans, of all wards where none are named."""
    rows = Rows(db.session)
    bounds = {
        f"{name}{at}": day for at, span in enumerate(spans) for name, day in zip(ENDS, span, strict=True)
    }
    for ward in _wards(rows) if wards is None else wards:
        key = {} if ward is None else {"ward": ward}
        for scope in scopes:
            apart = OF_TARGET if scope == IN_TARGET else OF_OTHERS
            counts = rows.first(_how_many(ward is None, apart, len(spans)), **key, scope=scope, **bounds)
            for at, days in enumerate(apart):
                of_days = tuple(counts[at * len(spans) : (at + 1) * len(spans)])
                if any(of_days):
                    yield Tally(ward, scope, days, of_days)


def _wards(rows: Rows) -> Iterator[str | None]:
    """Yield None, then each ward that any record lies in."""
    yield None
    ward = NO_WARD
    while (ward := rows.scalar(NEXT_WARD, after=ward)) is not None:
        yield ward


NEXT_WARD = select(func.min(TABLE.ward_code)).where(
    TABLE.scope.is_not(None), TABLE.ward_code > bindparam("after", type_=TABLE.ward_code.type)
)


@lru_cache
def _how_many(has_no_ward: bool, apart: Sequence[int | None], spans: int) -> ClauseElement:
    """Return what asks how many records of a ward and scope lie in each span, for each number of days in turn."""
    alike = (
        TABLE.scope == bindparam("scope", type_=TABLE.scope.type),
        TABLE.ward_code.is_(None) if has_no_ward else TABLE.ward_code == bindparam("ward"),
    )
    return select(*(_count(at, *alike, *took) for took in _took(apart) for at in range(spans)))


def _took(apart: Sequence[int | None]) -> Iterator[tuple[ColumnElement[bool], ColumnElement[date]]]:
    """Yield for each number of days the condition, and the day of the report as it is to be compared."""
    yield TABLE.days_taken.is_(None), TABLE.reported_on
    # Numbers of ours are written into the statement, which then has only what changes to be filled in.
    numbers: list[ColumnElement[int]] = [literal_column(str(number)) for number in apart[1:]]
    for number in numbers[:-1]:
        yield TABLE.days_taken == number, TABLE.reported_on
    # By the bare column SQLite would go through all that was reported in the ward, instead of what took so long.
    yield TABLE.days_taken >= numbers[-1], func.coalesce(TABLE.reported_on, FAR_OFF)


FAR_OFF = literal_column("'9999-12-31'", TABLE.reported_on.type)


def _count(
    at: int, scope: ColumnElement[bool], ward: ColumnElement[bool], took: Any, reported_on: Any
) -> ScalarSelect[int]:
    first, last = (bindparam(f"{name}{at}", type_=TABLE.reported_on.type) for name in ENDS)
    query = select(func.count()).select_from(Record.__table__)
    return query.where(scope, ward, took, reported_on.between(first, last)).scalar_subquery()
