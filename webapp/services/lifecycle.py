"""Moving a fly-tip from state to state: what the move needs is checked, kept, told, and written to its history."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.geo.distance import metres_between
from webapp.models.event import Event
from webapp.models.fly_tipping import FlyTip
from webapp.models.land import DangerCheck
from webapp.models.photo import Photo
from webapp.models.record import Record
from webapp.rules import lifecycle as rules
from webapp.rules.clock import LONDON, local_date
from webapp.rules.codes.clock import UNDECIDED
from webapp.rules.codes.fly_tipping import STATUSES
from webapp.rules.errors import NotFound, Refused
from webapp.rules.lifecycle import Move, Need
from webapp.rules.roles import Permission, Person
from webapp.services import history, merging, notices, photos, records, reopening, work
from webapp.services.land import Land, decide
from webapp.services.scope import write_scope
from webapp.services.transaction import one_commit

NEED_REASON = "Say why, so that whoever looks at it later understands."


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody gave with a move; each move needs only some of it.

    `seen` is the newest event that their page knew of, None for callers without a page.
    """

    seen: int | None = None
    reason: str = ""
    crew: str = ""
    cleared_on: date | None = None
    cleared_time: time | None = None
    cost_pence: int | None = None
    uploads: Sequence[Any] = ()
    show_photos: bool = False
    main_waste: str | None = None
    size: str | None = None
    land: Land | None = None
    dangers: Mapping[str, Mapping[str, str]] | None = None
    main: str = ""


@dataclass(frozen=True, slots=True)
class Moving:
    """A move being made: everything that its checks and its writing need to know."""

    session: Session
    tip: FlyTip
    move: Move
    given: Given
    person: Person
    now: datetime


def move(reference: str, name: str, given: Given, person: Person) -> FlyTip:
    """Move a fly-tip and return it; each of its reporters is owed the news when the new state is told.

    Raises NotFound when it is not this person's or no such move, Stale when it changed since their page was made,
    Refused with a sentence for what is missing or does not fit. Photos are kept even when the rest is refused.
    """
    step = rules.BY_NAME.get(name)
    if step is None or not person.may(step.permission):
        raise NotFound
    now = clock.now()
    if given.uploads:
        _stage(reference, given.uploads, person)
    with one_commit() as session:
        tip = records.locked(session, reference, person)
        history.refuse_stale(session, tip, given.seen)
        making = Moving(session, tip, step, given, person, now)
        _refuse_unless_allowed(making)
        added = _add_photos(making)
        problems: dict[str, str] = {}
        for need in step.needs:
            problems.update(CHECKS[need](making))
        if problems:
            raise Refused(problems)
        _write(making, len(added))
    work.soon("notices", "photos")
    return tip


def _stage(reference: str, uploads: Sequence[Any], person: Person) -> None:
    """Keep photos before anything else is asked, so that a refusal loses none: they wait for the next try."""
    kept = photos.keep(uploads)
    with one_commit() as session:
        tip = records.locked(session, reference, person)
        left_out = photos.stage(session, tip.id, kept, "after")
    photos.refuse_left_out(left_out)


def waiting_photos(tip: FlyTip) -> int:
    """Return how many photos from afterwards came with a move that was refused, and wait for the next try."""
    waiting = select(func.count()).where(
        Photo.capture_id == tip.id, Photo.role == "after", Photo.record_id.is_(None)
    )
    return db.session.scalar(waiting) or 0


def _refuse_unless_allowed(making: Moving) -> None:
    if making.tip.status not in making.move.before:
        state = STATUSES.label(making.tip.status).lower()
        sentence = f"This report is “{state}” now, so that can no longer be done. Go back to see what happened to it."
        raise Refused({"move": sentence})


def _add_photos(making: Moving) -> list[Photo]:
    if Need.DAY not in making.move.needs and Need.PROOF not in making.move.needs:
        return []
    released = making.given.show_photos and making.person.may(Permission.RELEASE)
    return photos.add_after(making.session, making.tip, making.person, making.now, released=released)


