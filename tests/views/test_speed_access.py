"""Every address of speed-watch, asked by everybody about things that are there: who gets which status.

`test_access` asks each route by role, where there is nothing; here each is about a scheme's own things, so that this
also tells whether somebody of another scheme is let in.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.builders import hidden_fields
from tests.cast import CHARACTERS, Cast
from tests.desk import READY, Desk, fast
from tests.site_pages import asked_site
from tests.watching import scheme
from webapp.extensions import clock, db
from webapp.models.request import Request
from webapp.models.speed_scheme import SpeedVolunteer
from webapp.models.speed_site import SpeedSite
from webapp.services.transaction import one_commit

TOPICS = {
    "schemes",
    "speed_sites",
    "speed_watch",
    "speed_rows",
    "speed_checks",
    "police_exports",
    "speed_figures",
    "retention",
}
# Whoever asks, in the order of the columns, and whether the things are those of their own scheme.
COLUMNS = {
    "nobody": ("Rosa", True),
    "without a role": ("Nadia", True),
    "volunteer of another scheme": ("Vic", False),
    "volunteer": ("Vic", True),
    "coordinator of another scheme": ("Carol", False),
    "coordinator": ("Carol", True),
    "officer": ("Owen", True),
    "partner": ("Priya", True),
    "admin": ("Ada", True),
}
# What is sent is an empty form: whoever may send it is told what it lacks, or it is done where it lacks nothing.
TABLE = """
GET  speed_watch.index                   302 404 200 200 200 200 200 404 200
GET  speed_watch.show                    302 404 404 200 404 200 200 404 200
GET  speed_watch.edit                    302 404 404 200 404 200 200 404 200
GET  speed_watch.log                     200 200 200 200 200 200 200 200 200
POST speed_watch.edit                    404 404 404 422 404 422 422 404 422
GET  speed_rows.edit                     302 404 404 200 404 200 200 404 303
POST speed_rows.edit                     404 404 404 422 404 422 422 404 422
GET  speed_checks.show                   302 404 404 404 404 200 200 404 404
POST speed_checks.finish                 404 404 404 404 404 409 409 404 404
POST speed_checks.compare                404 404 404 404 404 200 200 404 404
GET  police_exports.index                302 404 404 404 200 200 200 404 404
GET  police_exports.show                 302 404 404 404 404 200 200 404 404
POST police_exports.take                 404 404 404 404 404 200 200 404 404
POST police_exports.answer               404 404 404 404 404 303 303 404 404
POST police_exports.change_counts        404 404 404 404 404 303 303 404 404
POST police_exports.make                 404 404 404 404 404 303 303 404 404
GET  schemes.index                       302 404 404 404 200 200 200 404 200
GET  schemes.show                        302 404 404 404 404 200 200 404 200
GET  schemes.device                      302 404 404 404 404 200 200 404 200
GET  schemes.new_device                  302 404 404 404 404 200 200 404 200
GET  schemes.edit                        302 404 404 404 404 404 200 404 200
GET  schemes.volunteer                   302 404 404 404 404 200 200 404 200
GET  schemes.contact                     302 404 404 404 404 200 200 404 404
GET  schemes.new_volunteer               302 404 404 404 404 200 200 404 200
GET  schemes.new                         302 404 404 404 404 404 200 404 200
POST schemes.device                      404 404 404 404 404 422 422 404 422
POST schemes.new_device                  404 404 404 404 404 422 422 404 422
POST schemes.edit                        404 404 404 404 404 404 409 404 409
POST schemes.volunteer                   404 404 404 404 404 409 409 404 409
POST schemes.contact                     404 404 404 404 404 409 409 404 404
POST schemes.new_volunteer               404 404 404 404 404 422 422 404 422
POST schemes.new                         404 404 404 404 404 404 422 404 422
GET  speed_sites.index                   200 200 200 200 200 200 200 200 200
GET  speed_sites.show                    200 200 200 200 200 200 200 200 200
GET  speed_sites.edit                    302 404 404 404 404 404 200 404 200
GET  speed_sites.move                    302 404 404 404 404 404 200 404 200
GET  speed_sites.show/asked              404 404 200 200 200 200 200 404 200
GET  speed_sites.ask                     200 200 200 200 200 200 200 200 200
GET  speed_sites.asked                   200 200 200 200 200 200 200 200 200
POST speed_sites.edit                    404 404 404 404 404 404 422 404 422
POST speed_sites.move                    404 404 404 404 404 404 422 404 422
POST speed_sites.ask                     422 422 422 422 422 422 422 422 422
POST speed_sites.make_of_request         404 404 404 404 404 404 303 404 303
GET  speed_figures.district              302 404 404 404 404 404 200 404 200
GET  speed_figures.action                200 200 200 200 200 200 200 200 200
GET  speed_figures.sessions              302 404 200 200 200 200 200 404 200
GET  speed_figures.results               200 200 200 200 200 200 200 200 200
GET  speed_figures.results_as_file       302 404 200 200 200 200 200 404 200
GET  speed_figures.results_as_file/asked 302 404 200 200 200 200 200 404 200
GET  speed_figures.results/asked         404 404 200 200 200 200 200 404 200
GET  retention.show                      302 404 404 404 200 200 200 404 200
"""


@dataclass(frozen=True)
class Line:
    """An address with its method, which of the things it is about where there are two, and what each column gets."""

    method: str
    endpoint: str
    about: str
    statuses: dict[str, int]


def _line(words: str) -> Line:
    method, where, *statuses = words.split()
    endpoint, _, about = where.partition("/")
    return Line(method, endpoint, about, dict(zip(COLUMNS, map(int, statuses), strict=True)))


LINES = [_line(words) for words in TABLE.strip().splitlines()]


@pytest.fixture
def settings() -> dict[str, object]:
    """A key of DVLA, and nobody who answers."""
    return {"DVLA_API_KEY": "a key", "DVLA_URL": "http://127.0.0.1:9/"}


def _of_a_scheme_they_left(app: Flask, cast: Cast) -> dict[str, Any]:
    """Let Vic and Carol be of another scheme than that whose things these are."""
    theirs = _things(app, cast)
    with app.app_context():
        with one_commit() as session:
            session.execute(update(SpeedVolunteer).values(user_id=None))
        scheme(cast, "Kemsing")
    return theirs


def _things(app: Flask, cast: Cast) -> dict[str, Any]:
    """Let a scheme have a session to check and one that was handed over, a request, and a site that was asked for."""
    desk = Desk(app, cast)
    handed, held = (desk.held(fast(), join_code=code) for code in ("BCDF", "GHJK"))
    handed.finish(READY)
    export, asked = desk.make(), asked_site(app.test_client())
    with app.app_context():
        with one_commit() as session:
            request = Request(kind="speed_watch_site", status="open", words="There", made_at=clock.now())
            session.add(request)
        site = db.session.query(SpeedSite).filter_by(code=asked).one()
        return {
            "reference": held.reference,
            "reading_id": held.rows[0],
            "export_id": export,
            "file_format": "csv",
            "scheme_id": desk.scheme.id,
            "volunteer_id": desk.scheme.ann,
            "device_id": desk.scheme.device,
            "code": desk.scheme.site,
            "name": "suspend",
            "request_id": request.id,
            "site_id": site.id,
            "asked": {"code": asked},
        }


def _status(app: Flask, client: FlaskClient, token: str, line: Line, things: dict[str, Any]) -> int:
    rule = next(app.url_map.iter_rules(line.endpoint))
    known = {**things, **(things[line.about] if line.about else {})}
    with app.test_request_context():
        address = url_for(line.endpoint, **{name: known[name] for name in rule.arguments})
    data = {"csrf_token": token} if line.method == "POST" else None
    return client.open(address, method=line.method, data=data).status_code


@pytest.mark.parametrize("column", COLUMNS)
def test_each_address_answers_each_person_as_the_table_says(
    app: Flask, cast: Cast, noon: datetime, column: str
):
    name, is_own = COLUMNS[column]
    things = _things(app, cast) if is_own else _of_a_scheme_they_left(app, cast)
    client = cast.client(name) if name in CHARACTERS else app.test_client()
    token = hidden_fields(client.get("/track").text)["csrf_token"]
    found = [_status(app, client, token, line, things) for line in LINES]
    wrong = [
        (line.method, line.endpoint, line.about, line.statuses[column], status)
        for line, status in zip(LINES, found, strict=True)
        if line.statuses[column] != status
    ]
    assert wrong == []


def test_the_table_has_a_line_for_each_address(app: Flask):
    there = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] in TOPICS
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(line.method, line.endpoint) for line in LINES} == there
