"""The field for photos: each file is looked at by its first bytes and its header, and refused with its own sentence.

Nothing is decoded here: unfolding the pixels of a stranger's file is the worker's task, in a process of its own.
"""

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO, Protocol

from PIL import Image
from pillow_heif import register_heif_opener
from wtforms import MultipleFileField

from webapp.rules import photos as rules

register_heif_opener()
Image.MAX_IMAGE_PIXELS = rules.MOST_PIXELS
# Pillow only warns between one and two times the limit: what it warns of is refused as well.
warnings.simplefilter("error", Image.DecompressionBombWarning)

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heic": "HEIF"}
BOMBS = (Image.DecompressionBombWarning, Image.DecompressionBombError)
EXIF_PART, GPS_PART = 0x8769, 0x8825
TAKEN, TAKEN_OFFSET = 0x9003, 0x9011


class ArrivedFile(Protocol):
    """A file as a request holds it: werkzeug's FileStorage, or anything with the same two parts."""

    filename: str | None
    stream: BinaryIO


@dataclass(frozen=True, slots=True)
class PhotoUpload:
    """A file that begins and opens like a photo, with what its header says; `taken_at` and `position` may be None."""

    stream: BinaryIO
    file_name: str
    media_type: str
    size_bytes: int
    taken_at: datetime | None
    position: tuple[float, float] | None


def look_at(stream: BinaryIO, file_name: str | None) -> PhotoUpload:
    """Return what a file is, by its bytes alone. Raises PhotoRefused with a sentence that names it."""
    upload = _by_first_bytes(stream, file_name)
    taken_at, position = _header(stream, file_name, upload.media_type)
    stream.seek(0)
    return replace(upload, taken_at=taken_at, position=position)


def look_at_evidence(stream: BinaryIO) -> PhotoUpload:
    """Return what a file from a phone's store is. There is no choosing again: a damaged photo is kept as it came.

    Raises PhotoRefused for what begins like no photo at all, is empty or too big.
    """
    try:
        return look_at(stream, None)
    except rules.PhotoRefused:
        return _by_first_bytes(stream, None)


def _by_first_bytes(stream: BinaryIO, file_name: str | None) -> PhotoUpload:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    first_bytes = stream.read(rules.FIRST_BYTES)
    if not size:
        raise rules.empty(file_name)
    media_type = rules.sniff(first_bytes)
    if media_type is None:
        raise rules.not_a_photo(file_name, first_bytes)
    if size > rules.MOST_BYTES:
        raise rules.too_big(file_name)
    stream.seek(0)
    return PhotoUpload(stream, rules.clean_name(file_name), media_type, size, None, None)


def _header(
    stream: BinaryIO, file_name: str | None, media_type: str
) -> tuple[datetime | None, tuple[float, float] | None]:
    """Open a photo without decoding it, and return when and where it says it was taken."""
    stream.seek(0)
    try:
        image = Image.open(stream, formats=[FORMATS[media_type]])
        if image.width * image.height > rules.MOST_PIXELS:
            raise rules.too_many_pixels(file_name)
        raw = image.info.get("exif")
    except BOMBS:
        raise rules.too_many_pixels(file_name) from None
    except rules.PhotoRefused:
        raise
    except Exception:
        # Decoders raise whatever they stumble over; to the person it is one and the same thing.
        raise rules.damaged(file_name) from None
    return _camera_notes(raw) if isinstance(raw, bytes) else (None, None)


def _camera_notes(raw: bytes) -> tuple[datetime | None, tuple[float, float] | None]:
    """Return time and position from EXIF bytes; whatever cannot be read is unknown, never a reason to refuse."""
    try:
        exif = Image.Exif()
        exif.load(raw)
        times, gps = exif.get_ifd(EXIF_PART), exif.get_ifd(GPS_PART)
    except Exception:
        return None, None
    taken_at = rules.taken_at(times.get(TAKEN), times.get(TAKEN_OFFSET))
    return taken_at, rules.position(gps.get(2), gps.get(1), gps.get(4), gps.get(3))


class PhotosField(MultipleFileField):
    """Several photos: `data` holds the good ones, the errors one sentence for each file that is none.

    A refused file never loses the others. `is_too_large` tells that a refusal was about bytes (the answer is 413).
    """

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.data: list[PhotoUpload] = []
        self.is_too_large = False

    def process_data(self, value: Any) -> None:
        """Start empty: a photo is never filled in from an object."""
        self.data = []

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Look at each file that was chosen; a browser sends one nameless empty file when none was."""
        self.data, self.is_too_large = [], False
        chosen = [
            file for file in valuelist if not isinstance(file, str) and (file.filename or _has_bytes(file))
        ]
        for file in chosen[: rules.MOST_PHOTOS]:
            self._take(file)
        if len(chosen) > rules.MOST_PHOTOS:
            self._refuse(rules.too_many([file.filename for file in chosen[rules.MOST_PHOTOS :]]))
        self._keep_together()

    def _take(self, file: ArrivedFile) -> None:
        try:
            self.data.append(look_at(file.stream, file.filename))
        except rules.PhotoRefused as refusal:
            self._refuse(refusal)

    def _keep_together(self) -> None:
        """Leave out the photos with which all would be too large, so that the first ones stay."""
        fitting: list[PhotoUpload] = []
        left_out: list[PhotoUpload] = []
        total = 0
        for upload in self.data:
            total += upload.size_bytes
            (fitting if total <= rules.MOST_BYTES_TOGETHER else left_out).append(upload)
        self.data = fitting
        if left_out:
            self._refuse(rules.too_much([upload.file_name for upload in left_out]))

    def _refuse(self, refusal: rules.PhotoRefused) -> None:
        self.process_errors.append(str(refusal))
        self.is_too_large = self.is_too_large or refusal.is_too_large


def _has_bytes(file: ArrivedFile) -> bool:
    file.stream.seek(0)
    return bool(file.stream.read(1))
