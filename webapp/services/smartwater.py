"""Where SmartWater was put: for officers only, so each opening is written down, and no line of history has a place."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

from webapp.extensions import clock, db
from webapp.models.enforcement import SmartWaterMark, SmartWaterRead
from webapp.models.event import Event
from webapp.models.record import Record
from webapp.rules import enforcement as rules
from webapp.rules.clock import local_date
from webapp.rules.errors import Refused
from webapp.rules.roles import Person
from webapp.services import restricted
from webapp.services.rows import Rows
from webapp.services.transaction import one_commit


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing or place that was marked; a position is in degrees, both or none."""

    deployment_ref: str
    marked_on: date
    marked_by: str
    place: str
    item: str
    code_batch: str
    is_covert: bool
    has_signage: bool
    latitude: float | None = None
    longitude: float | None = None


def add_mark(given: Mark, person: Person) -> None:
    """Write down where SmartWater was put. Raises NotFound, Refused in the future or when its reference is taken."""
    restricted.ask(person)
    now = clock.now()
    with one_commit() as session:
        problem = rules.day_problem(given.marked_on, local_date(now))
        if problem:
            raise Refused({"marked_on": problem})
        if not Rows(session).write_unless_there(
            SmartWaterMark, **asdict(given), written_at=now, by_id=person.id
        ):
            raise Refused(
                {"deployment_ref": f"There is a mark {given.deployment_ref} already. Give this one another."}
            )
        mark_id = session.scalar(
            select(SmartWaterMark.id).where(SmartWaterMark.deployment_ref == given.deployment_ref)
        )
        session.add(Event(at=now, by_id=person.id, action="smartwater_marked", after={"mark": mark_id}))


def open_marks(person: Person) -> list[tuple[SmartWaterMark, Sequence[str]]]:
    """Return all marks, newest first, each with the references of the records where it was recognised.

    Writes down that they were opened. Raises NotFound for who may not.
    """
    restricted.list_opened("smartwater", person)
    query = select(SmartWaterMark).order_by(SmartWaterMark.marked_on.desc(), SmartWaterMark.id.desc())
    marks = db.session.scalars(query).all()
    on: dict[int, list[str]] = {mark.id: [] for mark in marks}
    recognised = (
        select(SmartWaterMark.id, Record.reference)
        .join(SmartWaterRead, SmartWaterRead.mark_id == SmartWaterMark.id)
        .join(Record, Record.id == SmartWaterRead.record_id)
        .distinct()
        .order_by(Record.reference)
    )
    for mark_id, reference in db.session.execute(recognised):
        on[mark_id].append(reference)
    return [(mark, on[mark.id]) for mark in marks]


def mark_names() -> list[tuple[int, str]]:
    """Return the id and the reference of each mark, by reference: never where it is."""
    query = select(SmartWaterMark.id, SmartWaterMark.deployment_ref).order_by(SmartWaterMark.deployment_ref)
    return [(mark_id, name) for mark_id, name in db.session.execute(query)]
