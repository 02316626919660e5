"""A reporter's own page: what happened, adding to it, withdrawing; and nobody else's business."""

import errno
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from tests.builders import count, hidden_fields, only_record, open_page, send, token_of
from tests.cast import Cast
from webapp.extensions import db
from webapp.models.capture import CaptureRevision
from webapp.models.fly_tipping import FlyTip
from webapp.models.photo import Photo
from webapp.models.report import Report, ReportWords
from webapp.services import media


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
    assert "You removed your name and contact at " in client.get(f"/track/{token}").text
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
    page = hidden_fields(owen.get(f"/records/{reference}/moves/clear").text)
    day = only_record(app).reported_on
    data = {
        **page,
        "cleared_on-day": day.day,
        "cleared_on-month": day.month,
        "cleared_on-year": day.year,
        "photos": [(jpeg("blue"), "after.jpg")],
        "show_photos": "y",
    }
    answer = owen.post(f"/records/{reference}/moves/clear", data=data, content_type="multipart/form-data")
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


@pytest.mark.parametrize("reference", ["", "\x00", "FT-2026-00001\x00", "x" * 10_000])
def test_a_reference_that_is_none_is_not_found(client: FlaskClient, token: str, reference: str) -> None:
    csrf_token = open_page(client)["csrf_token"]
    answer = client.post(f"/track/{token}/join", data={"csrf_token": csrf_token, "reference": reference})
    assert answer.status_code == 404


def add(client: FlaskClient, token: str, **data: object) -> TestResponse:
    """Add to a report as a browser does."""
    page = hidden_fields(client.get(f"/track/{token}").text)
    return client.post(f"/track/{token}/words", data={**page, **data}, content_type="multipart/form-data")


def photos(*names: str) -> list[tuple[io.BytesIO, str]]:
    """Return photos that differ, with these names."""
    return [(jpeg(f"hsl({int(name[0], 36) * 40 % 360}, 100%, 50%)"), name) for name in names]


def test_photos_beyond_what_a_report_takes_are_named_and_the_others_kept(
    client: FlaskClient, app: Flask, token: str
) -> None:
    assert "You can add 5 more" in client.get(f"/track/{token}").text
    assert add(client, token, photos=photos("1.jpg", "2.jpg", "3.jpg")).status_code == 303
    assert "You can add 2 more" in client.get(f"/track/{token}").text
    answer = add(client, token, words="See these", photos=photos("4.jpg", "5.jpg", "6.jpg", "7.jpg"))
    assert answer.status_code == 422 and "“6.jpg”, “7.jpg” were left out" in answer.text
    assert "See these" in answer.text and count(app, Photo) == 5 and count(app, ReportWords) == 0
    assert "You can still add words" in client.get(f"/track/{token}").text


def test_a_good_photo_beside_a_bad_one_is_kept(client: FlaskClient, app: Flask, token: str) -> None:
    answer = add(client, token, photos=[*photos("good.jpg"), (io.BytesIO(b"%PDF-1.7"), "bad.pdf")])
    assert answer.status_code == 422 and "“bad.pdf” is not a photo" in answer.text
    assert count(app, Photo) == 1


def test_a_photo_that_is_too_large_is_answered_with_413(client: FlaskClient, token: str) -> None:
    huge = io.BytesIO(jpeg().getvalue() + bytes(26 * 1024 * 1024))
    answer = add(client, token, words="Beside it", photos=[(huge, "huge.jpg")])
    assert answer.status_code == 413 and "Beside it" in answer.text


@pytest.mark.parametrize("csrf_token", ["", "an old one"])
def test_an_old_page_comes_back_filled(client: FlaskClient, app: Flask, token: str, csrf_token: str) -> None:
    answer = client.post(f"/track/{token}/words", data={"csrf_token": csrf_token, "words": "Typed with care"})
    assert answer.status_code == 422 and "Typed with care" in answer.text
    assert "open for too long" in answer.text and count(app, ReportWords) == 0


