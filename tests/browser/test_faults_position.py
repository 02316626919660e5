"""Positions and clocks that are wrong, one test for each line of the list."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LANE
from tests.browser.field import Field
from tests.browser.people import sign_in
from tests.browser.server import until

STALE = """
navigator.geolocation.watchPosition = (hear) => {
  hear({ coords: { latitude: 51.5, longitude: -0.1, accuracy: 5 }, timestamp: Date.now() - 120000 });
  return 1;
};"""


def record_of(afield: Field, own: str) -> sqlite3.Row:
    with closing(sqlite3.connect(afield.served.folder / "wardbook.sqlite")) as database:
        database.row_factory = sqlite3.Row
        question = """SELECT record.*, capture_revision.flags FROM record
            JOIN capture_revision ON capture_revision.capture_id = record.id WHERE record.id = ?"""
        return database.execute(question, (own.replace("-", ""),)).fetchone()


def ask_position(afield: Field) -> None:
    afield.go("/fly-tipping/new")
    afield.page.get_by_role("button", name="Use this phone’s position").click()


@pytest.mark.fault("GPS and clock")
def test_a_denied_position_blocks_nothing(afield: Field):
    ask_position(afield)
    expect(afield.page.get_by_text("This phone did not share its position.")).to_be_visible()
    afield.send()
    afield.is_sent()
    afield.everything_arrived()


@pytest.mark.fault("GPS and clock")
def test_a_fix_that_is_two_minutes_old_is_not_used(afield: Field):
    afield.context.add_init_script(STALE)
    afield.page.clock.install()
    ask_position(afield)
    afield.page.clock.run_for(21_000)
    expect(afield.page.get_by_text("This phone could not find its position.")).to_be_visible()
    expect(afield.page.locator("#capture [name=latitude]")).to_have_value("")


@pytest.mark.fault("GPS and clock")
def test_a_rough_fix_is_kept_with_how_rough_it_is(afield: Field):
    afield.context.grant_permissions(["geolocation"])
    afield.context.set_geolocation({**LANE, "accuracy": 180})
    afield.page.clock.install()
    ask_position(afield)
    afield.page.clock.run_for(21_000)
    expect(afield.page.locator("#capture [name=latitude]")).not_to_have_value("")
    own = afield.fill(latitude="51.3905", longitude="0.2415", accuracy_m="180", location_source="gps")
    afield.press_send()
    afield.is_sent()
    assert record_of(afield, own)["accuracy_m"] == 180


@pytest.mark.fault("GPS and clock")
def test_who_is_signed_in_reads_the_ward_of_a_place_without_a_connection(afield: Field):
    sign_in(afield.page, "sunita")
    until(lambda: afield.shelf().packs(), 10, "the wards to be on the phone")
    afield.until_installed()
    afield.context.grant_permissions(["geolocation"])
    afield.context.set_geolocation(LANE)
    afield.proxy.offline = True
    ask_position(afield)
    expect(afield.page.locator(".wb-place__answer")).to_contain_text(
        "Farningham, Horton Kirby and South Darenth ward."
    )


@pytest.mark.parametrize("wrong", [timedelta(hours=-9), timedelta(days=400)], ids=["behind", "ahead"])
@pytest.mark.fault("GPS and clock")
def test_a_wrong_clock_is_measured_and_flagged_and_the_day_of_receipt_counts(afield: Field, wrong: timedelta):
    afield.page.clock.install(time=datetime.now(UTC) + wrong)
    own = afield.send(afield.picture())
    afield.is_sent()
    record = record_of(afield, own)
    assert record["flags"] == "clock"
    assert abs(record["clock_offset_s"] - wrong.total_seconds()) < 300
    assert datetime.fromisoformat(record["received_at"]).date() == datetime.now(UTC).date()


@pytest.mark.fault("GPS and clock")
def test_a_place_in_words_alone_is_enough(afield: Field):
    own = afield.send(place_text="Where the footpath leaves the lane")
    afield.is_sent()
    assert record_of(afield, own)["location_source"] == "none"
