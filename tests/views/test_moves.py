"""The pages of the moves: who is offered which, what comes back filled, and what an old page is shown."""

import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import pictures
from tests.builders import hidden_fields, only_record, send
from tests.cast import Cast
from webapp.extensions import clock, db
from webapp.models.fly_tipping import FlyTip
from webapp.models.photo import Photo
from webapp.rules.codes.danger import QUESTIONS

REFERENCE = "FT-2026-00001"
LAND = {"land_type": "highway", "ownership": "public", "source": "visit", "confidence": "certain"}
SAFE = {"others_no": "y"}


@pytest.fixture
def owen(cast: Cast) -> FlaskClient:
    """Owen's browser."""
    return cast.client("Owen")


def page_of(browser: FlaskClient, name: str) -> dict[str, str]:
    return hidden_fields(browser.get(f"/records/{REFERENCE}/moves/{name}").text)


def make(browser: FlaskClient, name: str, page: dict[str, str] | None = None, **data: Any) -> TestResponse:
    sent = {**(page or page_of(browser, name)), **data}
    return browser.post(f"/records/{REFERENCE}/moves/{name}", data=sent, content_type="multipart/form-data")


def offered(browser: FlaskClient) -> set[str]:
    return set(re.findall(r"/moves/([a-z_]+)\"", browser.get(f"/records/{REFERENCE}").text))


def give_to_highways(app: Flask) -> None:
    with app.app_context():
        db.session.query(FlyTip).one().responsible_body = "kcc_highways"
        db.session.commit()


def test_a_record_offers_each_person_what_they_may_do(
    client: FlaskClient, owen: FlaskClient, cast: Cast, app: Flask
):
    send(client)
    assert {"triage", "clear", "not_found", "not_fly_tip", "merge"} == offered(owen)
    give_to_highways(app)
    assert offered(cast.client("Priya")) == {"clear", "not_found"}


@pytest.mark.parametrize(
    ("name", "move"), [("Priya", "triage"), ("Sunita", "clear"), ("Owen", "fly"), ("Vic", "clear")]
)
def test_a_move_that_is_not_theirs_is_not_found(client: FlaskClient, cast: Cast, name: str, move: str):
    send(client)
    browser = cast.client(name)
    token = hidden_fields(browser.get("/track").text)["csrf_token"]
    assert browser.get(f"/records/{REFERENCE}/moves/{move}").status_code == 404
    assert browser.post(f"/records/{REFERENCE}/moves/{move}", data={"csrf_token": token}).status_code == 404


def test_a_partner_finds_nothing_at_the_address_of_another_s_record(client: FlaskClient, cast: Cast):
    send(client)
    priya = cast.client("Priya")
    token = hidden_fields(priya.get("/track").text)["csrf_token"]
    for path in ("", "/moves/clear", "/moves/order", "/land"):
        assert priya.get(f"/records/{REFERENCE}{path}").status_code == 404
        if path:
            assert priya.post(f"/records/{REFERENCE}{path}", data={"csrf_token": token}).status_code == 404


def test_danger_questions_are_all_answered_before_anything_else(
    client: FlaskClient, owen: FlaskClient, app: Flask
):
    send(client)
    refused = make(owen, "triage", **LAND, danger_asbestos="no", land_reason="Seen on the map")
    assert refused.status_code == 422
    assert refused.text.count("or tick “No to every question that I left open”") >= len(QUESTIONS) - 1
    assert "Seen on the map" in refused.text and 'value="highway" selected' in refused.text
    assert only_record(app).status == "reported"
    assert make(owen, "triage", **LAND, **SAFE).status_code == 303
    assert only_record(app).status == "triaged"


def test_a_yes_says_who_must_be_told_and_wants_to_know_that_they_were(
    client: FlaskClient, owen: FlaskClient, app: Flask
):
    send(client)
    refused = make(owen, "triage", **LAND, **SAFE, danger_over_20t="yes")
    assert refused.status_code == 422 and "Tell the Environment Agency, then write down" in refused.text
    done = "EA told at 14:05, reference 02345"
    assert make(owen, "triage", **LAND, **SAFE, danger_over_20t="yes", done_over_20t=done).status_code == 303
    page = owen.get(f"/records/{REFERENCE}").text
    assert done in page and "No to 8 questions" in page


