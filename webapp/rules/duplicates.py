"""Vehicles that two phones may have logged twice: the same plate and speed within seconds (field-facts 3.2)."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

WITHIN = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Seen:
    """One row: its id, what tells its plate from others, its speed, and when it passed."""

    id: Hashable
    plate: Hashable = field(repr=False)
    speed_mph: int
    at: datetime


def duplicates(rows: Iterable[Seen]) -> dict[Hashable, list[Hashable]]:
    """Return by id the other rows that may be the same vehicle passing once; both stay, and somebody decides.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 22, 10, 31, tzinfo=UTC)
    >>> duplicates([Seen(1, "x", 41, at), Seen(2, "x", 41, at + WITHIN), Seen(3, "x", 42, at)])
    {1: [2], 2: [1]}
    """
    alike: dict[tuple[Hashable, int], list[Seen]] = {}
    for row in rows:
        alike.setdefault((row.plate, row.speed_mph), []).append(row)
    found: dict[Hashable, list[Hashable]] = {}
    for group in alike.values():
        for one in group:
            others = [other.id for other in group if other is not one and abs(other.at - one.at) <= WITHIN]
            if others:
                found[one.id] = others
    return found
