"""What an import of ward boundaries yields, what it says about itself, and the error when it cannot."""

import re
from dataclasses import dataclass

from webapp.geo.wards import WardShape

SCHEMATIC_NOTE = "schematic, import official boundaries"

SCHEMATIC_ATTRIBUTION = (
    "contains OS data © Crown copyright and database right 2025; "
    "contains ONS data © Crown copyright and database right 2016; Open Government Licence v3.0"
)
"""Required with the shipped wards, word for word."""

LAD_CODE = re.compile(r"(E0[6-9]|W06|S12|N09)[0-9]{6}")


class BoundaryError(Exception):
    """Boundaries that cannot be used: one sentence for the person who imports them, saying what to do."""


@dataclass(frozen=True)
class LeftOut:
    """Rows of the source that did not become wards, and why ("has no shape")."""

    count: int
    reason: str


@dataclass(frozen=True)
class Boundaries:
    """The wards of one source, in degrees (WGS84), and what a person should know about how they were read."""

    wards: tuple[WardShape, ...]
    vintage: int | None
    source: str
    crs: str
    code_column: str
    name_column: str
    attribution: str
    is_schematic: bool = False
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """Return sentences that say what was read, for the terminal and for the set's history."""
        said = [
            f"{count_of(len(self.wards), 'ward')} read from {self.source}.",
            f"Codes come from the column {self.code_column}, names from {self.name_column}"
            + (f": the wards of {self.vintage}." if self.vintage else "."),
            f"The coordinates were given as {self.crs}; they are kept as latitude and longitude (WGS84).",
            *self.notes,
            *(f"{count_of(left.count, 'row')} left out: {left.reason}." for left in self.left_out),
        ]
        return tuple(said)


def count_of(number: int, thing: str) -> str:
    """Return a count in words that agree.

    >>> count_of(1, "ward"), count_of(26, "ward")
    ('1 ward', '26 wards')
    """
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def checked_lad(lad: str) -> str:
    """Return a district's code in capitals; BoundaryError when it has not the shape of one."""
    code = lad.strip().upper()
    if LAD_CODE.fullmatch(code) is None:
        raise BoundaryError(
            f"“{lad[:40]}” is not the code of a local authority district. Give its nine characters, "
            "such as E07000111 for Sevenoaks."
        )
    return code


def ons_attribution(year: int | None) -> str:
    """Return the statement that the Office for National Statistics requires with its boundaries."""
    right = f" {year}" if year else ""
    return (
        "Source: Office for National Statistics licensed under the Open Government Licence v.3.0. "
        f"Contains OS data © Crown copyright and database right{right}"
    )
