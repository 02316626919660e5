"""A file is what its first bytes say; what a camera wrote is read with care; refusals name the file and the cure."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import pictures
from webapp.rules import photos


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (pictures.jpeg(), "image/jpeg"),
        (pictures.saved(pictures.picture(), "PNG"), "image/png"),
        (pictures.saved(pictures.picture(), "WEBP"), "image/webp"),
        (pictures.heic(), "image/heic"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "image/heic"),
    ],
)
def test_the_four_kinds_are_known_by_their_first_bytes(content: bytes, media_type: str):
    assert photos.sniff(content[: photos.FIRST_BYTES]) == media_type


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (pictures.SVG, "an SVG drawing"),
        (b"\xef\xbb\xbf <!-- x --> <svg>", "an SVG drawing"),
        (pictures.saved(pictures.picture(), "GIF"), "a GIF"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isom", "a video"),
        (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00mif1avif", "an AVIF"),
        (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avif", "a video"),
        (pictures.saved(pictures.picture(), "TIFF"), "a TIFF or raw file"),
        (pictures.saved(pictures.picture(), "BMP"), "a BMP"),
        (b"PK\x03\x04", "a document or an archive"),
        (b"<!DOCTYPE html><svg>", "a web page"),
    ],
)
def test_what_is_no_photo_is_called_what_it_is(content: bytes, what: str):
    assert photos.sniff(content) is None
    assert str(photos.not_a_photo("tip.jpg", content)) == (
        f"“tip.jpg” is not a photo we can read (it is {what}). Choose a JPEG, PNG, WebP or HEIC photo."
    )


@given(st.binary(max_size=600))
def test_any_bytes_are_a_known_kind_or_none(content: bytes):
    assert photos.sniff(content) in {None, *photos.ENDINGS}
    assert str(photos.not_a_photo("x", content)).startswith("“x” is not a photo")


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        (None, "A photo"),
        ("\x00\u202e", "A photo"),
        ("../../etc/passwd", "“passwd”"),
        ("C:\\Users\\rosa\\tip.jpg", "“tip.jpg”"),
        ("gpj\u202e.exe", "“gpj.exe”"),
        ("a" * 100 + ".jpg", f"“{'a' * 49}…{'a' * 6}.jpg”"),
        ("<b>ŵ😀.jpg", "“<b>ŵ😀.jpg”"),
    ],
)
def test_a_name_is_shown_without_folders_tricks_or_length(given_name: str | None, shown: str):
    assert photos.shown_name(given_name) == shown


def test_each_refusal_says_what_to_do():
    assert str(photos.empty("a.jpg")) == "“a.jpg” is empty (0 bytes). Choose the photo again."
    assert str(photos.too_big("a.jpg")) == "“a.jpg” is larger than 25 MB. Choose a smaller copy of it."
    assert photos.too_big("a.jpg").is_too_large
    assert "50 million pixels" in str(photos.too_many_pixels("a.png"))
    assert "“f.jpg” was left out" in str(photos.too_many(["f.jpg"]))
    assert "and 2 more were left out" in str(photos.too_many([f"{number}.jpg" for number in range(7)]))
    assert "larger than 40 MB together" in str(photos.too_much(["b.jpg"]))


@pytest.mark.parametrize(
    ("text", "offset", "moment"),
    [
        ("2026:07:01 14:05:00", None, datetime(2026, 7, 1, 13, 5, tzinfo=UTC)),
        ("2026:11:22 09:00:00", None, datetime(2026, 11, 22, 9, 0, tzinfo=UTC)),
        ("2026:07:01 14:05:00", "+02:00", datetime(2026, 7, 1, 12, 5, tzinfo=UTC)),
        ("2026:07:01 14:05:00\x00", "   ", datetime(2026, 7, 1, 13, 5, tzinfo=UTC)),
        ("0000:00:00 00:00:00", None, None),
        ("    :  :     :  :  ", None, None),
        ("0001:01:01 00:00:00", "+14:00", None),
        (b"\xff", None, None),
        (None, None, None),
    ],
)
def test_a_cameras_time_is_london_time_unless_it_says_otherwise(text: object, offset: object, moment: object):
    assert photos.taken_at(text, offset) == moment


@pytest.mark.parametrize(
    ("notes", "place"),
    [
        (((51.0, 16.0, 12.0), "N", (0.0, 11.0, 24.0), "W"), (51.27, -0.19)),
        (((51.0, 16.0, 12.0), b"S", (0.0, 11.0, 24.0), b"E"), (-51.27, 0.19)),
        (((0.0, 0.0, 0.0), "N", (0.0, 0.0, 0.0), "E"), None),
        (((float("nan"), 0.0, 0.0), "N", (0.0, 11.0, 24.0), "E"), None),
        (((91.0, 0.0, 0.0), "N", (0.0, 11.0, 24.0), "E"), None),
        (((51.0, 16.0), "N", (0.0, 11.0, 24.0), "E"), None),
        (((51.0, 16.0, 12.0), "", (0.0, 11.0, 24.0), "E"), None),
        (((51.0, "x", 12.0), "N", (0.0, 11.0, 24.0), "E"), None),
        ((None, None, None, None), None),
    ],
)
def test_a_cameras_place_is_whole_and_possible_or_unknown(notes: tuple[object, ...], place: object):
    assert photos.position(*notes) == place
