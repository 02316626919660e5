"""Mail that comes back: only what failed for good and is ours changes anything, and rubbish changes nothing."""

import io
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests.builders import submit
from tests.conftest import NOON
from webapp.extensions import clock, db
from webapp.models.notice import Notice
from webapp.services import bounces, notices

ROSA = {"name": "Rosa", "email": "rosa@example.org", "wants_news": True}
KNOWN = UUID("7d1a2f0e-6f3f-4b8c-9a55-0123456789ab")


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context(), clock.standing_at(NOON):
        yield


def sent(**contact: object) -> Notice:
    """Return an acknowledgement that the mail server accepted."""
    submit(reporter={**ROSA, **contact})
    notices.send_due()
    return only("acknowledgement", "email")


def only(purpose: str, way: str) -> Notice:
    db.session.expire_all()
    return db.session.scalars(select(Notice).where(Notice.purpose == purpose, Notice.way == way)).one()


def returned(notice_id: object, action: str = "failed", headers_only: bool = True, end: str = "\n") -> bytes:
    """Return a notification as a mail server of the Postfix kind writes it."""
    part = "text/rfc822-headers" if headers_only else "message/rfc822"
    lines = [
        "From: MAILER-DAEMON@mail.example (Mail Delivery System)",
        "To: wardbook@sevenoaks.example",
        "Subject: Undelivered Mail Returned to Sender",
        "Message-ID: <20261122.ABC@mail.example>",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="edge"',
        "MIME-Version: 1.0",
        "",
        "--edge",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "I am sorry. Action: failed, said somebody, Message-ID: <nothing@nowhere>.",
        "--edge",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mail.example",
        "",
        "Final-Recipient: rfc822; rosa@example.org",
        f"Action: {action}",
        "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 no such user",
        "",
        "--edge",
        f"Content-Type: {part}",
        "",
        "From: Wardbook <wardbook@sevenoaks.example>",
        "To: rosa@example.org",
        f"Message-ID: <{notice_id}@127.0.0.1>",
        "Subject: We have your report",
        "",
        *([] if headers_only else [f"Text that names Message-ID: <{uuid4()}@127.0.0.1>", ""]),
        "--edge--",
        "",
    ]
    return end.join(lines).encode()


@pytest.mark.parametrize("headers_only", [True, False])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_failed_for_good_is_found_and_counts_as_bounced(headers_only: bool, end: str):
    notice = sent()
    assert bounces.read(returned(notice.id, headers_only=headers_only, end=end))
    assert (only("acknowledgement", "email").state, notice.problem) == ("bounced", notices.CAME_BACK)
    assert not bounces.read(returned(notice.id)), "twice is once"


def test_a_notification_for_an_address_of_other_letters_is_read_too():
    """RFC 6533 has names of its own for the same parts."""
    message = returned(KNOWN).replace(b"message/delivery-status", b"message/global-delivery-status")
    assert bounces.returned_id(message.replace(b"text/rfc822-headers", b"message/global-headers")) == KNOWN


def test_the_id_may_stand_on_a_line_of_its_own():
    folded = returned(KNOWN).replace(b"Message-ID: <7d", b"MESSAGE-ID:\n <7d")
    assert bounces.returned_id(folded) == KNOWN


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", ""])
def test_what_is_only_late_or_did_arrive_changes_nothing(action: str):
    notice = sent()
    assert not bounces.read(returned(notice.id, action))
    assert only("acknowledgement", "email").state == "accepted"


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\xff\xfe\x00",
        b"Content-Type: multipart/report; boundary=x\n\n--x\n",
        returned("not-an-id"),
        returned(KNOWN),
        returned(KNOWN).replace(b"message/delivery-status", b"text/plain"),
        returned(KNOWN).replace(b"text/rfc822-headers", b"text/plain"),
        b"Subject: holiday\n\nI am away. Action: failed\nMessage-ID: <%s@x>" % str(KNOWN).encode(),
        returned(KNOWN).replace(b"us-ascii", b"\xff").replace(b"charset", b"charset*=utf-7''"),
    ],
)
def test_everything_else_changes_nothing(message: bytes):
    sent()
    assert not bounces.read(message)
    assert only("acknowledgement", "email").state == "accepted"


PIECES = st.sampled_from(
    [
        *returned(KNOWN).split(b"\n"),
        b"Content-Type: message/rfc822",
        b"Content-Type: multipart/mixed; boundary=edge",
        b"Content-Transfer-Encoding: base64",
        b"Content-Type: =?x?q?=ff?=; charset*0*=''%ff",
    ]
)


@given(
    st.one_of(st.binary(max_size=400), st.lists(st.one_of(PIECES, st.binary(max_size=30))).map(b"\n".join))
)
def test_no_rubbish_is_a_fault(message: bytes):
    assert bounces.returned_id(message) in (None, KNOWN)


def test_a_message_that_was_not_handed_over_cannot_come_back_and_is_not_stopped():
    submit(reporter=ROSA)
    notice = only("acknowledgement", "email")
    assert not bounces.read(returned(notice.id))
    assert only("acknowledgement", "email").state == "owed"


def test_who_left_a_telephone_number_too_is_to_be_called():
    notice = sent(phone="01732 000000")
    bounces.read(returned(notice.id))
    called = only("acknowledgement", "phone")
    assert (called.state, called.report_id) == ("owed", notice.report_id)


def test_the_command_reads_one_message_and_lets_the_mail_server_keep_it_while_the_database_is_away(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    notice = sent()
    runner = app.test_cli_runner()
    done = runner.invoke(args=["notices", "bounced"], input=io.BytesIO(returned(notice.id)))
    assert (done.exit_code, done.stdout) == (0, "A message of ours came back.\n")
    again = runner.invoke(args=["notices", "bounced"], input=io.BytesIO(b"\xff\xfe rubbish"))
    assert (again.exit_code, again.stdout) == (0, "Nothing of ours came back for good.\n")

    def away(notice_id: UUID) -> bool:
        raise OperationalError("select", {}, Exception("away"))

    monkeypatch.setattr(notices, "came_back", away)
    assert runner.invoke(args=["notices", "bounced"], input=io.BytesIO(returned(notice.id))).exit_code == 75
