"""A speed-watch session as a phone sends it, piece by piece: whose it is, what is flagged, which plates are kept."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.phone import Phone, new_id
from tests.watching import Scheme, count, ended, scheme, vehicle, watch
from webapp.extensions import db
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_scheme import SpeedVolunteer
from webapp.models.speed_site import SpeedSite
from webapp.models.speed_watch import SpeedCrew, SpeedSession
from webapp.services import plates, watches
from webapp.services.transaction import one_commit


@dataclass(frozen=True)
class Place:
    """The scheme, Vic's phone, and his browser."""

    app: Flask
    scheme: Scheme
    vic: Phone
    client: FlaskClient


@pytest.fixture
def place(app: Flask, cast: Cast) -> Place:
    """Otford's scheme."""
    with app.app_context():
        made = scheme(cast)
    client = cast.client("Vic")
    return Place(app, made, Phone(client), client)


def test_a_session_with_its_vehicles_arrives_piece_by_piece(place: Place) -> None:
    own, fast, slow = new_id(), new_id(), new_id()
    # The vehicles may come first: they wait for their session.
    assert place.vic.put(fast, vehicle(own, 41, "GK24 ABC")).json["state"] == "parent"
    begun = place.vic.put(own, watch(place.scheme))
    assert begun.status_code == 201, begun.json
    assert begun.json["reference"].startswith("SW-2026-")
    assert place.vic.put(slow, vehicle(own, 28)).json["state"] == "kept"
    assert place.vic.put(new_id(), count(own, 214)).status_code == 201
    over = place.vic.put(own, ended(watch(place.scheme)))
    assert over.status_code == 200 and over.json["reference"] == begun.json["reference"]
    with place.app.app_context():
        _is_whole(db.session.get_one(SpeedSession, UUID(own)))


def _is_whole(session: SpeedSession) -> None:
    assert (session.status, session.limit_mph, session.threshold_mph) == ("held", 30, 35)
    assert session.held_on == date(2026, 11, 22) and session.start_problems == ""
    assert session.ward_code == "E05005027" and session.place_text == "Otford High Street"
    assert db.session.query(SpeedCrew).count() == 2
    assert watches.counted(session) == 214


def test_a_plate_is_kept_from_the_threshold_on_sealed_and_below_it_not_at_all(place: Place) -> None:
    own, fast, slow = new_id(), new_id(), new_id()
    place.vic.put(own, watch(place.scheme))
    place.vic.put(fast, vehicle(own, 35, "gk24 abc"))
    answer = place.vic.put(slow, vehicle(own, 34, "EY19 KLM"))
    # What was sent is forgotten, so that there is no hash of it; the phone's work is done all the same.
    assert answer.status_code == 201 and answer.json["missing"] == []
    with place.app.app_context():
        kept, speed_only = (db.session.get_one(SpeedReading, UUID(one)) for one in (fast, slow))
        assert kept.is_over and kept.kind == "current" and plates.opened(kept) == "GK24ABC"
        assert b"GK24ABC" not in kept.plate
        assert not speed_only.is_over and speed_only.plate is None and speed_only.colour is None
    again = place.vic.put(slow, vehicle(own, 34, "EY19 KLM"))
    assert again.status_code == 200
    with place.app.app_context():
        assert db.session.get_one(SpeedReading, UUID(slow)).plate is None


def test_a_session_that_should_not_have_begun_is_kept_and_flagged(place: Place) -> None:
    with place.app.app_context(), one_commit() as session:
        session.get_one(SpeedSite, place.scheme.site_id).status = "suspended"
    own = new_id()
    answer = place.vic.put(
        own, watch(place.scheme, **{"crew-volunteer": [str(place.scheme.vic)], "crew-role": [""]})
    )
    assert answer.status_code == 201
    with place.app.app_context():
        found = db.session.get_one(SpeedSession, UUID(own))
        assert found.start_problems.split() == ["site_not_approved", "crew_too_few"]


def test_whose_scheme_it_is_not_sees_nothing_of_a_session(place: Place, cast: Cast) -> None:
    own = new_id()
    reference = place.vic.put(own, watch(place.scheme)).json["reference"]
    assert place.client.get(f"/speed-watch/{reference}").status_code == 200
    with place.app.app_context():
        scheme(cast, "Shoreham", ("Carol",))
        with one_commit() as session:
            carol = session.get_one(SpeedVolunteer, place.scheme.carol)
            carol.is_active = False
    # Carol is of the neighbouring scheme by now.
    for name in ("Carol", "Sunita", "Priya", "Nadia"):
        assert cast.client(name).get(f"/speed-watch/{reference}").status_code == 404, name
    assert cast.client("Owen").get(f"/speed-watch/{reference}").status_code == 200


