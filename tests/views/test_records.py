"""One record for staff: what it tells to whom, clearing it, and what the public is shown of it."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import pictures
from tests.builders import hidden_fields, only_record, send
from tests.cast import Cast
from tests.views.test_track import no_space
from webapp.extensions import db
from webapp.models.event import Event
from webapp.models.fly_tipping import FlyTip
from webapp.models.photo import Photo
from webapp.services import media


@pytest.fixture
def owen(cast: Cast) -> FlaskClient:
    """Owen's browser."""
    return cast.client("Owen")


@pytest.mark.parametrize("day", [(1, 1, 2099), (1, 1, 2020)])
def test_a_clearance_before_the_report_or_in_the_future_is_refused(
    client: FlaskClient, owen: FlaskClient, app: Flask, day: tuple[int, int, int]
) -> None:
    send(client)
    reference = only_record(app).reference
    data = {
        **hidden_fields(owen.get(f"/records/{reference}/moves/clear").text),
        **dict(zip(("cleared_on-day", "cleared_on-month", "cleared_on-year"), day, strict=True)),
    }
    answer = owen.post(f"/records/{reference}/moves/clear", data=data)
    assert answer.status_code == 422 and "Check the date." in answer.text and str(day[2]) in answer.text
    assert only_record(app).status == "reported"


def test_a_wrong_day_and_a_photo_that_is_none_are_told_in_one_round(
    client: FlaskClient, owen: FlaskClient, app: Flask
) -> None:
    send(client)
    answer = clear(owen, app, **{"cleared_on-year": "2099", "photos": [(io.BytesIO(b"words"), "words.jpg")]})
    assert answer.status_code == 422
    assert "cannot be in the future" in answer.text
    assert "words.jpg" in answer.text


