"""The demo's year goes through the same services as real reports, and shows something wherever there is a list."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests.builders import record_behind, submit
from tests.cast import Cast
from tests.conftest import NOON
from webapp.extensions import clock, db
from webapp.models.account import User
from webapp.models.action import Action, ActionUpdate
from webapp.models.enforcement import EnforcementStep
from webapp.models.eva import Eva, EvaTransect
from webapp.models.feedback import Satisfaction
from webapp.models.notice import Notice
from webapp.models.observation import Observation
from webapp.models.record import Record
from webapp.models.request import Request
from webapp.rules.periods import year
from webapp.rules.roles import Person
from webapp.services import (
    demo,
    demo_audits,
    demo_reporters,
    demo_speed,
    editing,
    lifecycle,
    pact_areas,
    programme,
    reporter_figures,
    speed_letters,
    telling,
    wards,
)
from webapp.services.lifecycle import Given

pytestmark = pytest.mark.usefixtures("in_app", "noon")


def test_a_year_has_something_for_every_list_and_is_made_once():
    assert {name for person in demo.make_people() for name in person.roles} >= {
        "officer",
        "partner",
        "warden",
    }
    assert (demo.make_year(), demo.make_year()) == (
        demo.RECORDS + len(demo_audits.WALKS) + demo_speed.SESSIONS,
        0,
    )
    found = reporter_figures.of_period(year(2026)).together
    assert 0 < found.told <= found.contactable and found.no_contact and found.asked
    assert 0 < found.answered == found.asked_answered
    states = set(db.session.scalars(select(Record.status)))
    assert {"closed", "cleared", "clearance_ordered"} <= states
    assert db.session.scalar(select(func.count()).select_from(EnforcementStep))
    assert {"held", "checked", "handed_over"} <= states
    assert speed_letters.answered(year(2026)).letters
    owen = db.session.scalars(select(User).where(User.email == "owen@demo.example")).one()
    calls = telling.to_tell(Person(owen.id, owen.role_names))
    assert calls and all((call.report.phone or "").startswith("01632 960") for call in calls)


def test_its_audits_show_each_way_in_which_a_priority_ward_can_stand_and_are_made_once(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(demo, "RECORDS", 0)
    monkeypatch.setattr(demo_speed, "SESSIONS", 0)
    demo.make_people()
    assert (demo.make_year(), demo.make_year()) == (6, 0)
    this, last = programme.of_year(year(2026)), programme.of_year(year(2025))
    assert len(this.priority) == 5 and not this.others
    passes, below, none = sorted(this.done, key=lambda audit: (-audit.plan.done, -audit.plan.lines))
    assert (passes.passes, below.plan.passes, none.plan.passes) == (True, False, None)
    assert (passes.eva.status, passes.eva.published_at is None) == ("finished", False)
    assert (none.eva.held_on, none.eva.status) == (date(2026, 11, 21), "walked")
    (to_come,) = [audit for ward in this.missing for audit in ward.to_come]
    assert to_come.eva.held_on == date(2026, 11, 29)
    assert sorted(audit.passes for audit in last.done) == [False, True]
    assert all(8 <= audit.observations <= 14 for audit in (*this.done, *last.done))
    (area,) = pact_areas.listed()
    assert passes.eva in pact_areas.shown_audits(area)
    asked = db.session.scalars(select(Request).order_by(Request.status)).all()
    assert [(one.kind, one.status) for one in asked] == [
        ("operation", "open"),
        ("speed_watch_site", "taken_up"),
    ]


def test_its_observations_lie_in_the_ward_of_their_walk_and_its_lines_say_what_became_of_them():
    demo.make_people()
    demo_audits.make(*(person_of(f"{name}@demo.example") for name in ("sunita", "owen")))
    rows = db.session.execute(select(Observation, Eva).join(Eva, Eva.id == Observation.eva_id)).all()
    assert rows and all(seen.ward_code == eva.ward_code for seen, eva in rows)
    assert len(set(db.session.scalars(select(EvaTransect.eva_id)))) == 2
    lines = db.session.scalars(select(Action)).all()
    steps = db.session.scalars(select(ActionUpdate).order_by(ActionUpdate.id)).all()
    last = {step.action_id: (step.after or {}).get("status") for step in steps}
    assert lines and all(last[line.id] == line.status for line in lines)
    checked = [line for line in lines if line.status == "verified"]
    assert all(line.verified_by_id != line.completed_by_id for line in checked)
    days = [(line.agreed_on, line.completed_on, line.verified_on) for line in checked]
    assert all(agreed <= done <= seen <= date(2026, 11, 22) for agreed, done, seen in days)
    assert not db.session.scalars(select(Notice).where(Notice.state == "owed")).all()


def test_its_audits_and_observations_can_be_changed_at_a_desk_as_any():
    demo.make_people()
    sunita, owen = (person_of(f"{name}@demo.example") for name in ("sunita", "owen"))
    demo_audits.make(sunita, owen)
    made = [*db.session.scalars(select(Eva.id)), *db.session.scalars(select(Observation.id))]
    assert len(made) > 50
    for capture_id in made:
        form, _ = editing.filled(capture_id, owen)
        form.validate()
        assert form.error_list() == [], capture_id
    seen = db.session.scalars(select(Observation)).first()
    form, _ = editing.filled(seen.id, owen)
    assert (form.category.data, form.place_text.data) == (seen.category, seen.place_text)


def test_audits_of_a_demo_leave_priority_wards_and_areas_that_are_there(owen: Person):
    demo.make_people()
    wards.set_priority("E05005020", True, owen)
    pact_areas.add(pact_areas.Given("Hextable", "", ("E05005020",), ()), owen)
    demo_audits.make(*(person_of(f"{name}@demo.example") for name in ("sunita", "owen")))
    assert wards.priority_codes() == {"E05005020"}
    assert [area.name for area in pact_areas.listed()] == ["Hextable"]


@pytest.mark.parametrize(
    "day", [datetime(2026, 4, 1, 0, 30, tzinfo=UTC), datetime(2027, 3, 31, 20, tzinfo=UTC)]
)
def test_audits_can_be_made_on_the_first_and_the_last_day_of_a_plan_year(day: datetime):
    demo.make_people()
    with clock.standing_at(day):
        assert demo_audits.make(*(person_of(f"{name}@demo.example") for name in ("sunita", "owen"))) == 6


def person_of(email: str) -> Person:
    user = db.session.scalars(select(User).where(User.email == email)).one()
    return Person(user.id, user.role_names, user.agency)


def test_what_others_reported_before_is_told_by_nobody_but_us(cast: Cast):
    with clock.standing_at(NOON - timedelta(days=30)):
        token = submit(reporter={"email": "rosa@example.org", "wants_news": True}).token
        lifecycle.move(record_behind(token).reference, "not_found", Given(reason="Gone"), cast.person("Owen"))
    demo_reporters.hear([uuid4()], NOON)
    demo_reporters.answer([uuid4()], NOON)
    assert {notice.state for notice in db.session.scalars(select(Notice))} == {"owed"}
    assert db.session.scalars(select(Satisfaction)).all() == []
