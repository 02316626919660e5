"""Each way to give a place, in the browser: none blocks the way on, and each is said back in words."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import pictures
from tests.browser.conftest import PHONE, OpenContext
from tests.browser.report import SCREENS, Report


@pytest.fixture
def report(phone: Page) -> Report:
    """The report's first screen on a phone that shares its position."""
    return Report(phone).open()


def place_of(page: Page) -> tuple[str, str, str]:
    """Return what the form would send: latitude, longitude, and how they were given."""
    values = (
        page.locator(f"[name={name}]").input_value() for name in ("latitude", "longitude", "location_source")
    )
    return tuple(values)  # type: ignore[return-value]


def test_the_phone_s_position_is_said_back_with_its_accuracy(report: Report):
    report.way("Use this phone’s position").click()
    report.says_place("This phone’s position, good to about 8 m")
    report.says_place(re.compile(r"ward\. Grid reference TQ\s\d{4}\s\d{4}"))
    assert place_of(report.page) == ("51.390500", "0.241500", "gps")
    report.go_on(SCREENS[1])


def test_a_phone_that_shares_no_position_offers_the_other_ways(open_context: OpenContext):
    report = Report(open_context(**PHONE, permissions=[]).new_page()).open()
    report.way("Use this phone’s position").click()
    expect(report.page.get_by_role("alert").filter(has_text="did not share its position")).to_be_visible()
    assert place_of(report.page)[:2] == ("", "")
    report.place_in_words().go_on(SCREENS[1])


def test_a_rough_position_is_used_with_a_warning(open_context: OpenContext):
    context = open_context(
        **PHONE,
        geolocation={"latitude": 51.39, "longitude": 0.24, "accuracy": 180},
        permissions=["geolocation"],
    )
    report = Report(context.new_page()).open()
    with_fast_clock(report, "good to about 180 m")
    report.says_place("That is rough: move the pin on the map, or say in words where it is.")
    report.go_on(SCREENS[1])


def with_fast_clock(report: Report, words: str) -> None:
    """Press the position's button; a rough fix is shown at once, while a better one is still hoped for."""
    report.way("Use this phone’s position").click()
    report.says_place(words)


def test_nobody_has_to_wait_for_the_satellites(open_context: OpenContext):
    context = open_context(**PHONE)
    # A phone under trees: it is asked for its position and says nothing.
    context.add_init_script("navigator.geolocation.watchPosition = () => 1;")
    report = Report(context.new_page()).open()
    report.way("Use this phone’s position").click()
    expect(report.way("Finding your position…")).to_be_disabled()
    report.place_in_words().go_on(SCREENS[1])


def test_a_tap_on_the_map_sets_the_pin(report: Report):
    report.way("Show the map").click()
    canvas = report.page.locator(".wb-map__canvas")
    expect(report.page.locator(".wb-map .leaflet-overlay-pane path").first).to_be_visible()
    canvas.tap(position={"x": 190, "y": 120})
    report.says_place("The pin you set")
    latitude, longitude, source = place_of(report.page)
    assert source == "map"
    assert 51.1 < float(latitude) < 51.5
    assert -0.1 < float(longitude) < 0.5


def test_the_four_buttons_move_the_pin_by_metres(report: Report):
    report.way("Use this phone’s position").click()
    report.says_place("ward.")
    report.shows_map()
    page = report.page
    page.get_by_role("button", name="Move the pin south").tap()
    assert place_of(page) == ("51.390455", "0.241500", "map")
    page.get_by_role("button", name="5 m a step. Change it").tap()
    page.get_by_role("button", name="Move the pin north").tap()
    assert place_of(page)[0] == "51.390904"


def test_the_arrow_keys_move_the_pin_and_the_page_stays_still(report: Report):
    report.way("Use this phone’s position").click()
    report.says_place("ward.")
    report.shows_map()
    canvas = report.page.locator(".wb-map__canvas")
    canvas.press("ArrowDown")
    assert place_of(report.page) == ("51.390455", "0.241500", "map")
    expect(report.page.locator(".wb-map__pin")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("way", "label", "typed", "said", "source"),
    [
        ("Postcode", "Postcode", "tn131gp", "Postcode TN131GP", "postcode"),
        (
            "Grid reference",
            "Ordnance Survey grid reference",
            "TQ52985462",
            "Grid reference TQ52985462",
            "grid",
        ),
    ],
)
def test_a_typed_place_is_found(report: Report, way: str, label: str, typed: str, said: str, source: str):
    report.way(way).click()
    page = report.page
    box = page.get_by_label(label)
    expect(box).to_be_focused()
    box.fill(typed)
    box.press("Enter")
    report.says_place(said)
    report.says_place("Sevenoaks Town and St John's ward")
    latitude, longitude, given = place_of(page)
    assert (given, latitude[:6], longitude[:5]) == (source, "51.270", "0.191")
    report.is_at(SCREENS[0])


def test_a_postcode_that_is_none_says_so_and_blocks_nothing(report: Report, watch):
    watch.allowed_statuses = {422}
    report.way("Postcode").click()
    box = report.page.get_by_label("Postcode")
    box.fill("TN13 9ZZ9")
    report.page.get_by_role("button", name="Find it").click()
    expect(report.page.get_by_role("alert").filter(has_text="TN13")).to_be_visible()
    report.place_in_words().go_on(SCREENS[1])


def test_the_place_in_a_photo_is_used_when_asked_for(report: Report, tmp_path: Path):
    photo = tmp_path / "IMG_1.HEIC"
    photo.write_bytes(pictures.heic((640, 480)))
    with report.page.expect_file_chooser() as chooser:
        report.way("Place in a photo").click()
    chooser.value.set_files(str(photo))
    report.says_place("The place stored in your photo")
    assert place_of(report.page) == ("51.270000", "0.190000", "photo")


def test_a_photo_without_a_place_says_so(report: Report, tmp_path: Path):
    photo = tmp_path / "plain.png"
    photo.write_bytes(pictures.saved(pictures.picture(), "PNG"))
    with report.page.expect_file_chooser() as chooser:
        report.way("Place in a photo").click()
    chooser.value.set_files(str(photo))
    expect(report.page.get_by_text("That photo does not say where it was taken.")).to_be_visible()


def test_words_alone_are_enough(report: Report):
    report.way("Words only").click()
    expect(report.page.get_by_label("What would help us find it?")).to_be_focused()
    report.place_in_words("The old quarry, by the second gate").go_on(SCREENS[1])
    assert place_of(report.page)[:2] == ("", "")


def test_no_place_at_all_is_pointed_out_before_the_next_screen(report: Report):
    report.page.locator(".wb-step-next button").click()
    report.is_at(SCREENS[0])
    expect(report.page.get_by_text("Tell us where it is: use the map")).to_be_focused()


def test_a_place_outside_the_district_is_taken_and_says_where_else_to_report(open_context: OpenContext):
    elsewhere = {"latitude": 50.82, "longitude": -0.14, "accuracy": 5}
    context: BrowserContext = open_context(**PHONE, geolocation=elsewhere, permissions=["geolocation"])
    report = Report(context.new_page()).open()
    report.way("Use this phone’s position").click()
    report.says_place("This phone’s position")
    report.go_on().waste_and_land().to_check().send()
    expect(report.page.get_by_text("seems to be outside Sevenoaks District")).to_be_visible()
    expect(report.page.get_by_role("link", name="report it to the council there")).to_be_visible()
