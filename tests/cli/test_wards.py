"""`flask wards …` says what it read, changes nothing when it fails, and prints who moved."""

import json
from pathlib import Path

from flask import Flask

from tests.builders import submit
from tests.squares import square
from webapp.services import wards


def write(path: Path, *features: dict) -> Path:
    """Write a GeoJSON file of wards."""
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


def test_import_says_what_it_read_and_reassign_who_moved(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        reference = submit().reference
    runner = app.test_cli_runner()
    path = write(tmp_path / "wards.geojson", square("E05000001", "One ward", 0.1, 51.2))
    imported = runner.invoke(args=["wards", "import", str(path)])
    assert imported.exit_code == 0, imported.output
    assert "WD24CD" in imported.output and "now in use" in imported.output
    moved = runner.invoke(args=["wards", "reassign"])
    assert f"{reference}: E05005029 → One ward" in moved.output and "1 moved." in moved.output
    listed = runner.invoke(args=["wards", "list"]).output
    assert "One ward" in listed and "* 2024" in listed


def test_a_file_that_is_none_is_refused_in_words_and_changes_nothing(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "wards.geojson"
    path.write_text("not geojson", encoding="utf-8")
    answer = app.test_cli_runner().invoke(args=["wards", "import", str(path)])
    assert answer.exit_code == 1 and "Traceback" not in answer.output and answer.output.startswith("Error: ")
    with app.app_context():
        assert len(wards.in_use().shapes) == 26


def test_import_without_a_file_or_district_says_what_to_give(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["wards", "import"])
    assert answer.exit_code == 2 and "--lad" in answer.output


def test_a_service_that_cannot_be_reached_changes_nothing(app: Flask) -> None:
    arguments = ["wards", "import", "--lad", "E07000111", "--service", "http://127.0.0.1:9/nothing"]
    answer = app.test_cli_runner().invoke(args=arguments)
    assert answer.exit_code == 1 and "Traceback" not in answer.output
    with app.app_context():
        assert wards.in_use().is_schematic
