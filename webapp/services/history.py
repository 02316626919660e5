"""A record's history as the measure of what a page did not know: whoever acts on an old page is shown what changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.models.account import User
from webapp.models.event import Event
from webapp.models.record import Record
from webapp.rules import requests
from webapp.rules.errors import Stale

# What officers write about enforcement and evidence: it stands on their page only, whoever else sees the record.
ENFORCEMENT = (
    "enforcement_step_added",
    "enforcement_step_struck",
    "penalty_changed",
    "court_outcome_added",
    "exhibit_added",
    "exhibit_handed_over",
    "smartwater_read",
    "smartwater_result",
)
FOR_OFFICERS = ("enforcement_opened", *ENFORCEMENT)
# Looking changes nothing, what a reporter adds takes nothing back from what an officer decides, no move depends on
# enforcement, of which whoever makes it may not even know, and what is asked of others leaves an audit as it is.
CHANGES_NOTHING = (
    "original_opened",
    "reporter_added",
    "reporter_withdrew",
    "reopen_asked",
    "plates_opened",
    *FOR_OFFICERS,
    *requests.EVENTS,
)
SHOWN_OPENINGS = 50


@dataclass(frozen=True, slots=True)
class Openings:
    """How often what few may see of a record was shown, and the newest times with each name."""

    total: int
    newest: Sequence[tuple[Event, str | None]]


def newest(record: Record) -> int:
    """Return the number of the newest event of a record, 0 when it has none: a page says with it what it knew."""
    return db.session.scalar(select(func.max(Event.id)).where(Event.record_id == record.id)) or 0


def of(record: Record, leave_out: Collection[str] = ()) -> Sequence[tuple[Event, str | None]]:
    """Return what happened to a record, with who did it, newest first; what stands on officers' pages only left out."""
    told = Event.action.not_in((*FOR_OFFICERS, *leave_out))
    return _told(db.session, record, told)[::-1]


def openings(record: Record, action: str) -> Openings:
    """Return who was shown what few may see of a record, newest first; `action` says what that was."""
    about = (Event.record_id == record.id, Event.action == action)
    total = db.session.scalar(select(func.count()).select_from(Event).where(*about)) or 0
    query = select(Event, User.name).outerjoin(User, Event.by_id == User.id).where(*about)
    shown = db.session.execute(query.order_by(Event.id.desc()).limit(SHOWN_OPENINGS))
    return Openings(total, [(event, name) for event, name in shown])


def refuse_stale(
    session: Session, record: Record, seen: int | None, actions: Collection[str] | None = None
) -> None:
    """Raise Stale when a record changed after the event that a page knew of; None asks for no such proof."""
    if seen is not None and since(session, record, seen, actions):
        raise Stale


def since(
    session: Session, record: Record, seen: int, actions: Collection[str] | None = None
) -> Sequence[tuple[Event, str | None]]:
    """Return what happened to a record after an event, with who did it, oldest first.

    `actions` are those to look for; without them, all that change the record itself.
    """
    wanted = Event.action.not_in(CHANGES_NOTHING) if actions is None else Event.action.in_(actions)
    return _told(session, record, and_(Event.id > seen, wanted))


def what_changed_since(record: Record, seen: int) -> Sequence[tuple[Event, str | None]]:
    """Return what happened to a session of speed-watch after an event, for whoever is shown it."""
    return what_changed(db.session, record, seen)


def what_changed(session: Session, record: Record, seen: int) -> Sequence[tuple[Event, str | None]]:
    """Return what happened to a session of speed-watch after an event; a phone that counts on changes nothing."""
    told = since(session, record, seen)
    return [(event, name) for event, name in told if (event.after or {}).get("part") != "traffic_count"]


def _told(session: Session, record: Record, which: ColumnElement[bool]) -> Sequence[tuple[Event, str | None]]:
    query = (
        select(Event, User.name)
        .outerjoin(User, Event.by_id == User.id)
        .where(Event.record_id == record.id, which)
        .order_by(Event.id)
    )
    return [(event, name) for event, name in session.execute(query)]
