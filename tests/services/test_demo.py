"""The demo's year goes through the same services as real reports, and shows something wherever there is a list."""

import pytest
from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models.account import User
from webapp.models.enforcement import EnforcementStep
from webapp.models.record import Record
from webapp.rules.periods import year
from webapp.rules.roles import Person
from webapp.services import demo, reporter_figures, telling

pytestmark = pytest.mark.usefixtures("in_app", "noon")


def test_a_year_has_something_for_every_list_and_is_made_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(demo, "RECORDS", 60)
    assert {name for person in demo.make_people() for name in person.roles} >= {
        "officer",
        "partner",
        "warden",
    }
    assert (demo.make_year(), demo.make_year()) == (60, 0)
    found = reporter_figures.of_period(year(2026)).together
    assert 0 < found.told <= found.contactable and found.no_contact and found.asked
    assert 0 < found.answered == found.asked_answered
    states = set(db.session.scalars(select(Record.status)))
    assert {"closed", "cleared", "clearance_ordered"} <= states
    assert db.session.scalar(select(func.count()).select_from(EnforcementStep))
    owen = db.session.scalars(select(User).where(User.email == "owen@demo.example")).one()
    assert all(
        (call.report.phone or "").startswith("01632 960")
        for call in telling.to_tell(Person(owen.id, owen.role_names))
    )
