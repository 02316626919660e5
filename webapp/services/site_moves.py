"""What officers do with a site: change what is known of it, assess, approve, suspend and retire it; each in history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.extensions import clock
from webapp.models.event import Event
from webapp.models.speed_site import SpeedSite
from webapp.rules import site_moves as rules
from webapp.rules.clock import local_date
from webapp.rules.codes.speed_watch import DIRECTIONS, SITE_STATUSES
from webapp.rules.errors import NotFound, Refused, Stale
from webapp.rules.roles import Permission, Person
from webapp.rules.site_moves import Need, SiteMove
from webapp.rules.speed import WATCHED
from webapp.rules.speed_start import CREW_LEAST, CREW_MOST
from webapp.rules.training import wrong_days
from webapp.services import places, requests, speed_sites
from webapp.services.transaction import one_commit

NO_NAME = "Enter what the site is called. Everybody reads it."
NO_REASON = "Say why, so that whoever looks at it later understands."
NO_POINT = (
    "Set the point where people stand: use the map, a postcode, a grid reference, or latitude and longitude."
)
CREW_ROOM = f"Enter a number from {CREW_LEAST} to {CREW_MOST}, or leave it empty."
REVIEW_AFTER = "The review comes after the assessment. Check both dates."
STAYS_WATCHED = "An approved site has a limit of 20, 30 or 40 mph. Suspend it first if that has changed."
FACTS = ("name", "road", "parish", "limit_mph", "max_crew", "parking", "notes", "hazards")
PLACE = ("latitude", "longitude", "accuracy_m", "location_source", "place_text", "ward_code")
ASSESSMENT = ("assessment_reference", "assessor", "assessed_on", "review_due_on")
NEAR = 0.000001


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a site; `place` is as a form gives it."""

    name: str
    road: str
    parish: str
    limit_mph: int | None
    directions: Sequence[str]
    max_crew: int | None
    parking: str
    notes: str
    hazards: str
    place: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Assessment:
    """A risk assessment by the police: its reference, by whom, when, and the last day on which it is good."""

    assessment_reference: str
    assessor: str
    assessed_on: date | None
    review_due_on: date | None


@dataclass(frozen=True, slots=True)
class Given:
    """What an officer gives with a move; `seen` is the newest event that their page knew of."""

    seen: int
    facts: Facts | None = None
    assessment: Assessment | None = None
    reason: str = ""


def edit(code: str, facts: Facts, seen: int, person: Person) -> SpeedSite:
    """Let what is known of a site be as given. Raises NotFound, Stale, Refused with a sentence for each field."""
    now = clock.now()
    with one_commit() as session:
        site, before = _locked(session, code, seen, person)
        columns = _columns(site, facts)
        _write(session, site, columns, before, rules.EDITED, person, now)
    return site


def move(code: str, name: str, given: Given, person: Person) -> SpeedSite:
    """Make one move with a site and return it. Raises NotFound, Stale, Refused with a sentence for each field."""
    wanted = rules.BY_NAME.get(name)
    if wanted is None or not person.may(wanted.permission):
        raise NotFound
    now = clock.now()
    with one_commit() as session:
        site, before = _locked(session, code, given.seen, person)
        if site.status not in wanted.before:
            state = SITE_STATUSES.label(site.status).lower()
            raise Refused({"move": f"This site is “{state}” now, so that cannot be done with it. Go back."})
        columns = _given_columns(site, wanted, given, local_date(now))
        columns["status"] = wanted.after
        if wanted.after == "approved":
            columns["approved_on"] = local_date(now)
        _write(session, site, columns, before, wanted.action, person, now, given.reason)
        _answer(session, site, wanted, given, person, now)
    return site


def _locked(session: Session, code: str, seen: int, person: Person) -> tuple[SpeedSite, dict[str, Any]]:
    if not person.may(Permission.APPROVE_SITES):
        raise NotFound
    query = select(SpeedSite).where(SpeedSite.code == code.strip().upper()).with_for_update()
    site = session.scalar(query.execution_options(populate_existing=True))
    if site is None:
        raise NotFound
    if speed_sites.newest_event(session, site.code) > seen:
        raise Stale
    return site, speed_sites.said(site)


