"""Fly-tipping: what its form adds to a record, what is near, and joining one report to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import or_, select, true

from webapp.extensions import clock, db
from webapp.geo.distance import box_around, distance_words, metres_between
from webapp.geo.grid import SNAPPED_WITHIN_M, snapped
from webapp.models.fly_tipping import FlyTip
from webapp.models.report import Report
from webapp.rules import fly_tipping as rules
from webapp.rules import lifecycle
from webapp.rules.clock import due_on, local_date
from webapp.rules.codes import fly_tipping as codes
from webapp.rules.errors import NotFound
from webapp.rules.roles import Person
from webapp.services import merging
from webapp.services.transaction import one_commit

NEARBY_MOST = 5
# Leaving a contact later makes somebody known; what staff reported stays theirs.
ANYBODY_ELSE = ("public", "anonymous")


@dataclass(frozen=True, slots=True)
class Nearby:
    """An open report near a place, as much of it as a stranger may know."""

    reference: str
    main_waste: str | None
    size: str | None
    reported_on: date
    away: str
    words: str | None


def details(answers: Mapping[str, Any], now: datetime, reported_by_type: str) -> dict[str, Any]:
    """Return the columns that this kind adds, with what the 7-day rule says of them today."""
    reported_on = local_date(now)
    return {
        **_said(answers, reported_by_type),
        "incident_on": reported_on,
        "reported_on": reported_on,
        "due_on": due_on(reported_on),
        "scope": rules.scope(answers["land_type"], None, None, None),
    }


def _said(answers: Mapping[str, Any], reported_by_type: str) -> dict[str, Any]:
    """Return the columns that only say what the reporter said."""
    seen = answers["first_seen_on"]
    return {
        "size": answers["size"],
        "main_waste": answers["main_waste"],
        "land_type": answers["land_type"],
        "description": answers["description"],
        "first_seen_on": date.fromisoformat(seen) if seen else None,
        "was_witnessed": answers["witnessed"],
        "vehicle_registration": answers["vehicle_registration"],
        "vehicle_description": answers["vehicle_description"],
        "reported_by_type": reported_by_type,
        "is_public_reported": reported_by_type not in rules.PROACTIVE,
    }


def changes(tip: FlyTip, answers: Mapping[str, Any], reported_by_type: str) -> dict[str, Any]:
    """Return the columns that a later version of a report's answers gives; the day of the first report stays.

    So does the land, once an officer has decided whose it is.
    """
    by_type = reported_by_type if tip.reported_by_type in ANYBODY_ELSE else tip.reported_by_type
    said = _said(answers, by_type)
    land_type = said["land_type"] if tip.status == "reported" else tip.land_type
    ended_as = lifecycle.ended_as(tip.status, tip.outcome)
    return said | {
        "land_type": land_type,
        "scope": rules.scope(land_type, tip.ownership, ended_as, tip.responsible_body),
        "is_public_reported": tip.is_public_reported or said["is_public_reported"],
    }


def headline(tip: FlyTip) -> str:
    """Return what it is in a line, for lists.

    >>> headline(FlyTip(main_waste="tyres", size="car_boot"))
    'Tyres, car boot or less'
    """
    waste = codes.WASTE_TYPES.label(tip.main_waste)
    return f"{waste}, {codes.SIZES.label(tip.size).lower()}" if tip.size else waste


def pack(person: Person) -> dict[str, Any]:
    """Return the code lists that reports are answered with, in the words that the public chooses by."""
    lists = {"main_waste": codes.WASTE_TYPES, "size": codes.SIZES, "land_type": codes.LAND_TYPES}
    return {
        "codes": {
            name: [{"value": code.value, "label": code.question} for code in listed]
            for name, listed in lists.items()
        }
    }


def nearby(latitude: float, longitude: float, *, leave_out: UUID | None = None) -> list[Nearby]:
    """Return the open reports near a place, nearest first: distance and age are settings of the partnership."""
    return [_as_nearby(tip, metres) for metres, tip in _near(latitude, longitude, leave_out)]


def near_report(report: Report) -> list[Nearby]:
    """Return the open reports near one that nobody has begun on; none otherwise."""
    own = db.session.get_one(FlyTip, report.record_id)
    if own.status != "reported" or own.latitude is None or own.longitude is None:
        return []
    return nearby(own.latitude, own.longitude, leave_out=own.id)


def _near(latitude: float, longitude: float, leave_out: UUID | None) -> list[tuple[float, FlyTip]]:
    """Return the open reports whose square of 100 m is near a place, with the metres to the square's centre.

    A report's own position must not show: from an exact edge of the reach anybody could work it out by asking again
    and again from a little further off. So all that is measured is its square, which answers alike for every position
    in it. The reach is widened by what the centre may be off, so that whoever really stands within reach finds it.
    """
    reach = float(current_app.config["NEARBY_DISTANCE_M"]) + SNAPPED_WITHIN_M
    since = clock.now() - timedelta(weeks=int(current_app.config["NEARBY_WEEKS"]))
    box = box_around(latitude, longitude, reach + SNAPPED_WITHIN_M)
    query = select(FlyTip).where(
        FlyTip.latitude.between(box.south, box.north),
        FlyTip.longitude.between(box.west, box.east),
        FlyTip.closed_at.is_(None),
        FlyTip.received_at >= since,
        FlyTip.visibility != "hidden",
        true() if leave_out is None else FlyTip.id != leave_out,
    )
    found = [
        (_metres_to_square(latitude, longitude, tip.latitude, tip.longitude), tip)
        for tip in db.session.scalars(query)
        if tip.latitude is not None and tip.longitude is not None
    ]
    near = sorted((pair for pair in found if pair[0] <= reach), key=lambda pair: (pair[0], pair[1].reference))
    return near[:NEARBY_MOST]


def _metres_to_square(latitude: float, longitude: float, its_latitude: float, its_longitude: float) -> float:
    centre = snapped(its_latitude, its_longitude)
    return metres_between(latitude, longitude, centre.latitude, centre.longitude)


def _as_nearby(tip: FlyTip, metres: float) -> Nearby:
    words = tip.description if tip.visibility == "released" else None
    return Nearby(tip.reference, tip.main_waste, tip.size, tip.reported_on, distance_words(metres), words)


def joinable(
    reference: str, latitude: float | None, longitude: float | None, *, leave_out: UUID | None = None
) -> FlyTip | None:
    """Return the record of this reference when it is one of those offered near the place, None otherwise.

    Only what was offered can be joined: references can be guessed, and joining shows what becomes of a record.
    Whoever would clear it at the same moment waits, so that they tell everybody who joined it.
    """
    if latitude is None or longitude is None:
        return None
    near = _near(latitude, longitude, leave_out)
    found = next((tip for _, tip in near if tip.reference == reference), None)
    if found is None:
        return None
    db.session.refresh(found, with_for_update=True)
    return found if lifecycle.is_open(found.status) else None


def join(report: Report, reference: str) -> FlyTip:
    """Make the record that a reporter made the same as an open one near it, on their word; return the other.

    Raises NotFound for any other record, and once staff have begun on it.
    """
    with one_commit() as session:
        # Of two reporters who join each other's at one moment, the second waits here and finds that it was done.
        both = select(FlyTip).where(or_(FlyTip.id == report.record_id, FlyTip.reference == reference))
        session.scalars(both.order_by(FlyTip.id).with_for_update()).all()
        own = session.get_one(FlyTip, report.record_id)
        if own.status != "reported":
            raise NotFound
        other = joinable(reference, own.latitude, own.longitude, leave_out=own.id)
        if other is None:
            raise NotFound
        merging.make_same(session, own.id, other, clock.now())
        return other
