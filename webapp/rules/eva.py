"""Environmental Visual Audits: when one counts as done, what is missing, and when the next is due (Action Plan 4.2)."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from webapp.rules.clock import LONDON, shown_at
from webapp.rules.codes.eva import PARTICIPANT_TYPES
from webapp.rules.codes.observation import CATEGORIES, URGENT, Category

RESIDENTS = frozenset({"resident", "resident_association", "pact_member"})
BUSINESSES = frozenset({"business"})
NOBODY_FROM_OUTSIDE = "Neither a resident nor a local business is here, and the plan asks for both."
NO_RESIDENT = "No resident is here. The plan asks for residents and local businesses."
NO_BUSINESS = "No local business is here. The plan asks for residents and local businesses."
# Nobody walks longer past midnight: one of the two times is wrong.
LONGEST_PAST_MIDNIGHT = timedelta(hours=12)
# What must be looked at when an EVA found nothing: perhaps its observations are still on a phone.
FOUND_NOTHING = (
    "This walk has ended and no observation has arrived. They may still be on a phone, or nothing was found."
)

CAME_LATE = (
    "{} arrived after this audit was over. The plan has a line for what is urgent, and it counts. Open the audit again"
    " to plan the rest."
)


def category(value: Any) -> Category:
    """Return a category of observations by its value."""
    return cast(Category, CATEGORIES[value])


def missing_people(types: Iterable[str]) -> str | None:
    """Return a warning when those who came are not all that the plan asks for, None when they are (field-facts 1.10).

    >>> missing_people(["resident", "business", "pcso"]) is None, missing_people(["pcso"]) == NOBODY_FROM_OUTSIDE
    (True, True)
    """
    came = frozenset(types)
    has_resident, has_business = bool(came & RESIDENTS), bool(came & BUSINESSES)
    if has_resident and has_business:
        return None
    if has_resident or has_business:
        return NO_BUSINESS if has_resident else NO_RESIDENT
    return NOBODY_FROM_OUTSIDE


def came_late(closed_at: datetime | None, received: Iterable[datetime]) -> str | None:
    """Return a warning of observations that arrived after an EVA was closed, None when none did.

    What a phone sends late is kept like any other, and nobody who looked at the finished plan has seen it.

    >>> came_late(datetime(2026, 11, 22, 12), [datetime(2026, 11, 22, 11)]) is None
    True
    """
    late = sum(at > closed_at for at in received) if closed_at is not None else 0
    if not late:
        return None
    return CAME_LATE.format("1 observation" if late == 1 else f"{late} observations")


def is_urgent(category_value: str, severity: str | None) -> bool:
    """Return whether somebody must act on the day it was seen.

    >>> is_urgent("graffiti_offensive", None), is_urgent("play_area", "4"), is_urgent("play_area", "3")
    (True, True, False)
    """
    return category(category_value).is_urgent or severity == URGENT


def owner_of(category_value: str) -> str | None:
    """Return the agency that usually answers for a category, None where nobody has to do anything."""
    owners = category(category_value).owners
    return owners[0] if owners else None


def status(began_at: datetime | None, ended_at: datetime | None, before: str | None) -> str:
    """Return the state of an EVA by what its walk says; what an officer decided since stays.

    >>> status(None, None, None), status(datetime(2026, 11, 29, 10), None, "planned")
    ('planned', 'walking')
    """
    if before in {"agreed", "finished", "called_off"}:
        return before
    if began_at is None:
        return "planned"
    return "walking" if ended_at is None else "walked"


def walked(held_on: date, began: time, ended: time) -> tuple[datetime, datetime]:
    """Return when a walk began and ended: its end is the first moment after it began at which clocks show that time.

    `began` and `ended` are read off clocks in London; moments are UTC. That is the day after for an end past midnight,
    and the same time once more for one in the hour that comes twice.

    >>> [f"{moment:%d %H:%M}" for moment in walked(date(2026, 11, 29), time(23, 50), time(0, 10))]
    ['29 23:50', '30 00:10']
    >>> [f"{moment:%d %H:%M}" for moment in walked(date(2026, 10, 25), time(1, 50), time(1, 10))]
    ['25 00:50', '25 01:10']
    """
    begins = datetime.combine(held_on, began, LONDON).astimezone(UTC)
    return begins, next((moment for moment in shown_at(held_on, ended) if moment > begins), begins)


def how_long(began_at: datetime, ended_at: datetime) -> str:
    """Return how long a walk took, in words.

    >>> how_long(datetime(2026, 11, 29, 10, 30), datetime(2026, 11, 29, 11, 35))
    '1 hour 5 minutes'
    """
    hours, minutes = divmod(int((ended_at - began_at).total_seconds()) // 60, 60)
    parts = ((hours, "hour"), (minutes, "minute"))
    said = [f"{count} {name}{'' if count == 1 else 's'}" for count, name in parts if count]
    return " ".join(said) or "less than a minute"


def who_came(types: Iterable[str]) -> list[tuple[str, int]]:
    """Return who came by what they are, each with how many, in the order of the list; no names.

    >>> who_came(["pcso", "resident", "resident"])
    [('Resident', 2), ('Police community support officer', 1)]
    """
    counts = Counter(types)
    return [(code.label, counts[code.value]) for code in PARTICIPANT_TYPES if counts[code.value]]


def is_done(status_value: str, observations: int, *, found_nothing: bool) -> bool:
    """Return whether an EVA counts as undertaken: walked to its end, and with something seen, or said to be clean.

    >>> is_done("walked", 0, found_nothing=False), is_done("agreed", 3, found_nothing=False)
    (False, True)
    """
    return status_value in {"walked", "agreed", "finished"} and (observations > 0 or found_nothing)


def next_due(priority: bool, held: Collection[date], year_ends: date) -> date | None:
    """Return by when a ward needs its next EVA: a priority ward one in each plan year, the others none.

    `held` are the dates of those that count this year.

    >>> next_due(True, [], date(2027, 3, 31)), next_due(True, [date(2026, 11, 29)], date(2027, 3, 31))
    (datetime.date(2027, 3, 31), datetime.date(2028, 3, 31))
    """
    if not priority:
        return None
    return year_ends.replace(year=year_ends.year + 1) if held else year_ends
