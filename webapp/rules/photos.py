"""Photos: what a report takes, how a file is known by its first bytes, what a camera wrote, and the refusals."""

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid5

from webapp.rules.clock import LONDON
from webapp.rules.errors import WardbookError

MOST_PHOTOS = 5
MEGABYTE = 1024 * 1024
MOST_BYTES = 25 * MEGABYTE
MOST_BYTES_TOGETHER = 40 * MEGABYTE
MOST_PIXELS = 50_000_000
LARGE_PX = 2048
SMALL_PX = 400
SIZES: dict[str, int] = {"large": LARGE_PX, "small": SMALL_PX}

FIRST_BYTES = 512
SHOWN_NAME_LENGTH = 60

# What we send as Content-Type and the ending we give a file: never what somebody else declared.
ENDINGS: dict[str, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
}

HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
HEIF_BRANDS = frozenset({b"mif1", b"msf1", b"mif2"})

# Files that people choose by mistake, so that the refusal can say what was chosen.
OTHER_FILES: tuple[tuple[bytes, str], ...] = (
    (rb"GIF8[79]a", "a GIF"),
    (rb"%PDF-", "a PDF"),
    (rb"II\*\x00|MM\x00\*", "a TIFF or raw file"),
    (rb"BM.{12}(\x0c|\x28|\x6c|\x7c)\x00\x00\x00", "a BMP"),
    (rb"PK\x03\x04", "a document or an archive"),
    (rb".{4}ftyp(avif|avis)", "an AVIF"),
    (rb".{4}ftyp", "a video"),
    (rb"\x1a\x45\xdf\xa3|RIFF.{4}AVI ", "a video"),
    (rb"\s*(<!doctype html|<html)", "a web page"),
)
SVG = re.compile(
    rb"^(\xef\xbb\xbf)?\s*(<\?xml.*<svg|<!--.*<svg|<!doctype svg|<svg)", re.DOTALL | re.IGNORECASE
)


class PhotoRefused(WardbookError):
    """A file that cannot be taken as a photo; the message is the sentence a person reads."""

    def __init__(self, sentence: str, *, is_too_large: bool = False) -> None:
        super().__init__(sentence)
        self.is_too_large = is_too_large


def sniff(first_bytes: bytes) -> str | None:
    """Return the media type that a file's first bytes show, or None when it is no photo that we read.

    >>> sniff(bytes.fromhex("ffd8ffe1")), sniff(b"<svg onload=alert(1)>")
    ('image/jpeg', None)
    """
    if first_bytes.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if first_bytes.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if first_bytes[:4] == b"RIFF" and first_bytes[8:12] == b"WEBP":
        return "image/webp"
    return "image/heic" if _is_heic(first_bytes) else None


def _is_heic(first_bytes: bytes) -> bool:
    """Whether the first box is the file type of a HEIC; the general brands also head AVIF files."""
    if first_bytes[4:8] != b"ftyp":
        return False
    length = int.from_bytes(first_bytes[:4], "big")
    box = first_bytes[8 : min(length, FIRST_BYTES)]
    major, others = box[:4], {box[at : at + 4] for at in range(8, len(box), 4)}
    return major in HEIC_BRANDS or (major in HEIF_BRANDS and bool(others & HEIC_BRANDS))


def photo_id(capture_id: UUID, role: str, sha256: str) -> UUID:
    """Return the id of a photo of this capture: the same bytes sent twice in the same role are the same photo."""
    return uuid5(capture_id, f"{role} {sha256}")


def clean_name(file_name: str | None) -> str:
    r"""Return a file's own name without folders and without characters that nobody can see.

    >>> clean_name("C:\\Users\\rosa\\tip\x00.jpg")
    'tip.jpg'
    """
    last = re.split(r"[/\\]", file_name or "")[-1]
    return "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip()[:200]


def shown_name(file_name: str | None) -> str:
    """Return a file's name in quotation marks, short enough for a sentence."""
    name = clean_name(file_name)
    if not name:
        return "A photo"
    short = name if len(name) <= SHOWN_NAME_LENGTH else f"{name[: SHOWN_NAME_LENGTH - 11]}…{name[-10:]}"
    return f"“{short}”"


def empty(file_name: str | None) -> PhotoRefused:
    """Return the refusal of a file of 0 bytes."""
    return PhotoRefused(f"{shown_name(file_name)} is empty (0 bytes). Choose the photo again.")


