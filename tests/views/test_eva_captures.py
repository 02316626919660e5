"""Audits and observations as phones and desks send them: piece by piece, in any order, each once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask

from tests.builders import hidden_fields
from tests.cast import Cast
from tests.phone import Phone, Shot, new_id, problem
from tests.pictures import jpeg
from tests.walking import ST_MARYS_WARD, observation, walk
from webapp.extensions import db
from webapp.models.action import Action
from webapp.models.eva import Eva, EvaParticipant, EvaTransect
from webapp.models.fly_tipping import FlyTip
from webapp.models.notice import Notice
from webapp.models.observation import Observation
from webapp.models.photo import Photo
from webapp.models.request import Request
from webapp.services import eva_moves, waiting
from webapp.services.eva_moves import Given

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def sunita(cast: Cast) -> Phone:
    """Sunita's phone."""
    return Phone(cast.client("Sunita"))


def one(app: Flask, model: type) -> object:
    with app.app_context():
        return db.session.query(model).one()


def errors(answer: object) -> dict[str, Sequence[str]]:
    assert problem(answer) == (422, "invalid")
    return answer.json["errors"]


def test_a_walk_becomes_a_record_with_the_people_who_came_and_no_reporter(app: Flask, sunita: Phone):
    own = new_id()
    receipt = sunita.put(own, walk()).json
    assert receipt["reference"] == "EVA-2026-00001" and receipt["status_url"] is None
    assert sunita.put(own, walk()).json == receipt
    eva = one(app, Eva)
    assert (eva.status, eva.ward_code, eva.safety) == ("walking", ST_MARYS_WARD, "risk_assessed hi_vis")
    with app.app_context():
        people = db.session.query(EvaParticipant).order_by(EvaParticipant.id).all()
        assert [(one.type, one.organisation) for one in people] == [
            ("resident", ""),
            ("business", "Corner shop"),
        ]


def test_observations_that_come_before_their_walk_wait_for_it_and_lose_nothing(app: Flask, sunita: Phone):
    walk_id, shot = new_id(), Shot()
    child = new_id()
    first = sunita.put(child, observation(walk_id, shot))
    assert first.status_code == 201 and (first.json["state"], first.json["reference"]) == ("parent", None)
    sunita.put_photo(child, shot)
    reference = sunita.put(walk_id, walk()).json["reference"]
    with app.app_context():
        waiting.settle_children()
        seen, photo = db.session.query(Observation).one(), db.session.query(Photo).one()
        assert (str(seen.eva_id), seen.grade, seen.accuracy_m) == (walk_id, "C", 6)
        assert (str(photo.record_id), photo.report_id) == (walk_id, None)
    assert sunita.put(child, observation(walk_id, shot)).json["reference"] == reference


def test_a_photo_that_comes_after_its_observation_belongs_to_the_walk(app: Flask, sunita: Phone):
    walk_id, child, shot = new_id(), new_id(), Shot()
    sunita.put(walk_id, walk())
    assert sunita.put(child, observation(walk_id, shot)).json["missing"] == [shot.id]
    assert sunita.put_photo(child, shot).json["missing"] == []
    photo = one(app, Photo)
    assert (str(photo.record_id), photo.report_id, str(photo.capture_id)) == (walk_id, None, child)


def test_an_observation_of_another_wardens_walk_becomes_part_of_it(app: Flask, cast: Cast, sunita: Phone):
    walk_id = new_id()
    sunita.put(walk_id, walk())
    owen = Phone(cast.client("Owen"))
    assert owen.put(new_id(), observation(walk_id)).json["state"] == "kept"
    assert Phone(cast.client("Vic")).put(new_id(), observation(walk_id)).json["state"] == "officer"


