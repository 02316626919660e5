"""The worklist's page: its filters in the address, many ticked at once, and whom it shows what."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders import hidden_fields, send
from tests.cast import Cast
from tests.moving import move, reported, tip_of
from webapp.services import history
from webapp.services.land import Land

KCC = Land("highway", "public", "visit", "certain", body="kcc_highways")


@pytest.fixture
def owen(cast: Cast) -> FlaskClient:
    """Owen's browser."""
    return cast.client("Owen")


def tick(app: Flask, *references: str) -> list[str]:
    with app.app_context():
        return [f"{reference}:{history.newest(tip_of(reference))}" for reference in references]


def together(browser: FlaskClient, **data: Any) -> TestResponse:
    token = hidden_fields(browser.get("/track").text)["csrf_token"]
    return browser.post("/worklist/together", data={"csrf_token": token, **data})


def test_it_lists_what_is_open_with_one_next_step_each(client: FlaskClient, owen: FlaskClient):
    send(client)
    page = owen.get("/worklist").text
    assert "FT-2026-00001" in page and "/records/FT-2026-00001/moves/triage" in page
    assert "Day 0: 7 left" in page and "Nobody yet" in page


@pytest.mark.parametrize(
    "query",
    [
        "?bucket=nonsense&ward=nonsense&body=%00&crew=x&order=nonsense&page=nonsense",
        "?page=99999999999",
        "?page=-1",
    ],
)
def test_filters_that_make_no_sense_are_left_out(client: FlaskClient, owen: FlaskClient, query: str):
    send(client)
    answer = owen.get(f"/worklist{query}")
    assert answer.status_code == 200 and "FT-2026-00001" in answer.text


def test_many_are_given_and_moved_and_each_failure_is_told(
    client: FlaskClient, owen: FlaskClient, app: Flask
):
    for _ in range(3):
        send(client)
    three = [f"FT-2026-0000{number}" for number in (1, 2, 3)]
    given = together(owen, tick=tick(app, *three), do="assign", body="kcc_highways", crew="Crew 7")
    assert given.status_code == 200 and "3 of 3 done" in given.text and given.text.count("Crew 7") >= 3
    moved = together(owen, tick=tick(app, *three), do="order", crew="Crew 7")
    assert moved.status_code == 422 and "0 of 3 done" in moved.text and "can no longer be done" in moved.text
    assert moved.text.count(" checked") >= 3


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"do": "assign", "body": "kcc_highways"}, "Tick the records that you mean"),
        ({"do": "assign", "tick": ["FT-2026-00001:1"]}, "Choose who must answer for them"),
        ({"do": "assign", "tick": ["FT-2026-00001:1"], "crew": "x" * 61}, "Shorten it to 60"),
    ],
)
def test_what_is_missing_is_told(client: FlaskClient, owen: FlaskClient, data: dict[str, Any], sentence: str):
    send(client)
    refused = together(owen, **data)
    assert refused.status_code == 422 and sentence in refused.text


def test_ticks_that_are_none_and_moves_that_take_more_do_nothing(client: FlaskClient, owen: FlaskClient):
    send(client)
    assert together(owen, do="triage", tick=["FT-2026-00001:1"]).status_code == 404
    assert together(owen, do="order", tick=["nonsense", ":", "FT-2026-00001:x"]).status_code == 422


def test_an_old_page_comes_back_with_what_was_ticked(client: FlaskClient, owen: FlaskClient, app: Flask):
    send(client)
    ticked = tick(app, "FT-2026-00001")
    answer = owen.post(
        "/worklist/together", data={"csrf_token": "old", "do": "assign", "tick": ticked, "crew": "Crew 9"}
    )
    assert answer.status_code == 422 and "open for too long" in answer.text
    assert " checked" in answer.text and "Crew 9" in answer.text


def test_a_partner_neither_chooses_who_answers_nor_sees_figures(client: FlaskClient, cast: Cast, app: Flask):
    send(client)
    with app.app_context():
        reference = reported()
        move(reference, "triage", cast.person("Owen"), land=KCC)
    priya = cast.client("Priya")
    page = priya.get("/worklist").text
    assert reference in page and "FT-2026-00001" not in page
    assert (
        'name="body"' not in page.split('class="govuk-fieldset wb-together')[1] and "this quarter" not in page
    )
    given = together(priya, tick=tick(app, "FT-2026-00001", reference), do="assign", crew="Crew 4")
    assert "1 of 2 done" in given.text and "There is no such record for you." in given.text


def test_the_clipboard_has_grid_references_and_warns(client: FlaskClient, owen: FlaskClient):
    send(client, main_waste="asbestos")
    page = owen.get("/worklist/print?order=route").text
    assert "TQ 52" in page and "This may be asbestos." in page


def test_a_volunteer_has_no_worklist(cast: Cast):
    assert cast.client("Vic").get("/worklist").status_code == 404
