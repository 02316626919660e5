"""Reading boundaries from the files that people have."""

import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from webapp.geo.boundaries import (
    SCHEMATIC_ATTRIBUTION,
    Boundaries,
    BoundaryError,
    LeftOut,
    read_boundaries,
    schematic_wards,
)
from webapp.geo.wards import WardIndex

SQUARE = shapely.box(0.10, 51.20, 0.12, 51.22)
NEXT = shapely.box(0.12, 51.20, 0.14, 51.22)
BOW_TIE = shapely.Polygon([(0.1, 51.2), (0.12, 51.22), (0.12, 51.2), (0.1, 51.22)])


def rows(geometries: list[Any], crs: str = "EPSG:4326", **columns: list[Any]) -> geopandas.GeoDataFrame:
    """Rows with the ONS columns of 2024, unless others are given."""
    number = len(geometries)
    named = columns or {
        "WD24CD": [f"E0500000{one}" for one in range(number)],
        "WD24NM": [f"Ward {one}" for one in range(number)],
    }
    return geopandas.GeoDataFrame(named, geometry=geometries, crs=crs)


def geojson(path: Path, frame: geopandas.GeoDataFrame) -> Path:
    frame.to_file(path, driver="GeoJSON")
    return path


def undeclared_shapefile(path: Path, frame: geopandas.GeoDataFrame) -> None:
    """Write a shapefile that does not say which coordinates it uses."""
    frame.to_file(path)
    path.with_suffix(".prj").unlink()


def zipped(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"boundaries/{file.name}")
    return path


def same_ground(one: Boundaries, other: Boundaries, metres: float) -> bool:
    """Whether two sets draw the same wards to within some metres (a degree here is over 60 km)."""
    tolerance = metres / 60_000
    return all(
        mine.code == theirs.code and mine.geometry.hausdorff_distance(theirs.geometry) < tolerance
        for mine, theirs in zip(one.wards, other.wards, strict=True)
    )


def test_the_shipped_wards_say_that_they_are_schematic() -> None:
    shipped = schematic_wards()
    assert len(shipped.wards) == 26
    assert shipped.vintage == 2013
    assert shipped.is_schematic
    assert "schematic, import official boundaries" in shipped.lines()[0]
    assert shipped.attribution == SCHEMATIC_ATTRIBUTION
    assert shipped.attribution == (
        "contains OS data © Crown copyright and database right 2025; contains ONS data © Crown copyright and "
        "database right 2016; Open Government Licence v3.0"
    )


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:27700", "EPSG:3857", "EPSG:25831"])
@pytest.mark.parametrize("kind", ["geojson", "gpkg", "shp.zip", "shp"])
def test_every_format_in_every_projection_gives_the_same_wards(tmp_path: Path, kind: str, crs: str) -> None:
    shipped = schematic_wards()
    frame = rows(
        [ward.geometry for ward in shipped.wards],
        WD13CD=[ward.code for ward in shipped.wards],
        WD13CDO=["29UK"] * 26,
        WD13NM=[ward.name for ward in shipped.wards],
        WD13NMW=[None] * 26,
    ).to_crs(crs)
    if kind.startswith("shp"):
        folder = tmp_path / "shapes"
        folder.mkdir()
        frame.to_file(folder / "wards.shp")
        path = zipped(tmp_path / "wards.zip", folder) if kind == "shp.zip" else folder / "wards.shp"
    else:
        path = tmp_path / f"wards.{kind}"
        frame.to_file(path)
    read = read_boundaries(path)
    assert [ward.name for ward in read.wards] == [ward.name for ward in shipped.wards]
    assert (read.vintage, read.crs) == (2013, crs)
    # geopandas goes to the National Grid without its grid files, up to 3.4 m from the survey's own way.
    assert same_ground(read, shipped, metres=6 if crs == "EPSG:27700" else 0.2)


def test_columns_may_be_written_small_and_the_newest_year_wins(tmp_path: Path) -> None:
    frame = rows(
        [SQUARE], wd13cd=["E05000001"], wd13nm=["Old"], wd99cd=["X1"], wd24cd=["E05000002"], wd24nm=["New"]
    )
    read = read_boundaries(geojson(tmp_path / "wards.geojson", frame))
    assert [(ward.code, ward.name) for ward in read.wards] == [("E05000002", "New")]
    assert (read.vintage, read.code_column, read.name_column) == (2024, "wd24cd", "wd24nm")


