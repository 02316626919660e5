"""The photos field takes what is good, and refuses the rest one by one in words that name the file."""

import io
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import Form

from tests import pictures
from webapp.forms import photos as fields
from webapp.rules import photos as rules


class PhotoForm(Form):
    photos = fields.PhotosField("Photos")


def chosen(*files: tuple[str, bytes]) -> Any:
    stored = [("photos", FileStorage(io.BytesIO(content), name)) for name, content in files]
    form = PhotoForm(MultiDict(stored))
    form.validate()
    return form.photos


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_good_photo_comes_with_when_and_where_it_was_taken(image_format: str):
    content = pictures.saved(pictures.picture(), image_format, exif=pictures.camera_notes())
    field = chosen(("tip.bin", content))
    assert list(field.errors) == []
    (upload,) = field.data
    assert upload.position == pictures.IN_SEVENOAKS
    assert upload.taken_at.isoformat() == "2026-07-01T13:05:00+00:00"
    assert (upload.size_bytes, upload.stream.read()) == (len(content), content)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("nothing.jpg", b"", "“nothing.jpg” is empty (0 bytes)"),
        ("notes.jpg", b"only words", "“notes.jpg” is not a photo we can read."),
        ("drawing.png", pictures.SVG, "(it is an SVG drawing)"),
        ("start.jpg", b"\xff\xd8\xff\xe0", "“start.jpg” is damaged"),
        ("half.webp", pictures.saved(pictures.picture((400, 300)), "WEBP")[:60], "“half.webp” is damaged"),
        ("half.heic", pictures.heic()[:120], "“half.heic” is damaged"),
        ("bomb.png", pictures.bomb_png(), "“bomb.png” has more than 50 million pixels"),
        ("smaller-bomb.png", pictures.bomb_png(8_000), "“smaller-bomb.png” has more than 50 million pixels"),
    ],
)
def test_a_bad_file_is_refused_at_once_and_the_good_one_stays(name: str, content: bytes, words: str):
    field = chosen((name, content), ("good.jpg", pictures.jpeg()))
    (sentence,) = field.errors
    assert words in sentence
    assert [upload.file_name for upload in field.data] == ["good.jpg"]
    assert not field.is_too_large


def test_each_bad_file_has_its_own_sentence():
    field = chosen(("a.jpg", b""), ("b.jpg", b"words"))
    assert [sentence.split(" is ")[0] for sentence in field.errors] == ["“a.jpg”", "“b.jpg”"]


def test_of_six_photos_the_first_five_stay_and_the_sixth_is_named():
    field = chosen(*((f"{number}.jpg", pictures.jpeg((60 + number, 40))) for number in range(6)))
    assert [upload.file_name for upload in field.data] == [f"{number}.jpg" for number in range(5)]
    assert list(field.errors) == [
        "A report takes up to 5 photos. “5.jpg” was left out. Choose the photos that show the most."
    ]


def test_a_photo_of_more_than_25_mb_is_too_large():
    field = chosen(("huge.jpg", pictures.jpeg() + bytes(rules.MOST_BYTES)))
    assert field.errors == ["“huge.jpg” is larger than 25 MB. Choose a smaller copy of it."]
    assert field.is_too_large
    assert field.data == []


def test_photos_of_more_than_40_mb_together_are_left_out_from_the_end():
    large = pictures.jpeg() + bytes(15 * rules.MEGABYTE)
    field = chosen(*((f"{number}.jpg", large) for number in range(3)))
    assert [upload.file_name for upload in field.data] == ["0.jpg", "1.jpg"]
    assert "“2.jpg” was left out" in field.errors[0]
    assert field.is_too_large


def test_no_photo_is_no_error():
    assert chosen(("", b"")).data == []
    assert list(chosen(("", b"")).errors) == []
    assert list(chosen().errors) == []


def test_words_sent_as_a_photo_are_left_aside():
    form = PhotoForm(MultiDict([("photos", "words")]))
    assert form.validate()
    assert form.photos.data == []


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_notes_of_a_camera_that_make_no_sense_are_unknown_and_the_photo_is_taken():
    content = pictures.jpeg(exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff")
    (upload,) = chosen(("odd.jpg", content)).data
    assert (upload.taken_at, upload.position) == (None, None)


def test_a_photo_that_is_also_a_web_page_is_a_photo_and_keeps_its_type():
    (upload,) = chosen(("page.html", pictures.jpeg() + b"<script>alert(1)</script>")).data
    assert upload.media_type == "image/jpeg"
