"""What officers note of an audit: that its plan is agreed, who was told, the next visit, its end; each in history."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from webapp.extensions import clock
from webapp.models.action import Action
from webapp.models.eva import Eva
from webapp.models.event import Event
from webapp.rules import actions as action_rules
from webapp.rules import eva as eva_rules
from webapp.rules import eva_moves as rules
from webapp.rules.clock import local_date
from webapp.rules.codes.eva import STATUSES
from webapp.rules.errors import NotFound, Refused
from webapp.rules.eva_moves import EvaMove, Need
from webapp.rules.roles import Permission, Person
from webapp.services import history
from webapp.services.transaction import one_commit

NO_LINES = "There is no line in this plan yet. Write what is to be done first."
NO_DAY = "Enter the day."
NOT_YET = "That day has not come yet. Check the date."
BEFORE_THE_WALK = "That is before the walk. Check the date."
HAS_PASSED = "That day has passed. Enter a day from today on."
NO_REASON = "Say why, so that whoever looks at it later understands."
# What residents were told of: what was done, and what will not be.
TOLD_OF = (*sorted(action_rules.COMPLETED), "not_feasible")


@dataclass(frozen=True, slots=True)
class Given:
    """What an officer gave with a note; `seen` is the newest event that their page knew of."""

    seen: int | None = None
    day: date | None = None
    reason: str = ""


def move(reference: str, name: str, given: Given, person: Person) -> Eva:
    """Note something of an audit and return it. Raises NotFound, Stale, Refused with a sentence for each field."""
    wanted = rules.BY_NAME.get(name)
    if wanted is None or not person.may(Permission.PLAN_ACTIONS):
        raise NotFound
    now = clock.now()
    with one_commit() as session:
        eva = session.scalar(select(Eva).where(Eva.reference == reference))
        if eva is None:
            raise NotFound
        session.refresh(eva, with_for_update={"key_share": True})
        # What arrives from a phone meanwhile takes nothing back from what is noted here.
        history.refuse_stale(session, eva, given.seen, rules.ACTIONS)
        _refuse(session, eva, wanted, given, local_date(now))
        before = eva.status
        WRITES[wanted.name](session, eva, given, now)
        after: dict[str, Any] = {"status": eva.status}
        if given.day is not None:
            after["day"] = given.day.isoformat()
        session.add(
            Event(
                record_id=eva.id,
                at=now,
                by_id=person.id,
                action=wanted.action,
                before={"status": before},
                after=after,
                reason=given.reason[:500] or None,
            )
        )
    return eva


def _refuse(session: Session, eva: Eva, wanted: EvaMove, given: Given, today: date) -> None:
    if eva.status not in wanted.before:
        state = STATUSES.label(eva.status).lower()
        raise Refused(
            {"move": f"This audit is “{state}” now, so that cannot be noted. Go back and look at it."}
        )
    problems = {
        field: sentence
        for need in wanted.needs
        for field, sentence in CHECKS[need](session, eva, given, today).items()
    }
    if problems:
        raise Refused(problems)


def _has_lines(session: Session, eva: Eva, given: Given, today: date) -> dict[str, str]:
    counted = (Action.eva_id == eva.id, Action.status != action_rules.NOT_COUNTED)
    return {} if session.scalar(select(func.count()).where(*counted)) else {"move": NO_LINES}


def _past_day(session: Session, eva: Eva, given: Given, today: date) -> dict[str, str]:
    if given.day is None:
        return {"day": NO_DAY}
    if given.day > today:
        return {"day": NOT_YET}
    return {"day": BEFORE_THE_WALK} if given.day < eva.held_on else {}


def _coming_day(session: Session, eva: Eva, given: Given, today: date) -> dict[str, str]:
    if given.day is None:
        return {"day": NO_DAY}
    return {"day": HAS_PASSED} if given.day < today else {}


def _reason_given(session: Session, eva: Eva, given: Given, today: date) -> dict[str, str]:
    return {} if given.reason.strip() else {"reason": NO_REASON}


CHECKS: Mapping[Need, Callable[[Session, Eva, Given, date], dict[str, str]]] = {
    Need.LINES: _has_lines,
    Need.PAST_DAY: _past_day,
    Need.COMING_DAY: _coming_day,
    Need.REASON: _reason_given,
}


def _agree(session: Session, eva: Eva, given: Given, now: datetime) -> None:
    eva.status, eva.plan_agreed_on = "agreed", given.day


def _tell(session: Session, eva: Eva, given: Given, now: datetime) -> None:
    eva.fed_back_on = given.day
    told_of = (Action.eva_id == eva.id, Action.status.in_(TOLD_OF), Action.fed_back_on.is_(None))
    session.execute(update(Action).where(*told_of).values(fed_back_on=given.day))


def _revisit(session: Session, eva: Eva, given: Given, now: datetime) -> None:
    eva.revisit_on = given.day


def _call_off(session: Session, eva: Eva, given: Given, now: datetime) -> None:
    eva.status, eva.closed_at = "called_off", now


def _finish(session: Session, eva: Eva, given: Given, now: datetime) -> None:
    eva.status, eva.closed_at = "finished", now


def _reopen(session: Session, eva: Eva, given: Given, now: datetime) -> None:
    walk = eva_rules.status(eva.began_at, eva.ended_at, None)
    eva.status, eva.closed_at = "agreed" if eva.plan_agreed_on else walk, None


WRITES: Mapping[str, Callable[[Session, Eva, Given, datetime], None]] = {
    "agree": _agree,
    "tell": _tell,
    "revisit": _revisit,
    "call_off": _call_off,
    "finish": _finish,
    "reopen": _reopen,
}
