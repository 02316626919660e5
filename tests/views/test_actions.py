"""Pages of a plan's lines: who is offered what, what comes back filled, and what an agency's link shows."""

import re
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders import hidden_fields, send
from tests.cast import Cast
from tests.phone import Shot
from tests.planning import a_line, a_photo, in_state, post, take, walked
from webapp.extensions import db
from webapp.models.action import Action, ActionUpdate
from webapp.models.fly_tipping import FlyTip
from webapp.models.photo import Photo

pytestmark = pytest.mark.usefixtures("noon")
AUDIT = "/eva/EVA-2026-00001"
TODAY = {"day-day": "22", "day-month": "11", "day-year": "2026"}
GRAFFITI = {"category": "graffiti", "place_text": "garage wall"}
SPEEDING = {"category": "speeding_concern", "grade": None, "severity": "3", "as_request": "speed_watch_site"}
TIP = {"category": "fly_tipping", "grade": None, "severity": "3", "as_fly_tip": "y"}


@pytest.fixture
def seen(cast: Cast) -> list[UUID]:
    return walked(cast.client("Sunita"), GRAFFITI, SPEEDING, TIP, shots=[Shot()])


@pytest.fixture
def owen(cast: Cast, seen: list[UUID]) -> FlaskClient:
    """Owen's browser, after the walk."""
    return cast.client("Owen")


@pytest.fixture
def line_id(app: Flask, cast: Cast, seen: list[UUID]) -> int:
    """A line of Highways about the graffiti."""
    person = cast.person("Owen")
    with app.app_context():
        return a_line(person, observations=seen[:1])


def step(browser: FlaskClient, line_id: int, name: str, **data: Any) -> TestResponse:
    return post(browser, f"/actions/{line_id}/steps/{name}", **data)


def offered(page: str) -> set[str]:
    return set(re.findall(r"/steps/([a-z_]+)\"", page))


def lines_in(app: Flask) -> list[Action]:
    with app.app_context():
        return db.session.query(Action).order_by(Action.number).all()


def given(line: Action | None = None) -> dict[str, str]:
    return {
        "text": "Cut it",
        "owner_agency": "kcc_highways",
        "priority": "low",
        "by_when-day": "29",
        "by_when-month": "11",
        "by_when-year": "2026",
    }


def test_ticked_observations_become_a_line_each_and_are_offered_no_more(
    app: Flask, owen: FlaskClient, seen: list[UUID]
):
    page = owen.get(AUDIT).text
    assert "Seen, and not in the plan yet (3)" in page and "No plan" in page
    sent = {**hidden_fields(page), "observations": [str(one) for one in seen[:2]], "do": "each"}
    assert owen.post(f"{AUDIT}/actions/together", data=sent).headers["Location"] == f"{AUDIT}#plan"
    assert [line.text for line in lines_in(app)] == [
        "Remove graffiti, garage wall",
        "Look into speeding, Garage wall",
    ]
    page = owen.get(AUDIT).text
    assert "Seen, and not in the plan yet (1)" in page and "2 lines are in the plan" in page
    assert "0 of 2 completed (0.0%)" in page and "Not at 80% yet" in page


def test_one_line_of_several_is_opened_to_be_looked_through(app: Flask, owen: FlaskClient, seen: list[UUID]):
    sent = {**hidden_fields(owen.get(AUDIT).text), "observations": [str(one) for one in seen], "do": "one"}
    answer = owen.post(f"{AUDIT}/actions/together", data=sent)
    (line,) = lines_in(app)
    assert answer.headers["Location"] == f"/actions/{line.id}/edit"
    page = owen.get(answer.headers["Location"]).text
    assert page.count(" checked") == 4 and "Remove graffiti, garage wall" in page


def test_nothing_ticked_is_told(owen: FlaskClient):
    sent = {**hidden_fields(owen.get(AUDIT).text), "do": "each"}
    answer = owen.post(f"{AUDIT}/actions/together", data=sent)
    assert answer.status_code == 422 and answer.text.count("Tick what the line is about") == 2
    summary = answer.text.split("govuk-error-summary__list")[1].split("</ul>")[0]
    assert 'href="#ticked"' in summary and answer.text.count('id="ticked"') == 1
    assert "<title>Error: EVA-2026-00001" in answer.text