def _write(making: Moving, after_photos: int) -> None:
    tip, given, step, now = making.tip, making.given, making.move, making.now
    before: dict[str, Any] = {"status": tip.status}
    parts: dict[str, Any] = {}
    if step.after == "duplicate":
        _merge(making)
        return
    if step.name == "separate":
        merging.separate(making.session, tip, now, making.person.id)
    parts |= _correct(making, before)
    for need in step.needs:
        parts |= WRITES.get(need, _nothing)(making)
    was_open = rules.is_open(tip.status)
    tip.status, tip.outcome = step.after, rules.outcome_after(step.after, tip.outcome)
    if rules.is_open(step.after):
        if tip.cleared_on is not None:
            before["cleared_on"] = tip.cleared_on.isoformat()
        tip.closed_at = tip.cleared_on = tip.cleared_at = None
    elif was_open:
        tip.closed_at = now
    write_scope(tip)
    if given.crew:
        tip.crew = parts["crew"] = given.crew
    if after_photos:
        parts["after_photos"] = after_photos
    event = Event(
        record_id=tip.id,
        at=now,
        by_id=making.person.id,
        action=step.action,
        before=before,
        after={"status": step.after, **parts},
        reason=given.reason[:500] or None,
    )
    making.session.add(event)
    if step.opens_again:
        reopening.grant_waiting(making.session, tip, making.person.id, now)
    notices.owe_news(making.session, tip, step.action, now)


def _correct(making: Moving, before: dict[str, Any]) -> dict[str, str]:
    """Let the record say what it is and how big, where whoever was there saw it otherwise than the reporter."""
    tip, given = making.tip, {"main_waste": making.given.main_waste, "size": making.given.size}
    seen = {name: value for name, value in given.items() if value and value != getattr(tip, name)}
    for name, value in seen.items():
        before[name] = getattr(tip, name)
        setattr(tip, name, value)
    return seen


def _merge(making: Moving) -> None:
    """Make the record the same as the one that was named; its reporters hear how it stands with that one."""
    main = _main_of(making)
    mine = merging.reports_in(making.session, making.tip)
    reason = making.given.reason or "An officer found that it is the same."
    merging.make_same(making.session, making.tip.id, main, making.now, making.person.id, reason)
    for report in mine:
        notices.owe(making.session, report, _news_of(main), making.now)


def _news_of(main: FlyTip) -> str:
    """Return what somebody hears whose report turned out to be of this record: what became of it, if anything did."""
    return main.outcome if not rules.is_open(main.status) and main.outcome else "duplicate"


def _main_of(making: Moving) -> FlyTip:
    named = records.locked(making.session, making.given.main, making.person)
    return merging.main_record(named)


def _nothing(making: Moving) -> dict[str, Any]:
    return {}


# What each need asks for; a sentence for each field that lacks it.


def _reason_given(making: Moving) -> dict[str, str]:
    return {} if making.given.reason.strip() else {"reason": NEED_REASON}


def _crew_given(making: Moving) -> dict[str, str]:
    return {} if making.given.crew.strip() else {"crew": "Enter who does it, such as a crew or a contractor."}


def _day_possible(making: Moving) -> dict[str, str]:
    given = making.given
    if given.cleared_on is None:
        return {"cleared_on": "Enter the day it was cleared."}
    problem = day_problem(given.cleared_on, making.tip, local_date(making.now))
    if problem:
        return {"cleared_on": problem}
    moment = _cleared_at(given)
    if moment is None:
        return {}
    if moment > making.now:
        return {"cleared_time": "That time has not come yet. Check it, or leave it empty."}
    first = merging.reports_in(making.session, making.tip)[0].reported_at
    if moment < first:
        return {
            "cleared_time": "It cannot have been cleared before it was reported. Check the time, or leave it empty."
        }
    return {}


def day_problem(cleared_on: date, tip: FlyTip, today: date) -> str | None:
    """Return why a fly-tip cannot have been cleared on a day, None when it can."""
    if cleared_on > today:
        return "The day it was cleared cannot be in the future. Check the date."
    if cleared_on < tip.reported_on:
        return "It cannot have been cleared before it was reported. Check the date."
    return None


def _cleared_at(given: Given) -> datetime | None:
    if given.cleared_on is None or given.cleared_time is None:
        return None
    return datetime.combine(given.cleared_on, given.cleared_time, tzinfo=LONDON)


def _land_given(making: Moving) -> dict[str, str]:
    return {} if making.given.land else {"land_type": "Decide what land it is."}


def _is_private(making: Moving) -> dict[str, str]:
    decided = making.given.land
    if decided is None or decided.ownership == "private":
        return {}
    return {
        "ownership": "Advice is given to the owner of private land. Choose “Private land”, or choose another step."
    }


def _land_decided(making: Moving) -> dict[str, str]:
    if making.tip.scope != UNDECIDED:
        return {}
    return {"move": "Decide first whose land it is: until then nobody knows whether the 7 days applied."}


