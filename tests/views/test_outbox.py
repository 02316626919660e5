"""What a phone keeps of Wardbook itself: shells with nobody in them, the worker's list, the manifest."""

import html
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import hidden_fields
from tests.cast import Cast

SHELLS = ("/shell/fly-tipping", "/shell/outbox", "/shell/no-connection")


def kept_by(client: FlaskClient) -> dict:
    answer = client.get("/service-worker.js")
    assert answer.mimetype == "text/javascript" and answer.headers["Cache-Control"] == "no-cache"
    return json.loads(re.match(r"self\.WARDBOOK=(.*);", answer.text)[1])


@pytest.mark.parametrize("path", SHELLS)
def test_a_shell_says_nothing_of_anybody_even_to_who_is_signed_in(cast: Cast, path: str):
    for client in (cast.app.test_client(), cast.client("Sunita")):
        page = client.get(path).text
        assert "Sunita" not in page and "wb-session" not in page
        assert "data-user" not in page
        assert not any(
            hidden_fields(page).get(name) for name in ("csrf_token", "capture_id", "capture_secret")
        )


def test_a_page_says_who_is_signed_in_and_that_nobody_is(client: FlaskClient, cast: Cast):
    assert 'data-user="null"' in client.get("/").text
    sunita = cast.person("Sunita")
    page = cast.client("Sunita").get("/account").text
    user = json.loads(html.unescape(re.search(r'data-user="([^"]*)"', page)[1]))
    assert user == {
        "id": sunita.id,
        "name": "Sunita",
        "kinds": ["fly_tipping", "eva"],
        "is_afield": True,
        "is_watching": False,
    }


def test_what_the_worker_keeps_is_there(client: FlaskClient):
    kept = kept_by(client)
    everybody, field, speed = kept["everybody"], kept["field"], kept["speed"]
    assert set(everybody["pages"]) == {"/fly-tipping/new", "/outbox", "/no-connection"}
    assert set(field["pages"]) == {"/eva/new", "/eva/walk", "/observations/new"}
    assert set(speed["pages"]) == {"/speed-watch/log"}
    files = [*everybody["files"], *field["files"], *speed["files"]]
    pages = everybody["pages"] | field["pages"] | speed["pages"]
    for address in (*files, *pages.values()):
        answer = client.get(address)
        assert answer.status_code == 200, address
        answer.close()
    assert not any("picker-map" in name or "vendor" in name for name in files)
    assert not any("field" in name or "speed" in name for name in everybody["files"])
    # Whoever walks keeps nothing of those who log speeds, and the other way round.
    assert not any("speed" in name for name in field["files"])
    assert not any("field" in name for name in speed["files"])


def test_another_word_of_the_partnership_is_another_version(app: Flask, client: FlaskClient):
    before = kept_by(client)["version"]
    assert kept_by(client)["version"] == before
    app.config["PARTNERSHIP_NAME"] = "Another partnership"
    assert kept_by(client)["version"] != before


def test_the_manifest_names_icons_that_are_there(client: FlaskClient):
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    assert {icon["purpose"] for icon in answer.json["icons"]} == {"any", "maskable"}
    for icon in answer.json["icons"]:
        picture = client.get(icon["src"])
        assert picture.status_code == 200 and picture.mimetype == "image/png"
        picture.close()
    for shortcut in answer.json["shortcuts"]:
        assert client.get(shortcut["url"]).status_code == 200


@pytest.mark.parametrize("path", ["/outbox", "/shell/outbox"])
def test_the_outbox_has_its_one_heading_before_its_script_has_run(client: FlaskClient, path: str):
    assert re.findall(r"<h1[^>]*>([^<]*)", client.get(path).text) == ["Outbox"]


def test_an_unknown_shell_is_not_there(client: FlaskClient):
    assert client.get("/shell/nothing").status_code == 404
