"""The check of a session: what becomes of each vehicle, what is forgotten at once, and who comes first."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.at_once import at_once
from tests.desk import AT, COUNTED, MISREAD, READY, Desk, fast, slow
from tests.hunting import found, marks_of
from tests.phone import Phone, new_id
from tests.watching import count, scheme, vehicle, watch
from webapp.extensions import clock, db
from webapp.models.capture import CaptureRevision
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_watch import SpeedSession
from webapp.rules import speed_check as rules
from webapp.rules.errors import NotFound, Refused, Stale
from webapp.services import history, plate_retention, sightings, speed_checks, waiting, watches
from webapp.services.speed_checks import Decision
from webapp.services.transaction import one_commit


def test_only_certain_whole_plates_become_ready_and_all_others_are_forgotten_at_once(desk: Desk):
    held = desk.held(
        fast("GK24 ABC"),
        fast("EY19 KLM", confidence="part"),
        fast("LB70 RST", confidence="unsure"),
        fast("B AA 1234 Q"),
        fast("KX21 XYZ"),
        slow(),
        {"speed": 41},
    )
    held.finish(READY, COUNTED, COUNTED, COUNTED, MISREAD, None, COUNTED)
    assert held.statuses() == ["ready", "checked", "checked", "checked", "void", "checked", "checked"]
    assert held.plates() == ["GK24ABC", None, None, None, None, None, None]
    with desk.app.app_context():
        session = db.session.get_one(SpeedSession, UUID(held.id))
        assert (session.status, session.closed_at, session.checked_at) == (
            "checked",
            clock.now(),
            clock.now(),
        )
        assert session.checked_by_id == desk.person("Carol").id
        assert held.find(5).status_reason == "Speed or plate may have been misread"
        for number in (2, 3, 4, 5):
            row = held.find(number)
            assert (row.plate, row.plate_hash, row.key_month) == (None, None, None) and row.forgotten_at
            own = select(CaptureRevision).where(CaptureRevision.capture_id == row.id)
            assert all(one.payload is None and one.key_month is None for one in db.session.scalars(own))
    # What was forgotten does not come back when the phone tries again.
    again = vehicle(held.id, 44, "KX21 XYZ", number="5", at=AT + timedelta(minutes=5))
    assert desk.vic.put(held.rows[4], again).status_code == 200
    assert held.plates()[4] is None


@pytest.mark.parametrize(
    ("row", "choice", "sentence"),
    [
        (fast(confidence="part"), READY, speed_checks.NOT_READY),
        (fast("B AA 1234 Q"), READY, speed_checks.NOT_READY),
        ({"speed": 44}, READY, speed_checks.NOT_READY),
        # An age that is not given out yet.
        (fast("GK77 ABC"), READY, speed_checks.NOT_READY),
        (fast(), COUNTED, speed_checks.CHOOSE),
        (fast(), Decision("accepted"), speed_checks.CHOOSE),
        (fast(), Decision("void:other"), speed_checks.SAY_WHY),
        (fast(), Decision("void:other", "It was gk24abc again"), speed_checks.LEAVE_IT_OUT),
    ],
)
def test_what_cannot_be_decided_is_refused_beside_its_vehicle(desk: Desk, row, choice, sentence):
    held = desk.held(row)
    with pytest.raises(Refused) as refused:
        held.finish(choice)
    assert refused.value.errors == {held.rows[0]: sentence}
    assert held.statuses() == ["draft"] and held.record().status == "held"


@pytest.mark.parametrize("words", ["As B 7 before", "(b7)", "GK24-ABC's twin", "like 101d234"])
def test_why_a_vehicle_is_void_says_no_plate_of_the_whole_session(desk: Desk, words: str):
    held = desk.held(fast("EY19 KLM"), fast("B 7"), fast("GK24 ABC"), fast("101 D 234"))
    decided = Decision("void:other", words), READY, READY, READY
    with pytest.raises(Refused) as refused:
        held.finish(*decided)
    assert refused.value.errors == {held.rows[0]: speed_checks.LEAVE_IT_OUT}
    # Also one that was decided about before: what comes later is checked beside it.
    held.finish(READY, READY, READY, READY)
    held.rows = [held.log(48, "LB70 RST", number="9")]
    with pytest.raises(Refused):
        held.finish(decided[0])


def test_each_vehicle_at_the_threshold_needs_a_decision(desk: Desk):
    held = desk.held(fast(), fast("EY19 KLM"))
    with pytest.raises(Refused) as refused:
        held.finish(READY)
    assert refused.value.errors == {held.rows[1]: speed_checks.CHOOSE}


def test_a_session_that_goes_on_cannot_be_checked_and_one_without_vehicles_can(desk: Desk):
    going = desk.held(fast(), is_over=False)
    with pytest.raises(Refused, match="still under way"):
        going.finish(READY)
    empty = desk.held()
    empty.finish()
    assert empty.record().status == "checked"


def test_each_showing_of_plates_is_written_down_without_them(desk: Desk):
    held, carol = desk.held(fast()), desk.person("Carol")
    with desk.app.app_context():
        for _ in range(2):
            check = speed_checks.opened(held.reference, carol)
        assert [one.plate for one in check.rows] == ["GK24ABC"]
        assert "GK24ABC" not in repr(check)
        assert history.openings(check.watch.session, speed_checks.OPENED).total == 2
    assert [(one.by_id, one.after) for one in held.events("plates_opened")] == [(carol.id, None)] * 2
    # Where no plate is shown there is nothing to write down.
    held.finish(READY)
    shown = len(held.events("plates_opened"))
    with desk.app.app_context():
        speed_checks.opened(held.reference, carol)
    assert len(held.events("plates_opened")) == shown


def test_who_may_not_check_finds_nothing(desk: Desk):
    held = desk.held(fast())
    with desk.app.app_context():
        scheme(desk.cast, "Shoreham", ("Vic",))
    for name in ("Vic", "Ada", "Sunita", "Priya", "Nadia"):
        with pytest.raises(NotFound):
            held.finish(READY, name=name, seen=10_000)
    held.finish(READY, name="Owen")


def test_whoever_checks_is_told_what_to_look_at(desk: Desk):
    held = desk.held(
        fast("GK24 ABC", 61),
        fast("EY19 KLM"),
        fast("EY19 KLM", at=AT + timedelta(minutes=2, seconds=10)),
        fast("EY19 KLM", 45, at=AT + timedelta(minutes=2)),
        fast("NOT ONE"),
        fast("GK77 ABC"),
        fast("LB70 RST"),
    )
    carol = desk.person("Carol")
    with desk.app.app_context():
        rows = {str(one.reading.id): one for one in speed_checks.opened(held.reference, carol).rows}
    said = [rows[own].warnings for own in held.rows]
    twins = [[rules.TWIN.format(others=other)] for other in ("3", "2")]
    assert said[:4] == [[rules.TWICE_THE_LIMIT], *twins, []]
    assert "0 or O" in said[4][0] and "No plate of that age" in said[5][0]
    suggested = [rows[own].suggested for own in held.rows]
    assert suggested == ["", "", "", "ready", "checked", "checked", "ready"]


def test_nothing_of_what_was_forgotten_is_left_in_any_file(desk: Desk):
    held = desk.held(fast("KX21 XYZ"), fast("EY19 KLM", confidence="unsure"))
    with desk.app.app_context():
        marks = marks_of(["KX21 XYZ", "EY19 KLM"])
        # What is looked for can be found: sealed, each hash, and what the ledger holds.
        assert len(found(desk.app, marks)) >= 8
    held.finish(MISREAD, COUNTED)
    with desk.app.app_context():
        if db.engine.dialect.name == "postgresql":
            # There the files wait for the night.
            plate_retention.run()
        session = {name for name, mark in marks.items() if name.startswith(("payload", "fingerprint"))}
        left = found(desk.app, marks)
        assert not {name for name in left if "sealed" in name or "hash" in name or "plate" in name}
        # The session's own words stay, sealed: they hold no plate.
        assert len(left & session) <= 4


def test_pressed_twice_it_is_done_once(desk: Desk):
    held, carol = desk.held(fast(), fast("EY19 KLM")), desk.person("Carol")
    with desk.app.app_context():
        seen = speed_checks.opened(held.reference, carol).newest
    held.finish(READY, MISREAD, seen=seen)
    held.finish(READY, MISREAD, seen=seen)
    assert len(held.events("speeds_checked")) == 1
    with pytest.raises(Stale):
        held.finish(MISREAD, MISREAD, seen=seen)
    assert held.statuses() == ["ready", "void"]


def test_of_two_coordinators_at_the_same_moment_one_decides(desk: Desk):
    held, carol, owen = desk.held(fast(), fast("EY19 KLM")), desk.person("Carol"), desk.person("Owen")
    with desk.app.app_context():
        seen = speed_checks.opened(held.reference, carol).newest
    asked = iter([(carol, (READY, MISREAD)), (owen, (MISREAD, READY))])

    def finish() -> str:
        person, decided = next(asked)
        try:
            speed_checks.finish(held.reference, held.decisions(*decided), person, seen)
        except Stale:
            return "stale"
        return "done"

    assert sorted(at_once(desk.app, finish)) == ["done", "stale"]
    assert sorted(held.statuses()) == ["ready", "void"]
    assert len(held.events("speeds_checked")) == 1


def test_a_vehicle_that_came_while_the_page_was_open_is_shown_first(desk: Desk):
    held, carol = desk.held(fast()), desk.person("Carol")
    with desk.app.app_context():
        seen = speed_checks.opened(held.reference, carol).newest
    held.log(48, "EY19 KLM")
    with pytest.raises(Stale):
        held.finish(READY, seen=seen)
    # A phone that only goes on counting takes nothing back from what is decided.
    with desk.app.app_context():
        seen = speed_checks.opened(held.reference, carol).newest
    assert desk.vic.put(new_id(), count(held.id, 200)).status_code == 201
    held.finish(READY, READY, seen=seen)
    assert held.statuses() == ["ready", "ready"]


def test_what_comes_after_the_check_is_kept_and_checked_too(desk: Desk):
    held = desk.held(fast())
    held.finish(READY)
    closed_at = held.record().closed_at
    late = held.log(52, "EY19 KLM")
    held.log(30)
    carol = desk.person("Carol")
    with clock.standing_at(clock.now() + timedelta(hours=1)), desk.app.app_context():
        session = watches.find(held.reference, carol)
        assert len(watches.everything(session).late) == 2
        check = speed_checks.opened(held.reference, carol)
        assert [str(one.reading.id) for one in check.rows] == [late]
        speed_checks.finish(held.reference, {UUID(late): READY}, carol, check.newest)
    assert held.statuses() == ["ready", "ready", "checked"]
    record = held.record()
    assert record.closed_at == closed_at and record.checked_at > closed_at


def test_earlier_sightings_are_counted_over_months_and_schemes_within_a_year(desk: Desk):
    day = timedelta(days=1)
    for began in (AT - 365 * day, AT - 366 * day, AT - 200 * day, AT - 30 * day):
        with clock.standing_at(began + timedelta(hours=2)):
            desk.held(fast(), began=began, dark_reason="A trial").finish(READY)
    with clock.standing_at(AT - 20 * day):
        # Void, or not checked yet: neither is a sighting.
        desk.held(fast(), began=AT - 20 * day).finish(MISREAD)
        desk.held(fast(), began=AT - 20 * day + timedelta(hours=1))
    held = desk.held(
        fast(), fast(speed=44, at=AT + timedelta(seconds=65)), fast("EY19 KLM"), fast("GK24 ABC")
    )
    held.finish(READY, READY, READY, READY)
    with desk.app.app_context():
        # The anniversary is inside; a twin within seconds is no second sighting, a way back is.
        assert [held.find(number).earlier_sightings for number in (1, 2, 3, 4)] == [3, 3, 0, 5]


def test_a_vehicle_without_a_time_passed_on_the_day_of_its_session_whenever_it_was_written_down(desk: Desk):
    day = timedelta(days=1)
    before = desk.held(fast("EY19 KLM"), fast("GK76 ABC"), began=AT - 100 * day)
    old = desk.held(fast("EY19 KLM", at=AT - 150 * day), began=AT - 150 * day)
    with desk.app.app_context(), one_commit() as session:
        for own in (*before.rows, *old.rows):
            session.get_one(SpeedReading, UUID(own)).seen_at = None
    later = desk.held(fast("EY19 KLM"), began=AT - 50 * day)
    later.finish(READY)
    for held in (before, old):
        with desk.app.app_context():
            rows = speed_checks.opened(held.reference, desk.person("Carol")).rows
            # Those with 76 were given out from September on: after that session, before the row was written.
            asked = ["given out yet" in " ".join(one.warnings) for one in rows]
            assert asked == [one.plate == "GK76ABC" for one in rows]
        held.finish(READY, COUNTED)
    with desk.app.app_context():
        # Written down after all others, they passed before; of the older two one is the second sighting.
        assert [one.find(1).earlier_sightings for one in (before, old, later)] == [0, 0, 0]
        for held in (before, old, later):
            ids = [one.id for one in watches.readings_of(UUID(held.id)) if one.status == "ready"]
            with one_commit() as session:
                sightings.count(session, ids)
        assert [one.find(1).earlier_sightings for one in (before, old, later)] == [1, 0, 2]


def test_two_phones_log_one_session_and_both_rows_are_kept(desk: Desk):
    held = desk.held(is_over=False)
    content = watch(desk.scheme, began_moment=(AT - timedelta(minutes=1)).isoformat())
    carol = Phone(desk.client("Carol"))
    held.log(44, "GK24 ABC", number="1", at=AT)
    held.log(44, "GK24 ABC", phone=carol, number="1", at=AT + timedelta(seconds=4))
    held.end(content)
    with desk.app.app_context():
        watched = watches.everything(db.session.get_one(SpeedSession, UUID(held.id)))
        assert sorted(watched.name_of.values()) == ["1A", "1B"]
        assert {len(others) for others in watched.twins.values()} == {1} and len(watched.twins) == 2


def test_a_session_that_is_taken_back_takes_its_vehicles_with_it(desk: Desk):
    held = desk.held(fast(), slow())
    assert desk.vic.put(new_id(), count(held.id, 90)).status_code == 201
    assert desk.vic.delete(held.id).status_code == 200
    assert held.plates() == [None, None]
    with desk.app.app_context():
        session = db.session.get_one(SpeedSession, UUID(held.id))
        assert session.status == "taken_back" and watches.readings_of(session.id) == []
        assert watches.counted(session) is None
    with pytest.raises(Refused, match="taken back"):
        held.finish()
    # Again, and a retry of what was sent, change nothing.
    assert desk.vic.delete(held.id).status_code == 200
    desk.vic.put(held.id, watch(desk.scheme))
    assert held.record().status == "taken_back"


def test_a_vehicle_of_a_session_that_was_taken_back_waits_and_becomes_no_row(desk: Desk):
    held = desk.held()
    desk.vic.delete(held.id)
    own = new_id()
    answer = desk.vic.put(own, vehicle(held.id, 44, "GK24 ABC"))
    assert (answer.status_code, answer.json["state"]) == (201, "parent")
    owen = desk.person("Owen")
    with desk.app.app_context():
        waiting.settle_children()
        shown = waiting.to_decide(owen)
        assert [one.answers["Registration"] for one in shown] == ["GK** A**"]
        with pytest.raises(Refused, match="taken back"):
            waiting.accept(UUID(own), owen)
        assert db.session.get(SpeedReading, UUID(own)) is None
        waiting.set_aside(UUID(own), "Its session was taken back", owen)
        kept = select(CaptureRevision).where(CaptureRevision.capture_id == UUID(own))
        assert [one.payload for one in db.session.scalars(kept)] == [None]


def test_whoever_does_not_check_takes_nothing_of_a_checked_session_back(desk: Desk):
    held = desk.held(fast(), fast("EY19 KLM"))
    counter = new_id()
    desk.vic.put(counter, count(held.id, 90))
    held.finish(READY, READY)
    for own in (held.rows[0], counter, held.id):
        answer = desk.vic.delete(own)
        assert answer.status_code == 422 and "has been checked" in answer.text, answer.text
    assert held.statuses() == ["ready", "ready"] and held.plates() == ["GK24ABC", "EY19KLM"]
    # An officer may as long as nothing was handed over.
    assert Phone(desk.client("Owen")).delete(held.rows[0]).status_code == 200
    assert held.plates() == [None, "EY19KLM"]


def test_what_was_handed_over_is_taken_back_by_nobody(desk: Desk):
    held = desk.held(fast(), fast("EY19 KLM"))
    held.finish(READY, MISREAD)
    number = desk.make()
    for phone in (desk.vic, Phone(desk.client("Owen"))):
        for own in (held.rows[0], held.id):
            answer = phone.delete(own)
            assert answer.status_code == 422 and "handed this" in answer.text
    assert held.statuses() == ["exported", "void"] and held.record().status == "handed_over"
    assert desk.export(number).rows == 1
