"""Whether what was seen of a vehicle is what DVLA has: another make or colour is a plate misread (field-facts 3.2)."""

import re
import unicodedata

from webapp.rules.codes.speed_watch import COLOURS, MAKES

OTHER_MAKE = "DVLA has another make"
OTHER_COLOUR = "DVLA has another colour"
UNKNOWN = "DVLA knows no vehicle with this registration"
# A badge that DVLA may have under the name of whoever makes it.
ALSO_CALLED = {
    "ds": ("Citroën",),
    "cupra": ("SEAT",),
    "mini": ("BMW",),
    "vauxhall": ("Opel",),
    "mercedes_benz": ("Mercedes",),
    "volkswagen": ("VW",),
}


def mismatch(make: str | None, colour: str | None, their_make: str, their_colour: str) -> str | None:
    """Return why a row is discarded, None where nothing speaks against it; what either side does not say does not.

    >>> mismatch("ford", "blue", "FORD", "BLUE") is None, mismatch("ford", "blue", "FORD", "RED")
    (True, 'DVLA has another colour')
    >>> mismatch("other", None, "FERRARI", "RED") is None, mismatch("kia", "red", "FERRARI", "RED")
    (True, 'DVLA has another make')
    """
    if make is not None and make != "other" and their_make.strip() and not _is_make(make, their_make):
        return OTHER_MAKE
    theirs = _colour_of(their_colour)
    return OTHER_COLOUR if colour is not None and theirs is not None and theirs != colour else None


def _is_make(make: str, theirs: str) -> bool:
    """Return whether DVLA's name holds ours, such as BMW MINI, or is the beginning of it, such as MERCEDES."""
    named = _words(theirs)
    return any(
        _is_within(own, named) or own[: len(named)] == named
        for own in map(_words, (MAKES.label(make), *ALSO_CALLED.get(make, ())))
    )


def _is_within(own: list[str], named: list[str]) -> bool:
    size = len(own)
    return any(named[start : start + size] == own for start in range(len(named) - size + 1))


def _colour_of(theirs: str) -> str | None:
    """Return our code of DVLA's colour, None for what is no colour of our list, such as NOT STATED."""
    named = _words(theirs)
    return next((code.value for code in COLOURS if _words(code.label) == named), None)


def _words(text: str) -> list[str]:
    """Return the words of a name in small letters, without accents and hyphens.

    >>> _words("CITROËN"), _words("Mercedes-Benz")
    (['citroen'], ['mercedes', 'benz'])
    """
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return re.findall(r"[a-z0-9]+", plain.casefold())
