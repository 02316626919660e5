"""What the capture protocol does not take, and the JSON in which it says so."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import count
from tests.cast import Cast
from tests.phone import Phone, capture, new_id, problem
from webapp.models.capture import Capture


@pytest.fixture
def phone(client: FlaskClient) -> Phone:
    """Rosa's phone."""
    return Phone(client)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"answers": {"main_waste": None}}, "main_waste"),
        ({"answers": {"land_type": "moon"}}, "land_type"),
        ({"answers": {"latitude": "95", "place_text": None}}, "latitude"),
        (
            {"answers": {"location_source": "", "latitude": None, "longitude": None, "postcode": "ZZ99 9ZZ"}},
            "postcode",
        ),
        ({"kind": "unheard_of"}, "kind"),
    ],
)
def test_what_must_change_is_said_by_field_and_nothing_is_kept(
    app: Flask, phone: Phone, changes: dict, field: str
):
    answer = phone.put(new_id(), capture(**changes))
    assert problem(answer) == (422, "invalid")
    assert field in answer.json["errors"] and all(answer.json["errors"][field])
    assert count(app, Capture) == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"words"',
        b"null",
        b"{}",
        b'{"kind": "fly_tipping", "kind": "eva"}',
        b'{"rev": NaN}',
        b'{"rev": Infinity}',
        b'{"kind": "\\ud800"}',
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"rev": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_capture_is_told_in_json(client: FlaskClient, body: bytes):
    headers = {"X-Capture-Secret": "a secret that the phone made"}
    answer = client.put(f"/captures/{new_id()}", data=body, content_type="application/json", headers=headers)
    assert problem(answer) == (400, "malformed")


@pytest.mark.parametrize(
    "changes",
    [
        {"rev": 0},
        {"rev": "1"},
        {"rev": True},
        {"base_rev": -1},
        {"form_version": 2**70},
        {"captured_at": 1700000000},
        {"answers": None},
        {"photos": [{"id": "no id"}]},
        {"photos": {}},
        {"parent": 7},
    ],
)
def test_a_capture_of_another_shape_is_told_in_json(phone: Phone, changes: dict):
    assert problem(phone.put(new_id(), {**capture(), **changes})) == (400, "malformed")


def test_a_compressed_or_foreign_body_is_refused(phone: Phone):
    own, body = new_id(), json.dumps(capture())
    gzip = {"Content-Encoding": "gzip", **phone.headers()}
    answer = phone.client.put(f"/captures/{own}", data=body, content_type="application/json", headers=gzip)
    assert problem(answer) == (415, "wrong_type")
    answer = phone.client.put(
        f"/captures/{own}", data=body, content_type="text/plain", headers=phone.headers()
    )
    assert problem(answer) == (415, "wrong_type")


def test_a_body_that_is_too_large_is_refused(phone: Phone):
    answer = phone.put(new_id(), {**capture(), "more": "x" * (1024 * 1024)})
    assert problem(answer) == (413, "too_large")


def test_a_body_shorter_than_it_said_is_never_kept(app: Flask, phone: Phone):
    body = json.dumps(capture()).encode()
    answer = phone.client.put(
        f"/captures/{new_id()}",
        data=body,
        content_type="application/json",
        headers=phone.headers(),
        environ_overrides={"CONTENT_LENGTH": str(len(body) + 10)},
    )
    assert problem(answer) == (400, "malformed")
    assert count(app) == 0


def test_an_unknown_address_and_a_wrong_method_are_told_in_json(client: FlaskClient):
    assert problem(client.get("/captures/nothing-here")) == (404, "not_found")
    wrong = client.post(f"/captures/{new_id()}")
    assert problem(wrong) == (405, "not_allowed") and "PUT" in wrong.headers["Allow"]


def test_a_fault_of_ours_is_told_in_json(app: Flask, phone: Phone, monkeypatch: pytest.MonkeyPatch):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("webapp.services.receipts.is_held", lambda submission: 1 / 0)
    assert problem(phone.put(new_id(), capture())) == (500, "fault")


def test_when_there_is_no_room_the_phone_is_told_when_to_try_again(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("webapp.services.media.free_bytes", lambda: 0)
    answer = phone.put(new_id(), capture())
    assert problem(answer) == (503, "busy") and int(answer.headers["Retry-After"]) > 0


def test_too_many_new_captures_wait_but_a_repeated_one_never_does(app: Flask, phone: Phone):
    app.config["SUBMIT_LIMIT"] = "1 per hour"
    own, content = new_id(), capture()
    assert phone.put(own, content).status_code == 201
    answer = phone.put(new_id(), content)
    assert problem(answer) == (429, "too_many") and int(answer.headers["Retry-After"]) > 0
    assert phone.put(own, content).status_code == 200


def test_a_full_phone_of_somebody_with_a_role_is_not_held_up(app: Flask, cast: Cast):
    app.config["SUBMIT_LIMIT"] = "1 per hour"
    sunita = Phone(cast.client("Sunita"))
    assert [sunita.put(new_id(), capture()).status_code for _ in range(3)] == [201] * 3
