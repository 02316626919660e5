"""A believable year of fly-tips, audits and speed-watch, a person for each role, for trying Wardbook out; safe twice.

The mix follows England's figures of 2024/25: 62% household waste, 37% on highways, 31% small van loads, 27% car boots
(Defra's fly-tipping statistics; field-facts 2.10). Places, words and people are invented.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import select

from webapp.extensions import clock, db
from webapp.geo.wards import WardShape
from webapp.models.account import User
from webapp.models.capture import Capture
from webapp.rules.roles import ANYBODY, Person
from webapp.services import (
    accounts,
    captures,
    demo_audits,
    demo_checks,
    demo_concerns,
    demo_reporters,
    demo_speed,
    demo_work,
    wards,
)
from webapp.services.demo_places import somewhere
from webapp.services.kinds import find_kind

NAMESPACE = UUID("5b7a0c8e-6a0e-4a39-9a3c-0c1c7f1d9f10")
RECORDS = 240
DAYS = 365
STILL_OPEN_DAYS = 28
PASSWORD = "demo for wardbook"  # noqa: S105 - known to everybody: the demo refuses to run in production

PEOPLE = (
    ("sunita@demo.example", "Sunita", ("warden",), "kcc_wardens"),
    ("vic@demo.example", "Vic", ("volunteer",), None),
    ("carol@demo.example", "Carol", ("coordinator",), None),
    ("owen@demo.example", "Owen", ("officer",), "csu"),
    ("priya@demo.example", "Priya", ("partner",), "kcc_highways"),
    ("ada@demo.example", "Ada", ("admin",), "csu"),
)

WASTE = (
    ("bags_household", 30),
    ("other_household", 32),
    ("construction", 8),
    ("green", 6),
    ("white_goods", 6),
    ("tyres", 5),
    ("bags_commercial", 4),
    ("other_electrical", 3),
    ("vehicle_parts", 2),
    ("asbestos", 2),
    ("chemical", 1),
    ("other_unidentified", 1),
)
SIZES = (
    ("small_van", 31),
    ("car_boot", 27),
    ("single_item", 18),
    ("transit_van", 12),
    ("single_black_bag", 8),
    ("tipper_lorry", 4),
)
LAND = (
    ("highway", 37),
    ("council_land", 24),
    ("footpath_bridleway", 18),
    ("back_alleyway", 7),
    ("private_residential", 5),
    ("agricultural", 5),
    ("other_unidentified", 4),
)
PLACES = (
    "Lay-by opposite the field gate",
    "Behind the garages",
    "Verge by the bus stop",
    "Entrance to the footpath",
    "Corner of the car park",
    "By the railway bridge",
    "Alley behind the shops",
    "Gateway at the bend",
    "",
)
WORDS = (
    "A brown sofa and some black bags.",
    "Looks like a kitchen taken out.",
    "About six bags, one torn open.",
    "Two mattresses leaning on the fence.",
    "Tyres down the bank.",
    "Hedge cuttings in builders’ bags.",
    "",
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """A person of the demo and what they may be signed in as."""

    email: str
    name: str
    roles: tuple[str, ...]


def make_people() -> list[SignIn]:
    """Make a person for each role, each with the demo's password; return all of them."""
    for email, name, roles, agency in PEOPLE:
        if _user(email) is None:
            accounts.create(email, name, roles, agency, PASSWORD)
    return [SignIn(email, name, roles) for email, name, roles, _ in PEOPLE]


def _user(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email))


def make_year() -> int:
    """Make a year of fly-tips, audits and sessions up to now, as real ones are made; return how many were made."""
    officer = _person("owen@demo.example")
    volunteers = {email: _person(email) for email in ("carol@demo.example", "vic@demo.example")}
    made = _make_fly_tips(officer) + demo_audits.make(_person("sunita@demo.example"), officer)
    sessions = demo_speed.make(volunteers, officer)
    if sessions:
        demo_checks.make(officer)
        demo_concerns.make(officer)
    return made + sessions


def _person(email: str) -> Person:
    user = _user(email)
    return Person(user.id, user.role_names, user.agency) if user else ANYBODY


def _make_fly_tips(officer: Person) -> int:
    if db.session.get(Capture, _id(0)) is not None:
        return 0
    chance = random.Random(2026)  # noqa: S311 - nothing here is a secret
    now = clock.now()
    shapes = wards.in_use().shapes
    moments = sorted(now - timedelta(days=DAYS * chance.random() ** 1.3, minutes=5) for _ in range(RECORDS))
    cleared = [_clearance(chance, moment, now) for moment in moments]
    references = [_report(chance, number, moment, shapes) for number, moment in enumerate(moments)]
    demo_work.set_routing(officer)
    for reference, moment, day in zip(references, moments, cleared, strict=True):
        demo_work.work_on(chance, reference, moment, day, officer)
    ours = [_id(number) for number in range(RECORDS)]
    demo_reporters.hear(ours, now)
    demo_reporters.answer(ours, now)
    return len(references)


def _id(number: int) -> UUID:
    return uuid5(NAMESPACE, str(number))


def _report(chance: random.Random, number: int, moment: datetime, shapes: Sequence[WardShape]) -> str:
    latitude, longitude = somewhere(chance, chance.choice(shapes))
    submission = captures.Submission(
        kind=find_kind("fly_tipping"),
        capture_id=_id(number),
        secret=f"the demo keeps no secret {number}",
        captured_at=moment,
        form_version=1,
        channel="web",
        answers={
            "place": {
                "source": chance.choice(("gps", "gps", "map")),
                "latitude": latitude,
                "longitude": longitude,
                "accuracy_m": float(chance.randrange(4, 40)),
                "postcode": "",
                "grid_reference": "",
                "words": chance.choice(PLACES),
            },
            "main_waste": _one(chance, WASTE),
            "size": _one(chance, SIZES),
            "description": chance.choice(WORDS),
            "land_type": _one(chance, LAND),
            "first_seen_on": None,
            "witnessed": chance.choice((None, None, False, True)),
            "vehicle_registration": None,
            "vehicle_description": None,
            "photo_place": False,
            "reporter": demo_reporters.contact(number),
            "joins": None,
        },
    )
    with clock.standing_at(moment):
        return str(captures.submit(submission, ANYBODY).reference)


def _clearance(chance: random.Random, moment: datetime, now: datetime) -> datetime | None:
    days = chance.choice((1, 2, 2, 3, 3, 4, 5, 5, 6, 7, 9, 14))
    day = moment + timedelta(days=days, hours=chance.randrange(0, 6))
    # Older ones are all cleared by now; of the newest some still wait, so that the map has something to show.
    is_old = now - moment > timedelta(days=STILL_OPEN_DAYS)
    return day if day < now and (is_old or chance.random() < 0.6) else None


def _one(chance: random.Random, weighted: Sequence[tuple[str, int]]) -> str:
    values, weights = zip(*weighted, strict=True)
    return chance.choices(values, weights)[0]
