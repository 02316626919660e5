"""Who left a telephone number only, or whose mail failed, is called by an officer, once, with the letter's words."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.at_once import at_once
from tests.builders import mark_cleared, record_behind, submit
from tests.cast import Cast
from tests.conftest import NOON
from webapp.extensions import clock, db
from webapp.models.notice import Notice
from webapp.rules.errors import NotFound, Refused
from webapp.rules.roles import Person
from webapp.services import lifecycle, mail, notices, reporters, telling

PHONE = {"name": "Rosa", "email": None, "phone": "01732 000000", "wants_news": True}
BOTH = {**PHONE, "email": "rosa@example.org"}


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context(), clock.standing_at(NOON):
        yield


@pytest.fixture
def owen(cast: Cast) -> Person:
    """Owen."""
    return cast.person("Owen")


def cleared(owen: Person, contact: dict[str, object] = PHONE) -> str:
    """Return the token of a report that was cleared."""
    token = submit(reporter=contact).token
    tip = record_behind(token)
    mark_cleared(tip.reference, tip.reported_on, [], False, owen)
    return token


def by_phone() -> list[Notice]:
    db.session.expire_all()
    return list(db.session.scalars(select(Notice).where(Notice.way == "phone").order_by(Notice.created_at)))


def test_an_officer_sees_whom_to_call_with_the_letters_words_and_no_mail_goes_out(owen: Person):
    cleared(owen)
    notices.send_due()
    (call,) = telling.to_tell(owen)
    assert (call.report.phone, call.tip.reference) == ("01732 000000", "FT-2026-00001")
    ((notice, words),) = call.news
    assert words.startswith("The fly-tipping that you reported has been cleared.")
    assert "This message was sent by a machine" not in words
    assert "track/" not in words and words.endswith("Thank you for telling us.")
    assert notice.state == "owed"


def test_a_call_that_was_made_counts_as_told_by_whom(owen: Person):
    cleared(owen)
    telling.told(telling.to_tell(owen)[0].newest.id, owen)
    (notice,) = by_phone()
    assert (notice.state, notice.told_by_id, notice.accepted_at) == ("accepted", owen.id, NOON)
    assert telling.to_tell(owen) == []


def test_one_call_tells_all_that_somebody_is_owed_by_then_and_nothing_that_is_not_so(owen: Person):
    reference = record_behind(cleared(owen)).reference
    lifecycle.move(reference, "reopen", lifecycle.Given(reason="Still there"), owen)
    with clock.standing_at(NOON + timedelta(minutes=1)):
        lifecycle.move(reference, "order", lifecycle.Given(crew="Crew 1"), owen)
    ((call,), people) = telling.to_tell(owen), telling.count()
    assert ([notice.purpose for notice, _ in call.news], people) == (["reopened", "clearance_ordered"], 1)
    with clock.standing_at(NOON + timedelta(minutes=2)):
        lifecycle.move(reference, "specialist", lifecycle.Given(crew="Asbestos Removal"), owen)
    telling.told(call.newest.id, owen)
    states = [(notice.purpose, notice.state) for notice in by_phone()]
    assert states == [
        ("cleared", "owed"),
        ("reopened", "accepted"),
        ("clearance_ordered", "accepted"),
        ("specialist", "owed"),
    ]


def test_who_could_not_be_reached_is_told_as_failed(owen: Person):
    cleared(owen)
    telling.not_reached(telling.to_tell(owen)[0].newest.id, owen)
    (notice,) = by_phone()
    assert (notice.state, notice.problem, notice.accepted_at) == ("failed", telling.NOT_REACHED, None)


def test_of_two_officers_who_note_one_call_the_second_is_told(app: Flask, owen: Person):
    cleared(owen)
    notice_id = telling.to_tell(owen)[0].newest.id
    acts = [telling.told, telling.not_reached]

    def note() -> str:
        try:
            acts.pop()(notice_id, owen)
        except Refused as refused:
            return str(refused)
        return "noted"

    assert sorted(at_once(app, note)) == sorted([telling.SETTLED_ALREADY, "noted"])


def test_nobody_but_who_may_see_contacts_hears_of_calls(owen: Person, cast: Cast):
    cleared(owen)
    notice_id = by_phone()[0].id
    for name in ("Priya", "Sunita", "Nadia"):
        with pytest.raises(NotFound):
            telling.to_tell(cast.person(name))
        with pytest.raises(NotFound):
            telling.told(notice_id, cast.person(name))
    assert by_phone()[0].state == "owed"


def test_mail_is_not_noted_as_a_call(owen: Person):
    cleared(owen, {**BOTH, "phone": None})
    mailed = db.session.scalars(select(Notice)).first()
    assert mailed is not None
    with pytest.raises(NotFound):
        telling.told(mailed.id, owen)


def test_what_is_not_so_any_more_is_not_told_and_dropped_by_the_worker(owen: Person):
    token = cleared(owen)
    lifecycle.move(record_behind(token).reference, "reopen", lifecycle.Given(reason="Still there"), owen)
    assert [call.newest.purpose for call in telling.to_tell(owen)] == ["reopened"]
    assert not telling.drop_settled()
    assert {notice.purpose: notice.state for notice in by_phone()} == {
        "cleared": "dropped",
        "reopened": "owed",
    }
    reporters.withdraw(token)
    assert telling.to_tell(owen) == []
    telling.drop_settled()
    assert {notice.problem for notice in by_phone()} == {notices.NOT_SO_ANY_MORE, notices.NO_CONTACT}


@pytest.mark.parametrize("contact", [BOTH, {**BOTH, "phone": None}])
def test_mail_that_is_refused_for_good_becomes_a_call_where_there_is_a_number(
    owen: Person, monkeypatch: pytest.MonkeyPatch, contact: dict[str, object]
):
    cleared(owen, contact)

    def refuse(*message: str) -> None:
        raise mail.MailRefused("The mail server refused the address (550).")

    monkeypatch.setattr(mail, "send", refuse)
    for _ in range(2):
        notices.send_due()
    purposes = sorted(notice.purpose for notice in by_phone())
    assert purposes == (["acknowledgement", "cleared"] if contact["phone"] else [])


def test_mail_that_nobody_answered_for_becomes_a_call_too(owen: Person, monkeypatch: pytest.MonkeyPatch):
    submit(reporter=BOTH)

    def silent(*message: str) -> None:
        raise mail.MailUncertain("No answer.")

    monkeypatch.setattr(mail, "send", silent)
    for minutes in (0, 11, 22, 33):
        with clock.standing_at(NOON + timedelta(minutes=minutes)):
            notices.send_due()
    assert [notice.purpose for notice in by_phone()] == ["acknowledgement"]
