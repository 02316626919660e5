"""Requests to others: made of an observation or by an officer, answered, and written down where they came from."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import hidden_fields
from tests.cast import Cast
from tests.programmes import Walks, plan
from tests.walking import ST_MARYS_WARD
from webapp.extensions import db
from webapp.models.action import Action
from webapp.models.eva import Eva
from webapp.models.event import Event
from webapp.models.observation import Observation

pytestmark = pytest.mark.usefixtures("noon")

SPEEDING = {
    "category": "speeding_concern",
    "grade": None,
    "severity": "3",
    "note": "Mornings are worst",
    "as_request": "speed_watch_site",
}
NEW = {
    "kind": "operation",
    "words": "Boot fair traffic on the A225",
    "ward_code": ST_MARYS_WARD,
    "agency": "",
}


@pytest.fixture
def owen(cast: Cast) -> FlaskClient:
    return cast.client("Owen")


@pytest.fixture
def walks(app: Flask, cast: Cast) -> Walks:
    return Walks(app, cast.person("Sunita"))


@pytest.fixture
def asked(walks: Walks) -> tuple[Eva, Observation]:
    """An audit with a request that one of its observations became: number 1."""
    eva = walks.audited(date(2026, 11, 22))
    return eva, walks.observed(eva, **SPEEDING)


def answer(client: FlaskClient, status: str, words: str = "", number: int = 1, **hidden: str) -> Any:
    fields = hidden or hidden_fields(client.get(f"/requests/{number}").text)
    return client.post(f"/requests/{number}", data={**fields, "status": status, "words": words})


def events(app: Flask) -> Sequence[Event]:
    with app.app_context():
        query = db.session.query(Event).filter(Event.action.like("request%"))
        return query.order_by(Event.id).all()


def lines_of(app: Flask, eva: Eva, observation: Observation, states: Sequence[str]) -> list[Action]:
    with app.app_context():
        return plan(eva, states, observation)


def test_a_request_shows_what_was_observed_and_leads_there(owen: FlaskClient, asked: tuple[Eva, Observation]):
    eva, observation = asked
    page = owen.get("/requests/1").text
    assert "A speed-watch site" in page and "Speeding, Garage wall" in page and "Mornings are worst" in page
    assert (
        f'href="/eva/{eva.reference}#observations">Observation {observation.number} of {eva.reference}</a>'
        in page
    )
    assert 'href="/requests/1"' in owen.get("/requests").text


@pytest.mark.usefixtures("asked")
def test_each_answer_is_written_down_in_the_history_of_the_audit(
    app: Flask, owen: FlaskClient, asked: tuple[Eva, Observation]
):
    for status, words in (
        ("taken_up", ""),
        ("declined", "No safe place to stand"),
        ("open", "There is one after all"),
        ("closed", "Site SW-3 is approved"),
    ):
        assert answer(owen, status, words).status_code == 303
    written = events(app)
    assert [event.action for event in written] == [
        "request_made",
        "request_taken_up",
        "request_declined",
        "request_opened",
        "request_closed",
    ]
    assert {event.record_id for event in written} == {asked[0].id}
    assert [event.reason for event in written][2:4] == ["No safe place to stand", "There is one after all"]
    page = owen.get("/requests/1").text
    assert "Site SW-3 is approved" in page and "Request declined</strong> by Owen. " in page


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("status", ["closed", "declined"])
def test_an_end_without_words_is_refused(owen: FlaskClient, status: str):
    refused = answer(owen, status, "  ")
    assert refused.status_code == 422
    assert refused.text.count("Say what became of it, so that whoever asked can be told.") == 2
    assert "wb-tag wb-tone-soon" in owen.get("/requests/1").text


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("status", ["open", "", "lost"])
def test_an_answer_that_its_state_does_not_allow_is_refused_and_its_words_stay(
    owen: FlaskClient, status: str
):
    refused = answer(owen, status, "Words that took a while")
    assert refused.status_code == 422
    assert "That cannot be done with it as it stands now" in refused.text
    assert "Words that took a while</textarea>" in refused.text


@pytest.mark.usefixtures("asked")
def test_whoever_answers_on_an_old_page_reads_the_other_answer_first(owen: FlaskClient, cast: Cast):
    old = hidden_fields(owen.get("/requests/1").text)
    assert answer(cast.client("Ada"), "taken_up", "We look at it").status_code == 303
    late = answer(owen, "closed", "It is done", **old)
    assert late.status_code == 409
    assert "We look at it" in late.text and "It is done</textarea>" in late.text
    assert answer(owen, "closed", "It is done", **hidden_fields(late.text)).status_code == 303


def test_closing_a_request_leads_to_the_open_lines_of_its_observation(
    app: Flask, owen: FlaskClient, asked: tuple[Eva, Observation]
):
    before, _, done = lines_of(app, *asked, ["agreed", "proposed", "completed"])
    page = owen.get("/requests/1").text
    assert "Its observation also has 2 open lines in the action plan" in page
    assert f'href="/actions/{before.id}"' in page and f'href="/actions/{done.id}"' not in page
    answer(owen, "closed", "Done")
    after = owen.get("/requests/1").text
    assert "This is finished, but its observation still has 2 open lines" in after
    assert f'href="/actions/{before.id}"' in after


def test_a_request_whose_observation_has_no_open_line_says_nothing_of_the_plan(
    app: Flask, owen: FlaskClient, asked: tuple[Eva, Observation]
):
    lines_of(app, *asked, ["verified"])
    assert "in the action plan" not in owen.get("/requests/1").text


def test_an_officer_makes_a_request_without_an_observation(app: Flask, owen: FlaskClient):
    hidden = hidden_fields(owen.get("/requests/new").text)
    made = owen.post("/requests/new", data={**hidden, **NEW})
    assert (made.status_code, made.headers["Location"]) == (303, "/requests/1")
    page = owen.get("/requests/1").text
    assert "An operation" in page and "Boot fair traffic on the A225" in page and "Observation" not in page
    assert answer(owen, "closed", "Held on Sunday").status_code == 303
    assert [(event.action, event.record_id) for event in events(app)] == [
        ("request_made", None),
        ("request_closed", None),
    ]
    assert "Request closed</strong> by Owen. " in owen.get("/requests/1").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": ""}, "Choose what is asked for."),
        ({"kind": "a_favour"}, "Choose one of the answers"),
        ({"words": " "}, "Say what is asked for, and where."),
        ({"words": "x" * 2001}, "Shorten it to 2,000 or fewer"),
        ({"ward_code": "E99999999"}, "Choose the ward from the list, or leave it open."),
        ({"agency": "the_moon"}, "Choose one of the answers"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_and_kept(
    app: Flask, owen: FlaskClient, change: dict[str, str], words: str
):
    hidden = hidden_fields(owen.get("/requests/new").text)
    refused = owen.post("/requests/new", data={**hidden, **NEW, **change})
    assert refused.status_code == 422 and words in refused.text
    assert "words" in change or "Boot fair traffic on the A225</textarea>" in refused.text
    assert events(app) == []


def test_the_list_is_narrowed_by_kind_and_state(owen: FlaskClient, asked: tuple[Eva, Observation]):
    hidden = hidden_fields(owen.get("/requests/new").text)
    owen.post("/requests/new", data={**hidden, **NEW})
    answer(owen, "taken_up")
    for query, shown in {
        "": ["2", "1"],
        "?kind=operation": ["2"],
        "?state=taken_up": ["1"],
        "?kind=operation&state=closed": [],
    }.items():
        page = owen.get(f"/requests{query}").text
        assert [number for number in ("2", "1") if f'href="/requests/{number}"' in page] == shown
    assert "The filter “State” was not understood" in owen.get("/requests?state=lost").text


def test_wardens_read_requests_and_officers_answer_them(
    owen: FlaskClient, cast: Cast, asked: tuple[Eva, Observation]
):
    sunita = cast.client("Sunita")
    page = sunita.get("/requests/1").text
    assert "Mornings are worst" in page and "Take it up" not in page
    assert "Make a request" not in sunita.get("/requests").text
    token = hidden_fields(owen.get("/requests/1").text)
    assert answer(sunita, "taken_up", "", **token).status_code == 404
    for path in ("/requests", "/requests/1"):
        assert cast.client("Priya").get(path).status_code == 404
    assert owen.get("/requests/99").status_code == 404
