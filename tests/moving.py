"""Making moves in tests: each with everything that it needs, and what a test wants otherwise."""

from datetime import datetime
from typing import Any

from tests.builders import submit
from webapp.extensions import clock, db
from webapp.models.fly_tipping import FlyTip
from webapp.rules.codes.danger import QUESTIONS
from webapp.rules.roles import Person
from webapp.services import land, lifecycle

SAFE = {question.value: {"answer": "no", "done": ""} for question in QUESTIONS}
PUBLIC = land.Land("highway", "public", "visit", "certain")
PRIVATE = land.Land("private_residential", "private", "visit", "certain")
UNKNOWN = land.Land("other_unidentified", "unknown", "reporter", "guess")
WHAT_EACH_NEEDS: dict[str, Any] = {
    "triage": {"land": PUBLIC, "dangers": SAFE},
    "private": {"land": PRIVATE},
    "order": {"crew": "Crew 1"},
    "inspect": {"crew": "Crew 1"},
    "specialist": {"crew": "Crew 1"},
}
REASON = {"reason": "Because the test says so"}


def reported(at: datetime | None = None, **changes: Any) -> str:
    """Report a fly-tip, now or at a moment, and return its reference."""
    if at is None:
        return str(submit(**changes).reference)
    with clock.standing_at(at):
        return str(submit(**changes).reference)


def tip_of(reference: str) -> FlyTip:
    """Return a fly-tip as the database has it."""
    db.session.expire_all()
    return db.session.query(FlyTip).filter_by(reference=reference).one()


def move(reference: str, name: str, person: Person, at: datetime | None = None, **given: Any) -> FlyTip:
    """Make a move with what it needs, now or at a moment; a clearance is of the day on which it is made."""
    needed = WHAT_EACH_NEEDS.get(name, REASON)
    with clock.standing_at(at or clock.now()):
        if name == "clear":
            needed = {"cleared_on": lifecycle.local_date(clock.now()), "crew": "Crew 1"}
        return lifecycle.move(reference, name, lifecycle.Given(**{**needed, **given}), person)
