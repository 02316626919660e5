"""Asking for a speed-watch site: anyone may, from a panel's page too, and an audit's request becomes one."""

from datetime import date
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.at_once import at_once
from tests.builders import hidden_fields
from tests.cast import Cast
from tests.programmes import Walks
from tests.site_pages import ASK, ask_for, asked_site, assess, make_move, site
from webapp.extensions import db
from webapp.models.request import Request
from webapp.models.speed_site import SpeedSite
from webapp.rules.roles import ANYBODY
from webapp.services import pact_areas, site_requests

pytestmark = pytest.mark.usefixtures("noon")

SITES = "/speed-watch/sites"


@pytest.fixture
def owen(cast: Cast) -> FlaskClient:
    return cast.client("Owen")


def audited(app: Flask, cast: Cast, place_text: str, why: str) -> None:
    """Let an audit of Sunita's ask for a site, in her words."""
    walks = Walks(app, cast.person("Sunita"))
    place = {"source": "map", "latitude": 51.39854, "longitude": 0.16356, "accuracy_m": 5.0, "postcode": ""}
    place |= {"grid_reference": "", "words": place_text, "is_needed": False}
    walks.observed(
        walks.audited(date(2026, 11, 22), parish="Swanley"),
        category="speeding_concern",
        grade=None,
        severity="3",
        note=why,
        as_request="speed_watch_site",
        place=place,
    )


def test_a_resident_asks_and_reads_what_happens_next(app: Flask, client: FlaskClient):
    answer = ask_for(client)
    shown = client.get(answer.headers["Location"]).text
    assert "We have what you asked for" in shown and "What happens next" in shown and "S01" in shown
    made = site(app, "S01")
    assert (made.status, made.limit_mph, made.road, made.name) == (
        "requested",
        None,
        "High Street",
        "High Street",
    )
    assert (made.why, made.asked_by_id, made.ward_code) == ("Cars race past the school", None, "E05005023")
    assert (made.latitude, made.longitude, made.location_source) == (51.3126, 0.1917, "map")
    # Until an officer has decided, nobody else reads it.
    assert client.get(f"{SITES}/S01").status_code == 404
    assert "High Street" not in client.get(SITES).text


def test_words_alone_or_a_postcode_are_a_place_too(app: Flask, client: FlaskClient):
    asked_site(client, latitude=None, longitude=None, location_source=None, road="")
    assert (site(app, "S01").name, site(app, "S01").location_source) == ("By the bus shelter", "none")
    asked_site(
        client,
        latitude=None,
        longitude=None,
        location_source=None,
        postcode="TN13 1GP",
        place_text="",
        road="",
    )
    found = site(app, "S02")
    assert found.location_source == "postcode" and found.latitude is not None and found.name


def test_who_asks_for_a_place_outside_the_district_is_told(client: FlaskClient):
    for latitude, is_outside in (("55.9500", True), ("51.3126", False)):
        answer = ask_for(client, latitude=latitude)
        shown = client.get(answer.headers["Location"]).text
        assert ("This is outside our district" in shown) is is_outside


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"latitude": None, "longitude": None, "place_text": None}, "Tell us where it is"),
        ({"limit_mph": None}, "Choose the limit"),
        ({"limit_mph": "35"}, "Choose one of the answers"),
        ({"why": " "}, "Say why speeds should be watched there"),
        ({"why": "Call me on 01732 227000"}, "we keep no contact here"),
        ({"road": "rosa@example.org"}, "we keep no contact here"),
        ({"why": "GK26 ABC races here"}, "registrations"),
        ({"road": "GK26 ABC"}, "registrations"),
        ({"place_text": "Where GK26 ABC parks"}, "registrations"),
        ({"why": "x" * 1001}, "1,001 characters"),
        ({"latitude": "91"}, "Latitude is a number"),
        (
            {"location_source": None, "latitude": None, "longitude": None, "postcode": "ZZ99 9ZZ"},
            "cannot find",
        ),
    ],
)
def test_what_cannot_be_taken_comes_back_filled_with_the_cure(
    app: Flask, client: FlaskClient, changes: dict[str, str | None], words: str
):
    answer = ask_for(client, **changes)
    assert answer.status_code == 422 and words in answer.text and "There is a problem" in answer.text
    assert "By the bus shelter" in answer.text or "place_text" in changes
    with app.app_context():
        assert db.session.scalars(select(SpeedSite)).all() == []


