"""Files that cannot be used: each is refused in a sentence that says what to do, and none is a traceback."""

import json
import sqlite3
import struct
import zipfile
from pathlib import Path

import geopandas
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webapp.geo import boundary_files
from webapp.geo.boundaries import SCHEMATIC_FILE, BoundaryError, read_boundaries


def refusal(path: Path) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(BoundaryError) as refused:
        read_boundaries(path)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert str(path.parent) not in sentence
    return sentence


def written(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def collection(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def archive(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return path


def test_a_missing_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "wards.geojson") == (
        "There is no file wards.geojson. Check the name and the folder."
    )
    assert "There is no file" in refusal(tmp_path)


def test_an_empty_file(tmp_path: Path) -> None:
    assert "is empty (0 bytes). Fetch it again." in refusal(written(tmp_path / "wards.geojson", b""))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "is a web page, not a map file"),
        (b"WD24CD,WD24NM\nE05000001,One\n", "is not a map file that can be read here"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "is not a map file that can be read here"),
        (b"[1, 2, 3]", "is not a map file that can be read here"),
        (b'{"name": "wards", "wards": [1, 2]}', "Fetch it again"),
        (b'{"type": "FeatureCollection", "features": [{"type": "Feat', "Fetch it again"),
        (b"{", "Fetch it again"),
        (b'{"type": "Topology", "objects": {}, "arcs": []}', "Fetch it again"),
        (b"SQLite format 3\x00" + b"\x00" * 200, "Fetch it again"),
        (b"\x00\x00\x27\x0a" + b"\x00" * 20, "Fetch it again"),
        (b"PK\x03\x04" + b"\x00" * 40, "is a broken zip file"),
    ],
)
def test_a_file_of_another_kind_or_a_broken_one(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in refusal(written(tmp_path / "wards.geojson", content))


def test_json_that_is_not_geojson_but_of_another_map_format(tmp_path: Path) -> None:
    esri = {
        "displayFieldName": "",
        "geometryType": "esriGeometryPolygon",
        "spatialReference": {"wkid": 4326},
        "fields": [{"name": "WD24CD", "type": "esriFieldTypeString"}],
        "features": [],
    }
    assert "is not GeoJSON. Save it as GeoJSON" in refusal(written(tmp_path / "wards.json", json.dumps(esri)))


def test_a_file_without_wards(tmp_path: Path) -> None:
    assert "no columns of ward codes and names" in refusal(written(tmp_path / "wards.geojson", collection()))


def test_columns_without_rows(tmp_path: Path) -> None:
    database = tmp_path / "wards.gpkg"
    geopandas.GeoDataFrame({"WD24CD": [], "WD24NM": []}, geometry=[], crs="EPSG:4326").to_file(
        database, driver="GPKG", geometry_type="Polygon"
    )
    assert "holds no wards (0 rows)" in refusal(database)


def test_rows_that_all_lack_a_shape(tmp_path: Path) -> None:
    feature = {"type": "Feature", "properties": {"WD24CD": "E05000001", "WD24NM": "One"}, "geometry": None}
    sentence = refusal(written(tmp_path / "wards.geojson", collection(feature)))
    assert "1 row left out because they have no shape" in sentence


def test_columns_that_are_no_ward_columns_are_named(tmp_path: Path) -> None:
    feature = {
        "type": "Feature",
        "properties": {"WD24CD": "E05000001", "ward_name": "One", "WD13NM": "One"},
        "geometry": {"type": "Point", "coordinates": [0.1, 51.2]},
    }
    sentence = refusal(written(tmp_path / "wards.geojson", collection(feature)))
    assert "It has WD13NM, WD24CD, ward_name." in sentence


def test_a_database_that_is_no_geopackage(tmp_path: Path) -> None:
    path = tmp_path / "wards.gpkg"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE people (name TEXT)")
    database.close()
    assert "cannot be read" in refusal(path)


def test_a_zip_without_a_map(tmp_path: Path) -> None:
    path = archive(tmp_path / "wards.zip", {"readme.txt": b"hello", "__MACOSX/._wards.shp": b"shadow"})
    assert "holds no shapefile, GeoPackage or GeoJSON" in refusal(path)
    assert "holds no shapefile" in refusal(archive(tmp_path / "empty.zip", {}))


@pytest.mark.parametrize(
    "name", ["../wards.geojson", "a/../../wards.geojson", "/etc/wards.geojson", "..\\w.shp", "C:/w.shp"]
)
def test_a_zip_that_would_write_outside_its_folder(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path / "wards.zip", {name: SCHEMATIC_FILE.read_bytes()})
    assert "it would write outside its own folder" in refusal(path)
    assert not (tmp_path.parent / "wards.geojson").exists()


def test_a_zip_bomb(tmp_path: Path) -> None:
    path = archive(tmp_path / "wards.zip", {"wards.geojson": b" " * 60_000_000})
    assert "unpacked it would grow more than 200 times" in refusal(path)


def test_a_zip_that_would_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundary_files, "MOST_BYTES_UNPACKED", 1_000)
    path = archive(tmp_path / "wards.zip", {"wards.geojson": SCHEMATIC_FILE.read_bytes()})
    assert "it would fill more than" in refusal(path)


