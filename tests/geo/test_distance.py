"""Distances and the boxes that queries use."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.geo.distance import box_around, distance_words, metres_between

latitudes, longitudes = st.floats(49, 61), st.floats(-8, 2)


def test_a_known_distance_is_right_to_half_a_per_cent() -> None:
    # Two trig points on the same meridian: a minute of latitude is a nautical mile, 1,852 m.
    assert metres_between(51.0, 0.19, 51.0 + 1 / 60, 0.19) == pytest.approx(1852, rel=0.005)


def test_a_point_is_no_distance_from_itself() -> None:
    assert metres_between(51.27, 0.19, 51.27, 0.19) == 0


@given(latitudes, longitudes, latitudes, longitudes)
def test_there_is_as_far_as_back(south: float, west: float, north: float, east: float) -> None:
    there, back = metres_between(south, west, north, east), metres_between(north, east, south, west)
    assert there == pytest.approx(back)


@given(latitudes, longitudes, st.floats(1, 20_000), st.floats(0, 2 * math.pi))
def test_every_point_within_the_distance_lies_in_the_box(
    latitude: float, longitude: float, metres: float, bearing: float
) -> None:
    north = latitude + math.degrees(metres * math.cos(bearing) / 6_371_009) * 0.98
    east = (
        longitude
        + math.degrees(metres * math.sin(bearing) / 6_371_009 / math.cos(math.radians(latitude))) * 0.98
    )
    box = box_around(latitude, longitude, metres)
    if metres_between(latitude, longitude, north, east) <= metres:
        assert box.south <= north <= box.north
        assert box.west <= east <= box.east


def test_the_box_is_no_larger_than_it_must_be() -> None:
    box = box_around(51.27, 0.19, 100)
    assert metres_between(box.south, 0.19, box.north, 0.19) == pytest.approx(200, rel=1e-6)
    assert metres_between(51.27, box.west, 51.27, box.east) == pytest.approx(200, rel=1e-4)


def test_a_box_at_the_pole_goes_all_round() -> None:
    box = box_around(89.9999, 0.0, 1_000)
    assert (box.west, box.east, box.north) == (-180.0, 180.0, 90.0)


@pytest.mark.parametrize(
    ("metres", "said"),
    [
        (0, "within 100 m"),
        (24.9, "within 100 m"),
        (25, "about 50 m away"),
        (74.9, "about 50 m away"),
        (75, "about 100 m away"),
        (171, "about 150 m away"),
    ],
)
def test_a_distance_is_told_to_fifty_metres_and_never_as_nothing(metres: float, said: str) -> None:
    assert distance_words(metres) == said
