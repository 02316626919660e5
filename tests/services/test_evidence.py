"""Evidence: exhibits whose every hand-over is kept in order, and SmartWater whose places stand in no history."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.at_once import at_once
from tests.builders import submit
from tests.cast import Cast
from tests.conftest import NOON
from webapp.extensions import db
from webapp.models.enforcement import Exhibit, SmartWaterMark, SmartWaterRead
from webapp.models.event import Event
from webapp.models.fly_tipping import FlyTip
from webapp.rules.errors import NotFound, Refused, Stale
from webapp.rules.roles import Person
from webapp.services import evidence, history, smartwater
from webapp.services.evidence import Found, HandOver, Read, Result
from webapp.services.smartwater import Mark

pytestmark = pytest.mark.usefixtures("noon", "in_app")

TODAY = NOON.date()
YESTERDAY = TODAY - timedelta(days=1)
PLACE = "Behind the third post of Featherbed Lane"


@pytest.fixture
def reference() -> str:
    return submit().reference


def tip() -> FlyTip:
    db.session.expire_all()
    return db.session.scalars(select(FlyTip).order_by(FlyTip.reference)).first()


def hours_ago(hours: float) -> datetime:
    return NOON - timedelta(hours=hours)


def found(exhibit_ref: str = "OB/1", found_at: datetime | None = None) -> Found:
    return Found(exhibit_ref, "An envelope", "Oswald Brown", found_at or hours_ago(10), "Top bag", "A17")


def handed(hours: float, seal_number: str = "A17", **given: Any) -> HandOver:
    return HandOver(hours_ago(hours), "Oswald Brown", "Stella Store", "To the store", seal_number, **given)


def mark(deployment_ref: str = "SW-12", marked_on: date = YESTERDAY) -> Mark:
    return Mark(deployment_ref, marked_on, "Wilma Warden", PLACE, "A sofa", "B-4471", True, False, 51.3, 0.2)


def mark_id(person: Person, **given: Any) -> int:
    smartwater.add_mark(mark(**given), person)
    return max(db.session.scalars(select(SmartWaterMark.id)))


def exhibit_id(reference: str, person: Person) -> int:
    evidence.add_exhibit(reference, found(), person)
    return db.session.scalars(select(Exhibit.id)).one()


def refused(write: Any, *given: Any) -> dict[str, str]:
    with pytest.raises(Refused) as caught:
        write(*given)
    return caught.value.errors


def test_every_hand_over_of_an_exhibit_is_kept_and_a_new_seal_is_marked(reference: str, owen: Person):
    one = exhibit_id(reference, owen)
    evidence.hand_over(reference, one, handed(8, storage="Shelf 4"), owen)
    evidence.hand_over(reference, one, handed(6, "B2"), owen)
    evidence.hand_over(reference, one, handed(6, "B2"), owen)
    (chain,) = evidence.exhibits_of(tip())
    assert [(move.seal_number, name, is_new) for move, name, is_new in chain.moves] == [
        ("A17", "Owen", False),
        ("B2", "Owen", True),
        ("B2", "Owen", False),
    ]
    assert (chain.holder, chain.seal_number, chain.by) == ("Stella Store", "B2", "Owen")
    assert chain.moves[0][0].storage == "Shelf 4"


def test_until_it_is_handed_over_an_exhibit_is_with_whoever_found_it(reference: str, owen: Person):
    exhibit_id(reference, owen)
    (chain,) = evidence.exhibits_of(tip())
    assert (chain.holder, chain.seal_number) == ("Oswald Brown", "A17")


def test_a_hand_over_before_the_finding_or_the_last_hand_over_or_in_the_future_is_refused(
    reference: str, owen: Person
):
    one = exhibit_id(reference, owen)
    early = refused(evidence.hand_over, reference, one, handed(11), owen)
    assert early["handed_time"].startswith("That is before it was found, at 02:00")
    assert refused(evidence.hand_over, reference, one, handed(40), owen)["handed_on"]
    evidence.hand_over(reference, one, handed(5), owen)
    wrong = refused(evidence.hand_over, reference, one, handed(6), owen)
    assert wrong["handed_time"].startswith("That is before its last hand-over, at 07:00")
    assert refused(evidence.hand_over, reference, one, handed(-1), owen)["handed_time"]
    assert refused(evidence.hand_over, reference, one, handed(-30), owen)["handed_on"]
    assert len(evidence.exhibits_of(tip())[0].moves) == 1


def test_an_exhibit_is_not_found_in_the_future(reference: str, owen: Person):
    wrong = refused(evidence.add_exhibit, reference, found(found_at=hours_ago(-0.1)), owen)
    assert wrong == {"found_time": "That time has not come yet. Check it."}


def test_an_exhibit_reference_is_taken_once_on_a_record_and_free_on_others(reference: str, owen: Person):
    exhibit_id(reference, owen)
    wrong = refused(evidence.add_exhibit, reference, found(), owen)
    assert "has an exhibit OB/1 already" in wrong["exhibit_ref"]
    evidence.add_exhibit(submit().reference, found(), owen)


def test_of_two_who_write_one_exhibit_at_the_same_moment_the_second_is_told(
    app: Flask, reference: str, owen: Person
):
    seen = history.newest(tip())
    db.session.rollback()

    def write() -> str:
        try:
            evidence.add_exhibit(reference, found(), owen, seen)
        except Stale:
            return "told"
        return "written"

    assert sorted(at_once(app, write)) == ["told", "written"]


def test_a_look_for_smartwater_is_kept_and_not_in_the_future(reference: str, owen: Person):
    evidence.add_read(reference, Read(YESTERDAY, True, "S-1"), owen)
    wrong = refused(evidence.add_read, reference, Read(TODAY + timedelta(days=1), True), owen)
    assert wrong == {"read_on": "That day has not come yet. Check the date."}
    ((read, recognised, name),) = evidence.reads_of(tip())
    assert (read.is_uv_positive, read.sample_ref, recognised, name) == (True, "S-1", None, "Owen")


def test_only_a_laboratory_s_result_names_a_mark_and_only_an_older_one(reference: str, owen: Person):
    one, newer = mark_id(owen), mark_id(owen, deployment_ref="SW-13", marked_on=TODAY)
    assert "sample_ref" in refused(evidence.add_read, reference, Read(TODAY, True, None, "4471"), owen)
    assert "lab_result" in refused(evidence.add_read, reference, Read(TODAY, True, "S", None, one), owen)
    for wrong in (newer, 999_999):
        told = refused(evidence.add_read, reference, Read(YESTERDAY, True, "S", "4471", wrong), owen)
        assert "mark" in told
    evidence.add_read(reference, Read(YESTERDAY, True, "S", "4471", one), owen)
    assert [name for _, name, _ in evidence.reads_of(tip())] == ["SW-12"]
    assert [list(on) for _, on in smartwater.open_marks(owen)] == [[], [reference]]


def test_a_result_comes_later_and_once(reference: str, owen: Person):
    one = mark_id(owen)
    evidence.add_read(reference, Read(TODAY, True, "S-1"), owen)
    read_id = db.session.scalars(select(SmartWaterRead.id)).one()
    evidence.add_result(reference, read_id, Result("S-1", "4471", one), owen)
    ((read, recognised, _),) = evidence.reads_of(tip())
    assert (read.lab_result, recognised) == ("4471", "SW-12")
    assert "lab_result" in refused(evidence.add_result, reference, read_id, Result("S-1", "2", None), owen)
    with pytest.raises(NotFound):
        evidence.add_result(submit().reference, read_id, Result("S-1", "2", None), owen)


def test_a_mark_s_reference_is_taken_once_also_at_the_same_moment(app: Flask, owen: Person):
    db.session.rollback()

    def write() -> str:
        try:
            smartwater.add_mark(mark(), owen)
        except Refused as told:
            return told.errors["deployment_ref"]
        return ""

    assert sorted(at_once(app, write)) == ["", "There is a mark SW-12 already. Give this one another."]
    future = mark("SW-13", TODAY + timedelta(days=1))
    assert "marked_on" in refused(smartwater.add_mark, future, owen)


def test_history_holds_neither_names_nor_places_nor_references_of_exhibits(reference: str, owen: Person):
    one = exhibit_id(reference, owen)
    evidence.hand_over(reference, one, handed(5), owen)
    mark_id(owen)
    evidence.add_read(reference, Read(TODAY, True, "S-1"), owen)
    smartwater.open_marks(owen)
    said = json.dumps(
        [[event.before, event.after, event.reason] for event in db.session.scalars(select(Event))]
    )
    for restricted in ("Oswald", "Stella", "Wilma", "Featherbed", "Top bag", "OB/1", "SW-12", "51.3"):
        assert restricted not in said


@pytest.mark.parametrize("name", ["Sunita", "Vic", "Carol", "Priya", "Nadia"])
def test_nobody_but_officers_writes_evidence_or_opens_the_marks(
    reference: str, owen: Person, cast: Cast, name: str
):
    one, person = exhibit_id(reference, owen), cast.person(name)
    for write in (
        lambda: evidence.add_exhibit(reference, found("OB/2"), person),
        lambda: evidence.hand_over(reference, one, handed(5), person),
        lambda: evidence.add_read(reference, Read(TODAY, True), person),
        lambda: evidence.add_result(reference, 1, Result("S", "4471"), person),
        lambda: smartwater.add_mark(mark(), person),
        lambda: smartwater.open_marks(person),
    ):
        with pytest.raises(NotFound):
            write()
