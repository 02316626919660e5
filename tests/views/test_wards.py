"""The wards' own pages, as the public and as staff see them."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import SEVENOAKS_WARD, hidden_fields, send
from tests.cast import Cast
from tests.programmes import Walks
from webapp.extensions import db
from webapp.models.fly_tipping import FlyTip


def test_a_postcode_leads_to_its_ward(client: FlaskClient):
    answer = client.get("/wards?postcode=DA4+0AA")
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/wards/E05")


@pytest.mark.parametrize(
    ("postcode", "sentence"),
    [
        ("XX1 1XX", "We cannot find the postcode “XX1 1XX”. Check it, or choose a ward below."),
        ("SW1A 1AA", "“SW1A 1AA” is in none of our wards. Check it, or choose a ward below."),
    ],
)
def test_a_postcode_that_leads_nowhere_is_told_in_the_summary_and_at_its_field(
    client: FlaskClient, postcode: str, sentence: str
):
    answer = client.get("/wards", query_string={"postcode": postcode})
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2
    assert 'data-module="govuk-error-summary"' in answer.text and 'href="#postcode"' in answer.text
    assert 'aria-describedby="postcode-error"' in answer.text and f'value="{postcode}"' in answer.text
    assert "use words" not in answer.text


WARD_PAGE = f"/wards/{SEVENOAKS_WARD}"


def listed(page: str) -> str:
    """The table of reports, which follows that of the 7-day figure."""
    _, figure, reports = page.split("<table")
    assert "Cleared within 7 days" in figure
    return reports


def test_staff_read_each_report_of_a_ward_once_with_the_way_to_its_record(
    client: FlaskClient, cast: Cast, app: Flask
):
    for _ in range(2):
        send(client)
    with app.app_context():
        tip = db.session.query(FlyTip).filter_by(reference="FT-2026-00001").one()
        tip.status, tip.cleared_on = "cleared", tip.reported_on
        db.session.commit()
    page = cast.client("Owen").get(WARD_PAGE).text
    assert [page.count(f'href="/records/FT-2026-0000{number}"') for number in (1, 2)] == [1, 1]
    assert listed(page).count("<tr") == 3
    assert "all open records you may see" in page


def test_a_warden_is_led_only_to_their_own_records_of_a_ward(client: FlaskClient, cast: Cast):
    sunita = cast.client("Sunita")
    send(client)
    send(sunita)
    page = sunita.get(WARD_PAGE).text
    assert "/records/FT-2026-00001" not in page and page.count("/records/FT-2026-00002") == 1
    assert listed(page).count("<tr") == 3


def test_the_public_is_led_to_no_record_and_told_of_none_that_is_hidden(client: FlaskClient, cast: Cast):
    send(client)
    page, owen = client.get(WARD_PAGE).text, cast.client("Owen")
    assert listed(page).count("<tr") == 2 and "FT-2026" not in page and "records you may see" not in page
    token = hidden_fields(owen.get("/records/FT-2026-00001").text)["csrf_token"]
    hide = {"csrf_token": token, "visibility": "hidden"}
    assert owen.post("/records/FT-2026-00001/visibility", data=hide).status_code == 303
    assert "Nothing has been reported here yet." in client.get(WARD_PAGE).text
    assert owen.get(WARD_PAGE).text.count("FT-2026-00001</a>") == 1


def test_the_map_says_when_it_counts_only_the_records_somebody_may_see(client: FlaskClient, cast: Cast):
    send(client)
    mine, all_of_them = cast.client("Sunita").get("/map").text, cast.client("Owen").get("/map").text
    assert '<h1 class="govuk-heading-l">Wards: open records, of those you may see</h1>' in mine
    assert '<h1 class="govuk-heading-l">Wards: open records</h1>' in all_of_them
    assert "of those you may see" not in all_of_them
    assert '"count": 1' not in mine and '"count": 1' in all_of_them


def test_a_planned_audit_is_no_open_report(app: Flask, client: FlaskClient, cast: Cast):
    Walks(app, cast.person("Sunita")).planned(date(2026, 11, 29), SEVENOAKS_WARD)
    assert "<strong>0</strong> open reports of fly-tipping" in client.get(WARD_PAGE).text
    send(client)
    assert "<strong>1</strong> open report of fly-tipping" in client.get(WARD_PAGE).text
    assert "<strong>1</strong> report of fly-tipping" in client.get("/").text
