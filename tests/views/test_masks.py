"""What an officer masks is in no copy of a photo any more, for anybody; the original stays for staff."""

import io
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image

from tests.auditing import Walked, walked
from tests.builders import hidden_fields
from tests.cast import Cast
from tests.phone import Shot
from tests.pictures import camera_notes, jpeg
from webapp.extensions import db
from webapp.models.eva import EvaPaper
from webapp.models.event import Event
from webapp.models.photo import Photo, PhotoMask
from webapp.rules.errors import Refused
from webapp.services import decoding, masks, media, photo_work, photos, publishing

pytestmark = pytest.mark.usefixtures("noon")

# The left half of a picture is red, the right half blue: the area lies in the left one.
AREA = {"areas-x": "10", "areas-y": "20", "areas-width": "30", "areas-height": "40"}
MIDDLE, BESIDE, RIGHT = (0.25, 0.4), (0.45, 0.4), (0.75, 0.4)
BLACK, RED, BLUE = (0, 0, 0), (254, 0, 0), (0, 0, 254)


@pytest.fixture
def audit(app: Flask, cast: Cast) -> Walked:
    audit = walked(app, cast)
    audit.see(Shot(content=jpeg((3000, 2000))))
    audit.unfold()
    return audit


@pytest.fixture
def photo_id(audit: Walked) -> UUID:
    return audit.photo_ids()[0]


def mask(cast: Cast, photo_id: UUID, **typed: object) -> object:
    owen, address = cast.client("Owen"), f"/photos/{photo_id}/mask"
    token = hidden_fields(owen.get(address).text)["csrf_token"]
    return owen.post(address, data={"csrf_token": token, **(typed or AREA)})


def take_away(cast: Cast, photo_id: UUID, mask_id: int) -> object:
    owen = cast.client("Owen")
    token = hidden_fields(owen.get("/track").text)["csrf_token"]
    return owen.post(f"/photos/{photo_id}/mask/{mask_id}/remove", data={"csrf_token": token})


def colours(answer: object, *places: tuple[float, float]) -> list[tuple[int, ...]]:
    """Return the colours of a JPEG at parts of its width and height."""
    assert answer.status_code == 200 and answer.mimetype == "image/jpeg"
    image = Image.open(io.BytesIO(answer.data))
    return [image.getpixel((int(x * image.width), int(y * image.height))) for x, y in places]


def are(found: list[tuple[int, ...]], *wanted: tuple[int, int, int]) -> bool:
    pairs = zip(found, wanted, strict=True)
    return all(abs(one - other) < 12 for seen, meant in pairs for one, other in zip(seen, meant, strict=True))


def test_a_mask_is_black_in_every_size_and_nothing_else_changes(
    app: Flask, audit: Walked, cast: Cast, photo_id: UUID
):
    audit.release(photo_id)
    rosa = app.test_client()
    for size in ("large", "small"):
        assert are(colours(rosa.get(f"/photos/{photo_id}/{size}"), MIDDLE, BESIDE, RIGHT), RED, RED, BLUE)
    assert mask(cast, photo_id).status_code == 303
    audit.unfold()
    for size in ("large", "small"):
        for client in (rosa, cast.client("Owen"), cast.client("Sunita")):
            found = colours(client.get(f"/photos/{photo_id}/{size}"), MIDDLE, BESIDE, RIGHT)
            assert are(found, BLACK, RED, BLUE)
    corners = [(0.105, 0.21), (0.395, 0.21), (0.105, 0.59), (0.395, 0.59)]
    assert are(colours(rosa.get(f"/photos/{photo_id}/large"), *corners), *[BLACK] * 4)


def test_while_the_copies_are_made_again_the_public_is_answered_nothing(
    app: Flask, audit: Walked, cast: Cast, photo_id: UUID
):
    audit.release(photo_id)
    rosa = app.test_client()
    mask(cast, photo_id)
    for size in ("large", "small"):
        assert rosa.get(f"/photos/{photo_id}/{size}").status_code == 404
        waiting = cast.client("Owen").get(f"/photos/{photo_id}/{size}")
        assert waiting.mimetype == "image/svg+xml" and waiting.headers["Cache-Control"] == "no-store"
    assert "The copies are being made again" in cast.client("Owen").get(f"/photos/{photo_id}/mask").text
    audit.unfold()
    assert rosa.get(f"/photos/{photo_id}/large").status_code == 200


def test_a_copy_that_a_browser_kept_is_not_taken_for_the_masked_one(
    app: Flask, audit: Walked, cast: Cast, photo_id: UUID
):
    audit.release(photo_id)
    rosa = app.test_client()
    kept = {size: rosa.get(f"/photos/{photo_id}/{size}").headers["ETag"] for size in ("large", "small")}
    mask(cast, photo_id)
    audit.unfold()
    for size, tag in kept.items():
        answer = rosa.get(f"/photos/{photo_id}/{size}", headers={"If-None-Match": tag})
        assert are(colours(answer, MIDDLE), BLACK)


