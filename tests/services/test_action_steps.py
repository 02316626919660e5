"""Steps of a plan's line: who takes which, what each needs, what it clears, and that a double tap is one."""

import io
from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask

from tests import pictures
from tests.at_once import at_once
from tests.cast import Cast
from tests.phone import Shot
from tests.planning import IN_A_WEEK, REFERENCE, a_line, in_state, line_of, take, walked
from webapp.extensions import clock, db
from webapp.forms.photos import look_at
from webapp.models.action import ActionUpdate
from webapp.models.eva import Eva
from webapp.models.photo import Photo
from webapp.rules import actions as rules
from webapp.rules.codes.actions import STATUSES
from webapp.rules.errors import NotFound, Refused, Stale
from webapp.rules.roles import Person
from webapp.services import action_log, action_steps, actions, lines, photos
from webapp.services.action_steps import Given

pytestmark = pytest.mark.usefixtures("noon")
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def context(app: Flask, cast: Cast) -> Iterator[None]:
    walked(cast.client("Sunita"), {"category": "vegetation", "grade": None, "severity": "2"}, shots=[Shot()])
    with app.app_context():
        yield


@pytest.fixture
def owen(cast: Cast) -> Person:
    return cast.person("Owen")


@pytest.fixture
def priya(cast: Cast) -> Person:
    return cast.person("Priya")


def refused(action_id: int, name: str, person: Person, **given: object) -> dict[str, str]:
    with pytest.raises(Refused) as problem:
        take(action_id, name, person, **given)
    return problem.value.errors


def kept(capture_id: UUID, person: Person) -> None:
    picture = pictures.jpeg()
    action_log.keep_photos(capture_id, [look_at(io.BytesIO(picture), "after.jpg")], person)


def test_an_owner_agrees_begins_completes_and_somebody_else_checks(owen: Person, priya: Person, cast: Cast):
    action_id = a_line(owen)
    for name in ("agree", "begin", "complete"):
        take(action_id, name, priya)
    line = line_of(action_id)
    assert (line.status, line.agreed_on, line.completed_on, line.completed_by_id) == (
        "completed",
        TODAY,
        TODAY,
        priya.id,
    )
    sunita = cast.person("Sunita")
    take(action_id, "verify", sunita)
    line = line_of(action_id)
    assert (line.status, line.verified_on, line.verified_by_id) == ("verified", TODAY, sunita.id)
    assert [update.step for update, _ in lines.since(db.session, action_id, 0)] == [
        "propose",
        "agree",
        "begin",
        "complete",
        "verify",
    ]


def test_nobody_agrees_for_an_owner_that_there_is_not(owen: Person):
    action_id = a_line(owen, owner_agency=None)
    assert refused(action_id, "agree", owen) == {"step": action_steps.NO_OWNER}


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (None, action_steps.NO_DAY),
        (date(2026, 11, 23), action_steps.NOT_YET),
        (date(2026, 11, 19), action_steps.BEFORE_AGREED),
    ],
)
def test_it_is_done_on_a_day_that_has_come_and_not_before_it_was_agreed(
    owen: Person, day: date | None, sentence: str
):
    action_id = a_line(owen)
    take(action_id, "agree", owen, day=date(2026, 11, 20))
    assert refused(action_id, "complete", owen, day=day) == {"day": sentence}
    assert take(action_id, "complete", owen, day=date(2026, 11, 20)).status == "completed"


def test_nobody_agrees_on_a_day_that_has_not_come(owen: Person):
    assert refused(a_line(owen), "agree", owen, day=date(2026, 11, 23)) == {"day": action_steps.NOT_YET}


def test_neither_the_owner_nor_whoever_said_so_checks(owen: Person, cast: Cast):
    own = in_state(owen, "completed", owen)
    line = line_of(own)
    line.owner_agency = "csu"
    db.session.commit()
    ada = cast.person("Ada")
    assert refused(own, "verify", owen) == {"step": action_steps.BY_THE_OWNER}
    theirs = a_line(owen)
    take(theirs, "agree", ada)
    take(theirs, "complete", ada)
    assert refused(theirs, "verify", ada) == {"step": action_steps.BY_THE_OWNER}
    assert refused(theirs, "send_back", ada) == {"step": action_steps.BY_THE_OWNER}
    assert take(theirs, "verify", owen).status == "verified"


@pytest.mark.parametrize(
    ("status", "name"), [("agreed", "refuse"), ("agreed", "withdraw"), ("completed", "send_back")]
)
def test_what_takes_something_back_wants_a_reason(owen: Person, cast: Cast, status: str, name: str):
    action_id, ada = in_state(owen, status, owen), cast.person("Ada")
    assert refused(action_id, name, ada, words=" ") == {"words": action_steps.NO_REASON}


def test_a_line_is_passed_to_a_plan_that_is_named(owen: Person):
    action_id = a_line(owen)
    assert refused(action_id, "transfer", owen, passed_to="") == {"passed_to": action_steps.NO_PLAN}
    assert take(action_id, "transfer", owen).passed_to == "EVA-2026-00002"


@pytest.mark.parametrize("status", ["completed", "verified"])
def test_what_was_not_done_after_all_loses_its_days(owen: Person, cast: Cast, status: str):
    ada = cast.person("Ada")
    action_id = in_state(owen, status, ada)
    line = line_of(action_id)
    line.fed_back_on = TODAY
    db.session.commit()
    line = take(action_id, "send_back", ada)
    assert (line.status, line.agreed_on) == ("in_progress", TODAY)
    assert (line.completed_on, line.completed_by_id, line.verified_on, line.fed_back_on) == (None,) * 4


