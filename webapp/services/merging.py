"""Several reports of one fly-tip: which record stands for all, what makes them the same, and what parts them again.

Each report keeps its own record, answers, photos and reporter; the one that stands for all has the clock of the
earliest (field-facts 2.3, 2.4).
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.models.event import Event
from webapp.models.fly_tipping import FlyTip
from webapp.models.report import Report
from webapp.rules.clock import local_date
from webapp.rules.fly_tipping import PROACTIVE
from webapp.rules.lifecycle import outcome_after
from webapp.services.scope import write_scope

REPORTER_SAID_SO = "The reporter said that it is the same."


def make_same(
    session: Session,
    own_id: UUID,
    other: FlyTip,
    now: datetime,
    by_id: int | None = None,
    reason: str = REPORTER_SAID_SO,
) -> None:
    """Make one record a duplicate of another, in the caller's commit: it keeps its reporter, answers and photos.

    What was the same as this one is now the same as the other, so that nobody's report is two steps away.
    """
    own = session.get_one(FlyTip, own_id)
    for tip in (own, *_same_as(session, own)):
        before = tip.status
        tip.duplicate_of_id, tip.closed_at = other.id, tip.closed_at or now
        _set_status(tip, "duplicate")
        about = {"status": "duplicate", "same_as": other.reference}
        session.add_all(
            (
                _event(tip, now, by_id, "joined", {"status": before}, about, reason),
                _event(other, now, by_id, "reported_again", None, {"reference": tip.reference}),
            )
        )
    session.flush()
    settle_first_report(session, other)


def separate(session: Session, tip: FlyTip, now: datetime, by_id: int | None) -> FlyTip:
    """Part a duplicate from the record it was the same as, in the caller's commit; return that one.

    It is a report of its own again, with its own first day, and somebody must look at it.
    """
    main = session.get_one(FlyTip, tip.duplicate_of_id)
    tip.duplicate_of_id = tip.closed_at = None
    _set_status(tip, "reported")
    session.add(_event(main, now, by_id, "parted", None, {"reference": tip.reference}))
    session.flush()
    settle_first_report(session, main)
    settle_first_report(session, tip)
    return main


def _set_status(tip: FlyTip, status: str) -> None:
    tip.status, tip.outcome = status, outcome_after(status, tip.outcome)
    write_scope(tip)


def _event(
    tip: FlyTip,
    now: datetime,
    by_id: int | None,
    action: str,
    before: dict[str, str] | None,
    after: dict[str, str],
    reason: str | None = None,
) -> Event:
    return Event(
        record_id=tip.id, at=now, by_id=by_id, action=action, before=before, after=after, reason=reason
    )


def settle_first_report(session: Session, main: FlyTip) -> None:
    """Let the clock run from the earliest report of all that are the same; note whether the public made any."""
    reported = [local_date(report.reported_at) for report in reports_in(session, main)]
    main.reported_on = min(reported, default=main.reported_on)
    tips = (main, *_same_as(session, main))
    main.is_public_reported = any(tip.reported_by_type not in PROACTIVE for tip in tips)
    write_scope(main)


def _same_as(session: Session, main: FlyTip) -> Sequence[FlyTip]:
    same = select(FlyTip).where(FlyTip.duplicate_of_id == main.id)
    return session.scalars(same.order_by(FlyTip.received_at, FlyTip.reference)).all()


def reports_in(session: Session, main: FlyTip) -> Sequence[Report]:
    """Return everybody's report of one fly-tip, the earliest first; `main` is the record that stands for them."""
    same = select(FlyTip.id).where(FlyTip.duplicate_of_id == main.id)
    about = or_(Report.record_id == main.id, Report.record_id.in_(same))
    return session.scalars(select(Report).where(about).order_by(Report.reported_at)).all()


def reports_of(tip: FlyTip) -> list[FlyTip]:
    """Return all that was reported of one fly-tip, each with its own answers: the record that stands for it first."""
    main = main_record(tip)
    return [main, *_same_as(db.session, main)]


def wastes_of(main: FlyTip) -> list[str]:
    """Return the wastes that any report of one fly-tip names: if one person saw asbestos, all are told."""
    named = select(FlyTip.main_waste).where(or_(FlyTip.id == main.id, FlyTip.duplicate_of_id == main.id))
    return [waste for waste in db.session.scalars(named.distinct().order_by(FlyTip.main_waste)) if waste]


def main_record(tip: FlyTip) -> FlyTip:
    """Return the record that stands for this one: itself, or the one it is the same as."""
    while tip.duplicate_of_id is not None:
        tip = db.session.get_one(FlyTip, tip.duplicate_of_id)
    return tip
