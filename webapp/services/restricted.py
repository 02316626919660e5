"""What only officers see of a record, its enforcement and evidence: each opening and each change is written down."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.account import User
from webapp.models.enforcement import EnforcementStep, Exhibit, ExhibitMove, PenaltyChange
from webapp.models.event import Event
from webapp.models.fly_tipping import FlyTip
from webapp.rules.errors import NotFound, Refused
from webapp.rules.roles import Permission, Person
from webapp.services import history, records
from webapp.services.transaction import one_commit

Written = TypeVar("Written", EnforcementStep, PenaltyChange, Exhibit, ExhibitMove)
OPENED = "enforcement_opened"


@dataclass(frozen=True, slots=True)
class Writing:
    """A change to a record's enforcement being made, in one commit."""

    session: Session
    tip: FlyTip
    person: Person
    now: datetime

    def note(self, action: str, after: dict[str, Any], before: dict[str, Any] | None = None) -> None:
        """Write the line of history: neither names nor places belong in it."""
        event = Event(
            record_id=self.tip.id,
            at=self.now,
            by_id=self.person.id,
            action=action,
            before=before,
            after={name: value for name, value in after.items() if value is not None},
        )
        self.session.add(event)


def ask(person: Person) -> None:
    """Raise NotFound unless this person sees and writes enforcement."""
    if not person.may(Permission.ENFORCE):
        raise NotFound


@contextmanager
def writing(reference: str, person: Person, seen: int | None) -> Iterator[Writing]:
    """Yield a fly-tip to write enforcement on; commit at the end.

    Raises NotFound, and Stale when any of its enforcement was written after the event that their page knew of, so
    that two officers never write the same thing twice.
    """
    ask(person)
    with one_commit() as session:
        tip = records.locked(session, reference, person)
        history.refuse_stale(session, tip, seen, history.ENFORCEMENT)
        yield Writing(session, tip, person, clock.now())


def refuse(problems: Mapping[str, str | None]) -> None:
    """Raise Refused with the sentences there are, beside the fields they are about; None is no problem."""
    said = {name: sentence for name, sentence in problems.items() if sentence}
    if said:
        raise Refused(said)


def opened(reference: str, person: Person) -> FlyTip:
    """Return a fly-tip whose enforcement is shown now, and write down that it was. Raises NotFound."""
    ask(person)
    with one_commit() as session:
        tip = records.find(reference, person)
        if not isinstance(tip, FlyTip):
            raise NotFound
        session.add(Event(record_id=tip.id, at=clock.now(), by_id=person.id, action=OPENED))
    return tip


def list_opened(name: str, person: Person) -> None:
    """Write down that a list of many records' enforcement was shown. Raises NotFound."""
    ask(person)
    with one_commit() as session:
        session.add(Event(at=clock.now(), by_id=person.id, action=OPENED, after={"list": name}))


def with_writers(
    model: type[Written], *conditions: ColumnElement[bool], order: tuple[Any, ...] = ()
) -> list[tuple[Written, str | None]]:
    """Return rows, each with the name of who wrote it, in an order and as they were written."""
    query = select(model, User.name).outerjoin(User, model.by_id == User.id).where(*conditions)
    return [(row, name) for row, name in db.session.execute(query.order_by(*order, model.id))]


def written(tip: FlyTip, seen: int = 0) -> Sequence[tuple[Event, str | None]]:
    """Return what was written about a record's enforcement after an event, with who did it, oldest first."""
    return history.since(db.session, tip, seen, history.ENFORCEMENT)
