"""What tests of schemes share: Carol's scheme and another, and what is filled in of volunteers and devices."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.builders import hidden_fields
from tests.cast import Cast
from tests.watching import Scheme, scheme
from webapp.extensions import db
from webapp.models.event import Event
from webapp.models.speed_scheme import SpeedVolunteer

SCHEMES = "/speed-watch/schemes"
VOLUNTEER = {
    "name": "Dora Penn",
    "is_over_18": "y",
    "is_insured": "y",
    "is_active": "y",
    "training_type": "safety_awareness",
    "trained_on-day": "1",
    "trained_on-month": "3",
    "trained_on-year": "2026",
    "refresher_due_on-day": "28",
    "refresher_due_on-month": "2",
    "refresher_due_on-year": "2027",
}
DEVICE = {
    "type": "unipar_sl700",
    "serial": "SL-900",
    "calibrated_on-day": "1",
    "calibrated_on-month": "3",
    "calibrated_on-year": "2026",
    "calibration_due_on-day": "1",
    "calibration_due_on-month": "3",
    "calibration_due_on-year": "2027",
    "is_active": "y",
}
CONTACT = "Her sister, 07700 900123"


@dataclass(frozen=True)
class Place:
    """Carol's scheme, and another that is none of hers."""

    app: Flask
    own: Scheme
    other: Scheme
    carol: FlaskClient
    owen: FlaskClient

    @property
    def page(self) -> str:
        return f"{SCHEMES}/{self.own.id}"


def place_of(app: Flask, cast: Cast) -> Place:
    """Make both schemes."""
    carol, owen = cast.client("Carol"), cast.client("Owen")
    with app.app_context():
        own, other = scheme(cast), scheme(cast, "Kemsing", people=())
    return Place(app, own, other, carol, owen)


def fill(
    client: FlaskClient, page: str, hidden: dict[str, str] | None = None, /, **given: Any
) -> TestResponse:
    """Fill in a page as it is and send it."""
    known = hidden or hidden_fields(client.get(page).text)
    return client.post(
        page, data={**known, **{name: value for name, value in given.items() if value is not None}}
    )


def row(place: Place, volunteer_id: int) -> SpeedVolunteer:
    with place.app.app_context():
        return db.session.get_one(SpeedVolunteer, volunteer_id)


def newest(place: Place) -> SpeedVolunteer:
    with place.app.app_context():
        return db.session.scalars(select(SpeedVolunteer).order_by(SpeedVolunteer.id.desc())).first()  # type: ignore[return-value]


def events(place: Place) -> list[Event]:
    with place.app.app_context():
        return list(db.session.scalars(select(Event).order_by(Event.id)))