def test_two_phones_that_count_alike_get_numbers_that_differ(app: Flask, cast: Cast, sunita: Phone):
    walk_id = new_id()
    sunita.put(walk_id, walk())
    for phone in (sunita, Phone(cast.client("Owen")), sunita):
        phone.put(new_id(), observation(walk_id, number="1"))
    with app.app_context():
        assert sorted(number for (number,) in db.session.query(Observation.number)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        (
            {"category": "street_light", "grade": "C", "severity": "2"},
            "grade",
            "say how serious it is instead",
        ),
        ({"category": "street_light", "grade": None}, "severity", "Choose how serious it is"),
        ({"category": "litter", "grade": None}, "grade", "Choose a grade"),
        ({"category": "litter", "severity": "3"}, "severity", "leave how serious it is empty"),
        ({"owner_agency": "the_moon"}, "owner_agency", "Choose one of the answers"),
        ({"category": "other", "grade": None, "severity": "1"}, "note", "Say in the note what it is"),
        ({"quantity": "many"}, "quantity", "Enter a number"),
        ({"quantity": "0"}, "quantity", "Enter a number"),
        ({"category": "moon"}, "category", "Choose one of the answers"),
    ],
)
def test_an_observation_that_makes_no_sense_comes_back_with_what_to_do(
    sunita: Phone, changes: dict[str, str], field: str, words: str
):
    walk_id = new_id()
    sunita.put(walk_id, walk())
    assert words in " ".join(errors(sunita.put(new_id(), observation(walk_id, **changes)))[field])


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        (
            {"began_at": "10:30", "ended_at": "10:00"},
            "ended_at",
            "cannot end before it began. On the next day it would have taken 23 hours 30 minutes.",
        ),
        ({"began_at": "10:30", "ended_at": "10:30"}, "ended_at", "it would have taken 24 hours."),
        ({"began_at": "20:00", "ended_at": "08:01"}, "ended_at", "cannot end before it began"),
        ({"began_at": None, "ended_at": "10:00"}, "ended_at", "Enter when the walk began"),
        ({"ward_code": None}, "ward_code", "Choose the ward"),
        ({"ward_code": "E99999999"}, "ward_code", "from the list"),
        ({"previous": "EVA-2020-00001"}, "previous", "no other audit"),
        ({"route_points": "TN13 1GP\nnowhere at all"}, "route_points", "We cannot find “nowhere at all”"),
        ({"held_on-day": "23"}, "held_on", "cannot be in the future"),
        ({"held_on-day": None, "held_on-month": None, "held_on-year": None}, "held_on", "Enter the day"),
        ({"people-type": ["", "business"]}, "people", "Person 1: choose who it is"),
        ({"transects-street": ["High Street"], "transects-litter": ["A"]}, "transects", "Street 1"),
        ({"transects-street": ["High Street"], "transects-land_use": ["moon"]}, "transects", "from its list"),
        ({"prompts-lighting": "perhaps"}, "prompts", "Choose one of the answers"),
    ],
)
def test_a_walk_that_makes_no_sense_comes_back_with_what_to_do(
    sunita: Phone, changes: dict[str, object], field: str, words: str
):
    assert words in " ".join(errors(sunita.put(new_id(), walk(**changes)))[field])


def test_a_walk_past_midnight_ends_on_the_day_after_it_began(app: Flask, cast: Cast, sunita: Phone):
    own = new_id()
    day = {"held_on-day": "21", "held_on-month": "11", "held_on-year": "2026"}
    reference = sunita.put(own, walk(**day, began_at="23:50", ended_at="00:10")).json["reference"]
    eva = one(app, Eva)
    assert eva.held_on == date(2026, 11, 21)
    assert (eva.began_at, eva.ended_at) == (
        datetime(2026, 11, 21, 23, 50, tzinfo=UTC),
        datetime(2026, 11, 22, 0, 10, tzinfo=UTC),
    )
    page = cast.client("Owen").get(f"/eva/{reference}").text
    assert "23:50 to 00:10 (20 minutes)" in page


