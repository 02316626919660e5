"""Drafts on the server: a signed-in person's half-filled forms, so that what a phone began a desk can finish.

Sealed, never looked into, for its owner only, and forgotten after 30 days or once the capture has been sent.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from webapp.extensions import clock, db
from webapp.models.capture import Capture, Draft
from webapp.rules.captures import DRAFT_DAYS
from webapp.rules.errors import NotFound, Refused
from webapp.rules.roles import Person
from webapp.services.kinds import find_captured
from webapp.services.rows import Rows
from webapp.services.seal import seal, unseal
from webapp.services.transaction import one_commit

MOST_DRAFTS = 200
TOO_MANY = (
    f"{MOST_DRAFTS} drafts are kept already. Send or delete some of them. This one stays on your device."
)
STAYS_ON_PHONE = "Drafts of this kind stay on the device, because they may hold vehicle registrations."
SENT = "This was sent already."


def keep(draft_id: UUID, kind: str, content: Mapping[str, Any], person: Person) -> None:
    """Keep a draft, or put it in the place of the one before. Raises NotFound for somebody else's id, Refused."""
    if find_captured(kind).has_plates:
        raise Refused({"draft": STAYS_ON_PHONE})
    with one_commit() as session:
        capture = session.get(Capture, draft_id)
        if capture is not None and capture.owner_id != person.id:
            raise NotFound
        if capture is not None and (capture.state != "staged" or capture.waits_for):
            raise Refused({"draft": SENT})
        values = {"kind": kind, "payload": seal(content).payload, "saved_at": clock.now()}
        if Rows(session).write_unless_there(Draft, id=draft_id, owner_id=person.id, **values):
            return _keep_room(session, person)
        draft = session.get(Draft, draft_id, with_for_update=True, populate_existing=True)
        if draft is None or draft.owner_id != person.id:
            raise NotFound
        for name, value in values.items():
            setattr(draft, name, value)
        return None


def _keep_room(session: Any, person: Person) -> None:
    ids = session.scalars(select(Draft.id).where(Draft.owner_id == person.id)).all()
    if len(ids) > MOST_DRAFTS:
        raise Refused({"draft": TOO_MANY})


def read(draft_id: UUID, person: Person) -> Any:
    """Return a draft as its owner's phone left it. Raises NotFound."""
    return unseal(_own(draft_id, person).payload)


def of(person: Person) -> Sequence[Draft]:
    """Return somebody's drafts, newest first."""
    query = select(Draft).where(Draft.owner_id == person.id).order_by(Draft.saved_at.desc())
    return db.session.scalars(query).all()


def drop(draft_id: UUID, person: Person) -> None:
    """Forget a draft; one that is gone already is no error."""
    with one_commit() as session:
        session.execute(delete(Draft).where(Draft.id == draft_id, Draft.owner_id == person.id))


def _own(draft_id: UUID, person: Person) -> Draft:
    draft = db.session.scalar(select(Draft).where(Draft.id == draft_id, Draft.owner_id == person.id))
    if draft is None:
        raise NotFound
    return draft


def tidy() -> bool:
    """Forget drafts after 30 days; nothing is ever left waiting."""
    old = Draft.saved_at <= clock.now() - timedelta(days=DRAFT_DAYS)
    if db.session.scalar(select(Draft.id).where(old).limit(1)) is not None:
        with one_commit() as session:
            session.execute(delete(Draft).where(old))
    return False
