"""What people do halfway: choose another way, cancel, mistype, refresh, go back. What is sent is what the page says."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import pictures
from tests.browser.chromium import Chromium
from tests.browser.conftest import LANE, PHONE, OpenContext
from tests.browser.report import CHECK, SCREENS, Report
from tests.browser.server import Served, prepare
from tests.browser.watch import Watch

SUMMARY = ".govuk-error-summary"
NEARBY = "Has it been reported already?"


@pytest.fixture
def report(phone: Page) -> Report:
    """The report's first screen on a phone that shares its position."""
    return Report(phone).open()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo taken far from the lane, as it says itself."""
    path = tmp_path / "IMG_1.jpg"
    path.write_bytes(pictures.saved(pictures.picture((640, 480)), "JPEG", exif=pictures.camera_notes()))
    return path


def saved_place(site: Served, words: str) -> tuple[str, float | None]:
    """Return how a record was located, and its latitude."""
    with closing(sqlite3.connect(site.folder / "wardbook.sqlite")) as database:
        sql = "SELECT location_source, latitude FROM record WHERE place_text = ?"
        return database.execute(sql, (words,)).fetchone()


def value(page: Page, name: str) -> Locator:
    """Return a field of the form by its name."""
    return page.locator(f"#capture [name={name}]")


def type_code(report: Report, way: str, name: str, text: str) -> None:
    """Open a way's box if it is shut, type a code and look it up."""
    box = value(report.page, name)
    if not box.is_visible():
        report.way(way).click()
    box.fill(text)
    box.press("Enter")


def find_postcode(report: Report, text: str) -> None:
    type_code(report, "Postcode", "postcode", text)


def test_words_only_sends_no_other_place(report: Report, site: Served):
    find_postcode(report, "TN13 1GP")
    report.says_place("Postcode TN13 1GP")
    report.way("Words only").click()
    report.says_place("Only your words will be sent.")
    report.place_in_words("The quarry that only words tell").go_on().waste_and_land().to_check().send()
    assert saved_place(site, "The quarry that only words tell") == ("none", None)


def test_the_last_code_typed_is_the_one_sent(report: Report, site: Served):
    type_code(report, "Grid reference", "grid_reference", "TQ52985462")
    report.says_place("Grid reference TQ52985462")
    find_postcode(report, "TN14 5JG")
    report.says_place("Postcode TN14 5JG")
    expect(value(report.page, "grid_reference")).to_have_value("")
    report.place_in_words("By the last code").go_on().waste_and_land().to_check().send()
    assert saved_place(site, "By the last code")[0] == "postcode"


def choose_in_place_button(report: Report, *files: Path) -> None:
    """Press “Place in a photo” and choose these files; none at all cancels."""
    with report.page.expect_file_chooser() as chooser:
        report.way("Place in a photo").click()
    if files:
        chooser.value.set_files([str(path) for path in files])
    else:
        report.page.evaluate(
            "() => document.querySelector('input[type=file]').dispatchEvent(new Event('cancel'))"
        )


def test_a_cancelled_place_in_a_photo_moves_no_place_later(report: Report, photo: Path):
    report.way("Use this phone’s position").click()
    report.says_place("ward.")
    choose_in_place_button(report)
    report.go_on().waste_and_land().add_photos(photo).has_photos(1)
    question = value(report.page, "photo_place")
    expect(question).to_be_visible()
    expect(question).not_to_be_checked()
    expect(value(report.page, "location_source")).to_have_value("gps")


def test_the_photo_s_question_lives_through_a_refresh_and_gives_the_earlier_place_back(
    report: Report, photo: Path
):
    page = report.page
    find_postcode(report, "TN13 1GP")
    report.says_place("Postcode TN13 1GP")
    latitude = value(page, "latitude").input_value()
    report.go_on().waste_and_land().add_photos(photo).has_photos(1)
    question = page.get_by_label("Your photo knows where it was taken. Use that place.")
    expect(question).to_be_visible()
    refresh(report)
    expect(question).not_to_be_checked()
    question.check()
    expect(value(page, "location_source")).to_have_value("photo")
    refresh(report)
    expect(question).to_be_checked()
    expect(value(page, "location_source")).to_have_value("photo")
    question.uncheck()
    expect(value(page, "location_source")).to_have_value("postcode")
    expect(value(page, "postcode")).to_have_value("TN13 1GP")
    expect(value(page, "latitude")).to_have_value(latitude)