def test_a_walk_keeps_its_route_grades_prompts_and_feelings_and_says_them_again(app: Flask, sunita: Phone):
    answers = {
        "route_points": "TN13 1GP\nTQ 529 546\n51.39512, 0.17745",
        "transects-street": ["High Street"],
        "transects-begins": ["no. 3"],
        "transects-land_use": ["main_retail"],
        "transects-litter": ["B_MINUS"],
        "prompts-lighting": "no",
        "prompts-lighting_note": "two lamps out",
        "feelings-by_day": ["safe", ""],
        "feelings-after_dark": ["unsafe", "very_unsafe"],
    }
    own = new_id()
    sunita.put(own, walk(**answers))
    with app.app_context():
        (route,) = db.session.query(Eva.route_points).one()
    assert len(route.splitlines()) == 3 and "51.395120 0.177450" in route
    graded = one(app, EvaTransect)
    assert (graded.litter, graded.detritus, graded.land_use) == ("B_MINUS", None, "main_retail")
    page = sunita.client.get("/eva/EVA-2026-00001/edit").text
    assert "two lamps out" in page and 'value="no. 3"' in page


def test_fly_tipping_that_is_observed_can_begin_its_seven_days_at_once(app: Flask, sunita: Phone):
    walk_id, child = new_id(), new_id()
    sunita.put(walk_id, walk())
    content = observation(
        walk_id, category="fly_tipping", grade=None, severity="3", as_fly_tip="y", note="A sofa", number="4"
    )
    receipt = sunita.put(child, content).json
    assert receipt["reference"] == "FT-2026-00001" == sunita.put(child, content).json["reference"]
    tip, seen = one(app, FlyTip), one(app, Observation)
    assert (tip.description, tip.reported_by_type, tip.status) == ("A sofa", "warden", "reported")
    assert (seen.made_record_id, tip.latitude, tip.ward_code) == (tip.id, seen.latitude, ST_MARYS_WARD)


def test_an_urgent_observation_makes_its_line_at_once_and_tells_who_must_act(
    app: Flask, cast: Cast, sunita: Phone
):
    owen, _ = cast.person("Owen"), cast.person("Priya")
    walk_id, child = new_id(), new_id()
    sunita.put(walk_id, walk())
    sunita.put(child, observation(walk_id, category="graffiti_offensive"))
    line = one(app, Action)
    assert (line.status, line.priority, line.owner_agency) == ("proposed", "high", "sdc_direct_services")
    assert line.by_when.isoformat() == "2026-11-22"
    notice = one(app, Notice)
    assert (notice.user_id, notice.action_id, notice.purpose) == (owen.id, line.id, "urgent_action")
    sunita.put(
        child, {**observation(walk_id, category="graffiti_offensive", note="again"), "rev": 2, "base_rev": 1}
    )
    assert one(app, Action).id == line.id


def test_an_observation_can_ask_for_something_of_others_once(app: Flask, sunita: Phone):
    walk_id, child = new_id(), new_id()
    sunita.put(walk_id, walk())
    content = observation(
        walk_id, category="speeding_concern", grade=None, severity="3", as_request="speed_watch_site"
    )
    sunita.put(child, content)
    sunita.put(child, {**content, "rev": 2, "base_rev": 1, "sent_at": None, "captured_at": None})
    asked = one(app, Request)
    assert (asked.kind, str(asked.observation_id), asked.ward_code) == (
        "speed_watch_site",
        child,
        ST_MARYS_WARD,
    )


