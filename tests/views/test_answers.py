"""The page behind an agency's link: one line, one answer, and words for a link that answers nothing any more."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import hidden_fields
from tests.cast import Cast
from tests.phone import Shot
from tests.planning import a_line, a_photo, post, walked
from webapp.extensions import clock, db
from webapp.models.action import Action
from webapp.models.notice import Notice

pytestmark = pytest.mark.usefixtures("noon")
TODAY = {"day-day": "22", "day-month": "11", "day-year": "2026"}


@pytest.fixture
def line_id(app: Flask, cast: Cast) -> int:
    """A line of Highways about graffiti, with a photo of it."""
    seen = walked(cast.client("Sunita"), {"category": "graffiti"}, shots=[Shot()])
    person = cast.person("Owen")
    with app.app_context():
        return a_line(person, observations=seen)


@pytest.fixture
def owen(cast: Cast) -> FlaskClient:
    return cast.client("Owen")


def link_of(owen: FlaskClient, line_id: int) -> str:
    """Send a link and return its address without the host, as the page shows it this once."""
    page = post(
        owen,
        f"/actions/{line_id}/link",
        hidden_fields(owen.get(f"/actions/{line_id}").text),
        email="a@b.example",
    )
    assert page.status_code == 200
    found = re.search(r"(/actions/answer/[\w-]{24})<", page.text)
    assert found is not None
    return found[1]


def test_a_link_is_shown_once_and_its_address_is_for_officers_only(
    app: Flask, owen: FlaskClient, cast: Cast, line_id: int
):
    refused = post(
        owen, f"/actions/{line_id}/link", hidden_fields(owen.get(f"/actions/{line_id}").text), email="x"
    )
    assert (
        refused.status_code == 422
        and "email address in the form" in refused.text
        and 'value="x"' in refused.text
    )
    path = link_of(owen, line_id)
    page = owen.get(f"/actions/{line_id}").text
    assert path not in page and "a@b.example" in page and "to be sent" in page
    for name in ("Priya", "Sunita"):
        assert "a@b.example" not in cast.client(name).get(f"/actions/{line_id}").text
    with app.app_context():
        assert db.session.query(Notice).filter_by(purpose="action_link").count() == 1


def test_an_agency_without_an_account_answers_once_with_a_photo(
    app: Flask, client: FlaskClient, owen: FlaskClient, line_id: int
):
    path = link_of(owen, line_id)
    page = client.get(path)
    assert page.headers["Cache-Control"] == "no-store" and page.headers["Referrer-Policy"] == "no-referrer"
    assert "Cut back the hedge" in page.text and "Graffiti" in page.text and "Sunita" not in page.text
    assert re.search(r"TQ \d{3,5} \d{3,5}, good to about 6 m\. Swanley St Mary&#39;s ward", page.text)
    assert "with 1 photo as it is now: mask faces" in owen.get(f"/actions/{line_id}").text
    (shown,) = set(re.findall(rf"{path}/photos/[0-9a-f-]+/small", page.text))
    assert client.get(shown).status_code == 200
    refused = post(client, path, answer="complete", words="All clean", photos=[a_photo()])
    assert refused.status_code == 422 and "Enter the day on which it was done" in refused.text
    assert "All clean" in refused.text and "1 photo is already with us" in refused.text
    hidden = hidden_fields(refused.text)
    for _ in range(2):
        done = post(client, path, hidden, answer="complete", words="All clean", **TODAY)
        assert done.status_code == 303 and done.headers["Location"] == "/actions/answered"
    assert client.get("/actions/answered").status_code == 200
    for gone in (client.get(path), post(client, path, hidden_fields(page.text), answer="refuse", words="No")):
        assert gone.status_code == 404 and "This was answered already" in gone.text
    assert client.get(shown).status_code == 404
    line = owen.get(f"/actions/{line_id}").text
    assert "Said to be done</strong> by its agency, with a link" in line and "All clean" in line


def test_a_link_that_ran_out_and_one_that_never_was_say_so(
    client: FlaskClient, owen: FlaskClient, line_id: int
):
    path = link_of(owen, line_id)
    with clock.standing_at(clock.now() + timedelta(days=31)):
        gone = client.get(path)
    assert gone.status_code == 404 and "This link no longer works" in gone.text
    unknown = client.get("/actions/answer/nonsense")
    assert unknown.status_code == 404 and "We do not know this link" in unknown.text


def test_an_answer_is_chosen_and_an_old_page_of_it_comes_back_filled(
    app: Flask, client: FlaskClient, owen: FlaskClient, line_id: int
):
    path = link_of(owen, line_id)
    hidden = hidden_fields(client.get(path).text)
    refused = post(client, path, hidden, words="Soon")
    assert refused.status_code == 422 and "Choose what you can say" in refused.text
    old = post(client, path, {**hidden, "csrf_token": "made up"}, answer="agree", words="Soon")
    assert old.status_code == 422 and "open for too long" in old.text and "Soon" in old.text
    with app.app_context():
        assert db.session.query(Action).one().status == "proposed"


def test_answers_from_one_connection_are_counted(client: FlaskClient, owen: FlaskClient, line_id: int):
    path = link_of(owen, line_id)
    hidden = hidden_fields(client.get(path).text)
    for _ in range(30):
        assert post(client, path, hidden).status_code == 422
    too_many = post(client, path, hidden, answer="agree", words="Let me in")
    assert too_many.status_code == 429 and too_many.headers["Retry-After"] == "3600"
    assert "Let me in" in too_many.text
