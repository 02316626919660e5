"""Who is owed a message gets it: never lost, at most once more than once, and never a word that somebody typed."""

import email
import email.policy
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from tests.at_once import at_once
from tests.builders import mark_cleared, record_behind, submit
from tests.cast import Cast
from tests.conftest import NOON
from webapp.extensions import clock, db
from webapp.models.fly_tipping import FlyTip
from webapp.models.notice import Notice
from webapp.models.report import Report
from webapp.rules.letters import Words as Letter
from webapp.services import lifecycle, mail, notices, reporters

ROSA = {"name": "Rosa", "email": "rosa@example.org", "phone": None, "wants_news": True}
WORDS = "Words that Rosa typed"
Mails = Callable[[], list[EmailMessage]]


@pytest.fixture(autouse=True)
def context(app: Flask, noon: datetime):
    app.config["BASE_URL"] = "https://wardbook.example"
    with app.app_context():
        yield


@pytest.fixture
def mails(app: Flask) -> Mails:
    """What was handed over so far, oldest first."""
    folder = Path(app.instance_path) / "mail"

    def read() -> list[EmailMessage]:
        paths = sorted(folder.glob("*.eml"))
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]

    return read


def reported(**changes: object) -> str:
    """The tracking token of a report whose reporter wants news."""
    return submit(reporter={**ROSA, **changes.pop("reporter", {})}, **changes).token  # type: ignore[dict-item]


def all_notices() -> list[Notice]:
    db.session.expire_all()
    return list(db.session.scalars(select(Notice).order_by(Notice.created_at, Notice.state)))


def only_notice() -> Notice:
    (notice,) = all_notices()
    return notice


def answering(monkeypatch: pytest.MonkeyPatch, answer: Callable[[], None]) -> list[str]:
    """Let the mail server answer so; return the message ids that it is handed."""
    ids: list[str] = []

    def send(to: str, subject: str, text: str, message_id: str) -> None:
        ids.append(message_id)
        answer()

    monkeypatch.setattr(mail, "send", send)
    return ids


def raising(problem: BaseException) -> Callable[[], None]:
    def answer() -> None:
        raise problem

    return answer


def test_an_acknowledgement_says_when_it_is_due_and_where_to_look(mails: Mails):
    token = reported()
    assert only_notice().state == "owed"
    notices.send_due()
    (message,) = mails()
    text = message.get_content()
    assert message["To"] == "rosa@example.org"
    assert message["Subject"] == "We have your fly-tipping report FT-2026-00001"
    assert "Reference: FT-2026-00001" in text
    assert "Sevenoaks Town and St John's" in text
    assert "due to be cleared by Sunday 29 November" in text
    assert f"https://wardbook.example/track/{token}" in text
    assert "choose “Remove my name and contact from this report”" in text
    notice = only_notice()
    assert (notice.state, notice.attempts, notice.accepted_at) == ("accepted", 1, NOON)
    assert message["Message-ID"] == f"<{notice.id}@wardbook.example>"


def test_where_it_is_not_public_land_the_letter_says_by_when_they_will_hear(mails: Mails):
    reported(land_type="agricultural", place={"latitude": 50.0, "longitude": -3.0})
    notices.send_due()
    text = mails()[0].get_content()
    assert "tell you by Sunday 29 November who must clear it" in text
    assert "due to be cleared" not in text
    assert "Ward:" not in text


def test_no_letter_holds_a_word_that_somebody_typed(mails: Mails, cast: Cast):
    token = reported(
        description=WORDS,
        place={"words": WORDS},
        vehicle_description=WORDS,
        vehicle_registration="AB12 CDE",
        reporter={"name": WORDS, "phone": "01732 000000"},
    )
    tip = record_behind(token)
    mark_cleared(tip.reference, tip.reported_on, [], False, cast.person("Owen"))
    notices.send_due()
    assert len(mails()) == 2
    for message in mails():
        assert WORDS not in message.as_string()
        assert "AB12" not in message.as_string()
        assert "01732 000000" not in message.as_string()


def test_the_news_that_it_is_cleared_reaches_every_reporter(mails: Mails, cast: Cast):
    tip = record_behind(reported())
    reported(reporter={"email": "vic@example.org"}, joins=tip.reference)
    mark_cleared(tip.reference, tip.reported_on, [], False, cast.person("Owen"))
    notices.send_due()
    cleared = [message for message in mails() if message["Subject"].startswith("Cleared")]
    assert {message["To"] for message in cleared} == {"rosa@example.org", "vic@example.org"}
    assert "Cleared:   Sunday 22 November" in cleared[0].get_content()


