"""How a capture becomes part of another's record, and how a later version of it changes that part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.models.capture import Capture
from webapp.models.event import Event
from webapp.models.photo import Photo
from webapp.models.record import Record
from webapp.rules.errors import Refused
from webapp.rules.roles import Person
from webapp.services import photos, places, recording
from webapp.services.kinds import Part, find_captured, find_kind
from webapp.services.ledger import Submission, begins, revision_row, sealed_content
from webapp.services.rows import Row, Rows
from webapp.services.seal import Sealed

OF_NOTHING = (
    "This page does not say which audit it belongs to. Open the audit, and choose “Add an observation” there."
)
NOT_HERE = (
    "What it belongs to is no record yet. If that waits here too, make it one first. Otherwise ask its sender to open"
    " Wardbook on the phone that has it, or bring in the file that this phone saves."
)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What can be made before the turn to write comes. `token` is None: nobody follows a part by itself."""

    capture: Row
    revision: Row
    sealed: Sealed
    token: None = None


def made_ahead(submission: Submission, person: Person, now: datetime) -> Ahead:
    """Return the rows of a part's ledger. Raises Refused when its place or an answer makes no sense."""
    places.locate(submission.answers["place"])
    sealed = sealed_content(submission)
    return Ahead(
        capture=begins(
            submission.kind.value,
            submission.capture_id,
            submission.secret,
            person,
            "kept",
            rev=submission.rev,
            parent_id=submission.parent,
        ),
        revision=revision_row(submission, sealed, now),
        sealed=sealed,
    )


def make(
    session: Session,
    rows: Rows,
    submission: Submission,
    ahead: Ahead,
    person: Person,
    taken: Sequence[Photo],
    now: datetime,
) -> str:
    """Write the part with its photos, and what it asks to be made of it; return a reference.

    It is that of the record which was made of it, otherwise that of the record it is part of. Raises Refused where
    there is no such record.
    """
    kind, own_id = _kind_of(submission), submission.capture_id
    if submission.parent is None:
        raise Refused({"parent": OF_NOTHING})
    parent = session.get(Record, submission.parent)
    if parent is None or parent.kind != kind.parent:
        raise Refused({"parent": NOT_HERE})
    place = places.locate(submission.answers["place"], _in_photo(submission, taken))
    columns = {
        "id": own_id,
        kind.parent_column: parent.id,
        "seen_at": submission.captured_at,
        "received_at": now,
        **place.columns(),
        **kind.first(session, parent.id, submission.answers),
        **kind.details(submission.answers),
    }
    rows.write(kind.model, **columns)
    photos.attach(session, taken, parent.id, None)
    becomes = kind.becomes(submission.answers)
    made = None
    if becomes is not None:
        made = make_record(session, rows, own_id, becomes, place, person, now)
    kind.arrived(session, own_id, submission.answers, person, now)
    about = {"part": kind.value, "capture": str(own_id), **({"became": made} if made else {})}
    session.add(Event(record_id=parent.id, at=now, by_id=person.id, action="part_arrived", after=about))
    return made or parent.reference


def make_record(
    session: Session,
    rows: Rows,
    own_id: UUID,
    becomes: Any,
    place: places.Located,
    person: Person,
    now: datetime,
) -> str:
    """Make a record of another kind of a part, once, in the caller's commit; return its reference.

    Its id follows from the part's, so that asking twice makes one.
    """
    kind = find_kind(becomes.kind)
    part: Any = session.get_one(_model_of(session, own_id), own_id)
    made_id = uuid5(own_id, becomes.kind)
    known = session.get(Record, made_id)
    if known is None:
        answers = {**becomes.answers, "place": _as_given(place)}
        submission = Submission(kind, made_id, "", part.seen_at, kind.form.VERSION, "web", answers)
        ahead = recording.made_ahead(submission, person, now)
        rows.put(ahead.capture)
        reference = recording.make(session, rows, submission, ahead, person, (), now)
        rows.put(ahead.revision)
    else:
        reference = known.reference
    session.flush()
    part.made_record_id = made_id
    session.flush()
    return reference


def _model_of(session: Session, own_id: UUID) -> Any:
    return find_captured(session.get_one(Capture, own_id).kind).model


def change(session: Session, capture: Capture, submission: Submission, person: Person, now: datetime) -> None:
    """Let a part say what a later version of its capture says; history names what changed, and no word of it."""
    kind = _kind_of(submission)
    part: Any = session.get_one(kind.model, capture.id)
    arrived = session.scalars(select(Photo).where(Photo.capture_id == capture.id)).all()
    place = places.locate(submission.answers["place"], _in_photo(submission, arrived))
    wanted = {**place.columns(), **kind.details(submission.answers)}
    changed = sorted(name for name, value in wanted.items() if getattr(part, name) != value)
    for name in changed:
        setattr(part, name, wanted[name])
    photos.show_what_is_promised(session, capture, submission.photos, now)
    session.flush()
    # The parent is held before a reference is counted, here as for a first arrival: no two wait for each other.
    kind.arrived(session, capture.id, submission.answers, person, now)
    becomes = kind.becomes(submission.answers)
    if becomes is not None and part.made_record_id is None:
        make_record(session, Rows(session), capture.id, becomes, place, person, now)
    about = {"part": kind.value, "capture": str(capture.id), "columns": changed}
    session.add(
        Event(record_id=record_of(capture), at=now, by_id=person.id, action="part_changed", after=about)
    )


def record_of(capture: Capture) -> UUID | None:
    """Return the id of the record that a part belongs to."""
    return capture.parent_id


def reference_of(capture: Capture) -> str | None:
    """Return the reference that the sender of a part is told: of the record it became, or else that it belongs to."""
    part: Any = db.session.get(find_captured(capture.kind).model, capture.id)
    record = db.session.get(Record, (part.made_record_id if part else None) or capture.parent_id)
    return record.reference if record is not None and part is not None else None


def remove(session: Session, capture: Capture, person: Person, now: datetime) -> None:
    """Take a part out of its record for good, in the caller's commit; what became of it stays."""
    kind = find_captured(capture.kind)
    if isinstance(kind, Part):
        kind.removed(session, capture.id, now)
    photos.take_back(session, capture.id, now)
    about = {"part": kind.value, "capture": str(capture.id)}
    session.add(
        Event(record_id=capture.parent_id, at=now, by_id=person.id, action="part_removed", after=about)
    )


def is_open(session: Session, capture: Capture) -> bool:
    """Return whether a later version may still change the part: not once its record has ended."""
    record = session.get(Record, capture.parent_id) if capture.parent_id else None
    return record is not None and record.closed_at is None


def _kind_of(submission: Submission) -> Part:
    if not isinstance(submission.kind, Part):
        raise TypeError(f"{submission.kind.value} is no part of anything.")
    return submission.kind


def _in_photo(submission: Submission, taken: Sequence[Photo]) -> tuple[float, float] | None:
    return photos.stored_place(taken) if submission.answers.get("photo_place") else None


def _as_given(place: places.Located) -> dict[str, Any]:
    return {
        "source": place.source,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "accuracy_m": place.accuracy_m,
        "postcode": "",
        "grid_reference": "",
        "words": place.words,
        "is_needed": False,
    }
