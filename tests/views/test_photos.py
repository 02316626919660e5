"""A photo's address shows it to whoever may see it now, and to nobody else, at every size."""

import io
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests import pictures
from tests.builders import REPORT_PAGE, filled, open_page, token_of
from tests.cast import Cast
from webapp.extensions import db
from webapp.models.event import Event
from webapp.models.photo import Photo
from webapp.services import photo_work, photos, visibility
from webapp.services.reporters import tracked


class Sent:
    """A report with one photo, sent by a browser."""

    def __init__(self, app: Flask, client: FlaskClient, content: bytes) -> None:
        page = open_page(client)
        files = {"photos": (io.BytesIO(content), "../tip <b>.jpg")}
        answer = client.post(
            REPORT_PAGE, data={**page, **filled(), **files}, content_type="multipart/form-data"
        )
        self.app, self.token = app, token_of(answer)
        with app.app_context():
            self.id: UUID = (
                db.session.query(Photo.id).filter(Photo.capture_id == UUID(page["capture_id"])).scalar()
            )
            self.reference = tracked(self.token).record.reference

    def unfold(self) -> None:
        with self.app.app_context():
            photo_work.decode_waiting()

    def address(self, size: str = "large") -> str:
        return f"/photos/{self.id}/{size}"


@pytest.fixture
def sent(app: Flask, client: FlaskClient) -> Iterator[Sent]:
    sent = Sent(app, client, pictures.jpeg((300, 200), exif=pictures.camera_notes()))
    sent.unfold()
    return sent


def in_app(app: Flask, verb: Callable[..., object], *arguments: object) -> None:
    with app.app_context():
        verb(*arguments)


def test_an_unreleased_photo_is_shown_to_an_officer_and_its_reporter_alone(
    sent: Sent, client: FlaskClient, cast: Cast
):
    for size in ("large", "small"):
        assert client.get(sent.address(size)).status_code == 404
        for name in ("Vic", "Carol", "Sunita", "Priya", "Nadia"):
            assert cast.client(name).get(sent.address(size)).status_code == 404
        assert cast.client("Owen").get(sent.address(size)).status_code == 200
        assert client.get(f"/track/{sent.token}/photos/{sent.id}/{size}").status_code == 200


def test_a_released_photo_is_shown_to_anybody_as_a_jpeg_without_notes_that_can_do_nothing(
    sent: Sent, app: Flask, client: FlaskClient, cast: Cast
):
    in_app(app, photos.release, sent.id, cast.person("Owen"))
    answer = client.get(sent.address())
    assert answer.status_code == 200
    assert answer.content_type == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Content-Disposition"] == f'inline; filename="photo-{sent.id}-large.jpg"'
    assert answer.headers["Cache-Control"] == "private, no-cache"
    image = Image.open(io.BytesIO(answer.data))
    assert (image.size, dict(image.getexif())) == ((300, 200), {})


def test_an_address_stops_working_at_once_when_the_photo_is_hidden_even_for_who_has_seen_it(
    sent: Sent, app: Flask, client: FlaskClient, cast: Cast
):
    owen = cast.person("Owen")
    in_app(app, photos.release, sent.id, owen)
    seen = {size: client.get(sent.address(size)).headers["ETag"] for size in ("large", "small")}
    for size, tag in seen.items():
        assert client.get(sent.address(size), headers={"If-None-Match": tag}).status_code == 304
    in_app(app, photos.hide, sent.id, owen)
    for size, tag in seen.items():
        assert client.get(sent.address(size), headers={"If-None-Match": tag}).status_code == 404
        assert client.get(f"/track/{sent.token}/photos/{sent.id}/{size}").status_code == 404
        assert cast.client("Owen").get(sent.address(size)).status_code == 200


def test_an_address_stops_working_when_the_record_is_hidden(
    sent: Sent, app: Flask, client: FlaskClient, cast: Cast
):
    in_app(app, photos.release, sent.id, cast.person("Owen"))
    in_app(app, visibility.set_visibility, sent.reference, "hidden", cast.person("Owen"))
    for size in ("large", "small"):
        assert client.get(sent.address(size)).status_code == 404


def test_the_original_is_a_file_for_staff_alone_and_opening_it_is_written_down(
    sent: Sent, app: Flask, client: FlaskClient, cast: Cast
):
    in_app(app, photos.release, sent.id, cast.person("Owen"))
    assert client.get(sent.address("original")).status_code in {302, 404}
    for name in ("Vic", "Carol", "Sunita", "Priya", "Nadia"):
        assert cast.client(name).get(sent.address("original")).status_code == 404
    answer = cast.client("Owen").get(sent.address("original"))
    assert answer.data == pictures.jpeg((300, 200), exif=pictures.camera_notes())
    assert answer.headers["Content-Disposition"] == f"attachment; filename=original-{sent.id}.jpg"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_length == len(answer.data)
    with app.app_context():
        assert db.session.query(Event).filter_by(action="original_opened").count() == 1


def test_until_it_is_unfolded_a_placeholder_stands_for_the_photo(app: Flask, client: FlaskClient, cast: Cast):
    sent = Sent(app, client, pictures.jpeg())
    answer = client.get(f"/track/{sent.token}/photos/{sent.id}/small")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert "This photo is being prepared" in answer.text
    assert 'alt="Photo from before, being prepared"' in client.get(f"/track/{sent.token}").text
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(sent.address()).status_code == 404
    sent.unfold()
    assert client.get(f"/track/{sent.token}/photos/{sent.id}/small").mimetype == "image/jpeg"


def test_an_unreadable_photo_says_so_and_its_original_stays(app: Flask, client: FlaskClient, cast: Cast):
    sent = Sent(app, client, pictures.truncated_jpeg())
    sent.unfold()
    owen = cast.client("Owen")
    assert "This photo cannot be opened" in owen.get(sent.address("small")).text
    assert owen.get(sent.address("original")).data == pictures.truncated_jpeg()
    track = client.get(f"/track/{sent.token}").text
    assert "It came, but it cannot be opened" in track
    assert "Photo from before" not in track


@pytest.mark.parametrize(
    "address", ["/photos/{id}/huge", "/photos/{id}/../large", "/photos/x/large", "/photos/{other}/large"]
)
def test_other_addresses_are_nothing(sent: Sent, client: FlaskClient, cast: Cast, address: str):
    made = address.format(id=sent.id, other=uuid4())
    assert client.get(made).status_code == 404
    assert cast.client("Owen").get(made).status_code == 404


def test_another_reporters_link_shows_nothing(sent: Sent, app: Flask, client: FlaskClient):
    other = Sent(app, client, pictures.jpeg((77, 77)))
    assert client.get(f"/track/{other.token}/photos/{sent.id}/large").status_code == 404