def test_the_same_walk_changed_on_a_phone_and_at_a_desk_keeps_both_until_somebody_chooses(
    app: Flask, cast: Cast, sunita: Phone
):
    own = new_id()
    sunita.put(own, walk())
    owen = cast.client("Owen")
    page = owen.get("/eva/EVA-2026-00001/edit")
    hidden = hidden_fields(page.text)
    assert hidden["base_rev"] == "1"
    later = {**walk(title="From the phone"), "rev": 2, "base_rev": 1}
    assert sunita.put(own, later).status_code == 200
    sent = owen.post("/eva/EVA-2026-00001/edit", data={**hidden, **walk(title="From the desk")["answers"]})
    assert sent.status_code == 303 and f"/compare/{own}" in sent.headers["Location"]
    assert one(app, Eva).title == "From the phone"
    compared = owen.get(sent.headers["Location"])
    assert "From the phone" in compared.text and "From the desk" in compared.text
    versions = [part.split('"')[0] for part in compared.text.split('name="version" value="')[1:]]
    token = hidden_fields(compared.text)["csrf_token"]
    owen.post(sent.headers["Location"], data={"version": versions[1], "csrf_token": token})
    assert one(app, Eva).title == "From the desk"
    # The phone hears that its version does not count, and makes its next one of the newest.
    held = sunita.client.get(f"/captures/status?ids={own}").json[0]["receipt"]
    assert held["rev"] == 3
    for nobody in ("Vic", "Priya", "Nadia"):
        assert cast.client(nobody).get(sent.headers["Location"]).status_code == 404


def test_a_desk_adds_an_observation_without_scripts(app: Flask, cast: Cast, sunita: Phone):
    own = new_id()
    sunita.put(own, walk())
    owen = cast.client("Owen")
    page = owen.get(f"/observations/new?part_of={own}")
    sent = owen.post(
        "/observations/new?send", data={**hidden_fields(page.text), "category": "litter", "grade": "D"}
    )
    assert sent.status_code == 303 and sent.headers["Location"].endswith("/eva/EVA-2026-00001")
    seen = one(app, Observation)
    assert (seen.number, seen.grade, seen.location_source) == (1, "D", "none")


def test_an_observation_of_no_audit_is_told_where_to_begin_and_keeps_its_photos(
    app: Flask, cast: Cast, sunita: Phone
):
    owen = cast.client("Owen")
    page = hidden_fields(owen.get("/observations/new").text)
    typed = {**page, "category": "litter", "grade": "D", "photos": (BytesIO(jpeg()), "wall.jpg")}
    sent = owen.post("/observations/new?send", data=typed, content_type="multipart/form-data")
    assert sent.status_code == 422 and "does not say what it belongs to" in sent.text
    assert hidden_fields(sent.text)["capture_id"] == page["capture_id"] == str(one(app, Photo).capture_id)


def test_a_walk_that_was_taken_back_while_it_was_walked_is_called_off_and_on_no_phone(
    app: Flask, cast: Cast, sunita: Phone
):
    gone, on = new_id(), new_id()
    for own in (gone, on):
        sunita.put(own, walk())
    sunita.delete(gone)
    pack = sunita.client.get("/captures/pack/eva").json
    assert [one["id"] for one in pack["content"]["walks"]] == [on]
    with app.app_context():
        eva_moves.move("EVA-2026-00001", "call_off", Given(reason="Taken back"), cast.person("Owen"))
        assert db.session.get_one(Eva, UUID(gone)).status == "called_off"


def test_what_a_warden_takes_back_counts_for_nothing_and_cannot_come_again(app: Flask, sunita: Phone):
    walk_id, child = new_id(), new_id()
    sunita.put(walk_id, walk())
    sunita.put(child, observation(walk_id))
    assert sunita.delete(child).json["state"] == "removed"
    assert one(app, Observation).removed_at is not None
    assert problem(sunita.put(child, observation(walk_id))) == (410, "gone")
    assert "0 observations" in sunita.client.get("/eva/EVA-2026-00001").text


@pytest.mark.parametrize("name", ["Vic", "Carol", "Priya", "Nadia", "Rosa"])
def test_nobody_but_wardens_and_officers_sees_an_audit(cast: Cast, sunita: Phone, app: Flask, name: str):
    sunita.put(new_id(), walk())
    client = app.test_client() if name == "Rosa" else cast.client(name)
    for address in ("/eva/EVA-2026-00001", "/eva/EVA-2026-00001/edit", "/records/EVA-2026-00001"):
        assert client.get(address).status_code in {302, 404}
    assert cast.client("Owen").get("/eva/EVA-2026-00001").status_code == 200
