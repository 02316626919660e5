"""The daily reminder: on day 5, 6 and 7 and while overdue, to the body and the officer, once each."""

import email
import email.policy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from tests.at_once import at_once
from tests.cast import Cast
from tests.moving import move, reported
from webapp.extensions import clock, db
from webapp.models.account import User
from webapp.models.notice import Notice
from webapp.rules.roles import Person
from webapp.services import notices
from webapp.services.land import Land

MORNING = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
KCC = Land("highway", "public", "visit", "certain", body="kcc_highways")


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context(), clock.standing_at(MORNING):
        yield


@pytest.fixture
def owen(cast: Cast) -> Person:
    cast.person("Priya")
    return cast.person("Owen")


def days_ago(days: int) -> datetime:
    return MORNING - timedelta(days=days)


def reminders() -> dict[str, int]:
    """How many reminders each person was owed."""
    db.session.expire_all()
    query = db.session.query(User.name).join(Notice, Notice.user_id == User.id)
    names = [name for (name,) in query.filter(Notice.purpose == "reminder")]
    return {name: names.count(name) for name in names}


def mails(app: Flask) -> list[EmailMessage]:
    paths = sorted((Path(app.instance_path) / "mail").glob("*.eml"))
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]


@pytest.mark.parametrize(
    ("days", "is_due"), [(4, False), (5, True), (6, True), (7, True), (8, True), (40, True)]
)
def test_it_is_sent_from_day_five_on_and_daily_when_overdue(days: int, is_due: bool, owen: Person):
    reported(days_ago(days))
    notices.owe_reminders()
    assert reminders() == ({"Owen": 1} if is_due else {})
    with clock.standing_at(MORNING + timedelta(days=1)):
        notices.owe_reminders()
    assert reminders().get("Owen", 0) == (2 if is_due else 1)


def test_everybody_hears_once_a_day_of_all_that_is_theirs(app: Flask, owen: Person):
    for days in (5, 9):
        reference = reported(days_ago(days))
        move(reference, "triage", owen, land=KCC)
    reported(days_ago(6))
    for _ in range(3):
        notices.owe_reminders()
        notices.send_due()
    assert reminders() == {"Owen": 1, "Priya": 1}
    by_person = {message["To"]: message for message in mails(app)}
    assert by_person["owen@wardbook.example"]["Subject"] == "Fly-tipping: 1 overdue, 2 on day 5 to 7"
    assert by_person["priya@wardbook.example"]["Subject"] == "Fly-tipping: 1 overdue, 1 on day 5 to 7"
    text = by_person["owen@wardbook.example"].get_content()
    assert "2 days over" in text and "with nobody yet" in text and "sofa" not in text and "Lay-by" not in text


def test_with_two_workers_at_the_same_moment_it_is_owed_once(app: Flask, owen: Person):
    reported(days_ago(6))
    db.session.rollback()

    def work() -> None:
        with clock.standing_at(MORNING):
            notices.owe_reminders()

    at_once(app, work)
    assert reminders() == {"Owen": 1}


def test_nobody_is_woken_and_nobody_hears_when_nothing_is_due(owen: Person):
    reported(days_ago(6))
    with clock.standing_at(datetime(2026, 11, 22, 6, 59, tzinfo=UTC)):
        notices.owe_reminders()
    assert reminders() == {}


def test_what_was_cleared_before_the_letter_went_is_not_reminded_of(app: Flask, owen: Person):
    reference = reported(days_ago(6))
    notices.owe_reminders()
    move(reference, "clear", owen)
    notices.send_due()
    assert mails(app) == []
    assert [notice.state for notice in db.session.query(Notice).filter_by(purpose="reminder")] == ["dropped"]


def test_whose_account_was_closed_hears_nothing(app: Flask, owen: Person):
    reported(days_ago(6))
    db.session.query(User).filter_by(name="Owen").update({"active": False})
    db.session.commit()
    notices.owe_reminders()
    assert reminders() == {}
