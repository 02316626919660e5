"""Lines of an audit's plan: what they propose, what their owner agreed to, and how far a plan is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask

from tests.cast import Cast
from tests.planning import IN_A_WEEK, REFERENCE, a_line, in_state, line_of, take, walked
from webapp.extensions import clock, db
from webapp.models.action import Action, ActionObservation, ActionUpdate
from webapp.rules.codes.actions import TASKS, UPDATES
from webapp.rules.codes.observation import CATEGORIES
from webapp.rules.errors import NotFound, Refused, Stale
from webapp.rules.roles import Person
from webapp.services import actions, audits, lines
from webapp.services.actions import Planned

pytestmark = pytest.mark.usefixtures("noon")
GRAFFITI = {"category": "graffiti", "place_text": "garage wall"}
LIGHT = {"category": "street_light", "grade": None, "severity": "2", "place_text": "Footpath"}
NEEDLES = {"category": "drug_litter", "grade": None, "severity": "4", "place_text": "Stairs"}


@pytest.fixture
def seen(cast: Cast) -> list[UUID]:
    """Two walls with graffiti, a light that is out, and something good."""
    good = {"category": "positive", "grade": None}
    return walked(cast.client("Sunita"), GRAFFITI, {**GRAFFITI, "place_text": "bus stop"}, LIGHT, good)


@pytest.fixture
def owen(cast: Cast) -> Person:
    return cast.person("Owen")


@pytest.fixture(autouse=True)
def context(app: Flask, seen: list[UUID]) -> Iterator[None]:
    with app.app_context():
        yield


def planned(**changes: object) -> Planned:
    return Planned(**{"text": "Do it", "owner_agency": "csu", "by_when": IN_A_WEEK, **changes})  # type: ignore[arg-type]


def log_of(action_id: int) -> list[str]:
    return [update.step for update, _ in lines.since(db.session, action_id, 0)]


def all_lines() -> list[Action]:
    return db.session.query(Action).order_by(Action.number).all()


def test_every_category_that_asks_for_something_says_what_is_to_be_done():
    assert set(TASKS) == set(CATEGORIES.values) - {"positive"}


def test_a_partnership_s_own_days_propose_the_date(app: Flask, seen: list[UUID], owen: Person):
    app.config["ACTION_DAYS"] = "graffiti=1 street_light=9"
    made = actions.make_of(REFERENCE, seen[:3], owen, each=True)
    days = {line.text: line.by_when.isoformat() for line in made}
    assert days["Remove graffiti, garage wall"] == "2026-11-23"
    assert days["Repair the street light, Footpath"] == "2026-12-01"


def test_a_line_for_each_is_proposed_with_its_owner_words_and_day(seen: list[UUID], owen: Person):
    made = actions.make_of(REFERENCE, seen[:3], owen, each=True)
    assert [(line.number, line.text, line.owner_agency, line.by_when) for line in made] == [
        (1, "Remove graffiti, garage wall", "sdc_direct_services", date(2026, 11, 25)),
        (2, "Remove graffiti, bus stop", "sdc_direct_services", date(2026, 11, 25)),
        (3, "Repair the street light, Footpath", "kcc_highways", date(2026, 12, 20)),
    ]
    assert {line.status for line in made} == {"proposed"}


def test_one_line_answers_several_and_names_an_owner_only_where_all_have_the_same(
    seen: list[UUID], owen: Person
):
    (line,) = actions.make_of(REFERENCE, seen[:3], owen, each=False)
    assert line.text == "Remove graffiti, garage wall; bus stop. Repair the street light, Footpath"
    assert (line.owner_agency, line.by_when) == (None, date(2026, 11, 25))
    linked = db.session.query(ActionObservation.observation_id).filter_by(action_id=line.id)
    assert {one for (one,) in linked} == set(seen[:3])


def test_what_has_a_line_gets_no_second_one_by_a_second_tap(seen: list[UUID], owen: Person):
    first = actions.make_of(REFERENCE, seen[:2], owen, each=False)
    assert [one.id for one in actions.make_of(REFERENCE, seen[:2], owen, each=False)] == [first[0].id]
    actions.make_of(REFERENCE, seen[:3], owen, each=True)
    assert [line.text for line in all_lines()][1:] == ["Repair the street light, Footpath"]


def test_nothing_ticked_and_what_is_not_of_this_walk_is_told(seen: list[UUID], owen: Person):
    for ids, sentence in (([], actions.NOTHING_TICKED), ([seen[0], uuid4()], actions.NOT_OF_THIS_WALK)):
        with pytest.raises(Refused, match=sentence[:30]):
            actions.make_of(REFERENCE, ids, owen, each=True)
    assert all_lines() == []


def test_an_urgent_line_is_due_today(cast: Cast, owen: Person):
    (needles,) = walked(cast.client("Sunita"), NEEDLES)
    assert actions.proposed(
        [db.session.get_one(actions.Observation, needles)], date(2026, 11, 22)
    ).by_when == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "  "}, "text"),
        ({"owner_agency": "the_milkman"}, "owner_agency"),
        ({"by_when": None}, "by_when"),
        ({"by_when": date(2026, 11, 21)}, "by_when"),
        ({"priority": "huge"}, "priority"),
        ({"observations": (uuid4(),)}, "observations"),
    ],
)
def test_what_a_line_lacks_is_told_by_field(changes: dict[str, object], field: str, owen: Person):
    with pytest.raises(Refused) as refused:
        actions.add(REFERENCE, planned(**changes), owen, uuid4())
    assert list(refused.value.errors) == [field]
    assert all_lines() == []


def test_the_same_page_sent_twice_adds_a_line_once_and_numbers_go_on(owen: Person):
    own = uuid4()
    first = actions.add(REFERENCE, planned(), owen, own)
    assert actions.add(REFERENCE, planned(), owen, own).id == first.id
    assert actions.add(REFERENCE, planned(), owen, uuid4()).number == 2
    assert log_of(first.id) == ["propose"]


@pytest.mark.parametrize("name", ["Sunita", "Priya", "Nadia"])
def test_only_officers_write_a_plan(cast: Cast, owen: Person, name: str):
    action_id, person = a_line(owen), cast.person(name)
    for write in (
        lambda: actions.add(REFERENCE, planned(), person, uuid4()),
        lambda: actions.make_of(REFERENCE, [uuid4()], person, each=True),
        lambda: actions.edit(action_id, planned(), None, person, uuid4()),
    ):
        with pytest.raises(NotFound):
            write()


@pytest.mark.parametrize(
    "changed",
    [
        {"owner_agency": "kcc_highways"},
        {"owner_agency": None},
        {"by_when": date(2026, 12, 1)},
        {"text": "Rebuild the wall"},
    ],
)
@pytest.mark.parametrize("status", ["agreed", "in_progress"])
def test_other_words_another_owner_none_or_another_day_has_to_be_agreed_again(
    owen: Person, status: str, changed: dict[str, object]
):
    action_id = actions.add(REFERENCE, planned(), owen, uuid4()).id
    take(action_id, "agree", owen)
    if status == "in_progress":
        take(action_id, "begin", owen)
    actions.edit(action_id, planned(**changed), None, owen, uuid4())
    line = line_of(action_id)
    assert (line.status, line.agreed_on) == ("proposed", None)
    assert log_of(action_id)[-1] == "edit"
    newest = db.session.query(ActionUpdate).order_by(ActionUpdate.id.desc()).first()
    assert newest.after["status"] == "proposed"


def test_who_pays_leaves_it_agreed_and_an_overdue_day_that_stays_is_no_mistake(owen: Person):
    action_id = actions.add(REFERENCE, planned(), owen, uuid4()).id
    take(action_id, "agree", owen)
    line = line_of(action_id)
    line.by_when = date(2026, 11, 1)
    db.session.commit()
    actions.edit(action_id, planned(funding="Our own", by_when=date(2026, 11, 1)), None, owen, uuid4())
    assert (line_of(action_id).status, line_of(action_id).funding) == ("agreed", "Our own")


def test_the_log_keeps_what_a_change_took_from_a_line(seen: list[UUID], owen: Person):
    action_id = a_line(owen, owner_role="The steward", observations=seen[:2])
    actions.edit(action_id, planned(text="Fell the hedge", observations=seen[1:2]), None, owen, uuid4())
    (changed,) = db.session.query(ActionUpdate).filter_by(step="edit")
    assert changed.after == {
        "owner_agency": "csu",
        "was": {"text": "Cut back the hedge", "owner_role": "The steward", "observations": [1, 2]},
    }
    actions.edit(action_id, actions.planned(line_of(action_id), []), None, owen, uuid4())
    assert db.session.query(ActionUpdate).order_by(ActionUpdate.id.desc()).first().after == {
        "was": {"observations": [2]}
    }


def test_a_line_goes_on_answering_what_was_taken_back_whatever_is_ticked(seen: list[UUID], owen: Person):
    action_id = a_line(owen, observations=seen[:2])
    db.session.get_one(actions.Observation, seen[0]).removed_at = clock.now()
    db.session.commit()
    actions.edit(action_id, planned(observations=seen[2:3]), None, owen, uuid4())
    linked = db.session.query(ActionObservation.observation_id).filter_by(action_id=action_id)
    assert {one for (one,) in linked} == {seen[0], seen[2]}


def test_words_for_staff_alone_are_not_shown_to_residents_by_a_tick_that_is_taken_away(
    seen: list[UUID], owen: Person
):
    action_id = a_line(owen, observations=seen[:2])
    db.session.get_one(actions.Observation, seen[0]).category = "rough_sleeping"
    db.session.commit()
    given = planned(text=line_of(action_id).text, observations=seen[1:2])
    with pytest.raises(Refused, match="Write words for it that they may read"):
        actions.edit(action_id, given, None, owen, uuid4())
    actions.edit(action_id, replace(given, text="Tidy up"), None, owen, uuid4())
    assert line_of(action_id).text == "Tidy up"


def test_an_old_page_changes_nothing_and_a_note_makes_no_page_old(owen: Person):
    action_id = a_line(owen)
    seen = lines.newest(action_id)
    take(action_id, "agree", owen)
    with pytest.raises(Stale):
        actions.edit(action_id, planned(), seen, owen, uuid4())
    assert line_of(action_id).text == "Cut back the hedge"


def test_what_has_ended_is_not_changed(owen: Person, cast: Cast):
    action_id = in_state(owen, "completed", cast.person("Ada"))
    with pytest.raises(Refused, match="“completed” now"):
        actions.edit(action_id, planned(), None, owen, uuid4())


def plan_of(*statuses: str, owen: Person, checker: Person) -> audits.Completion:
    for status in statuses:
        in_state(owen, status, checker)
    return audits.everything(audits.find(REFERENCE, owen)).completion


def test_eight_of_ten_pass(owen: Person, cast: Cast):
    states = ["completed"] * 5 + ["verified"] * 3 + ["agreed", "proposed"]
    done = plan_of(*states, owen=owen, checker=cast.person("Ada"))
    assert (done.done, done.lines, done.verified, done.words, done.passes) == (8, 10, 3, "80.0%", True)


def test_39_of_49_are_79_5_per_cent_and_do_not_pass(owen: Person, cast: Cast):
    done = plan_of(*["completed"] * 39, *["agreed"] * 10, owen=owen, checker=cast.person("Ada"))
    assert (done.done, done.lines, done.words, done.passes) == (39, 49, "79.5%", False)


def test_what_is_not_feasible_or_passed_on_counts_and_what_was_withdrawn_does_not(owen: Person, cast: Cast):
    states = ("completed", "not_feasible", "transferred", "withdrawn")
    done = plan_of(*states, owen=owen, checker=cast.person("Ada"))
    assert (done.done, done.lines, done.words) == (1, 3, "33.3%")


@pytest.mark.parametrize("states", [(), ("withdrawn",)])
def test_without_a_line_that_counts_there_is_no_plan(owen: Person, cast: Cast, states: tuple[str, ...]):
    done = plan_of(*states, owen=owen, checker=cast.person("Ada"))
    assert (done.words, done.passes) == ("no plan", None)


def test_every_update_that_is_written_has_its_words():
    steps = {"propose", "edit", "note", "link"} | set(actions.rules.BY_NAME)
    assert set(UPDATES.values) == steps
