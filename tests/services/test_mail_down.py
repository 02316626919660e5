"""The mail server is away for an hour, or goes in the middle: everything arrives, and nothing twice."""

import email
import email.policy
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select

from tests.builders import mark_cleared, record_behind, submit
from tests.cast import Cast
from tests.conftest import NOON
from tests.services.test_mail import free_port
from webapp.extensions import clock, db
from webapp.models.notice import Notice
from webapp.services import notices

REPORTERS = 6


class Post:
    """A mail server that keeps what it took; after `room` messages it says that it is full."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.room = 1000

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name.
        if len(self.taken) >= self.room:
            return "451 disk full"
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context(), clock.standing_at(NOON):
        yield


@contextmanager
def running(post: Post, port: int) -> Iterator[None]:
    """Let the mail server answer at this port for as long as this lasts."""
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def work_at(moment: datetime) -> None:
    """Let the worker look as it does every minute."""
    with clock.standing_at(moment):
        while notices.send_due():
            pass


def states() -> Counter[str]:
    db.session.expire_all()
    return Counter(db.session.scalars(select(Notice.state)))


def test_all_that_was_owed_in_an_hour_without_a_mail_server_arrives_and_nothing_twice(app: Flask, cast: Cast):
    post, port, owen = Post(), free_port(), cast.person("Owen")
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{port}"
    tokens = []
    for minute in range(60):
        moment = NOON + timedelta(minutes=minute)
        with clock.standing_at(moment):
            if minute % 10 == 0:
                contact = {"email": f"rosa{minute}@example.org", "wants_news": True}
                tokens.append(submit(reporter=contact).token)
            if minute % 10 == 5:
                tip = record_behind(tokens[-1])
                mark_cleared(tip.reference, tip.reported_on, [], False, owen)
        work_at(moment)
    assert states() == {"owed": 2 * REPORTERS} and post.taken == []
    # It is back, and full after four; then there is room again.
    back = NOON + timedelta(hours=1)
    with running(post, port):
        post.room = 4
        for minute in range(130):
            if minute == 10:
                post.room = 1000
            work_at(back + timedelta(minutes=minute))
    assert states() == {"accepted": 2 * REPORTERS}
    sent = Counter((message["To"], message["Subject"].split(":")[0]) for message in post.taken)
    assert len(post.taken) == len(sent) == 2 * REPORTERS
    assert len({message["Message-ID"] for message in post.taken}) == 2 * REPORTERS
