"""Captures that wait: a child for its parent, and one whose sender's role has gone for an officer. Nothing is lost."""

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from tests.cast import Cast
from tests.conftest import NOON
from tests.phone import Shot, capture
from webapp.extensions import clock, db
from webapp.forms import envelope
from webapp.models.capture import Capture, CaptureRevision
from webapp.models.event import Event
from webapp.models.photo import Photo
from webapp.models.record import Record
from webapp.rules.errors import Clash, Gone, NotFound, Refused
from webapp.rules.roles import ANYBODY, Permission, Person
from webapp.services import arrivals, captures, kinds, photo_work, reading, receipts, waiting

SECRET = "a secret that the phone made"


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def kind_with(monkeypatch: pytest.MonkeyPatch):
    """Let fly-tipping be a kind with other rules: `kind_with(permission=…)`."""

    def change(**rules: object) -> None:
        monkeypatch.setattr(kinds, "KINDS", (dataclasses.replace(kinds.KINDS[0], **rules),))

    return change


def send(capture_id: UUID, person: Person = ANYBODY, **changes: object) -> captures.Receipt:
    content = capture(**changes)
    sent = envelope.shaped(envelope.CaptureEnvelope, content)
    return captures.submit(reading.read(capture_id, SECRET, sent, content, person), person)


def records() -> int:
    return db.session.query(Record).count()


def test_a_child_that_comes_before_its_parent_waits_and_becomes_a_record_after_it(kind_with) -> None:
    kind_with(parent="fly_tipping")
    parent, child = uuid4(), uuid4()
    assert send(child, parent=str(parent)).reference is None
    assert send(child, parent=str(parent)).is_new is False
    assert (records(), waiting.settle_children()) == (0, False)
    assert send(parent).reference
    assert receipts.of(child, SECRET, ANYBODY).state == "parent"
    assert waiting.settle_children() is True
    assert receipts.of(child, SECRET, ANYBODY).state == "kept"
    assert (records(), waiting.settle_children()) == (2, False)


def test_a_grandchild_settles_once_its_parent_has(kind_with) -> None:
    kind_with(parent="fly_tipping")
    top, middle, last = uuid4(), uuid4(), uuid4()
    send(last, parent=str(middle))
    send(middle, parent=str(top))
    send(top)
    while waiting.settle_children():
        pass
    assert records() == 3


def test_a_child_that_cannot_be_read_holds_up_no_other_and_an_officer_sees_it(kind_with, cast: Cast) -> None:
    details = kinds.KINDS[0].details

    def refuse_some(answers: Mapping[str, Any], *more: Any) -> dict[str, Any]:
        if answers["description"] == "From a form that nobody reads now":
            raise Refused({"description": "This cannot be read any more."})
        return details(answers, *more)

    kind_with(parent="fly_tipping")
    parent, bad, good = str(uuid4()), uuid4(), uuid4()
    send(bad, parent=parent, answers={"description": "From a form that nobody reads now"})
    send(good, parent=parent)
    send(UUID(parent))
    kind_with(parent="fly_tipping", details=refuse_some)
    assert (waiting.settle_children(), waiting.settle_children()) == (True, False)
    owen = cast.person("Owen")
    assert receipts.of(good, SECRET, ANYBODY).state == "kept"
    assert [one.id for one in waiting.for_officer(owen)] == [bad]
    with pytest.raises(Refused):
        waiting.accept(bad, owen)
    assert receipts.of(bad, SECRET, ANYBODY).state == "officer"


def test_a_capture_that_waits_takes_its_next_version_and_keeps_a_clash_beside_it(kind_with) -> None:
    kind_with(parent="fly_tipping")
    parent, child = str(uuid4()), uuid4()
    send(child, parent=parent)
    send(child, parent=parent, rev=2, base_rev=1, answers={"description": "Better words"})
    with pytest.raises(Clash):
        send(child, parent=parent, rev=2, answers={"description": "From the desk"})
    send(UUID(parent))
    waiting.settle_children()
    assert db.session.get(Record, child).description == "Better words"