def test_no_copy_of_before_is_left_on_the_disk(app: Flask, audit: Walked, cast: Cast, photo_id: UUID):
    mask(cast, photo_id)
    audit.unfold()
    with app.app_context():
        for size in ("large", "small"):
            with pytest.raises(FileNotFoundError):
                media.read_copy(photo_id, size)
            assert media.read_copy(photo_id, size, 1)


def test_the_original_stays_as_it_came_and_for_officers_alone_once_it_is_masked(
    app: Flask, audit: Walked, cast: Cast, photo_id: UUID
):
    audit.release(photo_id)
    assert cast.client("Sunita").get(f"/photos/{photo_id}/original").status_code == 200
    mask(cast, photo_id)
    audit.unfold()
    assert app.test_client().get(f"/photos/{photo_id}/original").status_code in {302, 404}
    for name in ("Vic", "Nadia", "Priya", "Sunita"):
        assert cast.client(name).get(f"/photos/{photo_id}/original").status_code == 404
    original = Image.open(io.BytesIO(cast.client("Owen").get(f"/photos/{photo_id}/original").data))
    assert original.size == (3000, 2000) and original.getpixel((750, 800))[0] > 200


def test_a_mask_that_is_taken_away_shows_the_photo_again_and_history_says_both(
    app: Flask, audit: Walked, cast: Cast, photo_id: UUID
):
    mask(cast, photo_id)
    audit.unfold()
    with app.app_context():
        mask_id = db.session.query(PhotoMask.id).scalar()
    assert take_away(cast, photo_id, mask_id).status_code == 303
    audit.unfold()
    assert are(colours(cast.client("Owen").get(f"/photos/{photo_id}/large"), MIDDLE), RED)
    with app.app_context():
        told = db.session.query(Event).filter(Event.action.in_(("photo_masked", "photo_unmasked"))).all()
        assert [one.action for one in sorted(told, key=lambda one: one.id)] == [
            "photo_masked",
            "photo_unmasked",
        ]
        assert told[0].after == {"photo": str(photo_id), "areas": 1}
        assert db.session.query(PhotoMask).count() == 0
    assert take_away(cast, photo_id, mask_id).status_code == 404


def test_a_photo_that_was_held_sideways_is_masked_where_it_is_seen(app: Flask, cast: Cast):
    audit = walked(app, cast)
    # Stored lying, shown standing: red on top, blue below.
    audit.see(Shot(content=jpeg((600, 400), exif=camera_notes(orientation=6))))
    audit.unfold()
    photo_id = audit.photo_ids()[0]
    mask(cast, photo_id, **{"areas-x": "0", "areas-y": "0", "areas-width": "100", "areas-height": "20"})
    audit.unfold()
    found = colours(cast.client("Owen").get(f"/photos/{photo_id}/large"), (0.5, 0.1), (0.5, 0.35), (0.5, 0.9))
    assert are(found, BLACK, RED, BLUE)


def test_several_areas_are_masked_at_once_and_empty_rows_are_none(
    app: Flask, audit: Walked, cast: Cast, photo_id: UUID
):
    two = {
        "areas-x": ["0", "80,5", ""],
        "areas-y": ["0", "80%", ""],
        "areas-width": ["10", "19.5", ""],
        "areas-height": ["10", "20", ""],
    }
    assert mask(cast, photo_id, **two).status_code == 303
    audit.unfold()
    large = cast.client("Owen").get(f"/photos/{photo_id}/large")
    assert are(colours(large, (0.05, 0.05), (0.99, 0.99), MIDDLE), BLACK, BLACK, RED)
    page = cast.client("Owen").get(f"/photos/{photo_id}/mask").text
    assert "2 masks" in page and "80.5% from the left" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"areas-x": ""}, "Area 1: enter how far from the left it begins."),
        ({"areas-x": "left"}, "Area 1: “from the left” is a number from 0 to 100"),
        ({"areas-y": "-1"}, "Area 1: “from the top” is a number from 0 to 100"),
        ({"areas-width": "nan"}, "Area 1: “width” is a number"),
        ({"areas-width": "0"}, "Area 1: its width and height must be more than 0."),
        ({"areas-width": "95"}, "Area 1 goes over the edge of the photo."),
        (dict.fromkeys(AREA, ""), "Draw an area on the photo, or enter one below."),
    ],
)
def test_an_area_that_makes_no_sense_comes_back_with_what_to_do_and_what_was_typed(
    app: Flask, cast: Cast, audit: Walked, photo_id: UUID, changes: dict[str, str], words: str
):
    answer = mask(cast, photo_id, **{**AREA, **changes})
    assert answer.status_code == 422 and words in answer.text
    kept = {**AREA, **changes}["areas-height"]
    assert not kept or f'name="areas-height" value="{kept}"' in answer.text
    with app.app_context():
        assert db.session.query(PhotoMask).count() == 0
        assert db.session.get_one(Photo, photo_id).state == "ready"


