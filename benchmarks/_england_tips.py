"""What England's fly-tips are like: where, what, whose land, who reported them, and what became of them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

import numpy as np
import shapely

from webapp.geo.wards import WardShape
from webapp.rules.clock import local_date
from webapp.rules.fly_tipping import EA, PROACTIVE
from webapp.rules.lifecycle import outcome_after
from webapp.rules.references import format_reference
from webapp.services.demo import LAND, PLACES, SIZES, WASTE, WORDS

Value = TypeVar("Value")
Weighted = Sequence[tuple[Value, float]]

REPORTERS: Weighted[str] = (
    ("public", 48),
    ("anonymous", 30),
    ("staff_proactive", 10),
    ("parish", 4),
    ("partner", 3),
    ("warden", 2),
    ("landowner", 2),
    ("police", 1),
)
# What an officer finds out about the land; None where nobody could tell.
OWNERSHIPS: dict[str, Weighted[str | None]] = {
    "back_alleyway": (("public", 70), ("private", 15), (None, 15)),
    "private_residential": (("private", 60), ("public", 40)),
    "agricultural": (("private", 100),),
    "other_unidentified": (("public", 60), ("private", 15), (None, 25)),
}
PUBLIC: Weighted[str | None] = (("public", 100),)
ENDS: Weighted[str] = (("cleared", 930), ("duplicate", 42), ("not_found", 20), ("not_fly_tip", 8))
# On which day of the clock something is cleared: 9% late, and some are still not cleared a year later.
CLEARED_AFTER: Weighted[int] = (
    *((days, weight) for days, weight in enumerate((8, 16, 17, 15, 13, 10, 7, 5))),
    *((days, 0.5) for days in range(8, 24)),
    (60, 0.5),
    (400, 0.5),
)
CREWS: Weighted[str] = (("North crew", 4), ("South crew", 4), ("Night crew", 1), ("Clearway Contractors", 1))
AT_WORK: Weighted[str] = (
    ("triaged", 5),
    ("clearance_ordered", 8),
    ("inspection", 2),
    ("specialist", 1),
    ("evidence_hold", 1),
    ("referred_kcc", 1),
)
BODIES: Weighted[str] = (("sdc_direct_services", 70), ("kcc_highways", 30))
LOOKED_AT_AFTER = timedelta(hours=30)
CLOSED_WITHIN = timedelta(days=20)
RARE_WORD, ONE_IN = "A harmonium with its pipes.", 40_000
PLACE_UNKNOWN = 0.01


@dataclass(slots=True)
class Tip:
    """One fly-tip as the tables are to hold it."""

    id: UUID
    number: int
    reference: str
    reported_at: datetime
    reported_on: date
    latitude: float | None
    longitude: float | None
    ward_code: str | None
    place_text: str
    description: str
    main_waste: str
    size: str
    land_type: str
    reported_by_type: str
    is_public_reported: bool
    by_id: int | None
    status: str = "reported"
    outcome: str | None = None
    ownership: str | None = None
    body: str | None = None
    crew: str | None = None
    decided_at: datetime | None = None
    cleared_at: datetime | None = None
    closed_at: datetime | None = None
    cost_pence: int | None = None
    duplicate_of: UUID | None = None


class Chances:
    """Draws fly-tips, the same ones for the same seed; `numbers` counts the references given in each year."""

    def __init__(self, seed: int, shapes: Sequence[WardShape], staff: Sequence[int], until: datetime) -> None:
        self.random = random.Random(seed)  # noqa: S311 - nothing here is a secret
        self.numbers: dict[int, int] = {}
        self._points = np.random.default_rng(seed)
        self._shapes, self._staff, self._until = shapes, staff, until

    def batch(self, moments: Sequence[datetime]) -> list[Tip]:
        """Return a fly-tip for each moment of a report; a duplicate is one of another in the same batch."""
        places, drawn = self._places(len(moments)), self._drawn(len(moments))
        tips = [self._reported(*parts) for parts in zip(moments, places, *drawn, strict=True)]
        ends, days = self._many(ENDS, len(tips)), self._many(CLEARED_AFTER, len(tips))
        mains: list[Tip] = []
        for tip, end, after_days in zip(tips, ends, days, strict=True):
            if end == "duplicate" and mains:
                self._same_as(tip, self.random.choice(mains[-500:]))
                continue
            mains.append(tip)
            self._goes_on(tip, end, after_days)
        return tips

    def _drawn(self, count: int) -> list[list[str]]:
        words = ((place, 1) for place in PLACES), ((sentence, 1) for sentence in WORDS)
        return [self._many(listed, count) for listed in (WASTE, SIZES, LAND, REPORTERS, *map(tuple, words))]

    def _many(self, weighted: Weighted[Value], count: int) -> list[Value]:
        values, weights = zip(*weighted, strict=True)
        return self.random.choices(values, weights, k=count)

    def _one(self, weighted: Weighted[Value]) -> Value:
        return weighted[0][0] if len(weighted) == 1 else self._many(weighted, 1)[0]

    def _places(self, count: int) -> Iterator[tuple[WardShape, float, float]]:
        """Yield a ward and a point in it for each."""
        chosen = self._points.integers(len(self._shapes), size=count).tolist()
        points = [iter(self._inside(shape, chosen.count(at))) for at, shape in enumerate(self._shapes)]
        for at in chosen:
            yield self._shapes[at], *next(points[at])

    def _inside(self, shape: WardShape, count: int) -> list[tuple[float, float]]:
        west, south, east, north = shape.geometry.bounds
        found: list[tuple[float, float]] = []
        while len(found) < count:
            longitudes = self._points.uniform(west, east, count).round(6)
            latitudes = self._points.uniform(south, north, count).round(6)
            inside = shapely.contains_xy(shape.geometry, longitudes, latitudes)
            found += zip(latitudes[inside].tolist(), longitudes[inside].tolist(), strict=True)
        return found

    def _reported(
        self,
        moment: datetime,
        place: tuple[WardShape, float, float],
        waste: str,
        size: str,
        land: str,
        reporter: str,
        spot: str,
        words: str,
    ) -> Tip:
        day = local_date(moment)
        number = self.numbers[day.year] = self.numbers.get(day.year, 0) + 1
        shape, latitude, longitude = place
        is_placed = self.random.random() >= PLACE_UNKNOWN
        return Tip(
            id=UUID(int=self.random.getrandbits(128), version=4),
            number=number,
            reference=format_reference("FT", day.year, number),
            reported_at=moment,
            reported_on=day,
            latitude=latitude if is_placed else None,
            longitude=longitude if is_placed else None,
            ward_code=shape.code if is_placed else None,
            place_text=f"{spot}, {shape.name}" if spot else "",
            description=RARE_WORD if number % ONE_IN == 1 else words,
            main_waste=waste,
            size=size,
            land_type=land,
            reported_by_type=reporter,
            is_public_reported=reporter not in PROACTIVE,
            by_id=self.random.choice(self._staff) if reporter in PROACTIVE else None,
        )

    def _same_as(self, tip: Tip, main: Tip) -> None:
        closed_at = tip.reported_at + timedelta(hours=self.random.random() * 20)
        if closed_at > self._until:
            return
        tip.status, tip.duplicate_of, tip.closed_at = "duplicate", main.id, closed_at
        main.is_public_reported = main.is_public_reported or tip.is_public_reported

    def _goes_on(self, tip: Tip, end: str, after_days: int) -> None:
        """Let officers look at it, decide whose land it is, and have it cleared, as far as that has come by now."""
        looked_at = tip.reported_at + self.random.random() * LOOKED_AT_AFTER
        if looked_at > self._until:
            return
        self._decide(tip, looked_at)
        ended_at = max(looked_at, tip.reported_at + timedelta(days=after_days))
        has_ended = ended_at <= self._until
        if end == "cleared" and tip.ownership == "private":
            self._set(tip, "private_land")
            if has_ended:
                self._set(tip, "closed")
        elif not has_ended:
            self._set(tip, self._one(AT_WORK))
        else:
            self._set(tip, end)
        if tip.status != "triaged":
            tip.crew = self._one(CREWS)
        if not has_ended:
            return
        tip.closed_at = ended_at
        if tip.status == "cleared":
            tip.cleared_at = ended_at
            tip.cost_pence = self.random.randrange(20_000, 60_000) if tip.size == "tipper_lorry" else None
        if tip.status != "closed" and self._until - ended_at > self.random.random() * CLOSED_WITHIN:
            self._set(tip, "closed")

    def _decide(self, tip: Tip, looked_at: datetime) -> None:
        tip.decided_at = looked_at
        tip.ownership = self._one(OWNERSHIPS.get(tip.land_type, PUBLIC))
        if tip.main_waste == "chemical":
            tip.body = EA
        elif tip.ownership == "public":
            tip.body = self._one(BODIES) if tip.land_type == "highway" else "sdc_direct_services"

    def _set(self, tip: Tip, status: str) -> None:
        tip.status, tip.outcome = status, outcome_after(status, tip.outcome)
