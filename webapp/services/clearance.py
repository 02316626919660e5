"""Marking a record cleared, and showing or hiding what the public may see of it."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.extensions import clock
from webapp.models.event import Event
from webapp.models.fly_tipping import FlyTip
from webapp.models.photo import Photo
from webapp.models.record import Record
from webapp.models.report import Report
from webapp.rules import lifecycle
from webapp.rules.clock import LONDON, local_date
from webapp.rules.errors import NotFound, Refused
from webapp.rules.roles import Permission, Person
from webapp.services import notices, photos, records, work
from webapp.services.transaction import one_commit

VISIBILITY_EVENTS = {"facts": "words_withheld", "released": "words_released", "hidden": "record_hidden"}


def mark_cleared(
    reference: str, cleared_on: date, uploads: Sequence[Any], show_photos: bool, person: Person
) -> None:
    """Mark a fly-tip cleared on a London date, with after photos, and owe each reporter the news.

    The photos are shown to the public only when whoever asks for it may release.
    Raises Refused when the date is before the first report or after today, NotFound when it is not this person's.
    """
    if not person.may(Permission.CLEAR):
        raise NotFound
    now, kept = clock.now(), photos.keep(uploads)
    released = show_photos and person.may(Permission.RELEASE)
    with one_commit() as session:
        tip = records.find(reference, person)
        # Of two who clear it at the same moment, the second waits here and finds it ended.
        session.refresh(tip, with_for_update=True)
        if not isinstance(tip, FlyTip) or not lifecycle.may_be_cleared(tip.status):
            raise Refused({"cleared_on": "This report is already ended. Go back to see what happened to it."})
        if problem := _day_problem(cleared_on, tip, local_date(now)):
            raise Refused({"cleared_on": problem})
        before = tip.status
        tip.status, tip.cleared_on, tip.closed_at = "cleared", cleared_on, _moment(cleared_on, now)
        added = photos.add_after(session, tip, kept, person, now, released=released)
        session.add(
            Event(
                record_id=tip.id,
                at=now,
                by_id=person.id,
                action="cleared",
                before={"status": before},
                after={"status": "cleared", "cleared_on": cleared_on.isoformat(), "after_photos": len(added)},
            )
        )
        for report in _reports_of(session, tip):
            if report.email and report.wants_news:
                notices.owe(session, report.id, "cleared", now)
    work.soon("notices", "photos")


def problems(reference: str, cleared_on: date, person: Person) -> dict[str, str]:
    """Return what is wrong with the day, to be told together with what is wrong with the photos. Raises NotFound."""
    tip = records.find(reference, person)
    problem = _day_problem(cleared_on, tip, local_date(clock.now())) if isinstance(tip, FlyTip) else None
    return {"cleared_on": problem} if problem else {}


def _day_problem(cleared_on: date, tip: FlyTip, today: date) -> str | None:
    if cleared_on > today:
        return "The day it was cleared cannot be in the future. Check the date."
    if cleared_on < tip.reported_on:
        return "It cannot have been cleared before it was reported. Check the date."
    return None


def _moment(day: date, now: datetime) -> datetime:
    return now if day == local_date(now) else datetime.combine(day, time(12), tzinfo=LONDON)


def _reports_of(session: Session, tip: FlyTip) -> Sequence[Report]:
    same = select(FlyTip.id).where(FlyTip.duplicate_of_id == tip.id)
    return session.scalars(
        select(Report).where(Report.record_id.in_([tip.id]) | Report.record_id.in_(same))
    ).all()


def set_visibility(reference: str, visibility: str, person: Person) -> None:
    """Show the public the facts, the words too, or nothing of a record; written to its history."""
    if not person.may(Permission.RELEASE) or visibility not in VISIBILITY_EVENTS:
        raise NotFound
    with one_commit() as session:
        record: Record = records.find(reference, person)
        before, record.visibility = record.visibility, visibility
        session.add(
            Event(
                record_id=record.id,
                at=clock.now(),
                by_id=person.id,
                action=VISIBILITY_EVENTS[visibility],
                before={"visibility": before},
                after={"visibility": visibility},
            )
        )


def photo_of(reference: str, photo_id: Any, person: Person) -> Photo:
    """Return a photo of a record this person may see. Raises NotFound otherwise."""
    record = records.find(reference, person)
    photo = next((photo for photo in records.everything(record).photos if photo.id == photo_id), None)
    if photo is None:
        raise NotFound
    return photo
