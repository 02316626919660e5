"""Cleanliness grades, elements and land uses of the NI195 method, with its 2007/08 benchmarks (field-facts 1.6)."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.rules.codes import Code, CodeList


@dataclass(frozen=True, slots=True)
class Grade(Code):
    """A grade on the seven-point scale; `below` is how much of a site with it counts as below standard."""

    below: float = 0


@dataclass(frozen=True, slots=True)
class LandUse(Code):
    """A land use with the national share of sites below standard in 2007/08, in per cent by element."""

    benchmarks: tuple[int, int, int, int] = (0, 0, 0, 0)


GRADES = CodeList(
    Grade("A", "A"),
    Grade("B_PLUS", "B+"),
    Grade("B", "B"),
    Grade("B_MINUS", "B−", below=0.5),
    Grade("C", "C", below=1),
    Grade("C_MINUS", "C−", below=1),
    Grade("D", "D", below=1),
)
# What an observation may answer where nobody could grade what they saw; it is kept as no grade at all.
NOT_GRADED = "not_graded"
ANSWERS = CodeList(*GRADES, Code(NOT_GRADED, "Not graded"))

ELEMENTS = CodeList(
    Code("litter", "Litter"),
    Code("detritus", "Detritus"),
    Code("graffiti", "Graffiti"),
    Code("fly_posting", "Fly-posting"),
)

# Only these four are described by the method; those between are judged by their neighbours.
WORDING: Mapping[str, Mapping[str, str]] = {
    "litter": {
        "A": "No litter at all",
        "B": "Almost clear: a few small pieces",
        "C": "Litter in most places, some small heaps",
        "D": "Litter everywhere, large heaps",
    },
    "detritus": {
        "A": "None",
        "B": "Almost clear: a light scatter",
        "C": "In most places, some small build-ups",
        "D": "Covered, with large build-ups",
    },
    "graffiti": {
        "A": "None at all",
        "B": "A little: most people walk past it",
        "C": "Plain to see, also from one end",
        "D": "Over a large part: seen from anywhere",
    },
    "fly_posting": {
        "A": "None at all",
        "B": "A little: most people walk past it",
        "C": "Plain to see",
        "D": "Over a large part: nobody can miss it",
    },
}

LAND_USES = CodeList(
    LandUse("main_retail", "Main retail and commercial", benchmarks=(9, 3, 3, 3)),
    LandUse("other_retail", "Other retail and commercial", benchmarks=(14, 12, 7, 1)),
    LandUse(
        "housing_high",
        "High obstruction housing",
        "Half of the homes or fewer have parking off the street.",
        benchmarks=(9, 24, 1, 0),
    ),
    LandUse("housing_medium", "Medium obstruction housing", benchmarks=(5, 19, 2, 1)),
    LandUse("housing_low", "Low obstruction housing", benchmarks=(3, 20, 1, 0)),
    LandUse("industry", "Industry and warehousing", benchmarks=(18, 28, 2, 0)),
    LandUse("main_roads", "Main roads", benchmarks=(10, 21, 1, 0)),
    LandUse("rural_roads", "Rural roads", benchmarks=(12, 32, 1, 0)),
    LandUse("other_highways", "Other highways", benchmarks=(20, 35, 16, 0)),
    LandUse("recreation", "Recreation areas", benchmarks=(8, 16, 5, 0)),
)
ALL_LAND_USES = LandUse("all", "All land uses", benchmarks=(11, 21, 4, 1))
