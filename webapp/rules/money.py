"""Money as people read it; everywhere else it is kept in pence."""

from decimal import Decimal

PENCE = 100


def in_pounds(pence: int | None) -> str:
    """Return an amount in pounds, "Not known" for None; pence only where there are any.

    >>> in_pounds(100_000), in_pounds(8550), in_pounds(0), in_pounds(None)
    ('£1,000', '£85.50', '£0', 'Not known')
    """
    if pence is None:
        return "Not known"
    pounds, rest = divmod(pence, PENCE)
    return f"£{pounds:,}.{rest:02}" if rest else f"£{pounds:,}"


def pounds(pence: int) -> Decimal:
    """Return an amount in pounds, exactly.

    >>> str(pounds(123450))
    '1234.50'
    """
    return Decimal(pence).scaleb(-2)
