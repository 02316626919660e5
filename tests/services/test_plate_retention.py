"""Plates go when their time has come, sealed, hash, ledger and key; nothing of them is left in any file."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from click.testing import Result
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast
from tests.hunting import found, marks_of
from tests.phone import Phone, new_id
from tests.watching import scheme, vehicle, watch
from webapp.extensions import clock, db
from webapp.models.capture import Capture
from webapp.models.event import Event
from webapp.models.retention import RetentionRun
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_watch import SpeedSession
from webapp.rules.clock import year_before
from webapp.rules.speed import purge_on
from webapp.services import plate_keys, plate_retention, plates
from webapp.services.transaction import one_commit

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PLATES = ("GK24 ABC", "EY19 KLM", "LB70 RST")


class Held:
    """A session in Otford with three fast vehicles and a slow one."""

    def __init__(self, app: Flask, cast: Cast) -> None:
        self.app = app
        with app.app_context():
            made = scheme(cast)
        self.vic = Phone(cast.client("Vic"))
        self.session, self.slow = new_id(), new_id()
        self.vic.put(self.session, watch(made))
        self.fast = [new_id() for _ in PLATES]
        for own, plate in zip(self.fast, PLATES, strict=True):
            assert self.vic.put(own, vehicle(self.session, 44, plate)).status_code == 201
        self.vic.put(self.slow, vehicle(self.session, 29))

    def set(self, number: int, **columns: object) -> None:
        """Let a vehicle be in another state."""
        with self.app.app_context(), one_commit() as session:
            row = session.get_one(SpeedReading, UUID(self.fast[number]))
            for name, value in columns.items():
                setattr(row, name, value)

    def held(self) -> list[bool]:
        """Return of each fast vehicle whether its plate is still held."""
        with self.app.app_context():
            return [
                plates.opened(db.session.get_one(SpeedReading, UUID(one))) is not None for one in self.fast
            ]

    def command(self, *arguments: str) -> Result:
        """Type `flask retention`."""
        return self.app.test_cli_runner().invoke(args=["retention", *arguments])


@pytest.fixture
def held(app: Flask, cast: Cast) -> Held:
    with clock.standing_at(NOON):
        return Held(app, cast)


def test_nothing_goes_before_its_time(held: Held) -> None:
    held.set(0, status="accepted", accepted_at=NOON)
    with clock.standing_at(NOON + timedelta(days=29)):
        assert held.command().output == "Nothing is due.\n"
    assert held.held() == [True, True, True]


def test_thirty_days_after_acceptance_a_plate_goes_with_all_that_could_tell_it(held: Held) -> None:
    held.set(0, status="accepted", accepted_at=NOON)
    with held.app.app_context():
        marks = {name: mark for name, mark in marks_of(PLATES[:1]).items() if not name.startswith("sealed")}
        row = db.session.get_one(SpeedReading, UUID(held.fast[0]))
        own = {"sealed": row.plate[-24:], "hash": row.plate_hash.encode()}
    with clock.standing_at(NOON + timedelta(days=30)):
        with held.app.app_context():
            # The control: before the purge each is found.
            assert found(held.app, own) == {"sealed", "hash"}
        would = held.command("--dry-run")
        assert "30 days ago: 1 would be forgotten" in would.output and held.held() == [True, True, True]
        assert "Accepted by the police 30 days ago: 1 forgotten" in held.command().output
        assert held.held() == [False, True, True]
        with held.app.app_context():
            assert found(held.app, own | {"hash again": marks["hash 1 of 2026-11"]}) == set()
            stays = db.session.get_one(SpeedReading, UUID(held.fast[0]))
            assert (stays.speed_mph, stays.colour, stays.kind, stays.status) == (
                44,
                "blue",
                "current",
                "accepted",
            )
            run = db.session.query(RetentionRun).one()
            assert (run.found, run.months, run.is_scrubbed) == ({"accepted": 1}, [], True)
            event = db.session.query(Event).filter_by(action="plates_forgotten").one()
            assert event.record_id == UUID(held.session) and event.after == {"accepted": 1}


def test_a_retry_from_the_phone_brings_nothing_back(held: Held) -> None:
    held.set(0, status="void")
    with clock.standing_at(NOON + timedelta(days=1)):
        held.command()
        again = held.vic.put(held.fast[0], vehicle(held.session, 44, PLATES[0]))
        assert again.status_code == 200 and again.json["missing"] == []
        changed = {**vehicle(held.session, 45, PLATES[0]), "rev": 2, "base_rev": 1}
        assert held.vic.put(held.fast[0], changed).status_code == 422
    assert held.held() == [False, True, True]


@pytest.mark.parametrize("status", ["void", "checked", "rejected_dvla", "rejected_police"])
def test_what_the_police_do_not_need_goes_at_the_next_run_at_the_latest(held: Held, status: str) -> None:
    held.set(1, status=status)
    with clock.standing_at(NOON):
        assert "Void, rejected, or not for the police: 1 forgotten" in held.command().output
    assert held.held() == [True, False, True]


def test_after_twelve_months_nothing_is_left_and_the_key_is_destroyed(held: Held) -> None:
    with held.app.app_context():
        marks = marks_of(PLATES)
        hidden = {name for name in marks if "plate" in name}
        assert found(held.app, marks) == set(marks) - hidden
    with clock.standing_at(datetime(2027, 11, 22, 12, 0, tzinfo=UTC)):
        # The anniversary itself is inside.
        assert held.command("--dry-run").output == "Nothing is due.\n"
    with clock.standing_at(datetime(2027, 11, 23, 0, 5, tzinfo=UTC)):
        said = held.command().output
        assert "Seen more than 12 months ago: 3 forgotten" in said
        # What was sent of the slow one goes too, and is no registration.
        assert "What phones sent of vehicles without a registration: 1 forgotten" in said
        assert "The key of 2026-11 is destroyed" in said
        with held.app.app_context():
            assert found(held.app, marks) == set()
            assert plate_keys.months() == []
            assert db.session.query(SpeedReading).count() == 4
            assert db.session.query(SpeedSession).one().reference.startswith("SW-2026-")


@pytest.mark.parametrize(
    ("seen", "received", "first_came"), [(None, 40, 40), (None, 40, 0), (50, 40, 0), (0, 40, 40), (50, 0, 40)]
)
def test_the_year_begins_with_the_earliest_day_that_is_known(
    held: Held, seen: int | None, received: int, first_came: int
) -> None:
    """Each is how many days after the session; without a time a vehicle passed on the session's day."""
    later = {days: NOON + timedelta(days=days) for days in (0, 40, 50)}
    held.set(0, seen_at=None if seen is None else later[seen], received_at=later[received])
    with held.app.app_context(), one_commit() as session:
        session.get_one(Capture, UUID(held.fast[0])).first_seen_at = later[first_came]
    with clock.standing_at(datetime(2027, 11, 23, 0, 5, tzinfo=UTC)), held.app.app_context():
        assert plate_retention.would_forget().found["year"] == 3


