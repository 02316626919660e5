"""Quarters and years as the partnership reports them: fiscal, from 1 April (field-facts 2.10)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_MONTH = 4
QUARTER = re.compile(r"([0-9]{4})-Q([1-4])")
YEAR = re.compile(r"([0-9]{4})")
EARLIEST, LATEST = 2000, 2100


@dataclass(frozen=True, slots=True)
class Period:
    """A run of London dates, both ends included; `name` is how an address spells it, `words` how people do."""

    first: date
    last: date
    name: str
    words: str

    @property
    def months(self) -> list[date]:
        """The first day of each of its months."""
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return [month_after(self.first, number) for number in range(count)]


def month_after(month: date, number: int) -> date:
    """Return the first day of the month that lies `number` months after that of a date.

    >>> month_after(date(2026, 12, 24), 2)
    datetime.date(2027, 2, 1)
    """
    years, months = divmod(month.month - 1 + number, 12)
    return date(month.year + years, months + 1, 1)


def quarter(fiscal_year: int, number: int) -> Period:
    """Return a quarter; `fiscal_year` is the one in which its April lies.

    >>> quarter(2026, 4).first, quarter(2026, 4).last, quarter(2026, 4).words
    (datetime.date(2027, 1, 1), datetime.date(2027, 3, 31), 'January to March 2027')
    """
    first = month_after(date(fiscal_year, FIRST_MONTH, 1), 3 * (number - 1))
    last = month_after(first, 3) - timedelta(days=1)
    return Period(first, last, f"{fiscal_year}-Q{number}", f"{first:%B} to {last:%B} {last.year}")


def quarter_of(day: date) -> Period:
    """Return the quarter in which a London date lies.

    >>> quarter_of(date(2027, 3, 31)).name, quarter_of(date(2027, 4, 1)).name
    ('2026-Q4', '2027-Q1')
    """
    fiscal = fiscal_year_of(day)
    return quarter(fiscal, (day.month - FIRST_MONTH) % 12 // 3 + 1)


def fiscal_year_of(day: date) -> int:
    """Return the year in which the April before a date lies."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def year(fiscal_year: int) -> Period:
    """Return a fiscal year.

    >>> year(2026).words
    'April 2026 to March 2027'
    """
    first, last = date(fiscal_year, FIRST_MONTH, 1), date(fiscal_year + 1, FIRST_MONTH - 1, 31)
    return Period(first, last, str(fiscal_year), f"April {fiscal_year} to March {fiscal_year + 1}")


def read_period(name: str | None) -> Period | None:
    """Return the period of this name, None for any other text.

    >>> read_period("2026-Q3").words, read_period("2026-Q5") is None
    ('October to December 2026', True)
    """
    for pattern, made in ((QUARTER, quarter), (YEAR, year)):
        match = pattern.fullmatch(name or "")
        if match and EARLIEST <= int(match[1]) < LATEST:
            return made(*map(int, match.groups()))
    return None


def recent_quarters(today: date, count: int) -> list[Period]:
    """Return the quarter of a date and those before it, newest first."""
    quarters = [quarter_of(today)]
    while len(quarters) < count:
        quarters.append(quarter_of(quarters[-1].first - timedelta(days=1)))
    return quarters
