"""Pictures that tests send: good ones of each kind, with the notes that cameras write, and bad ones."""

import io
import struct
import zlib
from typing import Any

from PIL import Image
from pillow_heif import register_heif_opener

register_heif_opener()

IN_SEVENOAKS = (51.27, 0.19)


def camera_notes(
    *,
    orientation: int = 1,
    taken: str | None = "2026:07:01 14:05:00",
    offset: str | None = None,
    place: bool = True,
) -> bytes:
    """Return EXIF as a phone writes it: how it was held, when, and the place IN_SEVENOAKS."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "A maker of phones"
    notes = exif.get_ifd(0x8769)
    if taken:
        notes[0x9003] = taken
    if offset:
        notes[0x9011] = offset
    if place:
        exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 16.0, 12.0), 3: "E", 4: (0.0, 11.0, 24.0)})
    return exif.tobytes()


def picture(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """Return a picture whose left half is red and right half blue, so that one sees which way it was turned."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    return image.convert(mode)


def saved(image: Image.Image, image_format: str, **options: Any) -> bytes:
    """Return the bytes of an image file."""
    file = io.BytesIO()
    image.save(file, image_format, **options)
    return file.getvalue()


def jpeg(size: tuple[int, int] = (60, 40), **options: Any) -> bytes:
    """Return a JPEG."""
    return saved(picture(size), "JPEG", **options)


def heic(size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    """Return a HEIC as a phone makes it, with time and place."""
    return saved(picture(size), "HEIF", exif=options.pop("exif", camera_notes()), **options)


def truncated_jpeg() -> bytes:
    """Return the first half of a JPEG: its header is whole, its pixels are not."""
    whole = jpeg((400, 300))
    return whole[: len(whole) // 2]


def bomb_png(side: int = 20_000) -> bytes:
    """Return a small PNG that would unfold into `side` times `side` pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00" * ((side + 7) // 8 + 1) * side, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
