"""What is changed about a speed-watch scheme, and what all such changes share: turns, marks of old pages, history."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.account import User
from webapp.models.event import Event
from webapp.models.speed_scheme import SpeedDevice, SpeedScheme, SpeedVolunteer
from webapp.rules.errors import NotFound, Refused, Stale
from webapp.rules.roles import Permission, Person
from webapp.services import schemes
from webapp.services.transaction import one_commit

TAKEN = "There is a scheme of this name already. Change that one, or choose another name."
ADDED, CHANGED = "scheme_added", "scheme_changed"
Belonging = TypeVar("Belonging", SpeedVolunteer, SpeedDevice)


@dataclass(frozen=True, slots=True)
class Given:
    """What an officer says of a scheme."""

    name: str
    parish: str
    is_active: bool = True


def may_make(person: Person) -> bool:
    """Return whether somebody makes, renames and ends schemes: officers, while coordinators look after their own."""
    return person.may(Permission.MAKE_SCHEMES)


def mark_of(row: Any, columns: Sequence[str]) -> str:
    """Return what a page says to prove which state of a row it knew."""
    said = json.dumps([str(getattr(row, name)) for name in columns])
    return hashlib.sha256(said.encode()).hexdigest()


def said_of(row: Any, columns: Sequence[str]) -> dict[str, Any]:
    """Return what history says of a row: these of its columns, days spelled out."""
    values = {name: getattr(row, name) for name in columns}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def found_in(session: Session, model: type[Belonging], scheme_id: int, own_id: int) -> Belonging:
    """Return a volunteer or a device of a scheme as it stands now. Raises NotFound where it is in no such scheme."""
    found = session.get(model, own_id, populate_existing=True)
    if found is None or found.scheme_id != scheme_id:
        raise NotFound
    return found


def mark(scheme: SpeedScheme) -> str:
    """Return the mark of a scheme."""
    return mark_of(scheme, ("name", "parish", "is_active"))


@contextmanager
def taken_once(problems: Mapping[str, str]) -> Iterator[Session]:
    """Yield the session of one commit; Refused with these where somebody else gave the same at the same moment."""
    try:
        with one_commit() as session:
            yield session
    except IntegrityError:
        raise Refused(problems) from None


def locked(session: Session, scheme_id: int, person: Person) -> SpeedScheme:
    """Return a scheme that somebody looks after, for which all who change something in it take turns."""
    scheme = schemes.run_by(scheme_id, person)
    session.refresh(scheme, with_for_update=True)
    return scheme


def add(given: Given, person: Person) -> int:
    """Add a scheme and return its id. Raises NotFound for who may not, Refused for a name that is taken or missing."""
    if not may_make(person):
        raise NotFound
    with taken_once({"name": TAKEN}) as session:
        _check(session, given, None)
        scheme = SpeedScheme(name=given.name, parish=given.parish, made_at=clock.now())
        session.add(scheme)
        session.flush()
        note(session, scheme.id, ADDED, person, after={"name": given.name})
        return scheme.id


def change(scheme_id: int, given: Given, seen: str, person: Person) -> None:
    """Let a scheme be as given. Raises NotFound, Refused, Stale when somebody changed it since the page was made."""
    if not may_make(person):
        raise NotFound
    with taken_once({"name": TAKEN}) as session:
        scheme = locked(session, scheme_id, person)
        if mark(scheme) != seen:
            raise Stale
        _check(session, given, scheme_id)
        before = {"name": scheme.name, "is_active": scheme.is_active}
        scheme.name, scheme.parish, scheme.is_active = given.name, given.parish, given.is_active
        after = {"name": scheme.name, "is_active": scheme.is_active}
        note(session, scheme_id, CHANGED, person, before=before, after=after)


def _check(session: Session, given: Given, scheme_id: int | None) -> None:
    if not given.name:
        raise Refused({"name": "Enter the name of the scheme."})
    same = select(SpeedScheme.id).where(func.lower(SpeedScheme.name) == given.name.lower())
    if any(other != scheme_id for other in session.scalars(same)):
        raise Refused({"name": TAKEN})


def note(
    session: Session,
    scheme_id: int,
    action: str,
    person: Person,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write a line of a scheme's history, in the caller's commit: no contact and no name of a volunteer is in it."""
    said = dict(before) if before else None
    about = {"scheme": scheme_id, **(after or {})}
    session.add(Event(at=clock.now(), by_id=person.id, action=action, before=said, after=about))


def history_of(scheme: SpeedScheme, limit: int = 50) -> list[tuple[Event, str | None]]:
    """Return the newest of what happened in a scheme, with who did it."""
    query = (
        select(Event, User.name)
        .outerjoin(User, Event.by_id == User.id)
        .where(Event.record_id.is_(None), Event.after["scheme"].as_integer() == scheme.id)
        .order_by(Event.id.desc())
        .limit(limit)
    )
    return [(event, name) for event, name in db.session.execute(query)]