def test_a_zip_of_very_many_files(tmp_path: Path) -> None:
    path = archive(tmp_path / "wards.zip", {f"{number}.txt": b"" for number in range(600)})
    assert "it holds 600 files" in refusal(path)


def test_a_zip_with_a_password(tmp_path: Path) -> None:
    path = archive(tmp_path / "wards.zip", {"wards.geojson": SCHEMATIC_FILE.read_bytes()})
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(signature) + offset
        content[place : place + 2] = struct.pack("<H", 1)
    assert "is protected with a password" in refusal(written(path, bytes(content)))


def test_a_zip_whose_content_was_damaged(tmp_path: Path) -> None:
    path = archive(tmp_path / "wards.zip", {"wards.geojson": SCHEMATIC_FILE.read_bytes()})
    content = bytearray(path.read_bytes())
    content[200:400] = b"\x00" * 200
    assert "is a broken zip file" in refusal(written(path, bytes(content)))


def test_a_shapefile_without_its_other_files(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        {"WD24CD": ["E05000001"], "WD24NM": ["One"]},
        geometry=[shapely.box(0.1, 51.2, 0.2, 51.3)],
        crs="EPSG:4326",
    )
    frame.to_file(tmp_path / "wards.shp")
    (tmp_path / "wards.dbf").unlink()
    assert "no columns of ward codes and names" in refusal(tmp_path / "wards.shp")
    (tmp_path / "wards.shx").unlink()
    assert "cannot be read" in refusal(tmp_path / "wards.shp")


def test_coordinates_that_are_no_numbers(tmp_path: Path) -> None:
    text = SCHEMATIC_FILE.read_text(encoding="utf-8").replace("0.29858, 51.37263", "1e999, 51.37263", 1)
    assert "cannot be read" in refusal(written(tmp_path / "wards.geojson", text))


def test_a_good_zip_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    path = archive(tmp_path / "wards.zip", {"wards.geojson": SCHEMATIC_FILE.read_bytes()})
    assert len(read_boundaries(path).wards) == 26
    assert list((tmp_path / "scratch").iterdir()) == []


@given(cut=st.integers(1, 42_000), noise=st.binary(max_size=40))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_cut_anywhere_is_a_sentence_or_fewer_wards_but_no_traceback(
    tmp_path: Path, cut: int, noise: bytes
) -> None:
    path = written(tmp_path / "wards.geojson", SCHEMATIC_FILE.read_bytes()[:cut] + noise)
    with pytest.raises(BoundaryError):
        read_boundaries(path)
