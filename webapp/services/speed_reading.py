"""Vehicles of a speed-watch session: their columns, and whether a plate may be kept at all (field-facts 3.2)."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.extensions import clock
from webapp.models.capture import Capture
from webapp.models.record import Record
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_watch import SpeedSession
from webapp.rules import speed as rules
from webapp.rules import vrm
from webapp.rules.clock import local_date, shown_at
from webapp.rules.errors import Refused
from webapp.rules.roles import Permission, Person
from webapp.services import forgetting, plates, schemes, speed_watch

# As long as it was not handed over, forgotten or left out.
CORRECTABLE = frozenset({"draft", "checked", "ready"})
TAKEN_BACK = (
    "The session that this belongs to was taken back, so that it counts for nothing. Set it aside, or ask whoever held"
    " the session to write it down again."
)
NOT_THEN = "The session was not held at that time. Check the time, or leave it empty."
SEEN = ("vehicle", "direction")
NOTHING_SEEN: dict[str, Any] = {
    "colour": None,
    "make": None,
    "model": "",
    "confidence": None,
    "is_spoken_back": False,
}


def first(session: Session, session_id: UUID, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the place of a vehicle in the list of the phone that logged it, which no later version changes.

    A row of a desk comes after all others; when it passed is known only if it says so: its page was opened later.
    Raises Refused where its session was taken back: a plate must not outlive it.
    """
    refuse_taken_back(session, session_id)
    if answers["passed_at"] is None:
        return {"number": answers["number"]}
    is_over = session.get_one(SpeedSession, session_id).ended_at is not None
    return {
        "number": answers["number"] or _next_number(session, session_id),
        "typed_after_end": is_over,
        **({"seen_at": None} if is_over else {}),
    }


def _next_number(session: Session, session_id: UUID) -> int:
    last = select(func.max(SpeedReading.number)).where(SpeedReading.session_id == session_id)
    return (session.scalar(last) or 0) + 1


def refuse_taken_back(session: Session, session_id: UUID) -> None:
    """Raise Refused for a part of a session that was taken back."""
    status = select(Record.status).where(Record.id == session_id)
    # Whoever takes the session back waits for this one, or the other way round.
    if session.scalar(status.with_for_update(read=True)) == "taken_back":
        raise Refused({"parent": TAKEN_BACK})


def details(
    session: Session, session_id: UUID, answers: Mapping[str, Any], captured_at: datetime | None
) -> dict[str, Any]:
    """Return what a row says, by column: below the threshold its speed, and nothing by which to know the vehicle."""
    # By now it is held, and another may have changed its limit since it was read.
    watch = session.get_one(SpeedSession, session_id, populate_existing=True)
    is_over = rules.is_over(answers["speed_mph"], watch.limit_mph)
    when = _when(watch, answers["passed_at"])
    # A row of a desk was captured when somebody wrote it down.
    seen_at = when.get("seen_at", captured_at if answers["passed_at"] is None else None)
    seen_on = rules.passed_on(seen_at, watch.held_on)
    return {
        **when,
        "speed_mph": answers["speed_mph"],
        "is_over": is_over,
        **{name: answers[name] for name in SEEN},
        **({name: answers[name] for name in NOTHING_SEEN} if is_over else NOTHING_SEEN),
        **_plate(answers["plate"] if is_over else "", seen_on),
    }


def _when(watch: SpeedSession, passed_at: str | None) -> dict[str, Any]:
    """Return when a vehicle passed, as a desk says. Raises Refused for a time at which the session was not held."""
    if not passed_at:
        return {}
    began, ends = watch.began_at.replace(second=0, microsecond=0), watch.ended_at or clock.now()
    moments = shown_at(local_date(began), time.fromisoformat(passed_at))
    fitting = [one for one in moments if began <= one <= ends]
    if not fitting:
        raise Refused({"passed_at": NOT_THEN})
    return {"seen_at": fitting[0]}


def _plate(text: str, seen_on: date) -> dict[str, Any]:
    """Return the columns of a plate, sealed, and its style on the day; of none, NULL."""
    if not text:
        return {"kind": None, **plates.NOTHING}
    return {"kind": vrm.read_plate(text, seen_on).kind, **plates.sealed(text, clock.now())}


def arrived(
    session: Session, own_id: UUID, answers: Mapping[str, Any], person: Person, now: datetime
) -> None:
    """Forget what was sent of a plate below the threshold: one that nobody asked for, or read before a correction.

    A row that says something else than when it was checked is to be checked again.
    """
    row = session.get_one(SpeedReading, own_id)
    row.status, row.status_reason, row.earlier_sightings = "draft", "", None
    row.compared_at = row.not_compared_at = None
    session.flush()
    if row.is_over:
        return
    if answers["plate"]:
        plates.forget(session, [own_id], now)
    else:
        forgetting.forget_older(session, own_id)


def shares(session: Session, capture: Capture, person: Person) -> bool:
    """Return whether somebody may correct a row that another logged: whoever checks its session."""
    table = SpeedSession.__table__
    scheme_id = session.scalar(select(table.c.scheme_id).where(table.c.id == capture.parent_id))
    return person.may(Permission.CHECK_SPEEDS) and scheme_id in schemes.ids_of(person)


def takes(session: Session, capture: Capture, change: Any, person: Person) -> bool:
    """Return whether a later version may change a row now.

    While the session goes on, any. Afterwards only a correction with its reason, until the row is handed over; and
    what was read of a plate is nobody's to mend but a coordinator's or an officer's (field-facts 3.2).
    """
    row = session.get_one(SpeedReading, capture.id, populate_existing=True)
    speed_watch.hold(session, row.session_id)
    watch = session.get_one(SpeedSession, row.session_id, populate_existing=True)
    if row.status not in CORRECTABLE or watch.status == "taken_back":
        return False
    if watch.ended_at is None and watch.closed_at is None:
        return True
    if not change.reason:
        return False
    is_same = change.answers["plate"] == (plates.opened(row) or "")
    return is_same or person.may(Permission.CHECK_SPEEDS)


def stays(row: SpeedReading, wanted: Mapping[str, Any], answers: Mapping[str, Any]) -> frozenset[str]:
    """Return the columns of a plate that is the same as before: sealed anew it would only look different."""
    is_same = wanted["plate"] is not None and plates.opened(row) == answers["plate"]
    return frozenset(plates.NOTHING) if is_same else frozenset()


def removed(session: Session, own_id: UUID, now: datetime) -> None:
    """Let a row that its person undid count for nothing, and forget its plate at once."""
    session.get_one(SpeedReading, own_id).removed_at = now
    session.flush()
    plates.forget(session, [own_id], now)
