"""Rescue: a phone's saved outbox is brought in as often as anybody likes, and what needs an officer is listed."""

import base64
import dataclasses
import json
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders import count, hidden_fields, only_record
from tests.cast import Cast
from tests.phone import HASHED, Phone, Shot, capture, new_id
from tests.walking import observation
from tests.watching import scheme, vehicle, watch
from webapp.extensions import db
from webapp.models.capture import CaptureRevision
from webapp.models.event import Event
from webapp.models.photo import Photo
from webapp.models.record import Record
from webapp.rules.roles import Permission
from webapp.services import kinds

SECRET = "a secret that the phone made"


def exported(own: str, content: dict[str, Any], *shots: Shot, owner: int | None = None) -> dict[str, Any]:
    return {
        "id": own,
        "owner": owner,
        "secret": SECRET,
        "title": "Fly-tipping, tyres",
        "rev": content["rev"],
        "base_rev": None,
        "content": {name: content.get(name) for name in HASHED},
        "queued_at": "2026-11-22T11:59:00Z",
        "photos": [{"id": shot.id, "base64": base64.b64encode(shot.content).decode()} for shot in shots],
    }


def bring_in(client: FlaskClient, *captures: dict[str, Any], raw: bytes | None = None) -> TestResponse:
    content = json.dumps({"wardbook_outbox": 1, "exported_at": "2026-11-22T12:00:00Z", "captures": captures})
    token = hidden_fields(client.get("/rescue").text)["csrf_token"]
    file = (BytesIO(content.encode() if raw is None else raw), "wardbook-outbox.json")
    return client.post(
        "/rescue", data={"csrf_token": token, "file": file}, content_type="multipart/form-data"
    )


def test_a_saved_outbox_becomes_records_with_their_photos_once_however_often(app: Flask, cast: Cast):
    owen, own, shot = cast.client("Owen"), new_id(), Shot()
    row = exported(own, capture(shot), shot)
    assert "brought in as" in bring_in(owen, row).text
    assert "was here already as" in bring_in(owen, row).text
    assert (count(app), count(app, Photo), count(app, CaptureRevision)) == (1, 1, 1)
    with app.app_context():
        line = db.session.query(Event).filter_by(action="imported").one()
        assert line.by_id == cast.person("Owen").id
        assert db.session.query(CaptureRevision).one().flags == "imported"
    reference = only_record(app).reference
    assert "Brought in from a file that was saved on the device." in owen.get(f"/records/{reference}").text


def test_the_phone_that_comes_back_gets_its_receipt_and_makes_no_second_record(
    app: Flask, client: FlaskClient, cast: Cast
):
    own, shot = new_id(), Shot()
    content = capture(shot)
    bring_in(cast.client("Owen"), exported(own, content, shot))
    answer = Phone(client, SECRET).put(own, content)
    assert (answer.status_code, answer.json["missing"]) == (200, [])
    assert count(app) == 1


def test_what_sunita_captured_is_hers_and_her_phone_may_still_send_it(app: Flask, cast: Cast):
    own, content, sunita = new_id(), capture(), cast.person("Sunita")
    bring_in(cast.client("Owen"), exported(own, content, owner=sunita.id))
    assert only_record(app).created_by_id == sunita.id
    assert Phone(cast.client("Sunita")).put(own, content).status_code == 200


def test_each_capture_of_a_file_is_told_by_itself(app: Flask, client: FlaskClient, cast: Cast):
    taken_back, clashing, missing = new_id(), new_id(), Shot()
    phone = Phone(client, SECRET)
    phone.delete(taken_back)
    phone.put(clashing, capture(answers={"description": "Other words"}))
    page = bring_in(
        cast.client("Owen"),
        exported(taken_back, capture()),
        exported(clashing, capture()),
        exported(new_id(), capture(answers={"main_waste": None})),
        exported(new_id(), capture(missing)),
        exported(new_id(), capture()),
    ).text
    for words in (
        "Its sender took it back",
        "It was also sent with other words",
        "Choose what it mostly is",
        "1 of its photos did not come with the file.",
    ):
        assert words in page
    assert count(app) == 3


BAD_ROWS: dict[str, dict[str, Any]] = {
    "nobody's": {"owner": None, "secret": ""},
    "an account that never was": {"owner": 4321, "secret": ""},
    "a number beyond all accounts": {"owner": 10**30},
    "no number": {"owner": "a"},
    "no version": {"rev": 0},
    "no id": {"id": "x"},
    "letters that are none": {"photos": [{"id": new_id(), "base64": "é"}]},
    "too many words": {"content": {"answers": {"description": ["w" * 1_100_000]}}},
    "no words": {"content": {}},
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_a_row_that_cannot_be_read_is_told_in_words_and_holds_up_no_other(app: Flask, cast: Cast, name: str):
    shot = Shot()
    bad, good = exported(new_id(), capture(shot)) | BAD_ROWS[name], exported(new_id(), capture())
    answer = bring_in(cast.client("Owen"), bad, good)
    assert answer.status_code == 200 and "brought in as" in answer.text
    assert "2 captures in the file" in answer.text
    assert count(app) == (2 if name == "letters that are none" else 1)


def test_a_file_changes_nobody_s_record_unseen(app: Flask, cast: Cast):
    own, sunita = new_id(), cast.person("Sunita")
    Phone(cast.client("Sunita")).put(own, capture(answers={"description": "Of Sunita"}))
    forged = capture(answers={"description": "Of the file"}, rev=2)
    row = exported(own, forged, owner=sunita.id) | {"base_rev": 1}
    for _ in range(2):
        assert "Both are kept until somebody chooses" in bring_in(cast.client("Owen"), row).text
    assert only_record(app).description == "Of Sunita"
    with app.app_context():
        line = db.session.query(Event).filter_by(action="imported").one()
        assert line.by_id == cast.person("Owen").id


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[]", b"not json", b'{"wardbook_outbox": 2, "captures": []}', b"\xff"]
)
def test_another_file_is_refused_in_words(cast: Cast, raw: bytes):
    answer = bring_in(cast.client("Owen"), raw=raw)
    assert answer.status_code == 422 and "Choose the file that Wardbook saved" in answer.text


