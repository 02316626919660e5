"""Finding the columns of codes and names as the ONS calls them: WD24CD, WD24NM, LAD24CD."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

COLUMN = re.compile(r"(WD|LAD)([0-9]{2})(CD|NM)", re.IGNORECASE)

FIRST_TWO_DIGIT_YEAR = 60
"""WD99CD is of 1999, WD24CD of 2024: wards have had such codes since the 1960s at the earliest."""


@dataclass(frozen=True)
class WardColumns:
    """The columns of one layer that matter, spelled as the file spells them."""

    code: str
    name: str
    lad: str | None
    vintage: int


def find_columns(names: Iterable[str]) -> WardColumns | None:
    """Return the newest pair of ward code and ward name, with the district's code if there is one.

    Columns that merely look alike (`WD13CDO`, the old code; `WD13NMW`, the Welsh name) are not taken.
    """
    found: dict[tuple[str, int, str], str] = {}
    for name in names:
        match = COLUMN.fullmatch(name.strip())
        if match:
            found[match[1].upper(), _year(int(match[2])), match[3].upper()] = name
    coded = {year for kind, year, part in found if kind == "WD" and part == "CD"}
    years = [year for year in coded if ("WD", year, "NM") in found]
    if not years:
        return None
    newest = max(years)
    lad_years = sorted(year for kind, year, part in found if kind == "LAD" and part == "CD")
    lad_year = newest if newest in lad_years else lad_years[-1] if lad_years else None
    return WardColumns(
        code=found["WD", newest, "CD"],
        name=found["WD", newest, "NM"],
        lad=found["LAD", lad_year, "CD"] if lad_year else None,
        vintage=newest,
    )


def _year(two_digits: int) -> int:
    return (1900 if two_digits >= FIRST_TWO_DIGIT_YEAR else 2000) + two_digits
