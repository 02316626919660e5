"""Where photos are kept: a folder, or any storage that fsspec knows. Names are made here, never taken from a person.

`arriving/` holds files whose database row may not be committed yet, `originals/` the evidence, `large/` and `small/`
the re-encoded copies, `papers/` what the worker made to be printed. In a folder a file is whole and on the disk before
its name appears.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID, uuid4

import fsspec
from flask import current_app

from webapp.rules.photos import SIZES
from webapp.services.disk import sync_folder

CHUNK_BYTES = 256 * 1024
ARRIVING = "arriving"
ORIGINALS = "originals"
PAPERS = "papers"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that was kept under a passing name: its SHA-256 and its size in bytes."""

    arrived_as: UUID
    sha256: str
    size_bytes: int


class Storage:
    """Any storage of fsspec: what is written appears when it is closed."""

    def __init__(self, files: Any, root: str) -> None:
        self.files = files
        self.root = root.rstrip("/")

    def path(self, *parts: str) -> str:
        """Return the address of a file in this storage."""
        return "/".join((self.root, *parts))

    def write(self, path: str, chunks: Iterable[bytes]) -> None:
        """Write a file, whole or not at all."""
        self.files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        with self.files.open(path, "wb") as file:
            for chunk in chunks:
                file.write(chunk)

    def move(self, path: str, to: str) -> None:
        """Give a file another name. Raises FileNotFoundError."""
        self.files.makedirs(to.rsplit("/", 1)[0], exist_ok=True)
        self.files.mv(path, to)

    def open(self, path: str) -> BinaryIO:
        """Return a file to read. Raises FileNotFoundError."""
        file: BinaryIO = self.files.open(path, "rb")
        return file

    def delete(self, path: str) -> None:
        """Remove a file; one that is gone already is no error."""
        try:
            self.files.rm_file(path)
        except FileNotFoundError:
            return

    def listed(self, folder: str) -> Iterator[tuple[str, datetime]]:
        """Yield the name and the time of last change of each file in a folder."""
        self.files.invalidate_cache()
        if not self.files.isdir(folder):
            return
        for entry in self.files.ls(folder, detail=True):
            if entry["type"] == "file":
                yield entry["name"].rsplit("/", 1)[-1], self.files.modified(entry["name"])

    def free_bytes(self) -> int:
        """Return how much more can be kept; storage elsewhere has no end that we could see."""
        return sys.maxsize


class Folder(Storage):
    """A folder of this machine, written so that a power cut leaves a whole file or none."""

    def write(self, path: str, chunks: Iterable[bytes]) -> None:
        """Write under a passing name, bring it to the disk, then give it its own name."""
        passing = f"{path}.{uuid4().hex}.part"
        _make_folder(Path(path).parent)
        try:
            descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                for chunk in chunks:
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.replace(passing, path)
        except BaseException:
            Path(passing).unlink(missing_ok=True)
            raise
        sync_folder(Path(path).parent)

    def move(self, path: str, to: str) -> None:
        """Rename a file, and bring both folders to the disk."""
        _make_folder(Path(to).parent)
        os.replace(path, to)
        sync_folder(Path(to).parent)
        sync_folder(Path(path).parent)

    def free_bytes(self) -> int:
        """Return the bytes that are free on the disk of the folder."""
        try:
            return shutil.disk_usage(self.root).free
        except FileNotFoundError:
            _make_folder(Path(self.root))
            return shutil.disk_usage(self.root).free


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each one on the disk before anything is kept in it."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def storage() -> Storage:
    """Return the storage that MEDIA_URL names."""
    held: Storage | None = current_app.extensions.get("media")
    if held is None:
        files, root = fsspec.core.url_to_fs(str(current_app.config["MEDIA_URL"]))
        is_folder = "file" in ((files.protocol,) if isinstance(files.protocol, str) else files.protocol)
        held = current_app.extensions["media"] = (Folder if is_folder else Storage)(files, root)
    return held


