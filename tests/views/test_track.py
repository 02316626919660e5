"""A reporter's own page: what happened, adding to it, withdrawing; and nobody else's business."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests.builders import count, hidden_fields, only_record, open_page, send, token_of
from tests.cast import Cast
from webapp.extensions import db
from webapp.models.capture import CaptureRevision
from webapp.models.photo import Photo
from webapp.models.report import Report


def jpeg(colour: str = "green") -> io.BytesIO:
    """Return a small JPEG."""
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(stream, "JPEG")
    stream.seek(0)
    return stream


@pytest.fixture
def token(client: FlaskClient) -> str:
    """Rosa's tracking token."""
    return token_of(
        send(client, reporter_name="Rosa", reporter_email="rosa@example.org", reporter_phone="01732 000000")
    )


def test_the_page_shows_status_due_date_and_what_was_told(client: FlaskClient, token: str) -> None:
    page = client.get(f"/track/{token}").text
    for words in (
        "FT-",
        "Reported",
        "Due to be cleared by",
        "A brown sofa and six black bags",
        "TQ 5298 5462",
        "about 8 m",
    ):
        assert words in page, words


@pytest.mark.parametrize("wrong", ["x", "a" * 24, "A" * 500, "%00" * 8, "é" * 24])
def test_any_other_link_is_not_found(client: FlaskClient, wrong: str) -> None:
    for address in (f"/track/{wrong}", f"/track/{wrong}/sent", f"/track/{wrong}/withdraw"):
        assert client.get(address).status_code == 404


def test_the_database_keeps_only_a_hash_of_the_link(app: Flask, token: str) -> None:
    with app.app_context():
        assert token not in db.session.query(Report).one().token_hash


def test_words_and_a_photo_can_be_added(client: FlaskClient, app: Flask, token: str) -> None:
    page = hidden_fields(client.get(f"/track/{token}").text)
    data = {**page, "words": "Two more bags today", "photos": [(jpeg(), "bags.jpg")]}
    answer = client.post(f"/track/{token}/words", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303
    shown = client.get(f"/track/{token}").text
    assert "Two more bags today" in shown and f"/track/{token}/photos/" in shown
    assert count(app, Photo) == 1


def test_adding_nothing_or_too_much_is_said_in_words(client: FlaskClient, token: str) -> None:
    page = hidden_fields(client.get(f"/track/{token}").text)
    nothing = client.post(f"/track/{token}/words", data={**page, "words": " "})
    assert nothing.status_code == 422 and "Write something or choose a photo" in nothing.text
    much = client.post(f"/track/{token}/words", data={**page, "words": "y" * 3000})
    assert much.status_code == 422 and "3,000 characters long" in much.text and "y" * 3000 in much.text


def test_withdrawing_removes_the_contact_everywhere_and_keeps_record_and_clock(
    client: FlaskClient, app: Flask, token: str
) -> None:
    before = only_record(app)
    page = hidden_fields(client.get(f"/track/{token}/withdraw").text)
    assert client.post(f"/track/{token}/withdraw", data=page).status_code == 303
    assert "You removed your name and contact" in client.get(f"/track/{token}").text
    with app.app_context():
        report = db.session.query(Report).one()
        assert (report.name, report.email, report.phone, report.wants_news) == (None, None, None, False)
        assert db.session.query(CaptureRevision).one().payload is None
    after = only_record(app)
    assert (before.reference, before.due_on, before.status) == (after.reference, after.due_on, after.status)


def test_withdrawing_twice_is_the_same(client: FlaskClient, token: str) -> None:
    page = hidden_fields(client.get(f"/track/{token}/withdraw").text)
    assert [client.post(f"/track/{token}/withdraw", data=page).status_code for _ in range(2)] == [303, 303]


def test_a_reporter_sees_their_own_photo_and_a_second_one_does_not(client: FlaskClient, app: Flask) -> None:
    data = {"photos": [(jpeg(), "sofa.jpg")]}
    first = token_of(send(client, **data))
    reference = only_record(app).reference
    with app.app_context():
        photo_id = db.session.query(Photo).one().id
    second = token_of(send(app.test_client(), joins=reference))
    assert client.get(f"/track/{first}/photos/{photo_id}/small").status_code == 200
    assert client.get(f"/track/{second}/photos/{photo_id}/small").status_code == 404
    assert client.get(f"/photos/{photo_id}/small").status_code == 404
    assert client.get(f"/track/{first}/photos/{photo_id}/original").status_code == 404


def test_a_report_is_found_again_by_its_link(client: FlaskClient, token: str) -> None:
    page = hidden_fields(client.get("/track").text)
    for link in (f"http://127.0.0.1:8000/track/{token}", f"/track/{token}/sent", f" {token} "):
        answer = client.post("/track", data={**page, "link": link})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/track/{token}")
    wrong = client.post("/track", data={**page, "link": "FT-2026-00001"})
    assert wrong.status_code == 422 and "Paste the whole link" in wrong.text


def test_the_officers_clearance_reaches_the_reporter(
    client: FlaskClient, cast: Cast, app: Flask, token: str
) -> None:
    owen = cast.client("Owen")
    reference = only_record(app).reference
    page = hidden_fields(owen.get(f"/records/{reference}").text)
    day = only_record(app).reported_on
    data = {
        "csrf_token": page["csrf_token"],
        "cleared_on-day": day.day,
        "cleared_on-month": day.month,
        "cleared_on-year": day.year,
        "photos": [(jpeg("blue"), "after.jpg")],
        "show_photos": "y",
    }
    answer = owen.post(f"/records/{reference}/clear", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303
    shown = client.get(f"/track/{token}").text
    assert "Cleared on" in shown and "Photo from afterwards" in shown


def test_the_tracking_page_is_kept_by_nobody_and_sends_no_referrer(client: FlaskClient, token: str) -> None:
    answer = client.get(f"/track/{token}")
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_reference_cannot_be_joined_without_our_own_page(client: FlaskClient, token: str) -> None:
    assert client.post(f"/track/{token}/join", data={"reference": "FT-2026-00001"}).status_code == 400
    page = open_page(client)
    joined = client.post(
        f"/track/{token}/join", data={"csrf_token": page["csrf_token"], "reference": "FT-2026-09999"}
    )
    assert joined.status_code == 404
