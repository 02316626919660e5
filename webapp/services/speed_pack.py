"""What a phone needs to run a speed-watch session without a connection, and to refuse one that must not start."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from webapp.extensions import clock, db
from webapp.models.speed_scheme import SpeedDevice, SpeedVolunteer
from webapp.models.speed_site import SpeedSite
from webapp.models.speed_watch import SpeedCrew, SpeedSession
from webapp.rules import speed as rules
from webapp.rules.clock import local_date
from webapp.rules.codes import speed_watch as codes
from webapp.rules.roles import Person
from webapp.services import schemes
from webapp.services.speed_watch import light_at

# As long as a pack is good for, and a day more: it may be fetched late in the evening.
DAYS = 9
RECENT = timedelta(days=1)
# What was asked for and not taken up may be without a limit.
WATCHED = (SpeedSite.status != "requested", SpeedSite.limit_mph.is_not(None))


def offers(person: Person) -> dict[str, Any]:
    """Return what the plain page of a session lets somebody choose from, as pairs of value and label."""
    ids = schemes.ids_of(person)
    sites = db.session.scalars(select(SpeedSite).where(*WATCHED)).all()
    names = {one.id: one.name for one in schemes.of(person)}
    is_one = len(names) == 1
    return {
        "sites": [(one.code, f"{one.name} ({one.code})") for one in sorted(sites, key=lambda one: one.name)],
        "volunteers": [
            (str(one.id), one.name if is_one else f"{one.name}, {names[one.scheme_id]}")
            for one in schemes.volunteers(ids)
            if one.is_active
        ],
        "devices": [
            (str(one.id), device_name(one))
            for one in schemes.devices(ids)
            if schemes.device_of(one).is_active
        ],
    }


def device_name(device: SpeedDevice) -> str:
    """Return what a device is called: its type and serial number."""
    return " ".join(filter(None, (codes.DEVICE_TYPES.label(device.type), device.serial)))


def pack(person: Person) -> dict[str, Any]:
    """Return the sites, and of somebody's own schemes the volunteers, the devices and the sessions that go on.

    Days are ISO dates in London, moments ISO in UTC. No contact and no plate is in it.
    """
    ids, today = schemes.ids_of(person), local_date(clock.now())
    sites = db.session.scalars(select(SpeedSite).where(*WATCHED)).all()
    sessions = _sessions(ids, today)
    # Who left is for nobody's phone; only who is in a session that goes on stays readable in it.
    needed = {own for session in sessions for own in session["crew"]}
    return {
        "schemes": [{"id": one.id, "name": one.name} for one in schemes.of(person)],
        "sites": [_site(one, today) for one in sorted(sites, key=lambda one: (one.name, one.code))],
        "volunteers": [
            _volunteer(one) for one in schemes.volunteers(ids) if one.is_active or one.id in needed
        ],
        "devices": [_device(one) for one in schemes.devices(ids)],
        "sessions": sessions,
        "thresholds": {str(limit): threshold for limit, threshold in rules.THRESHOLDS.items()},
    }


def _site(site: SpeedSite, today: date) -> dict[str, Any]:
    return {
        "code": site.code,
        "name": site.name,
        "road": site.road,
        "status": site.status,
        "limit_mph": site.limit_mph,
        "directions": site.directions.split(),
        "review_due_on": _day(site.review_due_on),
        "max_crew": site.max_crew,
        "parking": site.parking,
        "notes": site.notes,
        "hazards": site.hazards,
        "ward_code": site.ward_code,
        "daylight": _daylight(site, today),
    }


def _daylight(site: SpeedSite, today: date) -> dict[str, list[str]]:
    days = [today + timedelta(days=later) for later in range(DAYS)]
    lights = {day.isoformat(): light_at(site, day) for day in days}
    return {day: [moment.isoformat() for moment in light] for day, light in lights.items() if light}


def _volunteer(volunteer: SpeedVolunteer) -> dict[str, Any]:
    return {
        "id": volunteer.id,
        "scheme": volunteer.scheme_id,
        "name": volunteer.name,
        "is_active": volunteer.is_active,
        "is_over_18": volunteer.is_over_18,
        "trained_on": _day(volunteer.trained_on),
        "refresher_due_on": _day(volunteer.refresher_due_on),
    }


def _device(device: SpeedDevice) -> dict[str, Any]:
    return {
        "id": device.id,
        "scheme": device.scheme_id,
        "name": codes.DEVICE_TYPES.label(device.type),
        "serial": device.serial,
        "needs_calibration": schemes.needs_calibration(device),
        "calibration_due_on": _day(device.calibration_due_on),
        "is_active": schemes.device_of(device).is_active,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _sessions(scheme_ids: frozenset[int], today: date) -> list[dict[str, Any]]:
    """Return the sessions that go on, which a second phone may join."""
    query = (
        select(SpeedSession, SpeedSite)
        .join(SpeedSite, SpeedSite.id == SpeedSession.site_id)
        .where(
            SpeedSession.scheme_id.in_(scheme_ids),
            SpeedSession.ended_at.is_(None),
            SpeedSession.status == "under_way",
            SpeedSession.held_on >= today - RECENT,
        )
        .order_by(SpeedSession.began_at.desc())
    )
    found = db.session.execute(query).all()
    crew = _crew([one.id for one, _ in found])
    return [
        {
            "id": str(one.id),
            "reference": one.reference,
            "scheme": one.scheme_id,
            "site": site.code,
            "held_on": one.held_on.isoformat(),
            "began_at": one.began_at.isoformat(),
            "limit_mph": one.limit_mph,
            "join_code": one.join_code,
            "direction": one.direction,
            "crew": crew.get(one.id, []),
        }
        for one, site in found
    ]


def _crew(session_ids: Sequence[UUID]) -> dict[UUID, list[int]]:
    crew: dict[UUID, list[int]] = {}
    for one in db.session.scalars(select(SpeedCrew).where(SpeedCrew.session_id.in_(session_ids))):
        crew.setdefault(one.session_id, []).append(one.volunteer_id)
    return crew