def refresh(report: Report) -> None:
    """Leave and come back to the photo screen, after what was given is kept."""
    report.page.evaluate("() => window.dispatchEvent(new Event('pagehide'))")
    report.page.wait_for_timeout(600)
    report.page.reload()
    report.is_at(SCREENS[3]).has_photos(1)


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Served]:
    """Wardbook on a disk that has no room for reports."""
    prepare(tmp_path)
    with Served(tmp_path, DISK_RESERVE_MB="1000000000") as served:
        yield served


def test_a_server_without_room_is_tried_again_and_the_report_is_safe_meanwhile(
    chromium: Chromium, full: Served
):
    watch = Watch(full.url)
    watch.allowed_statuses = {503}
    with chromium.context(base_url=full.url, locale="en-GB", **PHONE) as context:
        watch.over(context)
        page = context.new_page()
        Report(page).open().place_in_words().go_on().waste_and_land().to_check()
        page.get_by_role("button", name="Send report").click()
        expect(page.get_by_role("heading", name="Saved on this phone")).to_be_visible()
        expect(page.get_by_role("status")).to_contain_text("We cannot keep anything safely just now.")
        page.goto("/outbox")
        expect(page.get_by_role("heading", name="1 waiting to send")).to_be_visible()
    assert watch.complaints == []


def test_without_a_store_on_the_phone_a_refusal_of_the_whole_report_opens_the_check(
    chromium: Chromium, full: Served
):
    watch = Watch(full.url)
    watch.allowed_statuses = {503}
    with chromium.context(base_url=full.url, locale="en-GB", **PHONE) as context:
        watch.over(context)
        context.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined });")
        page = context.new_page()
        report = Report(page).open().place_in_words().go_on().waste_and_land().to_check()
        page.get_by_role("button", name="Send report").click()
        expect(page.locator(SUMMARY)).to_contain_text("Wait ten minutes, then send this one again.")
        report.is_at(CHECK)
        expect(page.locator(SUMMARY)).to_be_visible()
        expect(page).to_have_title(re.compile("^Error: "))
        expect(report.row("What is it mostly?")).to_have_text("Furniture and household things")
        report.change("What is it mostly?")
        expect(page.locator(SUMMARY)).to_be_visible()
    assert watch.complaints == []


def test_a_refused_code_keeps_the_earlier_place_and_is_left_out(report: Report, watch: Watch, site: Served):
    watch.allowed_statuses = {422}
    page = report.page
    find_postcode(report, "TN13 1GP")
    report.says_place("Postcode TN13 1GP")
    find_postcode(report, "TN13 9ZZ9")
    box = value(page, "postcode")
    expect(page.locator("#postcode-wrong")).to_contain_text("If you go on like this, it is left out.")
    expect(box).to_have_attribute("aria-describedby", re.compile("postcode-wrong"))
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(page).to_have_title(re.compile("^Error: "))
    report.says_place("Still using postcode TN13 1GP")
    expect(page.locator(".wb-place__answer")).not_to_contain_text("9ZZ9")
    report.place_in_words("By the code that was found").go_on().waste_and_land().to_check()
    expect(report.row("Place")).to_contain_text("Postcode TN13 1GP")
    report.send()
    assert saved_place(site, "By the code that was found")[0] == "postcode"


def test_a_refused_code_alone_is_no_place(report: Report, watch: Watch):
    watch.allowed_statuses = {422}
    find_postcode(report, "TN13 9ZZ9")
    expect(report.page.locator("#postcode-wrong")).to_be_visible()
    report.go_on(SCREENS[0])
    expect(report.page.get_by_text("Tell us where it is: use the map")).to_be_focused()
    expect(value(report.page, "postcode")).to_have_value("TN13 9ZZ9")
    report.place_in_words().go_on(SCREENS[1])


def test_danger_is_told_directly_under_the_choice(open_context: OpenContext):
    context = open_context(viewport={"width": 390, "height": 660}, has_touch=True, is_mobile=True)
    report = Report(context.new_page()).open().place_in_words().go_on(SCREENS[1])
    radio = report.page.get_by_role("radio", name="Asbestos, or sheets that may be", exact=True)
    radio.check()
    advice = report.page.locator("[data-hazard-advice=asbestos]")
    expect(advice).to_be_in_viewport()
    gap = advice.bounding_box()["y"] - radio.bounding_box()["y"]  # type: ignore[index]
    assert 0 < gap < 100
    words = advice.locator("p").first.inner_text()
    expect(report.page.get_by_role("status").filter(has_text=words)).to_have_count(1)


