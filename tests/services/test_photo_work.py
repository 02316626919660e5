"""The worker unfolds photos upright, small enough and without notes; whatever breaks, it lives on."""

import io
import signal
import subprocess
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from PIL import Image, ImageCms
from sqlalchemy import select

from tests import pictures
from tests.builders import submit
from tests.services.test_photos import stage, upload
from webapp.extensions import db
from webapp.models.photo import Photo
from webapp.services import decoding, media, photo_work


@pytest.fixture(autouse=True)
def context(app: Flask):
    with app.app_context():
        yield


def waiting(content: bytes) -> Photo:
    """A photo of these bytes that was sent and not unfolded yet."""
    capture_id = uuid4()
    stage(capture_id, upload(content))
    submit(capture_id=capture_id)
    return db.session.scalars(select(Photo).where(Photo.capture_id == capture_id)).one()


def unfolded(content: bytes) -> Photo:
    photo = waiting(content)
    photo_work.decode_waiting()
    db.session.expire_all()
    return photo


def copy_of(photo: Photo, size: str) -> Image.Image:
    return Image.open(io.BytesIO(media.read_copy(photo.id, size)))


def test_a_photo_is_ready_in_two_sizes_and_its_original_is_as_it_was():
    content = pictures.jpeg((3000, 1500), exif=pictures.camera_notes())
    photo = unfolded(content)
    assert (photo.state, photo.width, photo.height, photo.attempts) == ("ready", 3000, 1500, 1)
    assert copy_of(photo, "large").size == (2048, 1024)
    assert copy_of(photo, "small").size == (400, 200)
    with media.open_original(photo.id, photo.arrived_as) as file:
        assert file.read() == content


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_copies_carry_none_of_what_the_camera_wrote(image_format: str):
    options = {"exif": pictures.camera_notes()}
    if image_format in {"JPEG", "PNG", "WEBP"}:
        options["xmp"] = b"<x:xmpmeta>Rosa lives here</x:xmpmeta>"
    photo = unfolded(pictures.saved(pictures.picture((640, 480)), image_format, **options))
    assert photo.latitude == pictures.IN_SEVENOAKS[0]
    for size in ("large", "small"):
        content, copy = media.read_copy(photo.id, size), copy_of(photo, size)
        assert copy.format == "JPEG"
        assert dict(copy.getexif()) == {}
        assert set(copy.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }
        assert b"Exif" not in content
        assert b"Rosa" not in content


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_copy_is_upright_however_the_phone_was_held(orientation: int):
    # What the camera saw is red on the left and blue on the right; it is stored turned, with a note of how.
    back = {2: 0, 3: 1, 4: 5, 5: 5, 6: 2, 7: 6, 8: 4}
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    assert set(back) == set(turns)
    image = pictures.picture((60, 40))
    if orientation > 1:
        image = image.transpose(Image.Transpose(turns[orientation]))
    photo = unfolded(pictures.saved(image, "PNG", exif=pictures.camera_notes(orientation=orientation)))
    copy = copy_of(photo, "large")
    assert (photo.width, photo.height) == copy.size == (60, 40)
    left, right = copy.getpixel((5, 20)), copy.getpixel((55, 20))
    assert left[0] > 200 > 60 > left[2]
    assert right[2] > 200 > 60 > right[0]


@pytest.mark.parametrize(
    ("make", "colour"),
    [
        (lambda: pictures.saved(Image.new("CMYK", (50, 50), (255, 0, 0, 0)), "JPEG"), (0, 255, 255)),
        (lambda: pictures.saved(Image.new("I;16", (50, 50), 32768), "PNG"), (128, 128, 128)),
        (lambda: pictures.saved(Image.new("L", (50, 50), 77), "JPEG"), (77, 77, 77)),
        (lambda: pictures.saved(Image.new("LA", (50, 50), (0, 0)), "PNG"), (255, 255, 255)),
        (lambda: pictures.saved(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "WEBP"), (255, 255, 255)),
        (lambda: pictures.saved(Image.new("P", (50, 50), 0), "PNG", transparency=0), (255, 255, 255)),
        (lambda: pictures.saved(Image.new("1", (50, 50), 1), "PNG"), (255, 255, 255)),
    ],
    ids=["CMYK", "16-bit", "grey", "grey with alpha", "alpha", "palette", "one bit"],
)
def test_unusual_kinds_of_colour_come_out_right(make: Callable[[], bytes], colour: tuple[int, int, int]):
    seen = copy_of(unfolded(make()), "large").getpixel((25, 25))
    assert all(abs(one - other) < 12 for one, other in zip(seen, colour, strict=True))


