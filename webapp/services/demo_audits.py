"""The demo's audits: five priority wards, two years of walks with what they observed, their plans, requests, an area.

Places, words and people are invented. They go through the service that real ones go through, and stand in the same
order each time, so that making them twice makes them once.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select

from webapp.extensions import clock, db
from webapp.geo.wards import WardShape
from webapp.models.capture import Capture
from webapp.models.request import Request
from webapp.rules import periods
from webapp.rules.clock import LONDON, local_date
from webapp.rules.codes.eva import PROMPTS, SAFETY
from webapp.rules.eva import category
from webapp.rules.roles import Person
from webapp.services import demo_plans, pact_areas, requests, wards
from webapp.services.demo_places import near, somewhere
from webapp.services.demo_plans import Plan
from webapp.services.demo_seen import COMMON, OWN, POSITIVE, Seen
from webapp.services.demo_sent import send

NAMESPACE = UUID("b7c0a9de-5b0c-4b6f-8d5e-7a4f0f3f2e61")
BEGINS, ENDS = time(10, 30), time(12, 10)
NEXT_WEEK = timedelta(days=7)
# In the real district these have estates, stations and shops; where there are none of these, any five will do.
LIKELY = ("E05005031", "E05005032", "E05005014", "E05005028", "E05005008")


@dataclass(frozen=True, slots=True)
class Walk:
    """One audit: in which of the priority wards, when, how much it observed, and what became of its plan.

    `through` says how far into the part of the plan year that is over it was walked, `years_ago` in which year; a walk
    with neither is planned for next week.
    """

    key: str
    ward: int
    title: str
    seen: int = 0
    through: float | None = None
    years_ago: int = 0
    before: str = ""
    is_graded: bool = False
    plan: Plan | None = None


WALKS = (
    Walk("first", 0, "The estate and the shops", 10, 0.3, 1, plan=Plan(8, 6, is_over=True)),
    Walk("second", 1, "Station approach and the car park", 9, 0.75, 1, plan=Plan(5, 3)),
    Walk(
        "passed",
        0,
        "The estate and the shops again",
        12,
        0.2,
        before="first",
        is_graded=True,
        plan=Plan(9, 7, is_over=True),
    ),
    Walk("below", 2, "High Street and the alleys behind it", 14, 0.5, is_graded=True, plan=Plan(6, 2)),
    Walk("yesterday", 3, "Garages and the recreation ground", 8, 1.0),
    Walk("next week", 1, "Station approach after dark", before="second"),
)


FEELINGS = (
    {"by_day": "safe", "after_dark": "unsafe"},
    {"by_day": "very_safe", "after_dark": "very_unsafe"},
    {"by_day": "safe", "after_dark": "safe"},
)
TRANSECTS = (
    ("Parade", "No. 2", "No. 26", "other_retail", ("C", "B_MINUS", "C", "B")),
    ("The close", "No. 1", "Lamp column 9", "housing_medium", ("B", "C", "B_PLUS", "A")),
    (
        "Footpath to the station",
        "Lamp column 11",
        "Lamp column 17",
        "other_highways",
        ("B_MINUS", "C_MINUS", "C", "A"),
    ),
)
ANSWERS = {
    "sightlines": ("no", "The hedge at the bend"),
    "lighting": ("no", "Two lamps out"),
    "signage": ("yes", ""),
}


def make(warden: Person, officer: Person) -> int:
    """Make the audits up to now and the one of next week; return how many were made, none where they are there."""
    if db.session.get(Capture, _id(WALKS[0].key)) is not None:
        return 0
    codes = _priority_wards(officer)
    shapes = {shape.code: shape for shape in wards.in_use().shapes}
    references: dict[str, str] = {}
    for walk in sorted(WALKS, key=_held_on):
        shape = shapes[codes[walk.ward % len(codes)]]
        references[walk.key] = _make_walk(walk, shape, references.get(walk.before, ""), warden)
        if walk.plan is not None:
            demo_plans.work_on(_id(walk.key), walk.plan, officer, warden)
    _answer_requests(officer)
    if not pact_areas.listed():
        area = pact_areas.Given("Swanley", "Clerk of the town council", codes[:2], ("Swanley",))
        pact_areas.add(area, officer)
    return len(references)


def _id(key: str) -> UUID:
    return uuid5(NAMESPACE, key)


def _priority_wards(officer: Person) -> list[str]:
    """Return the priority wards, those marked already or else five that are marked now."""
    if not wards.priority_codes():
        names = wards.in_use().names
        likely = [code for code in LIKELY if code in names]
        for code in [*likely, *(code for code in sorted(names) if code not in likely)][: len(LIKELY)]:
            wards.set_priority(code, True, officer)
    marked = wards.priority_codes()
    return [*(code for code in LIKELY if code in marked), *sorted(marked - set(LIKELY))]


def _held_on(walk: Walk) -> date:
    today = local_date(clock.now())
    yesterday = today - timedelta(days=1)
    if walk.through is None:
        return today + NEXT_WEEK
    year = periods.year(periods.fiscal_year_of(today) - walk.years_ago)
    span = min(year.last, yesterday) - year.first
    return min(year.first + timedelta(days=int(span.days * walk.through)), yesterday)


def _make_walk(walk: Walk, ward: WardShape, before: str, warden: Person) -> str:
    chance = random.Random(walk.key)  # noqa: S311 - nothing here is a secret
    held_on, start = _held_on(walk), somewhere(chance, ward)
    over = datetime.combine(held_on, ENDS, tzinfo=LONDON) if walk.seen else clock.now()
    answers = _audit(walk, ward, held_on, start, before)
    reference = send("eva", _id(walk.key), answers, over, over, warden)
    for number, seen in enumerate(_seen(walk, chance), 1):
        at = datetime.combine(held_on, BEGINS, tzinfo=LONDON) + timedelta(minutes=7 * number)
        observation = _observation(number, seen, near(chance, ward, start), chance)
        own_id = _id(f"{walk.key} {number}")
        send("observation", own_id, observation, at, over, warden, parent=_id(walk.key))
    return reference


def _seen(walk: Walk, chance: random.Random) -> Sequence[Seen]:
    if not walk.seen:
        return ()
    own = OWN.get(walk.key, ())
    return (*own, *chance.sample(COMMON, walk.seen - len(own) - 1), POSITIVE)


def _place(at: tuple[float, float], words: str, accuracy_m: float | None, source: str) -> dict[str, Any]:
    return {
        "source": source,
        "latitude": at[0],
        "longitude": at[1],
        "accuracy_m": accuracy_m,
        "postcode": "",
        "grid_reference": "",
        "words": words,
        "is_needed": False,
    }


def _audit(
    walk: Walk, ward: WardShape, held_on: date, start: tuple[float, float], before: str
) -> dict[str, Any]:
    is_walked = walk.seen > 0
    people = (
        ("resident", "Resident", ""),
        ("business", "Shopkeeper", "Corner shop"),
        ("pcso", "PCSO", "Kent Police"),
    )
    return {
        "place": _place(start, "Outside the shop", None, "map"),
        "title": walk.title,
        "ward_code": ward.code,
        "parish": None,
        "reason": "priority_ward",
        "held_on": held_on.isoformat(),
        "starts_at": BEGINS.isoformat(),
        "began_at": BEGINS.isoformat() if is_walked else None,
        "ended_at": ENDS.isoformat() if is_walked else None,
        "lead_officer": "",
        "lead_agency": "kcc_wardens",
        "previous": before,
        "route_words": "From the shop along the parade, through the alley, back by the footpath.",
        "route_points": [],
        "safety": [code.value for code in SAFETY] if is_walked else [],
        "safety_note": "",
        "people": [
            {
                "type": type_,
                "name": name,
                "organisation": organisation,
                "presence": "came" if is_walked else "invited",
            }
            for type_, name, organisation in people
        ],
        "weather": "dry" if is_walked else None,
        "light": "daylight" if is_walked else None,
        "transects": [_transect(row) for row in TRANSECTS] if walk.is_graded else [],
        "prompts": _prompts() if walk.is_graded else {},
        "feelings": list(FEELINGS) if is_walked else [],
        "positives": "The shopkeeper sweeps in front of the parade each morning." if is_walked else "",
        "found_nothing": False,
        "track": [],
    }


def _transect(row: tuple[str, str, str, str, tuple[str, ...]]) -> dict[str, Any]:
    street, begins, ends, land_use, given = row
    grades = zip(("litter", "detritus", "graffiti", "fly_posting"), given, strict=True)
    return {
        "street": street,
        "begins": begins,
        "ends": ends,
        "land_use": land_use,
        **dict(grades),
        "surveyor": "SR",
    }


def _prompts() -> dict[str, dict[str, str | None]]:
    """Return what was answered to each prompt: a yes where nothing else was noted."""
    answers = {code.value: ANSWERS.get(code.value, ("yes", "")) for code in PROMPTS}
    return {name: {"answer": answer, "note": note} for name, (answer, note) in answers.items()}


def _observation(number: int, seen: Seen, at: tuple[float, float], chance: random.Random) -> dict[str, Any]:
    is_graded = category(seen.category).element is not None
    return {
        "place": _place(at, seen.where, float(chance.randrange(4, 15)), "gps"),
        "number": number,
        "category": seen.category,
        "grade": seen.badness if is_graded else None,
        "severity": None if is_graded else seen.badness or None,
        "note": seen.note,
        "quantity": seen.quantity,
        "asset": seen.asset,
        "owner_agency": None,
        "photo_place": False,
        "as_fly_tip": seen.becomes == "fly_tip",
        "as_request": seen.becomes if seen.becomes in ("speed_watch_site", "operation") else None,
    }


def _answer_requests(officer: Person) -> None:
    """Let the officer have taken up the request for a speed-watch site; the other waits for an answer."""
    asked = select(Request.id).where(Request.observation_id == _id("below 1"), Request.status == "open")
    found = db.session.scalar(asked)
    if found is not None:
        requests.answer(found, "taken_up", "The volunteers look for a safe place to stand.", officer)
