"""The demo's speed-watch: two schemes with their people, devices and sites, and a year of sessions.

Schemes, people, sites and vehicles are invented; no registration that begins with X and X has the sign of a place in
Great Britain. Numbers are as those of Kent's day of action on 26 July 2024: some eleven vehicles to a session (S7).
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from webapp.extensions import clock, db
from webapp.models.speed_scheme import SpeedDevice, SpeedScheme, SpeedVolunteer
from webapp.models.speed_site import SpeedSite
from webapp.rules.clock import LONDON, local_date
from webapp.rules.codes.speed_watch import SAFETY
from webapp.rules.roles import Person
from webapp.rules.speed import THRESHOLDS
from webapp.services import wards
from webapp.services.demo_sent import send
from webapp.services.transaction import one_commit

NAMESPACE = UUID("0f6b3a52-8f5d-4a40-9f9b-6d5c1f0f7c11")
DAYS_BETWEEN = 9
SESSIONS = 34
YEAR = timedelta(days=365)
LETTERS = "ABCDEFGHJKLMNOPRSTUVWXY"
COLOURS = ("white", "black", "grey", "blue", "red", "silver", "green", "orange")
MAKES = ("ford", "vauxhall", "volkswagen", "bmw", "audi", "toyota", "nissan", "kia", "peugeot", "other")
VEHICLES = ("car",) * 8 + ("van",) * 3 + ("motorcycle", "hgv")
# How much above the limit those are who are recorded: most of them a little.
ABOVE = (0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 8, 11, 16)


@dataclass(frozen=True, slots=True)
class Site:
    """One site of the demo, near which place, and how far it has come."""

    code: str
    name: str
    road: str
    parish: str
    limit_mph: int
    at: tuple[float, float]
    status: str = "approved"


SITES = (
    Site("S01", "High Street by the pond", "A225", "Otford", 30, (51.31335, 0.19120)),
    Site("S02", "Shoreham Road, recreation ground", "A225", "Otford", 40, (51.31890, 0.18960)),
    Site("S03", "Pilgrims Way East, school", "Pilgrims Way East", "Otford", 20, (51.31270, 0.20010)),
    Site("S04", "London Road, village hall", "A25", "Westerham", 30, (51.26640, 0.07150)),
    Site("S05", "Main Road, chapel", "B2026", "Edenbridge", 30, (51.19720, 0.06560)),
    Site("S06", "Station Road", "B2026", "Edenbridge", 30, (51.20640, 0.06350), "assessed"),
    Site("S07", "Church Road by the green", "Church Road", "Hartley", 30, (51.38530, 0.30370), "requested"),
    Site("S08", "Dry Hill, bend", "A25", "Sundridge", 40, (51.27540, 0.12520), "suspended"),
)


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme of the demo: its people by name, those with an account by e-mail, and where it watches."""

    name: str
    people: tuple[tuple[str, str | None], ...]
    sites: tuple[str, ...]


SCHEMES = (
    Scheme(
        "Darent Valley",
        (
            ("Carol", "carol@demo.example"),
            ("Vic", "vic@demo.example"),
            ("Ann Lee", None),
            ("Bob Marsh", None),
            ("Jo Fenn", None),
        ),
        ("S01", "S02", "S03"),
    ),
    Scheme(
        "Edenbridge and Westerham",
        (("Sam Ode", None), ("Kit Hale", None), ("Lou Ash", None)),
        ("S04", "S05"),
    ),
)
# Who of each scheme cannot be in a crew, so that a refusal can be seen: trained too long ago, and not at all.
LAPSED, UNTRAINED = "Bob Marsh", "Jo Fenn"


@dataclass(frozen=True, slots=True)
class Made:
    """A scheme that was made: whose sessions are sent by whom, with which device and crew, where."""

    device: int
    crew: Sequence[int]
    sites: Sequence[str]
    sender: Person


