"""Schemes: officers make them, coordinators look after their own; nobody else finds who is in them."""

from datetime import date
from itertools import count
from typing import Any

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import select

from tests.at_once import at_once
from tests.builders import hidden_fields
from tests.cast import Cast
from tests.scheme_pages import DEVICE, SCHEMES, VOLUNTEER, Place, events, fill, newest, place_of, row
from webapp.extensions import db
from webapp.models.speed_scheme import SpeedDevice, SpeedScheme, SpeedVolunteer
from webapp.rules.errors import Refused
from webapp.services import speed_plan, volunteers
from webapp.services.transaction import one_commit

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def place(app: Flask, cast: Cast) -> Place:
    return place_of(app, cast)


def test_an_officer_makes_a_scheme_renames_it_and_ends_it(place: Place):
    made = fill(place.owen, f"{SCHEMES}/new", name="Shoreham", parish="Shoreham")
    page = made.headers["Location"]
    assert made.status_code == 303 and "Shoreham" in place.owen.get(SCHEMES).text
    again = fill(place.owen, f"{SCHEMES}/new", name="SHOREHAM", parish="")
    assert again.status_code == 422 and "a scheme of this name already" in again.text
    assert fill(place.owen, f"{SCHEMES}/new", name=" ").status_code == 422
    old = hidden_fields(place.owen.get(f"{page}/edit").text)
    assert fill(place.owen, f"{page}/edit", name="Shoreham Village", parish="").status_code == 303
    late = fill(place.owen, f"{page}/edit", old, name="Shoreham", parish="", is_active="y")
    assert late.status_code == 409 and "Shoreham Village, not active" in late.text
    assert "It is not active." in place.owen.get(page).text
    assert [event.action for event in events(place)][-2:] == ["scheme_added", "scheme_changed"]


def test_a_coordinator_sees_and_changes_only_their_own_scheme(place: Place):
    assert "Kemsing" not in place.carol.get(SCHEMES).text and "Kemsing" in place.owen.get(SCHEMES).text
    assert place.carol.get(place.page).status_code == 200
    theirs = f"{SCHEMES}/{place.other.id}"
    token = hidden_fields(place.carol.get(f"{place.page}/volunteers/new").text)
    mixed = f"{place.page}/volunteers/{place.other.ann}"
    for page in (
        theirs,
        f"{theirs}/volunteers/new",
        f"{theirs}/volunteers/{place.other.ann}",
        f"{theirs}/volunteers/{place.other.ann}/contact",
        f"{theirs}/devices/new",
        f"{theirs}/devices/{place.other.device}",
        f"{place.page}/devices/{place.other.device}",
        f"{theirs}/volunteers/{place.own.ann}",
        mixed,
        f"{mixed}/contact",
        f"{place.page}/edit",
        f"{SCHEMES}/new",
        f"{SCHEMES}/7777",
    ):
        assert place.carol.get(page).status_code == 404, page
        if page not in (theirs, f"{SCHEMES}/7777"):
            sent = {**token, **VOLUNTEER, **DEVICE, "contact": "x"}
            assert place.carol.post(page, data=sent).status_code == 404, page
    # Officers look after all; a volunteer is nevertheless found only in the scheme that they belong to.
    assert place.owen.get(theirs).status_code == 200 and place.owen.get(mixed).status_code == 404


@pytest.mark.parametrize("name", ["Vic", "Sunita", "Priya", "Nadia"])
def test_nobody_else_finds_any_of_it(place: Place, cast: Cast, name: str):
    somebody = cast.client(name)
    for page in (SCHEMES, place.page, f"{place.page}/volunteers/{place.own.ann}/contact", f"{SCHEMES}/new"):
        assert somebody.get(page).status_code == 404


