"""What the demo's reporters leave and hear: some a mailbox or a telephone, then the news, and what they answer."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update

from webapp.extensions import clock, db
from webapp.models.fly_tipping import FlyTip
from webapp.models.notice import Notice
from webapp.services import feedback
from webapp.services.tracking import token_for
from webapp.services.transaction import one_commit

# What is newer than this is still to be told when the demo begins, so that its worker and its officer have work.
UNHEARD = {"email": timedelta(days=2), "phone": timedelta(days=14)}
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


def hear(now: datetime) -> None:
    """Take all but the newest news as told at the time, as a mail server or an officer's call would have done it."""
    as_then = update(Notice).values(state="accepted", accepted_at=Notice.created_at)
    with one_commit() as session:
        for way, newest in UNHEARD.items():
            owed = Notice.report_id.is_not(None), Notice.state == "owed", Notice.created_at < now - newest
            session.execute(as_then.where(Notice.way == way, *owed))


def answer(ids: Iterable[UUID], now: datetime) -> None:
    """Let two in five of those who were asked say, a day after the end, how satisfied they are."""
    for number, one in enumerate(ids):
        chance, tip = _chance("answer", number), db.session.get_one(FlyTip, one)
        value = chance.choices(ANSWERS, (36, 34, 10, 9, 4, 7))[0]
        moment = tip.closed_at + timedelta(days=1) if tip.closed_at else now
        if moment < now and contact(number)["email"] and chance.random() < 0.4:
            with clock.standing_at(moment):
                feedback.answer(token_for(one), value)


def _chance(what: str, number: int) -> random.Random:
    return random.Random(f"{what} {number}")  # noqa: S311 - nothing here is a secret