def test_an_empty_question_is_tied_to_its_message(report: Report):
    report.place_in_words().go_on(SCREENS[1]).go_on(SCREENS[1])
    page = report.page
    expect(page.locator("#main_waste-wrong")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    group = page.get_by_role("group", name="What is it mostly?")
    expect(group).to_have_attribute("aria-describedby", re.compile("main_waste-wrong"))
    report.choose("Tyres")
    expect(page.locator("#main_waste-wrong")).to_have_count(0)
    expect(page).to_have_title(re.compile("^What is it"))


def test_a_button_at_work_keeps_the_focus(open_context: OpenContext):
    context = open_context(**PHONE)
    context.add_init_script("navigator.geolocation.watchPosition = () => 1;")
    report = Report(context.new_page()).open()
    button = report.page.locator("[data-way=gps]")
    button.focus()
    button.press("Enter")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_be_focused()


@pytest.fixture
def beside_another(open_context: OpenContext) -> Report:
    """A report that is at the check, 20 metres from one that somebody else sent."""
    there = {**PHONE, "permissions": ["geolocation"]}
    first = open_context(**there, geolocation={**LANE, "latitude": 51.2600}).new_page()
    to_photos(first).go_on(SCREENS[4]).go_on()
    finish_first(first)
    page = open_context(**there, geolocation={**LANE, "latitude": 51.26018}).new_page()
    to_photos(page).go_on(SCREENS[4]).go_on(NEARBY).go_on(CHECK)
    return Report(page)


def to_photos(page: Page) -> Report:
    report = Report(page).open()
    report.way("Use this phone’s position").click()
    report.says_place(re.compile("ward|district"))
    return report.go_on().waste_and_land()


def finish_first(page: Page) -> None:
    """Send a report, whether or not it is asked about others."""
    heading = page.locator("form.is-ready [data-step]:visible h2")
    expect(heading).not_to_have_text(SCREENS[4])
    report = Report(page)
    if heading.inner_text() == NEARBY:
        report.go_on(CHECK)
    report.send()


def test_the_answer_about_reports_nearby_is_checked_too_and_not_asked_again(beside_another: Report):
    report = beside_another
    expect(report.row(NEARBY)).to_have_text("No, another one")
    report.change(NEARBY)
    report.is_at(NEARBY)
    report.page.get_by_role("radio", name=re.compile("It is this one")).first.check()
    report.go_on(CHECK)
    expect(report.row(NEARBY)).to_have_text(re.compile(r"^The same as the one .* \d+ m.*, reported "))
    report.change(NEARBY)
    report.is_at(NEARBY).choose("No, mine is another one").go_on(CHECK)
    report.send()
    expect(report.page.get_by_role("heading", name=NEARBY)).to_have_count(0)


def test_back_after_sending_says_that_it_was_sent(report: Report):
    page = report.page
    report.place_in_words().go_on().waste_and_land().to_check().send()
    page.go_back()
    expect(page.get_by_role("heading", name="This report was sent", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Send report")).to_have_count(0)
    page.get_by_role("button", name="Report another").click()
    report.is_at(SCREENS[0])


def test_a_step_of_the_pin_is_said_and_seen(report: Report):
    page = report.page
    report.way("Use this phone’s position").click()
    report.says_place("ward.")
    report.shows_map()
    expect(page.get_by_text("Tap the map to move the pin")).to_be_visible()
    pin = page.locator(".wb-map__pin")
    before = pin.bounding_box()
    page.get_by_role("button", name="Move the pin north").click()
    expect(page.locator(".wb-place [role=status]")).to_contain_text("Pin moved 5 m north.")
    after = pin.bounding_box()
    assert before is not None
    assert after is not None
    assert before["y"] - after["y"] > 5


def test_want_of_room_is_no_longer_said_once_a_photo_is_removed(report: Report, tmp_path: Path):
    page = report.page
    paths = [tmp_path / f"{number}.png" for number in range(6)]
    for path in paths:
        path.write_bytes(pictures.saved(pictures.picture(), "PNG"))
    report.place_in_words().go_on().waste_and_land().add_photos(*paths).has_photos(5)
    refusals = page.locator(".wb-picker__refusals")
    expect(refusals).to_contain_text("You can send 5 photos.")
    page.get_by_role("button", name="Remove photo 1").click()
    expect(refusals).to_be_empty()