def test_a_key_goes_with_its_month_whatever_a_backup_brings_back(held: Held) -> None:
    with held.app.app_context():
        row = db.session.get_one(SpeedReading, UUID(held.fast[0]))
        old = {"plate": row.plate, "plate_hash": row.plate_hash, "key_month": row.key_month}
    with clock.standing_at(datetime(2027, 12, 1, 4, 0, tzinfo=UTC)):
        held.command()
        held.set(0, **old)
        assert held.held() == [False, False, False]
        with held.app.app_context():
            assert plate_retention.would_forget().found == {"year": 1}


def test_a_key_stays_while_a_session_of_its_month_is_not_checked_and_goes_early_when_all_is_done(
    held: Held,
) -> None:
    for number in range(3):
        held.set(number, status="void")
    with clock.standing_at(datetime(2026, 12, 2, 12, 0, tzinfo=UTC)):
        held.command()
        with held.app.app_context():
            # The slow vehicle may still be corrected by its phone.
            assert plate_keys.months() == ["2026-11"]
            with one_commit() as session:
                session.get_one(SpeedSession, UUID(held.session)).checked_at = clock.now()
        assert "The key of 2026-11 is destroyed" in held.command().output


def test_a_plate_that_was_corrected_away_goes_from_the_ledger_too(held: Held) -> None:
    with clock.standing_at(NOON):
        changed = {**vehicle(held.session, 29), "rev": 2, "base_rev": 1}
        with held.app.app_context():
            before = marks_of(())
        assert held.vic.put(held.fast[0], changed).status_code == 200
        assert held.vic.put(held.fast[0], {**changed, "rev": 3, "base_rev": 2, "answers": {
            **changed["answers"], "speed": ["31"]}}).status_code == 200  # fmt: skip
        held.command()
        with held.app.app_context():
            left = found(held.app, before)
            assert len({name for name in before if name.startswith("payload")} - left) == 1
            assert db.session.get_one(SpeedReading, UUID(held.fast[0])).speed_mph == 31


def test_the_worker_runs_it_once_a_night(held: Held) -> None:
    held.set(0, status="void")
    runs = []
    for day, hour in ((23, 2), (23, 3), (23, 4), (24, 2), (24, 3)):
        with clock.standing_at(datetime(2026, 11, day, hour, 30, tzinfo=UTC)), held.app.app_context():
            plate_retention.run_nightly()
            runs.append(db.session.query(RetentionRun).count())
    assert runs == [0, 1, 1, 1, 2]
    assert held.held() == [False, True, True]


def test_a_night_that_cannot_empty_the_files_stays_one_run_until_it_has(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    held.set(0, status="void")
    works = iter([False, False, True])
    monkeypatch.setattr(plate_retention, "scrub", lambda *tables: next(works))
    for minute in (1, 2, 3, 4):
        if minute == 2:
            held.set(1, status="void")
        with clock.standing_at(datetime(2026, 11, 24, 3, minute, tzinfo=UTC)), held.app.app_context():
            plate_retention.run_nightly()
            (run,) = db.session.query(RetentionRun).all()
            assert (run.is_scrubbed, run.found) == (minute >= 3, {"not_needed": 1 if minute == 1 else 2})
            assert run.ran_at.minute == min(minute, 3)


@given(st.dates(date(2026, 1, 1), date(2040, 1, 1)), st.integers(-2, 2))
def test_the_first_day_that_is_kept_is_the_first_whose_time_has_not_come(today: date, off: int) -> None:
    day = year_before(today) + timedelta(days=off)
    assert (purge_on(day) > today) == (day >= year_before(today))
