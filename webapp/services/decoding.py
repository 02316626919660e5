"""Decoding a photo in a process of its own, which may break without harm (`services/decoder.py` is that process)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from webapp.forms.photos import FORMATS
from webapp.rules.photos import MEGABYTE, MOST_PIXELS, SIZES
from webapp.services import apart

PROGRAM = Path(__file__).with_name("decoder.py")
# 50 million pixels take 150 MB in Pillow, as much again in a decoder, and a turned copy.
MEMORY_BYTES = 1024 * MEGABYTE
SECONDS = 60
WAIT_SECONDS = 120
ANSWER_BYTES = 16 * MEGABYTE
JPEG_STARTS = b"\xff\xd8\xff"
# Left, top, width and height as parts of the photo upright.
Area = tuple[float, float, float, float]


class Undecodable(Exception):
    """The photo cannot be unfolded, now or ever: the message is the decoder's word for it."""


class Broke(Exception):
    """The decoder died or took too long: once more may work, but not for ever."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The copies of a photo as JPEG by size name, and how large the whole photo is upright."""

    width: int
    height: int
    copies: Mapping[str, bytes]


def decode(content: bytes, media_type: str, masks: Sequence[Area] = ()) -> Decoded:
    """Return the copies of a photo, the masks filled in each of them. Raises Undecodable or Broke."""
    task = {
        "format": FORMATS[media_type],
        "sizes": list(SIZES.values()),
        "masks": [list(mask) for mask in masks],
        "most_pixels": MOST_PIXELS,
        "memory_bytes": MEMORY_BYTES,
        "seconds": SECONDS,
        "answer_bytes": ANSWER_BYTES,
    }
    answer = _run(json.dumps(task).encode() + b"\n" + content)
    line, _, rest = answer.partition(b"\n")
    try:
        said = json.loads(line)
    except ValueError:
        raise Broke("The decoder gave no answer.") from None
    if "problem" in said:
        raise Undecodable(str(said["problem"]))
    copies = {}
    for name, length in zip(SIZES, said["lengths"], strict=True):
        copies[name], rest = rest[:length], rest[length:]
        if len(copies[name]) != length or not copies[name].startswith(JPEG_STARTS):
            raise Broke("The decoder's answer is not whole.")
    return Decoded(int(said["width"]), int(said["height"]), copies)


def _run(given: bytes) -> bytes:
    try:
        return apart.run(PROGRAM, given, WAIT_SECONDS)
    except apart.Ended as ended:
        raise Broke(f"The decoder {ended}.") from None
