"""Where a place is, whichever way it was given, and what to say back about it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from webapp.forms.fields import NO_PLACE
from webapp.geo import grid, postcodes
from webapp.geo.places import Place
from webapp.rules.errors import Refused
from webapp.services import wards

GIVEN_AS_POINT = frozenset({"gps", "map", "photo", "typed"})


@dataclass(frozen=True, slots=True)
class Located:
    """A place as a record keeps it: a point with its source, or words alone."""

    source: str
    latitude: float | None
    longitude: float | None
    accuracy_m: float | None
    words: str
    ward_code: str | None

    def columns(self) -> dict[str, Any]:
        """Return the columns that whatever has a place keeps it in."""
        return {
            "latitude": self.latitude,
            "longitude": self.longitude,
            "accuracy_m": self.accuracy_m,
            "location_source": self.source,
            "place_text": self.words,
            "ward_code": self.ward_code,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What is told about a point: its grid reference, its ward, and a sentence."""

    latitude: float
    longitude: float
    accuracy_m: float | None
    grid_reference: str | None
    ward_code: str | None
    ward: str | None

    @property
    def message(self) -> str:
        """A sentence where there is something to say beside ward and grid reference; empty otherwise."""
        return (
            ""
            if self.ward
            else "This is outside our district, or in none of its wards. We look at it all the same."
        )


def locate(
    given: Mapping[str, Any],
    in_photo: tuple[float, float] | None = None,
    ward_set: wards.WardSet | None = None,
) -> Located:
    """Return where something is. Raises Refused when a code cannot be understood, or nothing was given that is needed.

    What was typed wins over what a device guessed only where the device gave nothing; `in_photo` is the position in
    a photo that the person asked to use. A place outside every ward keeps none and is accepted. The ward is that of
    `ward_set`, where none is given of the set in use.
    """
    source, place = _point(given, in_photo)
    if place is None:
        if not given["words"] and given.get("is_needed", True):
            raise Refused({"place_text": NO_PLACE})
        return Located("none", None, None, None, given["words"], None)
    ward = (ward_set or wards.in_use()).index.ward_of(place.latitude, place.longitude)
    return Located(source, place.latitude, place.longitude, place.accuracy_m, given["words"], ward)


def problems(given: Mapping[str, Any], in_photo: tuple[float, float] | None) -> dict[str, str]:
    """Return the sentences with which `locate` would refuse a place, to be told together with a form's own."""
    try:
        locate(given, in_photo)
    except Refused as refused:
        return refused.errors
    return {}


def _point(given: Mapping[str, Any], in_photo: tuple[float, float] | None) -> tuple[str, Any]:
    is_point = given["latitude"] is not None and given["longitude"] is not None
    if is_point and given["source"] in GIVEN_AS_POINT:
        return given["source"], _Fix(given["latitude"], given["longitude"], given["accuracy_m"])
    by_code = _by_code(given)
    if by_code is not None:
        return by_code
    if is_point:
        return "typed", _Fix(given["latitude"], given["longitude"], None)
    if (given["latitude"] is None) != (given["longitude"] is None):
        missing = "latitude" if given["latitude"] is None else "longitude"
        raise Refused({missing: "Give both latitude and longitude, or leave both empty."})
    return ("photo", _Fix(*in_photo, None)) if in_photo else ("none", None)


def _by_code(given: Mapping[str, Any]) -> tuple[str, Place] | None:
    """Return the place of the first code given, if any. Raises Refused when it names none, with what else does not."""
    errors: dict[str, str] = {}
    for field, source, find in (code for code in CODES if given[code[0]]):
        try:
            place = find(given[field])
        except Refused as refused:
            errors |= refused.errors
            continue
        if not errors:
            return source, place
    if errors:
        raise Refused(errors)
    return None


@dataclass(frozen=True, slots=True)
class _Fix:
    latitude: float
    longitude: float
    accuracy_m: float | None


def from_postcode(text: str) -> Place:
    """Return the place of a postcode. Raises Refused with a sentence when there is none of that name."""
    place = postcodes.find_postcode(text)
    if place is None:
        raise Refused(
            {"postcode": f"We cannot find the postcode “{text}”. Check it, or leave it empty and use words."}
        )
    return place


def from_grid(text: str) -> Place:
    """Return the centre of a grid square. Raises Refused with a sentence when the text names none."""
    place = grid.from_grid(text)
    if place is None:
        sentence = (
            f"“{text}” is not a grid reference. Give two letters and an even number of figures: TQ 529 546."
        )
        raise Refused({"grid_reference": sentence})
    return place


CODES: tuple[tuple[str, str, Callable[[str], Place]], ...] = (
    ("grid_reference", "grid", from_grid),
    ("postcode", "postcode", from_postcode),
)


def describe(latitude: float, longitude: float, accuracy_m: float | None) -> Answer:
    """Return what to say about a point."""
    ward_set = wards.in_use()
    code = ward_set.index.ward_of(latitude, longitude)
    name = ward_set.names.get(code) if code else None
    return Answer(latitude, longitude, accuracy_m, grid.to_grid(latitude, longitude), code, name)


def describe_known(
    latitude: float | None, longitude: float | None, accuracy_m: float | None
) -> Answer | None:
    """Return what to say about a record's point, None when it has none."""
    if latitude is None or longitude is None:
        return None
    return describe(latitude, longitude, accuracy_m)


def points_of(several: Iterable[Any]) -> dict[UUID, Answer | None]:
    """Return what to say about the point of each, by its id."""
    return {one.id: describe_known(one.latitude, one.longitude, one.accuracy_m) for one in several}
