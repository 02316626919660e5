"""Requests: somebody asks for a speed-watch site, an operation, or something of another body."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.account import User
from webapp.models.action import Action, ActionObservation
from webapp.models.eva import Eva
from webapp.models.event import Event
from webapp.models.observation import Observation
from webapp.models.request import Request
from webapp.rules import actions as action_rules
from webapp.rules import requests as rules
from webapp.rules.codes.actions import REQUEST_KINDS
from webapp.rules.errors import NotFound, Refused, Stale
from webapp.rules.roles import Permission, Person
from webapp.services import wards
from webapp.services.transaction import one_commit

OPEN = ("open", "taken_up")
PAGE_SIZE = 50
NEEDS_WORDS = "Say what became of it, so that whoever asked can be told."


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with the observation that it was made of and the audit of that; without one, both are None."""

    request: Request
    observation: Observation | None
    eva: Eva | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of requests with the count of all that match."""

    asked: Sequence[Asked]
    total: int
    number: int
    last: int


def make_of(session: Session, observation: Observation, kind: str, person: Person, now: datetime) -> Request:
    """Make a request of an observation, once, in the caller's commit."""
    made = made_of(observation.id)
    if made is None:
        made = Request(
            kind=kind,
            status="open",
            words=observation.note,
            agency=observation.owner_agency,
            ward_code=observation.ward_code,
            observation_id=observation.id,
            made_at=now,
            made_by_id=person.id,
        )
        session.add(made)
        session.flush()
        _note(session, made, observation.eva_id, rules.MADE, person, now)
    return made


def made_of(observation_id: UUID) -> Request | None:
    """Return the request that was made of an observation, None while there is none."""
    return db.session.scalar(select(Request).where(Request.observation_id == observation_id))


def make(kind: str, words: str, ward_code: str | None, agency: str | None, person: Person) -> Request:
    """Make a request that no observation led to. Raises NotFound for who may not, Refused for one without words."""
    if not person.may(Permission.PLAN_ACTIONS):
        raise NotFound
    problems = {}
    if kind not in REQUEST_KINDS:
        problems["kind"] = "Choose what is asked for."
    if not words.strip():
        problems["words"] = "Say what is asked for, and where."
    if ward_code is not None and ward_code not in wards.in_use().names:
        problems["ward_code"] = "Choose the ward from the list, or leave it open."
    if problems:
        raise Refused(problems)
    now = clock.now()
    with one_commit() as session:
        made = Request(
            kind=kind,
            status="open",
            words=words,
            agency=agency,
            ward_code=ward_code,
            made_at=now,
            made_by_id=person.id,
        )
        session.add(made)
        session.flush()
        _note(session, made, None, rules.MADE, person, now)
        return made


