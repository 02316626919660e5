"""Grid references, there and back."""

import string
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.geo.distance import metres_between
from webapp.geo.grid import (
    SNAPPED_WITHIN_M,
    SQUARES_WITH_LAND,
    from_easting_northing,
    from_grid,
    snapped,
    to_grid,
)
from webapp.geo.places import Place

kent_latitudes, kent_longitudes = st.floats(51.0, 51.45), st.floats(-0.05, 1.4)


def test_a_position_is_shown_as_a_grid_reference_of_eight_figures() -> None:
    assert to_grid(51.27028, 0.19171) == "TQ 5298 5462"


@pytest.mark.parametrize(
    ("digits", "reference"),
    [(1, "TQ 5 5"), (2, "TQ 52 54"), (3, "TQ 529 546"), (4, "TQ 5298 5462"), (5, "TQ 52987 54628")],
)
def test_fewer_figures_name_a_larger_square(digits: int, reference: str) -> None:
    assert to_grid(51.27028, 0.19171, digits=digits) == reference


def test_the_transformation_is_the_survey_s_own_to_a_metre() -> None:
    # Two points of the Ordnance Survey's published test of OSTN15: St Mary's, and Caister water tower.
    assert to_grid(49.9222639373, -6.29977752014, digits=5) == "SV 91492 11318"
    assert to_grid(52.65800783, 1.71607397, digits=5) == "TG 51409 13177"


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(48.8566, 2.3522), (53.3498, -6.2603), (0.0, 0.0), (90.0, 0.0), (-91.0, 400.0), (float("nan"), 0.19)],
    ids=["Paris", "Dublin", "null island", "the pole", "nowhere", "no number"],
)
def test_outside_great_britain_there_is_no_reference(latitude: float, longitude: float) -> None:
    assert to_grid(latitude, longitude) is None


@pytest.mark.parametrize(
    "text",
    [
        "TQ 529 546",
        "TQ529546",
        "tq529546",
        "  Tq  529   546 ",
        "ＴＱ　５２９　５４６",
        "TQ\u00a0529\u00a0546",
    ],
)
def test_a_reference_is_understood_however_it_is_typed(text: str) -> None:
    assert from_grid(text) == Place(51.27048, 0.191185, 100.0)


def test_the_size_of_the_square_is_the_accuracy_and_its_centre_the_place() -> None:
    fine = from_grid("TQ52985462")
    assert fine is not None
    assert fine.accuracy_m == 10
    assert to_grid(fine.latitude, fine.longitude, digits=5) == "TQ 52985 54625"
    assert from_grid("TQ55").accuracy_m == 10_000  # type: ignore[union-attr]
    assert from_grid("TQ 52985 54625").accuracy_m == 1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "TQ",
        "TQ 529",
        "TQ 52 5460",
        "TQ 5 29 546",
        "TQ 529546 529546",
        "TQ 52x 546",
        "IQ 529 546",
        "AA 529 546",
        "ZZ 529 546",
        "TN13 1GP",
        "51.27, 0.19",
        "TQ ٥٢٩ ٥٤٦",
        "TQ 529 546; DROP TABLE",
        "\x00",
        "T" * 10_000,
    ],
)
def test_what_is_no_reference_of_great_britain_is_none(text: str) -> None:
    assert from_grid(text) is None


@given(kent_latitudes, kent_longitudes, st.integers(2, 5))
def test_there_and_back_stays_within_the_square(latitude: float, longitude: float, digits: int) -> None:
    reference = to_grid(latitude, longitude, digits)
    assert reference is not None
    back = from_grid(reference)
    assert back is not None
    half_a_diagonal = back.accuracy_m * 0.7072 + 0.2
    assert metres_between(latitude, longitude, back.latitude, back.longitude) <= half_a_diagonal


@given(st.sampled_from(["TQ", "TL", "SU", "SK"]), st.integers(10, 89), st.integers(10, 89))
def test_a_reference_read_and_written_again_is_the_same(square: str, east: int, north: int) -> None:
    reference = f"{square} {east} {north}"
    place = from_grid(reference)
    assert place is not None
    assert to_grid(place.latitude, place.longitude, digits=2) == reference


@given(st.text(max_size=30) | st.text(alphabet=string.ascii_uppercase + string.digits + " ", max_size=16))
def test_no_text_is_too_strange(text: str) -> None:
    place = from_grid(text)
    assert place is None or (49 < place.latitude < 62 and -10 < place.longitude < 3)


def test_there_are_56_squares_with_land() -> None:
    assert len(SQUARES_WITH_LAND) == 56
    assert {"TQ", "NN", "HU", "SV", "SC"} <= SQUARES_WITH_LAND


def test_threads_do_not_disturb_each_other() -> None:
    places = [(51.0 + number / 1000, 0.1 + number / 1000) for number in range(300)]
    alone = [to_grid(*place) for place in places]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda place: to_grid(*place), places * 4)) == alone * 4


within_a_square = st.floats(0.2, 99.8)


@given(st.integers(5000, 5999), st.integers(1000, 1999), within_a_square, within_a_square)
def test_every_point_of_a_square_of_the_grid_is_snapped_to_its_centre(
    column: int, row: int, east: float, north: float
) -> None:
    point = from_easting_northing(column * 100 + east, row * 100 + north, 1)
    assert point is not None
    assert snapped(point.latitude, point.longitude) == from_easting_northing(
        column * 100 + 50, row * 100 + 50, SNAPPED_WITHIN_M
    )


@given(st.floats(-80, 80), st.floats(-179, 179))
def test_a_point_anywhere_is_snapped_to_within_what_is_said_and_then_stays(
    latitude: float, longitude: float
) -> None:
    centre = snapped(latitude, longitude)
    assert metres_between(latitude, longitude, centre.latitude, centre.longitude) <= centre.accuracy_m
    assert snapped(centre.latitude, centre.longitude) == centre
