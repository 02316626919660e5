"""What the demo's reporters leave and hear: some a mailbox or a telephone, then the news, and what they answer."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from webapp.extensions import clock, db
from webapp.models.fly_tipping import FlyTip
from webapp.models.notice import Notice
from webapp.rules.letters import ASKING
from webapp.services import feedback
from webapp.services.tracking import token_for
from webapp.services.transaction import one_commit

# What is newer than this is still to be told when the demo begins, so that its worker and its officer have work.
UNHEARD = {"email": timedelta(days=2), "phone": timedelta(days=14)}
BEFORE_AN_ANSWER = UNHEARD["email"]
WAYS = ("email", "phone", None)
ANSWERS = (
    "very_satisfied",
    "fairly_satisfied",
    "neither",
    "fairly_dissatisfied",
    "very_dissatisfied",
    "dont_know",
)


def contact(number: int) -> dict[str, Any]:
    """Return what the reporter of this number leaves; numbers that begin with 01632 960 belong to nobody (Ofcom)."""
    (way,) = _chance("way", number).choices(WAYS, (45, 8, 47))
    return {
        "name": None,
        "email": f"resident{number}@demo.example" if way == "email" else None,
        "phone": f"01632 960{number:03}" if way == "phone" else None,
        "wants_news": way is not None,
    }


def hear(reports: Sequence[UUID], now: datetime) -> None:
    """Take all but the newest news of these as told at the time, as a mail server or an officer's call would have."""
    as_then = update(Notice).values(state="accepted", accepted_at=Notice.created_at)
    with one_commit() as session:
        for way, newest in UNHEARD.items():
            owed = Notice.way == way, Notice.state == "owed", Notice.created_at < now - newest
            session.execute(as_then.where(Notice.report_id.in_(reports), *owed))


def answer(reports: Sequence[UUID], now: datetime) -> None:
    """Let two in five of those who were asked by e-mail say, two days after the end, how satisfied they are."""
    told = select(FlyTip.id, FlyTip.closed_at).join(Notice, Notice.report_id == FlyTip.id)
    asked = Notice.purpose.in_(ASKING), Notice.way == "email", Notice.created_at >= FlyTip.closed_at
    long_ago = FlyTip.id.in_(reports), FlyTip.closed_at < now - BEFORE_AN_ANSWER
    for report_id, closed_at in db.session.execute(told.where(*asked, *long_ago)).all():
        chance = _chance("answer", report_id)
        value = chance.choices(ANSWERS, (36, 34, 10, 9, 4, 7))[0]
        if closed_at and chance.random() < 0.4:
            with clock.standing_at(closed_at + BEFORE_AN_ANSWER):
                feedback.answer(token_for(report_id), value)


def _chance(what: str, number: int | UUID) -> random.Random:
    return random.Random(f"{what} {number}")  # noqa: S311 - nothing here is a secret
