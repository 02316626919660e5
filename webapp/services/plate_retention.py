"""Forgets plates when their time has come, and destroys the keys of months that are due (field-facts 3.6, 6.2)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.capture import Capture, CaptureRevision
from webapp.models.event import Event
from webapp.models.retention import RetentionRun
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_watch import SpeedSession
from webapp.rules import plate_retention as rules
from webapp.rules.clock import LONDON, local_date, year_before
from webapp.rules.speed import passed_on
from webapp.services import forgetting, plate_keys, plates, waiting
from webapp.services.transaction import one_commit, scrub

NIGHTLY_HOUR = 3
# What holds, or held, anything of a plate.
TABLES = ("speed_reading", "capture_revision")
ALL_KEPT = 50


@dataclass(frozen=True, slots=True)
class Report:
    """What a run forgot, or would forget: how many by why, and the months whose keys go."""

    found: Mapping[str, int]
    months: Sequence[str]
    is_scrubbed: bool = True


@dataclass(frozen=True, slots=True)
class _Due:
    """What must go today: vehicles by why, by session; and captures that waited in vain."""

    readings: Sequence[tuple[SpeedReading, str]]
    waiting: Sequence[UUID]

    def counts(self) -> dict[str, int]:
        """Return how many by why, in the order of the rules."""
        counted = Counter(why for _, why in self.readings)
        counted["never_arrived"] = len(self.waiting)
        return {why: counted[why] for why in rules.REASONS if counted[why]}


def would_forget() -> Report:
    """Return what a run would forget now, and change nothing."""
    today = local_date(clock.now())
    due = _due(db.session, today)
    ids = {one.id for one, _ in due.readings} | set(due.waiting)
    return Report(due.counts(), _months_due(db.session, today, ids))


def run() -> Report:
    """Forget what is due, take it out of the database's files, destroy keys that are due, and write the report.

    A run that could not take all of it out of the files is gone on with on its day, and stays one run in the report.
    """
    now = clock.now()
    with one_commit() as session:
        due = _due(session, local_date(now))
        plates.forget(session, [one.id for one, _ in due.readings], now)
        forgetting.forget_content(session, due.waiting)
        _note(session, due, now)
    is_scrubbed = scrub(*TABLES)
    months = _months_due(db.session, local_date(now), frozenset())
    for month in months:
        plate_keys.destroy(month)
    report = Report(due.counts(), months, is_scrubbed)
    with one_commit() as session:
        _keep(session, report, now)
    return report


def _keep(session: Session, report: Report, now: datetime) -> None:
    kept = _newest_run(session)
    if kept is None or kept.is_scrubbed or kept.ran_on != local_date(now):
        kept = RetentionRun(ran_on=local_date(now), found={}, months=[])
        session.add(kept)
    found = Counter(kept.found) + Counter(report.found)
    kept.ran_at, kept.is_scrubbed = now, report.is_scrubbed
    kept.found = {why: found[why] for why in rules.REASONS if found[why]}
    kept.months = sorted({*kept.months, *report.months})


def _newest_run(session: Session) -> RetentionRun | None:
    return session.scalar(select(RetentionRun).order_by(RetentionRun.id.desc()).limit(1))


def run_nightly() -> bool:
    """Run once a night, and again while the files may hold what was deleted; more is never left waiting."""
    now = clock.now().astimezone(LONDON)
    last = _newest_run(db.session)
    is_done = last is not None and last.ran_on == now.date() and last.is_scrubbed
    if now.hour >= NIGHTLY_HOUR and not is_done:
        run()
    return False


def runs() -> Sequence[RetentionRun]:
    """Return the newest runs, newest first."""
    return db.session.scalars(select(RetentionRun).order_by(RetentionRun.id.desc()).limit(ALL_KEPT)).all()


def _due(session: Session, today: date) -> _Due:
    # What was taken down before this day is due.
    in_vain = waiting.waiting_older_than(session, year_before(today))
    return _Due(_readings_due(session, today), in_vain)


def _readings_due(session: Session, today: date) -> list[tuple[SpeedReading, str]]:
    """Return the vehicles of which something must go today, each with why."""
    watch = SpeedSession.__table__
    query = (
        select(SpeedReading, watch.c.checked_at, watch.c.held_on, Capture.first_seen_at)
        .join(watch, watch.c.id == SpeedReading.session_id)
        .join(Capture, Capture.id == SpeedReading.id)
        .where(or_(SpeedReading.plate.is_not(None), _ledger_holds()))
        .order_by(SpeedReading.session_id, SpeedReading.id)
    )
    found = []
    for reading, checked_at, held_on, first_seen_at in session.execute(query):
        # It may have waited before it became part of its session, and a phone's clock may be ahead.
        seen_on = min(
            passed_on(reading.seen_at, held_on), *map(local_date, (reading.received_at, first_seen_at))
        )
        why = _why_due(reading, checked_at, seen_on, today)
        if why is not None:
            found.append((reading, why if reading.plate is not None else rules.NO_PLATE))
    return found


def _ledger_holds() -> ColumnElement[bool]:
    return exists().where(
        CaptureRevision.capture_id == SpeedReading.id,
        CaptureRevision.payload.is_not(None),
        CaptureRevision.key_month.is_not(None),
    )


def _why_due(reading: SpeedReading, checked_at: datetime | None, seen_on: date, today: date) -> str | None:
    # Below the threshold what was sent is needed until the session is checked: its phone may still correct it.
    is_open = not reading.is_over and checked_at is None and reading.removed_at is None
    return rules.why_due(
        reading.status,
        is_over=is_open or reading.is_over,
        accepted_on=local_date(reading.accepted_at) if reading.accepted_at else None,
        seen_on=seen_on,
        today=today,
    )


def _note(session: Session, due: _Due, now: datetime) -> None:
    """Write into each session's history how many of its plates went, and why; nothing of what they were."""
    by_session: dict[UUID, Counter[str]] = {}
    for reading, why in due.readings:
        if why != rules.NO_PLATE:
            by_session.setdefault(reading.session_id, Counter())[why] += 1
    for session_id, counted in by_session.items():
        session.add(Event(record_id=session_id, at=now, action="plates_forgotten", after=dict(counted)))


def _months_due(session: Session, today: date, without: set[UUID] | frozenset[UUID]) -> list[str]:
    """Return the months whose keys must go: their time is over, or they are and nothing is sealed with them."""
    return [
        month
        for month in plate_keys.months()
        if rules.is_month_due(month, today)
        or (rules.is_month_over(month, today) and not _is_used(session, month, without))
    ]


def _is_used(session: Session, month: str, without: set[UUID] | frozenset[UUID]) -> bool:
    rows = select(SpeedReading.id).where(SpeedReading.key_month == month)
    sent = select(CaptureRevision.capture_id).where(
        CaptureRevision.key_month == month, CaptureRevision.payload.is_not(None)
    )
    return any(set(session.scalars(query)) - without for query in (rows, sent))
