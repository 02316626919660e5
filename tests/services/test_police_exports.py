"""What is handed to the police: once, numbered, and forgotten when it should be."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.at_once import at_once
from tests.desk import AT, COUNTED, MISREAD, READY, Desk, fast, row_numbers, slow
from tests.phone import Phone
from tests.watching import scheme
from webapp.extensions import clock, db
from webapp.models.event import Event
from webapp.models.police_export import PoliceExport, PoliceExportDownload
from webapp.models.speed_reading import SpeedReading
from webapp.rules.errors import NotFound, Refused, Stale
from webapp.services import plate_retention, police_answers, police_exports, police_file
from webapp.services.police_answers import Answer
from webapp.services.transaction import one_commit

REGISTRATION = police_file.HEAD.index("Registration")
NOTHING_SAID = Answer(frozenset(), None, None)


@pytest.fixture
def number(desk: Desk) -> int:
    """An export of three vehicles."""
    held = desk.held(fast("GK24 ABC", 46), fast("EY19 KLM", 57), fast("LB70 RST", 35))
    held.finish(READY, READY, READY)
    return desk.make()


def take(desk: Desk, number: int, file_format: str = "csv", reason: str = "", name: str = "Carol") -> list:
    person = desk.person(name)
    with desk.app.app_context():
        return police_exports.take(number, file_format, reason, person).rows


def answer(desk: Desk, number: int, said: Answer = NOTHING_SAID, name: str = "Carol") -> None:
    person = desk.person(name)
    with desk.app.app_context():
        police_answers.answer(number, said, person)


def test_all_that_is_ready_is_handed_over_once_in_the_order_in_which_it_passed(desk: Desk):
    later = desk.held(fast("LB70 RST"), began=AT + timedelta(hours=1))
    first = desk.held(fast("GK24 ABC"), slow(), fast("EY19 KLM"), fast("KX21 XYZ", confidence="part"))
    going = desk.held(fast("MA05 DEF"))
    later.finish(READY)
    first.finish(READY, None, READY, COUNTED)
    number = desk.make()
    assert desk.export(number).rows == 3
    assert row_numbers(take(desk, number), REGISTRATION) == ["GK24 ABC", "EY19 KLM", "LB70 RST"]
    assert first.statuses() == ["exported", "checked", "exported", "checked"]
    assert [one.record().status for one in (first, later, going)] == ["handed_over", "handed_over", "held"]
    assert [one.after for one in first.events("handed_over")] == [{"export": number, "rows": 2}]
    with pytest.raises(Refused, match="No vehicle"):
        desk.make(known=number)
    # What becomes ready later is another export's, numbered from 1 again.
    going.finish(READY)
    second = desk.make(known=number)
    rows = take(desk, second)
    assert row_numbers(rows, 0) == [second] and row_numbers(rows, 1) == [1] and second != number


def test_the_file_says_what_was_seen_and_nothing_of_a_keeper(desk: Desk):
    held = desk.held(
        fast("GK24 ABC", 46, model="=1+1", at=AT),
        fast("101 D 234", 57, colour="", make="", vehicle="", direction=""),
    )
    held.finish(READY, READY)
    rows = take(desk, desk.make())
    assert rows[0] == list(police_file.HEAD)
    assert rows[1] == [
        1,
        1,
        "SW001",
        "A225",
        "2026-11-22",
        "10:31",
        "GMT",
        30,
        46,
        "Northbound",
        "GK24 ABC",
        "Ford",
        "=1+1",
        "Blue",
        "Car",
        "Unipar SL700 SL-1",
        "yes",
        "no",
        0,
    ]
    second = dict(zip(rows[0], rows[2], strict=True))
    assert second["Registration"] == "101 D 234"
    assert [second[name] for name in ("Make", "Model", "Colour", "Type")] == ["", "", "", ""]
    assert second["Over 50% above the limit"] == second["90% above the limit or more"] == "yes"


def test_the_file_has_no_time_where_none_is_known_and_says_which_clock_it_went_by(desk: Desk):
    summer = AT.replace(month=7)
    with clock.standing_at(summer + timedelta(hours=2)):
        held = desk.held(fast("GK24 ABC", at=summer), fast("EY19 KLM", at=summer), began=summer)
        with desk.app.app_context(), one_commit():
            held.find(2).seen_at = None
        held.finish(READY, READY)
    number, carol = desk.make(), desk.person("Carol")
    with desk.app.app_context():
        taken = police_exports.take(number, "xlsx", "", carol)
    own = {row[police_file.HEAD.index("Registration")]: row for row in taken.rows}
    when = slice(police_file.HEAD.index("Date"), police_file.HEAD.index("Date") + 3)
    assert own["GK24 ABC"][when] == ["2026-07-22", "11:31", "BST"]
    # When the row arrived is no time at which anybody passed.
    assert own["EY19 KLM"][when] == ["2026-07-22", "", ""]
    assert dict(taken.about) == {
        "Speed-watch vehicles for the police": "",
        "Export": number,
        "Scheme": "Otford",
        "This file was taken": f"{clock.now():%Y-%m-%d %H:%M} GMT",
        "By": "Carol",
        "Vehicles in this file": 2,
        "Left out, their registrations being forgotten": 0,
    }
    assert "GK24" not in repr(taken)


def test_pressed_twice_or_by_two_at_once_one_export_is_made(desk: Desk):
    held = desk.held(fast("GK24 ABC"), fast("EY19 KLM"))
    held.finish(READY, READY)
    people = iter([desk.person("Carol"), desk.person("Owen")])

    def make() -> int:
        return police_exports.make(desk.scheme.id, next(people), 0).id

    numbers = at_once(desk.app, make)
    assert len(set(numbers)) == 1 and desk.make() == numbers[0]
    with desk.app.app_context():
        assert db.session.query(PoliceExport).count() == 1
    assert len(held.events("handed_over")) == 1


def test_the_first_file_of_each_format_needs_no_reason_and_each_later_one_does(desk: Desk, number: int):
    take(desk, number, "csv")
    take(desk, number, "xlsx")
    for reason in ("", "  "):
        with pytest.raises(Refused) as refused:
            take(desk, number, "csv", reason, name="Owen")
        assert refused.value.errors == {"reason": police_exports.SAY_WHY}
    with pytest.raises(Refused) as refused:
        take(desk, number, "csv", "They asked about gk24 abc")
    assert "registration" in refused.value.errors["reason"]
    take(desk, number, "csv", "The police lost the first one", name="Owen")
    with desk.app.app_context():
        taken = db.session.scalars(select(PoliceExportDownload).order_by(PoliceExportDownload.id)).all()
        assert [(one.format, one.reason) for one in taken] == [
            ("csv", ""),
            ("xlsx", ""),
            ("csv", "The police lost the first one"),
        ]
        events = db.session.scalars(select(Event).where(Event.action == "police_export_taken")).all()
        assert [one.after["format"] for one in events] == ["csv", "xlsx", "csv"]
        assert "GK24" not in "".join(f"{one.after} {one.reason}" for one in events)


def test_of_two_who_take_the_first_file_at_once_one_is_asked_why(desk: Desk, number: int):
    people = iter([desk.person("Carol"), desk.person("Owen")])

    def take_first() -> str:
        try:
            police_exports.take(number, "csv", "", next(people))
        except Refused:
            return "asked"
        return "taken"

    assert sorted(at_once(desk.app, take_first)) == ["asked", "taken"]


def test_the_police_cannot_have_answered_what_nobody_took(desk: Desk, number: int):
    with pytest.raises(Refused) as refused:
        answer(desk, number, Answer(frozenset({1}), 3, None))
    assert refused.value.errors == {"form": police_answers.NOT_TAKEN}
    assert desk.export(number).answered_on is None
    take(desk, number, "xlsx")
    answer(desk, number, Answer(frozenset({1}), 3, None))
    assert desk.export(number).accepted == 2


def test_rejected_rows_are_forgotten_at_once_and_accepted_ones_30_days_later(desk: Desk, number: int):
    take(desk, number, "xlsx")
    answer(desk, number, Answer(frozenset({2, 3}), 1, None))
    with desk.app.app_context():
        rows = police_exports.rows_of(db.session, db.session.get_one(PoliceExport, number))
        assert [row.status for row, _ in rows] == ["accepted", "rejected_police", "rejected_police"]
        assert [row.plate is None for row, _ in rows] == [False, True, True]
        assert rows[0][0].accepted_at == clock.now()
        export = db.session.get_one(PoliceExport, number)
        assert (export.accepted, export.rejected, export.letters, export.visits) == (1, 2, 1, None)
        assert export.answered_on == date(2026, 11, 22)
    # What was forgotten holds up none of the others: they keep their numbers.
    assert [row[1] for row in take(desk, number, "csv")[1:]] == [1]
    with clock.standing_at(clock.now() + timedelta(days=30)), desk.app.app_context():
        plate_retention.run()
        held = db.session.scalars(select(SpeedReading).where(SpeedReading.plate.is_not(None))).all()
        assert held == []
    with pytest.raises(Refused, match="forgotten"):
        take(desk, number, "xlsx")


def test_an_answer_is_written_down_once(desk: Desk, number: int):
    take(desk, number)
    for _ in range(2):
        answer(desk, number, Answer(frozenset({2}), None, None))
    with pytest.raises(Stale):
        answer(desk, number, Answer(frozenset({1}), None, None))
    with desk.app.app_context():
        assert db.session.query(Event).filter(Event.action == "police_answered").count() == 1


@pytest.mark.parametrize("row", [0, 4])
def test_rows_that_an_export_has_not_are_refused(desk: Desk, number: int, row: int):
    take(desk, number)
    with pytest.raises(Refused) as refused:
        answer(desk, number, Answer(frozenset({1, row}), None, None))
    assert refused.value.errors == {"rejected": f"This export has rows 1 to 3, and no row {row}."}
    assert desk.export(number).answered_on is None


def test_letters_and_visits_are_changed_later_with_a_reason_and_nothing_else(desk: Desk, number: int):
    carol = desk.person("Carol")

    def change(letters: int | None, visits: int | None, reason: str = "") -> None:
        with desk.app.app_context():
            police_answers.change_counts(number, letters, visits, reason, carol)

    with pytest.raises(Refused):
        change(1, 1, "They told us")
    take(desk, number)
    answer(desk, number)
    for reason, sentence in (("", police_answers.NO_REASON), ("About GK24.ABC", police_answers.LEAVE_IT_OUT)):
        with pytest.raises(Refused) as refused:
            change(2, 1, reason)
        assert refused.value.errors == {"reason": sentence}
    for _ in range(2):
        change(2, 1, "They told us in December")
    with desk.app.app_context():
        export = db.session.get_one(PoliceExport, number)
        assert (export.letters, export.visits) == (2, 1)
        assert [(one.before, one.reason) for one, _ in police_answers.changes_of(export)] == [
            ({"letters": None, "visits": None}, "They told us in December")
        ]


def test_an_export_is_seen_by_its_own_scheme_and_officers(desk: Desk, number: int):
    with desk.app.app_context():
        shoreham = scheme(desk.cast, "Shoreham", ("Carol",))
        with one_commit() as session:
            from webapp.models.speed_scheme import SpeedVolunteer

            session.get_one(SpeedVolunteer, desk.scheme.carol).is_active = False
    for name in ("Carol", "Vic", "Ada", "Sunita", "Nadia"):
        with pytest.raises(NotFound):
            take(desk, number, name=name)
        with pytest.raises(NotFound):
            answer(desk, number, name=name)
        with pytest.raises(NotFound):
            desk.make(name)
    carol, owen = desk.person("Carol"), desk.person("Owen")
    with desk.app.app_context():
        assert [one.scheme.id for one in police_exports.overview(carol)] == [shoreham.id]
        assert [len(one.exports) for one in police_exports.overview(owen)] == [1, 0]
    take(desk, number, name="Owen")


def test_a_row_that_was_taken_back_is_not_handed_over(desk: Desk):
    held = desk.held(fast("GK24 ABC"), fast("EY19 KLM"))
    held.finish(READY, READY)
    assert Phone(desk.client("Owen")).delete(held.rows[0]).status_code == 200
    number = desk.make()
    assert desk.export(number).rows == 1 and held.plates() == [None, "EY19KLM"]


def test_what_is_void_or_of_a_destroyed_key_is_never_handed_over(desk: Desk):
    held = desk.held(fast("GK24 ABC"), fast("EY19 KLM"))
    held.finish(READY, MISREAD)
    with desk.app.app_context():
        from webapp.services import plate_keys

        plate_keys.destroy(str(held.find(1).key_month))
    with pytest.raises(Refused, match="No vehicle"):
        desk.make()


def test_a_session_whose_vehicles_come_late_is_handed_over_twice(desk: Desk):
    held = desk.held(fast("GK24 ABC"))
    held.finish(READY)
    first = desk.make()
    late = held.log(44, "EY19 KLM")
    held.rows = [late]
    held.finish(READY)
    assert held.record().status == "checked"
    second = desk.make(known=first)
    with desk.app.app_context():
        assert police_exports.exports_of(UUID(held.id)) == [first, second]
