"""Unfold one stranger's photo into safe copies, as a program of its own that `services.decoding` starts.

Decoders are large C libraries. This process is given no secret and no file to open, and has little time and memory,
so a file that breaks a decoder breaks nothing else. It must not import `webapp`, which would load the whole product.

In: one line of JSON ({"format", "sizes", "masks", "most_pixels", "memory_bytes", "seconds", "answer_bytes"}), then the
file. A mask is left, top, width and height as parts of the photo upright; every copy is made of the masked photo.
Out: one line of JSON ({"width", "height", "lengths"} or {"problem"}), then the copies as JPEG, one after another.
"""

import io
import json
import math
import os
import resource
import sys
import warnings
from typing import Any

from PIL import Image, ImageCms
from pillow_heif import register_heif_opener

QUALITY = 82
# A colour profile is some kilobytes; a longer one is no profile of a camera.
MOST_PROFILE_BYTES = 4 * 1024 * 1024

_TURN = Image.Transpose
TURNS = {
    2: _TURN.FLIP_LEFT_RIGHT,
    3: _TURN.ROTATE_180,
    4: _TURN.FLIP_TOP_BOTTOM,
    5: _TURN.TRANSPOSE,
    6: _TURN.ROTATE_270,
    7: _TURN.TRANSVERSE,
    8: _TURN.ROTATE_90,
}
SIDEWAYS = frozenset({_TURN.TRANSPOSE, _TURN.ROTATE_270, _TURN.TRANSVERSE, _TURN.ROTATE_90})


def limit(memory_bytes: int, seconds: int, answer_bytes: int) -> None:
    """Take from this process what a hostile file could ask for: memory, time, files; let others go first."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (answer_bytes, answer_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))


def upright(content: bytes, image_format: str, longest: int) -> tuple[Image.Image, tuple[int, int]]:
    """Return the photo no longer than asked, upright, in sRGB and opaque, and the size of the whole photo upright."""
    image: Image.Image = Image.open(io.BytesIO(content), formats=[image_format])
    width, height = image.size
    profile, turn = image.info.get("icc_profile"), TURNS.get(orientation(image))
    if image.mode in ("1", "P", "PA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
    image = to_srgb(on_white(image), profile)
    if turn is not None:
        image = image.transpose(turn)
    return image, (height, width) if turn in SIDEWAYS else (width, height)


def orientation(image: Image.Image) -> int:
    """Return how the camera was held, 1 when that cannot be read."""
    try:
        return int(image.getexif().get(0x0112, 1))
    except Exception:
        return 1


def on_white(image: Image.Image) -> Image.Image:
    """Return the image in eight bits a channel, its transparent parts white."""
    if image.mode.startswith("I"):
        # Pillow clips 16-bit greys to white instead of scaling them.
        image = image.convert("F").point(lambda value: value * (255 / 65535)).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def to_srgb(image: Image.Image, profile: Any) -> Image.Image:
    """Return the image in plain RGB; a colour profile that cannot be used is left aside."""
    if isinstance(profile, bytes) and 128 < len(profile) < MOST_PROFILE_BYTES:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            return image.convert("RGB")
    return image.convert("RGB")


def masked(image: Image.Image, masks: list[list[float]]) -> Image.Image:
    """Return the image with these areas black, every pixel that an area touches."""
    width, height = image.size
    for left, top, wide, high in masks:
        box = (
            math.floor(left * width),
            math.floor(top * height),
            math.ceil((left + wide) * width),
            math.ceil((top + high) * height),
        )
        image.paste("black", box)
    return image


def as_jpeg(image: Image.Image, longest: int) -> bytes:
    """Return the image as a JPEG at most so many pixels long, made of pixels alone: no metadata at all."""
    copy = image.copy()
    copy.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
    bare = Image.new("RGB", copy.size)
    bare.paste(copy)
    file = io.BytesIO()
    bare.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return file.getvalue()


def main() -> None:
    """Read one photo and write its copies."""
    task = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    register_heif_opener()
    Image.MAX_IMAGE_PIXELS = task["most_pixels"]
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    limit(task["memory_bytes"], task["seconds"], task["answer_bytes"])
    try:
        image, (width, height) = upright(content, task["format"], max(task["sizes"]))
        image = masked(image, task["masks"])
        copies = [as_jpeg(image, longest) for longest in task["sizes"]]
    except Exception as error:
        answer: dict[str, Any] = {"problem": type(error).__name__}
        copies = []
    else:
        answer = {"width": width, "height": height, "lengths": [len(copy) for copy in copies]}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + b"".join(copies))


if __name__ == "__main__":
    main()
