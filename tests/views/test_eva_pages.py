"""The page of an audit and of each observation: what was seen, what became of it, and what officers make of it."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from tests.asking import asked_of_the_database
from tests.auditing import STREETS, Walked, shot, walked
from tests.builders import hidden_fields
from tests.cast import Cast
from tests.conftest import NOON
from tests.phone import Phone, Shot, new_id
from tests.walking import observation, walk
from webapp.extensions import clock, db
from webapp.models.event import Event
from webapp.models.fly_tipping import FlyTip
from webapp.models.observation import Observation
from webapp.models.photo import Photo
from webapp.models.request import Request
from webapp.services import eva_moves

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def audit(app: Flask, cast: Cast) -> Walked:
    return walked(app, cast, weather="dry", light="daylight", route_words="Up the hill", **STREETS)


def press(cast: Cast, address: str, who: str = "Owen", **data: str) -> object:
    client = cast.client(who)
    token = hidden_fields(client.get("/track").text)["csrf_token"]
    return client.post(address, data={"csrf_token": token, **data})


def test_the_page_tells_of_the_walk_what_was_seen_and_what_is_done(audit: Walked, cast: Cast):
    one = audit.see(
        shot(), category="graffiti_offensive", grade="C", note="On the door", asset="14", quantity="3"
    )
    audit.see(category="street_light", grade=None, severity="2", latitude=None, longitude=None)
    audit.line(one, status="completed", after=shot().content)
    audit.unfold()
    page = cast.client("Owen").get(audit.page).text
    for words in (
        "10:30 to 11:45, 1 hour 15 minutes",
        "Local business (shopkeeper, Corner shop)",
        "Dry, daylight",
        "Up the hill",
        "Grade C: plain to see, also from one end",
        "Severity 2: moderate",
        "Urgent",
        "3 of them",
        "No. 14",
        "On the door",
        "(good to about 6 m)",
        "no point on the map",
        "Observation 1, offensive graffiti, as it was found",
        "Observation 1, offensive graffiti, after line 2 of the plan",
        "Line 1</a>: Deal today with offensive graffiti, Garage wall",
        "0.5 of 2 (25.0%)",
        "Main retail and commercial: 9%",
        "An EVA is no sampled survey",
        "They were picked because they are bad",
    ):
        assert words in page, words
    assert page.count("Environmental Visual Audit (EVA)") == 1


def test_the_map_has_its_numbers_its_ward_and_both_lines_and_runs_under_our_policy(app: Flask, cast: Cast):
    lines = {"route_points": "51.3985, 0.1630\n51.3990, 0.1650", "track": "51.3985 0.1631\n51.3992 0.1652"}
    audit = walked(app, cast, **lines)
    audit.see(place_text="</script><script>alert(1)</script>")
    page = cast.client("Owen").get(audit.page)
    assert '"number": 1' in page.text and "#observation-1" in page.text
    assert page.text.count("L.polyline(") == 2 and "L.geoJson(" in page.text
    assert "the route as it was drawn" in page.text and "the track that a phone recorded" in page.text
    assert "<script>alert" not in page.text
    assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_a_walk_that_found_nothing_has_a_page_too(app: Flask, cast: Cast):
    audit = walked(app, cast, found_nothing="y")
    page = cast.client("Owen").get(audit.page).text
    assert "0 observations" in page and "the walk found nothing" in page


def test_the_page_asks_no_more_of_the_database_for_many_observations(app: Flask, audit: Walked, cast: Cast):
    def count() -> int:
        with app.app_context(), asked_of_the_database() as said:
            assert owen.get(audit.page).status_code == 200
        return len(said)

    def worked_on() -> None:
        audit.line(audit.see(shot(), shot()), status="completed", after=shot().content)
        audit.see(category="fly_tipping", grade=None, severity="2", as_fly_tip="yes")

    owen = cast.client("Owen")
    worked_on()
    count()
    few = count()
    for _ in range(8):
        worked_on()
    assert count() == few


def test_the_page_tells_what_became_of_the_audit_and_who_did_it(audit: Walked, cast: Cast):
    own = audit.see()
    changed = {**observation(audit.id, note="Under the hedge"), "rev": 2, "base_rev": 1}
    assert audit.phone.put(str(own), changed).status_code == 200
    history = cast.client("Owen").get(audit.page).text.split('id="history"')[1]
    assert "<strong>An observation was changed</strong>: number 1 by Sunita" in history
    assert "<strong>First sent</strong> by Sunita" in history


def test_an_audit_that_was_sent_with_other_words_too_says_so_and_leads_to_the_choice(
    audit: Walked, cast: Cast
):
    link = f'href="/compare/{audit.id}"'
    assert link not in cast.client("Owen").get(audit.page).text
    assert audit.phone.put(audit.id, walk(title="Told otherwise")).status_code == 409
    page = cast.client("Owen").get(audit.page).text
    assert "nobody has chosen between them yet" in page and link in page


def test_a_long_walk_is_changed_at_a_desk_with_all_its_rows(audit: Walked, cast: Cast):
    address, people = f"{audit.page}/edit", 60
    streets = {
        "transects-street": "Mill Lane",
        "transects-begins": "12",
        "transects-ends": "",
        "transects-surveyor": "",
    }
    typed = {
        **walk(title="As it should be called")["answers"],
        "people-type": ["resident"] * people,
        "people-name": ["Rosa"] * people,
        "people-organisation": [""] * people,
        "people-presence": ["came"] * people,
        **{name: [value] * 60 for name, value in streets.items()},
        "transects-land_use": ["main_retail"] * 60,
        **{f"transects-{name}": ["B"] * 60 for name in ("litter", "detritus", "graffiti", "fly_posting")},
    }
    owen = cast.client("Owen")
    page = hidden_fields(owen.get(address).text)
    answer = owen.post(address, data={**typed, **page})
    assert answer.status_code == 303
    changed = owen.get(audit.page).text
    assert "As it should be called" in changed and changed.count("Resident (Rosa)") == people


def test_one_observation_has_a_page_with_the_ways_to_its_neighbours(audit: Walked, cast: Cast):
    for _ in range(3):
        audit.see()
    page = cast.client("Owen").get(f"{audit.page}/observations/2").text
    assert "Observation 2 of EVA-2026-00001" in page
    assert f"{audit.page}/observations/1" in page and f"{audit.page}/observations/3" in page
    assert "TQ 5" in page
    for number in (4, 0):
        assert cast.client("Owen").get(f"{audit.page}/observations/{number}").status_code == 404


def test_what_was_taken_back_has_no_page(audit: Walked, cast: Cast):
    own = audit.see()
    audit.phone.delete(str(own))
    assert cast.client("Owen").get(f"{audit.page}/observations/1").status_code == 404


def test_an_observation_is_changed_at_a_desk_and_keeps_its_photos_and_its_place(
    app: Flask, audit: Walked, cast: Cast
):
    own = audit.see(shot(), category="litter", grade="C")
    owen = cast.client("Owen")
    address = f"{audit.page}/observations/1"
    form = owen.get(f"{address}/edit").text
    assert "Its photos stay as they are" in form
    kept = {"latitude": "51.39854", "longitude": "0.16356", "place_text": "By the shop"}
    # What the category had before cannot be unticked without scripts: it is left out.
    typed = {**hidden_fields(form), **kept, "category": "vandalism", "grade": "C", "severity": "3"}
    sent = owen.post(f"{address}/edit", data=typed)
    assert (sent.status_code, sent.headers["Location"]) == (303, address)
    with app.app_context():
        seen = db.session.get_one(Observation, own)
        assert (seen.category, seen.grade, seen.severity) == ("vandalism", None, "3")
        assert (seen.place_text, seen.latitude, seen.number) == ("By the shop", 51.39854, 1)
        photo = db.session.query(Photo).one()
        assert photo.hidden_at is None and photo.capture_id == own
    assert 'value="By the shop"' in owen.get(f"{address}/edit").text


def test_observations_keep_their_numbers_when_they_are_changed(app: Flask, audit: Walked, cast: Cast):
    audit.see()
    owen = cast.client("Owen")
    for _ in range(2):
        page = hidden_fields(owen.get(f"/observations/new?part_of={audit.id}").text)
        sent = owen.post("/observations/new?send", data={**page, "category": "litter", "grade": "D"})
        assert sent.status_code == 303
    address = f"{audit.page}/observations/2"
    typed = {**hidden_fields(owen.get(f"{address}/edit").text), "category": "litter", "grade": "C"}
    assert owen.post(f"{address}/edit", data=typed).headers["Location"] == address
    assert "Grade C" in owen.get(address).text
    with app.app_context():
        assert sorted(number for (number,) in db.session.query(Observation.number)) == [1, 2, 3]
    # Another phone that counted alike goes on calling it as it did.
    colleague, own = Phone(owen), new_id()
    colleague.put(own, observation(audit.id, number="1"))
    colleague.put(own, {**observation(audit.id, number="1", note="More"), "rev": 2, "base_rev": 1})
    with app.app_context():
        assert db.session.get_one(Observation, UUID(own)).number == 4


def test_a_finished_audit_offers_no_change_and_says_what_arrived_late(app: Flask, audit: Walked, cast: Cast):
    audit.see()
    owen, sunita = cast.client("Owen"), cast.client("Sunita")
    for client in (owen, sunita):
        assert "Change the walk" in client.get(audit.page).text
    with app.app_context():
        eva_moves.move(audit.reference, "finish", eva_moves.Given(), cast.person("Owen"))
    with clock.standing_at(NOON + timedelta(minutes=5)):
        for client in (owen, sunita):
            page = client.get(audit.page).text
            assert "Change the walk" not in page and "Add an observation" not in page
            assert "after this audit was over" not in page
            assert "Change it" not in client.get(f"{audit.page}/observations/1").text
            for address in (audit.page, f"{audit.page}/observations/1"):
                assert client.get(f"{address}/edit").headers["Location"] == address
        audit.see(category="graffiti_offensive")
        page = owen.get(audit.page).text
    assert "1 observation arrived after this audit was over" in page and "0 of 1 completed" in page


def test_what_asks_for_something_already_says_so_where_it_is_changed(app: Flask, audit: Walked, cast: Cast):
    speeding = {"category": "speeding_concern", "grade": None, "severity": "3"}
    audit.see(**speeding, as_request="speed_watch_site")
    owen, address = cast.client("Owen"), f"{audit.page}/observations/1/edit"
    page = owen.get(address).text
    assert "It asks for a speed-watch site" in page and "Ask for something" not in page
    typed = {**hidden_fields(page), "category": "speeding_concern", "severity": "2"}
    assert owen.post(address, data=typed).status_code == 303
    with app.app_context():
        assert db.session.query(Request).one().kind == "speed_watch_site"


def test_a_change_that_makes_no_sense_comes_back_filled(audit: Walked, cast: Cast):
    audit.see()
    owen, address = cast.client("Owen"), f"{audit.page}/observations/1/edit"
    hidden = hidden_fields(owen.get(address).text)
    answer = owen.post(address, data={**hidden, "category": "other", "severity": "2", "quantity": "many"})
    assert answer.status_code == 422
    assert "Say in the note what it is." in answer.text and 'value="many"' in answer.text
    old = owen.post(address, data={**hidden, "csrf_token": "old", "category": "litter", "note": "Kept words"})
    assert old.status_code == 422 and "open for too long" in old.text and "Kept words" in old.text


def test_a_desk_and_a_phone_that_change_the_same_observation_are_compared(audit: Walked, cast: Cast):
    own = audit.see()
    owen, address = cast.client("Owen"), f"{audit.page}/observations/1/edit"
    hidden = hidden_fields(owen.get(address).text)
    later = {**observation(audit.id, note="From the phone"), "rev": 2, "base_rev": 1}
    assert audit.phone.put(str(own), later).status_code == 200
    sent = owen.post(address, data={**hidden, "category": "litter", "grade": "D", "note": "From the desk"})
    assert sent.status_code == 303 and f"/compare/{own}" in sent.headers["Location"]


def test_a_warden_changes_what_she_saw_and_not_what_others_saw(audit: Walked, cast: Cast):
    audit.see()
    Phone(cast.client("Owen")).put(new_id(), observation(audit.id, number="2"))
    sunita = cast.client("Sunita")
    assert sunita.get(f"{audit.page}/observations/1/edit").status_code == 200
    assert sunita.get(f"{audit.page}/observations/2").status_code == 200
    assert sunita.get(f"{audit.page}/observations/2/edit").status_code == 404
    assert "/observations/2/edit" not in sunita.get(f"{audit.page}/observations/2").text


def test_an_observation_is_reported_as_fly_tipping_with_one_press_and_once(
    app: Flask, audit: Walked, cast: Cast
):
    audit.see(category="fly_tipping", grade=None, severity="3", note="A sofa")
    for _ in range(2):
        answer = press(cast, f"{audit.page}/observations/1/fly-tip")
        assert answer.status_code == 303 and answer.headers["Location"].endswith("/observations/1#became")
    with app.app_context():
        tip, seen = db.session.query(FlyTip).one(), db.session.query(Observation).one()
        assert (tip.description, seen.made_record_id, tip.latitude) == ("A sofa", tip.id, seen.latitude)
        assert db.session.query(Event).filter_by(action="part_taken_up").count() == 1
    page = cast.client("Owen").get(f"{audit.page}/observations/1").text
    assert "FT-2026-00001" in page and "Report as fly-tipping" not in page
    assert "FT-2026-00001" in cast.client("Owen").get(audit.page).text


def test_others_are_asked_for_something_once_and_for_one_thing(app: Flask, audit: Walked, cast: Cast):
    audit.see(category="speeding_concern", grade=None, severity="3")
    address = f"{audit.page}/observations/1/request"
    assert press(cast, address).status_code == 422
    assert press(cast, address, kind="speed_watch_site").status_code == 303
    assert press(cast, address, kind="speed_watch_site").status_code == 303
    refused = press(cast, address, kind="operation")
    assert refused.status_code == 422 and "asks for a speed-watch site already" in refused.text
    assert "Ask for anything else on the page “Requests”" in refused.text
    with app.app_context():
        asked = db.session.query(Request).one()
        assert (asked.kind, asked.made_by_id) == ("speed_watch_site", cast.person("Owen").id)
    assert "Asked for: a speed-watch site" in cast.client("Owen").get(f"{audit.page}/observations/1").text


@pytest.mark.parametrize("button", ["fly-tip", "request"])
def test_wardens_make_nothing_of_an_observation(app: Flask, audit: Walked, cast: Cast, button: str):
    audit.see()
    answer = press(cast, f"{audit.page}/observations/1/{button}", who="Sunita", kind="operation")
    assert answer.status_code == 404
    assert "Report as fly-tipping" not in cast.client("Sunita").get(f"{audit.page}/observations/1").text
    with app.app_context():
        assert db.session.query(FlyTip).count() == db.session.query(Request).count() == 0


def test_officers_show_and_hide_a_photo_and_come_back_to_the_observation(
    app: Flask, audit: Walked, cast: Cast
):
    audit.see(shot())
    audit.unfold()
    photo_id = audit.photo_ids()[0]
    address = f"{audit.page}/observations/1/photos/{photo_id}"
    nobody = app.test_client()
    assert nobody.get(f"/photos/{photo_id}/small").status_code == 404
    answer = press(cast, f"{address}/release")
    assert answer.headers["Location"].endswith("/observations/1#photos")
    # Residents see photos of an audit while they are shown the audit, and no longer.
    assert nobody.get(f"/photos/{photo_id}/small").status_code == 404
    press(cast, f"{audit.page}/publish")
    assert nobody.get(f"/photos/{photo_id}/small").status_code == 200
    press(cast, f"{audit.page}/unpublish")
    assert nobody.get(f"/photos/{photo_id}/small").status_code == 404
    press(cast, f"{audit.page}/publish")
    press(cast, f"{address}/hide")
    assert nobody.get(f"/photos/{photo_id}/small").status_code == 404
    assert f"/photos/{photo_id}/small" not in cast.client("Sunita").get(audit.page).text
    assert f"/photos/{photo_id}/small" in cast.client("Owen").get(audit.page).text
    assert press(cast, f"{address}/burn").status_code == 404
    assert press(cast, f"{address}/release", who="Sunita").status_code == 404


def test_a_photo_that_is_not_prepared_yet_is_not_shown_and_one_of_another_record_is_none(
    app: Flask, audit: Walked, cast: Cast
):
    audit.see(shot())
    address = f"{audit.page}/observations/1/photos/{audit.photo_ids()[0]}/release"
    refused = press(cast, address)
    assert refused.status_code == 422 and "still being prepared" in refused.text
    other = walked(app, cast)
    other.see(Shot())
    assert (
        press(cast, f"{other.page}/observations/1/photos/{audit.photo_ids()[0]}/release").status_code == 404
    )


@pytest.mark.parametrize("name", ["Vic", "Carol", "Priya", "Nadia"])
def test_nobody_else_sees_an_observation(audit: Walked, cast: Cast, name: str):
    audit.see()
    for address in ("/observations/1", "/observations/1/edit"):
        assert cast.client(name).get(audit.page + address).status_code == 404
