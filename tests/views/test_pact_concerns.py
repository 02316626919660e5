"""A panel's concerns on its area's page, and the sessions held there since (the plan's measure of success)."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select, update

from tests.builders import hidden_fields
from tests.cast import Cast
from tests.phone import Phone, new_id
from tests.watching import Scheme, count, ended, scheme, vehicle, watch
from webapp.extensions import db
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_watch import SpeedSession
from webapp.services import pact_areas

pytestmark = pytest.mark.usefixtures("noon")

KIPPINGTON = "E05005027"
NAMED = {
    "concerns-concern": ["speeding", "parking"],
    "concerns-words": ["past the school", ""],
    "from_on-day": "1",
    "from_on-month": "11",
    "from_on-year": "2026",
}


@pytest.fixture
def owen(cast: Cast) -> FlaskClient:
    return cast.client("Owen")


@pytest.fixture
def page(app: Flask, cast: Cast) -> str:
    person = cast.person("Owen")
    with app.app_context():
        area = pact_areas.add(pact_areas.Given("Otford", "", (KIPPINGTON,), ()), person)
    return f"/pact-areas/{area}"


def hold_session(app: Flask, cast: Cast) -> Scheme:
    """Hold one session of an hour at Otford's site, with two of three vehicles at the threshold."""
    with app.app_context():
        made = scheme(cast)
    vic, own = Phone(cast.client("Vic")), new_id()
    vic.put(own, watch(made))
    for speed in (28, 35, 44):
        vic.put(new_id(), vehicle(own, speed))
    vic.put(new_id(), count(own, 1200))
    vic.put(own, ended(watch(made)))
    return made


def name(client: FlaskClient, page: str, **changes: object) -> tuple[int, str]:
    hidden = hidden_fields(client.get(f"{page}/concerns").text)
    answer = client.post(f"{page}/concerns", data={**hidden, **NAMED, **changes})
    return answer.status_code, answer.headers.get("Location") or answer.text


def test_officers_name_concerns_and_everybody_reads_what_was_done(
    app: Flask, owen: FlaskClient, client: FlaskClient, cast: Cast, page: str
):
    assert "Nothing is named yet" in client.get(page).text
    assert name(owen, page) == (303, page)
    shown = client.get(page).text
    assert "Speeding vehicles: past the school" in shown and "since Sunday 1 November" in shown
    assert "No session has been held and checked yet." in shown and "Name the panel’s concerns" not in shown
    hold_session(app, cast)
    assert "1 more waits to be checked." in client.get(page).text
    with app.app_context():
        db.session.scalars(select(SpeedSession)).one().status = "checked"
        db.session.execute(update(SpeedReading).values(status="checked"))
        db.session.commit()
    shown = client.get(page).text
    assert "1 session</strong> at 1 site, 1 hour, with 2 volunteers (2 hours of their time)" in shown
    assert "Of 1,200 vehicles counted, 2 were at 35 mph or more: 0.1%." in shown
    assert "to be checked" not in shown and "/speed-watch/sessions" not in shown
    # Officers open what is counted, and the plan counts the same.
    assert (
        f"area={page[-1]}" in owen.get(page).text
        and "1 of 1 area has had sessions" in client.get("/plan/5.2").text
    )
    # Where speeding is no concern, nothing is said of it.
    assert name(owen, page, **{"concerns-concern": ["parking"], "from_on-day": "22"})[0] == 303
    assert "Speed-watch here since" not in client.get(page).text


def test_the_form_shows_what_stands_and_refuses_in_words(owen: FlaskClient, page: str):
    name(owen, page)
    known = owen.get(f"{page}/concerns").text
    assert '<option value="speeding" selected>' in known and 'value="past the school"' in known
    for changes, words in (
        ({"concerns-concern": ["speeding", "speeding"]}, "Name each concern once"),
        ({"concerns-concern": ["speeding", ""], "concerns-words": ["", "x"]}, "choose the concern"),
        ({"concerns-concern": ["ufos"]}, "from its list"),
        ({"concerns-concern": ["speeding", "parking", "litter", "drugs"]}, "up to 3"),
        ({"from_on-year": "2027"}, "has not come yet"),
        ({"from_on-day": "31"}, "cannot be 31 November"),
        ({"from_on-day": "", "from_on-month": "", "from_on-year": ""}, "Enter the day"),
    ):
        status, text = name(owen, page, **changes)
        assert status == 422 and words in text, words


def test_whoever_names_them_on_an_old_page_is_shown_first_what_stands(
    owen: FlaskClient, cast: Cast, page: str
):
    old = hidden_fields(owen.get(f"{page}/concerns").text)
    name(cast.client("Ada"), page)
    late = owen.post(
        f"{page}/concerns", data={**old, **NAMED, "concerns-concern": ["litter"], "concerns-words": [""]}
    )
    assert late.status_code == 409 and "What stands now" in late.text and "past the school" in late.text
    hidden = hidden_fields(late.text)
    again = owen.post(
        f"{page}/concerns", data={**hidden, **NAMED, "concerns-concern": ["litter"], "concerns-words": [""]}
    )
    assert again.status_code == 303


@pytest.mark.parametrize("somebody", ["Vic", "Carol", "Sunita", "Priya", "Nadia"])
def test_nobody_but_officers_finds_the_page_that_names_them(cast: Cast, page: str, somebody: str):
    assert cast.client(somebody).get(f"{page}/concerns").status_code == 404


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "{{ 7 * 7 }}"])
def test_what_a_panel_says_is_shown_as_it_said_it(
    owen: FlaskClient, client: FlaskClient, page: str, words: str
):
    name(owen, page, **{"concerns-words": [words, ""]})
    shown = client.get(page).text
    assert str(escape(words)) in shown and (words == str(escape(words)) or words not in shown)