def test_a_coordinator_adds_a_volunteer_who_may_then_be_in_a_crew(place: Place):
    assert fill(place.carol, f"{place.page}/volunteers/new", **VOLUNTEER).status_code == 303
    dora = newest(place)
    assert (dora.name, dora.trained_on, dora.refresher_due_on) == (
        "Dora Penn",
        date(2026, 3, 1),
        date(2027, 2, 28),
    )
    assert dora.is_over_18 and dora.is_insured and dora.is_active and dora.user_id is None
    page = place.carol.get(place.page).text
    assert "Dora Penn" in page and "5 of 5</strong> active volunteers are trained" in page
    said = events(place)[-1]
    assert said.action == "volunteer_added" and "Dora" not in str((said.before, said.after))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Enter the volunteer’s name"),
        ({"name": "x" * 121}, "121 characters"),
        ({"name": "ANN"}, "Somebody of this name is in this scheme"),
        ({"trained_on-year": "2027", "refresher_due_on-year": "2028"}, "That day has not come yet"),
        ({"refresher_due_on-year": "2037"}, "more than 10 years ahead"),
        ({"training_type": ""}, "Choose the type of the training"),
        ({"training_type": "karate"}, "Choose one of the answers"),
        ({"refresher_due_on-year": "2026"}, "The refresher comes after"),
        (
            {"trained_on-day": "", "trained_on-month": "", "trained_on-year": ""},
            "the training that is to be refreshed",
        ),
        ({"trained_on-day": "31", "trained_on-month": "2"}, "that month has 28 days"),
        (
            {"left_on-day": "1", "left_on-month": "3", "left_on-year": "2026"},
            "Somebody who left is not active",
        ),
        (
            {"is_active": None, "left_on-day": "1", "left_on-month": "3", "left_on-year": "2027"},
            "That day has not come yet",
        ),
        (
            {"is_active": None, "left_on-day": "28", "left_on-month": "2", "left_on-year": "2026"},
            "trained after that day",
        ),
    ],
)
def test_what_cannot_stand_comes_back_filled(place: Place, changes: dict[str, Any], words: str):
    answer = fill(place.carol, f"{place.page}/volunteers/new", **{**VOLUNTEER, **changes})
    assert answer.status_code == 422 and words in answer.text and "There is a problem" in answer.text
    assert 'value="28"' in answer.text and newest(place).name != "Dora Penn"


def test_only_officers_decide_whose_account_it_is_and_a_coordinator_leaves_it(place: Place, cast: Cast):
    vic, nadia = cast.person("Vic").id, cast.person("Nadia").id
    ann = f"{place.page}/volunteers/{place.own.ann}"
    assert 'name="user_id"' not in place.carol.get(ann).text
    assert fill(place.carol, ann, **VOLUNTEER, user_id=str(vic)).status_code == 303
    assert row(place, place.own.ann).user_id is None
    vics = f"{place.page}/volunteers/{place.own.vic}"
    assert fill(place.carol, vics, **{**VOLUNTEER, "name": "Victor"}).status_code == 303
    assert (row(place, place.own.vic).user_id, row(place, place.own.vic).name) == (vic, "Victor")
    # Vic has one here already, Nadia takes part in nothing.
    for wrong in (vic, nadia, 7777, "abc", "9" * 10):
        refused = fill(place.owen, ann, **VOLUNTEER, user_id=str(wrong))
        assert refused.status_code == 422 and "Choose an account from the list" in refused.text
    elsewhere = f"{SCHEMES}/{place.other.id}/volunteers/{place.other.ann}"
    assert "vic@wardbook.example" in place.owen.get(elsewhere).text
    assert fill(place.owen, elsewhere, **VOLUNTEER, user_id=str(vic)).status_code == 303
    assert row(place, place.other.ann).user_id == vic
    assert fill(place.owen, elsewhere, **VOLUNTEER, user_id="").status_code == 303
    assert row(place, place.other.ann).user_id is None


def test_who_left_sees_nothing_of_the_scheme_any_more(place: Place, cast: Cast):
    vic = f"{place.page}/volunteers/{place.own.vic}"
    left = {"is_active": None, "left_on-day": "20", "left_on-month": "11", "left_on-year": "2026"}
    assert fill(place.carol, vic, **{**VOLUNTEER, "name": "Vic", **left}).status_code == 303
    page = place.carol.get(place.page).text
    assert "Not active any more (1)" in page and "left 20 Nov 2026" in page
    assert "Otford" not in cast.client("Vic").get("/speed-watch").text


def test_of_two_who_change_a_volunteer_the_second_is_shown_first_what_the_first_did(place: Place):
    page = f"{place.page}/volunteers/{place.own.ann}"
    old = hidden_fields(place.owen.get(page).text)
    assert fill(place.carol, page, **{**VOLUNTEER, "name": "Ann Lee"}).status_code == 303
    late = fill(place.owen, page, old, **{**VOLUNTEER, "name": "Ann Other"})
    assert late.status_code == 409 and "Ann Lee. Kent Police safety awareness" in late.text
    assert 'value="Ann Other"' in late.text and row(place, place.own.ann).name == "Ann Lee"
    assert (
        fill(place.owen, page, hidden_fields(late.text), **{**VOLUNTEER, "name": "Ann Other"}).status_code
        == 303
    )
    assert row(place, place.own.ann).name == "Ann Other"


def test_an_account_given_to_two_at_the_same_moment_goes_to_one(place: Place, cast: Cast):
    owen, vic = cast.person("Owen"), cast.person("Vic").id
    numbers = count()

    def add() -> str:
        given = volunteers.Given(f"Eve {next(numbers)}", vic, None, None, None, True, True, True, None)
        try:
            volunteers.add(place.other.id, given, owen)
        except Refused as refused:
            return next(iter(refused.errors))
        return "added"

    assert sorted(at_once(place.app, add, 3)) == ["added", "user_id", "user_id"]


