"""Money is kept in whole pence; this is how people and spreadsheets read it."""

from decimal import Decimal


def pounds(pence: int) -> Decimal:
    """Return an amount in pounds, exactly.

    >>> str(pounds(123450))
    '1234.50'
    """
    return Decimal(pence).scaleb(-2)


def pounds_in_words(pence: int) -> str:
    """Return an amount as a page writes it.

    >>> pounds_in_words(123450)
    '£1,234.50'
    """
    return f"£{pounds(pence):,.2f}"
