"""Rows written straight through the driver are what the unit of work would have written, on both databases."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from flask import Flask

from tests.builders import submit
from tests.conftest import NOON
from webapp.extensions import db
from webapp.models.capture import Capture
from webapp.models.event import Event
from webapp.models.notice import Notice
from webapp.services.rows import Rows
from webapp.services.tracking import find_report
from webapp.services.transaction import one_commit


@pytest.fixture(autouse=True)
def context(app: Flask):
    with app.app_context():
        yield


def begun(capture_id: UUID, state: str = "staged", at: datetime = NOON) -> dict[str, object]:
    return {
        "id": capture_id,
        "kind": "fly_tipping",
        "secret_hash": "a hash",
        "state": state,
        "first_seen_at": at,
    }


def test_what_is_not_given_is_the_models_default_or_unknown() -> None:
    capture_id = uuid4()
    with one_commit() as session:
        Rows(session).write(Capture, **begun(capture_id))
    kept = db.session.get_one(Capture, capture_id)
    assert (kept.id, kept.first_seen_at, kept.rev) == (capture_id, NOON, 0)
    assert (kept.owner_id, kept.removed_at) == (None, None)


def test_structured_values_come_back_as_they_were() -> None:
    with one_commit() as session:
        Rows(session).write(Event, at=NOON, action="priority_ward", after={"ward": "E05005029"})
    event = db.session.query(Event).one()
    assert (event.before, event.after) == (None, {"ward": "E05005029"})


def test_a_key_that_is_there_stays_as_it_was() -> None:
    capture_id = uuid4()
    with one_commit() as session:
        rows = Rows(session)
        assert rows.write_unless_there(Capture, **begun(capture_id, "staged"))
        assert not rows.write_unless_there(Capture, **begun(capture_id, "kept"))
    assert db.session.get_one(Capture, capture_id).state == "staged"


def test_a_unique_value_that_is_there_stays_as_it_was() -> None:
    report = find_report(submit().token)
    notice = {"report_id": report.id, "purpose": "acknowledgement", "state": "owed"}
    moments = {"created_at": NOON, "due_at": NOON}
    with one_commit() as session:
        rows = Rows(session)
        assert rows.write_unless_there(Notice, id=uuid4(), **notice, **moments, mailbox_key="one")
        assert not rows.write_unless_there(Notice, id=uuid4(), **notice, **moments, mailbox_key="one")
        assert rows.write_unless_there(Notice, id=uuid4(), **notice, **moments, mailbox_key="two")
    assert db.session.query(Notice).count() == 2


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), one_commit() as session:
        Rows(session).write(Capture, **begun(uuid4(), at=NOON.replace(tzinfo=None)))
    assert db.session.query(Capture).count() == 0


def test_rows_are_undone_with_their_commit() -> None:
    def break_off() -> None:
        with one_commit() as session:
            Rows(session).write(Capture, **begun(uuid4()))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert db.session.query(Capture).count() == 0