@pytest.mark.parametrize(
    ("speed", "is_kept"),
    [("0", False), ("151", False), ("30.5", False), ("", False), ("1", True), ("150", True)],
)
def test_a_speed_is_a_whole_number_from_1_to_150(place: Place, speed: str, is_kept: bool) -> None:
    own = new_id()
    place.vic.put(own, watch(place.scheme))
    answer = place.vic.put(new_id(), vehicle(own, speed))
    assert answer.status_code == (201 if is_kept else 422)
    if not is_kept:
        assert "whole number from 1 to 150" in str(answer.json["errors"]["speed"])


def test_what_is_no_plate_is_refused_without_repeating_it(place: Place) -> None:
    own = new_id()
    place.vic.put(own, watch(place.scheme))
    part = place.vic.put(new_id(), vehicle(own, 44, "ABCDE12345", confidence="part"))
    assert part.status_code == 201
    long = place.vic.put(new_id(), vehicle(own, 44, "ABCDE123456", confidence="part"))
    assert long.status_code == 422 and "ABCDE" not in long.text


def test_moments_stay_true_when_the_clocks_change(place: Place) -> None:
    own = new_id()
    begun = watch(
        place.scheme, began_moment="2026-10-25T00:30:00Z", dark_reason="A trial with the police at night"
    )
    place.vic.put(own, begun)
    place.vic.put(own, ended(begun, 60))
    with place.app.app_context():
        found = db.session.get_one(SpeedSession, UUID(own))
        assert found.began_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        assert (found.ended_at - found.began_at).total_seconds() == 3600


def test_an_end_before_the_start_is_refused(place: Place) -> None:
    answer = place.vic.put(new_id(), watch(place.scheme, ended_moment="2026-11-22T10:00:00Z"))
    assert answer.status_code == 422 and "before it began" in str(answer.json["errors"]["ended_at"])


@pytest.mark.parametrize("field", ["incidents", "stopped_early", "dark_reason"])
def test_words_take_no_registration_and_do_not_repeat_it(place: Place, field: str) -> None:
    answer = place.vic.put(new_id(), watch(place.scheme, **{field: "The driver of GK24 ABC shouted at us"}))
    assert answer.status_code == 422 and "Leave registrations out" in str(answer.json["errors"][field])
    assert "GK24" not in answer.text


def test_what_becomes_of_a_site_later_neither_frees_nor_blames_a_session(place: Place) -> None:
    good, bad = new_id(), new_id()
    begun, late = watch(place.scheme), watch(place.scheme, began_moment="2026-11-22T20:30:00Z")
    place.vic.put(good, begun)
    place.vic.put(bad, late)
    with place.app.app_context(), one_commit() as session:
        session.get_one(SpeedSite, place.scheme.site_id).status = "suspended"
    assert place.vic.put(good, ended(begun)).status_code == 200
    reasoned = {**late, "answers": {**late["answers"], "dark_reason": ["Lit by lamps"]}}
    assert place.vic.put(bad, ended(reasoned)).status_code == 200
    with place.app.app_context():
        kept = [db.session.get_one(SpeedSession, UUID(one)).start_problems for one in (good, bad)]
        assert kept == ["", "no_daylight"]


def test_the_limit_is_that_by_which_the_phone_recorded_and_another_one_is_flagged(place: Place) -> None:
    own, fast = new_id(), new_id()
    with place.app.app_context(), one_commit() as session:
        session.get_one(SpeedSite, place.scheme.site_id).limit_mph = 40
    place.vic.put(own, watch(place.scheme))
    place.vic.put(fast, vehicle(own, 36, "GK24 ABC"))
    with place.app.app_context():
        found = db.session.get_one(SpeedSession, UUID(own))
        assert (found.limit_mph, found.threshold_mph, found.start_problems) == (30, 35, "limit_differs")
        assert db.session.get_one(SpeedReading, UUID(fast)).is_over


@pytest.mark.parametrize("field", ["speed", "number"])
def test_a_number_of_very_many_figures_is_refused_or_none_and_no_fault(place: Place, field: str) -> None:
    own = new_id()
    place.vic.put(own, watch(place.scheme))
    content = vehicle(own, 44, "GK24 ABC")
    content["answers"][field] = ["9" * 5000]
    assert place.vic.put(new_id(), content).status_code == 422
    assert place.vic.put(new_id(), count(own, "9" * 5000)).status_code == 422
    assert place.vic.put(new_id(), watch(place.scheme, total_counted="9" * 5000)).status_code == 422
