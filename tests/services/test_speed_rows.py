"""Vehicles corrected at a desk: with a reason once the session is over, and a plate by nobody but who checks it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.asking import asked_of_the_database
from tests.at_once import at_once
from tests.desk import AT, MISREAD, READY, Desk, fast, slow
from tests.phone import Phone, new_id
from tests.watching import ended, vehicle, watch
from webapp.extensions import db
from webapp.models.capture import Capture, CaptureRevision
from webapp.models.speed_reading import SpeedReading
from webapp.rules.errors import Clash, NotFound, Refused, Stale
from webapp.services import speed_checks, speed_rows, watches
from webapp.services.transaction import one_commit


def correct(held, number: int, name: str, reason: str = "", base_rev: int = 1, **typed: str) -> None:
    person = held.desk.person(name)
    own = UUID(held.rows[number - 1])
    with held.desk.app.app_context():
        row = db.session.get_one(SpeedReading, own)
        known = {key: value for key, value in speed_rows.known(row).items() if isinstance(value, str)}
        known.pop("base_rev")
        answers = {key: [value] for key, value in {**known, **typed}.items()}
        speed_rows.correct(held.reference, own, answers, base_rev, reason, person)


def test_a_correction_after_the_session_needs_a_reason_and_names_columns_only(desk: Desk):
    held = desk.held(fast())
    with pytest.raises(Refused) as refused:
        correct(held, 1, "Vic", colour="red")
    assert refused.value.errors == {"reason": speed_rows.NO_REASON}
    correct(held, 1, "Vic", "It was read back as red", colour="red")
    with desk.app.app_context():
        row = held.find(1)
        assert (row.colour, row.number, row.kind) == ("red", 1, "current")
    assert held.plates() == ["GK24ABC"]
    (event,) = held.events("part_changed")
    assert event.after["columns"] == ["colour"] and event.reason == "It was read back as red"
    assert event.before is None and "GK24" not in str(event.after)


def test_a_plate_is_corrected_by_who_checks_and_by_nobody_else(desk: Desk):
    held = desk.held(fast())
    # What Vic types into it is left out: his page has no such field.
    correct(held, 1, "Vic", "I remember it now", plate="GK24 ABD", colour="red")
    assert held.plates() == ["GK24ABC"]
    correct(held, 1, "Carol", "The sheet of paper says so", plate="gk24 abd", base_rev=2)
    assert held.plates() == ["GK24ABD"]
    assert "plate" in held.events("part_changed")[1].after["columns"]
    with pytest.raises(Refused) as refused:
        correct(held, 1, "Carol", "Not GK24ABD but the other", colour="grey", base_rev=3)
    assert refused.value.errors == {"reason": speed_rows.LEAVE_IT_OUT}


def test_a_phone_cannot_mend_a_plate_once_the_session_is_over(desk: Desk):
    held = desk.held(fast())
    later = vehicle(held.id, 44, "GK24 ABD", number="1", at=AT + timedelta(minutes=1))
    answer = desk.vic.put(held.rows[0], {**later, "rev": 2, "base_rev": 1})
    assert (answer.status_code, answer.json["code"]) == (409, "clash")
    assert held.plates() == ["GK24ABC"]
    # Nor by choosing between what was sent; who checks may.
    compare = answer.json["compare_url"]
    with desk.app.app_context():
        other = db.session.scalar(select(CaptureRevision.id).where(CaptureRevision.is_clash))
        assert watches.contested(UUID(held.id)) == {UUID(held.rows[0])}
    assert desk.vic.choose(compare, other).status_code == 422
    assert held.plates() == ["GK24ABC"]
    carol = Phone(desk.client("Carol"))
    page = carol.client.get(compare)
    assert page.status_code == 200 and "GK24" not in page.text
    assert carol.choose(compare, other).headers["Location"] == held.page
    assert held.plates() == ["GK24ABD"]


def test_while_the_session_goes_on_its_phone_may_change_a_row(desk: Desk):
    held = desk.held(fast(), is_over=False)
    later = vehicle(held.id, 44, "GK24 ABD", number="1", at=AT + timedelta(minutes=1))
    assert desk.vic.put(held.rows[0], {**later, "rev": 2, "base_rev": 1}).status_code == 200
    assert held.plates() == ["GK24ABD"]


def test_nobody_corrects_another_s_row_but_who_checks(desk: Desk):
    held, owen = desk.held(fast()), desk.person("Owen")
    with desk.app.app_context(), one_commit() as session:
        session.get_one(Capture, UUID(held.rows[0])).owner_id = owen.id
    with pytest.raises(Refused, match="cannot be corrected"):
        correct(held, 1, "Vic", "So", colour="red")
    with pytest.raises(NotFound):
        correct(held, 1, "Sunita", "So", colour="red")
    correct(held, 1, "Carol", "So", colour="red")


def test_what_may_be_corrected_is_asked_once_for_all_and_is_what_a_page_lets_somebody_do(desk: Desk):
    held = desk.held(fast(), fast("EY19 KLM"), fast("LB70 RST"), slow())
    held.finish(READY, MISREAD, READY, None)
    owen = desk.person("Owen")
    with desk.app.app_context(), one_commit() as session:
        session.get_one(Capture, UUID(held.rows[2])).owner_id = owen.id
    for name, rows in (("Vic", [0, 3]), ("Carol", [0, 2, 3]), ("Owen", [0, 2, 3]), ("Ada", [])):
        person = desk.person(name)
        with desk.app.app_context():
            watch = watches.everything(watches.find(held.reference, person))
            with asked_of_the_database() as asked:
                found = speed_rows.correctable(watch, person)
            assert found == {UUID(held.rows[number]) for number in rows}, name
            assert len(asked) <= 2
            singly = {one.id for one in watch.readings if speed_rows.may_correct(watch.session, one, person)}
            assert singly == found


def test_corrected_below_the_threshold_a_row_keeps_its_speed_alone(desk: Desk):
    held = desk.held(fast())
    correct(held, 1, "Carol", "The display said 34", speed="34")
    with desk.app.app_context():
        row = held.find(1)
        assert (row.speed_mph, row.is_over, row.colour, row.plate) == (34, False, None, None)
        kept = select(CaptureRevision).where(CaptureRevision.capture_id == row.id)
        assert [one.payload for one in db.session.scalars(kept)] == [None, None]


def test_nobody_has_to_choose_between_versions_that_were_forgotten(desk: Desk):
    held = desk.held(fast())
    other = vehicle(held.id, 44, "GK24 ABD", number="1", at=AT + timedelta(minutes=1))
    assert desk.vic.put(held.rows[0], {**other, "rev": 2, "base_rev": None}).status_code == 409
    correct(held, 1, "Carol", "The display said 34", speed="34")
    with desk.app.app_context():
        kept = select(CaptureRevision).where(CaptureRevision.capture_id == held.find(1).id)
        assert not any(one.is_open_clash for one in db.session.scalars(kept))
        assert not watches.contested(UUID(held.id))


def test_corrected_after_the_check_a_row_is_checked_again_and_handed_over_it_stays(desk: Desk):
    held = desk.held(fast(), fast("EY19 KLM"))
    held.finish(READY, MISREAD)
    correct(held, 1, "Carol", "It was grey", colour="grey")
    assert held.statuses() == ["draft", "void"]
    with pytest.raises(Refused, match="cannot be corrected"):
        correct(held, 2, "Carol", "It was grey", colour="grey")
    held.rows = held.rows[:1]
    held.finish(READY)
    desk.make()
    with pytest.raises(Refused, match="cannot be corrected"):
        correct(held, 1, "Carol", "It was red", colour="red", base_rev=2)
    later = vehicle(held.id, 50, "GK24 ABC", number="1", at=AT + timedelta(minutes=1))
    assert desk.vic.put(held.rows[0], {**later, "rev": 3, "base_rev": 2}).status_code == 409
    assert held.statuses() == ["exported"]


def test_a_correction_from_an_old_page_is_kept_beside_and_the_same_twice_is_one(desk: Desk):
    held = desk.held(fast())
    correct(held, 1, "Carol", "It was red", colour="red")
    correct(held, 1, "Carol", "It was red", colour="red")
    assert len(held.events("part_changed")) == 1
    with pytest.raises(Clash):
        correct(held, 1, "Owen", "It was grey", colour="grey")
    with desk.app.app_context():
        assert held.find(1).colour == "red"


def test_a_check_and_a_correction_at_the_same_moment_do_not_wait_for_each_other(desk: Desk):
    held, carol = desk.held(fast(), fast("EY19 KLM")), desk.person("Carol")
    with desk.app.app_context():
        seen = speed_checks.opened(held.reference, carol).newest
    own = UUID(held.rows[0])
    asked = iter(["check", "correct"])

    def act() -> str:
        what = next(asked)
        try:
            if what == "check":
                speed_checks.finish(held.reference, held.decisions(MISREAD, READY), carol, seen)
            else:
                typed = {"speed": ["44"], "confidence": ["certain"], "colour": ["red"], "make": ["ford"]}
                speed_rows.correct(held.reference, own, typed, 1, "It was red", carol)
        except (Stale, Refused) as error:
            return type(error).__name__
        return "done"

    outcomes = at_once(desk.app, act)
    assert sorted(outcomes) in (["Refused", "done"], ["Stale", "done"])


def test_a_row_of_a_desk_has_its_time_or_none(desk: Desk):
    held = desk.held()
    sent = vehicle(held.id, 44, "GK24 ABC", passed_at="10:40", number="")
    late = {**sent, "captured_at": "2026-11-25T09:00:00.000Z"}
    first, second, third = new_id(), new_id(), new_id()
    assert desk.vic.put(first, late).status_code == 201
    unknown = vehicle(held.id, 45, passed_at="", number="")
    assert desk.vic.put(second, {**unknown, "captured_at": "2026-11-25T09:00:00.000Z"}).status_code == 201
    wrong = desk.vic.put(third, vehicle(held.id, 45, passed_at="12:40", number=""))
    assert wrong.status_code == 422 and "not held at that time" in str(wrong.json["errors"])
    with desk.app.app_context():
        rows = [db.session.get_one(SpeedReading, UUID(one)) for one in (first, second)]
        assert [one.seen_at for one in rows] == [datetime(2026, 11, 22, 10, 40, tzinfo=UTC), None]
        assert [one.number for one in rows] == [1, 2]


def test_the_times_of_a_phone_are_changed_at_a_desk_and_otherwise_stay(desk: Desk):
    held = desk.held(is_over=False)
    client = desk.client("Carol")
    page = client.get(f"{held.page}/edit").text
    assert 'value="10:30"' in page
    answers = {
        "site": desk.scheme.site,
        "held_on-day": "22",
        "held_on-month": "11",
        "held_on-year": "2026",
        "began_at": "10:30",
        "ended_at": "11:45",
        "device": str(desk.scheme.device),
        "crew-volunteer": [str(one) for one in desk.scheme.crew],
        "crew-role": ["operator", "recorder"],
    }
    answer = held.post(client, "/edit", answers)
    assert answer.status_code == 303, answer.text
    record = held.record()
    assert (record.began_at, record.ended_at) == (
        AT - timedelta(minutes=1),
        datetime(2026, 11, 22, 11, 45, tzinfo=UTC),
    )
    assert ended(watch(desk.scheme))["rev"] == 2