def _dangers_answered(making: Moving) -> dict[str, str]:
    return {} if making.given.dangers else {"move": "Answer the danger questions first."}


def _proved(making: Moving) -> dict[str, str]:
    if making.given.reason.strip():
        return {}
    tip, missing = making.tip, []
    if not (tip.crew or making.given.crew.strip()):
        missing.append("who cleared it")
    if not any(is_near(photo, tip) for photo in after_photos_of(making.session, tip)):
        missing.append("a photo from afterwards that was taken at the place")
    if not missing:
        return {}
    return {
        "reason": f"There is no record of {' or of '.join(missing)}. Add it, or say why it can be closed without."
    }


def _main_found(making: Moving) -> dict[str, str]:
    try:
        main = _main_of(making)
    except NotFound:
        return {"main": "There is no report of this reference. Check it, such as FT-2026-00012."}
    if main.id == making.tip.id:
        return {
            "main": "That is this report, or one that is the same as this one already. Enter another reference."
        }
    return {}


CHECKS: Mapping[Need, Callable[[Moving], dict[str, str]]] = {
    Need.REASON: _reason_given,
    Need.CREW: _crew_given,
    Need.DAY: _day_possible,
    Need.LAND: _land_given,
    Need.PRIVATE: _is_private,
    Need.DECIDED: _land_decided,
    Need.DANGERS: _dangers_answered,
    Need.PROOF: _proved,
    Need.MAIN: _main_found,
}


# What some needs write besides the state; each returns what history says of it.


def _write_land(making: Moving) -> dict[str, Any]:
    if making.given.land:
        decide(making.session, making.tip, making.given.land, making.person, making.now)
    return {}


def _write_day(making: Moving) -> dict[str, Any]:
    tip, given = making.tip, making.given
    if given.cleared_on is None:
        return {}
    tip.cleared_on, tip.cleared_at = given.cleared_on, _cleared_at(given)
    tip.clearance_cost_pence = given.cost_pence
    said: dict[str, Any] = {"cleared_on": given.cleared_on.isoformat()}
    return said if given.cost_pence is None else {**said, "cost_pence": given.cost_pence}


def _write_dangers(making: Moving) -> dict[str, Any]:
    answers = {name: dict(answer) for name, answer in (making.given.dangers or {}).items()}
    check = DangerCheck(
        record_id=making.tip.id,
        answered_at=making.now,
        answered_by_id=making.person.id,
        answers=answers,
    )
    making.session.add(check)
    return {"dangers": sorted(name for name, answer in answers.items() if answer["answer"] == "yes")}


WRITES: Mapping[Need, Callable[[Moving], dict[str, Any]]] = {
    Need.LAND: _write_land,
    Need.DAY: _write_day,
    Need.DANGERS: _write_dangers,
}


def danger_check(record: Record) -> DangerCheck | None:
    """Return the newest answers to the danger questions, None while nobody was asked."""
    query = select(DangerCheck).where(DangerCheck.record_id == record.id)
    return db.session.scalars(query.order_by(DangerCheck.id.desc()).limit(1)).first()


def after_photos_of(session: Session, tip: Record) -> Sequence[Photo]:
    """Return a record's photos from afterwards."""
    return session.scalars(select(Photo).where(Photo.record_id == tip.id, Photo.role == "after")).all()


def metres_off(photo: Photo, tip: Record) -> float | None:
    """Return how far from the record's place a photo was taken, None when either place is not known."""
    if None in (photo.latitude, photo.longitude, tip.latitude, tip.longitude):
        return None
    return metres_between(photo.latitude, photo.longitude, tip.latitude, tip.longitude)  # type: ignore[arg-type]


def is_near(photo: Photo, tip: Record) -> bool:
    """Return whether a photo is known to have been taken at the record's place."""
    off = metres_off(photo, tip)
    return off is not None and off <= float(current_app.config["AFTER_PHOTO_DISTANCE_M"])


def far_photos(tip: Record) -> dict[str, int]:
    """Return, by id, how many metres off the place those photos from afterwards were taken that are too far from it."""
    most = float(current_app.config["AFTER_PHOTO_DISTANCE_M"])
    off = {photo: metres_off(photo, tip) for photo in after_photos_of(db.session, tip)}
    return {
        str(photo.id): round(metres) for photo, metres in off.items() if metres is not None and metres > most
    }