def test_of_several_layers_the_one_with_ward_columns_is_read(tmp_path: Path) -> None:
    path = tmp_path / "many.gpkg"
    rows([SQUARE], PARNCP24CD=["E04000001"], PARNCP24NM=["Parish"]).to_file(
        path, layer="parishes", driver="GPKG"
    )
    rows([SQUARE, NEXT]).to_file(path, layer="wards", driver="GPKG")
    read = read_boundaries(path)
    assert len(read.wards) == 2
    assert read.source == "many.gpkg, layer wards"


def test_only_the_wards_of_the_district_asked_for_are_read(tmp_path: Path) -> None:
    frame = rows(
        [SQUARE, NEXT], WD24CD=["E05000001", "E05000002"], WD24NM=["Ours", "Theirs"],
        LAD24CD=["E07000111", "E07000112"],
    )  # fmt: skip
    path = geojson(tmp_path / "kent.geojson", frame)
    assert [ward.name for ward in read_boundaries(path, lad="e07000111").wards] == ["Ours"]
    assert "They are the wards of 2 districts; give the code of one" in " ".join(
        read_boundaries(path).lines()
    )
    with pytest.raises(
        BoundaryError, match=r"no wards of the district E07000113\. It holds those of E07000111, E07000112\."
    ):
        read_boundaries(path, lad="E07000113")


def test_without_a_district_column_all_wards_are_read_and_that_is_said(tmp_path: Path) -> None:
    read = read_boundaries(geojson(tmp_path / "wards.geojson", rows([SQUARE])), lad="E07000111")
    assert "The file does not say which wards are of E07000111, so all of them were read." in read.lines()


@pytest.mark.parametrize("lad", ["Sevenoaks", "E0700011", "E07000111' OR 1=1 --", "E05000001"])
def test_what_is_no_district_code_is_refused(lad: str) -> None:
    with pytest.raises(BoundaryError, match="is not the code of a local authority district"):
        read_boundaries(Path("never-opened.geojson"), lad=lad)


def test_a_shape_that_crosses_itself_is_repaired_and_that_is_said(tmp_path: Path) -> None:
    read = read_boundaries(geojson(tmp_path / "wards.geojson", rows([BOW_TIE, NEXT])))
    assert all(ward.geometry.is_valid and not ward.geometry.is_empty for ward in read.wards)
    assert "1 shape crossed or touched itself and was repaired." in read.lines()
    assert WardIndex(read.wards, "repaired").ward_of(51.21, 0.103) == "E05000000"


def test_rows_without_a_shape_or_a_code_are_left_out_and_counted(tmp_path: Path) -> None:
    frame = rows(
        [SQUARE, None, None, NEXT, shapely.Point(0.1, 51.2)],
        WD24CD=["E05000001", "E05000002", "E05000003", None, "E05000005"],
        WD24NM=["One", "Two", "Three", "Four", "Five"],
    )
    read = read_boundaries(geojson(tmp_path / "wards.geojson", frame))
    assert [ward.name for ward in read.wards] == ["One"]
    assert read.left_out == (
        LeftOut(1, "the code is missing"),
        LeftOut(2, "they have no shape"),
        LeftOut(1, "they are points or lines, not areas"),
    )
    assert "2 rows left out: they have no shape." in read.lines()


def test_a_ward_in_several_rows_is_joined_and_that_is_said(tmp_path: Path) -> None:
    frame = rows([SQUARE, NEXT], WD24CD=["E05000001"] * 2, WD24NM=["One", "One"])
    read = read_boundaries(geojson(tmp_path / "wards.geojson", frame))
    assert len(read.wards) == 1
    assert read.wards[0].geometry.area == pytest.approx(SQUARE.area + NEXT.area)
    assert "1 ward came in several rows, which were joined." in read.lines()


