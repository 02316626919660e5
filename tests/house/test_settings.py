"""Settings that would leave an installation open, or half in production, stop the start with a sentence."""

from pathlib import Path

import pytest

from webapp.config import SettingsError, read_settings

PRODUCTION = {
    "WARDBOOK_ENV": "production",
    "SECRET_KEY": "x" * 32,
    "BASE_URL": "https://wardbook.example.gov.uk",
}


def test_production_starts_with_a_long_secret_and_a_whole_address(tmp_path: Path):
    assert read_settings(tmp_path, PRODUCTION)["BASE_URL"] == PRODUCTION["BASE_URL"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"WARDBOOK_ENV": "prod"}, "WARDBOOK_ENV is “prod”: set it to demo or to production."),
        ({"WARDBOOK_ENV": "Production"}, "WARDBOOK_ENV is “Production”"),
        ({"SECRET_KEY": ""}, "Set SECRET_KEY to at least 32"),
        ({"SECRET_KEY": "x" * 31}, "Set SECRET_KEY to at least 32"),
        ({"PLATE_KEY": f"{'x' * 32} short"}, "Set PLATE_KEY to at least 32"),
        ({"BASE_URL": ""}, "Set BASE_URL to the address people type"),
        ({"BASE_URL": "wardbook.example.gov.uk"}, "Set BASE_URL to the address people type"),
        ({"BASE_URL": "ftp://wardbook.example.gov.uk"}, "Set BASE_URL to the address people type"),
        ({"BASE_URL": "https:///path"}, "Set BASE_URL to the address people type"),
        ({"BASE_URL": "https://[half"}, "Set BASE_URL to the address people type"),
        ({"PASS_MARK": "most"}, "PASS_MARK is “most”: set it to a number, such as 100."),
        ({"WORKING_DAYS_TARGET": "-3"}, "WORKING_DAYS_TARGET is “-3”: set it to a number, such as 0."),
        ({"REMINDERS_FROM_HOUR": "24"}, "REMINDERS_FROM_HOUR is “24”"),
        (
            {"ACTION_DAYS": "graffiti: 3"},
            "ACTION_DAYS is “graffiti: 3”: write it such as graffiti=2 litter=1.",
        ),
        ({"NEARBY_WEEKS": "1.5"}, "NEARBY_WEEKS is “1.5”"),
    ],
)
def test_a_setting_that_will_not_do_stops_the_start(tmp_path: Path, changes: dict[str, str], sentence: str):
    with pytest.raises(SettingsError) as error:
        read_settings(tmp_path, {**PRODUCTION, **changes})
    assert sentence in str(error.value)


@pytest.mark.parametrize("was_there", [False, True])
def test_the_instance_folder_is_closed_to_others(tmp_path: Path, was_there: bool):
    folder = tmp_path / "instance"
    if was_there:
        folder.mkdir(mode=0o755)
    read_settings(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
