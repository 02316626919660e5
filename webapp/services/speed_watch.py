"""Speed-watch sessions: what the form adds to a record, and whether one may begin (field-facts 3.1, 3.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.geo.daylight import daylight
from webapp.models.capture import Capture
from webapp.models.record import Record
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_scheme import SpeedDevice, SpeedVolunteer
from webapp.models.speed_site import SpeedSite
from webapp.models.speed_watch import SpeedCrew, SpeedSession
from webapp.rules import speed_start as rules
from webapp.rules.clock import local_date
from webapp.rules.errors import Refused
from webapp.rules.roles import Person
from webapp.rules.speed import threshold
from webapp.services import forgetting, schemes, speed_sites

SAID = (
    "direction",
    "weather",
    "light",
    "road_surface",
    "dark_reason",
    "total_counted",
    "has_all_speeds",
    "incidents",
    "stopped_early",
    "join_code",
)
NO_SITE = "Choose the site from the list. Ask for a new one on the page “Sites”."
NO_DEVICE = "Choose the device from the list. Your coordinator adds a new one on the scheme’s page."
NO_MEMBER = "Choose each member of the crew from the list of the scheme that the device belongs to."
OTHER_LIMIT = (
    "The vehicles of this session were recorded for a limit of {known} mph, and this site has {other} mph. Choose a"
    " site with the same limit. Otherwise write the session down again for the other site, and make the vehicles of"
    " this one void when it is checked."
)
NOT_YOURS = "This device belongs to another scheme. Choose one of your own."


@dataclass(frozen=True, slots=True)
class Meant:
    """What a session's answers name: the site, the device, and who was in the crew."""

    site: SpeedSite
    limit_mph: int
    device: SpeedDevice
    crew: Sequence[SpeedVolunteer]


def details(answers: Mapping[str, Any], now: datetime, reported_by_type: str) -> dict[str, Any]:
    """Return the columns that this kind adds. Raises Refused for a site, a device or a member that is none."""
    return _columns(answers, None)


def changes(session: SpeedSession, answers: Mapping[str, Any], reported_by_type: str) -> dict[str, Any]:
    """Return the columns that a later version of the answers gives."""
    return _columns(answers, session)


def _columns(answers: Mapping[str, Any], known: SpeedSession | None) -> dict[str, Any]:
    meant = _meant(answers)
    if isinstance(meant, dict):
        raise Refused(meant)
    began = datetime.fromisoformat(answers["began_at"])
    ended = datetime.fromisoformat(answers["ended_at"]) if answers["ended_at"] else None
    held_on = local_date(began)
    limit = _limit(answers, meant, known)
    return {
        **{name: answers[name] for name in SAID},
        **_place_of(meant.site),
        "site_id": meant.site.id,
        "scheme_id": meant.device.scheme_id,
        "device_id": meant.device.id,
        "held_on": held_on,
        "reported_on": held_on,
        "began_at": began,
        "ended_at": ended,
        "limit_mph": limit,
        "threshold_mph": threshold(limit),
        "safety": " ".join(answers["safety"]),
        "start_problems": _kept_problems(answers, meant, limit, began, known),
        "status": "under_way" if ended is None else "held",
    }


def _limit(answers: Mapping[str, Any], meant: Meant, known: SpeedSession | None) -> int:
    """Return the limit of a session: that of its first version, or of another site as long as nothing was logged.

    Raises Refused for a site with another limit once there are vehicles: what was recorded went by the old one.
    """
    if known is None:
        return _limit_of_that_day(answers, meant)
    if known.site_id == meant.site.id or known.limit_mph == meant.limit_mph:
        return known.limit_mph
    if _has_vehicles(known):
        raise Refused({"site": OTHER_LIMIT.format(known=known.limit_mph, other=meant.limit_mph)})
    return meant.limit_mph


def _has_vehicles(session: SpeedSession) -> bool:
    left = (SpeedReading.session_id == session.id, SpeedReading.removed_at.is_(None))
    return db.session.scalar(select(SpeedReading.id).where(*left).limit(1)) is not None


def _limit_of_that_day(answers: Mapping[str, Any], meant: Meant) -> int:
    """Return the limit by which a phone told what to record; without one that is watched, the site's of now."""
    told = answers["limit_mph"]
    return told if threshold(told) is not None else meant.limit_mph


def _kept_problems(
    answers: Mapping[str, Any], meant: Meant, limit: int, began: datetime, known: SpeedSession | None
) -> str:
    """Return the codes of why a session should not have begun.

    They are those of its first version as long as it says the same of where, when, with what and with whom: what became
    of a site, a device or a volunteer since neither frees it nor blames it.
    """
    if known is not None and _is_the_same_start(known, meant, began):
        return known.start_problems
    differs = [rules.LIMIT_DIFFERS] if limit != meant.limit_mph else []
    return " ".join([*_codes(answers, meant, limit), *differs])


def _is_the_same_start(known: SpeedSession, meant: Meant, began: datetime) -> bool:
    own = select(SpeedCrew.volunteer_id).where(SpeedCrew.session_id == known.id)
    crew = frozenset(db.session.scalars(own))
    before = (known.site_id, known.device_id, known.began_at, crew)
    return before == (meant.site.id, meant.device.id, began, frozenset(one.id for one in meant.crew))


