"""What templates can say of the figures of speed-watch, and the address of the list that each of them opens."""

from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from webapp.rules.speed import FEW, in_tenths
from webapp.rules.speed_figures import STANDINGS, in_hours
from webapp.services.speed_sessions import Wanted


def sessions_url(opens: Wanted) -> str:
    """Return the address of the list of sessions that a figure opens."""
    return f"{url_for('speed_figures.sessions')}?{urlencode(opens.set_parts())}"


def hours_in_words(hours: Fraction) -> str:
    """Return a time in hours as people say it, cut to a tenth.

    >>> hours_in_words(Fraction(3, 2)), hours_in_words(Fraction(1)), hours_in_words(Fraction(0))
    ('1.5 hours', '1 hour', 'no time')
    >>> hours_in_words(Fraction(1, 20))
    'a few minutes'
    """
    if not hours:
        return "no time"
    if hours < Fraction(1, 10):
        return "a few minutes"
    tenths = in_tenths(hours)
    said = f"{int(hours):,}.{tenths[-1]}".removesuffix(".0")
    return f"{said} {'hour' if said == '1' else 'hours'}"


GLOBALS: dict[str, Any] = {
    "sessions_url": sessions_url,
    "hours_in_words": hours_in_words,
    "in_hours": in_hours,
    "in_tenths": in_tenths,
    "standing_label": STANDINGS.label,
    "few_speeds": FEW,
}
