"""Vehicles whose session never comes: an officer says which one they belong to, and opens none of them for it."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.builders import hidden_fields, without_chance
from tests.desk import AT, Desk, Held, fast
from tests.phone import Phone, new_id
from tests.views.test_rescue import bring_in, exported
from tests.watching import count, scheme, vehicle, watch
from webapp.extensions import clock, db
from webapp.models.account import User
from webapp.models.capture import Capture, CaptureRevision
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_scheme import SpeedVolunteer
from webapp.services import ledger, plates, strays, waiting
from webapp.services.transaction import one_commit


@pytest.fixture
def owen(desk: Desk) -> FlaskClient:
    return desk.client("Owen")


def lost(desk: Desk) -> tuple[str, dict[str, dict[str, object]]]:
    """Let Carol's phone have joined with a wrong code; return the session it knows, and what it sent by id."""
    parent = new_id()
    sent = {
        new_id(): vehicle(parent, 44, "GK24 ABC", at=AT + timedelta(minutes=3)),
        new_id(): vehicle(parent, 28, at=AT + timedelta(minutes=4), number="2"),
        new_id(): count(parent, 90),
    }
    phone = Phone(desk.client("Carol"))
    for own, content in sent.items():
        assert phone.put(own, content).json["state"] == "parent"
    return parent, sent


def press(client: FlaskClient, parent: str, verb: str, **typed: str) -> str:
    token = hidden_fields(client.get("/rescue").text)["csrf_token"]
    answer = client.post(f"/rescue/strays/{parent}/{verb}", data={"csrf_token": token, **typed})
    assert answer.status_code in {303, 404, 422}
    if answer.status_code == 404:
        return "404"
    return client.get("/rescue").text if answer.status_code == 303 else answer.text