def _place_of(site: SpeedSite) -> dict[str, Any]:
    return {
        "latitude": site.latitude,
        "longitude": site.longitude,
        "accuracy_m": site.accuracy_m,
        "location_source": site.location_source,
        "place_text": site.name,
        "ward_code": site.ward_code,
        "parish": site.parish,
    }


def problems(answers: Mapping[str, Any], own_id: UUID | None) -> dict[str, str]:
    """Return a sentence for each answer that names no site, device or volunteer that there is."""
    meant = _meant(answers)
    return meant if isinstance(meant, dict) else {}


def _meant(answers: Mapping[str, Any]) -> Meant | dict[str, str]:
    """Return what the answers name, or a sentence for each that names nothing."""
    # One that was only asked for may be without a limit; nobody is offered it, and no session is held at it.
    known = (SpeedSite.code == answers["site"].strip().upper(), SpeedSite.limit_mph.is_not(None))
    site = db.session.scalar(select(SpeedSite).where(*known))
    device = db.session.get(SpeedDevice, answers["device"]) if answers["device"] else None
    ids = {row["volunteer"] for row in answers["crew"]}
    query = select(SpeedVolunteer).where(SpeedVolunteer.id.in_([one for one in ids if one is not None]))
    crew = db.session.scalars(query.order_by(SpeedVolunteer.name)).all()
    is_theirs = device is None or all(one.scheme_id == device.scheme_id for one in crew)
    limit = site.limit_mph if site else None
    if site is not None and limit is not None and device is not None and len(crew) == len(ids) and is_theirs:
        return Meant(site, limit, device, crew)
    said = {
        "site": None if site else NO_SITE,
        "device": None if device else NO_DEVICE,
        "crew": None if len(crew) == len(ids) and is_theirs else NO_MEMBER,
    }
    return {name: sentence for name, sentence in said.items() if sentence}


def _start_problems(answers: Mapping[str, Any], meant: Meant, limit: int) -> tuple[rules.Problem, ...]:
    began, site = datetime.fromisoformat(answers["began_at"]), meant.site
    day, light = local_date(began), light_at(site, local_date(began))
    return rules.start_problems(
        site=replace(speed_sites.start_site(site), limit_mph=limit),
        crew=[schemes.member_of(one) for one in meant.crew],
        device=schemes.device_of(meant.device),
        day=day,
        at=began,
        sunrise=light[0] if light else None,
        sunset=light[1] if light else None,
        dark_reason=answers["dark_reason"],
    )


def light_at(site: SpeedSite, day: date) -> tuple[datetime, datetime] | None:
    """Return when the sun rises and sets at a site on a London day; None for one without a point."""
    if site.latitude is None or site.longitude is None:
        return None
    return daylight(day, site.latitude, site.longitude)


def _codes(answers: Mapping[str, Any], meant: Meant, limit: int) -> list[str]:
    """Return the codes of why it should not have begun, each once."""
    return list(dict.fromkeys(problem.code for problem in _start_problems(answers, meant, limit)))


def may_begin(answers: Mapping[str, Any], person: Person) -> dict[str, str]:
    """Return why a page does not let a session begin, in words, and that a device is another scheme's."""
    meant = _meant(answers)
    if isinstance(meant, dict):
        return {}
    if meant.device.scheme_id not in schemes.ids_of(person):
        return {"device": NOT_YOURS}
    found = _start_problems(answers, meant, meant.limit_mph) if answers["began_at"] else ()
    return {"site": " ".join(problem.words for problem in found)} if found else {}


def takes_from(answers: Mapping[str, Any], person: Person) -> bool:
    """Return whether a session belongs to a scheme of whoever sends it, as the device tells."""
    meant = _meant(answers)
    return isinstance(meant, dict) or meant.device.scheme_id in schemes.ids_of(person)


def rows(session: Session, session_id: UUID, answers: Mapping[str, Any]) -> None:
    """Write who was there, in place of what an earlier version said."""
    session.execute(delete(SpeedCrew).where(SpeedCrew.session_id == session_id))
    crew = {row["volunteer"]: row["role"] for row in answers["crew"]}
    written = [{"session_id": session_id, "volunteer_id": who, "role": role} for who, role in crew.items()]
    if written:
        session.execute(insert(SpeedCrew), written)


def headline(session: SpeedSession) -> str:
    """Return what a session is, in a line."""
    return f"Speed-watch, {session.place_text}"


def shares(session: Session, capture: Capture, person: Person) -> bool:
    """Return whether somebody may log in a session that another began: everybody of its scheme."""
    table = SpeedSession.__table__
    scheme_id = session.scalar(select(table.c.scheme_id).where(table.c.id == capture.id))
    return scheme_id is not None and scheme_id in schemes.ids_of(person)


def hold_with_rows(session: Session, session_id: UUID) -> None:
    """Let nobody change a session or any of its vehicles meanwhile, in the caller's commit.

    The vehicles come first, as for whoever changes one: so no two ever wait for each other.
    """
    forgetting.hold(session, Capture.parent_id == session_id)
    hold(session, session_id)


def hold(session: Session, session_id: UUID) -> None:
    """Let those who write parts of a session take turns, in the caller's commit."""
    session.execute(select(Record.id).where(Record.id == session_id).with_for_update(key_share=True))
