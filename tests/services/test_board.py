"""The action board: every open line over all audits, with counts that are filters and add up with the list."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from tests.cast import Cast
from tests.planning import a_line, in_state, take, walked
from tests.walking import ST_MARYS_WARD
from webapp.extensions import clock
from webapp.rules.roles import Person
from webapp.services import board
from webapp.services.board import Wanted

pytestmark = pytest.mark.usefixtures("noon")
DAYS = (date(2026, 11, 22), date(2026, 11, 28), date(2026, 11, 29), date(2026, 12, 21), date(2026, 12, 22))


@pytest.fixture(autouse=True)
def context(app: Flask, cast: Cast) -> Iterator[None]:
    sunita = cast.client("Sunita")
    walked(sunita, {"category": "graffiti"})
    walked(sunita, ward_code="E05005029")
    with app.app_context():
        yield


@pytest.fixture
def owen(cast: Cast) -> Person:
    return cast.person("Owen")


def texts(wanted: Wanted, person: Person) -> list[str]:
    return [line.text for line, _ in board.show(wanted, person).lines]


def test_counts_are_filters_and_add_up_with_the_list(owen: Person):
    for number, day in enumerate(DAYS):
        a_line(owen, text=f"Line {number}", by_when=day)
    shown = board.show(Wanted(), owen)
    assert shown.counts == {"overdue": 0, "week": 2, "month": 2, "later": 1}
    assert shown.total == sum(shown.counts.values()) == 5
    for due, count in shown.counts.items():
        narrowed = board.show(Wanted(due=due), owen)
        assert (narrowed.total, narrowed.counts) == (count, shown.counts)


def test_what_is_late_comes_first_and_counts_as_overdue(owen: Person):
    a_line(owen, text="Late", by_when=date(2026, 11, 22))
    a_line(owen, text="Not late", by_when=date(2026, 11, 23))
    with clock.standing_at(clock.now().replace(day=23)):
        shown = board.show(Wanted(), owen)
        assert shown.counts["overdue"] == 1
        assert texts(Wanted(), owen) == ["Late", "Not late"] and texts(Wanted(due="overdue"), owen) == [
            "Late"
        ]


def test_only_open_lines_are_on_it_and_what_is_completed_waits_to_be_checked(owen: Person, cast: Cast):
    ada = cast.person("Ada")
    for status in ("proposed", "agreed", "in_progress", "completed", "verified", "withdrawn", "not_feasible"):
        in_state(owen, status, ada)
    shown = board.show(Wanted(), owen)
    assert (shown.total, shown.to_check) == (3, 1)
    assert board.show(Wanted(state="agreed"), owen).total == 1
    checking = board.show(Wanted(state="completed", due="week"), owen)
    assert checking.total == 1 and sum(checking.counts.values()) == 3


def test_it_is_narrowed_by_agency_and_ward_over_all_audits(owen: Person):
    a_line(owen, text="A")
    a_line(owen, text="B", owner_agency=None)
    a_line(owen, reference="EVA-2026-00002", text="C", owner_agency="kent_police")
    assert texts(Wanted(), owen) == ["A", "B", "C"]
    assert texts(Wanted(agency="kent_police"), owen) == ["C"]
    assert texts(Wanted(agency="none"), owen) == ["B"]
    assert texts(Wanted(ward=ST_MARYS_WARD), owen) == ["A", "B"]
    assert board.ward_counts(Wanted(), owen) == {ST_MARYS_WARD: 2, "E05005029": 1}


def test_partners_see_their_agency_s_lines_wardens_all_and_others_none(owen: Person, cast: Cast):
    a_line(owen, text="Theirs")
    a_line(owen, text="Other", owner_agency="kent_police")
    wanted = Wanted(agency="kent_police")
    for name, count, of_police in (
        ("Sunita", 2, 1),
        ("Ada", 2, 1),
        ("Priya", 1, 0),
        ("Vic", 0, 0),
        ("Nadia", 0, 0),
    ):
        person = cast.person(name)
        shown = board.show(Wanted(), person)
        assert (shown.total, sum(shown.counts.values())) == (count, count), name
        assert board.show(wanted, person).total == of_police
        assert len(list(board.rows(Wanted(), person, ""))) == count + 1
        assert sum(board.ward_counts(Wanted(), person).values()) == count


def test_pages_hold_fifty_lines_each_once(owen: Person):
    for number in range(51):
        a_line(owen, text=f"{number:02}")
    first, second = (texts(Wanted(page=page), owen) for page in (1, 2))
    assert (len(first), len(second), len({*first, *second})) == (50, 1, 51)
    assert board.show(Wanted(page=99), owen).number == 2


def test_the_file_has_what_the_board_shows_and_says_what_each_line_answers(owen: Person, cast: Cast):
    ids = walked(cast.client("Sunita"), {"category": "graffiti", "place_text": "Garage wall"})
    action_id = a_line(owen, reference="EVA-2026-00003", observations=ids, text="=cmd()")
    take(action_id, "agree", owen)
    head, row = board.rows(Wanted(agency="kcc_highways"), owen, "https://wardbook.example/actions")
    told = dict(zip(head, row, strict=True))
    assert told["Answers"] == "1. Graffiti, Garage wall" and told["Agreed on"] == date(2026, 11, 22)
    assert told["Address"] == f"https://wardbook.example/actions/{action_id}" and told["Overdue"] == "no"
    ((latitude, longitude, on_map, words),) = board.points(Wanted(), owen)
    assert (on_map, words) == (action_id, "EVA-2026-00003, action 1")
    assert (round(latitude, 3), round(longitude, 3)) == (51.399, 0.164)
