"""A session of speed-watch that waits at a desk, for the tests of its check and of what is handed to the police."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.builders import hidden_fields
from tests.cast import Cast
from tests.phone import Phone, new_id
from tests.watching import Scheme, ended, scheme, vehicle, watch
from webapp.extensions import db
from webapp.models.event import Event
from webapp.models.police_export import PoliceExport
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_watch import SpeedSession
from webapp.rules.roles import Person
from webapp.services import plates, police_exports, speed_checks
from webapp.services.speed_checks import Decision

AT = datetime(2026, 11, 22, 10, 31, tzinfo=UTC)
READY, COUNTED = Decision("ready"), Decision("checked")
MISREAD = Decision("void:misread")


@dataclass
class Desk:
    """Otford's scheme, Vic's phone, and what his sessions became."""

    app: Flask
    cast: Cast
    scheme: Scheme = field(init=False)
    vic: Phone = field(init=False)

    def __post_init__(self) -> None:
        with self.app.app_context():
            self.scheme = scheme(self.cast)
        self.vic = Phone(self.cast.client("Vic"))

    def held(
        self, *rows: dict[str, Any], is_over: bool = True, began: datetime = AT, **changes: Any
    ) -> "Held":
        """Send a session with vehicles; each is what `vehicle` takes, as a mapping."""
        own = new_id()
        spelled = (began - timedelta(minutes=1)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        days = {
            "held_on-day": str(began.day),
            "held_on-month": str(began.month),
            "held_on-year": str(began.year),
        }
        content = watch(self.scheme, began_moment=spelled, **days, **changes)
        answer = self.vic.put(own, content)
        assert answer.status_code == 201, answer.json
        held = Held(self, own, answer.json["reference"], began)
        for row in rows:
            held.log(**row)
        if is_over:
            held.end(content)
        return held

    def person(self, name: str) -> Person:
        return self.cast.person(name)

    def client(self, name: str) -> FlaskClient:
        return self.cast.client(name)

    def make(self, name: str = "Carol", known: int = 0) -> int:
        """Make an export; return its number."""
        person = self.person(name)
        with self.app.app_context():
            return police_exports.make(self.scheme.id, person, known).id

    def export(self, number: int) -> PoliceExport:
        with self.app.app_context():
            return db.session.get_one(PoliceExport, number)


@dataclass
class Held:
    """One session as it arrived."""

    desk: Desk
    id: str
    reference: str
    began: datetime
    rows: list[str] = field(default_factory=list)
    content: dict[str, Any] = field(default_factory=dict)

    @property
    def page(self) -> str:
        return f"/speed-watch/{self.reference}"

    def log(
        self, speed: object = 44, plate: str | None = None, phone: Phone | None = None, **changes: Any
    ) -> str:
        """Send one vehicle, a minute after the one before; return its id."""
        own, number = new_id(), len(self.rows) + 1
        at = changes.pop("at", self.began + timedelta(minutes=number))
        content = vehicle(self.id, speed, plate, at=at, **{"number": str(number), **changes})
        answer = (phone or self.desk.vic).put(own, content)
        assert answer.status_code == 201, answer.json
        self.rows.append(own)
        return own

    def end(self, content: dict[str, Any] | None = None) -> None:
        """Send that it is over."""
        self.content = ended(content or self.content)
        answer = self.desk.vic.put(self.id, self.content)
        assert answer.status_code == 200, answer.json

    def find(self, number: int) -> SpeedReading:
        """Return a vehicle by its number, from 1 on; within an app context."""
        return db.session.get_one(SpeedReading, UUID(self.rows[number - 1]), populate_existing=True)

    def statuses(self) -> list[str]:
        with self.desk.app.app_context():
            return [self.find(number).status for number in range(1, len(self.rows) + 1)]

    def plates(self) -> list[str | None]:
        """Return the plates that are still held."""
        with self.desk.app.app_context():
            return [plates.opened(self.find(number)) for number in range(1, len(self.rows) + 1)]

    def record(self) -> SpeedSession:
        with self.desk.app.app_context():
            return db.session.get_one(SpeedSession, UUID(self.id))

    def events(self, *actions: str) -> list[Event]:
        with self.desk.app.app_context():
            query = select(Event).where(Event.record_id == UUID(self.id)).order_by(Event.id)
            return [one for one in db.session.scalars(query) if not actions or one.action in actions]

    def decisions(self, *decided: Decision) -> dict[UUID, Decision]:
        """Return what is decided of the vehicles, in their order; those below the threshold are left out with None."""
        return {UUID(own): one for own, one in zip(self.rows, decided, strict=False) if one is not None}

    def finish(self, *decided: Decision | None, name: str = "Carol", seen: int | None = None) -> None:
        """Finish the check as somebody who has just looked."""
        person = self.desk.person(name)
        with self.desk.app.app_context():
            newest = speed_checks.opened(self.reference, person).newest if seen is None else seen
            speed_checks.finish(self.reference, self.decisions(*decided), person, newest)

    def post(self, client: FlaskClient, path: str, data: dict[str, Any]) -> TestResponse:
        """Send a form of one of its pages, with the hidden fields of that page."""
        hidden = hidden_fields(client.get(self.page + path).text)
        return client.post(self.page + path, data={**hidden, **data})

    def choices(self, *decided: str) -> dict[str, str]:
        return {f"decision-{own}": one for own, one in zip(self.rows, decided, strict=False)}


def fast(plate: str = "GK24 ABC", speed: int = 44, **more: Any) -> dict[str, Any]:
    return {"speed": speed, "plate": plate, **more}


def slow(speed: int = 29) -> dict[str, Any]:
    return {"speed": speed}


def row_numbers(rows: Sequence[Sequence[Any]], column: int) -> list[Any]:
    return [row[column] for row in rows[1:]]