def test_a_double_tap_asks_once_and_other_words_under_the_same_page_are_told(app: Flask, client: FlaskClient):
    hidden = hidden_fields(client.get(ASK).text)
    first, second = ask_for(client, hidden=hidden), ask_for(client, hidden=hidden)
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    other = ask_for(client, hidden=hidden, why="Lorries at night")
    assert other.status_code == 409 and "kept as S01" in other.text and "Lorries at night" in other.text
    again = ask_for(client, hidden=hidden_fields(other.text), why="Lorries at night")
    assert again.status_code == 303 and site(app, "S02").why == "Lorries at night"


def test_an_old_page_and_a_flood_come_back_filled(app: Flask, client: FlaskClient):
    hidden = hidden_fields(client.get(ASK).text)
    late = ask_for(client, hidden={**hidden, "csrf_token": "made up"})
    assert late.status_code == 422 and "open for too long" in late.text and "Cars race past" in late.text
    app.config["SUBMIT_LIMIT"] = "1 per hour"
    ask_for(client)
    many = ask_for(client)
    assert many.status_code == 429 and many.headers["Retry-After"] and "Cars race past" in many.text


def test_two_who_ask_at_once_get_two_codes_and_one_who_taps_twice_gets_one(app: Flask):
    place = {"source": "map", "latitude": 51.3, "longitude": 0.19, "accuracy_m": None, "postcode": ""}
    place |= {"grid_reference": "", "words": "Here"}

    def wish(site_id: object) -> str:
        own = site_requests.Wish(site_id, place, "A225", 30, "Fast")  # type: ignore[arg-type]
        return site_requests.ask(own, ANYBODY).code

    assert sorted(at_once(app, lambda: wish(uuid4()), 4)) == ["S01", "S02", "S03", "S04"]
    same = uuid4()
    assert set(at_once(app, lambda: wish(same), 4)) == {"S05"}


def test_a_code_that_somebody_gave_by_hand_is_passed_over(app: Flask, client: FlaskClient):
    asked_site(client)
    with app.app_context():
        made = db.session.scalars(select(SpeedSite)).one()
        made.code = "S02"
        db.session.commit()
    assert asked_site(client) == "S03"


def test_what_an_audit_asked_for_becomes_a_site_once_with_links_both_ways(
    app: Flask, owen: FlaskClient, cast: Cast
):
    audited(app, cast, "Outside the school gate", "Mornings are worst")
    page = owen.get("/requests/1").text
    assert "Make a site of this" in page
    assert "Make a site of this" not in cast.client("Sunita").get("/requests/1").text
    token = {"csrf_token": hidden_fields(page)["csrf_token"]}
    answer = owen.post(f"{SITES}/from-request/1", data=token)
    assert answer.headers["Location"] == f"{SITES}/S01"
    assert owen.post(f"{SITES}/from-request/1", data=token).headers["Location"] == f"{SITES}/S01"
    made = site(app, "S01")
    assert (made.name, made.why, made.parish) == ("Outside the school gate", "Mornings are worst", "Swanley")
    assert (made.latitude, made.location_source, made.limit_mph) == (51.39854, "map", None)
    page = owen.get("/requests/1").text
    assert 'href="/speed-watch/sites/S01"' in page and "It is speed-watch site S01 now" in page
    assert "Make a site of this" not in page
    assert 'href="/requests/1"' in owen.get(f"{SITES}/S01").text
    # Wardens who asked read how it stands, though the site itself is not theirs to see yet.
    assert 'href="/speed-watch/sites/S01"' not in cast.client("Sunita").get("/requests/1").text
    assess(owen, "S01")
    make_move(owen, "S01", "approve")
    with app.app_context():
        asked = db.session.scalars(select(Request)).one()
        assert (asked.status, asked.answer) == ("closed", "Speed-watch site S01 is approved.")
    assert 'href="/speed-watch/sites/S01"' in cast.client("Sunita").get("/requests/1").text


