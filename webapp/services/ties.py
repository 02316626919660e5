"""What a line and a record of the same observation are to each other: closing one offers to close the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.action import Action, ActionObservation
from webapp.models.eva import Eva
from webapp.models.observation import Observation
from webapp.models.record import Record
from webapp.models.request import Request
from webapp.rules import actions as rules
from webapp.rules.roles import Permission, Person
from webapp.services import lines, records, requests


@dataclass(frozen=True, slots=True)
class Seen:
    """An observation that a record was made of, with its audit and the lines that answer it."""

    observation: Observation
    eva: Eva
    lines: Sequence[Action]

    @property
    def open_lines(self) -> list[Action]:
        """The lines about which something is still to be done."""
        return [line for line in self.lines if line.status in rules.OPEN]


@dataclass(frozen=True, slots=True)
class Ties:
    """What was made of a line's observations and is still open: records that its person sees, and requests."""

    records: Sequence[Record]
    requests: Sequence[Request]


def lines_of_record(record_id: UUID, person: Person) -> list[Seen]:
    """Return the observations that a record was made of with the lines that a person may see.

    Whoever sees no audits hears of those with a line of theirs only.
    """
    query = select(Observation, Eva).join(Eva, Eva.id == Observation.eva_id)
    made = query.where(Observation.made_record_id == record_id, Observation.removed_at.is_(None))
    found = [Seen(one, eva, _lines_of(one, person)) for one, eva in db.session.execute(made)]
    return [seen for seen in found if seen.lines or person.may(Permission.SURVEY)]


def _lines_of(observation: Observation, person: Person) -> Sequence[Action]:
    query = (
        select(Action)
        .join(ActionObservation, ActionObservation.action_id == Action.id)
        .where(ActionObservation.observation_id == observation.id, lines.seen_by(person))
    )
    return db.session.scalars(query.order_by(Action.number)).all()


def still_open(observations: Sequence[Observation], person: Person) -> Ties:
    """Return what was made of a line's observations and has not ended."""
    made = [one.made_record_id for one in observations if one.made_record_id]
    query = select(Record).where(
        Record.id.in_(made),
        Record.closed_at.is_(None),
        Record.cleared_on.is_(None),
        records.visible_to(person),
    )
    asked: Sequence[Request] = ()
    if person.may(Permission.SURVEY):
        own = [one.id for one in observations]
        wanted = select(Request).where(Request.observation_id.in_(own), Request.status.in_(requests.OPEN))
        asked = db.session.scalars(wanted.order_by(Request.id)).all()
    return Ties(db.session.scalars(query.order_by(Record.reference)).all(), asked)
