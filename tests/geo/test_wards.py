"""Which ward a point lies in."""

import os
import subprocess
import sys

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from webapp.geo.boundaries import schematic_wards
from webapp.geo.wards import WardIndex, WardShape, shape_from_bytes, shape_to_bytes

WEST = WardShape("E05000002", "West", shapely.box(0.0, 51.0, 0.1, 51.1))
EAST = WardShape("E05000001", "East", shapely.box(0.1, 51.0, 0.2, 51.1))
ISLES = WardShape(
    "E05000003",
    "Isles",
    shapely.MultiPolygon([shapely.box(0.3, 51.0, 0.4, 51.1), shapely.box(0.5, 51.0, 0.6, 51.1)]),
)
RING = WardShape(
    "E05000004", "Ring", shapely.box(0.0, 52.0, 0.3, 52.3).difference(shapely.box(0.1, 52.1, 0.2, 52.2))
)
INDEX = WardIndex([WEST, EAST, ISLES, RING], version="squares")
SCHEMATIC = WardIndex(schematic_wards().wards, version="schematic")

coordinates = st.lists(
    st.tuples(
        st.one_of(st.floats(51.1, 51.45), st.floats(allow_nan=True, allow_infinity=True)),
        st.one_of(st.floats(0.0, 0.4), st.floats(allow_nan=True, allow_infinity=True)),
    ),
    max_size=60,
)


def test_a_point_inside_a_ward_gets_its_code() -> None:
    assert INDEX.ward_of(51.05, 0.05) == "E05000002"
    assert INDEX.ward_of(51.05, 0.15) == "E05000001"


def test_latitude_comes_first() -> None:
    assert INDEX.ward_of(0.05, 51.05) is None


def test_a_point_in_no_ward_keeps_none() -> None:
    assert INDEX.ward_of(50.0, 0.05) is None
    assert INDEX.wards_of([50.0], [0.05]).tolist() == [None]


@pytest.mark.parametrize("latitude", [51.0, 51.05, 51.1])
def test_a_point_on_a_shared_boundary_is_in_the_first_ward_by_code_however_they_are_ordered(
    latitude: float,
) -> None:
    other_way_round = WardIndex([EAST, WEST], version="other")
    assert INDEX.ward_of(latitude, 0.1) == other_way_round.ward_of(latitude, 0.1) == "E05000001"
    assert INDEX.wards_of([latitude], [0.1]).tolist() == ["E05000001"]


def test_a_point_on_the_outer_edge_is_inside() -> None:
    assert INDEX.ward_of(51.0, 0.0) == "E05000002"


def test_every_part_of_a_ward_counts_and_its_holes_do_not() -> None:
    assert INDEX.wards_of([51.05, 51.05, 51.05], [0.35, 0.45, 0.55]).tolist() == [
        "E05000003",
        None,
        "E05000003",
    ]
    assert INDEX.ward_of(52.15, 0.15) is None


def test_no_number_is_no_ward() -> None:
    nan = float("nan")
    assert INDEX.ward_of(nan, 0.05) is None
    assert INDEX.ward_of(51.05, nan) is None
    assert INDEX.wards_of([nan, 51.05, np.inf], [0.05, nan, 0.05]).tolist() == [None, None, None]


def test_an_index_without_wards_knows_none() -> None:
    empty = WardIndex([], version="empty")
    assert empty.ward_of(51.05, 0.05) is None
    assert empty.wards_of([51.05], [0.05]).tolist() == [None]
    assert INDEX.wards_of([], []).tolist() == []


@given(coordinates)
def test_many_points_at_once_get_what_each_gets_alone(points: list[tuple[float, float]]) -> None:
    at_once = SCHEMATIC.wards_of([point[0] for point in points], [point[1] for point in points])
    assert at_once.tolist() == [SCHEMATIC.ward_of(*point) for point in points]


def test_corners_of_real_wards_agree_too() -> None:
    corners = shapely.get_coordinates([ward.geometry for ward in SCHEMATIC.wards])
    at_once = SCHEMATIC.wards_of(corners[:, 1], corners[:, 0])
    assert None not in at_once.tolist()
    assert at_once.tolist() == [SCHEMATIC.ward_of(float(y), float(x)) for x, y in corners]


def test_a_shape_survives_the_database() -> None:
    for ward in (WEST, ISLES, RING):
        data = shape_to_bytes(ward.geometry)
        assert isinstance(data, bytes)
        assert shape_from_bytes(data).equals_exact(ward.geometry, 0.0)


def test_the_index_knows_its_version() -> None:
    assert INDEX.version == "squares"
    assert [ward.code for ward in INDEX.wards] == ["E05000001", "E05000002", "E05000003", "E05000004"]


# In a process of its own: where threads spoil each other’s memory, that process dies and not the tests. It does so by
# chance, in about one run of three where nothing keeps the threads apart.
ASKED_AT_ONCE = """
import sys
from random import Random
from threading import Thread
from webapp.geo.boundaries import schematic_wards
from webapp.geo.wards import WardIndex, WardShape, shape_from_bytes, shape_to_bytes

kept = [(ward.code, ward.name, shape_to_bytes(ward.geometry)) for ward in schematic_wards().wards]
inside = [ward.geometry.representative_point() for ward in schematic_wards().wards]
newest = []

def ask(number):
    chance = Random(number)
    for turn in range(2500):
        if turn % 4 == number:
            shapes = [WardShape(code, name, shape_from_bytes(shape)) for code, name, shape in kept]
            newest[:] = [WardIndex(shapes, version=str(turn))]
        for point in chance.sample(inside, 8):
            newest[0].ward_of(point.y, point.x)

newest.append(WardIndex(schematic_wards().wards, version="first"))
sys.setswitchinterval(0.00002)
threads = [Thread(target=ask, args=(number,)) for number in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("all answered")
"""


def test_threads_that_ask_a_new_index_at_once_do_not_disturb_each_other() -> None:
    # What has been let go of is filled with rubbish, so that whoever still reads it notices.
    surroundings = {**os.environ, "MALLOC_PERTURB_": "165"}
    command = [sys.executable, "-c", ASKED_AT_ONCE]
    asked = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    assert (asked.returncode, asked.stdout.strip()) == (0, "all answered"), asked.stderr
