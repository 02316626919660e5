"""Nothing typed or chosen is lost: refresh, back, a closed page, a refusal, a bad file, a hurried thumb."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import pictures
from tests.browser.conftest import LANE, PHONE, OpenContext
from tests.browser.report import CHECK, SCREENS, Report, kept, reference_of
from tests.browser.server import Served
from tests.browser.watch import Watch


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo with a place in it, as a phone takes it."""
    path = tmp_path / "IMG_1.jpg"
    path.write_bytes(pictures.saved(pictures.picture((640, 480)), "JPEG", exif=pictures.camera_notes()))
    return path


@pytest.fixture
def half_filled(phone: Page, photo: Path) -> Report:
    """A report with place, waste, words and a photo, kept on the phone and not sent."""
    report = Report(phone).open().place_in_words("The old quarry")
    report.go_on(SCREENS[1]).choose("Tyres")
    phone.get_by_label("What did you see?").fill("Eight tyres")
    report.go_on(SCREENS[2]).choose("Railway land").go_on(SCREENS[3])
    report.add_photos(photo).has_photos(1)
    expect(kept(phone)).to_be_visible()
    return report


def is_all_there(report: Report) -> None:
    """Expect the check screen to have everything that was given."""
    report.go_on(SCREENS[4]).go_on(CHECK)
    for question, answer in (
        ("What would help us find it?", "The old quarry"),
        ("What is it mostly?", "Tyres"),
        ("What did you see?", "Eight tyres"),
        ("What kind of place is it?", "Railway land"),
        ("Photos", "1 photo"),
    ):
        expect(report.row(question)).to_have_text(answer)


def test_a_refresh_in_the_middle_keeps_answers_photos_and_screen(half_filled: Report):
    # Written down before the page may go: the line says so only after the phone has answered.
    half_filled.page.reload()
    half_filled.is_at(SCREENS[3]).has_photos(1)
    is_all_there(half_filled)


def test_back_and_forward_walk_through_the_screens(half_filled: Report):
    page = half_filled.page
    for screen in (SCREENS[2], SCREENS[1], SCREENS[0]):
        page.go_back()
        half_filled.is_at(screen)
    for screen in (SCREENS[1], SCREENS[2], SCREENS[3]):
        page.go_forward()
        half_filled.is_at(screen)
    half_filled.has_photos(1)
    is_all_there(half_filled)


def test_a_closed_page_comes_back_with_its_photo_and_says_so(half_filled: Report):
    context = half_filled.page.context
    half_filled.page.close()
    report = Report(context.new_page()).open()
    expect(report.page.get_by_role("alert").filter(has_text="were kept on this device")).to_be_visible()
    report.go_on(SCREENS[1]).go_on(SCREENS[2]).go_on(SCREENS[3]).has_photos(1)
    is_all_there(report)


def test_starting_again_empties_the_form(half_filled: Report):
    context = half_filled.page.context
    half_filled.page.close()
    report = Report(context.new_page()).open()
    report.page.get_by_role("button", name="Start again with an empty form").click()
    report.is_at(SCREENS[0])
    expect(report.page.get_by_label("What would help us find it?")).to_have_value("")
    expect(report.page.get_by_role("alert").filter(has_text="were kept")).to_have_count(0)


def test_leaving_the_form_and_coming_back_by_the_browser_s_own_button_keeps_it(half_filled: Report):
    page = half_filled.page
    page.get_by_role("link", name="Privacy").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("How we look after")
    page.go_back()
    half_filled.is_at(SCREENS[3]).has_photos(1)
    is_all_there(half_filled)


@pytest.fixture
def refused(half_filled: Report, watch: Watch) -> Report:
    """The half-filled report after the server refused its e-mail address."""
    watch.allowed_statuses = {422}
    half_filled.go_on(SCREENS[4])
    half_filled.page.get_by_label("Email address").fill("rosa at home")
    # Past the phone's own check, as an older page would let it.
    half_filled.page.evaluate("() => { location.hash = 'check'; }")
    half_filled.is_at(CHECK)
    half_filled.page.get_by_role("button", name="Send report").click()
    half_filled.is_at(SCREENS[4])
    return half_filled


def test_a_refusal_opens_at_the_mistake_with_everything_else_still_there(refused: Report):
    page = refused.page
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(page.get_by_label("Email address")).to_be_focused()
    page.get_by_label("Email address").fill("rosa@home.example")
    refused.go_on(CHECK)
    expect(refused.row("Photos")).to_contain_text("1 photo")
    refused.send()
    page.get_by_role("button", name="Follow this report").click()
    expect(page.locator("figure img").first).to_be_visible()


def test_going_back_after_a_refusal_keeps_the_answers(refused: Report):
    refused.back()
    refused.is_at(SCREENS[3]).has_photos(1)


def test_a_sent_report_leaves_nothing_behind_on_the_phone(half_filled: Report):
    page = half_filled.page
    half_filled.to_check().send()
    Report(page).open()
    expect(page.get_by_label("What would help us find it?")).to_have_value("")
    expect(page.get_by_role("alert").filter(has_text="were kept")).to_have_count(0)


def test_without_a_signal_the_report_is_saved_on_the_phone_and_goes_by_itself(
    half_filled: Report, watch: Watch, site: Served
):
    watch.may_be_offline = True
    page = half_filled.page
    half_filled.to_check()
    page.context.set_offline(True)
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("heading", name="Saved on this phone")).to_be_focused()
    expect(page.get_by_role("link", name="1 waiting to send")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Report sent. Thank you.")).to_be_visible()
    expect(page.get_by_role("link", name="waiting to send")).to_have_count(0)


BAD_FILES = {
    "notes.jpg": (b"only words", "is not a photo we can use"),
    "nothing.jpg": (b"", "is empty"),
    "drawing.svg": (pictures.SVG, "is not a photo we can use"),
    "film.jpg": (pictures.jpeg() + bytes(26_000_000), "is bigger than 25 MB"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_photo_is_refused_at_once(phone: Page, tmp_path: Path, photo: Path, name: str):
    content, words = BAD_FILES[name]
    (tmp_path / name).write_bytes(content)
    report = Report(phone).open().place_in_words().go_on().waste_and_land()
    report.add_photos(photo).has_photos(1)
    report.add_photos(tmp_path / name)
    refusal = phone.locator(".wb-picker__refusals")
    expect(refusal).to_contain_text(f"“{name}” {words}")
    report.has_photos(1)


def test_a_hurried_thumb_sends_one_report(open_context: OpenContext, site: Served):
    page = open_context(**PHONE, geolocation=LANE, permissions=["geolocation"]).new_page()
    Report(page).open().place_in_words("Tapped twice").go_on().waste_and_land().to_check()
    page.get_by_role("button", name="Send report").dblclick()
    reference_of(page)
    with closing(sqlite3.connect(site.folder / "wardbook.sqlite")) as database:
        assert database.execute(
            "SELECT count(*) FROM record WHERE place_text = 'Tapped twice'"
        ).fetchone() == (1,)
