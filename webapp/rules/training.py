"""Whose training is good, whose is due soon, and whose has run out; the same of a device's calibration.

What is done on a day and good until another, an assessment of a site too, is entered by the same rules.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from webapp.rules.codes.speed_watch import NEEDS_CALIBRATION
from webapp.rules.speed_start import Device, Member

SOON = timedelta(days=60)
MOST_YEARS = 10
NOT_YET = "That day has not come yet. Check the date."
TOO_FAR = f"That is more than {MOST_YEARS} years ahead. Check the year."


class Standing(StrEnum):
    """How something stands that is good until a day."""

    GOOD = "in date"
    SOON = "due soon"
    LAPSED = "run out"
    NONE = "not there yet"


@dataclass(frozen=True, slots=True)
class Due:
    """How something stands, and until which day it is good; None where it is good without an end, or not at all."""

    standing: Standing
    until: date | None

    @property
    def is_good(self) -> bool:
        """Whether it counts today."""
        return self.standing in {Standing.GOOD, Standing.SOON}

    @property
    def wants_looking_at(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.standing is not Standing.GOOD


def due(until: date | None, today: date) -> Due:
    """Return how something stands that is good until a day, that day too; due soon is within 60 days.

    >>> from datetime import date
    >>> [due(date(2026, 11, day), date(2026, 11, 22)).standing.value for day in (21, 22)]
    ['run out', 'due soon']
    >>> due(date(2027, 1, 21), date(2026, 11, 22)).standing.value, due(None, date(2026, 11, 22)).standing.value
    ('due soon', 'in date')
    >>> due(date(2027, 1, 22), date(2026, 11, 22)).standing.value
    'in date'
    """
    if until is None:
        return Due(Standing.GOOD, None)
    if until < today:
        return Due(Standing.LAPSED, until)
    return Due(Standing.SOON if until - today <= SOON else Standing.GOOD, until)


def training(member: Member, today: date) -> Due:
    """Return how somebody's training stands: none before its day, good without an end where no refresher is due."""
    if member.trained_on is None or member.trained_on > today:
        return Due(Standing.NONE, None)
    return due(member.refresher_due_on, today)


def calibration(device: Device, today: date) -> Due:
    """Return how a device's calibration stands; of a type that needs none it is always good."""
    if device.type not in NEEDS_CALIBRATION:
        return Due(Standing.GOOD, None)
    if device.calibration_due_on is None:
        return Due(Standing.NONE, None)
    return due(device.calibration_due_on, today)


def wrong_days(given: Any, done: str, until: str, order: str, today: date) -> dict[str, str]:
    """Return a sentence for each of two days that cannot be, by name: when it was done, and until when it is good.

    Either may be None; `order` says that the second comes after the first.
    """
    done_on, until_on = getattr(given, done), getattr(given, until)
    problems = {}
    if done_on is not None and done_on > today:
        problems[done] = NOT_YET
    if until_on is not None and until_on.year > today.year + MOST_YEARS:
        problems[until] = TOO_FAR
    elif until_on is not None and done_on is not None and until_on <= done_on:
        problems[until] = order
    return problems
