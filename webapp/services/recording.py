"""How a capture becomes a record, and how a later version of it changes that record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.models.capture import Capture
from webapp.models.event import Event
from webapp.models.photo import Photo
from webapp.models.record import Record
from webapp.models.report import Report
from webapp.rules.clock import LONDON, local_date
from webapp.rules.fly_tipping import reporter_type
from webapp.rules.roles import Permission, Person
from webapp.services import ledger, notices, photos, places, wards
from webapp.services.ledger import Submission, begins, revision_row, sealed_content
from webapp.services.references import next_reference
from webapp.services.rows import Row, Rows, ready
from webapp.services.seal import Sealed
from webapp.services.tracking import hash_of, token_for

NARROW = frozenset(column.name for column in Record.__table__.columns)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What can be made before the turn to write comes: whoever has it holds up everybody else who writes.

    `place` is None when it may come from a photo, which only the turn tells. Its ward is that of a set of wards which
    the turn tells whether it is in use still.
    """

    capture: Row
    report: Row
    narrow: Mapping[str, Any]
    details: Row
    event: Row
    token: str
    ward_set: wards.WardSet
    place: places.Located | None
    revision: Row
    sealed: Sealed


def made_ahead(submission: Submission, person: Person, now: datetime) -> Ahead:
    """Return the rows of a capture's record. Raises Refused when its place makes no sense."""
    dialect, answers, kind = db.engine.dialect, submission.answers, submission.kind
    own_id, reporter, token = submission.capture_id, answers["reporter"], token_for(submission.capture_id)
    sealed, ward_set = sealed_content(submission), wards.known()
    told = _told(answers, person, now)
    details = kind.details(answers, told.at, told.by_type)
    narrow = {name: value for name, value in details.items() if name in NARROW}
    typed = {name: value for name, value in details.items() if name not in NARROW}
    return Ahead(
        capture=begins(
            kind.value,
            own_id,
            submission.secret,
            person,
            "kept",
            rev=submission.rev,
            parent_id=submission.parent,
        ),
        report=ready(
            dialect,
            Report,
            id=own_id,
            record_id=own_id,
            token_hash=hash_of(token),
            channel=submission.channel,
            reported_at=told.at,
            **reporter,
        ),
        narrow={"reported_on": local_date(told.at), **narrow},
        details=ready(dialect, kind.model, id=own_id, **typed),
        event=ready(dialect, Event, record_id=own_id, at=now, by_id=person.id, action="reported"),
        token=token,
        ward_set=ward_set,
        place=None if answers["photo_place"] else places.locate(answers["place"], ward_set=ward_set),
        revision=revision_row(submission, sealed, now),
        sealed=sealed,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """Who told us of it, and when: the clock runs from there."""

    by_type: str
    at: datetime


def _told(answers: Mapping[str, Any], person: Person, now: datetime) -> _Told:
    """Return who told us and when, as staff wrote it down, where they may; otherwise whoever sent it, now."""
    entry = answers.get("entry")
    if entry is None or not person.may(Permission.ENTER_REPORTS):
        has_contact = any(answers["reporter"][way] for way in ("name", "email", "phone"))
        return _Told(reporter_type(person.roles, has_contact=has_contact), now)
    return _Told(entry["reported_by_type"], _reached_us_at(entry, now))


def _reached_us_at(entry: Mapping[str, Any], now: datetime) -> datetime:
    """Return when it reached us; of a day without a time, its last moment, so that nobody's week is shortened."""
    if entry["on"] is None:
        return now
    day = date.fromisoformat(entry["on"])
    at = time.fromisoformat(entry["time"]) if entry["time"] else time(23, 59)
    return min(datetime.combine(day, at, tzinfo=LONDON), now)


def make(
    session: Session,
    rows: Rows,
    submission: Submission,
    ahead: Ahead,
    person: Person,
    taken: Sequence[Photo],
    now: datetime,
) -> str:
    """Write the record and its report, made the same as the one that the reporter joins; return the reference."""
    answers, kind, own_id = submission.answers, submission.kind, submission.capture_id
    place = ahead.place
    if place is None or not wards.is_in_use(ahead.ward_set, rows):
        place = places.locate(answers["place"], photos.stored_place(taken))
    wanted, reporter = answers["joins"], answers["reporter"]
    joined = kind.joinable(wanted, place.latitude, place.longitude) if wanted else None
    reference = next_reference(rows, kind.prefix, now)
    rows.write(Record, **_record(submission, person, reference, now), **_columns(place), **ahead.narrow)
    for row in (ahead.details, ahead.report, ahead.event):
        rows.put(row)
    photos.attach(session, taken, own_id, own_id)
    if joined is not None:
        kind.make_same(session, own_id, joined, now, person.id)
    if reporter["email"] and reporter["wants_news"]:
        notices.owe_acknowledgement(session, rows, own_id, reporter["email"], now)
    return reference


def _record(submission: Submission, person: Person, reference: str, now: datetime) -> dict[str, Any]:
    return {
        "id": submission.capture_id,
        "kind": submission.kind.value,
        "reference": reference,
        "status": "reported",
        "captured_at": submission.captured_at,
        "received_at": now,
        "clock_offset_s": submission.offset_s,
        "created_by_id": person.id,
        "channel": submission.channel,
        "form_version": submission.form_version,
        "rev": submission.rev,
    }


def _columns(place: places.Located) -> dict[str, Any]:
    return {
        "latitude": place.latitude,
        "longitude": place.longitude,
        "accuracy_m": place.accuracy_m,
        "location_source": place.source,
        "place_text": place.words,
        "ward_code": place.ward_code,
    }


def change(
    session: Session, capture: Capture, report: Report, submission: Submission, person: Person, now: datetime
) -> None:
    """Let a record say what a later version of its capture says; history names what changed, and no word of it."""
    answers, record = submission.answers, session.get_one(Record, capture.id)
    arrived = session.scalars(select(Photo).where(Photo.capture_id == capture.id)).all()
    place = places.locate(answers["place"], photos.stored_place(arrived) if answers["photo_place"] else None)
    wanted = {
        **_columns(place),
        **submission.kind.changes(record, answers, _told(answers, person, now).by_type),
        "form_version": submission.form_version,
        "rev": submission.rev,
    }
    changed = sorted(name for name, value in wanted.items() if getattr(record, name) != value)
    for name in changed:
        setattr(record, name, wanted[name])
    if report.withdrawn_at is None:
        for name, value in answers["reporter"].items():
            setattr(report, name, value)
    _show_what_is_promised(session, capture, submission, now)
    about = {"version": submission.rev, "columns": [name for name in changed if name != "rev"]}
    session.add(Event(record_id=record.id, at=now, by_id=person.id, action="changed", after=about))


def _show_what_is_promised(session: Session, capture: Capture, submission: Submission, now: datetime) -> None:
    """Hide photos that the new version leaves out: their sender took them away, perhaps for somebody's sake.

    One that it brings back is seen again, unless an officer hid it.
    """
    before = (ledger.newest_content(session, capture) or {}).get("photos", [])
    named = {photo.id for photo in submission.photos or ()}
    left_out = {UUID(photo["id"]) for photo in before} - named
    hidden = update(Photo).where(Photo.id.in_(left_out), Photo.hidden_at.is_(None))
    session.execute(hidden.values(hidden_at=now, released_at=None))
    by_officer = select(Event.before).where(Event.record_id == capture.id, Event.action == "photo_hidden")
    kept_hidden = {UUID(about["photo"]) for about in session.scalars(by_officer) if about}
    session.execute(update(Photo).where(Photo.id.in_(named - kept_hidden)).values(hidden_at=None))