def not_a_photo(file_name: str | None, first_bytes: bytes) -> PhotoRefused:
    """Return the refusal of a file that is no photo, naming what it is where that can be seen."""
    if SVG.match(first_bytes):
        what = " (it is an SVG drawing)"
    else:
        found = (
            name for start, name in OTHER_FILES if re.match(start, first_bytes, re.DOTALL | re.IGNORECASE)
        )
        name = next(found, "")
        what = f" (it is {name})" if name else ""
    return PhotoRefused(
        f"{shown_name(file_name)} is not a photo we can read{what}. Choose a JPEG, PNG, WebP or HEIC photo."
    )


def damaged(file_name: str | None) -> PhotoRefused:
    """Return the refusal of a file that begins like a photo but cannot be opened."""
    return PhotoRefused(f"{shown_name(file_name)} is damaged and cannot be opened. Choose another photo.")


def too_big(file_name: str | None) -> PhotoRefused:
    """Return the refusal of a file with too many bytes."""
    limit = MOST_BYTES // MEGABYTE
    return PhotoRefused(
        f"{shown_name(file_name)} is larger than {limit} MB. Choose a smaller copy of it.", is_too_large=True
    )


def too_many_pixels(file_name: str | None) -> PhotoRefused:
    """Return the refusal of a photo that would unfold into too many pixels."""
    limit = MOST_PIXELS // 1_000_000
    return PhotoRefused(
        f"{shown_name(file_name)} has more than {limit} million pixels. Choose a smaller copy of it."
    )


def too_many(left_out: Sequence[str | None]) -> PhotoRefused:
    """Return the refusal of the photos beyond what one report takes."""
    names = ", ".join(shown_name(name) for name in left_out[:MOST_PHOTOS])
    more = len(left_out) - MOST_PHOTOS
    and_more = f" and {more} more" if more > 0 else ""
    were = "was" if len(left_out) == 1 else "were"
    return PhotoRefused(
        f"A report takes up to {MOST_PHOTOS} photos. {names}{and_more} {were} left out. "
        "Choose the photos that show the most."
    )


def too_much(left_out: Sequence[str | None]) -> PhotoRefused:
    """Return the refusal of the photos with which a report would be too large."""
    limit = MOST_BYTES_TOGETHER // MEGABYTE
    names = ", ".join(shown_name(name) for name in left_out)
    were = "was" if len(left_out) == 1 else "were"
    return PhotoRefused(
        f"The photos are larger than {limit} MB together. {names} {were} left out. Choose fewer or smaller photos.",
        is_too_large=True,
    )


def taken_at(text: object, offset: object = None) -> datetime | None:
    """Return the moment a camera wrote (`DateTimeOriginal`), as London time unless it wrote its offset too.

    >>> taken_at("2026:07:01 14:05:00")
    datetime.datetime(2026, 7, 1, 13, 5, tzinfo=datetime.timezone.utc)
    >>> taken_at("2026:07:01 14:05:00", "-05:00").hour
    19
    """
    words = str(text or "").strip().rstrip("\x00")[:19]
    zone = str(offset or "").strip().rstrip("\x00")
    try:
        if re.fullmatch(r"[+-]\d{2}:\d{2}", zone):
            return datetime.strptime(f"{words}{zone}", "%Y:%m:%d %H:%M:%S%z").astimezone(UTC)
        return datetime.strptime(words, "%Y:%m:%d %H:%M:%S").replace(tzinfo=LONDON).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def position(latitude: object, south: object, longitude: object, west: object) -> tuple[float, float] | None:
    """Return latitude and longitude from a camera's degrees, minutes and seconds and their `N`, `S`, `E`, `W`.

    None when anything is missing, impossible, or the 0, 0 that cameras write when they do not know.

    >>> position((51, 16, 12.0), "N", (0, 11, 24.0), "E")
    (51.27, 0.19)
    """
    degrees = (_degrees(latitude, south, "NS", 90), _degrees(longitude, west, "EW", 180))
    if degrees[0] is None or degrees[1] is None or degrees == (0, 0):
        return None
    return degrees[0], degrees[1]


def _degrees(parts: object, side: object, sides: str, most: int) -> float | None:
    letter = side.decode("ascii", "replace") if isinstance(side, bytes) else str(side)
    if not isinstance(parts, tuple) or len(parts) != 3 or letter[:1] not in tuple(sides):
        return None
    try:
        value = sum(float(part) / 60**power for power, part in enumerate(parts))
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    if not math.isfinite(value) or not 0 <= value <= most:
        return None
    return round(-value if letter[0] == sides[1] else value, 6)