def test_a_moving_picture_shows_its_first_picture():
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "blue")]
    content = pictures.saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert copy_of(unfolded(content), "large").getpixel((25, 25))[0] > 200


@pytest.mark.parametrize(
    "profile", [ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), b"x" * 500]
)
def test_a_colour_profile_is_used_or_left_aside_but_never_kept(profile: bytes):
    photo = unfolded(pictures.jpeg((80, 60), icc_profile=profile))
    assert photo.state == "ready"
    assert "icc_profile" not in copy_of(photo, "large").info


def test_what_hides_behind_a_photo_is_not_in_its_copies():
    photo = unfolded(pictures.jpeg() + b"<script>alert(1)</script>")
    assert b"script" not in media.read_copy(photo.id, "large")


def test_a_photo_that_breaks_is_unreadable_its_original_stays_and_the_next_one_is_unfolded():
    broken, good = waiting(pictures.truncated_jpeg()), waiting(pictures.jpeg())
    photo_work.decode_waiting()
    db.session.expire_all()
    assert (broken.state, broken.attempts, good.state) == ("unreadable", 1, "ready")
    with media.open_original(broken.id, broken.arrived_as) as file:
        assert file.read() == pictures.truncated_jpeg()


def test_a_bomb_is_refused_by_the_decoder_too():
    with pytest.raises(decoding.Undecodable, match="DecompressionBombError"):
        decoding.decode(pictures.bomb_png(), "image/png")
    with pytest.raises(decoding.Undecodable, match="DecompressionBombWarning"):
        decoding.decode(pictures.bomb_png(8_000), "image/png")


def test_a_photo_that_kills_its_decoder_is_tried_three_times_and_then_given_up(
    monkeypatch: pytest.MonkeyPatch,
):
    def killed(*arguments: object, **options: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess([], -signal.SIGSEGV)

    photo = waiting(pictures.jpeg())
    monkeypatch.setattr(subprocess, "run", killed)
    states = []
    for _ in range(4):
        photo_work.decode_waiting()
        db.session.expire_all()
        states.append((photo.state, photo.attempts))
    assert states == [("waiting", 1), ("waiting", 2), ("unreadable", 3), ("unreadable", 3)]


def test_a_photo_that_takes_the_worker_down_is_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch):
    class WorkerKilled(BaseException):
        pass

    def takes_all_down(*arguments: object) -> None:
        raise WorkerKilled

    photo = waiting(pictures.jpeg())
    monkeypatch.setattr(decoding, "decode", takes_all_down)
    for attempt in range(1, 4):
        with pytest.raises(WorkerKilled):
            photo_work.decode_waiting()
        db.session.expire_all()
        assert photo.attempts == attempt
    photo_work.decode_waiting()
    db.session.expire_all()
    assert photo.state == "unreadable"


def test_a_decoder_out_of_memory_or_time_breaks_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(decoding, "MEMORY_BYTES", 64 * 1024 * 1024)
    with pytest.raises((decoding.Undecodable, decoding.Broke)):
        decoding.decode(pictures.bomb_png(7_000), "image/png")
    monkeypatch.undo()
    monkeypatch.setattr(decoding, "WAIT_SECONDS", 0.001)
    with pytest.raises(decoding.Broke, match="too long"):
        decoding.decode(pictures.jpeg(), "image/jpeg")


def test_storage_that_does_not_answer_costs_a_photo_no_attempt(monkeypatch: pytest.MonkeyPatch):
    def away(*arguments: object) -> None:
        raise ConnectionError

    photo = waiting(pictures.jpeg())
    monkeypatch.setattr(media, "keep_original", away)
    for _ in range(5):
        photo_work.decode_waiting()
    db.session.expire_all()
    assert (photo.state, photo.attempts) == ("waiting", 0)
    monkeypatch.undo()
    photo_work.decode_waiting()
    db.session.expire_all()
    assert photo.state == "ready"


def test_when_there_is_more_than_one_batch_the_worker_comes_back_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(photo_work, "BATCH", 2)
    for number in range(3):
        waiting(pictures.jpeg((30 + number, 30)))
    assert photo_work.decode_waiting() is True
    assert photo_work.decode_waiting() is False
    states = db.session.scalars(select(Photo.state)).all()
    assert set(states) == {"ready"}
