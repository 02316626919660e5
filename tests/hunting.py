"""Looks for what must be nowhere any more: in the database's own files, and in every file that Wardbook keeps."""

import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, quote_plus

from flask import Flask
from sqlalchemy import select, text

from webapp.extensions import db
from webapp.models.capture import CaptureRevision
from webapp.models.speed_reading import SpeedReading
from webapp.rules import vrm
from webapp.services import plate_keys, plates

# What PostgreSQL remembers of its own tables comes and goes between the list of files and the reading of them.
EACH_FILE = """
    SELECT pg_read_binary_file(:folder || name, 0, size, true)
    FROM pg_ls_dir(:folder) AS name CROSS JOIN LATERAL pg_stat_file(:folder || name, true)
"""


def database_files() -> bytes:
    """Return the bytes of the database's own files: tables, indexes and SQLite's log."""
    if db.engine.dialect.name == "sqlite":
        path = Path(str(db.engine.url.database))
        # With its log, what it keeps to undo, and what it shares between processes.
        return b"".join(one.read_bytes() for one in sorted(path.parent.glob(f"{path.name}*")))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        own = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
        read = connection.scalars(text(EACH_FILE), {"folder": f"base/{own}/"})
        return b"".join(one for one in read if one is not None)


def marks_of(texts: Iterable[str]) -> dict[str, bytes]:
    """Return all by which plates that are held now could be found later: themselves, sealed, and each hash of them.

    A plate is looked for as people write it, as it is kept, and as a phone sends it.
    """
    marks: dict[str, bytes] = {}
    for number, typed in enumerate(texts, 1):
        plain = vrm.normalise(typed)
        marks[f"plate {number}"] = plain.encode()
        marks[f"spaced plate {number}"] = f"{plain[:4]} {plain[4:]}".encode()
        for key in plate_keys.live():
            marks[f"hash {number} of {key.month}"] = plates.hash_of(plain, key).encode()
    for row in db.session.scalars(select(SpeedReading).where(SpeedReading.plate.is_not(None))):
        marks[f"sealed {row.id}"] = bytes(row.plate or b"")[-24:]
    held = select(CaptureRevision).where(CaptureRevision.key_month.is_not(None))
    for sent in db.session.scalars(held.where(CaptureRevision.payload.is_not(None))):
        marks[f"payload {sent.id}"] = bytes(sent.payload or b"")[-40:]
        marks[f"fingerprint {sent.id}"] = sent.fingerprint.encode()
    return marks


def spellings_of(texts: Iterable[str]) -> dict[str, bytes]:
    """Return each way in which plates that somebody typed could stand in an address, a cookie, a log or a file."""
    marks = {}
    for typed in texts:
        plain = vrm.normalise(typed)
        spaced = f"{plain[:4]} {plain[4:]}"
        for one in (plain, spaced, quote(spaced), quote_plus(spaced), f"{plain[:4]}-{plain[4:]}"):
            marks |= {one: one.encode(), one.lower(): one.lower().encode()}
    return marks


def stands_in(marks: Mapping[str, bytes], *places: bytes) -> bool:
    """Return whether any of the marks stands in any of these places, also where one is a packed file."""
    return any(mark in place for place in unpacked(places) for mark in marks.values())


def unpacked(places: Iterable[bytes]) -> Iterable[bytes]:
    """Yield each of these, and what is packed in those that are archives, such as workbooks."""
    for place in places:
        yield place
        if zipfile.is_zipfile(file := BytesIO(place)):
            with zipfile.ZipFile(file) as archive:
                yield from unpacked(archive.read(name) for name in archive.namelist())


def found(app: Flask, marks: Mapping[str, bytes], *more: bytes) -> set[str]:
    """Return which of the marks stand anywhere: in the database, in the instance's files, or in what else is given."""
    kept = [path.read_bytes() for path in Path(app.instance_path).rglob("*") if path.is_file()]
    everything = [*unpacked([*kept, *more]), database_files()]
    return {name for name, mark in marks.items() if any(mark in place for place in everything)}
