"""The 7-day clock: London dates, due dates, the day a report is on, and how it counts (Action Plan 4.7)."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from webapp.rules.codes.clock import IN_TARGET

LONDON = ZoneInfo("Europe/London")
CLEAR_UP_DAYS = 7
ANSWER_DAYS = 7


def local_date(moment: datetime) -> date:
    """Return the Europe/London date of an aware moment.

    >>> local_date(datetime(2026, 3, 31, 23, 30, tzinfo=UTC))
    datetime.date(2026, 4, 1)
    """
    return moment.astimezone(LONDON).date()


def shown_at(day: date, at: time) -> tuple[datetime, ...]:
    """Return the moments at which clocks in London show a time on a day and on the day after, in UTC.

    In the hour that comes twice there are two of them on one day.

    >>> [f"{moment:%d %H:%M}" for moment in shown_at(date(2026, 10, 24), time(1, 50))]
    ['24 00:50', '25 00:50', '25 01:50']
    """
    # A form refuses the last day that there is only after it has read its times.
    days = (day, day + timedelta(days=1)) if day < date.max else (day,)
    shown = (datetime.combine(one, at.replace(fold=fold), LONDON) for one in days for fold in (0, 1))
    return tuple(dict.fromkeys(moment.astimezone(UTC) for moment in shown))


def year_before(day: date) -> date:
    """Return the same day a year before; of 29 February it is 1 March.

    >>> year_before(date(2027, 11, 23)), year_before(date(2028, 2, 29))
    (datetime.date(2026, 11, 23), datetime.date(2027, 3, 1))
    """
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(day.year - 1, 3, 1) if is_leap_day else day.replace(year=day.year - 1)


def due_on(reported: date, days: int = CLEAR_UP_DAYS) -> date:
    """Return the last local date on which clearing up is still in time.

    `reported` is the Europe/London date of the first report by anyone; calendar days. A hold for evidence or a
    contractor does not stop the clock (Action Plan 4.7).

    >>> due_on(date(2026, 3, 2))
    datetime.date(2026, 3, 9)
    """
    return reported + timedelta(days=days)


def day_number(reported: date, today: date) -> int:
    """Return which day of the clock `today` is: 0 on the day of the report, 7 is the last in time.

    >>> day_number(date(2026, 3, 2), date(2026, 3, 9))
    7
    """
    return (today - reported).days


class Standing(StrEnum):
    """How a record counts in the 7-day figure today."""

    IN_TIME = "in time"
    MISSED = "missed"
    # Day 7 has not passed: shown apart, so that early clearances cannot flatter a running quarter.
    CLEARED_EARLY = "cleared, not yet counted"
    NOT_YET_DUE = "not yet due"
    LEFT_OUT = "left out"


def is_past(reported: date, today: date) -> bool:
    """Return whether day 7 of a report has passed: it is in the figure only then.

    >>> is_past(date(2026, 3, 2), date(2026, 3, 9)), is_past(date(2026, 3, 2), date(2026, 3, 10))
    (False, True)
    """
    return today > due_on(reported)


def standing(scope: str | None, days_taken: int | None, *, is_past: bool) -> Standing:
    """Return how a record counts: only what is in scope and past its day 7 is in the figure.

    `days_taken` from the first report to the clearance, None while it is not cleared. A record that was opened again
    is not cleared, and a miss once its day 7 has passed.

    >>> standing(IN_TARGET, 7, is_past=True), standing(IN_TARGET, None, is_past=True)
    (<Standing.IN_TIME: 'in time'>, <Standing.MISSED: 'missed'>)
    >>> standing(IN_TARGET, 2, is_past=False), standing("private_land", 2, is_past=True)
    (<Standing.CLEARED_EARLY: 'cleared, not yet counted'>, <Standing.LEFT_OUT: 'left out'>)
    """
    if scope != IN_TARGET:
        return Standing.LEFT_OUT
    if not is_past:
        return Standing.NOT_YET_DUE if days_taken is None else Standing.CLEARED_EARLY
    return Standing.IN_TIME if days_taken is not None and days_taken <= CLEAR_UP_DAYS else Standing.MISSED


def in_words(day: date, today: date | None = None) -> str:
    """Return a date as people say it; the year only where it is not `today`'s.

    >>> in_words(date(2026, 11, 29), date(2026, 11, 22))
    'Sunday 29 November'
    >>> in_words(date(2027, 1, 3), date(2026, 12, 30))
    'Sunday 3 January 2027'
    """
    words = f"{day:%A} {day.day} {day:%B}"
    return words if today is not None and day.year == today.year else f"{words} {day.year}"


def in_short(day: date) -> str:
    """Return a date as short as it can stand in a table without being misread.

    >>> in_short(date(2026, 11, 24))
    '24 Nov 2026'
    """
    return f"{day.day} {day:%b} {day.year}"


def clock_time(moment: datetime) -> str:
    """Return a moment's London time of day.

    >>> clock_time(datetime(2026, 7, 1, 13, 5, tzinfo=UTC))
    '14:05'
    """
    return f"{moment.astimezone(LONDON):%H:%M}"


def time_in_words(moment: datetime) -> str:
    """Return a moment's London time and date.

    >>> time_in_words(datetime(2026, 7, 1, 13, 5, tzinfo=UTC))
    '14:05, Wednesday 1 July 2026'
    """
    local = moment.astimezone(LONDON)
    return f"{local:%H:%M}, {in_words(local.date())}"
