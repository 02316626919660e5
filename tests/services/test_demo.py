"""The demo's year goes through the same services as real reports, and shows something wherever there is a list."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests.builders import record_behind, submit
from tests.cast import Cast
from tests.conftest import NOON
from webapp.extensions import clock, db
from webapp.models.account import User
from webapp.models.enforcement import EnforcementStep
from webapp.models.feedback import Satisfaction
from webapp.models.notice import Notice
from webapp.models.record import Record
from webapp.rules.periods import year
from webapp.rules.roles import Person
from webapp.services import demo, demo_reporters, lifecycle, reporter_figures, telling
from webapp.services.lifecycle import Given

pytestmark = pytest.mark.usefixtures("in_app", "noon")


def test_a_year_has_something_for_every_list_and_is_made_once():
    assert {name for person in demo.make_people() for name in person.roles} >= {
        "officer",
        "partner",
        "warden",
    }
    assert (demo.make_year(), demo.make_year()) == (demo.RECORDS, 0)
    found = reporter_figures.of_period(year(2026)).together
    assert 0 < found.told <= found.contactable and found.no_contact and found.asked
    assert 0 < found.answered == found.asked_answered
    states = set(db.session.scalars(select(Record.status)))
    assert {"closed", "cleared", "clearance_ordered"} <= states
    assert db.session.scalar(select(func.count()).select_from(EnforcementStep))
    owen = db.session.scalars(select(User).where(User.email == "owen@demo.example")).one()
    calls = telling.to_tell(Person(owen.id, owen.role_names))
    assert calls and all((call.report.phone or "").startswith("01632 960") for call in calls)


def test_what_others_reported_before_is_told_by_nobody_but_us(cast: Cast):
    with clock.standing_at(NOON - timedelta(days=30)):
        token = submit(reporter={"email": "rosa@example.org", "wants_news": True}).token
        lifecycle.move(record_behind(token).reference, "not_found", Given(reason="Gone"), cast.person("Owen"))
    demo_reporters.hear([uuid4()], NOON)
    demo_reporters.answer([uuid4()], NOON)
    assert {notice.state for notice in db.session.scalars(select(Notice))} == {"owed"}
    assert db.session.scalars(select(Satisfaction)).all() == []