def test_words_of_an_audit_in_which_a_registration_stands_do_not_become_a_site_s(
    app: Flask, owen: FlaskClient, cast: Cast
):
    audited(app, cast, "Where GK26 ABC parks", "It is always gk26abc")
    token = {"csrf_token": hidden_fields(owen.get("/requests/1").text)["csrf_token"]}
    owen.post(f"{SITES}/from-request/1", data=token)
    made = site(app, "S01")
    assert (made.place_text, made.why, made.parish, made.latitude) == ("", "", "Swanley", 51.39854)
    assert made.name.startswith("A place in ")
    assert "gk26" not in owen.get(f"{SITES}/S01").text.lower()


def test_a_request_without_an_observation_that_is_declined_says_so(app: Flask, owen: FlaskClient):
    new = {"kind": "speed_watch_site", "words": "London Road", "ward_code": "E05005031"}
    owen.post("/requests/new", data={**hidden_fields(owen.get("/requests/new").text), **new})
    token = {"csrf_token": hidden_fields(owen.get("/requests/1").text)["csrf_token"]}
    owen.post(f"{SITES}/from-request/1", data=token)
    assert site(app, "S01").ward_code == "E05005031"
    assert make_move(owen, "S01", "decline", reason="No safe place").status_code == 303
    with app.app_context():
        asked = db.session.scalars(select(Request)).one()
        assert asked.status == "declined" and asked.answer.endswith("No safe place")


def test_two_officers_who_make_a_site_of_one_request_at_once_make_one(
    app: Flask, owen: FlaskClient, cast: Cast
):
    new = {"kind": "speed_watch_site", "words": "London Road", "ward_code": ""}
    owen.post("/requests/new", data={**hidden_fields(owen.get("/requests/new").text), **new})
    person = cast.person("Owen")
    assert at_once(app, lambda: site_requests.make_of(1, person).code, 3) == ["S01"] * 3


def test_a_request_for_something_else_or_that_was_answered_makes_no_site(owen: FlaskClient):
    for kind in ("operation", "speed_watch_site"):
        new = {"kind": kind, "words": "London Road", "ward_code": ""}
        owen.post("/requests/new", data={**hidden_fields(owen.get("/requests/new").text), **new})
    token = {"csrf_token": hidden_fields(owen.get("/requests/2").text)["csrf_token"]}
    owen.post(
        "/requests/2",
        data={**hidden_fields(owen.get("/requests/2").text), "status": "declined", "words": "No"},
    )
    assert owen.post(f"{SITES}/from-request/1", data=token).status_code == 404
    assert owen.post(f"{SITES}/from-request/2", data=token).status_code == 422
    assert owen.post(f"{SITES}/from-request/77", data=token).status_code == 404


def test_a_panel_s_page_leads_to_asking_and_says_how_many_were(
    app: Flask, owen: FlaskClient, client: FlaskClient, cast: Cast
):
    person = cast.person("Owen")
    with app.app_context():
        area = pact_areas.add(pact_areas.Given("Otford", "", ("E05005023",), ()), person)
    page = client.get(f"/pact-areas/{area}").text
    assert f'href="/speed-watch/sites/ask?pact={area}"' in page
    assert ask_for(client, f"{ASK}?pact={area}").status_code == 303
    assert ask_for(client, f"{ASK}?pact=7777").status_code == 303
    assert ask_for(client, f"{ASK}?pact=nothing").status_code == 303
    assert "1 asked for from here so far" in client.get(f"/pact-areas/{area}").text
    assert f'href="/pact-areas/{area}"' in owen.get(f"{SITES}/S01").text
    with app.app_context():
        pact_areas.remove(area, person)
    assert site(app, "S01").pact_area_id is None and owen.get(f"{SITES}/S01").status_code == 200
