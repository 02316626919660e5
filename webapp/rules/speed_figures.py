"""Which sessions and vehicles the figures of speed-watch are made of, and what may be said (field-facts 3.5)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate

from webapp.rules.codes import Code, CodeList
from webapp.rules.speed import bands

DRAFT, VOID = "draft", "void"
CHECKED = ("checked", "handed_over")
TAKEN_BACK = "taken_back"
HOUR_S = 3600
# Nobody stands at the roadside for longer: one of the two times is wrong, so that no hours are made of them.
LONGEST_S = 12 * HOUR_S
# What came in less time than this says nothing of an hour.
RATE_FROM_S = 600


class Standing(StrEnum):
    """How a session counts. Only what was held as it should, and checked by a coordinator, makes a figure."""

    COUNTED = "counted"
    NOT_CHECKED = "not_checked"
    # It should not have started: an untrained crew, a device out of calibration, a site that was not approved.
    LEFT_OUT = "left_out"
    UNDER_WAY = "under_way"
    TAKEN_BACK = "taken_back"


STANDINGS = CodeList(
    Code(Standing.COUNTED, "In the figures"),
    Code(Standing.NOT_CHECKED, "Not checked yet"),
    Code(Standing.LEFT_OUT, "Left out: should not have started"),
    Code(Standing.UNDER_WAY, "Under way"),
    Code(Standing.TAKEN_BACK, "Taken back"),
)


def standing(status: str, *, has_ended: bool, start_problems: str) -> Standing:
    """Return how a session counts; each counts in one way only.

    >>> standing("checked", has_ended=True, start_problems="").value
    'counted'
    >>> standing("checked", has_ended=True, start_problems="crew_too_few").value
    'left_out'
    """
    if status == TAKEN_BACK:
        return Standing.TAKEN_BACK
    if not has_ended:
        return Standing.UNDER_WAY
    if status not in CHECKED:
        return Standing.NOT_CHECKED
    return Standing.LEFT_OUT if start_problems else Standing.COUNTED


# The share of counted traffic at the threshold or above, in bands for the map: a choice of ours, no rule of the police.
RESULTS = CodeList(
    Code("under_5", "Under 5%"),
    Code("from_5", "5% to under 10%"),
    Code("from_10", "10% to under 20%"),
    Code("from_20", "20% or more"),
    Code("not_known", "Not known: no traffic counted in the last 12 months"),
)
RESULT_FROM = ((20, "from_20"), (10, "from_10"), (5, "from_5"), (0, "under_5"))


def result(part: int, whole: int) -> str:
    """Return the band of a share, as a value of RESULTS; of nothing nothing is known.

    >>> result(5, 100), result(49, 1000), result(1, 5), result(0, 0)
    ('from_5', 'under_5', 'from_20', 'not_known')
    """
    if whole == 0:
        return "not_known"
    return next(band for least, band in RESULT_FROM if part * 100 >= least * whole)


def is_vehicle(status: str, session_status: str, *, is_removed: bool) -> bool:
    """Return whether a row is a vehicle of its session: what was undone or found void counts for nothing.

    What came, or was corrected, after its session had been checked counts once it was checked too. What was only read
    in part, or without certainty, is no business of the police and counts all the same.

    >>> is_vehicle("checked", "checked", is_removed=False), is_vehicle("void", "checked", is_removed=False)
    (True, False)
    >>> is_vehicle("draft", "held", is_removed=False), is_vehicle("draft", "checked", is_removed=False)
    (True, False)
    """
    is_late = status == DRAFT and session_status in CHECKED
    return status != VOID and not is_removed and not is_late


def lasted(began_at: datetime, ended_at: datetime | None) -> int:
    """Return how long a session took in seconds; 0 where that is not known, or cannot be.

    >>> lasted(datetime(2026, 11, 29, 10), datetime(2026, 11, 29, 11)), lasted(datetime(2026, 11, 29), None)
    (3600, 0)
    >>> lasted(datetime(2026, 11, 29, 10), datetime(2026, 11, 30, 10))
    0
    """
    seconds = int((ended_at - began_at).total_seconds()) if ended_at else 0
    return seconds if seconds <= LONGEST_S else 0


def traffic(counted: int | None, logged: int) -> int | None:
    """Return the vehicles that passed as shares may use them, None where nobody counted.

    A count below what was logged cannot be right: no share is made of it.

    >>> traffic(214, 18), traffic(None, 18), traffic(10, 18)
    (214, None, None)
    """
    return counted if counted is not None and counted >= logged else None


def percentile_85(counts: Mapping[int, int]) -> int | None:
    """Return the speed that 85% of vehicles do not exceed, of how many had each speed; None without any.

    >>> percentile_85({30: 85, 31: 15}), percentile_85({30: 84, 31: 16}), percentile_85({})
    (30, 31, None)
    """
    speeds = sorted(counts)
    rank = (85 * sum(counts.values()) + 99) // 100
    passed = accumulate(counts[speed] for speed in speeds)
    return next((speed for speed, so_far in zip(speeds, passed, strict=True) if so_far >= rank > 0), None)


def mean(counts: Mapping[int, int]) -> Fraction | None:
    """Return the exact mean speed, of how many vehicles had each speed; None without any.

    >>> mean({30: 1, 31: 2})
    Fraction(92, 3)
    """
    total = sum(counts.values())
    return Fraction(sum(speed * count for speed, count in counts.items()), total) if total else None


def in_bands(counts: Mapping[int, int], limit: int) -> list[tuple[str, int]]:
    """Return each band of a limit in words with how many vehicles were in it.

    >>> in_bands({34: 9, 35: 2, 39: 1, 61: 1}, 30)
    [('35 to 39 mph', 3), ('40 to 44 mph', 0), ('45 to 49 mph', 0), ('50 mph and over', 1)]
    """
    return [
        (band.words, sum(count for speed, count in counts.items() if speed in band)) for band in bands(limit)
    ]


def per_hour(count: int, seconds: int) -> Fraction | None:
    """Return how many there were in an hour, None for less than ten minutes.

    >>> per_hour(18, 5400), per_hour(3, 8)
    (Fraction(12, 1), None)
    """
    return Fraction(count * HOUR_S, seconds) if seconds >= RATE_FROM_S else None


def in_hours(seconds: int) -> Fraction:
    """Return a time in hours.

    >>> in_hours(5400)
    Fraction(3, 2)
    """
    return Fraction(seconds, HOUR_S)
