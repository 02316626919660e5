"""Speed-watch: from which speed on a vehicle is recorded, and what may be worked out of speeds (field-facts 3)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from webapp.rules.clock import local_date

SPEED_LEAST, SPEED_MOST = 1, 150
# A percentile of fewer speeds says little: it is shown, and flagged.
FEW = 100

# From which speed on, by the limit of the road. Tables and no formula: Kent records from 25 at 20 mph, where ten per
# cent and two would be 24, and binary fractions would make 58 of 57.
THRESHOLDS = {20: 25, 30: 35, 40: 46}
# More than half above the limit: the police write at the first sighting.
LETTER_FROM = {20: 31, 30: 46, 40: 61}
# 90% above the limit: an officer brings the letter.
VISIT_FROM = {20: 38, 30: 57, 40: 76}
WATCHED = frozenset(THRESHOLDS)


@dataclass(frozen=True, slots=True)
class Band:
    """A run of speeds with both ends; `last` is None where it has no upper end."""

    first: int
    last: int | None

    @property
    def words(self) -> str:
        """How the band is called in tables."""
        return f"{self.first} mph and over" if self.last is None else f"{self.first} to {self.last} mph"

    def __contains__(self, speed: int) -> bool:
        return self.first <= speed and (self.last is None or speed <= self.last)


def threshold(limit: int) -> int | None:
    """Return the speed from which a vehicle is recorded, None at limits that are not watched.

    >>> threshold(20), threshold(30), threshold(40), threshold(50)
    (25, 35, 46, None)
    """
    return THRESHOLDS.get(limit)


def is_over(speed: int, limit: int) -> bool:
    """Return whether a vehicle is recorded with its plate: at or above the threshold.

    >>> is_over(34, 30), is_over(35, 30), is_over(90, 50)
    (False, True, False)
    """
    return limit in THRESHOLDS and speed >= THRESHOLDS[limit]


def is_doubtful(speed: int, limit: int) -> bool:
    """Return whether a speed is so high that whoever typed it is asked once more: above twice the limit.

    >>> is_doubtful(60, 30), is_doubtful(61, 30)
    (False, True)
    """
    return speed > 2 * limit


def bands(limit: int) -> tuple[Band, ...]:
    """Return the bands of recorded speeds: from the threshold to 4 above, 5 to 9, 10 to 14, and 15 and more.

    >>> [band.words for band in bands(30)]
    ['35 to 39 mph', '40 to 44 mph', '45 to 49 mph', '50 mph and over']
    """
    first = threshold(limit)
    if first is None:
        return ()
    return (*(Band(first + up, first + up + 4) for up in (0, 5, 10)), Band(first + 15, None))


def in_tenths(value: Fraction) -> str:
    """Return a positive figure with one decimal, cut and not rounded, so that it never reads as a mark it has not met.

    >>> in_tenths(Fraction(92, 3)), in_tenths(Fraction(3499, 100)), in_tenths(Fraction(30))
    ('30.6', '34.9', '30.0')
    """
    tenths = value.numerator * 10 // value.denominator
    return f"{tenths // 10}.{tenths % 10}"


def passed_on(seen_at: datetime | None, held_on: date) -> date:
    """Return the London day on which a vehicle passed: that of its session where its own time is not known.

    When it was written down, or arrived, says nothing of it.

    >>> passed_on(None, date(2026, 11, 22))
    datetime.date(2026, 11, 22)
    """
    return local_date(seen_at) if seen_at is not None else held_on


def anniversary(day: date) -> date:
    """Return the same day a year on; of 29 February it is the 28th.

    >>> anniversary(date(2026, 11, 29)), anniversary(date(2028, 2, 29))
    (datetime.date(2027, 11, 29), datetime.date(2029, 2, 28))
    """
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if is_leap_day else day.day)


def purge_on(seen_on: date) -> date:
    """Return the day by which nothing of a plate may be left: the day after the anniversary of the sighting.

    >>> purge_on(date(2028, 2, 29))
    datetime.date(2029, 3, 1)
    """
    return anniversary(seen_on) + timedelta(days=1)
