"""Forms of audits without scripts: all that is wrong in one round, what is kept, and the way back to the walk."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.auditing import Walked, walked
from tests.builders import hidden_fields
from tests.cast import Cast
from tests.planning import a_line, a_photo, post, take
from tests.walking import ST_MARYS_WARD
from webapp.services.urgent_lines import text_of

pytestmark = pytest.mark.usefixtures("noon")

TODAY = {"held_on-day": "22", "held_on-month": "11", "held_on-year": "2026"}
WALK = {"ward_code": ST_MARYS_WARD, "reason": "pact", **TODAY}
TIP = {"category": "fly_tipping", "severity": "3", "as_fly_tip": "y"}


@pytest.fixture
def audit(app: Flask, cast: Cast) -> Walked:
    return walked(app, cast)


@pytest.fixture
def sunita(cast: Cast) -> FlaskClient:
    return cast.client("Sunita")


def sent(browser: FlaskClient, page: str, address: str, **answers: object) -> TestResponse:
    hidden = hidden_fields(browser.get(page).text)
    return browser.post(address, data={**hidden, **answers}, content_type="multipart/form-data")


def planned(browser: FlaskClient, **answers: object) -> TestResponse:
    return sent(browser, "/eva/new", "/eva/new?send", **{**WALK, **answers})


def told(answer: TestResponse) -> list[tuple[str, str]]:
    """Return the links of the error summary, each with its sentence."""
    assert answer.status_code == 422
    summary = answer.text.split("govuk-error-summary__list")[1].split("</ul>")[0]
    return re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary)


def test_all_that_is_wrong_with_a_walk_is_told_in_one_round_and_in_the_order_of_the_page(sunita: FlaskClient):
    answer = planned(
        sunita,
        ward_code="",
        starts_at="ten",
        previous="EVA-1999-99999",
        route_points="nowhere at all\nTN13 1GP\nneither here",
        began_at="half past",
        ended_at="late",
        **{"people-name": ["Rosa", "Ben"], "transects-land_use": ["moon"]},
    )
    found = told(answer)
    ids = [name for name, _ in found]
    assert ids == [
        *("ward_code", "starts_at", "previous", "route_points"),
        *(
            "people-type-1",
            "people-type-1",
            "began_at",
            "ended_at",
            "transects-street-1",
            "transects-street-1",
        ),
    ]
    places = [answer.text.index(f'id="{name}"') for name in ids]
    assert places == sorted(places)
    sentences = [sentence for _, sentence in found]
    assert "“nowhere at all”, “neither here”" in sentences[3]
    assert sentences[4:6] == ["Person 1: choose who it is.", "Person 2: choose who it is."]
    assert len(set(sentences)) == len(sentences)
    assert re.search(r'class="govuk-select govuk-select--error" id="ward_code"', answer.text)


def test_an_end_before_the_beginning_and_a_place_that_is_none_are_told_together(audit: Walked, cast: Cast):
    wrong = {"began_at": "10:30", "ended_at": "10:00", "route_points": "nowhere"}
    owen = cast.client("Owen")
    for answer in (
        planned(owen, **wrong),
        sent(owen, f"{audit.page}/edit", f"{audit.page}/edit", **WALK, **wrong),
    ):
        assert [name for name, _ in told(answer)] == ["route_points", "ended_at"]


def test_what_a_step_of_a_line_lacks_is_told_with_words_that_are_too_long(
    app: Flask, cast: Cast, audit: Walked
):
    owen = cast.person("Owen")
    with app.app_context():
        line_id = a_line(owen)
        take(line_id, "agree", owen)
    day = {"day-day": "1", "day-month": "1", "day-year": "2030"}
    answer = post(cast.client("Owen"), f"/actions/{line_id}/steps/complete", words="x" * 4000, **day)
    assert [name for name, _ in told(answer)] == ["day-day", "words"]


def test_a_photo_of_an_observation_that_was_refused_is_with_us_and_is_said_to_be(
    audit: Walked, sunita: FlaskClient
):
    new = f"/observations/new?part_of={audit.id}"
    answer = sent(sunita, new, "/observations/new?send", photos=a_photo())
    assert answer.status_code == 422
    assert "1 photo is already with us. You need not choose it again." in answer.text


def test_forms_name_their_walk_lead_back_to_it_and_are_titled_by_what_they_do(
    audit: Walked, sunita: FlaskClient
):
    audit.see()
    for address, to_send, title, back in (
        (f"/observations/new?part_of={audit.id}", "/observations/new?send", "Add an observation", audit.page),
        *(
            (f"{page}/edit", f"{page}/edit", title, page)
            for page, title in (
                (f"{audit.page}/observations/1", "Change observation 1"),
                (audit.page, "Change this walk"),
            )
        ),
    ):
        wrong = {"category": "moon", "reason": "moon"}
        for page, error in ((sunita.get(address), ""), (sent(sunita, address, to_send, **wrong), "Error: ")):
            assert f"<title>{error}{title}: {audit.reference} –" in page.text
            assert f'class="govuk-back-link" href="{back}"' in page.text
            assert f"St Mary’s estate, {audit.reference}, Environmental Visual Audit (EVA)" in page.text


def test_a_warden_who_reports_fly_tipping_too_is_back_at_the_walk_and_told_its_reference(
    audit: Walked, sunita: FlaskClient
):
    answer = sent(sunita, f"/observations/new?part_of={audit.id}", "/observations/new?send", **TIP)
    assert answer.status_code == 303 and answer.headers["Location"] == audit.page
    assert "The observation is kept, and reported as FT-2026-00001 too." in sunita.get(audit.page).text


def test_the_form_hints_at_what_is_urgent_and_does_not_say_that_it_is(audit: Walked, sunita: FlaskClient):
    page = sunita.get(f"/observations/new?part_of={audit.id}").text
    assert re.search(r'wb-ob__urgent" role="alert" hidden', page)
    assert "such as offensive graffiti," in page and "For everything that has no grade." in page


def test_a_line_that_makes_itself_reads_well_wherever_it_is():
    assert text_of("vandalism", "By the bench").endswith(", By the bench")


def test_something_good_is_not_said_to_lack_a_grade(audit: Walked, sunita: FlaskClient):
    audit.see(category="positive", grade=None)
    assert "Neither graded" not in sunita.get(f"{audit.page}/observations/1").text


def test_a_day_in_another_century_is_no_day_for_a_line(audit: Walked, cast: Cast):
    day = {"by_when-day": "20", "by_when-month": "12", "by_when-year": "9999"}
    answer = post(cast.client("Owen"), f"{audit.page}/actions/new", text="Mend it", priority="low", **day)
    assert told(answer) == [("by_when-day", "By when is more than 10 years ahead. Check the year.")]


def test_the_board_says_what_it_shows_leads_to_the_audit_and_helps_where_it_is_empty(
    app: Flask, cast: Cast, audit: Walked
):
    with app.app_context():
        a_line(cast.person("Owen"))
    owen = cast.client("Owen")
    assert f'href="{audit.page}"' in owen.get("/actions").text
    completed = owen.get("/actions?state=completed").text
    assert "Lines in the state “completed” of" in completed and "Open lines" not in completed
    assert "No line fits what you chose. Choose less above" in completed