def make(people: dict[str, Person], officer: Person) -> int:
    """Make schemes, sites and a year of sessions, once; return how many sessions were made."""
    if db.session.get(SpeedSite, _id("site S01")) is not None:
        return 0
    today = local_date(clock.now())
    _make_sites(today)
    made = [_make_scheme(scheme, people, today, officer) for scheme in SCHEMES]
    for number in range(SESSIONS):
        _make_session(number, made[number % 4 == 3], today)
    return SESSIONS


def _id(key: str) -> UUID:
    return uuid5(NAMESPACE, key)


def _make_sites(today: date) -> None:
    index = wards.in_use().index
    with one_commit() as session:
        for site in SITES:
            is_assessed, is_approved = site.status != "requested", site.status in ("approved", "suspended")
            session.add(
                SpeedSite(
                    id=_id(f"site {site.code}"),
                    code=site.code,
                    name=site.name,
                    road=site.road,
                    parish=site.parish,
                    status=site.status,
                    limit_mph=site.limit_mph,
                    directions="north south",
                    location_source="map",
                    latitude=site.at[0],
                    longitude=site.at[1],
                    ward_code=index.ward_of(*site.at),
                    assessment_reference=f"Demo {site.code}" if is_assessed else "",
                    assessor="PC Hill" if is_assessed else "",
                    assessed_on=today - YEAR if is_assessed else None,
                    review_due_on=today + YEAR if is_assessed else None,
                    approved_on=today - YEAR if is_approved else None,
                    parking="In the lay-by, clear of the footway." if is_assessed else "",
                    hazards="Stand behind the kerb; the verge is soft after rain." if is_assessed else "",
                    max_crew=4 if is_assessed else None,
                    asked_at=clock.now() - YEAR,
                )
            )


def _make_scheme(scheme: Scheme, people: dict[str, Person], today: date, officer: Person) -> Made:
    trained, lapsed = today - YEAR, today - timedelta(days=20)
    with one_commit() as session:
        parish = next(site.parish for site in SITES if site.code == scheme.sites[0])
        made = SpeedScheme(name=scheme.name, parish=parish, made_at=clock.now() - YEAR)
        session.add(made)
        session.flush()
        device = SpeedDevice(
            scheme_id=made.id,
            type="unipar_sl700",
            serial=f"DEMO-{made.id}",
            calibrated_on=today - timedelta(days=90),
            calibration_due_on=today + timedelta(days=275),
        )
        board = SpeedDevice(scheme_id=made.id, type="sid", serial=f"DEMO-SID-{made.id}")
        volunteers = [
            SpeedVolunteer(
                scheme_id=made.id,
                user_id=people[email].id if email in people else None,
                name=name,
                is_over_18=True,
                training_type="safety_awareness" if name != UNTRAINED else None,
                trained_on=trained if name != UNTRAINED else None,
                refresher_due_on=(lapsed if name == LAPSED else today + YEAR) if name != UNTRAINED else None,
                is_insured=name != UNTRAINED,
            )
            for name, email in scheme.people
        ]
        session.add_all([device, board, *volunteers])
        session.flush()
        fit = [one.id for one in volunteers if one.name not in (LAPSED, UNTRAINED)]
        senders = [people[email] for _, email in scheme.people if email in people]
        return Made(device.id, fit[:3], scheme.sites, senders[0] if senders else officer)


