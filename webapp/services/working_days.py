"""Working days in England, for the second target that a partnership may set beside the plan's own (field-facts 2.4)."""

from datetime import date, timedelta

from holidays import country_holidays

ENGLAND = country_holidays("GB", subdiv="ENG")
DAY = timedelta(days=1)


def working_days(first: date, last: date) -> int:
    """Return how many working days lie after one date, up to and with another: no weekends, no bank holidays.

    >>> working_days(date(2026, 11, 27), date(2026, 11, 30)), working_days(date(2026, 11, 27), date(2026, 11, 27))
    (1, 0)
    >>> working_days(date(2026, 12, 24), date(2026, 12, 29))
    1
    """
    return ENGLAND.get_working_days_count(first + DAY, last) if last > first else 0


def last_past(today: date, days: int) -> date:
    """Return the newest date after which so many working days have passed, the last of them yesterday or before.

    >>> last_past(date(2026, 11, 30), 1), last_past(date(2026, 12, 1), 1)
    (datetime.date(2026, 11, 26), datetime.date(2026, 11, 29))
    """
    day = today - DAY
    while working_days(day, today - DAY) < days:
        day -= DAY
    return day