def _given_columns(site: SpeedSite, wanted: SiteMove, given: Given, today: date) -> dict[str, Any]:
    """Return what a move writes. Raises Refused for what it lacks."""
    columns: dict[str, Any] = {}
    problems: dict[str, str] = {}
    if Need.ASSESSMENT in wanted.needs:
        if given.facts is None or given.assessment is None:
            raise Refused({"move": "Enter the assessment."})
        try:
            columns = _columns(site, given.facts)
        except Refused as refused:
            problems = dict(refused.errors)
        columns |= {name: getattr(given.assessment, name) for name in ASSESSMENT}
        problems = {**_assessment_problems(given.facts, given.assessment, columns, today), **problems}
    if Need.REASON in wanted.needs and not given.reason.strip():
        problems["reason"] = NO_REASON
    if Need.APPROVABLE in wanted.needs and not problems:
        found = rules.approval_problems(speed_sites.assessed(site, columns), today)
        problems = {"move": " ".join(found)} if found else {}
    if problems:
        raise Refused(problems)
    return columns


def _assessment_problems(
    facts: Facts, assessment: Assessment, columns: Mapping[str, Any], today: date
) -> dict[str, str]:
    problems = wrong_days(assessment, "assessed_on", "review_due_on", REVIEW_AFTER, today)
    if not assessment.assessment_reference:
        problems["assessment_reference"] = "Enter the reference that the police gave the assessment."
    if not assessment.assessor:
        problems["assessor"] = "Enter who assessed it, such as “PC 1234, Kent Police”."
    if assessment.assessed_on is None:
        problems["assessed_on"] = "Enter the day of the assessment."
    if assessment.review_due_on is None:
        problems["review_due_on"] = "Enter the day by which it is looked at again."
    if facts.limit_mph is None:
        problems["limit_mph"] = "Choose the limit of the road."
    if not facts.directions:
        problems["directions"] = "Tick at least one direction that may be watched."
    if columns.get("latitude") is None:
        problems["place_text"] = NO_POINT
    return problems


def _columns(site: SpeedSite, facts: Facts) -> dict[str, Any]:
    """Return the columns of what is known of a site. Raises Refused with a sentence for each field."""
    problems = {}
    if not facts.name:
        problems["name"] = NO_NAME
    if facts.max_crew is not None and not CREW_LEAST <= facts.max_crew <= CREW_MOST:
        problems["max_crew"] = CREW_ROOM
    if site.status == "approved" and facts.limit_mph not in WATCHED:
        problems["limit_mph"] = STAYS_WATCHED
    elif site.status not in {"requested", "retired"} and facts.limit_mph is None:
        problems["limit_mph"] = "Choose the limit of the road."
    try:
        place = _place(site, facts.place)
    except Refused as refused:
        raise Refused({**problems, **refused.errors}) from None
    if site.status == "approved" and place["latitude"] is None:
        problems["place_text"] = NO_POINT
    if problems:
        raise Refused(problems)
    directions = " ".join(value for value in DIRECTIONS.values if value in facts.directions)
    return {**{name: getattr(facts, name) for name in FACTS}, "directions": directions, **place}


def _place(site: SpeedSite, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a place; a point that stayed where it was keeps where it is from."""
    located = places.locate({**given, "is_needed": False})
    columns = located.columns()
    is_same = (
        located.source == "typed"
        and None not in (site.latitude, site.longitude, located.latitude, located.longitude)
        and abs((site.latitude or 0) - (located.latitude or 0)) < NEAR
        and abs((site.longitude or 0) - (located.longitude or 0)) < NEAR
    )
    if is_same:
        columns |= {name: getattr(site, name) for name in PLACE if name not in {"place_text", "ward_code"}}
    elif located.latitude is None:
        # Words alone say no other ward than whoever asked.
        columns["ward_code"] = site.ward_code if site.latitude is None else None
    return columns


def _write(
    session: Session,
    site: SpeedSite,
    columns: Mapping[str, Any],
    before: Mapping[str, Any],
    action: str,
    person: Person,
    now: datetime,
    reason: str = "",
) -> None:
    changed = [name for name, value in columns.items() if getattr(site, name) != value]
    for name in changed:
        setattr(site, name, columns[name])
    session.flush()
    after = {**speed_sites.said(site), "changed": sorted(changed)}
    session.add(
        Event(
            at=now,
            by_id=person.id,
            action=action,
            before=dict(before),
            after=after,
            reason=reason[:500] or None,
        )
    )


def _answer(
    session: Session, site: SpeedSite, wanted: SiteMove, given: Given, person: Person, now: datetime
) -> None:
    """Tell the request that a site came from what became of it."""
    if site.request_id is None or wanted.request is None:
        return
    words = {
        "closed": f"Speed-watch site {site.code} is approved.",
        "declined": f"Speed-watch site {site.code} was not taken up. {given.reason}".strip()[:500],
    }[wanted.request]
    requests.settle(session, site.request_id, wanted.request, words, person, now)