def listed(person: Person, *, state: str | None = None, kind: str | None = None, number: int = 1) -> Page:
    """Return a page of requests, newest first; `state` is a status. Raises NotFound for who may not see them."""
    if not person.may(Permission.SURVEY):
        raise NotFound
    narrow = []
    if state:
        narrow.append(Request.status == state)
    if kind:
        narrow.append(Request.kind == kind)
    total = db.session.scalar(select(func.count()).select_from(Request).where(*narrow)) or 0
    last = max(1, -(-total // PAGE_SIZE))
    shown = max(1, min(number, last))
    query = _with_what_was_seen().where(*narrow).order_by(Request.made_at.desc(), Request.id.desc())
    rows = db.session.execute(query.limit(PAGE_SIZE).offset((shown - 1) * PAGE_SIZE))
    return Page([Asked(request, seen, eva) for request, seen, eva in rows], total, shown, last)


def _with_what_was_seen() -> Select[Request, Observation, Eva]:
    return (
        select(Request, Observation, Eva)
        .outerjoin(Observation, Observation.id == Request.observation_id)
        .outerjoin(Eva, Eva.id == Observation.eva_id)
    )


def find(request_id: int, person: Person) -> Request:
    """Return one request. Raises NotFound when there is none, or none for this person."""
    found = db.session.get(Request, request_id, populate_existing=True)
    if found is None or not person.may(Permission.SURVEY):
        raise NotFound
    return found


def source_of(request: Request) -> Asked:
    """Return a request with what it was made of."""
    query = _with_what_was_seen().where(Request.id == request.id)
    _, observation, eva = db.session.execute(query).one()
    return Asked(request, observation, eva)


def open_lines(observation_id: UUID | None) -> Sequence[Action]:
    """Return the open lines of plans that answer an observation: who closes its request looks at them too."""
    query = (
        select(Action)
        .join(ActionObservation, ActionObservation.action_id == Action.id)
        .where(ActionObservation.observation_id == observation_id, Action.status.in_(action_rules.OPEN))
        .order_by(Action.number)
    )
    return db.session.scalars(query).all()


def mark(request: Request) -> str:
    """Return what a page says to prove which answer it knew."""
    at = request.answered_at.isoformat() if request.answered_at else ""
    return f"{request.status} {at}"


def answer(request_id: int, status: str, words: str, person: Person, seen: str | None = None) -> Request:
    """Take a request up, close or decline it, or open it again, with words that say what became of it.

    `seen` is the mark of the request that a page knew. Raises NotFound, Stale when somebody answered meanwhile, Refused
    for an answer without words that needs them or that its state does not allow.
    """
    step = rules.BY_STATUS.get(status)
    if not person.may(Permission.PLAN_ACTIONS):
        raise NotFound
    with one_commit() as session:
        found = session.get(Request, request_id, with_for_update=True, populate_existing=True)
        if found is None:
            raise NotFound
        if seen is not None and seen != mark(found):
            raise Stale
        if step is None or found.status not in step.before:
            raise Refused({"status": "That cannot be done with it as it stands now. Choose another answer."})
        if step.needs_words and not words.strip():
            raise Refused({"words": NEEDS_WORDS})
        _answer(session, found, step, words, person, clock.now())
        return found


def settle(session: Session, request_id: int, status: str, words: str, person: Person, now: datetime) -> None:
    """Answer a request by what became of it elsewhere, in the caller's commit; one that is answered stays as it is."""
    found = session.get_one(Request, request_id, with_for_update=True, populate_existing=True)
    step = rules.BY_STATUS[status]
    if found.status in step.before:
        _answer(session, found, step, words, person, now)


def _answer(
    session: Session, request: Request, step: rules.Step, words: str, person: Person, now: datetime
) -> None:
    before = request.status
    request.status, request.answer = step.after, words
    request.answered_at, request.answered_by_id = now, person.id
    observation = session.get(Observation, request.observation_id) if request.observation_id else None
    eva_id = observation.eva_id if observation else None
    _note(session, request, eva_id, step.event, person, now, before=before, words=words)


def _note(
    session: Session,
    request: Request,
    eva_id: UUID | None,
    action: str,
    person: Person,
    now: datetime,
    before: str | None = None,
    words: str = "",
) -> None:
    """Write down what happened to a request, in the history of the audit that it came from where there is one."""
    about: dict[str, Any] = {"request": request.id, "kind": request.kind, "status": request.status}
    session.add(
        Event(
            record_id=eva_id,
            at=now,
            by_id=person.id,
            action=action,
            before={"status": before} if before else None,
            after=about,
            reason=words[:500] or None,
        )
    )


def history_of(asked: Asked) -> list[tuple[Event, str | None]]:
    """Return what happened to a request with who did it, oldest first."""
    of_record = Event.record_id == asked.eva.id if asked.eva else Event.record_id.is_(None)
    query = (
        select(Event, User.name)
        .outerjoin(User, Event.by_id == User.id)
        .where(of_record, Event.action.in_(rules.EVENTS))
        .order_by(Event.id)
    )
    return [
        (event, name)
        for event, name in db.session.execute(query)
        if (event.after or {}).get("request") == asked.request.id
    ]


def label(request: Request) -> str:
    """Return what a request asks for."""
    return REQUEST_KINDS.label(request.kind)
