"""How a capture becomes a record, and how a later version of it changes that record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select
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
from webapp.services import notices, photos, places, wards
from webapp.services.contacts import forget_contact
from webapp.services.kinds import Kind, find_kind
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
    report: Row | None
    narrow: Mapping[str, Any]
    details: Row
    event: Row
    token: str | None
    ward_set: wards.WardSet
    place: places.Located | None
    revision: Row
    sealed: Sealed


def made_ahead(submission: Submission, person: Person, now: datetime) -> Ahead:
    """Return the rows of a capture's record. Raises Refused when its place makes no sense."""
    dialect, answers, kind = db.engine.dialect, submission.answers, _kind_of(submission)
    own_id, reporter = submission.capture_id, answers.get("reporter")
    token = token_for(own_id) if reporter is not None else None
    sealed, ward_set = sealed_content(submission, now), wards.known()
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
        report=_report(submission, token, told.at) if token else None,
        narrow={"reported_on": local_date(told.at), **narrow},
        details=ready(dialect, kind.model, id=own_id, **typed),
        event=ready(dialect, Event, record_id=own_id, at=now, by_id=person.id, action="reported"),
        token=token,
        ward_set=ward_set,
        place=None if answers.get("photo_place") else places.locate(answers["place"], ward_set=ward_set),
        revision=revision_row(submission, sealed, now),
        sealed=sealed,
    )


def _kind_of(submission: Submission) -> Kind:
    if not isinstance(submission.kind, Kind):
        raise TypeError(f"{submission.kind.value} has no records of its own.")
    return submission.kind


def _report(submission: Submission, token: str, reported_at: datetime) -> Row:
    return ready(
        db.engine.dialect,
        Report,
        id=submission.capture_id,
        record_id=submission.capture_id,
        token_hash=hash_of(token),
        channel=submission.channel,
        reported_at=reported_at,
        **submission.answers["reporter"],
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
        reporter = answers.get("reporter") or {}
        has_contact = any(reporter.get(way) for way in ("name", "email", "phone"))
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
    answers, kind, own_id = submission.answers, _kind_of(submission), submission.capture_id
    place = ahead.place
    if place is None or not wards.is_in_use(ahead.ward_set, rows):
        place = places.locate(answers["place"], photos.stored_place(taken))
    wanted, reporter = answers.get("joins"), answers.get("reporter") or {}
    joined = kind.joinable(wanted, place.latitude, place.longitude) if wanted else None
    reference = next_reference(rows, kind.prefix, now)
    rows.write(Record, **{**_record(submission, person, reference, now), **place.columns(), **ahead.narrow})
    for row in filter(None, (ahead.details, ahead.report, ahead.event)):
        rows.put(row)
    photos.attach(session, taken, own_id, own_id if ahead.report else None)
    kind.rows(session, own_id, answers)
    if joined is not None:
        kind.make_same(session, own_id, joined, now, person.id)
    if reporter.get("email") and reporter["wants_news"]:
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


def change(session: Session, capture: Capture, submission: Submission, person: Person, now: datetime) -> None:
    """Let a record say what a later version of its capture says; history names what changed, and no word of it."""
    answers, kind, record = submission.answers, _kind_of(submission), session.get_one(Record, capture.id)
    report = session.get(Report, capture.id)
    arrived = session.scalars(select(Photo).where(Photo.capture_id == capture.id)).all()
    place = places.locate(
        answers["place"], photos.stored_place(arrived) if answers.get("photo_place") else None
    )
    wanted = {
        **place.columns(),
        **kind.changes(record, answers, _told(answers, person, now).by_type),
        "form_version": submission.form_version,
        "rev": submission.rev,
    }
    changed = sorted(name for name, value in wanted.items() if getattr(record, name) != value)
    for name in changed:
        setattr(record, name, wanted[name])
    kind.rows(session, record.id, answers)
    if report is not None and report.withdrawn_at is None:
        for name, value in answers["reporter"].items():
            setattr(report, name, value)
    photos.show_what_is_promised(session, capture, submission.photos, now)
    about = {"version": submission.rev, "columns": [name for name in changed if name != "rev"]}
    session.add(Event(record_id=record.id, at=now, by_id=person.id, action="changed", after=about))


def record_of(capture: Capture) -> UUID | None:
    """Return the id of the record that a capture became."""
    return capture.id


def reference_of(capture: Capture) -> str | None:
    """Return the reference of the record that a capture became, None while there is none."""
    record = db.session.get(Record, capture.id)
    return record.reference if record else None


def remove(session: Session, capture: Capture, person: Person, now: datetime) -> None:
    """Note that a record's capture was taken back, in the caller's commit: the record stays, its contact goes."""
    report = session.get(Report, capture.id)
    if report is not None:
        forget_contact(session, report, now)
    session.add(Event(record_id=capture.id, at=now, by_id=person.id, action="taken_back"))
    find_kind(capture.kind).taken_back(session, capture.id, now)


def takes(session: Session, capture: Capture, submission: Submission, person: Person) -> bool:
    """Return whether this version may change the record now: not to what only an officer could tell is theirs.

    The record is held until the commit, so that nobody checks it or adds a part to it meanwhile.
    """
    record = session.get_one(Record, capture.id)
    session.refresh(record, with_for_update={"key_share": True})
    return is_open(session, capture) and submission.kind.takes_from(submission.answers, person)


def is_open(session: Session, capture: Capture) -> bool:
    """Return whether a later version may still change the record: not once it has ended."""
    return session.get_one(Record, capture.id).closed_at is None
