"""What a reporter may do on their own page: add words or photos, withdraw, say that it is the same as another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from webapp.extensions import clock, db
from webapp.models.capture import CaptureRevision
from webapp.models.event import Event
from webapp.models.fly_tipping import FlyTip
from webapp.models.photo import Photo
from webapp.models.report import Report, ReportWords
from webapp.rules.errors import Refused
from webapp.services import fly_tipping, photos, work
from webapp.services.tracking import find_report
from webapp.services.transaction import one_commit

WORDS_MOST = 20


@dataclass(frozen=True, slots=True)
class Tracked:
    """A reporter's own page: their report, the record that stands for it, their words, and the photos they may see."""

    report: Report
    own: FlyTip
    record: FlyTip
    words: Sequence[ReportWords]
    before: Sequence[Photo]
    after: Sequence[Photo]


def tracked(token: str) -> Tracked:
    """Return what the holder of a tracking link sees. Raises NotFound for any other text."""
    report = find_report(token)
    own = db.session.get_one(FlyTip, report.record_id)
    record = fly_tipping.main_record(own)
    words = db.session.scalars(
        select(ReportWords).where(ReportWords.report_id == report.id).order_by(ReportWords.id)
    )
    shown = db.session.scalars(
        select(Photo).where(Photo.record_id.in_({own.id, record.id})).order_by(Photo.received_at)
    )
    visible = [photo for photo in shown if may_see(report, record, photo)]
    return Tracked(
        report=report,
        own=own,
        record=record,
        words=words.all(),
        before=[photo for photo in visible if photo.role != "after"],
        after=[photo for photo in visible if photo.role == "after"],
    )


def may_see(report: Report, record: FlyTip, photo: Photo) -> bool:
    """Return whether a reporter may see a photo: their own, and what an officer released."""
    if photo.hidden_at is not None:
        return False
    is_public = photo.released_at is not None and record.visibility != "hidden"
    return photo.report_id == report.id or is_public


def add(token: str, words: str, uploads: Sequence[Any]) -> None:
    """Add a reporter's words and photos to their report. Raises Refused when neither is given, or after too many."""
    report = find_report(token)
    if not words and not uploads:
        raise Refused({"words": "Write something or choose a photo, then send."})
    now, kept = clock.now(), photos.keep(uploads)
    with one_commit() as session:
        held = session.scalars(select(ReportWords.id).where(ReportWords.report_id == report.id)).all()
        if len(held) >= WORDS_MOST:
            raise Refused({"words": f"You have added {WORDS_MOST} notes. Please make a new report instead."})
        if words:
            session.add(ReportWords(report_id=report.id, added_at=now, words=words))
        added = photos.add_to_report(session, report, kept, now)
        session.add(
            Event(
                record_id=report.record_id,
                at=now,
                action="reporter_added",
                after={"words": bool(words), "photos": len(added)},
            )
        )
    if kept:
        work.soon("photos")


def withdraw(token: str) -> None:
    """Remove a reporter's contact everywhere it is kept; the record and its clock stay (field-facts 9)."""
    report = find_report(token)
    if report.withdrawn_at is not None:
        return
    now = clock.now()
    with one_commit() as session:
        own = session.get_one(Report, report.id)
        own.name = own.email = own.phone = None
        own.wants_news, own.withdrawn_at = False, now
        sent = CaptureRevision.capture_id == report.id
        session.execute(update(CaptureRevision).where(sent).values(payload=None))
        session.add(Event(record_id=report.record_id, at=now, action="reporter_withdrew"))
