"""What a reporter may do on their own page: add words or photos, withdraw, say that it is the same as another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from webapp.extensions import clock, db
from webapp.models.event import Event
from webapp.models.fly_tipping import FlyTip
from webapp.models.photo import Photo
from webapp.models.report import Report, ReportWords
from webapp.rules.errors import Refused
from webapp.services import merging, photos, work
from webapp.services.contacts import forget_contact
from webapp.services.tracking import find_report
from webapp.services.transaction import one_commit

WORDS_MOST = 20


@dataclass(frozen=True, slots=True)
class Tracked:
    """A reporter's own page: their report, the record that stands for it, their words, and the photos they may see.

    `wastes` are those that any report of the same thing names, `places_left` how many photos this one still takes.
    """

    report: Report
    own: FlyTip
    record: FlyTip
    words: Sequence[ReportWords]
    before: Sequence[Photo]
    after: Sequence[Photo]
    wastes: Sequence[str]
    places_left: int


def tracked(token: str) -> Tracked:
    """Return what the holder of a tracking link sees. Raises NotFound for any other text."""
    report = find_report(token)
    own = db.session.get_one(FlyTip, report.record_id)
    record = merging.main_record(own)
    words = db.session.scalars(
        select(ReportWords).where(ReportWords.report_id == report.id).order_by(ReportWords.id)
    )
    shown = db.session.scalars(
        select(Photo).where(Photo.record_id.in_({own.id, record.id})).order_by(Photo.received_at, Photo.id)
    ).all()
    hidden = {tip.id for tip in (own, record) if tip.visibility == "hidden"}
    visible = [
        photo
        for photo in shown
        if may_see(report, photo, is_shown=hidden.isdisjoint({photo.record_id, record.id}))
    ]
    return Tracked(
        report=report,
        own=own,
        record=record,
        words=words.all(),
        before=[photo for photo in visible if photo.role != "after"],
        after=[photo for photo in visible if photo.role == "after"],
        wastes=merging.wastes_of(record),
        places_left=photos.places_left(report),
    )


def may_see(report: Report, photo: Photo, *, is_shown: bool) -> bool:
    """Return whether a reporter may see a photo: their own, and what an officer released of records that are shown."""
    if photo.hidden_at is not None:
        return False
    return photo.report_id == report.id or (photo.released_at is not None and is_shown)


def add_photos(token: str, uploads: Sequence[Any]) -> int:
    """Add photos to a reporter's report and return how many are new; before the words, so that none is lost with them.

    Raises Refused with the names of those beyond what a report takes; the others are kept all the same.
    """
    report, now, kept = find_report(token), clock.now(), photos.keep(uploads)
    with one_commit() as session:
        added, left_out = photos.add_to_report(session, report, kept, now)
        if added:
            session.add(_added(report, now, photos=len(added)))
    work.soon("photos")
    photos.refuse_left_out(left_out)
    return len(added)


def add_words(token: str, words: str) -> None:
    """Add a reporter's words to their report. Raises Refused after too many."""
    report, now = find_report(token), clock.now()
    with one_commit() as session:
        held = session.scalars(select(ReportWords.id).where(ReportWords.report_id == report.id)).all()
        if len(held) >= WORDS_MOST:
            raise Refused({"words": f"You have added {WORDS_MOST} notes. Please make a new report instead."})
        session.add(ReportWords(report_id=report.id, added_at=now, words=words))
        session.add(_added(report, now, words=True))


def _added(report: Report, now: datetime, **what: object) -> Event:
    return Event(record_id=report.record_id, at=now, action="reporter_added", after=what)


def withdraw(token: str) -> None:
    """Remove a reporter's contact everywhere it is kept; the record and its clock stay (field-facts 9)."""
    report = find_report(token)
    if report.withdrawn_at is not None:
        return
    now = clock.now()
    with one_commit() as session:
        forget_contact(session, session.get_one(Report, report.id), now)
        session.add(Event(record_id=report.record_id, at=now, action="reporter_withdrew"))