def test_an_old_page_comes_back_filled(cast: Cast, audit: Walked, photo_id: UUID):
    answer = cast.client("Owen").post(f"/photos/{photo_id}/mask", data={**AREA, "csrf_token": "old"})
    assert answer.status_code == 422 and "open for too long" in answer.text
    assert 'name="areas-width" value="30"' in answer.text


def test_a_photo_is_masked_only_while_it_can_be_seen(cast: Cast, audit: Walked, photo_id: UUID, app: Flask):
    owen = cast.person("Owen")
    area = [{"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1}]
    with app.app_context():
        masks.add(photo_id, area, owen)
        with pytest.raises(Refused, match="Wait until you can see it"):
            masks.add(photo_id, area, owen)
        mask_id = db.session.query(PhotoMask.id).scalar()
        with pytest.raises(Refused, match="Wait until you can see it"):
            masks.remove(photo_id, mask_id, owen)
        with pytest.raises(Refused, match="still being prepared"):
            photos.release(photo_id, owen)
    refused = take_away(cast, photo_id, mask_id)
    assert refused.status_code == 422 and "Wait until you can see it" in refused.text


def test_no_photo_takes_masks_without_end(cast: Cast, audit: Walked, photo_id: UUID, app: Flask):
    area = {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1}
    with app.app_context(), pytest.raises(Refused, match="up to 40 masks"):
        masks.add(photo_id, [area] * 41, cast.person("Owen"))


@pytest.mark.parametrize("name", ["Sunita", "Vic", "Priya", "Nadia", "Carol"])
def test_nobody_but_officers_masks(cast: Cast, audit: Walked, photo_id: UUID, name: str):
    client = cast.client(name)
    token = hidden_fields(client.get("/track").text)["csrf_token"]
    assert client.get(f"/photos/{photo_id}/mask").status_code == 404
    assert client.post(f"/photos/{photo_id}/mask", data={**AREA, "csrf_token": token}).status_code == 404


def test_a_worker_that_decoded_before_the_mask_settles_nothing_and_its_copy_is_answered_to_nobody(
    app: Flask, cast: Cast, audit: Walked, photo_id: UUID, monkeypatch: pytest.MonkeyPatch
):
    """Two workers: one is slow with a photo that the other has finished, and that is masked meanwhile."""
    owen, real, area = cast.person("Owen"), decoding.decode, {"x": 0.1, "y": 0.2, "width": 0.3, "height": 0.4}

    def slow(*given: object) -> decoding.Decoded:
        decoded = real(*given)
        monkeypatch.setattr(decoding, "decode", real)
        photo_work.decode_waiting()
        masks.add(photo_id, [area], owen)
        return decoded

    audit.release(photo_id)
    mask(cast, photo_id)
    with app.app_context():
        monkeypatch.setattr(decoding, "decode", slow)
        photo_work.decode_waiting()
        db.session.expire_all()
        photo = db.session.get_one(Photo, photo_id)
        assert (photo.state, photo.masks_rev) == ("waiting", 2)
    assert app.test_client().get(f"/photos/{photo_id}/large").status_code == 404
    audit.unfold()
    assert are(colours(app.test_client().get(f"/photos/{photo_id}/large"), MIDDLE), BLACK)


def test_a_pdf_that_shows_the_photo_is_taken_away_with_a_mask_or_when_it_is_hidden(
    app: Flask, cast: Cast, audit: Walked, photo_id: UUID
):
    owen = cast.person("Owen")
    with app.app_context():
        publishing.ask_for_paper(audit.reference, owen)
        masks.add(photo_id, [{"x": 0.1, "y": 0.2, "width": 0.3, "height": 0.4}], owen)
        assert db.session.query(EvaPaper).count() == 0
        publishing.ask_for_paper(audit.reference, owen)
        photos.hide(photo_id, owen)
        assert db.session.query(EvaPaper).count() == 0


def test_the_page_leads_back_to_where_the_photo_is(cast: Cast, audit: Walked, photo_id: UUID):
    page = cast.client("Owen").get(f"/photos/{photo_id}/mask").text
    assert f'href="{audit.page}/observations/1#photos"' in page
    assert f"/photos/{photo_id}/mask" in cast.client("Owen").get(f"{audit.page}/observations/1").text
