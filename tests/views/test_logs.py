"""The log: one line a request, faults without their words, and nothing that a person typed or is called."""

import json
import logging
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import filled, open_page, send, token_of
from tests.cast import CHARACTERS, PASSWORD, Cast
from tests.views.signing_in import CHEAP_HASHES, mailed, post, sign_in, user, with_password
from webapp.extensions import db
from webapp.services import logs


@pytest.fixture
def settings() -> dict[str, object]:
    return dict(CHEAP_HASHES)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_request_is_one_line_with_its_rule_and_never_its_path(
    app: Flask, cast: Cast, capsys: pytest.CaptureFixture[str]
):
    owen = cast.client("Owen")
    capsys.readouterr()
    owen.get("/records/FT-2026-00012?text=Rosa")
    (line,) = lines(capsys)
    assert line["event"] == "request"
    assert line["route"] == "/records/<reference>"
    assert line["status"] == 404
    assert line["method"] == "GET"
    assert line["roles"] == ["officer"]
    assert line["user"] == logs.pseudonym(app.config["SECRET_KEY"], cast.person("Owen").id)
    assert line["duration_ms"] > 0
    assert len(line["request"]) == 8


def test_the_log_of_a_whole_day_names_nobody(
    app: Flask, client: FlaskClient, cast: Cast, capsys: pytest.CaptureFixture[str]
):
    rosa = {
        "reporter_name": "Rosa Tester",
        "reporter_email": "rosa@example.org",
        "reporter_phone": "01732 000111",
    }
    token = token_of(send(client, description="Seen from the bus", vehicle_registration="GX12 ABC", **rosa))
    client.get(f"/track/{token}")
    client.get("/track/AAAAAAAAAAAAAAAAAAAAAAAA")
    client.get("/places", query_string={"postcode": "TN13 1GP"})
    with_password(app, "Owen")
    sign_in(client, "Owen", "wrong words altogether")
    sign_in(client, "Owen")
    client.get("/records", query_string={"text": "sofa in the lane"})
    post(client, "/records", "/records/search", contact="rosa@example.org")
    post(client, "/account/reset", email="nobody@wardbook.example")
    mailed(app)
    cast.client("Ada").get("/people")
    said = capsys.readouterr().err
    assert said.count('"event": "request"') > 10
    assert '"event": "signed_in"' in said
    assert '"event": "sign_in_failed"' in said
    typed = [
        *rosa.values(),
        "Tester",
        "bus",
        "GX12",
        token,
        "TN13",
        "AAAAAAAA",
        "sofa",
        PASSWORD,
        "127.0.0.1",
        "0.19171",
        "nobody@",
    ]
    for word in (
        *typed,
        *filled().values(),
        *(who.email for who in CHARACTERS.values()),
        user(app, "Owen").fs_uniquifier,
    ):
        if len(str(word)) > 3:
            assert str(word) not in said, word


def break_front_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the front page fail with a message that carries what a person typed."""

    def fail() -> str:
        try:
            raise ValueError("Rosa Tester, rosa@example.org")
        except ValueError as error:
            raise KeyError("01732 000111") from error

    fail.permission = "anyone"
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "pages.front", fail)


def test_a_fault_is_told_by_kind_and_place_and_its_number_is_on_the_page(
    app: Flask, client: FlaskClient, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    break_front_page(app, monkeypatch)
    answer = client.get("/?secret=typed")
    assert answer.status_code == 500
    said = capsys.readouterr().err
    assert "Rosa" not in said + answer.text
    assert "01732" not in said + answer.text
    assert "typed" not in said + answer.text
    fault, request = (json.loads(line) for line in said.splitlines())
    assert fault["event"] == "fault"
    assert fault["kind"] == "builtins.KeyError"
    assert fault["caused_by"] == ["builtins.ValueError"]
    assert fault["where"][-1].startswith("test_logs.py:")
    assert fault["request"] == request["request"]
    assert request["status"] == 500
    assert fault["request"] in answer.text
    assert "Traceback" not in answer.text


def test_a_fault_while_somebody_is_signed_in_is_a_page_too(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    owen = cast.client("Owen")
    break_front_page(app, monkeypatch)
    answer = owen.get("/")
    assert answer.status_code == 500
    assert "Owen" in answer.text


def test_an_answer_is_owed_even_when_no_page_can_be_made(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def no_database() -> None:
        raise ConnectionError("postgresql://wardbook:password@db")

    monkeypatch.setattr("webapp.views.words.wards.in_use", no_database)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get("/nothing-here")
    assert answer.status_code == 404
    assert answer.mimetype == "text/plain"
    assert "password" not in answer.text + capsys.readouterr().err


def test_what_libraries_log_is_told_without_its_values(app: Flask, capsys: pytest.CaptureFixture[str]):
    logging.getLogger("somebody.else").warning("Could not write to %s", "rosa@example.org")
    logging.getLogger("somebody.else").info("Hello %s", "rosa")
    logging.getLogger("webapp.services.notices").info("notice_failed", extra={"notice": 12})
    theirs, ours = lines(capsys)
    assert theirs["event"] == "Could not write to %s"
    assert (ours["event"], ours["notice"]) == ("notice_failed", 12)


def test_health_is_well_when_database_and_storage_answer(client: FlaskClient):
    answer = client.get("/health")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_health_is_not_well_without_the_database_and_tells_no_details(
    app: Flask, client: FlaskClient, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    with app.app_context():
        monkeypatch.setattr(type(db.session), "execute", lambda *a, **k: 1 / 0)
    answer = client.get("/health")
    assert (answer.status_code, answer.json) == (503, {"status": "unavailable"})
    told = lines(capsys)[0]
    assert (told["event"], told["part"], told["kind"]) == (
        "not_well",
        "database",
        "builtins.ZeroDivisionError",
    )


def test_health_is_not_well_when_no_photo_could_be_kept(
    app: Flask, client: FlaskClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    in_the_way = tmp_path / "a file where the folder should be"
    in_the_way.write_text("x")
    app.config["MEDIA_URL"] = str(in_the_way)
    app.extensions.pop("media", None)
    assert client.get("/health").status_code == 503
    assert lines(capsys)[0]["part"] == "storage"


def test_a_form_that_was_open_too_long_says_what_to_do(client: FlaskClient):
    page = open_page(client)
    token = token_of(send(client, page))
    answer = client.post(f"/track/{token}/withdraw", data={"csrf_token": "old"})
    assert answer.status_code == 400
    assert "reload the page" in answer.text