@pytest.mark.parametrize(
    "change",
    [{"content": {}}, {"content": {"kind": "fly_tipping"}}, {"photos": [{"id": new_id(), "base64": "%%"}]}],
)
def test_a_capture_that_somebody_changed_in_the_file_is_no_fault(cast: Cast, change: dict[str, Any]):
    answer = bring_in(cast.client("Owen"), {**exported(new_id(), capture()), **change})
    assert answer.status_code == 200


def test_a_file_larger_than_any_photo_is_read_whole(app: Flask, cast: Cast):
    own, shot = new_id(), Shot()
    row = exported(own, capture(shot), shot)
    padded = json.dumps({"wardbook_outbox": 1, "captures": [row], "padding": "x" * 27_000_000}).encode()
    assert "brought in as" in bring_in(cast.client("Owen"), raw=padded).text
    assert count(app) == 1


def test_what_came_from_people_without_a_role_is_listed(app: Flask, cast: Cast):
    Phone(cast.client("Nadia")).put(new_id(), capture())
    Phone(cast.client("Sunita")).put(new_id(), capture())
    with app.app_context():
        flagged = [
            record.reference
            for record in db.session.query(Record)
            if record.created_by_id == cast.person("Nadia").id
        ]
    page = cast.client("Owen").get("/rescue").text
    assert page.count("/records/FT-") == 1 and flagged[0] in page


def test_an_officer_decides_about_a_capture_whose_sender_s_role_has_gone(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    strict = dataclasses.replace(kinds.KINDS[0], permission=Permission.CLEAR)
    monkeypatch.setattr(kinds, "KINDS", (strict,))
    owen, first, second = cast.client("Owen"), new_id(), new_id()
    nadia = Phone(cast.client("Nadia"))
    receipt = nadia.put(first, capture()).json
    nadia.put(second, capture())
    assert (receipt["state"], receipt["reference"]) == ("officer", None)
    page = owen.get("/rescue")
    assert page.text.count("Make it a record") == 2 and "from Nadia" in page.text
    token = hidden_fields(page.text)["csrf_token"]
    assert owen.post(f"/rescue/{first}/accept", data={"csrf_token": token}).status_code == 303
    owen.post(f"/rescue/{second}/set-aside", data={"csrf_token": token, "why": " "})
    assert owen.get("/rescue").text.count("Make it a record") == 1
    owen.post(f"/rescue/{second}/set-aside", data={"csrf_token": token, "why": "A test"})
    assert "Nothing waits." in owen.get("/rescue").text
    assert str(only_record(app).id) == first


@pytest.mark.parametrize("why", ["He drove gk24-abc", "Of b 7, which is known", " "])
def test_why_something_is_set_aside_says_no_registration_and_comes_back_with_the_page(
    app: Flask, cast: Cast, why: str
):
    owen, own = cast.client("Owen"), new_id()
    with app.app_context():
        made = scheme(cast)
    sunita, session = Phone(cast.client("Sunita")), new_id()
    Phone(cast.client("Vic")).put(session, watch(made))
    assert sunita.put(own, vehicle(session, 44, "B 7")).json["state"] == "officer"
    hidden = hidden_fields(owen.get("/rescue").text)
    page = owen.post(f"/rescue/{own}/set-aside", data={**hidden, "why": why})
    assert page.status_code == 422 and f'href="#why-{own}"' in page.text
    assert why.strip() in page.text and page.text.count(f'id="why-{own}"') == 1
    assert owen.post(f"/rescue/{own}/set-aside", data={**hidden, "why": "A test"}).status_code == 303
    with app.app_context():
        assert [one.reason for one in db.session.query(Event).filter_by(action="capture_set_aside")] == [
            "A test"
        ]


def test_what_was_seen_on_a_walk_that_is_not_here_becomes_no_record_and_says_why(app: Flask, cast: Cast):
    owen, own = cast.client("Owen"), new_id()
    assert Phone(cast.client("Nadia")).put(own, observation(new_id())).json["state"] == "officer"
    page = owen.get("/rescue")
    assert "has not arrived within a week" in page.text
    assert owen.post(f"/rescue/{own}/accept", data=hidden_fields(page.text)).status_code == 303
    page = owen.get("/rescue").text
    assert "What it belongs to is no record yet" in page and page.count("Make it a record") == 1


def test_staff_are_told_of_a_wrong_clock_and_of_photos_still_on_a_phone(
    app: Flask, client: FlaskClient, cast: Cast, noon
):
    Phone(client, SECRET).put(new_id(), capture(Shot(), sent_at="2026-11-22T09:30:00Z"))
    page = cast.client("Owen").get(f"/records/{only_record(app).reference}").text
    assert "The device’s clock was 2 h 30 min behind" in page
    assert "1 photo is still on the device that took them." in page
