"""What officers note of an audit: the plan agreed, residents told, the next visit, called off, finished, open again."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from tests.cast import Cast
from tests.phone import Phone
from tests.planning import REFERENCE, a_line, in_state, line_of, walked
from tests.walking import walk
from webapp.extensions import db
from webapp.models.eva import Eva
from webapp.models.event import Event
from webapp.rules.errors import NotFound, Refused, Stale
from webapp.rules.roles import Person
from webapp.services import eva_moves, history
from webapp.services.eva_moves import Given

pytestmark = pytest.mark.usefixtures("noon")
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def context(app: Flask, cast: Cast) -> Iterator[None]:
    walked(cast.client("Sunita"), {"category": "graffiti"})
    with app.app_context():
        yield


@pytest.fixture
def owen(cast: Cast) -> Person:
    return cast.person("Owen")


def eva_of(reference: str = REFERENCE) -> Eva:
    db.session.expire_all()
    return db.session.query(Eva).filter_by(reference=reference).one()


def move(name: str, person: Person, reference: str = REFERENCE, **given: object) -> Eva:
    return eva_moves.move(reference, name, Given(**given), person)  # type: ignore[arg-type]


def refused(name: str, person: Person, reference: str = REFERENCE, **given: object) -> dict[str, str]:
    with pytest.raises(Refused) as problem:
        move(name, person, reference, **given)
    return problem.value.errors


def test_a_plan_is_agreed_once_it_has_a_line(owen: Person):
    assert refused("agree", owen, day=TODAY) == {"move": eva_moves.NO_LINES}
    a_line(owen)
    move("agree", owen, day=TODAY)
    assert (eva_of().status, eva_of().plan_agreed_on) == ("agreed", TODAY)
    noted = db.session.query(Event).filter_by(action="plan_agreed").one()
    assert (noted.before, noted.after) == ({"status": "walked"}, {"status": "agreed", "day": "2026-11-22"})


@pytest.mark.parametrize("name", ["agree", "tell"])
@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (None, eva_moves.NO_DAY),
        (date(2026, 11, 23), eva_moves.NOT_YET),
        (date(2026, 11, 21), eva_moves.BEFORE_THE_WALK),
    ],
)
def test_a_day_that_cannot_be_is_told(owen: Person, name: str, day: date | None, sentence: str):
    a_line(owen)
    assert refused(name, owen, day=day) == {"day": sentence}


def test_telling_residents_is_noted_on_what_they_were_told_of(owen: Person, cast: Cast):
    ada = cast.person("Ada")
    ids = {
        status: in_state(owen, status, ada) for status in ("completed", "verified", "not_feasible", "agreed")
    }
    earlier = line_of(ids["verified"])
    earlier.fed_back_on = date(2026, 11, 20)
    db.session.commit()
    move("tell", owen, day=TODAY)
    assert eva_of().fed_back_on == TODAY
    told = {status: line_of(action_id).fed_back_on for status, action_id in ids.items()}
    assert told == {"completed": TODAY, "verified": date(2026, 11, 20), "not_feasible": TODAY, "agreed": None}


def test_the_next_visit_is_on_a_day_to_come(owen: Person):
    assert refused("revisit", owen, day=date(2026, 11, 21)) == {"day": eva_moves.HAS_PASSED}
    move("revisit", owen, day=date(2027, 2, 1))
    assert eva_of().revisit_on == date(2027, 2, 1)


def test_an_audit_is_called_off_only_while_it_is_planned(owen: Person, cast: Cast):
    assert "move" in refused("call_off", owen, reason="Rain")
    walked(cast.client("Sunita"), began_at=None, ended_at=None)
    planned = "EVA-2026-00002"
    assert refused("call_off", owen, planned, reason=" ") == {"reason": eva_moves.NO_REASON}
    move("call_off", owen, planned, reason="Rain")
    assert (eva_of(planned).status, eva_of(planned).closed_at is None) == ("called_off", False)
    move("reopen", owen, planned, reason="The sun is out")
    assert (eva_of(planned).status, eva_of(planned).closed_at) == ("planned", None)


def test_what_is_finished_gets_no_new_line_and_is_opened_again_as_it_was(owen: Person):
    a_line(owen)
    move("agree", owen, day=TODAY)
    move("finish", owen)
    assert (eva_of().status, eva_of().closed_at is None) == ("finished", False)
    with pytest.raises(Refused, match="Open it again first"):
        a_line(owen)
    move("reopen", owen, reason="One more thing")
    assert (eva_of().status, eva_of().closed_at) == ("agreed", None)


def test_a_later_version_from_the_phone_keeps_what_was_agreed(owen: Person, cast: Cast):
    a_line(owen)
    move("agree", owen, day=TODAY)
    own = str(eva_of().id)
    later = {**walk(title="Later", ended_at="11:50"), "rev": 2, "base_rev": 1}
    assert Phone(cast.client("Sunita")).put(own, later).status_code == 200
    assert (eva_of().title, eva_of().status, eva_of().plan_agreed_on) == ("Later", "agreed", TODAY)


def test_an_old_page_notes_nothing(owen: Person):
    a_line(owen)
    seen = history.newest(eva_of())
    move("tell", owen, day=TODAY, seen=seen)
    with pytest.raises(Stale):
        move("agree", owen, day=TODAY, seen=seen)


@pytest.mark.parametrize("name", ["Sunita", "Priya", "Nadia"])
def test_only_officers_note_it(cast: Cast, name: str):
    with pytest.raises(NotFound):
        move("finish", cast.person(name))


def test_what_is_no_note_and_no_audit_is_not_found(owen: Person):
    for name, reference in (("fly", REFERENCE), ("finish", "EVA-2026-99999")):
        with pytest.raises(NotFound):
            move(name, owen, reference)