def test_a_new_line_proposes_what_follows_from_its_observations(owen: FlaskClient, seen: list[UUID]):
    page = owen.get(f"{AUDIT}/actions/new?observation={seen[0]}&observation=nonsense").text
    assert "Remove graffiti, garage wall" in page and 'value="sdc_direct_services" selected' in page
    assert 'name="by_when-day" type="text" value="25"' in page


def test_a_line_is_added_once_and_what_it_lacks_is_told_in_one_round(app: Flask, owen: FlaskClient):
    path = f"{AUDIT}/actions/new"
    refused = post(owen, path, text=" ", owner_agency="the_milkman", funding="Our own", priority="")
    assert refused.status_code == 422 and "Our own" in refused.text
    for sentence in (
        "Say what is to be done",
        "Choose one of the answers",
        "Enter by when",
        "Choose a priority",
    ):
        assert sentence in refused.text
    past = post(owen, path, **{**given(), "by_when-day": "21"})
    assert past.status_code == 422 and "By when cannot be in the past" in past.text
    page = hidden_fields(owen.get(path).text)
    for _ in range(2):
        assert post(owen, path, page, **given()).status_code == 303
    assert [line.text for line in lines_in(app)] == ["Cut it"]


def test_a_day_more_than_six_months_off_is_taken_and_warned_of(app: Flask, owen: FlaskClient):
    far = {**given(), "by_when-month": "6", "by_when-year": "2027"}
    answer = post(owen, f"{AUDIT}/actions/new", **far)
    assert "more than six months off" in owen.get(answer.headers["Location"]).text


def test_changing_on_an_old_page_shows_what_happened_and_goes_on_from_there(
    app: Flask, owen: FlaskClient, cast: Cast, line_id: int
):
    page = hidden_fields(owen.get(f"/actions/{line_id}/edit").text)
    assert step(cast.client("Priya"), line_id, "agree", **TODAY).status_code == 303
    stale = post(owen, f"/actions/{line_id}/edit", page, **given())
    assert (
        stale.status_code == 409
        and "Owner’s agreement noted</strong> by Priya" in stale.text
        and "Cut it" in stale.text
    )
    assert post(owen, f"/actions/{line_id}/edit", hidden_fields(stale.text), **given()).status_code == 303
    assert lines_in(app)[0].text == "Cut it"


def test_a_line_is_taken_from_its_owner_and_its_log_says_what_it_said_before(owen: FlaskClient, line_id: int):
    step(owen, line_id, "agree", **TODAY)
    sent = post(owen, f"/actions/{line_id}/edit", **{**given(), "owner_agency": "", "funding": "Our own"})
    assert sent.status_code == 303
    page = owen.get(f"/actions/{line_id}").text
    for words in (
        "Owner: nobody yet",
        "It said before: “Cut back the hedge”",
        "Paid for by, before: nothing",
        "It answered before: 1",
        "It has to be agreed again.",
    ):
        assert words in page, words


def test_each_step_asks_its_own_question_whatever_another_page_asked_before(owen: FlaskClient, line_id: int):
    agreeing = owen.get(f"/actions/{line_id}/steps/agree").text
    assert "When did they agree?" in agreeing
    step(owen, line_id, "agree", **TODAY)
    done = owen.get(f"/actions/{line_id}/steps/complete").text
    assert "When was it done?" in done and "When did they agree?" not in done


def test_each_person_is_offered_the_steps_that_are_theirs(
    app: Flask, owen: FlaskClient, cast: Cast, line_id: int
):
    assert offered(owen.get(f"/actions/{line_id}").text) == {
        "agree",
        "refuse",
        "transfer",
        "withdraw",
        "note",
    }
    priya = cast.client("Priya").get(f"/actions/{line_id}").text
    assert offered(priya) == {"agree", "refuse", "note"} and f'href="{AUDIT}' not in priya
    assert offered(cast.client("Sunita").get(f"/actions/{line_id}").text) == {"note"}
    person, ada = cast.person("Owen"), cast.person("Ada")
    with app.app_context():
        completed = in_state(person, "completed", ada)
    assert "verify" not in offered(owen.get(f"/actions/{completed}").text)
    assert {"verify", "send_back"} <= offered(cast.client("Sunita").get(f"/actions/{completed}").text)


