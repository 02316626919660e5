"""Taking a line of a plan from state to state: what the step needs is checked, kept and written to the line's log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.action import Action
from webapp.models.capture import Capture
from webapp.rules import actions as rules
from webapp.rules.actions import Need, Step
from webapp.rules.clock import local_date
from webapp.rules.errors import NotFound, Refused
from webapp.rules.roles import Permission, Person
from webapp.services import action_log, lines, work
from webapp.services.actions import ended
from webapp.services.transaction import one_commit

NOTE = "note"
NO_OWNER = "Nobody owns this line yet. Choose its owner first: what nobody has accepted is not agreed."
NO_REASON = "Say why, so that whoever reads the plan later understands."
NO_DAY = "Enter the day on which it was done."
NOT_YET = "That day has not come yet. Check the date."
BEFORE_AGREED = "It cannot have been done before its owner agreed to it. Check the date."
NO_PLAN = "Say which plan it goes to, such as the reference of another audit."
BY_THE_OWNER = "Its owner cannot check it, nor can whoever said that it is done. Somebody else must look."
NOTHING_SAID = "Write something or choose a photo, then send."


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody gave with a step. `capture_id` is the page's own, so that a double tap is the same update.

    `seen` is the newest update that their page knew of, None for callers without a page.
    """

    capture_id: UUID
    seen: int | None = None
    words: str = ""
    day: date | None = None
    passed_to: str = ""


@dataclass(frozen=True, slots=True)
class Taking:
    """A step being taken: everything that its checks and its writing need to know; `link_id` for an agency's link."""

    session: Session
    line: Action
    capture: Capture | None
    given: Given
    person: Person
    now: datetime
    link_id: UUID | None = None


def take(action_id: int, name: str, given: Given, person: Person) -> Action:
    """Take one step with a line and return it; sent twice, it is taken once.

    Raises NotFound when the line is not this person's or there is no such step for them, Stale when it changed since
    the page was made, Refused with a sentence for what is missing or does not fit.
    """
    step = rules.BY_NAME.get(name)
    if step is None or not person.may(step.permission):
        raise NotFound

    def write(taking: Taking) -> None:
        if not rules.may_take(step, person, taking.line.owner_agency):
            raise NotFound
        apply(taking, step)

    return _once(action_id, given, person, write)


def note(action_id: int, given: Given, person: Person) -> Action:
    """Write words, or keep photos, in a line's log without changing its state. Raises NotFound, Stale, Refused."""
    if not person.may(Permission.SEE_ACTIONS):
        raise NotFound

    def write(taking: Taking) -> None:
        if not given.words.strip() and not action_log.has_photo(taking.session, given.capture_id):
            raise Refused({"words": NOTHING_SAID})
        _log(taking, NOTE, {})

    return _once(action_id, replace(given, seen=None), person, write)


def _once(action_id: int, given: Given, person: Person, write: Callable[[Taking], None]) -> Action:
    with one_commit() as session:
        line = lines.locked(session, action_id, person)
        capture = action_log.begin(session, given.capture_id, person)
        if not action_log.is_written(session, capture, line):
            lines.refuse_stale(session, line, given.seen)
            write(Taking(session, line, capture, given, person, clock.now()))
    work.soon("photos")
    return line


def apply(taking: Taking, step: Step) -> None:
    """Take a step in the caller's commit. Raises Refused with a sentence for each thing that is missing."""
    line = taking.line
    found = _problems(taking, step)
    if found:
        raise Refused(found)
    changed = {"status": step.after, **_dates(taking, step)}
    for name, value in changed.items():
        setattr(line, name, value)
    _log(taking, step.name, changed)


def problems(line: Action, step: Step, given: Given, person: Person) -> dict[str, str]:
    """Return the sentences with which a step would be refused, to be told together with a form's own."""
    return _problems(Taking(db.session, line, None, given, person, clock.now()), step)


