"""What tests need of speed-watch: a scheme with its people and things, and what phones send of a session."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.cast import Cast
from tests.walking import as_sent, lists
from webapp.extensions import clock
from webapp.models.speed_scheme import SpeedDevice, SpeedScheme, SpeedVolunteer
from webapp.models.speed_site import SpeedSite
from webapp.services.transaction import one_commit

OTFORD = {"latitude": 51.3126, "longitude": 0.1917}
TRAINED, REFRESHER, REVIEW = date(2026, 1, 10), date(2027, 1, 10), date(2027, 6, 30)
BEGAN = "2026-11-22T10:30:00.000Z"


@dataclass(frozen=True)
class Scheme:
    """A scheme by its ids: Vic and Carol have accounts, Ann and Bob have none."""

    id: int
    site: str
    site_id: UUID
    device: int
    vic: int
    carol: int
    ann: int
    bob: int

    @property
    def crew(self) -> list[int]:
        """Two people, which is enough."""
        return [self.vic, self.ann]


def scheme(cast: Cast, name: str = "Otford", people: tuple[str, ...] = ("Vic", "Carol")) -> Scheme:
    """Make a scheme with an approved site and a calibrated device; within an app context."""
    accounts = {one: cast.person(one).id for one in people}
    with one_commit() as session:
        made = SpeedScheme(name=name, parish=name, made_at=clock.now())
        session.add(made)
        session.flush()
        site = SpeedSite(
            id=uuid4(),
            code=f"SW{made.id:03}",
            name=f"{name} High Street",
            road="A225",
            parish=name,
            status="approved",
            limit_mph=30,
            directions="north south",
            location_source="map",
            **OTFORD,
            ward_code="E05005027",
            assessment_reference="KP/14",
            assessor="PC Hill",
            assessed_on=TRAINED,
            review_due_on=REVIEW,
            approved_on=TRAINED,
            asked_at=clock.now(),
        )
        device = SpeedDevice(
            scheme_id=made.id,
            type="unipar_sl700",
            serial=f"SL-{made.id}",
            calibrated_on=TRAINED,
            calibration_due_on=REFRESHER,
        )
        session.add_all([site, device])
        ids = {one: _volunteer(made.id, one, accounts.get(one)) for one in PEOPLE}
        session.add_all(ids.values())
        session.flush()
        return Scheme(
            made.id, site.code, site.id, device.id, *(ids[one].id for one in ("Vic", "Carol", "Ann", "Bob"))
        )


PEOPLE = ("Vic", "Carol", "Ann", "Bob")


def _volunteer(scheme_id: int, name: str, user_id: int | None) -> SpeedVolunteer:
    return SpeedVolunteer(
        scheme_id=scheme_id,
        user_id=user_id,
        name=name,
        is_over_18=True,
        training_type="safety_awareness",
        trained_on=TRAINED,
        refresher_due_on=REFRESHER,
        is_insured=True,
    )


def watch(made: Scheme, **changes: Any) -> dict[str, Any]:
    """Return a session that has begun, as a phone sends it; a change to None leaves an answer out."""
    answers = {
        "site": made.site,
        "held_on-day": "22",
        "held_on-month": "11",
        "held_on-year": "2026",
        "began_moment": BEGAN,
        "device": str(made.device),
        "crew-volunteer": [str(one) for one in made.crew],
        "crew-role": ["operator", "recorder"],
        "direction": "north",
        "safety": ["self_test", "hi_vis"],
        "weather": "dry",
        "limit_mph": "30",
        "join_code": "BCDF",
        **changes,
    }
    return _sent("speed_watch", lists(answers))


def vehicle(parent: str, speed: object, plate: str | None = None, **changes: Any) -> dict[str, Any]:
    """Return one vehicle of a session as a phone sends it, with what was seen of it where a plate is given."""
    seen = {"plate": plate, "confidence": "certain", "colour": "blue", "make": "ford"} if plate else {}
    at = changes.pop("at", datetime(2026, 11, 22, 10, 31, tzinfo=UTC))
    answers = {"number": "1", "speed": str(speed), "vehicle": "car", "direction": "north", **seen, **changes}
    spelled = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {**_sent("speed_reading", lists(answers)), "parent": parent, "captured_at": spelled}


def count(parent: str, counted: object) -> dict[str, Any]:
    """Return what a phone's counter shows."""
    return {**_sent("traffic_count", {"counted": [str(counted)]}), "parent": parent}


def ended(content: dict[str, Any], minutes: int = 60, **changes: Any) -> dict[str, Any]:
    """Return the next version of a session, which has ended."""
    began = datetime.fromisoformat(content["answers"]["began_moment"][0])
    at = (began + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")
    answers = {**content["answers"], "ended_moment": [at], **lists(changes)}
    return {**content, "rev": content["rev"] + 1, "base_rev": content["rev"], "answers": answers}


def _sent(kind: str, answers: dict[str, list[str]]) -> dict[str, Any]:
    return {**as_sent(kind, answers), "captured_at": BEGAN}
