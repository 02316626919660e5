"""What comes of a session after its end or its check: it waits where somebody sees it, and history tells of it."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from tests.builders import hidden_fields
from tests.desk import AT, READY, Desk, Held, fast, slow
from tests.phone import Phone, new_id
from tests.watching import count, vehicle
from webapp.extensions import db
from webapp.models.capture import CaptureRevision
from webapp.models.speed_watch import SpeedSession
from webapp.services import speed_checks, speed_figures, watches
from webapp.services.speed_sessions import Wanted


@pytest.fixture
def carol(desk: Desk) -> FlaskClient:
    return desk.client("Carol")


def recorded(desk: Desk) -> tuple[int, int]:
    """Return how many vehicles the figures have, and how many of them at the threshold."""
    with desk.app.app_context():
        figures = speed_figures.of(Wanted())
        return figures.logged, figures.recorded


def check_late(desk: Desk, held: Held, *late: str) -> None:
    """Let Carol decide about vehicles that came after her check."""
    person = desk.person("Carol")
    with desk.app.app_context():
        newest = speed_checks.opened(held.reference, person).newest
        speed_checks.finish(held.reference, {UUID(own): READY for own in late}, person, newest)


def test_what_comes_after_the_check_waits_on_every_list_and_counts_once_it_was_checked_too(
    desk: Desk, carol: FlaskClient
):
    held = desk.held(fast(), slow())
    held.finish(READY, None)
    assert recorded(desk) == (2, 1) and "session to check" not in carol.get("/speed-watch").text
    late = held.log(48, "EY19 KLM")
    held.log(28)
    assert recorded(desk) == (2, 1)
    assert "<strong>1</strong> session to check" in carol.get("/speed-watch").text
    listed = carol.get("/speed-watch/sessions?check=to_check").text
    assert held.reference in listed and "2 vehicles came or changed after the check" in listed
    assert "they count in no figure" in carol.get(held.page).text
    check = carol.get(f"{held.page}/check").text
    assert "EY19 KLM" in check and "GK24 ABC" not in check
    check_late(desk, held, late)
    assert recorded(desk) == (4, 2)
    assert "session to check" not in carol.get("/speed-watch").text


def test_a_vehicle_that_is_corrected_after_the_check_is_out_of_the_figures_until_it_was_checked_again(
    desk: Desk, carol: FlaskClient
):
    held = desk.held(fast(), fast("EY19 KLM"))
    held.finish(READY, READY)
    page = f"{held.page}/vehicles/{held.rows[0]}/edit"
    typed = {
        **hidden_fields(carol.get(page).text),
        "speed": "45",
        "passed_at": "10:32",
        "confidence": "certain",
    }
    assert carol.post(page, data={**typed, "reason": "Misheard"}).status_code == 303
    assert recorded(desk) == (1, 1)
    assert "1 vehicle came or changed" in carol.get("/speed-watch/sessions?check=to_check").text


def test_a_count_that_a_phone_tells_after_the_check_is_taken_and_history_has_it(
    desk: Desk, carol: FlaskClient
):
    held, own = desk.held(fast()), new_id()
    assert desk.vic.put(own, count(held.id, 150)).status_code == 201
    held.finish(READY)
    later = {**count(held.id, 214), "rev": 2, "base_rev": 1}
    assert desk.vic.put(own, later).status_code == 200
    with desk.app.app_context():
        session = db.session.get_one(SpeedSession, UUID(held.id))
        assert watches.counted(session) == 214
        assert not db.session.query(CaptureRevision).filter_by(capture_id=UUID(own), is_clash=True).count()
    assert "Traffic count changed after the end" in carol.get(held.page).text


def test_the_hash_of_what_may_hold_a_plate_is_told_to_nobody(desk: Desk, carol: FlaskClient):
    held = desk.held(fast(), slow())
    for client in (desk.client("Vic"), carol):
        asked = client.get(f"/captures/status?ids={','.join([held.id, *held.rows])}").json
        told = {one["id"]: one["receipt"]["content_sha256"] for one in asked if one["receipt"]}
        assert [told[own] for own in held.rows if own in told].count(None) == 2
        assert told[held.id]


def test_history_tells_what_came_and_went_after_the_end(desk: Desk, carol: FlaskClient):
    held = desk.held(fast(), fast("EY19 KLM"))
    held.log(40, "LB70 RST")
    held.log(41, "KX21 XYZ")
    page = carol.get(held.page).text
    assert page.count("2 vehicles arrived after the end") == 2 and "number 3, 4 by Vic" in page
    assert desk.vic.delete(held.rows[0]).status_code == 200
    page = carol.get(held.page).text
    assert "Vehicle taken back after the end" in page and "GK24" not in page


def test_what_is_written_at_a_desk_after_the_end_is_told_in_history_and_at_the_check(
    desk: Desk, carol: FlaskClient
):
    held, vic = desk.held(fast()), desk.client("Vic")
    with desk.app.app_context():
        assert not speed_checks.opened(held.reference, desk.person("Carol")).typed
    assert "written down at a desk" not in carol.get(f"{held.page}/check").text
    page = vic.get(f"/speed-readings/new?part_of={held.id}").text
    typed = {**hidden_fields(page), "passed_at": "10:40", "speed": "43", "plate": "EY19 KLM"}
    assert vic.post("/speed-readings/new", data={**typed, "confidence": "certain"}).status_code == 303
    shown = carol.get(held.page).text
    assert "Vehicle written down at a desk after the end" in shown and "EY19" not in shown
    check = carol.get(f"{held.page}/check").text
    assert "1 vehicle was written down at a desk after the session had ended" in check
    assert check.count("written down at a desk after the end") == 1


def test_two_rows_of_a_phone_that_was_without_a_signal_are_no_desk_s(desk: Desk, carol: FlaskClient):
    held = desk.held(fast())
    late = vehicle(held.id, 40, "LB70 RST", at=AT + timedelta(minutes=9))
    assert Phone(carol).put(new_id(), late).status_code == 201
    assert "at a desk" not in carol.get(f"{held.page}/check").text
