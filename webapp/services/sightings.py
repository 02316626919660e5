"""How often a vehicle was seen before: a number for the police, without opening any other plate (field-facts 3.6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_watch import SpeedSession
from webapp.rules.duplicates import WITHIN
from webapp.rules.speed import anniversary, passed_on
from webapp.services import plate_keys, plates

# What somebody has checked, and nobody has refused since: what was only logged may be misread.
COUNTED = ("ready", "exported", "accepted")
AT_A_TIME = 50
WATCH = SpeedSession.__table__


@dataclass(frozen=True, slots=True)
class _Sighting:
    """A vehicle that passed: when, None where only the day is known."""

    id: UUID
    at: datetime | None
    day: date

    def is_earlier_than(self, other: "_Sighting") -> bool:
        """Return whether it lies within the 12 months before another; the anniversary itself is inside.

        Two phones that log one vehicle do so within seconds: that is no second sighting. Nor is what passed on the same
        day, where nobody knows which came first.
        """
        if self.at is not None and other.at is not None:
            is_before = other.at - self.at > WITHIN
        else:
            is_before = self.day < other.day
        return self.id != other.id and is_before and other.day <= anniversary(self.day)


def count(session: Session, reading_ids: Sequence[UUID]) -> None:
    """Write beside vehicles how often each was seen within the 12 months before, among plates that are still held.

    The hash of a plate is another in each month: it is worked out under every key that is left, and looked for.
    """
    keys = plate_keys.live() if reading_ids else []
    for start in range(0, len(reading_ids), AT_A_TIME):
        some = SpeedReading.id.in_(reading_ids[start : start + AT_A_TIME])
        query = select(SpeedReading, WATCH.c.held_on).join(WATCH, WATCH.c.id == SpeedReading.session_id)
        _count(session, [(row, held_on) for row, held_on in session.execute(query.where(some))], keys)


def _count(
    session: Session, rows: Sequence[tuple[SpeedReading, date]], keys: Iterable[plate_keys.MonthKey]
) -> None:
    hashes = {row.id: _hashes(row, keys) for row, _ in rows}
    known = _seen(session, {text for texts in hashes.values() for text in texts})
    for row, held_on in rows:
        at = _Sighting(row.id, row.seen_at, passed_on(row.seen_at, held_on))
        row.earlier_sightings = sum(
            one.is_earlier_than(at) for text in hashes[row.id] for one in known.get(text, ())
        )


def _hashes(row: SpeedReading, keys: Iterable[plate_keys.MonthKey]) -> list[str]:
    plate = plates.opened(row)
    return [plates.hash_of(plate, key) for key in keys] if plate else []


def _seen(session: Session, hashes: Iterable[str]) -> dict[str, list[_Sighting]]:
    query = (
        select(SpeedReading.plate_hash, SpeedReading.id, SpeedReading.seen_at, WATCH.c.held_on)
        .join(WATCH, WATCH.c.id == SpeedReading.session_id)
        .where(
            SpeedReading.plate_hash.in_(sorted(hashes)),
            SpeedReading.status.in_(COUNTED),
            SpeedReading.removed_at.is_(None),
        )
    )
    found: dict[str, list[_Sighting]] = {}
    for text, own_id, seen_at, held_on in session.execute(query):
        found.setdefault(str(text), []).append(_Sighting(own_id, seen_at, passed_on(seen_at, held_on)))
    return found
