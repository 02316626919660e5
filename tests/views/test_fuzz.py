"""No input gives a 500: Hypothesis types anything into every field, and sends anything to every public address."""

from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import REPORT_PAGE, filled, open_page

NAMES = [
    "capture_id",
    "capture_secret",
    "captured_at",
    "form_version",
    "location_source",
    "latitude",
    "longitude",
    "accuracy_m",
    "postcode",
    "grid_reference",
    "place_text",
    "main_waste",
    "size",
    "description",
    "land_type",
    "first_seen_on-day",
    "first_seen_on-month",
    "first_seen_on-year",
    "witnessed",
    "vehicle_registration",
    "vehicle_description",
    "photo_place",
    "reporter_name",
    "reporter_email",
    "reporter_phone",
    "wants_news",
    "joins",
    "csrf_token",
]
ODD = st.sampled_from(
    [
        "\x00",
        "nan",
        "1e400",
        "-0",
        "٣",
        "１２",
        "９９",
        "\ud800",
        "' OR 1=1 --",
        "<b>",
        "{{7*7}}",
        "%s",
        "FT-2026-00001",
        "9" * 400,
        "0x10",
        "1_000",
        "51,2",
        "+51.2",
        " ",
        "\u202e",
        "2026-02-30T00:00:00Z",
        "9999-12-31T23:59:59+14:00",
    ]
)
TEXT = st.one_of(ODD, st.text(max_size=60))
SLOW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def settings_(app: Flask) -> Flask:
    """The app without limits in the way."""
    app.config["SUBMIT_LIMIT"] = app.config["SUBMIT_LIMIT_OVERALL"] = "100000 per hour"
    return app


def sendable(answers: dict[str, Any]) -> dict[str, Any]:
    """Return answers as bytes can carry them: a lone surrogate cannot be sent."""
    return {name: str(value).encode("utf-8", "replace").decode() for name, value in answers.items()}


@given(changes=st.dictionaries(st.sampled_from(NAMES), TEXT, max_size=8))
@SLOW
def test_no_answer_to_the_form_gives_a_500(settings_: Flask, changes: dict[str, str]) -> None:
    client = settings_.test_client()
    page = open_page(client)
    answer = client.post(REPORT_PAGE, data=sendable({**page, **filled(), **changes}))
    assert answer.status_code in {303, 400, 409, 413, 422, 429}


@given(body=st.binary(max_size=400), boundary=st.sampled_from(["x", "", "--", "a" * 80]))
@SLOW
def test_no_broken_body_gives_a_500(settings_: Flask, body: bytes, boundary: str) -> None:
    answer = settings_.test_client().post(
        REPORT_PAGE, data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert answer.status_code in {303, 400, 413, 415, 422, 429}


@given(
    address=st.sampled_from(["/places", "/fly-tipping/nearby", "/wards", "/records", "/track"]),
    query=st.dictionaries(
        st.sampled_from(
            [
                "latitude",
                "longitude",
                "accuracy_m",
                "postcode",
                "grid_reference",
                "page",
                "kind",
                "state",
                "ward",
                "since",
                "text",
            ]
        ),
        TEXT,
        max_size=5,
    ),
)
@SLOW
def test_no_query_gives_a_500(settings_: Flask, address: str, query: dict[str, str]) -> None:
    answer = settings_.test_client().get(address, query_string=sendable(query))
    assert answer.status_code < 500


@given(rest=st.text(max_size=40), start=st.sampled_from(["/track/", "/wards/", "/records/", "/photos/", "/"]))
@SLOW
def test_no_address_gives_a_500(settings_: Flask, start: str, rest: str) -> None:
    answer = settings_.test_client().get(start + quote(rest.encode("utf-8", "replace")))
    assert answer.status_code < 500