def test_nobody_is_written_to_who_left_no_address_or_wants_no_news():
    for wishes in (
        {"email": None, "phone": "01732 000000"},
        {"wants_news": False},
        {"email": None, "wants_news": False},
    ):
        reported(reporter=wishes)
    assert all_notices() == []


def test_one_mailbox_gets_one_acknowledgement_an_hour_and_what_is_dropped_stays_to_be_seen(mails: Mails):
    spellings = ("rosa@example.org", "ROSA@example.org", "rosa+again@example.org")
    for address in spellings:
        reported(reporter={"email": address})
    assert sorted(notice.state for notice in all_notices()) == ["dropped", "dropped", "owed"]
    assert {notice.problem for notice in all_notices()} == {None, notices.ONE_AN_HOUR}
    notices.send_due()
    assert len(mails()) == 1
    reported(reporter={"email": "somebody.else@example.org"})
    with clock.standing_at(NOON + timedelta(minutes=59)):
        reported()
    with clock.standing_at(NOON + timedelta(minutes=60)):
        reported()
        notices.send_due()
    assert len(mails()) == 3


def test_the_hour_of_a_mailbox_outlasts_a_change_of_the_secret_key(change_key: Callable[[], None]):
    reported()
    for _ in range(2):
        change_key()
        reported()
    assert sorted(notice.state for notice in all_notices()) == ["dropped", "dropped", "owed"]
    with clock.standing_at(NOON + timedelta(hours=1)):
        reported()
    assert [notice.state for notice in all_notices()].count("owed") == 2


def test_nothing_keeps_a_trace_of_a_mailbox_after_its_hour():
    reported()
    assert only_notice().mailbox_key is not None
    with clock.standing_at(NOON + timedelta(hours=1)):
        notices.send_due()
    assert only_notice().mailbox_key is None


def test_two_reports_at_the_same_moment_get_one_acknowledgement(app: Flask):
    def send() -> None:
        with clock.standing_at(NOON):
            reported()

    at_once(app, send)
    assert sorted(notice.state for notice in all_notices()) == ["dropped", "owed"]


def test_news_of_clearing_is_not_held_back_by_the_hour(mails: Mails, cast: Cast):
    tip = record_behind(reported())
    mark_cleared(tip.reference, tip.reported_on, [], False, cast.person("Owen"))
    assert [notice.state for notice in all_notices()] == ["owed", "owed"]


def test_a_withdrawn_contact_gets_nothing_more(mails: Mails):
    token = reported()
    reporters.withdraw(token)
    notices.send_due()
    assert (only_notice().state, only_notice().problem) == ("dropped", notices.NO_CONTACT)
    assert mails() == []


def test_what_is_not_cleared_any_more_is_not_announced(mails: Mails, cast: Cast):
    tip = record_behind(reported())
    mark_cleared(tip.reference, tip.reported_on, [], False, cast.person("Owen"))
    given = lifecycle.Given(reason="The sofa is still there")
    lifecycle.move(tip.reference, "reopen", given, cast.person("Owen"))
    notices.send_due()
    assert [message["Subject"] for message in mails()] == [
        "We have your fly-tipping report FT-2026-00001",
        "Open again: your fly-tipping report FT-2026-00001",
    ]
    assert {notice.problem for notice in all_notices()} == {None, notices.NOT_SO_ANY_MORE}


def test_a_server_that_is_away_is_tried_again_until_it_is_back(monkeypatch: pytest.MonkeyPatch, mails: Mails):
    reported()
    ids = answering(monkeypatch, raising(mail.MailLater("The mail server is away.")))
    moments = []
    now = NOON
    for _ in range(4):
        with clock.standing_at(now):
            notices.send_due()
            notices.send_due()
        moments.append(only_notice().due_at - now)
        now = only_notice().due_at
    assert moments == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]
    assert (only_notice().state, only_notice().attempts, len(ids)) == ("owed", 4, 4)
    monkeypatch.undo()
    with clock.standing_at(now):
        notices.send_due()
    assert only_notice().state == "accepted"
    assert mails()[0]["Message-ID"] == ids[0]


def test_after_three_days_it_has_failed_for_everybody_to_see(monkeypatch: pytest.MonkeyPatch):
    reported()
    answering(monkeypatch, raising(mail.MailLater("The mail server is away.")))
    now = NOON
    while only_notice().state == "owed":
        with clock.standing_at(now):
            notices.send_due()
        now = only_notice().due_at
    assert (only_notice().state, only_notice().problem) == ("failed", "The mail server is away.")
    assert timedelta(days=2, hours=12) < only_notice().attempted_at - NOON < timedelta(days=3)


