"""A session of speed-watch begins without a signal, or is refused in words."""

import json
from datetime import UTC, datetime, time, timedelta

from playwright.sync_api import expect

from tests.browser.server import until
from tests.browser.speed.conftest import OpenPhone
from tests.browser.speeds import Made, Speeds
from webapp.rules.clock import LONDON


def test_a_site_that_is_not_approved_is_refused_in_words_without_a_signal(phone: Speeds, made: Made):
    phone.start_page().filled(made).site(made.suspended).direction("Northbound").press_begin()
    assert phone.refusals() == ["This site is suspended. Choose another site, or ask your coordinator."]
    expect(phone.page.locator(".wb-log")).to_be_hidden()
    # Nothing of it was kept to be sent.
    assert json.loads(phone.whole_store())[0]["captures"]["keys"] == []


def test_who_is_not_trained_and_who_is_alone_is_refused(phone: Speeds, made: Made):
    phone.start_page().filled(made).crew(Ned="").press_begin()
    assert phone.refusals() == [
        "Ned is not trained. Choose somebody else, or ask your coordinator to book a training."
    ]
    for name in ("Ned", "Ann"):
        phone.page.locator("[data-start='crew']").get_by_label(name).first.uncheck()
    phone.press_begin()
    assert phone.refusals() == [
        "A session needs at least 2 people, and only 1 is chosen. Add somebody who is trained."
    ]
    phone.crew(Carol="Safety lookout").device("Unipar Genesis, UG-2").press_begin()
    assert len(phone.refusals()) == 1
    assert phone.refusals()[0].startswith("The Unipar Genesis was to be calibrated by ")


def test_outside_daylight_it_begins_only_with_a_reason(open_phone: OpenPhone, made: Made):
    phone = open_phone()
    night = datetime.combine(datetime.now(LONDON).date() + timedelta(days=1), time(3, 0), LONDON)
    phone.offline().page.clock.set_fixed_time(night)
    phone.start_page().site(made.site).direction("Northbound").device(made.device).crew(Vic="", Ann="")
    phone.ticks().press_begin()
    assert "it is light at this site from" in phone.refusals()[0]
    phone.in_the_dark("A survey of the night bus").press_begin()
    expect(phone.sheet("menu")).to_be_visible()


def test_by_day_nobody_is_asked_why(open_phone: OpenPhone, made: Made):
    phone = open_phone()
    noon = datetime.combine(datetime.now(LONDON).date() + timedelta(days=1), time(12, 0), LONDON)
    phone.offline().page.clock.set_fixed_time(noon)
    phone.start_page().filled(made)
    expect(phone.page.get_by_label("Why do you watch outside daylight?")).to_be_hidden()
    phone.press_begin()
    expect(phone.sheet("menu")).to_be_visible()


def test_all_that_was_typed_of_a_start_outlives_a_refresh(phone: Speeds, made: Made):
    phone.start_page().filled(made).all_speeds()
    phone.page.get_by_label("Weather").select_option("Heavy rain")
    expect(phone.page.get_by_text("Stop: it is not safe at the roadside.")).to_be_visible()
    until(lambda: "heavy_rain" in phone.whole_store(), 10, "it to be kept")
    phone.start_page()
    page = phone.page
    expect(page.get_by_label(made.site, exact=False).first).to_be_checked()
    expect(page.get_by_label("Northbound")).to_be_checked()
    expect(page.get_by_label("What Vic does")).to_have_value("recorder")
    expect(page.get_by_label("What Carol does")).to_be_hidden()
    expect(page.get_by_label("Weather")).to_have_value("heavy_rain")
    expect(page.get_by_label("Every vehicle’s speed")).to_be_checked()
    assert page.locator("[name=safety]:checked").count() == 6


def test_what_is_not_ticked_is_said_once_and_stops_nobody(phone: Speeds, made: Made):
    phone.start_page().site(made.site).direction("Northbound").device(made.device).crew(Vic="", Ann="")
    phone.in_the_dark().press_begin()
    expect(phone.page.get_by_text("Not ticked: The device passed its own test", exact=False)).to_be_visible()
    phone.press_begin()
    expect(phone.sheet("menu")).to_be_visible()


def test_lists_that_are_too_old_are_said_to_be_so(open_phone: OpenPhone):
    phone = open_phone()
    phone.offline().page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=8))
    phone.start_page()
    expect(phone.page.get_by_text("too old to say whether a session may begin", exact=False)).to_be_visible()
    phone.page.get_by_role("button", name="Fetch the lists now").click()
    expect(phone.page.get_by_text("Nobody answered.", exact=False)).to_be_visible()
    expect(phone.page.get_by_role("button", name="Begin the session")).to_be_hidden()