def test_the_31st_addition_in_an_hour_waits_and_comes_back_filled(client: FlaskClient, token: str) -> None:
    page = hidden_fields(client.get(f"/track/{token}").text)
    answers = [client.post(f"/track/{token}/words", data={**page, "words": ""}) for _ in range(30)]
    assert {answer.status_code for answer in answers} == {422}
    last = client.post(f"/track/{token}/words", data={**page, "words": "Typed with care"})
    assert last.status_code == 429 and int(last.headers["Retry-After"]) > 0 and "Typed with care" in last.text


def no_space(*args: object) -> None:
    """A disk without room."""
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("name", "instead"), [("free_bytes", lambda: 1_000_000), ("keep_arriving", no_space)]
)
def test_a_full_disk_is_said_with_what_was_typed(
    client: FlaskClient, token: str, monkeypatch: pytest.MonkeyPatch, name: str, instead: object
) -> None:
    monkeypatch.setattr(media, name, instead)
    answer = add(client, token, words="Typed with care", photos=photos("1.jpg"))
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
    assert "Typed with care" in answer.text


def test_news_is_promised_only_to_who_asked_for_it_and_can_be_reached(
    client: FlaskClient, app: Flask
) -> None:
    hears = {"reporter_email": "rosa@example.org", "wants_news": "y"}
    for changes, is_promised in (({}, False), ({"reporter_name": "Rosa"}, False), (hears, True)):
        sent = send(client, land_type="back_alleyway", **changes)
        page = client.get(sent.headers["Location"]).text
        assert ("You will hear" in page) is ("hear the news of both" in page or is_promised) is is_promised
        assert "who must clear it by" in page


def test_a_place_in_words_alone_is_not_said_to_be_in_no_ward(client: FlaskClient, cast: Cast) -> None:
    nowhere = {"latitude": None, "longitude": None, "location_source": None}
    sent = send(client, **nowhere, place_text="Behind the mill")
    shown = [sent.headers["Location"], f"/track/{token_of(sent)}"]
    pages = [client.get(address).text for address in shown] + [cast.client("Owen").get("/records").text]
    for page in pages:
        # The list's filter has a choice of that name in other words.
        assert "Ward not known yet" in page and "In none of our wards" not in page


def test_dangerous_waste_in_any_report_is_told_to_everybody(
    client: FlaskClient, app: Flask, cast: Cast
) -> None:
    first = token_of(send(client))
    second = token_of(send(app.test_client(), joins="FT-2026-00001", main_waste="asbestos"))
    owen = cast.client("Owen")
    for browser, address in (
        (client, f"/track/{first}"),
        (client, f"/track/{second}/sent"),
        (owen, "/records/FT-2026-00001"),
        (owen, "/records/FT-2026-00002"),
    ):
        assert "Do not touch, break or bag it." in browser.get(address).text, address


def test_a_photo_is_shown_to_other_reporters_while_its_record_and_the_main_one_are(
    client: FlaskClient, app: Flask
) -> None:
    send(client, photos=[(jpeg(), "sofa.jpg")])
    second = token_of(send(app.test_client(), joins="FT-2026-00001"))
    third = token_of(send(app.test_client(), joins="FT-2026-00001", photos=[(jpeg("red"), "mine.jpg")]))
    with app.app_context():
        released = db.session.query(Photo).order_by(Photo.received_at).all()
        for photo in released:
            photo.released_at, photo.state = photo.received_at, "ready"
        db.session.commit()
        of_main, of_third = [photo.id for photo in released]
    tips = {"FT-2026-00001": 404, "FT-2026-00003": 200}
    for size in ("small", "large"):
        assert client.get(f"/track/{second}/photos/{of_main}/{size}").status_code == 200
        assert client.get(f"/photos/{of_third}/{size}").status_code == 200
    for reference, expected in tips.items():
        with app.app_context():
            for tip in db.session.query(FlyTip):
                tip.visibility = "hidden" if tip.reference == reference else "facts"
            db.session.commit()
        for size in ("small", "large"):
            assert client.get(f"/track/{second}/photos/{of_main}/{size}").status_code == expected
            # Whichever of the two is hidden, the public sees neither; the reporter sees their own.
            assert client.get(f"/photos/{of_third}/{size}").status_code == 404
            assert client.get(f"/track/{third}/photos/{of_third}/{size}").status_code == 200