def test_land_that_nobody_chose_is_asked_for(client: FlaskClient, owen: FlaskClient):
    send(client)
    refused = make(owen, "triage", **SAFE, land_type="", ownership="")
    assert refused.status_code == 422
    for sentence in ("Choose what kind of land it is.", "Choose whose land it is.", "Choose how sure it is."):
        assert sentence in refused.text


def test_the_second_of_two_officers_is_shown_what_changed_and_may_go_on(
    client: FlaskClient, owen: FlaskClient, cast: Cast, app: Flask
):
    send(client)
    ada = cast.client("Ada")
    theirs = page_of(ada, "not_fly_tip")
    assert make(owen, "triage", **LAND, **SAFE).status_code == 303
    shown = make(ada, "not_fly_tip", theirs, reason="Only leaves")
    assert shown.status_code == 409
    for words in (
        "Since you opened this page",
        "Looked at</strong> by Owen",
        "“Looked at” now",
        "Only leaves",
    ):
        assert words in shown.text, words
    assert only_record(app).status == "triaged"
    assert make(ada, "not_fly_tip", hidden_fields(shown.text), reason="Only leaves").status_code == 303
    assert only_record(app).status == "not_fly_tip"


def test_a_page_without_its_number_counts_as_old(client: FlaskClient, owen: FlaskClient, app: Flask):
    send(client)
    page = {**page_of(owen, "not_fly_tip"), "seen": "nonsense"}
    assert make(owen, "not_fly_tip", page, reason="Leaves").status_code == 409
    assert only_record(app).status == "reported"


def test_land_is_decided_again_and_every_decision_stays(client: FlaskClient, owen: FlaskClient, app: Flask):
    send(client)
    make(owen, "triage", **LAND, **SAFE)
    page = hidden_fields(owen.get(f"/records/{REFERENCE}/land").text)
    again = {
        **LAND,
        "land_type": "private_residential",
        "ownership": "private",
        "land_reason": "Behind the hedge",
    }
    assert owen.post(f"/records/{REFERENCE}/land", data={**page, **again}).status_code == 303
    assert only_record(app).scope == "private_land"
    shown = owen.get(f"/records/{REFERENCE}").text
    assert "Behind the hedge" in shown and "no longer so" in shown and "Not in the 7-day target" in shown
    stale = owen.post(f"/records/{REFERENCE}/land", data={**page, **LAND})
    assert stale.status_code == 409 and "Since you opened this page" in stale.text


def test_photos_of_a_refused_clearance_are_kept_for_the_next_try(
    client: FlaskClient, owen: FlaskClient, app: Flask
):
    send(client)
    photo = (io.BytesIO(pictures.jpeg()), "after.jpg")
    refused = make(
        owen, "clear", photos=[photo], **{"cleared_on-day": 1, "cleared_on-month": 1, "cleared_on-year": 2099}
    )
    assert refused.status_code == 422
    day = only_record(app).reported_on
    good = {f"cleared_on-{part}": getattr(day, part) for part in ("day", "month", "year")}
    assert make(owen, "clear", **good, crew="Crew 1").status_code == 303
    with app.app_context():
        assert [photo.role for photo in db.session.query(Photo)] in ([], ["after"])


def cleared_with_a_photo_of_sevenoaks(browser: FlaskClient, app: Flask) -> None:
    make(browser, "triage", **LAND, **SAFE)
    day = only_record(app).reported_on
    good = {f"cleared_on-{part}": getattr(day, part) for part in ("day", "month", "year")}
    photo = (io.BytesIO(pictures.jpeg(exif=pictures.camera_notes())), "after.jpg")
    assert make(browser, "clear", **good, crew="Crew 1", photos=[photo]).status_code == 303