def test_clearing_writes_date_history_and_cannot_be_done_twice(
    client: FlaskClient, owen: FlaskClient, app: Flask
) -> None:
    send(client)
    record = only_record(app)
    day = {f"cleared_on-{part}": getattr(record.reported_on, part) for part in ("day", "month", "year")}
    hidden = hidden_fields(owen.get(f"/records/{record.reference}/moves/clear").text)
    answers = [
        owen.post(f"/records/{record.reference}/moves/clear", data={**hidden, **day}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [303, 409]
    cleared = only_record(app)
    assert (cleared.status, cleared.cleared_on) == ("cleared", record.reported_on)
    with app.app_context():
        assert [event.action for event in db.session.query(Event).order_by(Event.id)] == [
            "reported",
            "cleared",
        ]


def test_an_officer_marks_a_priority_ward_and_nobody_else_can(owen: FlaskClient, cast: Cast) -> None:
    token = hidden_fields(owen.get("/wards/E05005029").text)["csrf_token"]
    data = {"csrf_token": token, "is_priority": "yes"}
    assert owen.post("/wards/E05005029/priority", data=data).status_code == 303
    assert "Priority ward" in owen.get("/wards/E05005029").text
    assert cast.client("Sunita").post("/wards/E05005029/priority", data=data).status_code in {400, 404}


def test_a_hidden_record_is_nowhere_in_public(client: FlaskClient, owen: FlaskClient, app: Flask) -> None:
    send(client)
    reference = only_record(app).reference
    assert "<strong>1</strong> open report" in client.get("/wards/E05005029").text
    token = hidden_fields(owen.get(f"/records/{reference}").text)["csrf_token"]
    owen.post(f"/records/{reference}/visibility", data={"csrf_token": token, "visibility": "hidden"})
    assert "<strong>0</strong> open reports" in client.get("/wards/E05005029").text
    assert client.get("/fly-tipping/nearby?latitude=51.27028&longitude=0.19171").text.strip() == ""


def test_map_counts_are_the_tables_counts(client: FlaskClient, owen: FlaskClient) -> None:
    for _ in range(3):
        send(client)
    page = owen.get("/map").text
    assert '"count": 3' in page or '"count":3' in page
    assert "3<span" in page and len(owen.get("/map/points.json").json["points"]) == 3


def clear(browser: FlaskClient, app: Flask, **data: object) -> TestResponse:
    """Mark the only fly-tip that is no duplicate cleared on the day it was reported."""
    with app.app_context():
        record = db.session.query(FlyTip).filter(FlyTip.status != "duplicate").one()
    day = {f"cleared_on-{part}": getattr(record.reported_on, part) for part in ("day", "month", "year")}
    hidden = hidden_fields(browser.get(f"/records/{record.reference}/moves/clear").text)
    sent = {**hidden, **day, **data}
    return browser.post(
        f"/records/{record.reference}/moves/clear", data=sent, content_type="multipart/form-data"
    )


def test_the_main_record_lists_every_report_of_it_and_each_leads_to_the_other(
    client: FlaskClient, owen: FlaskClient
) -> None:
    send(client, description="The first words")
    send(
        client,
        joins="FT-2026-00001",
        main_waste="asbestos",
        description="The second words",
        vehicle_registration="GK12 ABC",
        witnessed="yes",
        photos=[(io.BytesIO(pictures.jpeg()), "sheets.jpg")],
    )
    main, own = owen.get("/records/FT-2026-00001").text, owen.get("/records/FT-2026-00002").text
    for words in (
        "The first words",
        "The second words",
        "GK12 ABC",
        "Photo 1, from FT-2026-00002",
        "2 reports",
    ):
        assert words in main, words
    assert "Reported by one more person</strong>: FT-2026-00002" in main
    assert '<a class="govuk-link" href="/records/FT-2026-00002">FT-2026-00002</a>' in main
    assert 'The same as <a class="govuk-link" href="/records/FT-2026-00001">FT-2026-00001</a>' in own
    assert "Made the same as another report</strong>: FT-2026-00001" in own
    assert "The second words" in own and "The first words" not in own
    found = owen.get("/records?text=ft-2026-00002").text
    assert ">FT-2026-00002<" in found and "1 record<" in found


def test_a_partner_sees_what_others_reported_of_the_same_thing(
    client: FlaskClient, app: Flask, cast: Cast
) -> None:
    send(client)
    photo = (io.BytesIO(pictures.jpeg()), "sheets.jpg")
    send(client, joins="FT-2026-00001", vehicle_registration="GK12 ABC", photos=[photo])
    with app.app_context():
        db.session.query(FlyTip).filter_by(reference="FT-2026-00001").one().responsible_body = "kcc_highways"
        db.session.commit()
        photo_id = db.session.query(Photo).one().id
    priya = cast.client("Priya")
    page = priya.get("/records/FT-2026-00001").text
    assert "Also reported as" in page and "GK12 ABC" not in page
    assert priya.get("/records/FT-2026-00002").status_code == 200
    assert priya.get(f"/photos/{photo_id}/small").status_code == 200


def test_only_who_may_release_shows_photos_to_the_public_by_clearing(
    client: FlaskClient, app: Flask, cast: Cast
) -> None:
    send(client)
    with app.app_context():
        db.session.query(FlyTip).one().responsible_body = "kcc_highways"
        db.session.commit()
    priya = cast.client("Priya")
    page = priya.get("/records/FT-2026-00001/moves/clear").text
    assert "show_photos" not in page and "An officer decides whether they are shown" in page
    photo = (io.BytesIO(pictures.jpeg()), "after.jpg")
    assert clear(priya, app, photos=[photo], show_photos="y").status_code == 303
    with app.app_context():
        assert db.session.query(Photo).one().released_at is None


def test_an_officer_is_told_that_the_photos_are_shown_to_the_public(
    client: FlaskClient, owen: FlaskClient, app: Flask
) -> None:
    send(client)
    page = owen.get("/records/FT-2026-00001/moves/clear").text
    assert "Show these photos to the public and to the people who reported it" in page
    clear(owen, app, photos=[(io.BytesIO(pictures.jpeg()), "after.jpg")], show_photos="y")
    with app.app_context():
        assert db.session.query(Photo).one().released_at is not None


def test_the_same_photo_before_and_after_is_kept_as_both(
    client: FlaskClient, owen: FlaskClient, app: Flask
) -> None:
    send(client, photos=[(io.BytesIO(pictures.jpeg()), "before.jpg")])
    clear(owen, app, photos=[(io.BytesIO(pictures.jpeg()), "after.jpg")])
    with app.app_context():
        assert sorted(photo.role for photo in db.session.query(Photo)) == ["after", "evidence"]


def test_a_photo_that_cannot_be_looked_at_is_not_offered_to_the_public(
    client: FlaskClient, owen: FlaskClient, app: Flask
) -> None:
    send(
        client,
        photos=[(io.BytesIO(pictures.jpeg((50, 30))), "1.jpg"), (io.BytesIO(pictures.jpeg()), "2.jpg")],
    )
    with app.app_context():
        ids = [photo.id for photo in db.session.query(Photo).order_by(Photo.received_at, Photo.id)]
    page = owen.get("/records/FT-2026-00001").text
    assert "/release" not in page and "once it is prepared" in page
    assert 'hidden"> photo 1<' in page and 'hidden"> photo 2<' in page
    for state, sentence in (("waiting", "still being prepared"), ("unreadable", "cannot be opened")):
        with app.app_context():
            db.session.get_one(Photo, ids[0]).state = state
            db.session.commit()
        token = {"csrf_token": hidden_fields(page)["csrf_token"]}
        answer = owen.post(f"/records/FT-2026-00001/photos/{ids[0]}/release", data=token)
        assert answer.status_code == 422 and sentence in answer.text


def test_people_to_tell_are_those_who_asked_and_can_be_reached(
    client: FlaskClient, owen: FlaskClient, app: Flask
) -> None:
    send(client)
    assert "1 report, nobody to tell" in owen.get("/records/FT-2026-00001").text
    send(client, joins="FT-2026-00001", reporter_email="rosa@example.org", wants_news="y")
    send(client, joins="FT-2026-00001", reporter_email="vic@example.org")
    assert "3 reports, 1 person to tell" in owen.get("/records/FT-2026-00001").text


def test_the_next_step_stands_at_the_top_of_a_long_page(client: FlaskClient, owen: FlaskClient) -> None:
    send(client)
    page = owen.get("/records/FT-2026-00001").text
    assert page.index("/moves/triage") < page.index("Other steps") < page.index("The report</h2>")


@pytest.mark.parametrize(
    ("name", "instead"), [("free_bytes", lambda: 1_000_000), ("keep_arriving", no_space)]
)
def test_a_full_disk_brings_the_clearance_back_filled(
    client: FlaskClient,
    owen: FlaskClient,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    instead: object,
) -> None:
    send(client)
    monkeypatch.setattr(media, name, instead)
    answer = clear(owen, app, photos=[(io.BytesIO(pictures.jpeg()), "after.jpg")])
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
    assert f'value="{only_record(app).reported_on.year}"' in answer.text


def test_an_old_page_brings_the_clearance_back_filled(
    client: FlaskClient, owen: FlaskClient, app: Flask
) -> None:
    send(client)
    answer = clear(owen, app, csrf_token="an old one")
    assert answer.status_code == 422 and "open for too long" in answer.text
    assert f'value="{only_record(app).reported_on.year}"' in answer.text
    assert only_record(app).status == "reported"
