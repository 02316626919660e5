"""What tests send and make: a filled report, a page's hidden fields, a record in the database."""

import re
from collections.abc import Sequence
from datetime import date
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from webapp.extensions import db
from webapp.models.fly_tipping import FlyTip
from webapp.models.record import Record
from webapp.rules.roles import ANYBODY, Person
from webapp.services import captures, lifecycle, tracking
from webapp.services.kinds import find_kind

REPORT_PAGE = "/fly-tipping/new"
SEVENOAKS = {"latitude": "51.27028", "longitude": "0.19171"}
SEVENOAKS_WARD = "E05005029"


class _Inputs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.is_on_every_page = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            # What stands in the head of the page is no part of the form below: a token that is missing there must show.
            self.is_on_every_page = given.get("class") == "wb-session"
        if self.is_on_every_page:
            return
        if tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.hidden[str(given["name"])] = given.get("value") or ""


def hidden_fields(html: str) -> dict[str, str]:
    """Return the hidden inputs of a page by name."""
    parser = _Inputs()
    parser.feed(html)
    return parser.hidden


def without_chance(html: str) -> str:
    """Return a page without what is drawn at random for it, in which any two letters may stand: tokens and nonces."""
    return re.sub(r'((?:name="csrf_token" type="hidden" value|nonce)=)"[^"]*"', r'\1""', html)


def filled(**changes: Any) -> dict[str, Any]:
    """Return a resident's answers, with changes; a change to None leaves the answer out."""
    answers = {
        **SEVENOAKS,
        "location_source": "map",
        "accuracy_m": "8",
        "place_text": "Lay-by opposite the field gate",
        "main_waste": "other_household",
        "size": "car_boot",
        "land_type": "highway",
        "description": "A brown sofa and six black bags",
        **changes,
    }
    return {name: value for name, value in answers.items() if value is not None}


def open_page(client: FlaskClient) -> dict[str, str]:
    """Open the report page and return its hidden fields: token, capture id, secret."""
    return hidden_fields(client.get(REPORT_PAGE).text)


def send(client: FlaskClient, page: dict[str, str] | None = None, **changes: Any) -> TestResponse:
    """Send a report as a browser without JavaScript does."""
    hidden = open_page(client) if page is None else page
    return client.post(REPORT_PAGE, data={**hidden, **filled(**changes)}, content_type="multipart/form-data")


def token_of(response: TestResponse) -> str:
    """Return the tracking token that a sent report's answer leads to."""
    assert response.status_code == 303, response.text
    return response.headers["Location"].split("/")[-2]


def only_record(app: Flask) -> FlyTip:
    """Return the one record there is, failing when there are more or none."""
    with app.app_context():
        return db.session.query(FlyTip).one()


def count(app: Flask, model: type[Any] = Record) -> int:
    """Return how many rows a table has."""
    with app.app_context():
        return db.session.query(model).count()


def answers(**changes: Any) -> dict[str, Any]:
    """Return a form's answers as services take them, with changes; `place` and `reporter` are merged."""
    place = {
        "source": "map",
        "latitude": 51.27028,
        "longitude": 0.19171,
        "accuracy_m": 8.0,
        "postcode": "",
        "grid_reference": "",
        "words": "Lay-by opposite the field gate",
    }
    reporter = {"name": None, "email": None, "phone": None, "wants_news": False}
    return {
        "main_waste": "other_household",
        "size": "car_boot",
        "description": "A brown sofa and six black bags",
        "land_type": "highway",
        "first_seen_on": None,
        "witnessed": None,
        "vehicle_registration": None,
        "vehicle_description": None,
        "photo_place": False,
        "joins": None,
        **changes,
        "place": {**place, **changes.get("place", {})},
        "reporter": {**reporter, **changes.get("reporter", {})},
    }


def submit(**changes: Any) -> captures.Receipt:
    """Send answers straight to the service, as a capture of its own; `person` is who sends it."""
    person = changes.pop("person", ANYBODY)
    submission = captures.Submission(
        kind=find_kind("fly_tipping"),
        capture_id=changes.pop("capture_id", None) or uuid4(),
        secret=changes.pop("secret", "a secret of the test"),
        captured_at=None,
        form_version=1,
        channel="web",
        answers=answers(**changes),
    )
    return captures.submit(submission, person)


def record_behind(token: str) -> FlyTip:
    """Return the record of a tracking token."""
    return db.session.get_one(FlyTip, tracking.find_report(token).record_id)


def mark_cleared(
    reference: str, cleared_on: date, uploads: Sequence[Any], show_photos: bool, person: Person
) -> None:
    """Mark a record cleared on a London date, with photos from afterwards."""
    given = lifecycle.Given(cleared_on=cleared_on, uploads=uploads, show_photos=show_photos)
    lifecycle.move(reference, "clear", given, person)