@pytest.mark.parametrize("name", ["Priya", "Vic", "Nadia"])
def test_another_s_line_is_not_found(app: Flask, cast: Cast, seen: list[UUID], name: str):
    person, browser = cast.person("Owen"), cast.client(name)
    with app.app_context():
        other = a_line(person, owner_agency="kent_police")
    token = hidden_fields(browser.get("/track").text)
    for path in ("", "/steps/agree", "/steps/note", "/edit"):
        assert browser.get(f"/actions/{other}{path}").status_code == 404
    for path in ("/steps/agree", "/steps/note", "/edit", "/link"):
        assert browser.post(f"/actions/{other}{path}", data=token).status_code == 404
    assert browser.post(f"{AUDIT}/actions/together", data={**token, "do": "each"}).status_code == 404


def test_a_partner_sees_what_was_seen_and_works_on_their_line_with_photos(
    app: Flask, cast: Cast, line_id: int
):
    priya = cast.client("Priya")
    page = priya.get(f"/actions/{line_id}").text
    (before,) = set(re.findall(r"/photos/[0-9a-f-]+/small", page))
    assert priya.get(before).status_code == 200
    assert step(priya, line_id, "agree", **TODAY).status_code == 303
    done = step(priya, line_id, "complete", **TODAY, words="Cleaned", photos=[a_photo()])
    assert done.status_code == 303
    page = priya.get(f"/actions/{line_id}").text
    assert len(set(re.findall(r"/photos/[0-9a-f-]+/small", page))) == 2
    assert "Cleaned" in page and "no photo from afterwards" not in page


def test_what_is_done_without_a_photo_says_so(owen: FlaskClient, line_id: int):
    step(owen, line_id, "agree", **TODAY)
    assert step(owen, line_id, "complete", **TODAY).status_code == 303
    assert "There is no photo from afterwards" in owen.get(f"/actions/{line_id}").text


def test_photos_and_words_of_a_refused_step_are_kept_for_the_next_try(
    app: Flask, owen: FlaskClient, line_id: int
):
    step(owen, line_id, "agree", **TODAY)
    refused = step(owen, line_id, "complete", **{**TODAY, "day-day": "23"}, words="Gone", photos=[a_photo()])
    assert refused.status_code == 422 and "has not come yet" in refused.text
    assert "Gone" in refused.text and "1 photo is already with us" in refused.text
    wrong = post(
        owen, f"/actions/{line_id}/steps/complete", hidden_fields(refused.text), **{**TODAY, "day-day": "x"}
    )
    assert wrong.status_code == 422 and "1 photo is already with us" in wrong.text
    again = post(owen, f"/actions/{line_id}/steps/complete", hidden_fields(wrong.text), **TODAY)
    assert again.status_code == 303
    with app.app_context():
        assert db.session.query(Photo).filter_by(role="after").one().record_id is not None


def test_a_double_tap_is_one_update_and_an_old_page_is_shown_what_changed(
    app: Flask, owen: FlaskClient, cast: Cast, line_id: int
):
    path = f"/actions/{line_id}/steps/refuse"
    ada = cast.client("Ada")
    theirs, mine = (hidden_fields(browser.get(path).text) for browser in (ada, owen))
    for _ in range(2):
        assert post(owen, path, mine, words="No money").status_code == 303
    with app.app_context():
        assert db.session.query(ActionUpdate).filter_by(step="refuse").count() == 1
    stale = post(ada, path, theirs, words="Not ours")
    assert stale.status_code == 409 and "No money" in stale.text and "Not ours" in stale.text


def test_the_owner_is_told_in_words_that_somebody_else_must_check(app: Flask, cast: Cast, seen: list[UUID]):
    person, ada, owen = cast.person("Owen"), cast.person("Ada"), cast.client("Owen")
    with app.app_context():
        own = a_line(person, owner_agency="csu")
        for name in ("agree", "complete"):
            take(own, name, ada)
    refused = step(owen, own, "verify")
    assert refused.status_code == 422 and "Its owner cannot check it" in refused.text


