"""A panel's three concerns, and the sessions held where speeding is among them (the plan's measure of success)."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from tests.at_once import at_once
from tests.cast import Cast
from webapp.extensions import db
from webapp.models.event import Event
from webapp.models.pact_area import PactPriority
from webapp.rules.errors import NotFound, Refused, Stale
from webapp.rules.roles import Person
from webapp.services import pact_areas, pact_priorities
from webapp.services.pact_areas import Given
from webapp.services.pact_priorities import Named

pytestmark = pytest.mark.usefixtures("noon")

TODAY = date(2026, 11, 22)
KIPPINGTON = "E05005027"
SPEEDING, PARKING = ("speeding", "A225 past the school"), ("parking", "")


@pytest.fixture
def owen(cast: Cast) -> Person:
    return cast.person("Owen")


def area(owen: Person, name: str = "Otford", wards: tuple[str, ...] = (KIPPINGTON,), *parishes: str) -> int:
    return pact_areas.add(Given(name, "", wards, parishes), owen)


def named(owen: Person, area_id: int, day: date | None, *concerns: tuple[str, str]) -> None:
    pact_priorities.name(area_id, Named(concerns, day), pact_priorities.mark(area_id), owen)


def current(area_id: int, day: date = TODAY) -> list[tuple[int, str, date]]:
    return [(one.rank, one.concern, one.since) for one in pact_priorities.current(area_id, day)]


def test_concerns_hold_from_their_day_on_until_others_take_their_place(app: Flask, owen: Person):
    with app.app_context():
        own = area(owen)
        named(owen, own, date(2026, 5, 1), SPEEDING, PARKING)
        named(owen, own, date(2026, 9, 1), ("litter", ""), SPEEDING)
        assert current(own, date(2026, 4, 30)) == []
        assert current(own, date(2026, 8, 31)) == [
            (1, "speeding", date(2026, 5, 1)),
            (2, "parking", date(2026, 5, 1)),
        ]
        # Speeding only changed its rank: it has been a concern since May.
        assert current(own) == [(1, "litter", date(2026, 9, 1)), (2, "speeding", date(2026, 5, 1))]
        named(owen, own, date(2026, 10, 1), ("litter", ""))
        named(owen, own, date(2026, 11, 1), SPEEDING)
        assert current(own) == [(1, "speeding", date(2026, 11, 1))]
        assert pact_priorities.current(own, TODAY)[0].label == "Speeding vehicles: A225 past the school"


def test_a_slip_of_the_same_day_is_put_right_and_leaves_no_row(app: Flask, owen: Person):
    with app.app_context():
        own = area(owen)
        named(owen, own, TODAY, PARKING)
        named(owen, own, TODAY, SPEEDING)
        named(owen, own, TODAY, SPEEDING)
        assert [row.concern for row in db.session.scalars(select(PactPriority))] == ["speeding"]
        events = db.session.scalars(select(Event).where(Event.action == "pact_concerns_named")).all()
        assert len(events) == 3 and (events[1].before or {})["concerns"][0]["concern"] == "parking"


@pytest.mark.parametrize(
    ("day", "concerns", "field", "words"),
    [
        (None, (SPEEDING,), "from_on", "Enter the day"),
        (date(2026, 11, 23), (SPEEDING,), "from_on", "has not come yet"),
        (date(2026, 10, 31), (SPEEDING,), "from_on", "Sunday 1 November 2026"),
        (TODAY, (SPEEDING, ("speeding", "")), "concerns", "once"),
        (TODAY, (("ufos", ""),), "concerns", "from the list"),
        (TODAY, (SPEEDING, PARKING, ("litter", ""), ("drugs", "")), "concerns", "up to 3"),
        (TODAY, (("other", "ask rosa@example.org"),), "concerns", "email addresses"),
        (TODAY, (("other", "x" * 201),), "concerns", "200 characters"),
    ],
)
def test_what_cannot_stand_is_refused_in_words(
    app: Flask, owen: Person, day: date | None, concerns: tuple[tuple[str, str], ...], field: str, words: str
):
    with app.app_context():
        own = area(owen)
        named(owen, own, date(2026, 11, 1), PARKING)
        with pytest.raises(Refused) as refused:
            named(owen, own, day, *concerns)
        assert words in refused.value.errors[field]
        assert [one[1] for one in current(own)] == ["parking"]


def test_no_concern_at_all_is_an_answer_and_nobody_writes_history_anew(app: Flask, owen: Person):
    with app.app_context():
        own = area(owen)
        named(owen, own, date(2026, 11, 1), PARKING)
        named(owen, own, date(2026, 11, 10))
        assert current(own) == []
        with pytest.raises(Refused):
            named(owen, own, date(2026, 11, 5), SPEEDING)


def test_whoever_names_them_on_an_old_page_is_shown_first_what_stands_now(app: Flask, owen: Person):
    with app.app_context():
        own = area(owen)
        old = pact_priorities.mark(own)
        named(owen, own, TODAY, PARKING)
        with pytest.raises(Stale):
            pact_priorities.name(own, Named((SPEEDING,), TODAY), old, owen)


def test_of_two_who_name_them_at_once_one_is_shown_what_the_other_did(app: Flask, owen: Person):
    with app.app_context():
        own = area(owen)
        old = pact_priorities.mark(own)

    def name() -> str:
        try:
            pact_priorities.name(own, Named((SPEEDING,), TODAY), old, owen)
        except Stale:
            return "stale"
        return "named"

    assert sorted(at_once(app, name)) == ["named", "stale"]


@pytest.mark.parametrize("name", ["Sunita", "Priya", "Carol", "Nadia"])
def test_nobody_but_officers_names_concerns(app: Flask, cast: Cast, owen: Person, name: str):
    somebody = cast.person(name)
    with app.app_context():
        own = area(owen)
        with pytest.raises(NotFound):
            pact_priorities.name(own, Named((SPEEDING,), TODAY), pact_priorities.mark(own), somebody)


def test_an_area_goes_with_its_concerns(app: Flask, owen: Person):
    with app.app_context():
        own = area(owen)
        named(owen, own, TODAY, SPEEDING)
        pact_areas.remove(own, owen)
        assert db.session.scalars(select(PactPriority)).all() == []


def test_areas_that_name_speeding_are_listed_with_the_day_since_when(app: Flask, owen: Person):
    with app.app_context():
        first, second, quiet = area(owen), area(owen, "Kemsing", (), "Kemsing"), area(owen, "Quiet")
        for one in (first, second):
            named(owen, one, date(2026, 5, 1), SPEEDING)
        named(owen, first, date(2026, 9, 1), PARKING, SPEEDING)
        named(owen, quiet, date(2026, 5, 1), PARKING)
        found = pact_priorities.speeding_areas(TODAY)
        assert [(one.area.name, one.since) for one in found] == [
            ("Kemsing", date(2026, 5, 1)),
            ("Otford", date(2026, 5, 1)),
        ]
        assert pact_priorities.speeding_areas(date(2026, 4, 1)) == []
