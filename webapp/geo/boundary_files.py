"""Opening a file of boundaries without trusting it: its bytes say what it is, and a zip has limits."""

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from webapp.geo.boundary_set import BoundaryError

KINDS_WANTED = "Give a GeoJSON file, a GeoPackage or a zipped shapefile."

OPENED_ENDINGS = (".shp", ".gpkg", ".geojson", ".json")
UNPACKED_ENDINGS = (*OPENED_ENDINGS, ".shx", ".dbf", ".prj", ".cpg")

MOST_FILES_IN_ZIP = 500
MOST_BYTES_UNPACKED = 2_000_000_000
"""The full-resolution wards of the whole United Kingdom unpack to well under 1 GB."""

MOST_TIMES_LARGER = 200
"""Coordinates shrink to a half or a tenth; what shrinks to a two-hundredth is there to fill the disk."""

SMALL_ENOUGH_BYTES = 10_000_000
ENCRYPTED_FLAG = 0x1

ZIP_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
)


@contextmanager
def vector_files(path: Path) -> Iterator[list[Path]]:
    """Yield the files that hold map layers: the file itself, or what a zip holds, unpacked for the block.

    Raises BoundaryError for what is missing, empty, of another kind, or unsafe to unpack.
    """
    if not path.is_file():
        raise BoundaryError(f"There is no file {path.name}. Check the name and the folder.")
    kind = _kind_of(path)
    if kind != "zip":
        yield [path]
        return
    with tempfile.TemporaryDirectory(prefix="wardbook-boundaries-") as folder:
        yield _unpack(path, Path(folder))


def _kind_of(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(1024)
    if not start:
        raise BoundaryError(f"{path.name} is empty (0 bytes). Fetch it again.")
    if start.startswith(b"PK\x03\x04") or start.startswith(b"PK\x05\x06"):
        return "zip"
    if start.startswith(b"SQLite format 3\x00"):
        return "GeoPackage"
    if start.startswith(b"\x00\x00\x27\x0a"):
        return "shapefile"
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return "GeoJSON"
    if start.lstrip().lower().startswith((b"<!doctype html", b"<html")):
        raise BoundaryError(
            f"{path.name} is a web page, not a map file: the download was not the file itself. {KINDS_WANTED}"
        )
    raise BoundaryError(f"{path.name} is not a map file that can be read here. {KINDS_WANTED}")


def _unpack(path: Path, folder: Path) -> list[Path]:
    try:
        with zipfile.ZipFile(path) as archive:
            wanted = [entry for entry in archive.infolist() if _is_wanted(entry)]
            _check_entries(path.name, archive.infolist(), wanted)
            for entry in wanted:
                _copy(archive, entry, folder)
    except ZIP_ERRORS as error:
        raise BoundaryError(f"{path.name} is a broken zip file ({error}). Fetch it again.") from error
    files = [file for file in sorted(folder.rglob("*")) if file.suffix.lower() in OPENED_ENDINGS]
    if not files:
        raise BoundaryError(f"{path.name} holds no shapefile, GeoPackage or GeoJSON. {KINDS_WANTED}")
    return files


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(entry.filename)
    is_mac_shadow = "__MACOSX" in name.parts or name.name.startswith("._")
    return not entry.is_dir() and not is_mac_shadow and name.suffix.lower() in UNPACKED_ENDINGS


def _check_entries(name: str, entries: list[zipfile.ZipInfo], wanted: list[zipfile.ZipInfo]) -> None:
    unsafe = f"{name} was not unpacked, because it is not safe"
    cure = "Fetch the file from its publisher again."
    if len(entries) > MOST_FILES_IN_ZIP:
        raise BoundaryError(f"{unsafe}: it holds {len(entries):,} files. {cure}")
    for entry in entries:
        parts = PurePosixPath(entry.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or (parts.parts and parts.parts[0].endswith(":")):
            raise BoundaryError(f"{unsafe}: it would write outside its own folder. {cure}")
    if any(entry.flag_bits & ENCRYPTED_FLAG for entry in wanted):
        raise BoundaryError(f"{name} is protected with a password. Zip the files again without one.")
    if sum(entry.file_size for entry in wanted) > MOST_BYTES_UNPACKED:
        raise BoundaryError(f"{unsafe}: it would fill more than 2 GB. {cure}")
    for entry in wanted:
        is_bomb = entry.file_size > MOST_TIMES_LARGER * max(entry.compress_size, 1)
        if is_bomb and entry.file_size > SMALL_ENOUGH_BYTES:
            raise BoundaryError(
                f"{unsafe}: unpacked it would grow more than {MOST_TIMES_LARGER} times. {cure}"
            )


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    # zipfile stops at the size the entry claims, so an entry that lies about it cannot pass the limits above.
    target = folder.joinpath(*PurePosixPath(entry.filename).parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file)
