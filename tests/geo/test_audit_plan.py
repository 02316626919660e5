"""An audit's map on paper: true to scale, with its ward beside it, and nothing at all where nothing has a place."""

import re

import shapely

from webapp.geo import audit_plan
from webapp.geo.wards import WardShape

WARD = WardShape("E05000001", "Here & there", shapely.box(0.10, 51.35, 0.20, 51.45))
SEEN = [(1, 51.400, 0.150, False), (2, 51.402, 0.155, True)]
MIDDLE_OF_A_NUMBER = re.compile(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>(?:1|2!)<')


def drawn(*seen: tuple[int, float, float, bool], ward: WardShape | None = WARD) -> str:
    return audit_plan.plan(ward, seen, route=[], track=[])


def test_where_nothing_has_a_place_nothing_is_drawn() -> None:
    assert drawn() == ""


def test_the_line_beside_it_is_as_long_as_it_says() -> None:
    page = drawn(*SEEN)
    (one_x, one_y), (two_x, two_y) = ((float(x), float(y)) for x, y in MIDDLE_OF_A_NUMBER.findall(page))
    found = re.search(r'd="M(\d+) \d+V\d+H([\d.]+)V', page)
    said = re.search(r">(\d+) m<", page)
    assert found is not None and said is not None
    metres_to_a_dot = int(said[1]) / (float(found[2]) - float(found[1]))
    # By the sphere the two are 412 m apart.
    assert abs(((one_x - two_x) ** 2 + (one_y - two_y) ** 2) ** 0.5 * metres_to_a_dot - 412) < 4


def test_the_whole_ward_stands_beside_it_with_a_frame_around_what_is_drawn() -> None:
    assert drawn(*SEEN).count("<path ") == 3
    assert drawn(*SEEN, ward=None).count("<path ") == 1


def test_an_urgent_thing_differs_by_more_than_its_colour() -> None:
    assert ">2!</text>" in drawn(*SEEN) and ">1</text>" in drawn(*SEEN)
