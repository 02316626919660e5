"""How long anything of a plate may be kept, and why it must go (field-facts 3.6, 6.2)."""

from datetime import date, timedelta

from webapp.rules.speed import purge_on

DAYS_AFTER_ACCEPTANCE = 30
# What may still be checked or handed over. All else needs no plate any more.
NEEDS_PLATE = frozenset({"draft", "ready", "exported", "accepted"})

# What a phone sent of a vehicle goes when a registration would, also where it held none.
NO_PLATE = "no_plate"
REASONS = {
    "not_needed": "Void, rejected, or not for the police",
    "accepted": f"Accepted by the police {DAYS_AFTER_ACCEPTANCE} days ago",
    "year": "Seen more than 12 months ago",
    "never_arrived": "Waited 12 months for what it belongs to",
    NO_PLATE: "What phones sent of vehicles without a registration",
}


def why_due(
    status: str, *, is_over: bool, accepted_on: date | None, seen_on: date, today: date
) -> str | None:
    """Return why a vehicle's plate must go today, as a key of REASONS; None while it may be kept.

    `accepted_on` and `seen_on` are London dates. A vehicle below the threshold has no plate to keep.

    >>> seen = date(2026, 11, 22)
    >>> why_due("accepted", is_over=True, accepted_on=date(2026, 12, 1), seen_on=seen, today=date(2026, 12, 30))
    >>> why_due("accepted", is_over=True, accepted_on=date(2026, 12, 1), seen_on=seen, today=date(2026, 12, 31))
    'accepted'
    >>> why_due("ready", is_over=True, accepted_on=None, seen_on=seen, today=date(2027, 11, 23))
    'year'
    """
    if today >= purge_on(seen_on):
        return "year"
    if not is_over or status not in NEEDS_PLATE:
        return "not_needed"
    if accepted_on is not None and today >= accepted_on + timedelta(days=DAYS_AFTER_ACCEPTANCE):
        return "accepted"
    return None


def is_month_due(month: str, today: date) -> bool:
    """Return whether the key of a month such as 2026-11 must be destroyed: all that was seen by its end is due.

    >>> is_month_due("2026-11", date(2027, 11, 30)), is_month_due("2026-11", date(2027, 12, 1))
    (False, True)
    """
    return today >= purge_on(_last_day(month))


def is_month_over(month: str, today: date) -> bool:
    """Return whether nothing is sealed under a month's key any more: a day after it, all that was on its way is in.

    >>> is_month_over("2026-11", date(2026, 12, 1)), is_month_over("2026-11", date(2026, 12, 2))
    (False, True)
    """
    return today > _last_day(month) + timedelta(days=1)


def _last_day(month: str) -> date:
    year, number = map(int, month.split("-"))
    following = date(year + number // 12, number % 12 + 1, 1)
    return following - timedelta(days=1)
