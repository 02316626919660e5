"""PACT areas: sets of wards and parishes, set by officers, with a role to turn to and never a person."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from tests.at_once import at_once
from tests.cast import Cast
from tests.programmes import audited
from tests.walking import ST_MARYS_WARD
from webapp.extensions import clock, db
from webapp.models.event import Event
from webapp.models.pact_area import PactAreaPart
from webapp.rules.errors import NotFound, Refused, Stale
from webapp.rules.roles import Person
from webapp.services import pact_areas
from webapp.services.pact_areas import Given
from webapp.services.transaction import one_commit

pytestmark = pytest.mark.usefixtures("in_app", "noon")

SWANLEY = Given("Swanley", "Clerk of the town council", (ST_MARYS_WARD, "E05005032"), ("Swanley",))


def names_of(ward_code: str | None, parish: str | None = None) -> list[str]:
    return [area.name for area in pact_areas.of(ward_code, parish)]


def test_a_ward_or_a_parish_may_be_in_several_areas_and_in_none(owen: Person):
    pact_areas.add(SWANLEY, owen)
    pact_areas.add(Given("North", "", (ST_MARYS_WARD,), ("Hextable", "Crockenhill")), owen)
    assert names_of(ST_MARYS_WARD) == ["North", "Swanley"]
    assert names_of("E05005020", " hextable ") == ["North"]
    assert names_of("E05005020") == names_of(None, "") == names_of(None) == []


def test_an_area_is_changed_and_removed_with_all_its_parts(owen: Person):
    area_id = pact_areas.add(SWANLEY, owen)
    before = pact_areas.find(area_id)
    pact_areas.change(area_id, Given("Swanley town", "", ("E05005030",), ()), before.mark, owen)
    changed = pact_areas.find(area_id)
    assert (changed.name, changed.wards, changed.parishes) == ("Swanley town", ("E05005030",), ())
    pact_areas.remove(area_id, owen)
    assert pact_areas.listed() == [] and db.session.scalars(select(PactAreaPart)).all() == []
    with pytest.raises(NotFound):
        pact_areas.find(area_id)
    events = db.session.scalars(select(Event).where(Event.action.like("pact_area%")).order_by(Event.id)).all()
    assert [event.action for event in events] == ["pact_area_added", "pact_area_changed", "pact_area_removed"]
    assert (events[1].before or {})["name"] == "Swanley" and (events[1].after or {})["name"] == "Swanley town"
    assert "Clerk" not in str([(event.before, event.after) for event in events])


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        (Given("", "", (ST_MARYS_WARD,), ()), "name", "Enter the name"),
        (Given("SWANLEY ", "", (ST_MARYS_WARD,), ()), "name", "an area of this name already"),
        (Given("A", "", (), ()), "wards", "Tick at least one ward"),
        (Given("A", "clerk@swanley.example", (ST_MARYS_WARD,), ()), "contact_role", "name a role"),
        (Given("A", "Clerk 01732 227 000", (ST_MARYS_WARD,), ()), "contact_role", "no telephone number"),
        (Given("A", "+44(0)1732-227000", (ST_MARYS_WARD,), ()), "contact_role", "no person"),
        (Given("A", "", (), ("P" * 81,)), "parishes", "80 characters or fewer"),
    ],
)
def test_what_cannot_stand_is_refused_in_words(owen: Person, given: Given, field: str, words: str):
    pact_areas.add(SWANLEY, owen)
    with pytest.raises(Refused) as refused:
        pact_areas.add(given, owen)
    assert words in refused.value.errors[field]
    assert len(pact_areas.listed()) == 1


def test_an_area_keeps_its_own_name_and_cannot_take_another_s(owen: Person):
    pact_areas.add(SWANLEY, owen)
    second = pact_areas.add(Given("North", "", (ST_MARYS_WARD,), ()), owen)
    mark = pact_areas.find(second).mark
    with pytest.raises(Refused):
        pact_areas.change(second, Given("Swanley", "", (ST_MARYS_WARD,), ()), mark, owen)
    pact_areas.change(second, Given("north", "", (ST_MARYS_WARD,), ()), mark, owen)
    assert pact_areas.find(second).name == "north"


def test_two_who_add_the_same_name_at_the_same_moment_make_one_area(app: Flask, owen: Person):
    def add() -> str:
        try:
            pact_areas.add(SWANLEY, owen)
        except Refused as refused:
            return refused.errors["name"]
        return "added"

    assert sorted(at_once(app, add, 4)) == sorted(["added", *[pact_areas.TAKEN] * 3])
    assert len(pact_areas.listed()) == 1


def test_whoever_changes_an_area_on_an_old_page_is_shown_first_what_it_is_now(owen: Person):
    area_id = pact_areas.add(SWANLEY, owen)
    mark = pact_areas.find(area_id).mark
    pact_areas.change(area_id, Given("Swanley", "", (ST_MARYS_WARD,), ()), mark, owen)
    with pytest.raises(Stale):
        pact_areas.change(area_id, SWANLEY, mark, owen)
    assert pact_areas.find(area_id).wards == (ST_MARYS_WARD,)


def test_nobody_but_officers_sets_areas(cast: Cast, owen: Person):
    area_id = pact_areas.add(SWANLEY, owen)
    for name in ("Sunita", "Priya", "Nadia"):
        somebody = cast.person(name)
        with pytest.raises(NotFound):
            pact_areas.add(Given("A", "", (ST_MARYS_WARD,), ()), somebody)
        with pytest.raises(NotFound):
            pact_areas.change(area_id, SWANLEY, pact_areas.find(area_id).mark, somebody)
        with pytest.raises(NotFound):
            pact_areas.remove(area_id, somebody)
    assert [area.name for area in pact_areas.listed()] == ["Swanley"]


def test_an_area_shows_the_published_audits_of_its_wards_and_parishes_newest_first(cast: Cast, owen: Person):
    sunita = cast.person("Sunita")
    area = pact_areas.find(pact_areas.add(SWANLEY, owen))
    by_ward = audited(sunita, date(2026, 6, 1))
    by_parish = audited(sunita, date(2026, 9, 1), "E05005020", parish="swanley")
    elsewhere = audited(sunita, date(2026, 9, 2), "E05005020", parish="Hextable")
    hidden, unpublished = audited(sunita, date(2026, 10, 1)), audited(sunita, date(2026, 10, 2))
    with one_commit() as session:
        for eva in (by_ward, by_parish, elsewhere, hidden):
            session.merge(eva).published_at = clock.now()
        session.merge(hidden).visibility = "hidden"
    assert [eva.id for eva in pact_areas.shown_audits(area)] == [by_parish.id, by_ward.id]
    assert unpublished.published_at is None
