"""The pages of the 7-day figure: each number opens as many records, and the plan's page is for everybody."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.moving import PRIVATE, move, reported
from webapp.extensions import clock

PAGE, PLAN = "/figures/fly-tipping", "/plan/4.7"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIGURE = re.compile(r'<a class="govuk-link wb-reach" href="(/records[^"]+)">([\d,]+)<span')
TOTAL = re.compile(r"<strong>([\d,]+) records?</strong>")
FIRST_SHARE = re.compile(r'<p class="wb-headline__share"><strong>([\d.]+%)</strong>')


def on(day: int) -> datetime:
    return datetime(2026, 11, day, 12, tzinfo=UTC)


@pytest.fixture
def owen(app: Flask, cast: Cast) -> FlaskClient:
    """Owen's browser, with one record for each way to stand in the figure."""
    person = cast.person("Owen")
    with app.app_context():
        in_time, late, early, private = (reported(on(day)) for day in (1, 2, 20, 3))
        reported(on(4)), reported(on(21)), reported(on(5), land_type="other_unidentified")
        move(in_time, "clear", person, on(8))
        move(late, "clear", person, on(10))
        move(early, "clear", person, on(21))
        move(private, "triage", person, on(4), land=PRIVATE)
    return cast.client("Owen")


def test_each_number_opens_as_many_records(app: Flask, owen: FlaskClient):
    app.config["WORKING_DAYS_TARGET"] = "5"
    with clock.standing_at(NOW):
        page = owen.get(PAGE).text
        assert "Our own target: within 5 working days" in page
        found = FIGURE.findall(page)
        assert len(found) >= 12
        for href, shown in found:
            total = TOTAL.search(owen.get(href.replace("&amp;", "&")).text)
            assert total is not None and total[1] == shown, href


def test_the_share_is_of_what_is_past_its_day_7_and_the_same_on_each_page(owen: FlaskClient):
    with clock.standing_at(NOW):
        pages = [owen.get(page).text for page in (PAGE, f"{PAGE}?period=2026-Q3")]
        plan = owen.get(PLAN).text
    assert [FIRST_SHARE.search(page)[1] for page in pages] == ["33.3%", "33.3%"]  # type: ignore[index]
    assert "<strong>33.3%</strong> 1 of 3 this quarter" in plan
    assert "Below" in plan


def test_the_page_of_who_and_why_opens_as_many_records_and_officers_alone_see_it(
    owen: FlaskClient, cast: Cast
):
    with clock.standing_at(NOW):
        found = FIGURE.findall(owen.get("/figures/delays").text)
        assert found
        for href, shown in found:
            total = TOTAL.search(owen.get(href.replace("&amp;", "&")).text)
            assert total is not None and total[1] == shown, href
        assert "Nothing is in the figure" in owen.get("/figures/delays?period=2024-Q1").text
        assert cast.client("Priya").get("/figures/delays").status_code == 404


def test_a_second_target_is_shown_only_where_there_is_one(owen: FlaskClient):
    with clock.standing_at(NOW):
        assert "working day" not in owen.get(PAGE).text
        listed = owen.get("/records?working=missed").text
    assert "The filter “In our own target as” was not understood" in listed


def test_nothing_of_nothing_is_no_data(owen: FlaskClient):
    with clock.standing_at(NOW):
        page = owen.get(f"{PAGE}?period=2024-Q1").text
    assert '<p class="wb-headline__share">no data' in page
    assert "0%" not in page.split("wb-headline__share")[1].split("</p>")[0]


def test_a_period_that_is_none_is_said_to_be_none(owen: FlaskClient):
    with clock.standing_at(NOW):
        assert "was not understood" in owen.get(f"{PAGE}?period=2026-Q9").text


def test_everybody_reads_the_plan_s_figure_and_only_officers_are_led_to_records(
    owen: FlaskClient, client: FlaskClient, cast: Cast
):
    with clock.standing_at(NOW):
        assert "/records" in owen.get(PLAN).text
        for browser in (client, cast.client("Priya")):
            page = browser.get(PLAN)
            assert page.status_code == 200 and "33.3%" in page.text
            assert "/records?" not in page.text and PAGE not in page.text
            assert browser.get(PAGE).status_code in {302, 404}
