"""Number plates: which shape one has, what is asked about it, and how little of it is shown (field-facts 3.4).

A shape is no proof that a plate exists. Nothing here ever changes what was read into something more likely, and no
warning repeats the plate: warnings end up on pages and in logs, where plates must not be.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

MOST = 10
MOST_TYPED = 20
MOST_SHOWN = 3

TOO_LONG = f"A number plate has at most {MOST} letters and figures. Type only what is on the plate."
LATER_AGE = "later_age"
UNMATCHED = "unmatched"
WARNINGS = {
    LATER_AGE: "No plate of that age was given out yet by that day. Look once more: it is kept as you typed it, and"
    " does not go to the police.",
    UNMATCHED: "British plates do not look like that. Look once more: 0 or O? 1 or I? It is kept as you typed it, and"
    " does not go to the police.",
}

# Tried in this order; no plate has two of these shapes.
PATTERNS = {
    "current": re.compile(r"[A-HJ-PR-Y]{2}(?:0[2-9]|[1-4][0-9]|5[1-9]|[6-9][0-9])[A-HJ-PR-Z]{3}"),
    "prefix": re.compile(r"[A-HJ-NPR-TV-Y][1-9][0-9]{0,2}[A-HJ-PR-Y]{3}"),
    "q_plate": re.compile(r"Q[1-9][0-9]{0,2}[A-HJ-PR-Y]{3}"),
    "suffix": re.compile(r"[A-HJ-PR-Y]{3}[1-9][0-9]{0,2}[A-HJ-NPR-TV-Y]"),
    "dateless": re.compile(
        r"(?=.{2,6}\Z)(?:[A-HJ-PR-Y]{1,3}[1-9][0-9]{0,3}|[1-9][0-9]{0,3}[A-HJ-PR-Y]{1,3})"
    ),
    "ni": re.compile(r"(?=.*[IZ])(?:[A-PR-Z]{2,3}[1-9][0-9]{0,3}|[1-9][0-9]{0,3}[A-PR-Z]{2,3})"),
    "diplomatic": re.compile(r"[0-9]{3}[DX][0-9]{3}"),
}
OTHER = "other"
KINDS = (*PATTERNS, OTHER)

MINUS = "\u2212"
# Without a width of their own, and yet neither spaces nor control characters to Unicode.
INVISIBLE = frozenset({"\u034f", *map(chr, range(0xFE00, 0xFE10))})


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate as it was read, normalised; `warning` is a sentence, empty where there is nothing to ask.

    The plate itself is left out of its repr: that is what error reports print.
    """

    text: str = field(repr=False)
    kind: str
    warning: str = ""


def normalise(text: str) -> str:
    """Return a plate in capitals without spaces, hyphens, control and zero-width characters; full-width becomes plain.

    >>> normalise(" gk26-abc "), normalise("\uff27\uff2b\uff12\uff16\u200bABC")
    ('GK26ABC', 'GK26ABC')
    """
    # Taking a character out lets its neighbours combine: again, until nothing changes.
    while (plain := _plain(text)) != text:
        text = plain
    return text


def _plain(text: str) -> str:
    capitals = unicodedata.normalize("NFKC", text).upper()
    return "".join(one for one in unicodedata.normalize("NFKC", capitals) if not _is_left_out(one))


def _is_left_out(one: str) -> bool:
    category = unicodedata.category(one)
    return category[0] in "ZC" or category == "Pd" or one == MINUS or one in INVISIBLE


def refusal(text: str) -> str | None:
    """Return the sentence that refuses a plate which is too long to be one, None when it may be kept.

    >>> refusal("GK26 ABC") is None, refusal("GK26 ABC GK26 ABC") == TOO_LONG
    (True, True)
    """
    return TOO_LONG if len(normalise(text)) > MOST else None


def read_plate(text: str, seen_on: date) -> Plate:
    """Return a plate with its kind on the London date it was seen; what fits no shape is `other`, with a warning.

    >>> read_plate("gk26 abc", date(2026, 11, 29)).kind
    'current'
    >>> read_plate("gk26 abc", date(2026, 2, 28)).warning == WARNINGS[LATER_AGE]
    True
    """
    plain = normalise(text)
    if not plain:
        return Plate(plain, OTHER)
    kind = next((kind for kind, pattern in PATTERNS.items() if pattern.fullmatch(plain)), None)
    if kind is None:
        return Plate(plain, OTHER, WARNINGS[UNMATCHED])
    if kind == "current" and given_out_from(plain[2:4]) > seen_on:
        return Plate(plain, OTHER, WARNINGS[LATER_AGE])
    return Plate(plain, kind)


def given_out_from(age: str) -> date:
    """Return the first day of plates with an age identifier: 1 March of its year, or 1 September when 50 is added.

    >>> given_out_from("51"), given_out_from("26"), given_out_from("76")
    (datetime.date(2001, 9, 1), datetime.date(2026, 3, 1), datetime.date(2026, 9, 1))
    """
    number = int(age)
    return date(1950 + number, 9, 1) if number > 50 else date(2000 + number, 3, 1)


def is_exportable(kind: str) -> bool:
    """Return whether plates of a kind may go to the police: all British shapes, and nothing else."""
    return kind in PATTERNS


def spaced(text: str, kind: str) -> str:
    """Return a normalised plate as people write it.

    >>> spaced("GK26ABC", "current"), spaced("101D234", "diplomatic"), spaced("1ABC", "dateless")
    ('GK26 ABC', '101 D 234', '1 ABC')
    """
    return _with_gaps(text, _groups(text, kind))


def mask(text: str, kind: str) -> str:
    """Return what may be shown of a normalised plate: never more than half of it, and never more than three characters.

    >>> mask("GK26ABC", "current"), mask("A123ABC", "prefix"), mask("A1", "dateless"), mask("B", "other")
    ('GK** A**', 'A12* ***', 'A *', '*')
    """
    if kind == "current" and PATTERNS[kind].fullmatch(text):
        return f"{text[:2]}** {text[4]}**"
    shown = min(MOST_SHOWN, len(text) // 2)
    return _with_gaps(text[:shown] + "*" * (len(text) - shown), _groups(text, kind))


def _groups(text: str, kind: str) -> tuple[int, ...]:
    """Return how many characters stand together; one group where the text is not of that kind."""
    pattern = PATTERNS.get(kind)
    if pattern is None or not pattern.fullmatch(text):
        return (len(text),)
    if kind == "current":
        return (4, 3)
    if kind in {"prefix", "q_plate"}:
        return (len(text) - 3, 3)
    if kind == "suffix":
        return (3, len(text) - 3)
    return tuple(len(run) for run in re.findall("[A-Z]+|[0-9]+", text))


def _with_gaps(text: str, groups: tuple[int, ...]) -> str:
    parts, start = [], 0
    for length in groups:
        parts.append(text[start : start + length])
        start += length
    return " ".join(parts)
