"""What the police said of an export: rows they do not use are forgotten at once, the others in 30 days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.account import User
from webapp.models.capture import Capture
from webapp.models.event import Event
from webapp.models.police_export import PoliceExport
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_watch import SpeedSession
from webapp.rules.clock import local_date
from webapp.rules.errors import Refused, Stale
from webapp.rules.plate_words import LEAVE_IT_OUT, names_a_plate
from webapp.rules.roles import Person
from webapp.services import forgetting, plates, police_exports
from webapp.services.transaction import one_commit

ANSWERED, CORRECTED = "police_answered", "police_counts_changed"
NO_REASON = "Say why the counts are changed."
NOT_TAKEN = (
    "Nobody has taken the file of this export yet, so that the police cannot have answered it. Take the file and hand"
    " it to them first."
)
NOT_ANSWERED = "Write down first what the police said of the rows."


@dataclass(frozen=True, slots=True)
class Answer:
    """Which rows the police do not use, by their numbers; how many letters and visits there were, None if unsaid."""

    rejected: frozenset[int]
    letters: int | None
    visits: int | None


def answer(export_id: int, said: Answer, person: Person) -> PoliceExport:
    """Write down what came back, once. The same again changes nothing.

    Raises NotFound, Refused while nobody has taken the file and for numbers that the export has not, Stale when
    somebody wrote down something else before.
    """
    police_exports.find(export_id, person)
    now = clock.now()
    with one_commit() as session:
        export, rows = _held(session, export_id)
        if export.answered_on is not None:
            if _is_the_same(export, rows, said):
                return export
            raise Stale
        if not police_exports.is_taken(session, export_id):
            raise Refused({"form": NOT_TAKEN})
        unknown = sorted(number for number in said.rejected if not 1 <= number <= export.rows)
        if unknown:
            raise Refused({"rejected": f"This export has rows 1 to {export.rows}, and no row {unknown[0]}."})
        rejected = [row for row, _ in rows if row.export_number in said.rejected]
        accepted = [row for row, _ in rows if row.export_number not in said.rejected]
        for row in rejected:
            row.status, row.status_reason = "rejected_police", ""
        for row in accepted:
            row.status, row.accepted_at = "accepted", now
        export.answered_on, export.answered_by_id = local_date(now), person.id
        export.accepted, export.rejected = len(accepted), len(rejected)
        export.letters, export.visits = said.letters, said.visits
        session.flush()
        forgotten = [row.id for row in rejected]
        plates.forget(session, forgotten, now)
        _note(session, export, rows, person, now)
    plates.scrub_after(forgotten)
    return export


def _held(session: Session, export_id: int) -> tuple[PoliceExport, list[tuple[SpeedReading, SpeedSession]]]:
    """Return an export with its rows, held in the order in which whoever forgets a row holds them."""
    own = select(SpeedReading.id).where(SpeedReading.export_id == export_id)
    forgetting.hold(session, Capture.id.in_(own))
    query = select(PoliceExport).where(PoliceExport.id == export_id).with_for_update()
    export = session.scalars(query, execution_options={"populate_existing": True}).one()
    return export, police_exports.rows_of(session, export)


def _is_the_same(
    export: PoliceExport, rows: Sequence[tuple[SpeedReading, SpeedSession]], said: Answer
) -> bool:
    rejected = frozenset(row.export_number or 0 for row, _ in rows if row.status == "rejected_police")
    return (rejected, export.letters, export.visits) == (said.rejected, said.letters, said.visits)


def _note(
    session: Session,
    export: PoliceExport,
    rows: Sequence[tuple[SpeedReading, SpeedSession]],
    person: Person,
    now: datetime,
) -> None:
    for watch in {watch.id: watch for _, watch in rows}.values():
        own = [row.status for row, its in rows if its.id == watch.id]
        about = {
            "export": export.id,
            "accepted": own.count("accepted"),
            "rejected_police": own.count("rejected_police"),
        }
        session.add(Event(record_id=watch.id, at=now, by_id=person.id, action=ANSWERED, after=about))


def changes_of(export: PoliceExport) -> Sequence[tuple[Event, str | None]]:
    """Return how the counts of an export were changed afterwards, oldest first, each with the name of who did."""
    query = (
        select(Event, User.name)
        .outerjoin(User, User.id == Event.by_id)
        .where(Event.action == CORRECTED, Event.record_id.is_(None))
        .where(Event.after["export"].as_integer() == export.id)
        .order_by(Event.id)
    )
    return [(one, name) for one, name in db.session.execute(query)]


def change_counts(
    export_id: int, letters: int | None, visits: int | None, reason: str, person: Person
) -> PoliceExport:
    """Change the counts of letters and visits, which often come later, with the reason. Raises NotFound, Refused."""
    police_exports.find(export_id, person)
    now = clock.now()
    with one_commit() as session:
        export, rows = _held(session, export_id)
        if export.answered_on is None:
            raise Refused({"form": NOT_ANSWERED})
        if (export.letters, export.visits) == (letters, visits):
            return export
        if not reason.strip():
            raise Refused({"reason": NO_REASON})
        if names_a_plate(reason, filter(None, (plates.opened(row) for row, _ in rows))):
            raise Refused({"reason": LEAVE_IT_OUT})
        before = {"letters": export.letters, "visits": export.visits}
        export.letters, export.visits = letters, visits
        after = {"export": export.id, "letters": letters, "visits": visits}
        event = Event(at=now, by_id=person.id, action=CORRECTED, before=before, after=after)
        event.reason = reason.strip()
        session.add(event)
    return export