def test_a_photo_from_far_away_is_kept_and_warned_of_and_proves_nothing(
    client: FlaskClient, owen: FlaskClient, app: Flask
):
    send(client, latitude="51.30")
    cleared_with_a_photo_of_sevenoaks(owen, app)
    assert re.search(r"Taken 3,\d{3} m from the place", owen.get(f"/records/{REFERENCE}").text)
    refused = make(owen, "close")
    assert refused.status_code == 422 and "taken at the place" in refused.text
    assert make(owen, "close", reason="Owen stood there").status_code == 303


def test_a_photo_from_the_place_and_a_crew_are_proof_enough(
    client: FlaskClient, owen: FlaskClient, app: Flask
):
    send(client, latitude="51.2701", longitude="0.1901")
    cleared_with_a_photo_of_sevenoaks(owen, app)
    assert "from the place.</strong>" not in owen.get(f"/records/{REFERENCE}").text
    assert make(owen, "close").status_code == 303
    assert only_record(app).status == "closed"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"cleared_time": "25:00"}, "needs a time such as 14:05"),
        ({"cost": "a lot"}, "Enter an amount in pounds"),
        ({"crew": "x" * 61}, "Shorten it to 60"),
        ({"reason": "x" * 501}, "Shorten it to 500"),
        ({"cleared_on-day": "31", "cleared_on-month": "2", "cleared_on-year": "2026"}, "31"),
    ],
)
def test_what_makes_no_sense_is_told_in_words_and_stays(
    client: FlaskClient, owen: FlaskClient, data: dict[str, str], sentence: str
):
    send(client)
    refused = make(owen, "clear", **data)
    assert refused.status_code == 422 and sentence in refused.text
    for typed in data.values():
        assert typed in refused.text


def test_merging_joins_both_and_each_reporter_s_page_says_so(client: FlaskClient, owen: FlaskClient):
    send(client)
    token = send(client).headers["Location"].split("/")[-2]
    page = hidden_fields(owen.get("/records/FT-2026-00002/moves/merge").text)
    sent = {**page, "main": REFERENCE}
    assert owen.post("/records/FT-2026-00002/moves/merge", data=sent).status_code == 303
    assert f"It is the same as {REFERENCE}" in client.get(f"/track/{token}").text
    assert "2 reports" in owen.get(f"/records/{REFERENCE}").text
    assert "separate" in re.findall(r"/moves/([a-z_]+)\"", owen.get("/records/FT-2026-00002").text)


def test_who_clears_it_corrects_what_it_is_and_how_big_and_history_says_so(
    client: FlaskClient, owen: FlaskClient, app: Flask
):
    day = {"cleared_on-day": "22", "cleared_on-month": "11", "cleared_on-year": "2026"}
    with clock.standing_at(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        send(client, main_waste="tyres", size="car_boot")
        page = owen.get(f"/records/{REFERENCE}/moves/clear").text
        assert '<option value="tyres" selected>' in page and '<option value="car_boot" selected>' in page
        done = make(owen, "clear", **day, main_waste="construction", size="tipper_lorry")
        history = owen.get(f"/records/{REFERENCE}").text
    assert done.status_code == 303
    tip = only_record(app)
    assert (tip.main_waste, tip.size, tip.status) == ("construction", "tipper_lorry", "cleared")
    assert "Construction/demolition/excavation instead of tyres" in history
    assert "Tipper lorry load instead of car boot or less" in history


def test_a_size_or_waste_of_no_list_is_refused_and_none_is_changed(
    client: FlaskClient, owen: FlaskClient, app: Flask
):
    send(client, main_waste="tyres", size="car_boot")
    assert make(owen, "triage", **SAFE, **LAND, main_waste="gold", size="").status_code == 422
    assert make(owen, "triage", **SAFE, **LAND, main_waste="tyres", size="").status_code == 303
    tip = only_record(app)
    assert (tip.main_waste, tip.size, tip.status) == ("tyres", "car_boot", "triaged")
