"""Places where it happens again: what was cleared near a record before, and what was reported there afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from flask import current_app
from sqlalchemy import select

from webapp.extensions import db
from webapp.geo.distance import box_around, metres_between
from webapp.models.fly_tipping import FlyTip
from webapp.rules.roles import Person
from webapp.services.records import visible_to


@dataclass(frozen=True, slots=True)
class Again:
    """Another fly-tip at the same place: how far off, and the days between one's clearance and the other's report."""

    tip: FlyTip
    metres: int
    days_between: int


@dataclass(frozen=True, slots=True)
class Place:
    """The history of a place around one record: what was cleared before it, newest first, and what came back after."""

    before: Sequence[Again]
    after: Sequence[Again]

    @property
    def mean_interval_days(self) -> float | None:
        """How many days passed on average from a clearance to the next report, None where it happened once."""
        between = [again.days_between for again in self.before[:1]] + _gaps(self.before)
        return sum(between) / len(between) if between else None


def _gaps(before: Sequence[Again]) -> list[int]:
    """Return the days from each clearance before to the report that followed it there."""
    gaps = []
    for later, earlier in pairwise(before):
        cleared_on = earlier.tip.cleared_on
        if cleared_on is not None and later.tip.reported_on >= cleared_on:
            gaps.append((later.tip.reported_on - cleared_on).days)
    return gaps


def place_of(tip: FlyTip, person: Person) -> Place:
    """Return what happened at a record's place before and after, of what this person may see; duplicates aside."""
    near = _near(tip, person)
    before = [
        Again(other, metres, (tip.reported_on - other.cleared_on).days)
        for metres, other in near
        if other.cleared_on is not None and other.cleared_on <= tip.reported_on
    ]
    before.sort(key=lambda again: again.tip.cleared_on or date.min, reverse=True)
    return Place(before, _after(tip, near))


def _after(tip: FlyTip, near: Sequence[tuple[int, FlyTip]]) -> list[Again]:
    if tip.cleared_on is None:
        return []
    after = [
        Again(other, metres, (other.reported_on - tip.cleared_on).days)
        for metres, other in near
        if other.reported_on >= tip.cleared_on
    ]
    return sorted(after, key=lambda again: again.tip.reported_on)


def _near(tip: FlyTip, person: Person) -> list[tuple[int, FlyTip]]:
    if tip.latitude is None or tip.longitude is None:
        return []
    reach = float(current_app.config["BACK_DISTANCE_M"])
    box = box_around(tip.latitude, tip.longitude, reach)
    query = select(FlyTip).where(
        FlyTip.latitude.between(box.south, box.north),
        FlyTip.longitude.between(box.west, box.east),
        FlyTip.id != tip.id,
        FlyTip.duplicate_of_id.is_(None),
        visible_to(person),
    )
    found = [
        (metres_between(tip.latitude, tip.longitude, other.latitude, other.longitude), other)
        for other in db.session.scalars(query)
        if other.latitude is not None and other.longitude is not None
    ]
    return [(round(metres), other) for metres, other in found if metres <= reach]
