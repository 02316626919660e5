"""Versions of one capture and their photos: none is told to be here that is not, none is lost."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import count, hidden_fields, only_record
from tests.cast import Cast
from tests.conftest import NOON
from tests.phone import Phone, Shot, capture, new_id, problem
from webapp.extensions import db
from webapp.models.capture import AwaitedPhoto, CaptureRevision
from webapp.models.event import Event
from webapp.models.photo import Photo
from webapp.services import ledger


@pytest.fixture
def phone(client: FlaskClient) -> Phone:
    """Rosa's phone."""
    return Phone(client)


def said(words: str, *shots: Shot, **changes: object) -> dict:
    return capture(*shots, answers={"description": words}, **changes)


def choose(app: Flask, phone: Phone, compare: str, is_clash: bool) -> int:
    with app.app_context():
        chosen = db.session.query(CaptureRevision).filter_by(is_clash=is_clash)
        number = chosen.order_by(CaptureRevision.id.desc()).first().id
    return phone.choose(compare, number).status_code


def hidden(app: Flask) -> dict[str, bool]:
    with app.app_context():
        return {str(photo.id): photo.hidden_at is not None for photo in db.session.query(Photo)}


def test_a_version_that_was_not_chosen_still_brings_its_photos_and_nobody_sees_them(app: Flask, phone: Phone):
    own, shot = new_id(), Shot()
    phone.put(own, said("First"))
    phone.put(own, said("Of the desk", rev=2, base_rev=1))
    mine = said("Of the phone", shot, rev=2, base_rev=1)
    clash = phone.put(own, mine)
    assert problem(clash) == (409, "clash")
    assert choose(app, phone, clash.json["compare_url"], is_clash=False) == 303
    again = phone.put(own, mine)
    assert (again.status_code, again.json["missing"]) == (200, [shot.id])
    assert phone.put_photo(own, shot).status_code == 200
    assert phone.put(own, mine).json["missing"] == []
    assert hidden(app) == {shot.id: True}
    assert only_record(app).description == "Of the desk"


def test_a_later_version_does_not_make_an_earlier_one_s_photo_arrive(phone: Phone):
    own, shot = new_id(), Shot()
    first = said("First", shot)
    assert phone.put(own, first).json["missing"] == [shot.id]
    assert phone.put(own, said("Second", rev=2, base_rev=1)).json["missing"] == []
    assert phone.put(own, first).json["missing"] == [shot.id]
    assert phone.put_photo(own, shot).status_code == 200
    assert phone.put(own, first).json["missing"] == []


def test_a_photo_that_is_left_out_is_hidden_and_seen_again_when_it_is_back(
    app: Flask, phone: Phone, cast: Cast
):
    own, kept, unwanted = new_id(), Shot(), Shot()
    phone.put(own, said("Both", kept, unwanted))
    for shot in (kept, unwanted):
        phone.put_photo(own, shot)
    phone.put(own, said("None", rev=2, base_rev=1))
    assert hidden(app) == {kept.id: True, unwanted.id: True}
    record_id, owen = only_record(app).id, cast.person("Owen").id
    with app.app_context():
        about = {"photo": unwanted.id, "shown": "withheld"}
        line = Event(record_id=record_id, at=NOON, by_id=owen, action="photo_hidden", before=about)
        db.session.add(line)
        db.session.commit()
    phone.put(own, said("Both again", kept, unwanted, rev=3, base_rev=2))
    assert hidden(app) == {kept.id: False, unwanted.id: True}


def test_after_a_choice_the_receipt_says_what_the_next_version_is_made_from(app: Flask, phone: Phone):
    own = new_id()
    phone.put(own, said("First"))
    phone.put(own, said("Of the desk", rev=2, base_rev=1))
    mine = said("Of the phone", rev=2, base_rev=1)
    choose(app, phone, phone.put(own, mine).json["compare_url"], is_clash=True)
    receipt = phone.put(own, mine).json
    assert (receipt["rev"], receipt["base_rev"]) == (2, 3)
    assert phone.put(own, said("Better", rev=4, base_rev=receipt["base_rev"])).status_code == 200
    assert only_record(app).description == "Better"


def test_a_version_that_does_not_count_is_nobody_s_base(phone: Phone):
    own, first = new_id(), said("First")
    phone.put(own, first)
    phone.put(own, said("Of the desk", rev=2, base_rev=1))
    receipt = phone.put(own, first).json
    assert (receipt["rev"], receipt["base_rev"]) == (1, 1)
    assert problem(phone.put(own, said("Unseen", rev=3, base_rev=1))) == (409, "clash")


def test_versions_do_not_count_backwards(app: Flask, phone: Phone):
    own = new_id()
    phone.put(own, said("First", rev=5))
    assert problem(phone.put(own, said("Older", rev=3, base_rev=5))) == (409, "clash")
    assert only_record(app).description == "First"


def test_what_is_sent_after_the_contact_was_withdrawn_brings_it_back_nowhere(app: Flask, phone: Phone):
    own = new_id()
    contact = {"reporter_name": "Ann Secret", "reporter_email": "ann@example.org"}
    link = phone.put(own, capture(answers=contact)).json["status_url"]
    token = hidden_fields(phone.client.get(f"{link}/withdraw").text)["csrf_token"]
    assert phone.client.post(f"{link}/withdraw", data={"csrf_token": token}).status_code == 303
    changed = capture(answers={**contact, "description": "Two sofas"}, rev=2, base_rev=1)
    assert phone.put(own, changed).status_code == 200
    assert only_record(app).description == "Two sofas"
    with app.app_context():
        assert [one.payload for one in db.session.query(CaptureRevision)] == [None, None]


