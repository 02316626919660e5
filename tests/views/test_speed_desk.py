"""A session at a desk: its page, corrections and the check, as who may see them and who may not."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.builders import hidden_fields
from tests.desk import AT, Desk, Held, fast, slow
from tests.phone import Phone, new_id
from tests.watching import count, scheme, vehicle
from webapp.extensions import db
from webapp.models.account import User
from webapp.models.speed_scheme import SpeedVolunteer
from webapp.models.speed_site import SpeedSite
from webapp.services import plates
from webapp.services.transaction import one_commit

WHOLE = ("GK24ABC", "GK24 ABC", "EY19KLM", "EY19 KLM")


@pytest.fixture
def held(desk: Desk) -> Held:
    """A session with two fast vehicles, a part plate and a slow vehicle."""
    return desk.held(fast(), fast("EY19 KLM", 52), fast("LB70 R", 40, confidence="part"), slow())


@pytest.fixture
def carol(desk: Desk) -> FlaskClient:
    return desk.client("Carol")


def is_masked(text: str) -> bool:
    return not any(one in text for one in WHOLE)


def leave(desk: Desk) -> None:
    """Let Carol be of the neighbouring scheme alone."""
    with desk.app.app_context():
        scheme(desk.cast, "Shoreham", ("Carol",))
        with one_commit() as session:
            session.get_one(SpeedVolunteer, desk.scheme.carol).is_active = False


def test_the_page_tells_how_it_was_held_with_masked_plates(desk: Desk, held: Held, carol: FlaskClient):
    assert desk.vic.put(new_id(), count(held.id, 214)).status_code == 201
    for client in (carol, desk.client("Vic"), desk.client("Owen"), desk.client("Ada")):
        page = client.get(held.page)
        assert page.status_code == 200 and is_masked(page.text)
        for words in ("GK** A**", "EY** K**", "214", "Vic, device operator", "Ann, recorder", "Unipar SL700"):
            assert words in page.text, words
        assert "blue Ford, car" in page.text and "Dry" in page.text and "11:30 (" in page.text
    assert "Check this session" in carol.get(held.page).text
    assert "Check this session" not in desk.client("Vic").get(held.page).text
    assert "Check this session" not in desk.client("Ada").get(held.page).text


def test_why_it_should_not_have_started_stands_on_its_pages_in_words(desk: Desk, carol: FlaskClient):
    with desk.app.app_context(), one_commit() as session:
        session.get_one(SpeedSite, desk.scheme.site_id).status = "suspended"
    held = desk.held(fast())
    for path in ("", "/check"):
        assert "The site was not approved" in carol.get(held.page + path).text


def test_twins_and_what_came_late_are_flagged(desk: Desk, held: Held, carol: FlaskClient):
    held.log(44, "GK24 ABC", phone=Phone(carol), at=AT + timedelta(minutes=1, seconds=5))
    page = carol.get(held.page).text
    assert "The same registration and speed within 10 seconds: number 1B" in page
    assert "A is Carol’s, B is Vic’s" in page
    with desk.app.app_context(), one_commit() as session:
        session.get_one(User, desk.person("Carol").id).name = ""
    page = desk.client("Vic").get(held.page).text
    assert f"A is Account {desk.person('Carol').id}’s, B is Vic’s" in page and "carol@" not in page
    answer = held.post(carol, "/check", held.choices("ready", "ready", "checked"))
    assert answer.status_code == 422
    rows = dict(zip(held.rows, ("ready", "ready", "checked", "", "void:duplicate"), strict=True))
    answer = held.post(carol, "/check", {f"decision-{own}": said for own, said in rows.items() if said})
    assert answer.status_code == 303, answer.text
    held.log(48, "LB70 RST")
    page = carol.get(held.page).text
    assert "1 vehicle came or changed after the check" in page and "Came after the check" in page
    assert "Check what came later" in page


def test_another_scheme_s_session_is_not_there_by_address(desk: Desk, held: Held, carol: FlaskClient):
    leave(desk)
    paths = ("", "/edit", "/check", f"/vehicles/{held.rows[0]}/edit")
    vic, token = desk.client("Vic"), hidden_fields(carol.get("/track").text)["csrf_token"]
    for path in paths:
        for client in (carol, *(desk.client(name) for name in ("Sunita", "Priya", "Nadia"))):
            assert client.get(held.page + path).status_code == 404, path
    for path in (*paths[1:], "/check/compare"):
        data = {"csrf_token": token, **held.choices("ready")}
        assert carol.post(held.page + path, data=data).status_code == 404, path
    for name in ("Vic", "Ada"):
        assert desk.client(name).get(f"{held.page}/check").status_code == 404
    assert vic.get(held.page).status_code == 200
    assert held.statuses() == ["draft"] * 4


def test_a_vehicle_of_another_session_is_not_there_under_this_one(desk: Desk, held: Held, carol: FlaskClient):
    other = desk.held(fast())
    for own in (other.rows[0], new_id()):
        assert carol.get(f"{held.page}/vehicles/{own}/edit").status_code == 404


def test_the_check_shows_whole_plates_and_writes_each_showing_down(held: Held, carol: FlaskClient):
    page = carol.get(f"{held.page}/check")
    assert page.headers["Cache-Control"] == "no-store"
    assert "GK24 ABC" in page.text and "EY19 KLM" in page.text
    assert "Who was shown registrations" in page.text and len(held.events("plates_opened")) == 1
    answer = held.post(carol, "/check", held.choices("ready", "void:misread", "checked"))
    assert answer.headers["Location"] == held.page
    assert held.statuses() == ["ready", "void", "checked", "checked"]
    page = carol.get(held.page).text
    assert is_masked(page) and "Void: Speed or plate may have been misread" in page
    assert "1 ready for the police, 2 counted only, 1 void" in page
    assert "Change the session" not in page
    assert carol.get(f"{held.page}/edit").status_code == 303
    assert "Nothing waits for a decision" in carol.get(f"{held.page}/check").text


def test_what_is_wrong_with_a_decision_stands_beside_it_and_all_stays_chosen(held: Held, carol: FlaskClient):
    own = held.rows[0]
    chosen = held.choices("void:other", "void:device_fault", "checked")
    page = held.post(carol, "/check", {**chosen, f"words-{held.rows[1]}": "It beeped"})
    assert page.status_code == 422
    assert f'href="#decision-{own}"' in page.text and "Number 1: Say in words why it is void." in page.text
    assert '<option value="void:device_fault" selected>' in page.text and 'value="It beeped"' in page.text


@pytest.mark.parametrize(
    "typed",
    [
        {"decision-{0}": "no such thing"},
        {"decision-{0}": ""},
        {"decision-": "ready", "decision-not-an-id": "ready", "words-": "x"},
        {"decision-{0}": "ready", "words-{0}": "x" * 500},
        {"decision-{0}": "void:other", "words-{0}": "It was GK24 ABC"},
        {"decision-{0}": "ready", "seen": "9" * 40},
        {"decision-{0}": "ready", "seen": "-1"},
        {"decision-{0}": "ready\x00"},
    ],
)
def test_bad_input_to_the_check_is_told_and_changes_nothing(held: Held, carol: FlaskClient, typed: dict):
    data = {name.format(*held.rows): value for name, value in typed.items()}
    answer = held.post(carol, "/check", data)
    assert answer.status_code in (409, 422)
    assert "It was GK24 ABC" not in answer.text or 'value="It was GK24 ABC"' in answer.text
    assert held.statuses() == ["draft"] * 4


def test_pressed_twice_the_check_is_done_once_and_an_old_page_is_told(
    desk: Desk, held: Held, carol: FlaskClient
):
    hidden = hidden_fields(carol.get(f"{held.page}/check").text)
    owen = desk.client("Owen")
    others = hidden_fields(owen.get(f"{held.page}/check").text)
    data = held.choices("ready", "ready", "checked")
    for _ in range(2):
        assert carol.post(f"{held.page}/check", data={**hidden, **data}).status_code == 303
    answer = owen.post(
        f"{held.page}/check", data={**others, **held.choices("void:trial", "ready", "checked")}
    )
    assert answer.status_code == 409 and "came or changed while your page was open" in answer.text
    assert len(held.events("speeds_checked")) == 1


def test_a_session_under_way_leads_to_where_its_end_is_written_down(desk: Desk, carol: FlaskClient):
    held = desk.held(fast(), is_over=False)
    page = carol.get(f"{held.page}/check").text
    assert "still under way" in page and "GK24" not in page and f"{held.page}/edit" in page
    assert held.events("plates_opened") == []
    assert held.post(carol, "/check", held.choices("ready")).status_code == 422


def test_a_correction_shows_no_plate_and_keeps_what_is_left_empty(desk: Desk, held: Held, carol: FlaskClient):
    path = f"/vehicles/{held.rows[0]}/edit"
    page = carol.get(held.page + path).text
    assert is_masked(page) and "GK** A**" in page and 'name="plate"' in page
    vic = desk.client("Vic")
    assert 'name="plate"' not in vic.get(held.page + path).text
    typed = {"speed": "45", "confidence": "certain", "colour": "red", "make": "ford", "passed_at": "10:32"}
    refused = held.post(carol, path, typed)
    assert refused.status_code == 422 and "Say why it is corrected" in refused.text
    assert held.post(carol, path, {**typed, "reason": "Read back as 45"}).status_code == 303
    with desk.app.app_context():
        row = held.find(1)
        assert (row.speed_mph, row.colour) == (45, "red")
        assert row.seen_at == AT + timedelta(minutes=1)
        assert plates.opened(row) == "GK24ABC"
    page = carol.get(held.page).text
    assert re.search(
        r"Vehicle corrected</strong>: number 1; colour, .*speed.* by Carol. Read back as 45", page
    )


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"speed": "0"}, "whole number from 1 to 150"),
        ({"speed": "151"}, "whole number from 1 to 150"),
        ({"speed": "30.5"}, "whole number from 1 to 150"),
        ({"plate": "ABCDE12345678"}, "at most 10"),
        ({"reason": "The plate was GK24 ABD"}, "registration"),
        ({"passed_at": "19:00"}, "not held at that time"),
        ({"passed_at": "25:00"}, "needs a time"),
        ({"colour": "no colour"}, "Choose one of the answers"),
        ({"confidence": ""}, "how sure"),
    ],
)
def test_bad_corrections_are_told_and_no_plate_comes_back(
    held: Held, carol: FlaskClient, typed: dict, words: str
):
    path = f"/vehicles/{held.rows[0]}/edit"
    good = {"speed": "44", "confidence": "certain", "colour": "blue", "make": "ford", "reason": "So it was"}
    answer = held.post(carol, path, {**good, **typed})
    assert answer.status_code == 422 and words in answer.text
    assert "ABCDE12345678" not in answer.text
    assert held.plates()[0] == "GK24ABC" and held.events("part_changed") == []


def test_a_correction_from_an_old_page_shows_what_the_row_says_now(held: Held, carol: FlaskClient):
    path = f"/vehicles/{held.rows[0]}/edit"
    hidden = hidden_fields(carol.get(held.page + path).text)
    good = {"speed": "44", "confidence": "certain", "make": "ford", "reason": "So it was"}
    assert carol.post(held.page + path, data={**hidden, **good, "colour": "red"}).status_code == 303
    late = carol.post(held.page + path, data={**hidden, **good, "colour": "grey"})
    assert late.status_code == 409 and "changed this vehicle while" in late.text
    assert '<option value="red" selected>' in late.text
    assert carol.get(f"{held.page}").text.count("Sent with other answers too") == 1


def test_a_session_is_changed_at_a_desk_with_who_has_left_meanwhile(
    desk: Desk, held: Held, carol: FlaskClient
):
    with desk.app.app_context(), one_commit() as session:
        session.get_one(SpeedVolunteer, desk.scheme.ann).is_active = False
    page = carol.get(f"{held.page}/edit").text
    assert f'<option value="{desk.scheme.ann}" selected>Ann</option>' in page
    shoreham = None
    with desk.app.app_context():
        shoreham = scheme(desk.cast, "Shoreham", ())
    answers = {
        "site": desk.scheme.site,
        "held_on-day": "22",
        "held_on-month": "11",
        "held_on-year": "2026",
        "began_at": "10:30",
        "ended_at": "11:30",
        "device": str(desk.scheme.device),
        "crew-volunteer": [str(one) for one in desk.scheme.crew],
        "crew-role": ["operator", "lookout"],
        "total_counted": "300",
    }
    foreign = {
        **answers,
        "device": str(shoreham.device),
        "crew-volunteer": str(shoreham.bob),
        "crew-role": "",
    }
    refused = held.post(carol, "/edit", foreign)
    assert refused.status_code == 422 and "another scheme" in refused.text
    assert held.post(carol, "/edit", answers).status_code == 303
    page = carol.get(held.page).text
    assert "300" in page and "Ann, safety lookout" in page and "Changed by whoever" in page
    early = held.post(carol, "/edit", {**answers, "ended_at": "10:00"})
    assert early.status_code == 422 and "before it began" in early.text


def test_a_session_that_was_taken_back_says_so_and_offers_nothing(desk: Desk, held: Held, carol: FlaskClient):
    desk.vic.delete(held.id)
    page = carol.get(held.page).text
    assert "Taken back" in page
    for words in ("Check this session", "Change the session", "Add a vehicle", "GK**"):
        assert words not in page
    assert "taken back" in carol.get(f"{held.page}/check").text


def test_a_clash_of_a_row_leads_back_to_its_session(desk: Desk, held: Held, carol: FlaskClient):
    later = vehicle(held.id, 44, "GK24 ABD", number="1", at=AT + timedelta(minutes=1))
    answer = desk.vic.put(held.rows[0], {**later, "rev": 2, "base_rev": 1})
    page = carol.get(answer.json["compare_url"]).text
    assert f'href="{held.page}"' in page and "GK24" not in page
    check = carol.get(f"{held.page}/check").text
    assert "Choose between them first" in check


def test_nothing_of_a_plate_stands_in_events_or_logs(desk: Desk, held: Held, carol: FlaskClient, capfd):
    carol.get(f"{held.page}/check")
    held.post(carol, "/check", held.choices("ready", "void:misread", "checked"))
    with desk.app.app_context():
        from webapp.models.event import Event

        told = "".join(f"{one.before} {one.after} {one.reason}" for one in db.session.query(Event))
    written = "".join(capfd.readouterr())
    assert is_masked(told) and is_masked(written)