def _make_session(number: int, scheme: Made, today: date) -> None:
    chance = random.Random(f"speed-watch {number}")  # noqa: S311 - nothing here is a secret
    day = today - timedelta(days=2 + number * DAYS_BETWEEN)
    began = datetime.combine(day, time(10, 30), tzinfo=LONDON)
    site = next(one for one in SITES if one.code == scheme.sites[number % len(scheme.sites)])
    minutes, key = chance.choice((45, 60, 60, 75)), f"session {number}"
    has_all = number % 3 == 0
    ended = began + timedelta(minutes=minutes)
    vehicles = _vehicles(chance, site.limit_mph, has_all=has_all)
    answers = _session(site, scheme, began, ended, has_all=has_all)
    own_id, sender = _id(key), scheme.sender
    send("speed_watch", own_id, answers, began, ended, sender, entered=_session_typed(answers))
    for place, vehicle in enumerate(vehicles, 1):
        at = began + timedelta(seconds=place * minutes * 60 // (len(vehicles) + 1))
        reading, reading_id = {**vehicle, "number": place}, _id(f"{key} {place}")
        entered = _reading_typed(reading)
        send("speed_reading", reading_id, reading, at, ended, sender, parent=own_id, entered=entered)
    if number % 5 != 4:
        counted = {"counted": len(vehicles) + (0 if has_all else chance.randrange(90, 260))}
        send("traffic_count", _id(f"{key} traffic"), counted, ended, ended, sender, parent=own_id)


def _session(site: Site, scheme: Made, began: datetime, ended: datetime, *, has_all: bool) -> dict[str, Any]:
    blank = {"source": None, "latitude": None, "longitude": None, "accuracy_m": None}
    roles = ("operator", "recorder", "lookout")
    return {
        "place": {**blank, "postcode": "", "grid_reference": "", "words": "", "is_needed": False},
        "site": site.code,
        "held_on": local_date(began).isoformat(),
        "began_at": began.isoformat(),
        "ended_at": ended.isoformat(),
        "device": scheme.device,
        "crew": [{"volunteer": who, "role": role} for who, role in zip(scheme.crew, roles, strict=False)],
        "direction": "north",
        "safety": [code.value for code in SAFETY],
        "weather": "dry",
        "light": "daylight",
        "road_surface": "dry",
        "dark_reason": "",
        "total_counted": None,
        "has_all_speeds": has_all,
        "incidents": "",
        "stopped_early": "",
        "join_code": "",
        "limit_mph": site.limit_mph,
    }


def _vehicles(chance: random.Random, limit: int, *, has_all: bool) -> list[dict[str, Any]]:
    """Return the vehicles of a session: those at the threshold, and of some sessions every one."""
    threshold = THRESHOLDS[limit]
    fast = [
        _vehicle(chance, threshold + chance.choice(ABOVE), threshold) for _ in range(chance.randrange(5, 16))
    ]
    if not has_all:
        return fast
    slow = [
        _vehicle(chance, min(threshold - 1, max(limit - 12, round(chance.gauss(limit - 2, 4)))), threshold)
        for _ in range(chance.randrange(45, 70))
    ]
    both = [*fast, *slow]
    chance.shuffle(both)
    return both


def _vehicle(chance: random.Random, speed: int, threshold: int) -> dict[str, Any]:
    is_over = speed >= threshold
    confidence = chance.choice(("certain",) * 8 + ("part", "unsure"))
    plate = f"XX{chance.choice(range(12, 25))}" + "".join(chance.choices(LETTERS, k=3))
    return {
        "speed_mph": speed,
        "plate": (plate[:4] if confidence == "part" else plate) if is_over else "",
        "confidence": confidence if is_over else None,
        "colour": chance.choice(COLOURS) if is_over else None,
        "make": chance.choice(MAKES) if is_over else None,
        "model": "",
        "vehicle": chance.choice(VEHICLES),
        "direction": "north",
        "is_spoken_back": is_over and confidence == "certain",
        "passed_at": None,
    }


def _session_typed(answers: dict[str, Any]) -> dict[str, Any]:
    moments = {"began_moment": answers["began_at"], "ended_moment": answers["ended_at"]}
    crew = [{"volunteer": str(one["volunteer"]), "role": one["role"]} for one in answers["crew"]]
    own = {name: value for name, value in answers.items() if name not in ("place", "began_at", "ended_at")}
    yes_no = {"has_all_speeds": "yes" if answers["has_all_speeds"] else "no"}
    return {**own, **moments, **yes_no, "crew": crew}


def _reading_typed(answers: dict[str, Any]) -> dict[str, Any]:
    return {"speed": answers["speed_mph"], **{name: answers[name] for name in answers if name != "speed_mph"}}