@pytest.mark.parametrize("status", ["not_feasible", "withdrawn", "transferred"])
def test_what_is_proposed_again_has_to_be_agreed_again(owen: Person, cast: Cast, status: str):
    line = take(in_state(owen, status, cast.person("Ada")), "reopen", owen)
    assert (line.status, line.agreed_on, line.reason, line.passed_to) == ("proposed", None, "", "")


@pytest.mark.parametrize("status", STATUSES.values)
def test_a_step_that_the_table_does_not_have_is_told(owen: Person, cast: Cast, status: str):
    ada = cast.person("Ada")
    action_id = in_state(owen, status, ada)
    for step in rules.STEPS:
        if status not in step.before:
            assert "step" in refused(action_id, step.name, ada)


def test_a_partner_works_on_their_own_lines_only(owen: Person, priya: Person):
    other = a_line(owen, owner_agency="kent_police")
    for act in (
        lambda: lines.find(other, priya),
        lambda: take(other, "agree", priya),
        lambda: action_steps.note(other, Given(uuid4(), words="Mine?"), priya),
    ):
        with pytest.raises(NotFound):
            act()
    own = a_line(owen)
    for name in ("verify", "withdraw", "transfer", "reopen", "send_back", "fly"):
        with pytest.raises(NotFound):
            take(own, name, priya)
    assert take(own, "refuse", priya, words="It is not our hedge").reason == "It is not our hedge"


def test_a_partner_without_an_agency_sees_no_line_that_has_no_owner(owen: Person):
    nobody = Person(id=owen.id, roles=("partner",), agency=None)
    with pytest.raises(NotFound):
        lines.find(a_line(owen, owner_agency=None), nobody)


def test_the_second_of_two_is_told_that_the_line_changed(owen: Person, priya: Person):
    action_id = a_line(owen)
    seen = lines.newest(action_id)
    action_steps.note(action_id, Given(uuid4(), words="Rang them"), owen)
    take(action_id, "agree", priya, seen=seen)
    with pytest.raises(Stale):
        take(action_id, "withdraw", owen, seen=seen)
    assert line_of(action_id).status == "agreed"


def test_a_double_tap_takes_a_step_once(app: Flask, owen: Person):
    action_id, own = a_line(owen), uuid4()
    db.session.rollback()

    def tap() -> None:
        with clock.standing_at(clock.now()):
            take(action_id, "agree", owen, capture_id=own, seen=None)

    at_once(app, tap)
    assert db.session.query(ActionUpdate).filter_by(step="agree").count() == 1


def test_an_update_of_one_line_is_no_update_of_another(owen: Person):
    own = uuid4()
    take(a_line(owen), "agree", owen, capture_id=own)
    with pytest.raises(NotFound):
        take(a_line(owen), "agree", owen, capture_id=own)


def test_another_person_s_update_cannot_be_taken_over(owen: Person, priya: Person):
    own = uuid4()
    kept(own, priya)
    with pytest.raises(NotFound):
        take(a_line(owen), "agree", owen, capture_id=own)


def test_photos_of_a_refused_step_wait_and_belong_to_the_audit_once_it_is_taken(owen: Person, cast: Cast):
    action_id, own = in_state(owen, "agreed", owen), uuid4()
    kept(own, owen)
    assert refused(action_id, "complete", owen, capture_id=own, day=None)
    assert action_log.waiting_photos(own) == 1
    kept(own, owen)
    take(action_id, "complete", owen, capture_id=own)
    photo = db.session.query(Photo).filter_by(capture_id=own).one()
    assert (photo.record_id, photo.report_id, photo.role) == (line_of(action_id).eva_id, None, "after")
    assert lines.everything(line_of(action_id)).after == [photo]
    kept(own, owen)
    assert db.session.query(Photo).filter_by(capture_id=own).count() == 1


def test_a_note_says_something_and_changes_no_state(owen: Person, cast: Cast):
    action_id, sunita, own = a_line(owen), cast.person("Sunita"), uuid4()
    with pytest.raises(Refused):
        action_steps.note(action_id, Given(uuid4(), words="  "), sunita)
    kept(own, sunita)
    action_steps.note(action_id, Given(own), sunita)
    assert line_of(action_id).status == "proposed"
    assert db.session.query(ActionUpdate).filter_by(step="note").count() == 1


def test_the_owner_of_a_line_sees_its_photos_and_no_others(owen: Person, priya: Person, cast: Cast):
    before = db.session.query(Photo).one()
    with pytest.raises(NotFound):
        photos.find(before.id, priya)
    action_id = a_line(owen, observations=[before.capture_id])
    assert photos.find(before.id, priya).id == before.id
    with pytest.raises(NotFound):
        photos.open_original(before.id, priya)
    own = uuid4()
    kept(own, owen)
    after = db.session.query(Photo).filter_by(capture_id=own).one().id
    with pytest.raises(NotFound):
        photos.find(after, priya)
    action_steps.note(action_id, Given(own), owen)
    assert photos.find(after, priya).id == after
    for nobody in ("Vic", "Carol", "Nadia"):
        with pytest.raises(NotFound):
            photos.find(after, cast.person(nobody))
    photos.hide(before.id, owen)
    with pytest.raises(NotFound):
        photos.find(before.id, priya)
    given = actions.planned(line_of(action_id), [])
    moved = actions.Planned(given.text, "kent_police", IN_A_WEEK)
    actions.edit(action_id, moved, None, owen, uuid4())
    with pytest.raises(NotFound):
        photos.find(after, priya)


def test_the_plan_belongs_to_the_audit_of_its_reference(owen: Person):
    action_id = a_line(owen)
    eva = db.session.query(Eva).one()
    assert (lines.everything(line_of(action_id)).eva.id, eva.reference) == (eva.id, REFERENCE)