def test_what_is_sent_twice_is_added_once(place: Place):
    for page, given in (
        ("volunteers/new", VOLUNTEER),
        ("devices/new", {**DEVICE, "type": "bushnell", "serial": ""}),
    ):
        old = hidden_fields(place.carol.get(f"{place.page}/{page}").text)
        sent = [fill(place.carol, f"{place.page}/{page}", old, **given) for _ in range(2)]
        assert [answer.status_code for answer in sent] == [303, 422]
        assert "in this scheme" in sent[1].text
    with place.app.app_context():
        assert db.session.query(SpeedVolunteer).filter_by(name="Dora Penn").count() == 1
        assert db.session.query(SpeedDevice).filter_by(type="bushnell").count() == 1
    # Whoever is there under a name keeps it, and another scheme has people of its own.
    dora = f"{place.page}/volunteers/{newest(place).id}"
    assert fill(place.carol, dora, **VOLUNTEER).status_code == 303
    assert fill(place.carol, dora, **{**VOLUNTEER, "name": "bob"}).status_code == 422
    elsewhere = f"{SCHEMES}/{place.other.id}/volunteers/new"
    assert fill(place.owen, elsewhere, **VOLUNTEER).status_code == 303


def test_training_that_is_due_or_has_run_out_is_flagged_and_says_why_somebody_may_not_go(place: Place):
    with place.app.app_context(), one_commit() as session:
        for one in session.scalars(select(SpeedVolunteer)):
            one.refresher_due_on = date(2027, 1, 22)
        for who, until in ((place.own.ann, date(2026, 11, 21)), (place.own.bob, date(2027, 1, 21))):
            session.get_one(SpeedVolunteer, who).refresher_due_on = until
        session.get_one(SpeedVolunteer, place.own.vic).is_over_18 = False
    page = place.carol.get(place.page).text
    assert "Ann’s training ran out on 21 November 2026." in page and "Due soon" in page
    assert "Nobody has confirmed that Vic is 18 or over." in page
    assert "3 of 4</strong>" in page and "2 have to be trained within 60 days" in page
    overview = place.carol.get(SCHEMES).text
    assert "3 of 4" in overview and "21 Nov 2026" in overview and "21 Jan 2027" in overview
    with place.app.app_context():
        # Four of Kemsing, and of Otford all but Ann.
        assert speed_plan.on(date(2026, 11, 22)).trained == 7


def test_a_scheme_that_can_hold_no_session_says_why(place: Place):
    with place.app.app_context(), one_commit() as session:
        for who in (place.own.ann, place.own.bob, place.own.vic):
            session.get_one(SpeedVolunteer, who).trained_on = None
        session.get_one(SpeedDevice, place.own.device).calibration_due_on = date(2026, 11, 21)
    page = place.carol.get(place.page).text
    assert "No session can begin now" in page and "only 1 person may be in a crew" in page
    assert "No device may be used." in page
    assert "The Unipar SL700 was to be calibrated by 21 November 2026." in page


def test_somebody_in_two_schemes_is_one_trained_person(place: Place, cast: Cast):
    vic = cast.person("Vic").id
    with place.app.app_context():
        with one_commit() as session:
            session.get_one(SpeedVolunteer, place.other.vic).user_id = vic
        assert speed_plan.on(date(2026, 11, 22)).trained == 7


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", '"><img src=x>', "{{ 7 * 7 }}"])
def test_what_people_are_called_is_shown_as_it_is(place: Place, words: str):
    assert (
        fill(place.carol, f"{place.page}/volunteers/new", **{**VOLUNTEER, "name": words}).status_code == 303
    )
    assert fill(place.carol, f"{place.page}/devices/new", **{**DEVICE, "serial": words}).status_code == 303
    assert fill(place.owen, f"{place.page}/edit", name=words, parish=words, is_active="y").status_code == 303
    for page in (SCHEMES, place.page):
        shown = place.owen.get(page).text
        assert str(escape(words)) in shown
        assert words == str(escape(words)) or words not in shown


def test_an_old_token_brings_the_form_back_filled(place: Place):
    hidden = {**hidden_fields(place.carol.get(f"{place.page}/volunteers/new").text), "csrf_token": "made up"}
    late = fill(place.carol, f"{place.page}/volunteers/new", hidden, **VOLUNTEER)
    assert late.status_code == 422 and "open for too long" in late.text and 'value="Dora Penn"' in late.text


def test_schemes_that_nobody_made_yet_and_a_coordinator_without_one(app: Flask, cast: Cast):
    assert "Add the first" in cast.client("Owen").get(SCHEMES).text
    assert "You are in no scheme yet" in cast.client("Carol").get(SCHEMES).text
    with app.app_context():
        assert db.session.scalars(select(SpeedScheme)).all() == []