def test_a_refused_address_is_not_tried_again(monkeypatch: pytest.MonkeyPatch):
    reported()
    ids = answering(monkeypatch, raising(mail.MailRefused("The mail server refused the address (550).")))
    for hours in range(3):
        with clock.standing_at(NOON + timedelta(hours=hours)):
            notices.send_due()
    assert (only_notice().state, len(ids)) == ("failed", 1)


@pytest.mark.parametrize("problem", [mail.MailUncertain("No answer."), SystemExit()])
def test_an_uncertain_message_is_sent_once_more_under_the_same_id_and_then_told_as_failed(
    monkeypatch: pytest.MonkeyPatch, problem: BaseException
):
    reported()
    ids = answering(monkeypatch, raising(problem))

    def look(moment: datetime) -> None:
        with clock.standing_at(moment):
            if isinstance(problem, SystemExit) and moment in (NOON, NOON + timedelta(minutes=10)):
                with pytest.raises(SystemExit):
                    notices.send_due()
            else:
                notices.send_due()

    look(NOON)
    look(NOON + timedelta(minutes=9))
    assert (only_notice().state, len(ids)) == ("sending", 1)
    look(NOON + timedelta(minutes=10))
    assert (only_notice().state, only_notice().repeats, len(ids)) == ("sending", 1, 2)
    look(NOON + timedelta(minutes=21))
    look(NOON + timedelta(days=1))
    assert (only_notice().state, only_notice().problem) == ("failed", notices.MAY_HAVE_ARRIVED)
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_a_message_that_breaks_in_a_way_nobody_foresaw_is_put_off_and_the_others_go_out(
    monkeypatch: pytest.MonkeyPatch, mails: Mails
):
    reported()
    reported(reporter={"email": "vic@example.org"})
    send = mail.send

    def breaks(to: str, *message: str) -> None:
        if to == ROSA["email"]:
            raise ZeroDivisionError
        send(to, *message)

    monkeypatch.setattr(mail, "send", breaks)
    notices.send_due()
    assert [message["To"] for message in mails()] == ["vic@example.org"]
    problems = {notice.state: notice.problem for notice in all_notices()}
    assert problems == {"accepted": None, "owed": "The message could not be handed over (ZeroDivisionError)."}


def test_an_address_with_a_domain_of_other_letters_does_not_hold_up_the_next_one(mails: Mails):
    for address in ("rosa@bücher.example", "vic@example.org"):
        reported(reporter={"email": address})
    notices.send_due()
    assert {message["To"] for message in mails()} == {"rosa@xn--bcher-kva.example", "vic@example.org"}


def test_a_broken_letter_does_not_hold_up_the_next_one(monkeypatch: pytest.MonkeyPatch, mails: Mails):
    first = reported()
    reported(reporter={"email": "vic@example.org"})
    lost = reporters.tracked(first).report.id
    write = notices.letters.write

    def breaks(purpose: str, report: Report, tip: FlyTip) -> Letter:
        if report.id == lost:
            raise LookupError("a broken template")
        return write(purpose, report, tip)

    monkeypatch.setattr(notices.letters, "write", breaks)
    notices.send_due()
    assert [message["To"] for message in mails()] == ["vic@example.org"]
    states = {notice.report_id: notice.state for notice in all_notices()}
    assert states[lost] == "owed"


KILLED_WORKER = """
import os, signal, sys
from pathlib import Path
from webapp import create_app
from webapp.services import mail, notices

app = create_app({"DATABASE_URL": sys.argv[1], "SECRET_KEY": "a secret", "MAIL_URL": sys.argv[2]}, Path(sys.argv[3]))
send = mail.send
def send_and_die(*message):
    send(*message)
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[4] == "dies":
    mail.send = send_and_die
with app.app_context():
    notices.send_due()
"""


def work_elsewhere(app: Flask, how: str) -> int:
    root = Path(__file__).resolve().parents[2]
    settings = [app.config["DATABASE_URL"], app.config["MAIL_URL"], app.instance_path, how]
    done = subprocess.run(
        [sys.executable, "-c", KILLED_WORKER, *settings], cwd=root, env=dict(os.environ), check=False
    )
    return done.returncode


def make_due(notice_id: UUID) -> None:
    db.session.rollback()
    db.session.get_one(Notice, notice_id).due_at = NOON
    db.session.commit()


def test_a_worker_killed_between_the_servers_yes_and_our_commit_repeats_once_and_loses_nothing(
    app: Flask, mails: Mails
):
    reported()
    db.session.rollback()
    assert work_elsewhere(app, "dies") == -signal.SIGKILL
    assert (only_notice().state, len(mails())) == ("sending", 1)
    make_due(only_notice().id)
    assert work_elsewhere(app, "lives") == 0
    assert (only_notice().state, only_notice().repeats) == ("accepted", 1)
    first, second = mails()
    assert first["Message-ID"] == second["Message-ID"]
