"""What staff enter for others: the same form and service, with who told us, how and when."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders import count, filled, hidden_fields, only_record, send
from tests.cast import Cast
from webapp.extensions import clock, db
from webapp.models.notice import Notice
from webapp.models.report import Report

PAGE = "/fly-tipping/enter"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CALL = {"reported_by_type": "public", "channel": "phone"}


def enter(browser: FlaskClient, **changes: object) -> TestResponse:
    with clock.standing_at(NOON):
        page = hidden_fields(browser.get(PAGE).text)
        return browser.post(PAGE, data={**page, **filled(**changes)}, content_type="multipart/form-data")


@pytest.mark.parametrize(
    ("kind", "channel", "is_public"),
    [
        ("public", "phone", True),
        ("parish", "email", True),
        ("police", "in_person", True),
        ("staff_proactive", "crew", False),
    ],
)
def test_who_told_us_and_how_is_kept(cast: Cast, app: Flask, kind: str, channel: str, is_public: bool):
    answer = enter(cast.client("Owen"), reported_by_type=kind, channel=channel)
    tip = only_record(app)
    assert answer.headers["Location"] == f"/records/{tip.reference}"
    assert (tip.reported_by_type, tip.channel, tip.is_public_reported) == (kind, channel, is_public)


def test_the_clock_runs_from_when_it_reached_us(cast: Cast, app: Flask):
    reached = {"reached_us_on-day": "19", "reached_us_on-month": "11", "reached_us_on-year": "2026"}
    enter(cast.client("Owen"), **CALL, **reached, reached_us_time="09:30")
    tip = only_record(app)
    assert (tip.reported_on, tip.due_on) == (date(2026, 11, 19), date(2026, 11, 26))
    with app.app_context():
        assert db.session.query(Report).one().reported_at == datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


def test_whoever_called_is_told_like_any_other(cast: Cast, app: Flask):
    enter(cast.client("Owen"), **CALL, reporter_email="rosa@example.org", wants_news="y")
    with app.app_context():
        assert db.session.query(Notice).one().purpose == "acknowledgement"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reported_by_type": None}, "Choose who told us."),
        ({"channel": "pigeon"}, "Choose one of the answers for “How did it reach us?”."),
        (
            {"reached_us_on-day": "23", "reached_us_on-month": "11", "reached_us_on-year": "2026"},
            "in the future",
        ),
        ({"reached_us_time": "09:30"}, "Enter the day as well"),
        ({"reached_us_time": "nine"}, "needs a time such as 14:05"),
    ],
)
def test_what_makes_no_sense_comes_back_filled(
    cast: Cast, app: Flask, changes: dict[str, str | None], sentence: str
):
    refused = enter(cast.client("Owen"), **{**CALL, **changes})
    assert refused.status_code == 422 and sentence in refused.text
    assert "A brown sofa and six black bags" in refused.text
    assert count(app) == 0


@pytest.mark.parametrize("name", ["Priya", "Sunita", "Vic"])
def test_others_have_no_such_page(cast: Cast, name: str):
    assert cast.client(name).get(PAGE).status_code == 404


def test_what_a_stranger_adds_to_the_public_form_says_nothing_of_who_told_us(client: FlaskClient, app: Flask):
    send(client, reported_by_type="police", channel="phone", **{"reached_us_on-year": "2020"})
    tip = only_record(app)
    assert (tip.reported_by_type, tip.channel) == ("anonymous", "web")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Sunita", "warden"), ("Priya", "partner"), ("Owen", "staff_proactive"), ("Vic", "anonymous")],
)
def test_what_staff_report_themselves_counts_as_theirs(cast: Cast, app: Flask, name: str, kind: str):
    send(cast.client(name))
    assert only_record(app).reported_by_type == kind
