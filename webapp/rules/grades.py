"""The NI195-style indicator: how much of what was graded is below standard, by element (field-facts 1.6).

An EVA grades the streets that somebody chose to walk. It is no sampled survey, so its figures say how one route changed
and never how clean a district is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from webapp.rules.codes.grades import ALL_LAND_USES, ELEMENTS, GRADES, LAND_USES, Grade, LandUse
from webapp.rules.shares import in_per_cent

# The grade on which the method's standard begins: B or better is acceptable.
CAUTION = "An EVA is no sampled survey. Compare these figures only with the same route on another day."


@dataclass(frozen=True, slots=True)
class Indicator:
    """How much of what was graded for one element is below standard: `below` of `graded`, B− counting half."""

    element: str
    below: Fraction
    graded: int

    @property
    def percent(self) -> Fraction | None:
        """The share below standard, lower is better; None where nothing was graded."""
        return 100 * self.below / self.graded if self.graded else None

    @property
    def words(self) -> str:
        """The share below standard with both its numbers, cut as all shares are.

        >>> indicator("litter", ["A", "B_MINUS", "C"]).words, indicator("litter", []).words
        ('1.5 of 3 (50.0%)', 'not graded')
        """
        if not self.graded:
            return "not graded"
        # B− is half below, so that doubled numbers are whole ones.
        share = in_per_cent(int(2 * self.below), 2 * self.graded)
        return f"{float(self.below):g} of {self.graded} ({share})"


def indicator(element: str, grades: Iterable[str | None]) -> Indicator:
    """Return an element's indicator: 100 × (nC + nC− + nD + nB−/2) / n graded. What was not graded is left out.

    >>> indicator("litter", ["A", "B_MINUS", "C", None]).percent
    Fraction(50, 1)
    >>> indicator("litter", []).percent is None
    True
    """
    given = [cast(Grade, GRADES[grade]) for grade in grades if grade is not None]
    return Indicator(element, sum((Fraction(grade.below) for grade in given), Fraction(0)), len(given))


def benchmark(element: str, land_uses: Sequence[str]) -> tuple[str, int] | None:
    """Return the land use to compare with and its national share of 2007/08 in per cent; None where none is known.

    Of a route with several land uses only the share of all of them together can be told.

    >>> benchmark("detritus", ["housing_low", "housing_low"]), benchmark("litter", ["housing_low", "industry"])
    (('Low obstruction housing', 20), ('All land uses', 11))
    """
    if not land_uses:
        return None
    one = len(set(land_uses)) == 1
    found = cast(LandUse, LAND_USES[land_uses[0]]) if one else ALL_LAND_USES
    return found.label, found.benchmarks[ELEMENTS.values.index(element)]
