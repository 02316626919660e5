"""The real boundaries of 2013 (ONS), which are not part of the project and may be absent."""

from pathlib import Path

import numpy as np
import pytest

from webapp.geo.boundaries import Boundaries, read_boundaries, schematic_wards
from webapp.geo.postcodes import find_postcode
from webapp.geo.wards import WardIndex

REAL_FILE = Path(__file__).resolve().parents[3] / "shared/data/wards/ons-2013-E07000111.geojson"

pytestmark = pytest.mark.skipif(
    not REAL_FILE.is_file(), reason="The ONS boundaries of 2013 are not beside this project."
)


@pytest.fixture(scope="module")
def real() -> Boundaries:
    return read_boundaries(REAL_FILE)


@pytest.fixture(scope="module")
def index(real: Boundaries) -> WardIndex:
    return WardIndex(real.wards, version="2013")


def test_the_district_has_26_wards(real: Boundaries) -> None:
    assert len(real.wards) == 26
    assert (real.vintage, real.code_column, real.name_column) == (2013, "WD13CD", "WD13NM")
    assert real.left_out == ()
    assert real.lines()[0] == "26 wards read from ons-2013-E07000111.geojson."


@pytest.mark.parametrize(
    ("postcode", "code"),
    [
        ("TN13 1GP", "E05005029"),
        ("BR8 7AE", "E05005031"),
        ("TN8 6AA", "E05005013"),
        ("DA4 0AA", "E05005015"),
        ("TN11 8RS", "E05005022"),
    ],
)
def test_a_postcode_falls_in_its_ward(index: WardIndex, postcode: str, code: str) -> None:
    place = find_postcode(postcode)
    assert place is not None
    assert index.ward_of(place.latitude, place.longitude) == code


def test_the_ward_has_its_full_name(real: Boundaries) -> None:
    names = {ward.code: ward.name for ward in real.wards}
    assert names["E05005029"] == "Sevenoaks Town and St John's"


def test_the_shipped_wards_have_the_same_codes_and_names(real: Boundaries) -> None:
    shipped = schematic_wards()
    assert [(ward.code, ward.name) for ward in shipped.wards] == [
        (ward.code, ward.name) for ward in real.wards
    ]


def test_many_points_at_once_fall_into_the_wards_that_each_falls_into_alone(index: WardIndex) -> None:
    random = np.random.default_rng(2013)
    latitudes = random.uniform(51.13, 51.42, 5_000)
    longitudes = random.uniform(0.03, 0.345, 5_000)
    alone = [index.ward_of(*point) for point in zip(latitudes.tolist(), longitudes.tolist(), strict=True)]
    assert index.wards_of(latitudes, longitudes).tolist() == alone
    assert len(set(alone)) == 27
