"""Make and colour of a session's vehicles beside DVLA's: what does not fit is discarded with its reason, never mended.

A few are asked about at each press, by the page and not by the worker: whoever checks waits for just these before they
decide, and no plate has to wait in a queue.
"""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.event import Event
from webapp.models.speed_reading import SpeedReading
from webapp.rules import dvla as rules
from webapp.rules.errors import NotFound, Refused
from webapp.rules.roles import Person
from webapp.rules.speed_check import may_be_ready
from webapp.services import dvla, plates, speed_checks, speed_watch
from webapp.services.transaction import one_commit

# At most so many questions at a press, and no new one after so long: a page must not keep anybody waiting.
AT_A_PRESS, LONGEST_S = 20, 15.0
COMPARED, DISCARDED = "speeds_compared", "rejected_dvla"


@dataclass(frozen=True, slots=True)
class Compared:
    """How many vehicles fit, have another make or colour, are not known to DVLA, or cannot be read by it.

    `left` were not asked about yet; `problem` is why a press stopped.
    """

    fitting: int = 0
    mismatched: int = 0
    not_known: int = 0
    not_read: int = 0
    left: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What DVLA said of a vehicle: `reason` is why it is discarded; one that is not read has none and stays."""

    reading_id: UUID
    about: tuple[str | None, ...] = field(repr=False)
    reason: str | None = None
    is_read: bool = True


def compare(reference: str, person: Person) -> Compared:
    """Ask DVLA about vehicles that would be ready and were not compared yet, and discard what does not fit.

    What could not be asked stays as it was. Raises NotFound, and Refused for a session that cannot be checked.
    """
    watch = speed_checks.find(reference, person)
    if not dvla.is_set():
        raise NotFound
    refusal = speed_checks.refusal_of(watch)
    if refusal:
        raise Refused({"form": refusal})
    session_id = watch.id
    waiting = _waiting(db.session, session_id)
    # Nothing is held while DVLA is asked: its answers may take seconds.
    rows = [(one.id, _about(one), plates.opened(one) or "") for one in waiting]
    db.session.rollback()
    asked, problem = _ask(rows)
    if not asked:
        return Compared(left=len(rows), problem=problem)
    written = _write(session_id, asked, person)
    plates.scrub_after([one.reading_id for one in written if one.reason])
    return _counted(written, len(_waiting(db.session, session_id)), problem)


def _counted(asked: Sequence[_Asked], left: int, problem: str = "") -> Compared:
    reasons = Counter(one.reason for one in asked if one.is_read)
    return Compared(
        fitting=reasons[None],
        mismatched=reasons[rules.OTHER_MAKE] + reasons[rules.OTHER_COLOUR],
        not_known=reasons[rules.UNKNOWN],
        not_read=sum(not one.is_read for one in asked),
        left=left,
        problem=problem,
    )


def _about(row: SpeedReading) -> tuple[str | None, str | None, str | None]:
    """Return what of a row is compared, with the hash of its plate: corrected meanwhile, it is asked about again."""
    return row.make, row.colour, row.plate_hash


def so_far(session_id: UUID) -> Compared:
    """Return what came of a session's vehicles until now, and how many can still be compared."""
    was_asked = or_(
        SpeedReading.compared_at.is_not(None),
        SpeedReading.not_compared_at.is_not(None),
        SpeedReading.status == DISCARDED,
    )
    query = select(SpeedReading).where(
        SpeedReading.session_id == session_id, SpeedReading.removed_at.is_(None), was_asked
    )
    asked = [
        _Asked(
            one.id,
            (),
            one.status_reason if one.status == DISCARDED else None,
            is_read=one.not_compared_at is None,
        )
        for one in db.session.scalars(query)
    ]
    return _counted(asked, len(_waiting(db.session, session_id)))


def _waiting(session: Session, session_id: UUID) -> list[SpeedReading]:
    query = (
        select(SpeedReading)
        .where(
            SpeedReading.session_id == session_id,
            SpeedReading.status == "draft",
            SpeedReading.removed_at.is_(None),
            SpeedReading.compared_at.is_(None),
            SpeedReading.not_compared_at.is_(None),
            SpeedReading.plate.is_not(None),
        )
        .order_by(SpeedReading.seen_at, SpeedReading.id)
    )
    rows: Sequence[SpeedReading] = session.scalars(query).all()
    return [one for one in rows if may_be_ready(one.confidence, one.kind, has_plate=True)]


def _ask(
    rows: Sequence[tuple[UUID, tuple[str | None, str | None, str | None], str]],
) -> tuple[list[_Asked], str]:
    """Return what DVLA said of each vehicle that it could be asked about, and why it was not asked about the others."""
    asked, problem, until = [], "", time.monotonic() + LONGEST_S
    for own_id, about, plate in rows[:AT_A_PRESS]:
        if time.monotonic() > until:
            break
        try:
            theirs = dvla.ask(plate)
        except dvla.DvlaNotUnderstood:
            asked.append(_Asked(own_id, about, is_read=False))
            continue
        except dvla.DvlaLater as later:
            problem = str(later)
            break
        reason = rules.UNKNOWN if theirs is None else rules.mismatch(*about[:2], theirs.make, theirs.colour)
        asked.append(_Asked(own_id, about, reason))
    return asked, problem


def _write(session_id: UUID, asked: Sequence[_Asked], person: Person) -> list[_Asked]:
    """Write what was found of rows that still say what was asked about, and return it."""
    now = clock.now()
    with one_commit() as session:
        speed_watch.hold_with_rows(session, session_id)
        own = select(SpeedReading).where(SpeedReading.id.in_([one.reading_id for one in asked]))
        rows = {one.id: one for one in session.scalars(own, execution_options={"populate_existing": True})}
        written = [one for one in asked if _is_still_so(rows.get(one.reading_id), one)]
        for one in written:
            row = rows[one.reading_id]
            if one.reason is not None:
                row.status, row.status_reason = DISCARDED, one.reason
            elif one.is_read:
                row.compared_at = now
            else:
                row.not_compared_at = now
        session.flush()
        plates.forget(session, [one.reading_id for one in written if one.reason], now)
        counted = _counted(written, 0)
        about = {
            "fitting": counted.fitting,
            DISCARDED: counted.mismatched + counted.not_known,
            "not_read": counted.not_read,
        }
        session.add(Event(record_id=session_id, at=now, by_id=person.id, action=COMPARED, after=about))
    return written


def _is_still_so(row: SpeedReading | None, asked: _Asked) -> bool:
    return row is not None and row.status == "draft" and _about(row) == asked.about
