"""Requests: somebody asks for a speed-watch site, an operation, or something of another body."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.observation import Observation
from webapp.models.request import Request
from webapp.rules.codes.actions import REQUEST_KINDS
from webapp.rules.errors import NotFound, Refused
from webapp.rules.roles import Permission, Person
from webapp.services.transaction import one_commit

OPEN = ("open", "taken_up")


def make_of(session: Session, observation: Observation, kind: str, person: Person, now: datetime) -> Request:
    """Make a request of an observation, once, in the caller's commit."""
    made = session.scalar(select(Request).where(Request.observation_id == observation.id))
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
    return made


def listed(person: Person, *, state: str | None = None, kind: str | None = None) -> Sequence[Request]:
    """Return requests, newest first; `state` is a status. Raises NotFound for who may not see them."""
    if not person.may(Permission.SURVEY):
        raise NotFound
    query = select(Request).order_by(Request.made_at.desc(), Request.id.desc())
    if state:
        query = query.where(Request.status == state)
    if kind:
        query = query.where(Request.kind == kind)
    return db.session.scalars(query).all()


def find(request_id: int, person: Person) -> Request:
    """Return one request. Raises NotFound when there is none, or none for this person."""
    found = db.session.get(Request, request_id)
    if found is None or not person.may(Permission.SURVEY):
        raise NotFound
    return found


def answer(request_id: int, status: str, words: str, person: Person) -> Request:
    """Take a request up, close or decline it, or open it again, with words that say what became of it.

    Raises NotFound, Refused for an end without words.
    """
    if not person.may(Permission.PLAN_ACTIONS) or status not in ("open", "taken_up", "closed", "declined"):
        raise NotFound
    if status in ("closed", "declined") and not words.strip():
        raise Refused({"words": "Say what became of it, so that whoever asked can be told."})
    with one_commit() as session:
        found = session.get(Request, request_id, with_for_update=True, populate_existing=True)
        if found is None:
            raise NotFound
        found.status, found.answer = status, words
        found.answered_at, found.answered_by_id = clock.now(), person.id
        return found


def label(request: Request) -> str:
    """Return what a request asks for."""
    return REQUEST_KINDS.label(request.kind)
