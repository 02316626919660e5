"""Photos as phones have them, one test for each line of the list: what arrives is what was saved, byte for byte."""

import hashlib
import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests import pictures
from tests.browser.fault_proxy import Refuse
from tests.browser.field import CAPTURE, Desk, Field


def large(path: Path) -> Path:
    """Write a photo of about 12 MB, as a good camera makes it."""
    noise = os.urandom(4000 * 1000 * 3)
    Image.frombytes("RGB", (4000, 1000), noise).resize((4000, 3000), Image.Resampling.NEAREST).save(
        path, "JPEG", quality=90
    )
    return path


def written(afield: Field, name: str, content: bytes) -> Path:
    path = afield.picture(name=name)
    path.write_bytes(content)
    return path


@pytest.mark.fault("photos")
def test_a_photo_of_twelve_megabytes_is_made_smaller_and_arrives(afield: Field, tmp_path: Path):
    path = large(tmp_path / "large.jpg")
    assert path.stat().st_size > 5_000_000
    own = afield.send(path)
    afield.is_sent()
    afield.everything_arrived()
    assert len(Desk(afield.served.folder).photos_of(own)) == 1


KINDS = {
    "HEIC": ("a.heic", pictures.heic()),
    "rotated": (
        "turned.jpg",
        pictures.saved(pictures.picture((640, 480)), "JPEG", exif=pictures.camera_notes()),
    ),
    "corrupt": ("broken.jpg", pictures.truncated_jpeg()),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.fault("photos")
def test_whatever_kind_it_is_it_arrives_as_it_was(afield: Field, kind: str):
    name, content = KINDS[kind]
    own = afield.send(written(afield, name, content))
    afield.is_sent()
    afield.everything_arrived()
    [photo] = Desk(afield.served.folder).photos_of(own)
    assert Desk(afield.served.folder).photo_hashes[photo] == hashlib.sha256(content).hexdigest()


@pytest.mark.fault("photos")
def test_three_photos_of_one_name_are_three_photos(afield: Field):
    same = [afield.picture(name=f"{number}/IMG_0001.jpg") for number in range(3)]
    own = afield.send(*same)
    afield.is_sent()
    afield.everything_arrived()
    assert len(Desk(afield.served.folder).photos_of(own)) == 3


@pytest.mark.fault("photos")
def test_sixty_photos_of_one_walk_arrive_after_a_dead_spot(afield: Field):
    afield.proxy.plan(Refuse(), "PUT", CAPTURE, times=None)
    for number in range(12):
        afield.send(*(afield.picture() for _ in range(5)), place_text=f"Stop {number} of the walk")
        afield.is_saved()
    assert len(afield.holds_on_the_way().photos) == 60
    afield.go("/outbox")
    expect(afield.page.get_by_role("heading", name="12 waiting to send")).to_be_visible()
    afield.back_online()
    expect(afield.page.get_by_role("heading", name="Nothing is waiting to be sent")).to_be_visible()
    afield.everything_arrived()
    desk = Desk(afield.served.folder)
    assert sum(len(desk.photos_of(own)) for own in afield.ids) == 60
