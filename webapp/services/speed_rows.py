"""Vehicles of a session at a desk: corrected by hand, with a reason once it is over, and never by themselves."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from webapp.extensions import db
from webapp.models.capture import Capture, CaptureRevision
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_watch import SpeedSession
from webapp.rules import vrm
from webapp.rules.clock import clock_time
from webapp.rules.errors import NotFound, Refused
from webapp.rules.plate_words import LEAVE_IT_OUT, names_a_plate
from webapp.rules.roles import Permission, Person
from webapp.services import captures, ledger, plates, reading, watches
from webapp.services.kinds import find_captured
from webapp.services.ledger import Submission
from webapp.services.speed_reading import CORRECTABLE

NO_REASON = "Say why it is corrected: the session is over, and the history tells who changed what."
NOT_ANY_MORE = (
    "This vehicle cannot be corrected any more: it was handed over, left out or forgotten meanwhile."
)
NOTHING_READ: list[str] = [""]
# What no page sends of a row, or only where somebody typed something else.
STAY = frozenset({"number", "plate", "passed_at"})


def find(reference: str, reading_id: UUID, person: Person) -> tuple[SpeedSession, SpeedReading]:
    """Return a vehicle with its session. Raises NotFound when there is none, or it is another scheme's."""
    watch = watches.find(reference, person)
    row = db.session.get(SpeedReading, reading_id)
    if row is None or row.session_id != watch.id or row.removed_at is not None:
        raise NotFound
    return watch, row


def may_correct(watch: SpeedSession, row: SpeedReading, person: Person) -> bool:
    """Return whether somebody may correct a vehicle: whoever logged it, and who checks the session."""
    capture = db.session.get_one(Capture, row.id)
    if watch.status == "taken_back" or row.status not in CORRECTABLE or capture.state != "kept":
        return False
    return ledger.is_owner(capture, "", person) and ledger.newest_content(db.session, capture) is not None


def correctable(watch: watches.Watch, person: Person) -> frozenset[UUID]:
    """Return the vehicles of a session that somebody may correct, asked for all of them at once."""
    if watch.session.status == "taken_back":
        return frozenset()
    is_held = exists().where(
        CaptureRevision.capture_id == Capture.id,
        CaptureRevision.rev == Capture.rev,
        CaptureRevision.is_clash.is_(False),
        CaptureRevision.payload.is_not(None),
    )
    query = select(Capture.id).where(Capture.parent_id == watch.session.id, Capture.state == "kept", is_held)
    if not person.may(Permission.CHECK_SPEEDS):
        query = query.where(Capture.owner_id == person.id)
    held = frozenset(db.session.scalars(query))
    return held & {one.id for one in watch.readings if one.status in CORRECTABLE}


def may_read_anew(watch: SpeedSession, person: Person) -> bool:
    """Return whether somebody may say what a plate was: afterwards only who checks the session (field-facts 3.2)."""
    return person.may(Permission.CHECK_SPEEDS) or not is_over(watch)


def is_over(watch: SpeedSession) -> bool:
    """Return whether a session is over, so that a correction needs a reason."""
    return watch.ended_at is not None or watch.closed_at is not None


def known(row: SpeedReading) -> dict[str, Any]:
    """Return what a vehicle says now, by field of its form; its plate never."""
    return {
        "passed_at": clock_time(row.seen_at) if row.seen_at else "",
        "speed": str(row.speed_mph),
        "confidence": row.confidence,
        "colour": row.colour,
        "make": row.make,
        "model": row.model,
        "vehicle": row.vehicle,
        "direction": row.direction,
        "is_spoken_back": row.is_spoken_back,
        "base_rev": str(db.session.get_one(Capture, row.id).rev),
    }


def correct(
    reference: str,
    reading_id: UUID,
    typed: Mapping[str, list[str]],
    base_rev: int,
    reason: str,
    person: Person,
) -> None:
    """Let a vehicle say what was typed, as the next version of its capture; the same again changes nothing.

    `typed` are values by field of its form; an empty plate leaves the one that is held. Raises NotFound, Refused with a
    sentence for each field, Clash where it was changed after the page was made.
    """
    watch, row = find(reference, reading_id, person)
    if not may_correct(watch, row, person):
        raise Refused({"form": NOT_ANY_MORE})
    content = ledger.newest_content(db.session, db.session.get_one(Capture, row.id))
    if content is None:
        raise Refused({"form": NOT_ANY_MORE})
    sent = _merged(content["answers"], typed, may_read_anew(watch, person))
    if typed.get("passed_at", NOTHING_READ) != [known(row)["passed_at"]]:
        sent["passed_at"] = typed.get("passed_at", NOTHING_READ)
    before, wanted = (
        reading.answers(find_captured("speed_reading"), said, content["form_version"])
        for said in (content["answers"], sent)
    )
    _refuse(watch, row, wanted, reason)
    if wanted == before:
        return
    captures.submit(_submission(row, content, sent, wanted, base_rev, reason), person)


def _merged(
    before: Mapping[str, Any], typed: Mapping[str, list[str]], may_read_anew: bool
) -> dict[str, list[str]]:
    """Return all answers of the next version: the number stays, and a plate where none was typed."""
    stays = {name: values for name, values in before.items() if name in STAY}
    changed = {name: values for name, values in typed.items() if name not in STAY}
    plate = typed.get("plate", NOTHING_READ)
    if may_read_anew and vrm.normalise("".join(plate)):
        stays["plate"] = plate
    return {**stays, **changed}


def _refuse(watch: SpeedSession, row: SpeedReading, wanted: Mapping[str, Any], reason: str) -> None:
    if is_over(watch) and not reason.strip():
        raise Refused({"reason": NO_REASON})
    held = plates.opened(row)
    if names_a_plate(reason, [one for one in (held, wanted["plate"]) if one]):
        raise Refused({"reason": LEAVE_IT_OUT})


def _submission(
    row: SpeedReading,
    content: Mapping[str, Any],
    sent: Mapping[str, Any],
    wanted: Mapping[str, Any],
    base_rev: int,
    reason: str,
) -> Submission:
    return Submission(
        kind=find_captured("speed_reading"),
        capture_id=row.id,
        secret="",
        captured_at=row.seen_at,
        form_version=content["form_version"],
        channel="web",
        answers=wanted,
        content={**content, "answers": dict(sent)},
        rev=base_rev + 1,
        base_rev=base_rev,
        photos=(),
        parent=row.session_id,
        reason=reason.strip(),
    )