def keep_arriving(stream: BinaryIO) -> Arrival:
    """Keep a file under a passing name, safe against a power cut, and return its hash and size."""
    arrived_as, digest, size = uuid4(), hashlib.sha256(), 0

    def chunks() -> Iterator[bytes]:
        nonlocal size
        stream.seek(0)
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            yield chunk

    storage().write(_arriving(arrived_as), chunks())
    return Arrival(arrived_as, digest.hexdigest(), size)


def keep_original(photo_id: UUID, arrived_as: UUID) -> None:
    """Give an original its lasting name once its row is committed; doing it again changes nothing.

    Raises FileNotFoundError when it is under neither name.
    """
    try:
        storage().move(_arriving(arrived_as), _original(photo_id))
    except FileNotFoundError:
        with storage().open(_original(photo_id)):
            return


def open_original(photo_id: UUID, arrived_as: UUID) -> BinaryIO:
    """Return an original to read, under its lasting name or still under its passing one. Raises FileNotFoundError."""
    for path in (_original(photo_id), _arriving(arrived_as), _original(photo_id)):
        try:
            return storage().open(path)
        except FileNotFoundError:
            continue
    raise FileNotFoundError(str(photo_id))


def keep_copy(photo_id: UUID, size: str, content: bytes, masks_rev: int | None = None) -> None:
    """Keep a re-encoded copy of a photo; `size` is `large` or `small`, `masks_rev` says with which of its masks."""
    storage().write(_copy(photo_id, size, masks_rev), [content])


def read_copy(photo_id: UUID, size: str, masks_rev: int | None = None) -> bytes:
    """Return a re-encoded copy. Raises FileNotFoundError."""
    with storage().open(_copy(photo_id, size, masks_rev)) as file:
        return file.read()


def delete_copies(photo_id: UUID, before: int) -> None:
    """Remove the copies that were made with masks as they were before."""
    for masks_rev in range(before):
        for size in SIZES:
            storage().delete(_copy(photo_id, size, masks_rev))


def keep_paper(paper_id: UUID, content: bytes) -> None:
    """Keep a PDF."""
    storage().write(_paper(paper_id), [content])


def open_paper(paper_id: UUID) -> BinaryIO:
    """Return a PDF to read. Raises FileNotFoundError."""
    return storage().open(_paper(paper_id))


def delete_paper(paper_id: UUID) -> None:
    """Remove a PDF; one that is gone already is no error."""
    storage().delete(_paper(paper_id))


def delete_photo(photo_id: UUID, arrived_as: UUID) -> None:
    """Remove a photo at every size, original and all."""
    copies = (_copy(photo_id, size, None) for size in SIZES)
    for path in (_arriving(arrived_as), _original(photo_id), *copies):
        storage().delete(path)


def delete_arriving(arrived_as: UUID) -> None:
    """Remove a file that no row ever named."""
    storage().delete(_arriving(arrived_as))


def arrived_before(moment: datetime) -> list[UUID]:
    """Return the passing names of files that arrived before this moment; parts of files are removed on the way."""
    found = []
    for name, changed_at in storage().listed(storage().path(ARRIVING)):
        if _aware(changed_at) >= moment:
            continue
        try:
            found.append(UUID(name))
        except ValueError:
            storage().delete(storage().path(ARRIVING, name))
    return found


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def free_bytes() -> int:
    """Return how many bytes can still be kept."""
    return storage().free_bytes()


def has_room() -> bool:
    """Return whether there is more room than the reserve: below it nothing new is taken."""
    return free_bytes() >= int(current_app.config["DISK_RESERVE_MB"]) * 1_000_000


def _arriving(arrived_as: UUID) -> str:
    return storage().path(ARRIVING, str(arrived_as))


def _original(photo_id: UUID) -> str:
    return storage().path(ORIGINALS, photo_id.hex[:2], str(photo_id))


def _paper(paper_id: UUID) -> str:
    return storage().path(PAPERS, paper_id.hex[:2], f"{paper_id}.pdf")


def _copy(photo_id: UUID, size: str, masks_rev: int | None) -> str:
    if size not in SIZES:
        raise ValueError(f"There is no size {size}.")
    masked = f"-{masks_rev}" if masks_rev else ""
    return storage().path(size, photo_id.hex[:2], f"{photo_id}{masked}.jpg")