def test_a_capture_whose_sender_s_role_has_gone_is_kept_for_an_officer(kind_with, cast: Cast) -> None:
    kind_with(permission=Permission.CLEAR)
    nadia, owen, own = cast.person("Nadia"), cast.person("Owen"), uuid4()
    assert send(own, nadia).reference is None
    assert receipts.of(own, "", nadia).state == "officer"
    assert [one.id for one in waiting.for_officer(owen)] == [own]
    waiting.accept(own, owen)
    record = db.session.query(Record).one()
    assert (record.id, record.created_by_id) == (own, nadia.id)
    assert db.session.query(Event).filter_by(action="accepted").one().by_id == owen.id
    assert receipts.of(own, "", nadia).state == "kept"
    assert waiting.for_officer(owen) == []


def test_an_officer_may_set_it_aside_with_a_reason_and_the_ledger_keeps_it(kind_with, cast: Cast) -> None:
    kind_with(permission=Permission.CLEAR)
    nadia, owen, own = cast.person("Nadia"), cast.person("Owen"), uuid4()
    send(own, nadia)
    waiting.set_aside(own, "It was a test of the phone.", owen)
    assert records() == 0
    assert db.session.query(CaptureRevision).one().payload
    with pytest.raises(Gone):
        send(own, nadia)
    line = db.session.query(Event).one()
    assert (line.action, line.reason) == ("capture_set_aside", "It was a test of the phone.")


@pytest.mark.parametrize("name", ["Sunita", "Priya", "Vic", "Nadia"])
def test_only_who_may_rescue_decides(kind_with, cast: Cast, name: str) -> None:
    kind_with(permission=Permission.MANAGE_PEOPLE)
    somebody, own = cast.person(name), uuid4()
    send(own, cast.person("Nadia"))
    assert waiting.for_officer(somebody) == []
    for decide in (lambda: waiting.accept(own, somebody), lambda: waiting.set_aside(own, "No", somebody)):
        with pytest.raises(NotFound):
            decide()
    assert db.session.get(Capture, own).waits_for == "officer"


def bring(capture_id: UUID, shot: Shot, person: Person = ANYBODY) -> None:
    file = BytesIO(shot.content)
    arrivals.take(capture_id, UUID(shot.id), SECRET, person, file, shot.promise()["sha256"])


def test_what_waits_is_not_swept_away_with_forms_that_were_never_completed(kind_with, cast: Cast) -> None:
    kind_with(permission=Permission.CLEAR)
    nadia, own, shot = cast.person("Nadia"), uuid4(), Shot()
    with clock.standing_at(NOON):
        send(own, nadia, photos=[shot.promise()])
        bring(own, shot, nadia)
    with clock.standing_at(NOON + timedelta(days=30)):
        photo_work.drop_stale()
    assert (db.session.query(Capture).count(), db.session.query(Photo).count()) == (1, 1)


def test_every_photo_of_what_waited_is_the_record_s_whatever_it_shows(kind_with) -> None:
    kind_with(parent="fly_tipping")
    parent, child, shots = uuid4(), uuid4(), [Shot(), Shot(role="context")]
    send(child, parent=str(parent), photos=[shot.promise() for shot in shots])
    for shot in shots:
        bring(child, shot)
    send(parent)
    waiting.settle_children()
    assert {photo.record_id for photo in db.session.query(Photo)} == {child}


def test_a_child_whose_parent_was_taken_back_or_never_comes_is_for_an_officer(kind_with, cast: Cast) -> None:
    kind_with(parent="fly_tipping")
    gone, never, orphan, early, itself = (uuid4() for _ in range(5))
    with clock.standing_at(NOON):
        send(orphan, parent=str(gone))
        send(early, parent=str(never))
        send(itself, parent=str(itself))
        captures.remove(gone, SECRET, ANYBODY)
        waiting.settle_children()
        owen = cast.person("Owen")
        assert {one.id for one in waiting.for_officer(owen)} == {orphan, itself}
    with clock.standing_at(NOON + timedelta(days=8)):
        waiting.settle_children()
    assert {one.id for one in waiting.for_officer(owen)} == {orphan, early, itself}
    waiting.accept(early, owen)
    assert receipts.of(early, SECRET, ANYBODY).state == "kept"


def test_a_child_of_somebody_else_s_visit_is_for_an_officer(kind_with, cast: Cast) -> None:
    kind_with(parent="fly_tipping")
    parent, child, sunita = uuid4(), uuid4(), cast.person("Sunita")
    send(parent, sunita)
    send(child, parent=str(parent))
    assert receipts.of(child, SECRET, ANYBODY).state == "officer"