def test_all_that_wait_under_a_wrong_code_go_together_where_an_officer_says(
    desk: Desk, owen: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, (parent, sent) = desk.held(fast("EY19 KLM")), lost(desk)
    with monkeypatch.context() as strict:
        strict.setattr(ledger, "opened", lambda revision: pytest.fail("Nothing is opened to show it."))
        page = without_chance(owen.get("/rescue").text)
    assert "2 vehicles and 1 traffic count from Carol" in page and "GK" not in page
    assert held.reference in page and "Otford High Street" in page
    assert "Choose the session" in press(owen, parent, "place", session="SW-2026-99999")
    assert "3 go to that session" in press(owen, parent, "place", session=held.reference)
    with desk.app.app_context():
        waiting.settle_children()
        rows = db.session.scalars(select(SpeedReading).where(SpeedReading.session_id == UUID(held.id)))
        assert {plates.opened(one) for one in rows} == {"EY19KLM", "GK24ABC", None}
        assert not strays.of(desk.person("Owen"))
    shown = owen.get(held.page).text
    assert "put here by an officer</strong> by Owen" in shown and "90" in shown
    # The phone that comes again is told the same.
    phone = Phone(desk.client("Carol"))
    for own, content in sent.items():
        answer = phone.put(own, content)
        assert (answer.status_code, answer.json["state"]) == (200, "kept"), answer.json
    own = next(iter(sent))
    later = {**sent[own], "rev": 2, "base_rev": 1}
    later["answers"] = {**later["answers"], "colour": ["red"]}
    assert phone.put(own, later).status_code == 409


def test_only_sessions_of_the_sender_s_schemes_are_offered(desk: Desk, owen: FlaskClient) -> None:
    with desk.app.app_context():
        shoreham = scheme(desk.cast, "Shoreham", ())
    theirs = Phone(owen).put(new_id(), watch(shoreham)).json["reference"]
    parent, _ = lost(desk)
    page = owen.get("/rescue").text
    assert theirs not in page and "No session of their scheme" in page
    assert "Choose the session" in press(owen, parent, "place", session=theirs)


def test_who_may_not_rescue_places_nothing(desk: Desk) -> None:
    held, (parent, _) = desk.held(), lost(desk)
    for name in ("Vic", "Carol", "Sunita", "Nadia"):
        client = desk.client(name)
        token = hidden_fields(client.get("/track").text)["csrf_token"]
        for verb in ("place", "set-aside"):
            data = {"csrf_token": token, "session": held.reference, "why": "So"}
            assert client.post(f"/rescue/strays/{parent}/{verb}", data=data).status_code == 404
    assert press(desk.client("Owen"), new_id(), "place", session=held.reference) == "404"


def test_after_a_week_they_can_be_set_aside_together_for_a_reason_without_registrations(
    desk: Desk, owen: FlaskClient
) -> None:
    parent, sent = lost(desk)
    assert "Set them aside" not in owen.get("/rescue").text
    assert press(owen, parent, "set-aside", why="A trial") == "404"
    with clock.standing_at(clock.now() + timedelta(days=8)):
        with desk.app.app_context():
            waiting.settle_children()
        assert "Set them aside" in owen.get("/rescue").text
        assert "Say why" in press(owen, parent, "set-aside", why=" ")
        assert "Leave registrations out" in press(owen, parent, "set-aside", why="It was GK24 ABC again")
        assert "registrations are forgotten" in press(owen, parent, "set-aside", why="A trial")
    with desk.app.app_context():
        assert {db.session.get_one(Capture, UUID(own)).state for own in sent} == {"removed"}
        own = select(CaptureRevision).join(Capture, Capture.id == CaptureRevision.capture_id)
        plates_of = own.where(Capture.kind == "speed_reading", Capture.parent_id == UUID(parent))
        assert [one.payload for one in db.session.scalars(plates_of)] == [None, None]


def test_a_reason_that_names_one_of_many_sets_none_of_them_aside(desk: Desk, owen: FlaskClient) -> None:
    parent, sent = lost(desk)
    phone, own = Phone(desk.client("Carol")), new_id()
    content = vehicle(parent, 44, "B 7", number="3")
    assert phone.put(own, content).json["state"] == "parent"
    # The next version says another, in an answer that is no list.
    later = {**content, "rev": 2, "base_rev": 1, "answers": {**content["answers"], "plate": "D 9"}}
    assert phone.put(own, later).status_code == 200
    with clock.standing_at(clock.now() + timedelta(days=8)):
        for why in ("It was b-7 again", "Of d9"):
            page = press(owen, parent, "set-aside", why=why)
            assert "Leave" in page and "out of these words" in page and "3 vehicles" in page
        with desk.app.app_context():
            ids = [UUID(one) for one in (*sent, own)]
            assert {db.session.get_one(Capture, one).state for one in ids} == {"staged"}
        assert "forgotten" in press(owen, parent, "set-aside", why="A trial")


def test_what_came_today_is_not_set_aside_with_what_came_a_week_ago(desk: Desk, owen: FlaskClient) -> None:
    parent, _ = lost(desk)
    with clock.standing_at(clock.now() + timedelta(days=8)):
        assert "Set them aside" in owen.get("/rescue").text
        Phone(desk.client("Carol")).put(new_id(), vehicle(parent, 44, "EY19 KLM", number="3"))
        assert "Set them aside" not in owen.get("/rescue").text
        assert press(owen, parent, "set-aside", why="A trial") == "404"


def test_who_has_left_the_scheme_since_is_placed_all_the_same(desk: Desk, owen: FlaskClient) -> None:
    held, (parent, sent) = desk.held(), lost(desk)
    with desk.app.app_context(), one_commit() as session:
        session.get_one(SpeedVolunteer, desk.scheme.carol).is_active = False
    assert held.reference in owen.get("/rescue").text
    assert "3 go to that session" in press(owen, parent, "place", session=held.reference)
    with desk.app.app_context():
        waiting.settle_children()
        assert {db.session.get_one(Capture, UUID(own)).state for own in sent} == {"kept"}


def test_a_later_version_from_the_phone_leaves_them_where_an_officer_put_them(
    desk: Desk, owen: FlaskClient
) -> None:
    held, (parent, sent) = desk.held(), lost(desk)
    press(owen, parent, "place", session=held.reference)
    phone, own = Phone(desk.client("Carol")), next(iter(sent))
    for rev in (2, 3):
        later = {**sent[own], "rev": rev, "base_rev": rev - 1}
        later["answers"] = {**later["answers"], "speed": [str(44 + rev)]}
        answer = phone.put(own, later)
        assert (answer.status_code, answer.json["state"]) == (200, "parent")
    with desk.app.app_context():
        waiting.settle_children()
        row = db.session.get_one(SpeedReading, UUID(own))
        assert (str(row.session_id), row.speed_mph) == (held.id, 47)


def test_a_sender_without_a_name_is_the_number_of_an_account(desk: Desk, owen: FlaskClient) -> None:
    lost(desk)
    undecided(desk)
    ids = [desk.person(name).id for name in ("Carol", "Sunita")]
    with desk.app.app_context(), one_commit() as session:
        for one in ids:
            session.get_one(User, one).name = ""
    page = owen.get("/rescue").text
    assert all(f"from Account {one}" in page for one in ids) and "@" not in page.split("<main")[1]


def undecided(desk: Desk) -> tuple[str, list[str]]:
    """Let Sunita, who watches no speeds, send a session with a vehicle, and Carol two that she logged in it."""
    sunita, carol, parent = Phone(desk.client("Sunita")), Phone(desk.client("Carol")), new_id()
    before, after, hers = new_id(), new_id(), new_id()
    assert carol.put(before, vehicle(parent, 44, "GK24 ABC")).json["state"] == "parent"
    assert sunita.put(parent, watch(desk.scheme)).json["state"] == "officer"
    assert carol.put(after, vehicle(parent, 45, "EY19 KLM", number="2")).json["state"] == "officer"
    assert sunita.put(hers, vehicle(parent, 28)).json["state"] == "officer"
    return parent, [before, after, hers]


def test_what_was_logged_in_a_session_that_waits_for_an_officer_waits_with_it(
    desk: Desk, owen: FlaskClient
) -> None:
    parent, rows = undecided(desk)
    with clock.standing_at(clock.now() + timedelta(days=8)):
        with desk.app.app_context():
            waiting.settle_children()
        page = owen.get("/rescue").text
        assert "Waiting for a speed-watch session" not in page and page.count("Make it a record") == 1
        assert "waiting for your decision on it: 3 vehicles" in page and "GK" not in without_chance(page)
        assert press(owen, parent, "set-aside", why="A trial") == "404"
        owen.post(f"/rescue/{parent}/accept", data=hidden_fields(page))
        with desk.app.app_context():
            while waiting.settle_children():
                pass
            kept = db.session.scalars(select(SpeedReading).where(SpeedReading.session_id == UUID(parent)))
            assert {str(one.id) for one in kept} == set(rows)
        assert "Nothing waits." in owen.get("/rescue").text


def test_what_was_logged_in_a_session_that_is_set_aside_is_decided_one_by_one(
    desk: Desk, owen: FlaskClient
) -> None:
    parent, _ = undecided(desk)
    Phone(desk.client("Carol")).put(new_id(), vehicle(parent, 46, "B 7", number="3"))
    hidden = hidden_fields(owen.get("/rescue").text)
    named = owen.post(f"/rescue/{parent}/set-aside", data={**hidden, "why": "Of b-7"})
    assert named.status_code == 422 and "out of these words" in named.text
    assert owen.post(f"/rescue/{parent}/set-aside", data={**hidden, "why": "A trial"}).status_code == 303
    with desk.app.app_context():
        waiting.settle_children()
    page = owen.get("/rescue").text
    assert page.count("Make it a record") == 4 and "GK** A**" in page


def test_a_file_with_registrations_is_brought_in_by_who_checks_speeds(desk: Desk, owen: FlaskClient) -> None:
    held, vic = desk.held(), desk.cast.person("Vic")
    row = exported(new_id(), vehicle(held.id, 44, "GK24 ABC"), owner=vic.id)
    refused = bring_in(desk.client("Ada"), row).text
    assert "an officer brings it in" in refused and "GK24" not in refused
    with desk.app.app_context():
        assert db.session.get(Capture, UUID(row["id"])) is None
    assert held.reference in bring_in(owen, row).text


def test_versions_that_differ_in_hidden_letters_say_so(desk: Desk) -> None:
    held: Held = desk.held(fast())
    other = vehicle(held.id, 44, "GK24 ABD", number="1", at=AT + timedelta(minutes=1))
    answer = desk.vic.put(held.rows[0], {**other, "rev": 2, "base_rev": None})
    assert answer.status_code == 409
    page = desk.client("Carol").get(answer.json["compare_url"]).text
    assert "Registration: it differs" in page and page.count("GK** A**") == 2
    assert not any(plate in page for plate in ("GK24", "ABC", "ABD"))