def test_a_promise_without_a_role_is_evidence_in_every_version(app: Flask, phone: Phone):
    own, shot = new_id(), Shot()
    phone.put(own, said("First"))
    mine = said("With a photo", shot)
    del mine["photos"][0]["role"]
    compare = phone.put(own, mine).json["compare_url"]
    assert choose(app, phone, compare, is_clash=True) == 303
    with app.app_context():
        assert db.session.query(AwaitedPhoto).one().role == "evidence"


@pytest.mark.parametrize("version", ["0", "-1", "9223372036854775808", "1" * 400, "x"])
def test_a_version_that_is_none_cannot_be_chosen(phone: Phone, version: str):
    link = phone.put(new_id(), capture()).json["status_url"]
    assert phone.choose(f"{link}/compare", version).status_code == 404


def test_every_new_version_counts_against_the_limit_and_the_same_again_does_not(app: Flask, phone: Phone):
    app.config["SUBMIT_LIMIT"] = "2 per hour"
    own, first = new_id(), said("First")
    phone.put(own, first)
    assert phone.put(own, said("Second", rev=2, base_rev=1)).status_code == 200
    assert problem(phone.put(own, said("Third", rev=3, base_rev=2))) == (429, "too_many")
    assert phone.put(own, first).status_code == 200


def test_no_capture_may_fill_the_disk_with_versions_or_photos(
    app: Flask, phone: Phone, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ledger, "MOST_CLASHES", 2)
    own = new_id()
    phone.put(own, said("First"))
    answers = [phone.put(own, said(f"Other {number}")) for number in range(3)]
    assert [answer.status_code for answer in answers] == [409, 409, 422]
    assert count(app, CaptureRevision) == 3
    monkeypatch.setattr(ledger, "MOST_BYTES_EVER", 2 * len(Shot().content))
    other = new_id()
    phone.put(other, said("First", Shot(), Shot()))
    refused = phone.put(other, said("Second", Shot(), rev=2, base_rev=1))
    assert problem(refused) == (422, "invalid") and "photos" in refused.json["errors"]


@pytest.mark.parametrize(
    "moment", ["yesterday", "2026-11-22T11:58:00", "+010000-01-01T00:00:00Z", "1700000000"]
)
def test_a_device_that_does_not_know_the_time_is_flagged_and_not_refused(
    app: Flask, phone: Phone, moment: str
):
    assert phone.put(new_id(), capture(captured_at=moment)).status_code == 201
    assert only_record(app).captured_at is None
    with app.app_context():
        assert "clock" in db.session.query(CaptureRevision).one().flags.split()


def test_a_clock_that_stands_at_its_beginning_is_measured(app: Flask, phone: Phone):
    begun = "1970-01-01T00:05:00Z"
    assert phone.put(new_id(), capture(captured_at=begun, sent_at=begun)).status_code == 201
    assert only_record(app).clock_offset_s < -50 * 365 * 86400


def test_words_beyond_all_measure_are_refused_at_their_field(phone: Phone):
    answer = phone.put(new_id(), said("w" * 60_000))
    assert problem(answer) == (422, "invalid") and "description" in answer.json["errors"]


def test_only_who_may_clear_promises_photos_of_afterwards(phone: Phone, cast: Cast):
    after = capture(Shot(role="after"))
    assert problem(phone.put(new_id(), after)) == (422, "invalid")
    assert Phone(cast.client("Owen")).put(new_id(), after).status_code == 201


def test_a_photo_that_is_here_takes_no_other_bytes(phone: Phone):
    own, shot = new_id(), Shot()
    phone.put(own, capture(shot))
    assert phone.put_photo(own, shot).status_code == 200
    other = Shot(content=shot.content + b"more", id=shot.id)
    assert problem(phone.put_photo(own, other)) == (422, "invalid")


@pytest.mark.parametrize("path", ["/captures", "/captures/", "/session/", "/captures/nothing"])
def test_an_address_near_the_protocol_s_own_answers_in_json(client: FlaskClient, path: str):
    assert problem(client.get(path)) == (404, "not_found")


def test_a_body_in_other_letters_and_a_kind_by_its_address_are_refused(phone: Phone):
    body = json.dumps(capture()).encode("utf-16")
    headers = phone.headers() | {"Content-Type": "application/json"}
    assert problem(phone.client.put(f"/captures/{new_id()}", data=body, headers=headers)) == (
        400,
        "malformed",
    )
    assert problem(phone.put(new_id(), capture(kind="fly-tipping"))) == (422, "invalid")


def test_a_draft_under_somebody_else_s_id_is_not_there(app: Flask, phone: Phone, cast: Cast):
    own = new_id()
    phone.put(own, capture())
    sunita = cast.client("Sunita")
    token = sunita.get("/session").json["csrf_token"]
    answer = sunita.put(
        f"/captures/{own}/draft", json={"kind": "fly_tipping"}, headers={"X-CSRFToken": token}
    )
    assert problem(answer) == (404, "not_found")
