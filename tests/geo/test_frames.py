"""Rows to GeoDataFrames."""

import shapely

from webapp.geo.frames import points_frame, ward_frame
from webapp.geo.wards import WardShape

WARDS = [
    WardShape("E05000001", "East", shapely.box(0.1, 51.0, 0.2, 51.1)),
    WardShape("E05000002", "West", shapely.box(0.0, 51.0, 0.1, 51.1)),
]


def test_a_ward_without_a_count_has_no_data_and_zero_is_zero() -> None:
    frame = ward_frame(WARDS, {"E05000001": 0})
    assert frame["count"].isna().tolist() == [False, True]
    assert frame["count"].iloc[0] == 0
    assert frame.crs == "EPSG:4326"


def test_a_count_of_an_unknown_ward_makes_no_row() -> None:
    assert ward_frame(WARDS, {"E05999999": 3})["code"].tolist() == ["E05000001", "E05000002"]


def test_points_are_made_of_latitude_and_longitude_and_keep_their_columns() -> None:
    frame = points_frame([{"reference": "FT-2026-00001", "latitude": 51.27, "longitude": 0.19}])
    assert (frame.geometry.iloc[0].y, frame.geometry.iloc[0].x) == (51.27, 0.19)
    assert frame["reference"].tolist() == ["FT-2026-00001"]


def test_a_record_without_a_place_is_put_nowhere() -> None:
    frame = points_frame(
        [{"latitude": None, "longitude": None}, {"latitude": 51.27, "longitude": 0.19}, {"latitude": 51.0}]
    )
    assert frame.geometry.isna().tolist() == [True, False, True]


def test_no_rows_make_an_empty_frame() -> None:
    frame = points_frame([])
    assert frame.empty
    assert frame.crs == "EPSG:4326"
