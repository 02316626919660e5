"""What tests of speed-watch sites fill in: what a resident asks for, and what an officer assesses."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.builders import hidden_fields
from webapp.extensions import db
from webapp.models.event import Event
from webapp.models.speed_site import SpeedSite

ASK = "/speed-watch/sites/ask"
WISH = {
    "location_source": "map",
    "latitude": "51.3126",
    "longitude": "0.1917",
    "place_text": "By the bus shelter",
    "road": "High Street",
    "limit_mph": "unknown",
    "why": "Cars race past the school",
}
ASSESSED = {
    "assessment_reference": "KP/77",
    "assessor": "PC 1234",
    "assessed_on-day": "20",
    "assessed_on-month": "11",
    "assessed_on-year": "2026",
    "review_due_on-day": "20",
    "review_due_on-month": "11",
    "review_due_on-year": "2027",
    "name": "High Street by the school",
    "road": "A225",
    "parish": "Otford",
    "limit_mph": "30",
    "directions": ["south", "north"],
    "latitude": "51.3126",
    "longitude": "0.1917",
    "location_source": "",
    "hazards": "Soft verge",
    "parking": "Church car park",
    "max_crew": "4",
    "notes": "Ask at the shop",
}


def ask_for(
    client: FlaskClient, page: str = ASK, hidden: dict[str, str] | None = None, **changes: Any
) -> TestResponse:
    """Fill in the page of a resident and send it; a change to None leaves an answer out."""
    answers = {**(hidden or hidden_fields(client.get(page).text)), **WISH, **changes}
    return client.post(ASK, data={name: value for name, value in answers.items() if value is not None})


def asked_site(client: FlaskClient, **changes: Any) -> str:
    """Ask for a site and return its code."""
    answer = ask_for(client, **changes)
    assert answer.status_code == 303, answer.text
    shown = client.get(answer.headers["Location"]).text
    return shown.split('wb-reference__number">')[1].split("<")[0]


def make_move(
    client: FlaskClient, code: str, name: str, hidden: dict[str, str] | None = None, /, **given: Any
) -> TestResponse:
    """Fill in the page of a move as it is and send it."""
    page = f"/speed-watch/sites/{code}/moves/{name}"
    known = hidden or hidden_fields(client.get(page).text)
    return client.post(page, data={**known, **given})


def assess(client: FlaskClient, code: str, name: str = "assess", /, **changes: Any) -> TestResponse:
    """Enter a whole assessment."""
    return make_move(client, code, name, **{**ASSESSED, **changes})


def approved_site(client: FlaskClient, **changes: Any) -> str:
    """Ask for a site, assess and approve it, all as one officer; return its code."""
    code = asked_site(client)
    assert assess(client, code, **changes).status_code == 303
    answer = make_move(client, code, "approve")
    assert answer.status_code == 303, answer.text
    return code


def site(app: Flask, code: str) -> SpeedSite:
    """Return a site as it is kept now."""
    with app.app_context():
        return db.session.scalars(select(SpeedSite).where(SpeedSite.code == code)).one()


def events(app: Flask) -> list[Event]:
    """Return what happened to sites, oldest first."""
    with app.app_context():
        return list(db.session.scalars(select(Event).where(Event.action.like("site_%")).order_by(Event.id)))
