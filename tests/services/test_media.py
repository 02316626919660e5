"""Originals are whole and on the disk before they count, in a folder as in any other storage."""

import hashlib
import io
import os
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from webapp.services import media

CONTENT = b"a photo's bytes" * 100_000


@pytest.fixture(params=["folder", "elsewhere"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    app = Flask("storage of a test")
    elsewhere = f"memory://{uuid4().hex}"
    app.config["MEDIA_URL"] = str(tmp_path / "media") if request.param == "folder" else elsewhere
    with app.app_context():
        yield app


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    app = Flask("storage of a test")
    app.config["MEDIA_URL"] = str(tmp_path / "media")
    with app.app_context():
        yield tmp_path / "media"


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_an_original_comes_back_as_it_was_with_its_hash_and_size(kept: Flask):
    arrival = media.keep_arriving(io.BytesIO(CONTENT))
    assert (arrival.sha256, arrival.size_bytes) == (hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))
    photo_id = uuid4()
    with media.open_original(photo_id, arrival.arrived_as) as file:
        assert file.read() == CONTENT
    for _ in range(2):
        media.keep_original(photo_id, arrival.arrived_as)
        with media.open_original(photo_id, arrival.arrived_as) as file:
            assert file.read() == CONTENT


def test_copies_come_back_by_size_and_go_with_the_photo(kept: Flask):
    photo_id, arrival = uuid4(), media.keep_arriving(io.BytesIO(CONTENT))
    media.keep_original(photo_id, arrival.arrived_as)
    media.keep_copy(photo_id, "large", b"large")
    media.keep_copy(photo_id, "small", b"small")
    assert [media.read_copy(photo_id, size) for size in ("large", "small")] == [b"large", b"small"]
    for _ in range(2):
        media.delete_photo(photo_id, arrival.arrived_as)
        for size in ("large", "small"):
            with pytest.raises(FileNotFoundError):
                media.read_copy(photo_id, size)
        with pytest.raises(FileNotFoundError):
            media.open_original(photo_id, arrival.arrived_as)
        with pytest.raises(FileNotFoundError):
            media.keep_original(photo_id, arrival.arrived_as)


def test_what_arrived_and_was_never_named_can_be_found_and_removed(kept: Flask):
    assert media.arrived_before(datetime.now(UTC)) == []
    arrival = media.keep_arriving(io.BytesIO(CONTENT))
    assert media.arrived_before(datetime.now(UTC) - timedelta(minutes=1)) == []
    assert media.arrived_before(datetime.now(UTC) + timedelta(minutes=1)) == [arrival.arrived_as]
    media.delete_arriving(arrival.arrived_as)
    assert media.arrived_before(datetime.now(UTC) + timedelta(minutes=1)) == []


def test_there_is_no_other_size(kept: Flask):
    with pytest.raises(ValueError, match="no size"):
        media.keep_copy(uuid4(), "../../original", b"")


def test_a_folder_tells_how_much_is_free_and_other_storage_has_no_end(kept: Flask):
    is_folder = isinstance(media.storage(), media.Folder)
    assert 0 < media.free_bytes() <= sys.maxsize
    assert (media.free_bytes() == sys.maxsize) is not is_folder


def test_in_a_folder_everything_is_for_its_owner_alone(folder: Path):
    media.keep_original(uuid4(), media.keep_arriving(io.BytesIO(CONTENT)).arrived_as)
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_a_file_and_its_folder_are_on_the_disk_before_its_name_counts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    done: list[str] = []

    def fsync(descriptor: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        real_fsync(descriptor)

    def replace(path: str, to: str) -> None:
        done.append("name")
        real_replace(path, to)

    real_fsync, real_replace = os.fsync, os.replace
    media.keep_arriving(io.BytesIO(b"first"))
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    media.keep_arriving(io.BytesIO(CONTENT))
    assert done == ["file", "name", "folder"]


def test_a_file_that_breaks_off_leaves_nothing(folder: Path):
    class BreaksOff(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError("the phone is gone")
            return super().read(size)

    with pytest.raises(OSError, match="the phone is gone"):
        media.keep_arriving(BreaksOff(CONTENT))
    assert files_in(folder) == []


def test_parts_of_files_that_a_power_cut_left_are_removed(folder: Path):
    arrival = media.keep_arriving(io.BytesIO(CONTENT))
    (folder / "arriving" / f"{uuid4()}.{uuid4().hex}.part").write_bytes(b"half")
    assert media.arrived_before(datetime.now(UTC) + timedelta(minutes=1)) == [arrival.arrived_as]
    assert files_in(folder) == [f"arriving/{arrival.arrived_as}"]
