"""Around the captures: the session, batches, status, drafts and packs."""

import dataclasses
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import count
from tests.cast import Cast
from tests.conftest import NOON
from tests.phone import Phone, capture, new_id, problem
from webapp.extensions import clock, db
from webapp.models.capture import Draft
from webapp.services import drafts, kinds


@pytest.fixture
def phone(client: FlaskClient) -> Phone:
    """Rosa's phone."""
    return Phone(client)


def test_a_batch_answers_each_row_and_one_bad_row_holds_up_no_other(app: Flask, phone: Phone):
    ids = [new_id() for _ in range(4)]
    rows = [{**capture(), "id": one, "secret": "a secret of the batch row"} for one in ids]
    rows[1]["answers"] = {}
    rows[2].pop("secret")
    answer = phone.client.post("/captures/batch", json=[*rows, "no row", {"id": 7}])
    assert answer.status_code == 207
    said = [(item["id"], item["status"]) for item in answer.json]
    assert said == [(ids[0], 201), (ids[1], 422), (ids[2], 401), (ids[3], 201), (None, 400), (None, 400)]
    assert answer.json[0]["receipt"]["id"] == ids[0] and answer.json[1]["problem"]["errors"]
    assert count(app) == 2
    own = Phone(phone.client, "a secret of the batch row").put(ids[0], capture())
    assert own.status_code == 200


def test_a_batch_is_a_list_of_at_most_a_hundred(phone: Phone):
    assert problem(phone.client.post("/captures/batch", json={})) == (400, "malformed")
    assert problem(phone.client.post("/captures/batch", json=[{}] * 101)) == (413, "too_large")
    assert phone.client.post("/captures/batch", json=[]).json == []


def test_a_signed_in_phone_reconciles_by_asking(cast: Cast):
    sunita, ids = Phone(cast.client("Sunita")), [new_id(), new_id()]
    receipt = sunita.put(ids[0], capture()).json
    others = new_id()
    Phone(cast.client("Owen")).put(others, capture())
    answer = sunita.client.get(f"/captures/status?ids={ids[1]},{ids[0]},{others}")
    assert answer.json == [
        {"id": ids[1], "receipt": None},
        {"id": ids[0], "receipt": receipt},
        {"id": others, "receipt": None},
    ]


def test_status_is_for_the_signed_in_and_at_most_a_hundred_ids(client: FlaskClient, cast: Cast):
    assert problem(client.get(f"/captures/status?ids={new_id()}")) == (401, "sign_in")
    owen = cast.client("Owen")
    many = ",".join(new_id() for _ in range(101))
    assert problem(owen.get(f"/captures/status?ids={many}")) == (400, "malformed")
    assert problem(owen.get("/captures/status?ids=no-id")) == (400, "malformed")
    assert owen.get("/captures/status").json == []


def test_a_session_says_who_is_signed_in_and_what_time_it_is(client: FlaskClient, cast: Cast, noon):
    answer = client.get("/session")
    assert answer.json["user"] is None and answer.json["csrf_token"] is None
    assert answer.json["server_time"] == "2026-11-22T12:00:00Z"
    assert answer.headers["Cache-Control"] == "no-store"
    user = cast.client("Sunita").get("/session").json["user"]
    assert user == {"id": cast.person("Sunita").id, "name": "Sunita", "roles": ["warden"]}


def test_what_a_phone_asks_by_itself_brings_back_no_older_cookie(client: FlaskClient, cast: Cast):
    assert "Set-Cookie" not in client.get("/session").headers
    owen = cast.client("Owen")
    with owen.session_transaction() as session:
        session.permanent = True
    phone = Phone(owen)
    asked = (owen.get("/session"), phone.put(new_id(), capture()), owen.get("/captures/pack/fly_tipping"))
    assert [answer.status_code for answer in asked] == [200, 201, 200]
    assert not any("Set-Cookie" in answer.headers for answer in asked)
    assert "Set-Cookie" in owen.get("/records").headers


def test_a_draft_is_for_its_owner_only_and_goes_when_it_is_sent(app: Flask, client: FlaskClient, cast: Cast):
    sunita, own = Phone(cast.client("Sunita")), new_id()
    draft = {"kind": "fly_tipping", "answers": {"place_text": ["By the mill"]}, "changed_at": "2026-11-22"}
    address = f"/captures/{own}/draft"
    assert sunita.client.put(address, json=draft, headers=sunita.headers()).status_code == 200
    assert sunita.client.get(address).json == draft
    changed = {**draft, "answers": {}}
    assert sunita.client.put(address, json=changed, headers=sunita.headers()).status_code == 200
    assert sunita.client.get(address).json == changed
    owen = Phone(cast.client("Owen"))
    assert problem(owen.client.get(address)) == (404, "not_found")
    assert problem(owen.client.put(address, json=draft, headers=owen.headers())) == (404, "not_found")
    assert owen.client.delete(address, headers=owen.headers()).status_code == 204
    assert problem(client.get(address)) == (401, "sign_in")
    assert sunita.client.get(address).status_code == 200
    sunita.put(own, capture())
    assert problem(sunita.client.get(address)) == (404, "not_found")
    assert problem(sunita.client.put(address, json=draft, headers=sunita.headers())) == (422, "invalid")


def test_a_draft_is_sealed_and_forgotten_after_thirty_days(app: Flask, cast: Cast):
    sunita, draft = cast.person("Sunita"), {"answers": {"place_text": ["By the mill"]}}
    with app.app_context():
        with clock.standing_at(NOON):
            drafts.keep(uuid4(), "fly_tipping", draft, sunita)
        assert b"mill" not in db.session.query(Draft).one().payload
        for hour, left in ((11, 1), (12, 0)):
            with clock.standing_at(NOON.replace(month=12, day=22, hour=hour)):
                drafts.tidy()
            assert db.session.query(Draft).count() == left


def test_drafts_of_a_kind_with_plates_stay_on_the_device(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    with_plates = dataclasses.replace(kinds.KINDS[0], has_plates=True)
    monkeypatch.setattr(kinds, "KINDS", (with_plates,))
    vic = Phone(cast.client("Vic"))
    draft = {"kind": "fly_tipping"}
    answer = vic.client.put(f"/captures/{new_id()}/draft", json=draft, headers=vic.headers())
    assert problem(answer) == (422, "invalid")
    assert count(app, Draft) == 0


def test_a_pack_has_a_version_and_an_end(client: FlaskClient, noon):
    pack = client.get("/captures/pack/fly_tipping").json
    assert pack["expires_at"] == "2026-11-29T12:00:00Z" and len(pack["version"]) == 16
    assert {"value": "tyres", "label": "Tyres"} in pack["content"]["codes"]["main_waste"]
    assert "Eynsford" in {ward["properties"]["name"] for ward in pack["content"]["wards"]["features"]}
    assert problem(client.get("/captures/pack/nothing")) == (404, "not_found")
