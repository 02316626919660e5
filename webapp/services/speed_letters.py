"""What came of the vehicles that were handed to the police: letters and visits, as they told, and never about whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.police_export import PoliceExport
from webapp.rules.clock import local_date
from webapp.rules.periods import Period


@dataclass(frozen=True, slots=True)
class Answered:
    """What the police told of what they were given: counts, each None where they told none."""

    handed_over: int
    accepted: int | None
    rejected: int | None
    letters: int | None
    visits: int | None


def answered(period: Period, scheme_id: int | None = None) -> Answered:
    """Return what was handed to the police in a period, and what they told of it, by when it was handed over."""
    table = PoliceExport.__table__.c
    query = select(
        table.made_at, table.rows, table.accepted, table.rejected, table.letters, table.visits
    ).where(*([table.scheme_id == scheme_id] if scheme_id else []))
    rows = [
        numbers
        for made_at, *numbers in db.session.execute(query)
        if period.first <= local_date(made_at) <= period.last
    ]
    given, *told = ([row[at] for row in rows] for at in range(5))
    return Answered(sum(given), *(_sum(numbers) for numbers in told))


def _sum(numbers: Sequence[int | None]) -> int | None:
    """Return the sum of what was told, None where nothing was."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
