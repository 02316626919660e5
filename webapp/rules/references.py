"""Reference numbers that staff quote by telephone: FT-2026-00012 (field-facts 0)."""

import re

PATTERN = re.compile(r"([A-Z]{2,3})-([0-9]{4})-([0-9]{1,9})")


def format_reference(prefix: str, year: int, number: int) -> str:
    """Return a reference with at least five digits; `year` is that of the London date of receipt.

    >>> format_reference("FT", 2026, 12)
    'FT-2026-00012'
    """
    return f"{prefix}-{year:04d}-{number:05d}"


def read_reference(text: str) -> str | None:
    """Return the reference somebody typed in its one spelling, or None when it is none; zeros may be left out.

    >>> read_reference(" ft 2026 00012 ")
    'FT-2026-00012'
    >>> read_reference("FT-2026-12"), read_reference("eva-2026-3")
    ('FT-2026-00012', 'EVA-2026-00003')
    """
    match = PATTERN.fullmatch(re.sub(r"[\s-]+", "-", text.strip().upper()))
    return format_reference(match[1], int(match[2]), int(match[3])) if match else None
