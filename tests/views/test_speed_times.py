"""When and where a session was held, as a phone tells it and as somebody types it at a desk."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.builders import hidden_fields
from tests.desk import AT, READY, Desk, Held, fast
from tests.phone import new_id
from tests.watching import ended, scheme, vehicle, watch
from webapp.extensions import db
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_site import SpeedSite
from webapp.models.speed_watch import SpeedSession
from webapp.services import speed_figures
from webapp.services.speed_sessions import Wanted
from webapp.services.transaction import one_commit


def typed(
    desk: Desk, day: tuple[str, str, str] = ("22", "11", "2026"), **changes: object
) -> dict[str, object]:
    """Return what a page of a session sends, its times typed."""
    return {
        "site": desk.scheme.site,
        "held_on-day": day[0],
        "held_on-month": day[1],
        "held_on-year": day[2],
        "began_at": "10:30",
        "ended_at": "11:30",
        "device": str(desk.scheme.device),
        "crew-volunteer": [str(one) for one in desk.scheme.crew],
        "crew-role": ["operator", "recorder"],
        **changes,
    }


def times(desk: Desk, own: str) -> tuple[datetime, datetime | None]:
    with desk.app.app_context():
        session = db.session.get_one(SpeedSession, UUID(own))
        return session.began_at, session.ended_at


def other_site(desk: Desk, limit: int) -> str:
    """Return the code of another site of the same road, with this limit."""
    with desk.app.app_context():
        made = scheme(desk.cast, "Shoreham", ())
        with one_commit() as session:
            session.get_one(SpeedSite, made.site_id).limit_mph = limit
        return made.site


@pytest.mark.parametrize("field", ["began_moment", "ended_moment"])
def test_a_phone_s_moment_on_a_day_that_has_not_come_is_refused(desk: Desk, field: str) -> None:
    answer = desk.vic.put(new_id(), watch(desk.scheme, **{field: "2031-11-22T10:30:00Z"}))
    assert answer.status_code == 422
    assert "its day" in answer.text if field == "began_moment" else "still to come" in answer.text


@pytest.mark.parametrize(("hours", "said", "given"), [(3, "", 6), (5, "5 hours", 10), (72, "72 hours", 0)])
def test_a_session_that_took_very_long_is_shown_at_the_check_and_gives_no_hours(
    desk: Desk, hours: int, said: str, given: int
) -> None:
    began = AT - timedelta(days=4)
    held = desk.held(fast(at=began), began=began, is_over=False)
    content = watch(
        desk.scheme, began_moment=(began - timedelta(minutes=1)).isoformat(), **{"held_on-day": "18"}
    )
    assert desk.vic.put(held.id, ended(content, hours * 60)).status_code == 200
    page = desk.client("Carol").get(f"{held.page}/check").text
    assert ("is said to have taken" in page) == bool(said) and said in page
    assert ("No hours are counted of it." in page) == (given == 0)
    held.finish(READY)
    with desk.app.app_context():
        figures = speed_figures.of(Wanted())
        assert (figures.recorded, figures.volunteer_hours) == (1, given)
        assert (figures.per_hour is None) == (given == 0)


@pytest.mark.parametrize(
    ("began", "ends", "minutes"),
    [("23:30", "00:30", 60), ("10:30", "11:30", 60), ("10:30", "10:29", None), ("10:30", "10:30", None)],
)
def test_an_end_that_is_typed_may_be_past_midnight_and_not_before_the_start(
    desk: Desk, began: str, ends: str, minutes: int | None
) -> None:
    own = new_id()
    answers = typed(desk, ("20", "11", "2026"), began_at=began, ended_at=ends, dark_reason="A trial")
    content = watch(desk.scheme)
    content["answers"] = {
        name: value if isinstance(value, list) else [str(value)] for name, value in answers.items()
    }
    answer = desk.vic.put(own, content)
    if minutes is None:
        assert answer.status_code == 422 and "before it began" in answer.text
        return
    assert answer.status_code == 201, answer.json
    began_at, ended_at = times(desk, own)
    assert ended_at == began_at + timedelta(minutes=minutes)


@pytest.mark.parametrize("year", ["9999", "2031"])
def test_a_day_that_has_not_come_is_refused_however_far_it_is(desk: Desk, year: str) -> None:
    client = desk.client("Vic")
    page = hidden_fields(client.get("/speed-watch/new").text)
    answers = typed(desk, ("31", "12", year), began_at="10:30", ended_at="10:15", has_been_held="y")
    answer = client.post("/speed-watch/new", data={**page, **answers})
    assert (answer.status_code == 422 and "cannot end before it began" in answer.text) or year == "9999"
    assert answer.status_code == 422 and "begins on its day" in answer.text


def when(desk: Desk, held: Held, passed_at: str) -> datetime | None:
    """Return when a vehicle passed of which a desk says this time; None where it is refused."""
    own = new_id()
    answer = desk.vic.put(own, vehicle(held.id, 40, passed_at=passed_at, number=""))
    if answer.status_code == 422:
        assert "not held at that time" in answer.text
        return None
    with desk.app.app_context():
        return db.session.get_one(SpeedReading, UUID(own)).seen_at


def overnight(desk: Desk, began: datetime, minutes: int) -> Held:
    held = desk.held(is_over=False, began=began + timedelta(minutes=1), dark_reason="A trial with the police")
    days = {"held_on-day": str(began.day), "held_on-month": str(began.month)}
    content = watch(desk.scheme, began_moment=began.isoformat(), dark_reason="A trial", **days)
    assert desk.vic.put(held.id, ended(content, minutes)).status_code == 200
    return held


def test_a_vehicle_that_passed_after_midnight_can_be_written_down(desk: Desk) -> None:
    held = overnight(desk, datetime(2026, 11, 20, 23, 30, tzinfo=UTC), 60)
    assert when(desk, held, "23:40") == datetime(2026, 11, 20, 23, 40, tzinfo=UTC)
    assert when(desk, held, "00:15") == datetime(2026, 11, 21, 0, 15, tzinfo=UTC)
    assert when(desk, held, "00:45") is None and when(desk, held, "22:15") is None


def test_in_the_hour_that_comes_twice_a_vehicle_passed_while_the_session_was_held(desk: Desk) -> None:
    # From 01:50 by summer time to 01:20 by winter time, half an hour later.
    held = overnight(desk, datetime(2026, 10, 25, 0, 50, tzinfo=UTC), 30)
    assert when(desk, held, "01:55") == datetime(2026, 10, 25, 0, 55, tzinfo=UTC)
    assert when(desk, held, "01:10") == datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert when(desk, held, "01:30") is None


def test_another_site_brings_its_limit_while_nothing_was_logged(desk: Desk) -> None:
    held, code = desk.held(), other_site(desk, 40)
    carol = desk.client("Carol")
    assert held.post(carol, "/edit", typed(desk, site=code)).status_code == 303
    session = held.record()
    assert (session.limit_mph, session.threshold_mph, session.place_text) == (40, 46, "Shoreham High Street")
    assert session.start_problems == ""


def test_another_site_with_another_limit_is_refused_once_vehicles_were_logged(desk: Desk) -> None:
    held, code = desk.held(fast()), other_site(desk, 40)
    carol = desk.client("Carol")
    answer = held.post(carol, "/edit", typed(desk, site=code))
    assert answer.status_code == 422 and "recorded for a limit of 30 mph" in answer.text
    assert held.record().limit_mph == 30
    with desk.app.app_context(), one_commit() as session:
        session.query(SpeedSite).filter_by(code=code).one().limit_mph = 30
    assert held.post(carol, "/edit", typed(desk, site=code)).status_code == 303
    assert held.record().place_text == "Shoreham High Street"