def test_one_code_with_two_names_is_refused(tmp_path: Path) -> None:
    frame = rows([SQUARE, NEXT], WD24CD=["E05000001"] * 2, WD24NM=["One", "Two"])
    with pytest.raises(
        BoundaryError, match=r"gives the ward code E05000001 to One and to Two\. Correct the code"
    ):
        read_boundaries(geojson(tmp_path / "wards.geojson", frame))


def test_a_ward_without_a_name_is_called_by_its_code(tmp_path: Path) -> None:
    frame = rows([SQUARE], WD24CD=["E05000001"], WD24NM=[None])
    assert read_boundaries(geojson(tmp_path / "wards.geojson", frame)).wards[0].name == "E05000001"


def test_a_code_that_could_break_a_page_is_refused(tmp_path: Path) -> None:
    frame = rows([SQUARE], WD24CD=["../../<script>"], WD24NM=["One"])
    with pytest.raises(BoundaryError, match="where a ward code belongs"):
        read_boundaries(geojson(tmp_path / "wards.geojson", frame))


def test_heights_are_dropped(tmp_path: Path) -> None:
    read = read_boundaries(geojson(tmp_path / "wards.geojson", rows([shapely.force_3d(SQUARE, 12.0)])))
    assert not read.wards[0].geometry.has_z


def test_national_grid_coordinates_that_nothing_declares_are_recognised(tmp_path: Path) -> None:
    in_metres = rows([SQUARE]).to_crs("EPSG:27700")
    (tmp_path / "shapes").mkdir()
    undeclared_shapefile(tmp_path / "shapes/wards.shp", in_metres)
    features = json.loads(in_metres.to_json())
    features.pop("crs", None)
    as_json = tmp_path / "wards.geojson"
    as_json.write_text(json.dumps(features), encoding="utf-8")
    for path in (tmp_path / "shapes/wards.shp", as_json):
        read = read_boundaries(path)
        assert read.crs == "EPSG:27700 (the file does not say so, its numbers do)"
        assert read.wards[0].geometry.hausdorff_distance(SQUARE) < 6 / 60_000


def test_degrees_that_nothing_declares_are_recognised(tmp_path: Path) -> None:
    undeclared_shapefile(tmp_path / "wards.shp", rows([SQUARE]))
    assert (
        read_boundaries(tmp_path / "wards.shp").crs == "EPSG:4326 (the file does not say so, its numbers do)"
    )


def test_undeclared_coordinates_that_could_be_anything_are_refused(tmp_path: Path) -> None:
    far_off = rows([shapely.box(5_000_000, 6_000_000, 5_000_100, 6_000_100)], crs="EPSG:3857")
    undeclared_shapefile(tmp_path / "wards.shp", far_off)
    with pytest.raises(BoundaryError, match=r"does not say which coordinates it uses\. Export it again"):
        read_boundaries(tmp_path / "wards.shp")


def test_latitude_and_longitude_the_wrong_way_round_are_refused(tmp_path: Path) -> None:
    swapped = shapely.transform(SQUARE, lambda points: np.fliplr(points))
    with pytest.raises(BoundaryError, match="outside the United Kingdom"):
        read_boundaries(geojson(tmp_path / "wards.geojson", rows([swapped])))


def test_northern_ireland_is_read_from_national_grid_coordinates_too(tmp_path: Path) -> None:
    belfast = shapely.box(-5.95, 54.58, -5.93, 54.60)
    frame = rows([belfast], WD24CD=["N08000301"], WD24NM=["Aldergrove"]).to_crs("EPSG:27700")
    frame.to_file(tmp_path / "wards.gpkg", driver="GPKG")
    read = read_boundaries(tmp_path / "wards.gpkg")
    assert read.wards[0].geometry.hausdorff_distance(belfast) < 10 / 60_000


def test_letters_beyond_ascii_survive(tmp_path: Path) -> None:
    frame = rows([SQUARE], WD24CD=["W05000001"], WD24NM=["Llanfair-yng-Nghornwŷ"])
    frame.to_file(tmp_path / "wards.gpkg", driver="GPKG")
    assert read_boundaries(tmp_path / "wards.gpkg").wards[0].name == "Llanfair-yng-Nghornwŷ"