def test_completing_a_line_leads_to_the_fly_tip_and_the_request_of_what_was_seen(
    app: Flask, owen: FlaskClient, cast: Cast, seen: list[UUID]
):
    person = cast.person("Owen")
    with app.app_context():
        action_id = a_line(person, observations=seen)
        reference = db.session.query(FlyTip).one().reference
    assert "still open" not in owen.get(f"/actions/{action_id}").text
    record = owen.get(f"/records/{reference}").text
    assert "Part of an audit" in record and f"/actions/{action_id}" in record and f'href="{AUDIT}"' in record
    step(owen, action_id, "agree", **TODAY)
    with app.app_context():
        tip = db.session.query(FlyTip).one()
        tip.cleared_on = tip.reported_on
        db.session.commit()
    assert f"/actions/{action_id}/steps/complete" in owen.get(f"/records/{reference}").text
    with app.app_context():
        db.session.query(FlyTip).one().cleared_on = None
        db.session.commit()
    step(owen, action_id, "complete", **TODAY)
    page = owen.get(f"/actions/{action_id}").text
    assert f'href="/records/{reference}"' in page and "a speed-watch site" in page
    assert "Part of an audit" in owen.get(f"/records/{reference}").text


def test_a_record_that_no_audit_saw_says_nothing_of_one(client: FlaskClient, cast: Cast):
    send(client)
    assert "Part of an audit" not in cast.client("Owen").get("/records/FT-2026-00001").text


def test_the_board_shows_each_person_theirs_and_its_file_is_narrowed_alike(
    app: Flask, owen: FlaskClient, cast: Cast, line_id: int
):
    person = cast.person("Owen")
    with app.app_context():
        a_line(person, text="Watch it", owner_agency="kent_police")
    assert (
        "Watch it" in owen.get("/actions").text
        and "Watch it" not in cast.client("Priya").get("/actions").text
    )
    # An owner in the list leads to its own lines, of those that are looked at.
    assert "/actions?agency=kent_police&amp;due=month" in owen.get("/actions?due=month").text.replace(
        "due=month&amp;agency=kent_police", "agency=kent_police&amp;due=month"
    )
    narrowed = owen.get("/actions?agency=kent_police&due=month")
    assert "Watch it" in narrowed.text and "Cut back the hedge" not in narrowed.text
    file = owen.get("/actions.csv?agency=kent_police")
    assert file.mimetype == "text/csv" and "Watch it" in file.text and "hedge" not in file.text
    assert owen.get("/actions.csv?agency=nonsense").headers["Location"] == "/actions?agency=nonsense"
    assert "Not understood" in owen.get("/actions?agency=nonsense&page=x").text
    drawn = owen.get("/actions/map")
    assert 'ward=E05005031">2<' in drawn.text and "Actions by ward" in drawn.text
    (point,) = owen.get("/actions/points.json").json["points"]
    assert point[2:] == [f"/actions/{line_id}", "EVA-2026-00001, action 1"]
    assert cast.client("Vic").get("/actions").status_code == 404


def test_officers_note_that_the_plan_is_agreed_and_an_old_page_is_shown_it(
    owen: FlaskClient, cast: Cast, line_id: int
):
    path = f"{AUDIT}/moves/agree"
    ada = cast.client("Ada")
    theirs = hidden_fields(ada.get(path).text)
    refused = post(owen, path, **{**TODAY, "day-day": "21"})
    assert refused.status_code == 422 and "before the walk" in refused.text
    assert post(owen, path, **TODAY).headers["Location"] == f"{AUDIT}#sign-off"
    assert "Sunday 22 November" in owen.get(AUDIT).text
    stale = post(ada, path, theirs, **TODAY)
    assert stale.status_code == 409 and "Action plan agreed</strong> by Owen" in stale.text
    for name in ("Sunita", "Priya"):
        assert cast.client(name).get(path).status_code == 404
    assert owen.get(f"{AUDIT}/moves/call_off").status_code == 303
    assert owen.get(f"{AUDIT}/moves/fly").status_code == 404
