"""The three concerns that a PACT area's panel names, and which areas name speeding (Action Plan 5.2)."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.event import Event
from webapp.models.pact_area import PactArea, PactPriority
from webapp.rules.clock import in_words, local_date
from webapp.rules.codes.pact import CONCERNS
from webapp.rules.contact import has_contact
from webapp.rules.errors import NotFound, Refused, Stale
from webapp.rules.roles import Permission, Person
from webapp.services import pact_areas
from webapp.services.pact_areas import Area
from webapp.services.transaction import one_commit

MOST, WORDS_MOST = 3, 200
SPEEDING = "speeding"


@dataclass(frozen=True, slots=True)
class Concern:
    """One concern of a panel, with its rank from 1 to 3; `since` is from when on it has been one without a break."""

    rank: int
    concern: str
    words: str
    since: date

    @property
    def label(self) -> str:
        """What it is called, in the list's words and the panel's own."""
        return ": ".join(filter(None, (CONCERNS.label(self.concern), self.words)))


@dataclass(frozen=True, slots=True)
class Named:
    """What an officer enters: concerns in order, each with words of its own, from a London day on."""

    concerns: Sequence[tuple[str, str]]
    from_on: date | None


@dataclass(frozen=True, slots=True)
class SpeedingArea:
    """An area whose panel names speeding, and since when without a break."""

    area: Area
    since: date


def speeding_areas(today: date) -> list[SpeedingArea]:
    """Return the areas that name speeding among their three concerns on a day, by name."""
    since = {
        area_id: concern.since
        for area_id, concerns in _current(db.session, today).items()
        for concern in concerns
        if concern.concern == SPEEDING
    }
    return [SpeedingArea(area, since[area.id]) for area in pact_areas.listed() if area.id in since]


def current(area_id: int, today: date) -> list[Concern]:
    """Return an area's concerns on a day, the first first."""
    return _current(db.session, today, area_id).get(area_id, [])


def _current(session: Session, today: date, area_id: int | None = None) -> dict[int, list[Concern]]:
    query = select(PactPriority).where(PactPriority.from_on <= today).order_by(PactPriority.from_on)
    if area_id is not None:
        query = query.where(PactPriority.area_id == area_id)
    concerns: dict[int, list[Concern]] = {}
    began: dict[tuple[int, str], tuple[date, date | None]] = {}
    for row in session.scalars(query.execution_options(populate_existing=True)):
        # One that only changed its rank or its words goes on; the row before it ended on the day this one begins.
        first, until = began.get((row.area_id, row.concern), (row.from_on, row.from_on))
        since = first if until is None or until >= row.from_on else row.from_on
        began[row.area_id, row.concern] = (since, row.until_on)
        if row.until_on is None or row.until_on > today:
            named = Concern(row.rank, row.concern, row.words, since)
            concerns.setdefault(row.area_id, []).append(named)
    return {area: sorted(named, key=lambda one: one.rank) for area, named in concerns.items()}


def mark(area_id: int) -> str:
    """Return what a page says to prove which concerns it knew."""
    return _mark(_open(db.session, area_id))


def _mark(rows: Sequence[PactPriority]) -> str:
    said = json.dumps([(row.rank, row.concern, row.words, row.from_on.isoformat()) for row in rows])
    return hashlib.sha256(said.encode()).hexdigest()


def _open(session: Session, area_id: int) -> Sequence[PactPriority]:
    query = select(PactPriority).where(PactPriority.area_id == area_id, PactPriority.until_on.is_(None))
    return session.scalars(query.order_by(PactPriority.rank).execution_options(populate_existing=True)).all()


def name(area_id: int, named: Named, seen: str, person: Person) -> None:
    """Let an area's concerns be these from a day on; what stays as it is goes on.

    Raises NotFound, Refused with a sentence for each field, Stale when somebody named others since the page was made.
    """
    if not person.may(Permission.SET_PACT_AREAS):
        raise NotFound
    with one_commit() as session:
        if session.get(PactArea, area_id, with_for_update=True, populate_existing=True) is None:
            raise NotFound
        before = _open(session, area_id)
        if _mark(before) != seen:
            raise Stale
        day = _checked(session, area_id, named)
        wanted = {(rank, *said) for rank, said in enumerate(named.concerns, 1)}
        stays = {(row.rank, row.concern, row.words) for row in before} & wanted
        for row in before:
            if (row.rank, row.concern, row.words) not in stays:
                _end(session, row, day)
        session.add_all(
            PactPriority(area_id=area_id, rank=rank, concern=concern, words=words, from_on=day)
            for rank, concern, words in sorted(wanted - stays)
        )
        said_before = _said([(row.rank, row.concern, row.words) for row in before])
        session.add(
            Event(
                at=clock.now(),
                by_id=person.id,
                action="pact_concerns_named",
                before={"area": area_id, "concerns": said_before},
                after={"area": area_id, "concerns": _said(sorted(wanted)), "from": day.isoformat()},
            )
        )


def _end(session: Session, row: PactPriority, day: date) -> None:
    # What began on the same day was a slip: nobody named it for any time.
    if row.from_on == day:
        session.delete(row)
    else:
        row.until_on = day


def _said(concerns: Sequence[tuple[int, str, str]]) -> list[dict[str, Any]]:
    return [{"rank": rank, "concern": concern, "words": words} for rank, concern, words in concerns]


def _checked(session: Session, area_id: int, named: Named) -> date:
    """Return the day from which on the concerns hold."""
    problems, today = {}, local_date(clock.now())
    values = [concern for concern, _ in named.concerns]
    if len(values) > MOST or any(value not in CONCERNS for value in values):
        problems["concerns"] = f"Choose up to {MOST} concerns from the list."
    elif len({*named.concerns}) < len(values) or _repeats(values):
        problems["concerns"] = "Name each concern once."
    elif any(has_contact(words) for _, words in named.concerns):
        problems["concerns"] = (
            "Everybody can read this: leave out email addresses, telephone numbers and names."
        )
    elif any(len(words) > WORDS_MOST for _, words in named.concerns):
        problems["concerns"] = f"Say each concern in {WORDS_MOST} characters or fewer."
    newest = _newest_day(session, area_id)
    if named.from_on is None:
        problems["from_on"] = "Enter the day from which on these are the panel’s concerns."
    elif named.from_on > today:
        problems["from_on"] = "That day has not come yet. Check the date."
    elif newest is not None and named.from_on < newest:
        problems["from_on"] = (
            f"What stands now was named from {in_words(newest)} on. Enter that day or a later one."
        )
    if problems or named.from_on is None:
        raise Refused(problems)
    return named.from_on


def _newest_day(session: Session, area_id: int) -> date | None:
    """Return the last day on which anything about an area's concerns changed."""
    days = (func.max(PactPriority.from_on), func.max(PactPriority.until_on))
    return max(
        filter(None, session.execute(select(*days).where(PactPriority.area_id == area_id)).one()),
        default=None,
    )


def _repeats(values: Sequence[str]) -> bool:
    """Return whether a concern comes twice; “something else” may, since its words tell which."""
    named = [value for value in values if value != "other"]
    return len(set(named)) < len(named)
