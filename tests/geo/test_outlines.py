"""Wards in few bytes."""

import json
import re

import pytest
import shapely

from webapp.geo.boundaries import schematic_wards
from webapp.geo.outlines import outline_path, wards_geojson
from webapp.geo.wards import WardShape


def test_the_outline_is_one_path_of_a_few_kilobytes_within_its_square() -> None:
    path = outline_path(schematic_wards().wards, 200)
    assert re.fullmatch(r"(M[-0-9. L]+Z)+", path)
    assert len(path) < 4_000
    numbers = [float(number) for number in re.findall(r"[0-9.]+", path)]
    assert min(numbers) >= 0
    assert max(numbers) <= 200


def test_the_outline_is_as_tall_as_its_square_and_north_is_up() -> None:
    tall = [WardShape("E05000001", "Tall", shapely.Polygon([(0.0, 51.0), (0.1, 51.0), (0.05, 51.2)]))]
    points = [tuple(map(float, point.split())) for point in outline_path(tall, 100)[1:-1].split("L")]
    top, bottom = min(points, key=lambda point: point[1]), max(points, key=lambda point: point[1])
    assert (top[1], bottom[1]) == (0, 100)
    assert top[0] == pytest.approx(50, abs=1)
    assert sum(point[1] == 100 for point in points) == 2


def test_slits_between_neighbours_do_not_show() -> None:
    apart = [
        WardShape("E05000001", "West", shapely.box(0.0, 51.0, 0.1, 51.1)),
        WardShape("E05000002", "East", shapely.box(0.1003, 51.0, 0.2, 51.1)),
    ]
    assert outline_path(apart, 100).count("M") == 1


def test_no_wards_have_no_outline() -> None:
    assert outline_path([], 100) == ""


def test_the_geojson_is_compact_and_keeps_code_name_and_place() -> None:
    wards = schematic_wards().wards
    text = wards_geojson(wards)
    assert len(text) < 40_000
    features = json.loads(text)["features"]
    assert [feature["properties"]["code"] for feature in features] == [ward.code for ward in wards]
    for feature, ward in zip(features, wards, strict=True):
        shape = shapely.geometry.shape(feature["geometry"])
        assert shape.symmetric_difference(ward.geometry.buffer(0)).area < 1e-6


def test_fewer_decimals_make_a_smaller_file() -> None:
    wards = schematic_wards().wards
    assert len(wards_geojson(wards, decimals=3)) < 0.8 * len(wards_geojson(wards, decimals=5))


def test_letters_beyond_ascii_are_kept() -> None:
    ward = WardShape("W05000001", "Llanfair-yng-Nghornwŷ", shapely.box(-4.5, 53.3, -4.4, 53.4))
    assert "Nghornwŷ" in wards_geojson([ward])
