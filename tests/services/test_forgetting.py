"""What may hold a plate is sealed under its month's key, recognised when it comes again, and forgotten for good."""

import dataclasses
import secrets
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.builders import answers, submit
from tests.cast import Cast
from tests.conftest import NOON
from tests.hunting import database_files
from tests.lost_ball import LostBall, registered
from webapp.extensions import clock, db
from webapp.models.capture import Capture, CaptureRevision
from webapp.models.fly_tipping import FlyTip
from webapp.rules.errors import Clash, NotFound, Refused
from webapp.rules.roles import ANYBODY, Permission, Person
from webapp.services import (
    captures,
    editing,
    forgetting,
    kinds,
    ledger,
    plate_keys,
    receipts,
    transaction,
    versions,
    waiting,
)
from webapp.services.seal import seal
from webapp.services.transaction import one_commit

SECRET, PLATE = "a secret that the phone made", "GK12 ABC"
STRICTEST = {"sqlite": "SERIALIZABLE", "postgresql": "REPEATABLE READ"}
DECEMBER = NOON + timedelta(days=20)


@pytest.fixture
def plated(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[kinds.Kind]:
    """A throw-away kind that takes down plates, while it is November."""
    with app.app_context(), clock.standing_at(NOON), registered(monkeypatch, has_plates=True) as kind:
        yield kind


def change_kind(monkeypatch: pytest.MonkeyPatch, **rules: object) -> kinds.Kind:
    """Give the throw-away kind other rules from now on."""
    kind = dataclasses.replace(kinds.KINDS[-1], **rules)
    monkeypatch.setattr(kinds, "KINDS", (*kinds.KINDS[:-1], kind))
    return kind


def content_of(words: str, parent: UUID | None = None) -> dict[str, Any]:
    return {
        "kind": "lost_ball",
        "form_version": 1,
        "captured_at": "2026-11-20T11:58:00Z",
        "answers": {"place_text": words, "vehicle_registration": PLATE, "location_source": "map",
                    "latitude": "51.27028", "longitude": "0.19171", "main_waste": "tyres", "size": "car_boot",
                    "land_type": "highway"},
        "photos": [],
        "parent": str(parent) if parent else None,
    }  # fmt: skip


def send(
    own: UUID, words: str = "Lay-by", person: Person = ANYBODY, parent: UUID | None = None, **changes: Any
) -> captures.Receipt:
    """Send one version as a phone does; each is of content that its words make."""
    submission = captures.Submission(
        kinds.KINDS[-1],
        own,
        SECRET,
        NOON - timedelta(days=2),
        1,
        "web",
        answers(vehicle_registration=PLATE, place={"words": words}),
        content=content_of(words, parent),
        photos=(),
        parent=parent,
        **changes,
    )
    return captures.submit(submission, person)


def forget(*ids: UUID) -> None:
    with one_commit() as session:
        forgetting.forget_content(session, ids)


def revisions() -> list[CaptureRevision]:
    db.session.expire_all()
    return db.session.query(CaptureRevision).order_by(CaptureRevision.id).all()


def kept() -> list[tuple[int, bool, bool]]:
    """Return of each version its number, whether it says anything still, and whether somebody has to choose it."""
    return [(one.rev, one.payload is not None, one.is_open_clash) for one in revisions()]


def test_only_a_kind_with_plates_is_sealed_under_the_key_of_its_month(plated) -> None:
    send(uuid4())
    submit()
    with_plates, without = revisions()
    assert (with_plates.key_month, without.key_month) == ("2026-11", None)
    assert ledger.opened(with_plates)["answers"]["vehicle_registration"] == PLATE
    assert ledger.opened(without)["answers"]["place"]["words"]
    assert plate_keys.months() == ["2026-11"]


def test_the_same_again_in_a_later_month_and_under_a_newer_secret_key_gives_the_same_receipt(
    plated, change_key
) -> None:
    own = uuid4()
    first = send(own)
    with clock.standing_at(DECEMBER):
        change_key()
        again = send(own)
        assert (again.reference, again.token, again.is_new) == (first.reference, first.token, False)
        with pytest.raises(Clash):
            send(own, "Other words")
        with pytest.raises(Clash):
            send(own, "Other words")
    assert [(one.key_month, one.is_clash) for one in revisions()] == [("2026-11", False), ("2026-12", True)]


def test_a_later_version_and_one_that_is_chosen_are_sealed_under_the_month_in_which_they_come(plated) -> None:
    owner, own = Person(id=None), uuid4()
    send(own)
    with clock.standing_at(DECEMBER):
        send(own, "Better words", rev=2, base_rev=1)
        with pytest.raises(Clash):
            send(own, "From the desk", rev=2, base_rev=1)
        versions.choose(own, revisions()[-1].id, owner)
    assert [one.key_month for one in revisions()] == ["2026-11", "2026-12", "2026-12", "2026-12"]
    assert ledger.opened(revisions()[-1])["answers"]["place_text"] == "From the desk"


@pytest.mark.parametrize("has_another", [False, True])
def test_without_its_month_s_key_a_version_says_nothing_and_no_page_fails(
    plated, cast: Cast, has_another: bool
) -> None:
    owen, own = cast.person("Owen"), uuid4()
    reference = send(own, person=owen).reference
    with pytest.raises(Clash):
        send(own, "From the desk", owen)
    plate_keys.destroy("2026-11")
    if has_another:
        plate_keys.current(NOON)
    capture = db.session.get_one(Capture, own)
    assert [ledger.opened(one) for one in revisions()] == [None, None]
    assert ledger.newest_content(db.session, capture) is None
    assert receipts.of(own, SECRET, owen).content_sha256 is None
    assert (versions.to_compare(own), editing.may_change(own, owen)) == ([], False)
    assert send(own, "Whatever it says now", owen).reference == reference
    with pytest.raises(Refused):
        send(own, "Whatever it says now", owen, rev=2, base_rev=1)
    client = cast.client("Owen")
    asked = client.get(f"/captures/status?ids={own}").json
    assert (asked[0]["receipt"]["state"], asked[0]["receipt"]["content_sha256"]) == ("kept", None)
    for address in ("/records?kind=lost_ball", f"/compare/{own}", "/rescue"):
        assert client.get(address).status_code in (200, 303, 404), address


def test_what_was_forgotten_comes_back_by_no_way(plated) -> None:
    own = uuid4()
    first = send(own)
    send(own, "Better words", rev=2, base_rev=1)
    with pytest.raises(Clash):
        send(own, "From the desk", rev=2, base_rev=1)
    forget(own)
    forget(own)
    nothing = [(1, False, False), (2, False, False), (2, False, False)]
    assert kept() == nothing
    for words, rev, base in (
        ("Lay-by", 1, None),
        ("Better words", 2, 1),
        ("From the desk", 2, 1),
        ("New", 2, None),
    ):
        again = send(own, words, rev=rev, base_rev=base)
        assert (again.reference, again.token, again.is_new) == (first.reference, first.token, False)
    for rev, base in ((3, 2), (3, 1), (3, None)):
        with pytest.raises(Refused) as refused:
            send(own, "New words", rev=rev, base_rev=base)
        assert refused.value.errors == {"version": ledger.DELETED}
    for one in revisions():
        with pytest.raises(NotFound):
            versions.choose(own, one.id, ANYBODY)
    assert kept() == nothing
    assert {one.key_month for one in revisions()} == {None}
    assert receipts.of(own, SECRET, ANYBODY).content_sha256 is None


def test_no_content_has_the_mark_of_what_was_forgotten_as_its_hash(plated) -> None:
    own, other = uuid4(), uuid4()
    send(own)
    send(other)
    forget(own)
    marked, kept_whole = revisions()
    assert marked.is_forgotten and marked.fingerprint == f"forgotten {marked.id}"
    assert len(seal({}).fingerprint) == 64 and not kept_whole.is_forgotten and kept_whole.payload


def test_many_captures_are_forgotten_at_a_time(plated, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "FORGET_AT_A_TIME", 2)
    ids = [uuid4() for _ in range(5)]
    for own in ids:
        send(own)
    forget(*ids)
    assert [one.is_forgotten for one in revisions()] == [True] * 5
    forget()


def test_a_kind_may_forget_what_it_says_while_it_arrives(plated, monkeypatch: pytest.MonkeyPatch) -> None:
    change_kind(monkeypatch, rows=lambda session, own, given: forgetting.forget_content(session, [own]))
    own = uuid4()
    assert send(own).is_new and not send(own).is_new
    assert kept() == [(1, False, False)] and revisions()[0].is_forgotten
    change_kind(monkeypatch, rows=lambda session, own, given: None)
    send(other := uuid4())
    change_kind(monkeypatch, rows=lambda session, own, given: forgetting.forget_content(session, [own]))
    send(other, "Below the threshold after all", rev=2, base_rev=1)
    assert [one.is_forgotten for one in revisions()] == [True] * 3


def test_what_is_taken_back_or_set_aside_is_forgotten_with_its_hash(
    plated, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_back, aside = uuid4(), uuid4()
    send(taken_back)
    captures.remove(taken_back, SECRET, ANYBODY)
    change_kind(monkeypatch, permission=Permission.CLEAR)
    send(aside, person=cast.person("Nadia"))
    waiting.set_aside(aside, "Not ours", cast.person("Owen"))
    assert [one.is_forgotten for one in revisions()] == [True, True]


def test_what_waits_is_forgotten_a_year_after_it_was_taken_down_and_nobody_is_asked_about_it(
    plated, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    nadia, owen, own, other = cast.person("Nadia"), cast.person("Owen"), uuid4(), uuid4()
    change_kind(monkeypatch, permission=Permission.CLEAR)
    send(own, person=nadia)
    with clock.standing_at(NOON - timedelta(days=9)):
        # Its phone says that it was taken down on a day that was still to come.
        send(other, person=nadia)
    assert waiting.waiting_older_than(db.session, date(2026, 11, 13)) == []
    assert waiting.waiting_older_than(db.session, date(2026, 11, 20)) == [other]
    assert waiting.waiting_older_than(db.session, date(2026, 11, 21)) == [other, own]
    forget(own, other)
    assert waiting.waiting_older_than(db.session, date(2026, 11, 21)) == []
    assert waiting.for_officer(owen) == [] and waiting.to_decide(owen) == []
    assert (send(own, "Anything", nadia).reference, send(own, person=nadia).is_new) == (None, False)
    with pytest.raises(Refused):
        send(own, "Anything", nadia, rev=2, base_rev=1)
    with pytest.raises(NotFound):
        waiting.accept(own, owen)
    assert kept() == [(1, False, False), (1, False, False)]


def test_a_child_that_was_forgotten_is_not_made_a_record_when_its_parent_comes(
    plated, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_kind(monkeypatch, parent="lost_ball")
    parent, child = uuid4(), uuid4()
    send(child, parent=parent)
    assert waiting.waiting_older_than(db.session, date(2027, 11, 22)) == [child]
    forget(child)
    send(parent)
    while waiting.settle_children():
        pass
    assert db.session.query(LostBall).count() == 1
    assert receipts.of(child, SECRET, ANYBODY).state == "officer"


def test_a_version_that_waits_is_sealed_and_settled_under_the_key_of_its_own_month(
    plated, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_kind(monkeypatch, parent="lost_ball")
    parent, child = uuid4(), uuid4()
    send(child, parent=parent)
    with clock.standing_at(DECEMBER):
        send(child, parent=parent)
        send(parent)
        waiting.settle_children()
    assert db.session.query(LostBall).count() == 2
    assert [one.key_month for one in revisions()] == ["2026-11", "2026-12"]


def test_what_was_forgotten_stands_in_no_file_of_the_database_any_more(plated) -> None:
    ids = [uuid4() for _ in range(40)]
    for own in ids:
        send(own, secrets.token_hex(200))
    with pytest.raises(Clash):
        send(ids[0], "From the desk")
    gone = [one for one in revisions() if one.capture_id in ids[:20]]
    stays = [one for one in revisions() if one.capture_id not in ids[:20]]
    marks = [mark for one in gone for mark in (one.payload[-40:], one.fingerprint.encode())]
    left = [mark for one in stays for mark in (one.payload[-40:], one.fingerprint.encode())]
    before = database_files()
    assert len(marks) == 42 and all(mark in before for mark in marks) and PLATE.encode() not in before
    forget(*ids[:10])
    forget(*ids[10:20])
    assert transaction.scrub("capture_revision")
    after = database_files()
    assert not [mark for mark in marks if mark in after]
    assert all(mark in after for mark in left)
    assert send(ids[0], "Lay-by").is_new is False


def test_while_somebody_reads_an_older_state_files_are_not_clean_and_that_is_told(
    plated, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "SCRUB_WAITS_MS", 100)
    send(uuid4())
    with db.engine.connect().execution_options(isolation_level=STRICTEST[db.engine.dialect.name]) as reader:
        reader.execute(text("SELECT count(*) FROM record")).one()
        forget(revisions()[0].capture_id)
        assert transaction.scrub("capture_revision") is False
    monkeypatch.undo()
    assert transaction.scrub("capture_revision") is True


def test_whoever_has_the_table_holds_up_nobody_for_long(plated, monkeypatch: pytest.MonkeyPatch) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite knows no locks of tables")
    with db.engine.connect() as holder:
        monkeypatch.setattr(transaction, "SCRUB_WAITS_MS", 100)
        monkeypatch.setattr(transaction, "_is_seen_by_nobody", lambda connection: True)
        holder.execute(text("LOCK TABLE capture_revision IN ACCESS SHARE MODE"))
        assert transaction.scrub("capture_revision") is False
        assert db.session.execute(text("SHOW lock_timeout")).scalar_one() == "0"


def test_no_error_and_no_description_of_an_object_holds_what_was_sent(plated) -> None:
    submission = captures.Submission(
        plated,
        uuid4(),
        SECRET,
        None,
        1,
        "web",
        answers(vehicle_registration=PLATE),
        content=content_of("Lay-by"),
    )
    sealed = ledger.sealed_content(submission, NOON)
    for told in (repr(submission), repr(sealed)):
        assert PLATE not in told and "Lay-by" not in told and SECRET not in told
    with pytest.raises(DBAPIError) as error:
        db.session.execute(text("SELECT :plate FROM no_such_table"), {"plate": PLATE})
    db.session.rollback()
    assert PLATE not in str(error.value)


def test_a_page_s_capture_without_plates_knows_no_month(plated) -> None:
    submit()
    assert db.session.query(FlyTip).count() == 1
    assert plate_keys.months() == []
