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
from webapp.services import ledger, photos, places, recording
from webapp.services.kinds import Part, find_captured, find_kind
from webapp.services.ledger import Submission, begins, revision_row, sealed_content
from webapp.services.rows import Row, Rows
from webapp.services.seal import Sealed

OF_NOTHING = "This page does not say what it belongs to. Open that first, and choose there to add to it."
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
    if _kind_of(submission).has_place:
        places.locate(submission.answers["place"])
    sealed = sealed_content(submission, now)
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
    place = _place(submission, taken)
    columns = {
        "id": own_id,
        kind.parent_column: parent.id,
        "seen_at": submission.captured_at,
        "received_at": now,
        **(place.columns() if place else {}),
        **kind.first(session, parent.id, submission.answers),
        **kind.details(session, parent.id, submission.answers, submission.captured_at),
    }
    rows.write(kind.model, **columns)
    photos.attach(session, taken, parent.id, None)
    becomes = kind.becomes(submission.answers)
    made = None
    if becomes is not None and place is not None:
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
        rows.put(ahead.revision)
        reference = recording.make(session, rows, submission, ahead, person, (), now)
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
    place, parent_id = _place(submission, arrived), getattr(part, kind.parent_column)
    wanted = {
        **(place.columns() if place else {}),
        **kind.details(session, parent_id, submission.answers, part.seen_at),
    }
    stays = kind.stays(part, wanted, submission.answers)
    changed = sorted(
        name for name, value in wanted.items() if name not in stays and getattr(part, name) != value
    )
    for name in changed:
        setattr(part, name, wanted[name])
    photos.show_what_is_promised(session, capture, submission.photos, now)
    session.flush()
    # The parent is held before a reference is counted, here as for a first arrival: no two wait for each other.
    kind.arrived(session, capture.id, submission.answers, person, now)
    becomes = kind.becomes(submission.answers)
    if becomes is not None and place is not None and part.made_record_id is None:
        make_record(session, Rows(session), capture.id, becomes, place, person, now)
    about = {"part": kind.value, "capture": str(capture.id), "columns": changed}
    session.add(
        Event(
            record_id=record_of(capture),
            at=now,
            by_id=person.id,
            action="part_changed",
            after=about,
            reason=submission.reason[:500] or None,
        )
    )


def record_of(capture: Capture) -> UUID | None:
    """Return the id of the record that a part belongs to."""
    return capture.parent_id


def reference_of(capture: Capture) -> str | None:
    """Return the reference that the sender of a part is told: of the record it became, or else that it belongs to."""
    part: Any = db.session.get(find_captured(capture.kind).model, capture.id)
    record = db.session.get(Record, getattr(part, "made_record_id", None) or capture.parent_id)
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


def parent_with(capture_id: UUID | None, person: Person) -> Record | None:
    """Return the record to which somebody may add parts; None while it has not arrived, and for who may not."""
    capture = db.session.get(Capture, capture_id) if capture_id else None
    if capture is None or capture.state != "kept" or not ledger.is_owner(capture, "", person):
        return None
    return db.session.get(Record, capture.id)


def takes(session: Session, capture: Capture, submission: Submission, person: Person) -> bool:
    """Return whether this version may change the part now."""
    asked = _kind_of(submission).takes
    return is_open(session, capture) if asked is None else asked(session, capture, submission, person)


def is_open(session: Session, capture: Capture) -> bool:
    """Return whether a later version may still change the part: not once its record has ended."""
    record = session.get(Record, capture.parent_id) if capture.parent_id else None
    return record is not None and record.closed_at is None


def _kind_of(submission: Submission) -> Part:
    if not isinstance(submission.kind, Part):
        raise TypeError(f"{submission.kind.value} is no part of anything.")
    return submission.kind


def _place(submission: Submission, taken: Sequence[Photo]) -> places.Located | None:
    """Return where a part is; None for one that has no place of its own."""
    if not _kind_of(submission).has_place:
        return None
    return places.locate(submission.answers["place"], _in_photo(submission, taken))


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
