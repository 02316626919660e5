"""Vehicles and counts whose session never comes, as after a mistyped code: an officer says which one they belong to.

All that wait under one session go together. Nothing of them is opened for it: not what they say, nor any plate.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.account import User
from webapp.models.capture import Capture
from webapp.models.event import Event
from webapp.models.speed_scheme import SpeedVolunteer
from webapp.models.speed_watch import SpeedSession
from webapp.rules.clock import local_date
from webapp.rules.errors import NotFound, Refused
from webapp.rules.roles import Permission, Person
from webapp.services import schemes, waiting, work
from webapp.services.transaction import one_commit

PLACED = "strays_placed"
CHOOSE = "Choose the session that they belong to."
# A phone may have been without a signal for that long before it sent what it has.
HELD_WITHIN = timedelta(days=31)
MOST_OFFERED = 50


@dataclass(frozen=True, slots=True)
class Strays:
    """What waits under one session that has not arrived: how many of each kind, whose, since when.

    `sessions` are those to which it may belong: of the senders' schemes, those they left too, not long before it came.
    `is_lost` is True once it has not come within a week of any of them.
    """

    parent: UUID
    counts: Mapping[str, int]
    senders: Sequence[str]
    first_at: datetime
    sessions: Sequence[SpeedSession]
    is_lost: bool


def of(person: Person) -> list[Strays]:
    """Return what waits for a session that has not arrived, oldest first; nothing for who may not decide."""
    if not person.may(Permission.RESCUE):
        return []
    groups: dict[UUID, list[Capture]] = {}
    for one in db.session.scalars(select(Capture).where(waiting.is_stray()).order_by(Capture.first_seen_at)):
        if one.parent_id is not None:
            groups.setdefault(one.parent_id, []).append(one)
    return [_strays(db.session, parent, some) for parent, some in groups.items()]


def _strays(session: Session, parent: UUID, some: Sequence[Capture]) -> Strays:
    owners = select(User).where(User.id.in_({one.owner_id for one in some})).order_by(User.name, User.id)
    users = session.scalars(owners).all()
    return Strays(
        parent=parent,
        counts=Counter(one.kind for one in some),
        senders=[user.called for user in users],
        first_at=min(one.first_seen_at for one in some),
        sessions=_offered(session, some, users),
        is_lost=waiting.are_late(some),
    )


def _offered(session: Session, some: Sequence[Capture], users: Sequence[User]) -> Sequence[SpeedSession]:
    ids = frozenset[int]().union(*(_schemes_of(session, user) for user in users))
    days = [local_date(one.first_seen_at) for one in some]
    query = select(SpeedSession).where(
        SpeedSession.scheme_id.in_(ids),
        SpeedSession.status != "taken_back",
        SpeedSession.held_on.between(min(days) - HELD_WITHIN, max(days)),
    )
    newest = query.order_by(SpeedSession.began_at.desc(), SpeedSession.reference).limit(MOST_OFFERED)
    return session.scalars(newest).all()


def _schemes_of(session: Session, user: User) -> frozenset[int]:
    """Return the schemes in which somebody may have logged: those that they have left since, too."""
    known = select(SpeedVolunteer.scheme_id).where(SpeedVolunteer.user_id == user.id)
    person = Person(id=user.id, roles=tuple(user.role_names), agency=user.agency)
    return schemes.ids_of(person) | frozenset(session.scalars(known))


def place(parent: UUID, reference: str, officer: Person) -> int:
    """Let all that waits under a session that has not come belong to another one; return how much that is.

    It becomes part of that as soon as the worker looks, whoever sent it. Raises NotFound where nothing waits, Refused
    for a session that is not offered.
    """
    if not officer.may(Permission.RESCUE):
        raise NotFound
    with one_commit() as session:
        some = _held(session, parent)
        strays = _strays(session, parent, some)
        chosen = next((one for one in strays.sessions if one.reference == reference), None)
        if chosen is None:
            raise Refused({"session": CHOOSE})
        for one in some:
            one.parent_id, one.waits_for = chosen.id, "parent"
        session.add(
            Event(
                record_id=chosen.id,
                at=clock.now(),
                by_id=officer.id,
                action=PLACED,
                after=dict(strays.counts),
            )
        )
    work.soon("children")
    return len(some)


def set_aside(parent: UUID, why: str, officer: Person) -> None:
    """Leave all that waits under a session that has not come within a week out of the records for good, or nothing.

    Raises NotFound where nothing does, Refused for a reason that names a registration.
    """
    if not officer.may(Permission.RESCUE):
        raise NotFound
    with one_commit() as session:
        some = _held(session, parent)
        if not waiting.are_late(some):
            raise NotFound
        waiting.leave_out(session, some, why, officer)


def _held(session: Session, parent: UUID) -> Sequence[Capture]:
    query = select(Capture).where(waiting.is_stray(), Capture.parent_id == parent).order_by(Capture.id)
    some = session.scalars(query.with_for_update(), execution_options={"populate_existing": True}).all()
    if not some:
        raise NotFound
    return some