def _problems(taking: Taking, step: Step) -> dict[str, str]:
    if taking.line.status not in step.before:
        return {"step": ended(taking.line)}
    found: dict[str, str] = {}
    for need in step.needs:
        found.update(CHECKS[need](taking))
    if step.name == "agree" and taking.given.day is not None and taking.given.day > local_date(taking.now):
        found["day"] = NOT_YET
    return found


def agrees_too(status: str, step: Step) -> bool:
    """Return whether taking this step with a line that is only proposed says as well that its owner agrees.

    >>> [agrees_too("proposed", rules.BY_NAME[name]) for name in ("begin", "complete", "refuse")]
    [True, True, False]
    """
    return status == "proposed" and status not in step.before and "agreed" in step.before


def agree_first(taking: Taking, step: Step) -> None:
    """Let the owner's own answer that it has begun or is done also say that they agreed to it, by that day."""
    if agrees_too(taking.line.status, step):
        day, today = taking.given.day, local_date(taking.now)
        given = replace(taking.given, words="", day=day if day is not None and day <= today else None)
        # What the answer carries goes with what it says of the work.
        apply(replace(taking, given=given, capture=None), rules.BY_NAME["agree"])


def _log(taking: Taking, step: str, changed: Mapping[str, Any]) -> None:
    said = {name: value.isoformat() if isinstance(value, date) else value for name, value in changed.items()}
    action_log.write(
        taking.session,
        taking.line,
        step,
        taking.person,
        taking.now,
        capture=taking.capture,
        words=taking.given.words,
        after={name: said[name] for name in LOGGED if said.get(name)},
        link_id=taking.link_id,
    )


# What the log says of a step besides its words.
LOGGED = ("status", "agreed_on", "completed_on", "verified_on", "passed_to")
NOT_DONE: Mapping[str, Any] = dict.fromkeys(
    ("completed_on", "completed_by_id", "verified_on", "verified_by_id", "fed_back_on")
)


def _dates(taking: Taking, step: Step) -> dict[str, Any]:
    """Return the columns that go with a step's state; what no longer holds is cleared."""
    given, person, today = taking.given, taking.person, local_date(taking.now)
    columns: Mapping[str, Mapping[str, Any]] = {
        "agree": {"agreed_on": given.day or today},
        "complete": {"completed_on": given.day, "completed_by_id": person.id},
        "verify": {"verified_on": today, "verified_by_id": person.id},
        "send_back": NOT_DONE,
        "refuse": {"reason": given.words},
        "withdraw": {"reason": given.words},
        "transfer": {"passed_to": given.passed_to},
        "reopen": {**NOT_DONE, "agreed_on": None, "reason": "", "passed_to": ""},
    }
    return dict(columns.get(step.name, {}))


# What each need asks for; a sentence for each field that lacks it.


def _has_owner(taking: Taking) -> dict[str, str]:
    return {} if taking.line.owner_agency else {"step": NO_OWNER}


def _reason_given(taking: Taking) -> dict[str, str]:
    return {} if taking.given.words.strip() else {"words": NO_REASON}


def _day_possible(taking: Taking) -> dict[str, str]:
    day, agreed_on = taking.given.day, taking.line.agreed_on
    if day is None:
        return {"day": NO_DAY}
    if day > local_date(taking.now):
        return {"day": NOT_YET}
    return {"day": BEFORE_AGREED} if agreed_on is not None and day < agreed_on else {}


def _plan_named(taking: Taking) -> dict[str, str]:
    return {} if taking.given.passed_to.strip() else {"passed_to": NO_PLAN}


def _not_the_owner(taking: Taking) -> dict[str, str]:
    line = taking.line
    if rules.may_verify(taking.person, line.owner_agency, line.completed_by_id):
        return {}
    return {"step": BY_THE_OWNER}


CHECKS: Mapping[Need, Callable[[Taking], dict[str, str]]] = {
    Need.OWNER: _has_owner,
    Need.REASON: _reason_given,
    Need.DAY: _day_possible,
    Need.PLAN: _plan_named,
    Need.NOT_OWNER: _not_the_owner,
}
