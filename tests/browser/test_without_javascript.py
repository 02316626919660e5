"""The same report without JavaScript: one long page, one post; what is wrong comes back filled and keeps its photos."""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import pictures
from tests.browser.conftest import DESK, OpenContext
from tests.browser.people import ask_for_move, sign_in
from tests.browser.report import WORDS, fill_long_page, reference_of, send_long_page, tracking_path
from tests.browser.server import Served
from tests.browser.watch import Watch

MAILBOX = "rosa@plain.example"


def test_the_whole_journey_without_javascript(
    plain_phone: Page, open_context: OpenContext, site: Served, watch: Watch, tmp_path: Path
):
    watch.allowed_statuses = {422}
    photo, after = tmp_path / "IMG_4712.HEIC", tmp_path / "after.jpg"
    photo.write_bytes(pictures.heic((800, 600)))
    after.write_bytes(pictures.jpeg((800, 600)))
    neighbour = send_another(open_context(java_script_enabled=False).new_page())

    wrong_first(plain_phone, photo)
    reference = reference_of(plain_phone)
    path = asked_afterwards(plain_phone, neighbour)
    assert path in site.mail_to(MAILBOX, reference).get_content()
    clear_without_javascript(open_context(**DESK, java_script_enabled=False).new_page(), reference, after)

    plain_phone.goto(path)
    expect(plain_phone.locator(".wb-tag")).to_have_text("Cleared")
    expect(plain_phone.get_by_role("img", name="Photo from before")).to_be_visible()
    expect(plain_phone.get_by_role("img", name="Photo from afterwards")).to_be_visible()


def send_another(page: Page) -> str:
    """Somebody else's report 30 metres away; returns its reference."""
    fill_long_page(page, "51.2903")
    page.get_by_role("radio", name="Park, car park or other council land").check()
    send_long_page(page)
    return reference_of(page)


def wrong_first(page: Page, photo: Path) -> None:
    """A report with three mistakes comes back filled; put right, it goes, with the photo sent before."""
    fill_long_page(page, "51.2900")
    page.get_by_label("Day").fill("31")
    page.get_by_label("Month").fill("2")
    page.get_by_label("Year").fill("2026")
    page.get_by_label("Email address").fill("rosa at plain")
    page.locator("input[type=file]").set_input_files(photo)
    send_long_page(page)
    summary = page.get_by_role("alert").filter(has_text="There is a problem")
    expect(summary.get_by_role("link")).to_have_count(3)
    expect(page.get_by_label("What did you see?")).to_have_value(WORDS)
    expect(page.get_by_label("Day")).to_have_value("31")
    expect(page.get_by_role("radio", name="Tyres")).to_be_checked()
    expect(page.get_by_text("1 photo is already with us")).to_be_visible()
    page.get_by_label("Day").fill("1")
    page.get_by_role("radio", name="Park, car park or other council land").check()
    page.get_by_label("Email address").fill(MAILBOX)
    page.get_by_role("checkbox", name="Tell me what happens").check()
    send_long_page(page)


def asked_afterwards(page: Page, neighbour: str) -> str:
    """Without JavaScript the report is saved first and the question asked after; returns the tracking path."""
    expect(page.get_by_role("heading", name="Has it been reported already?")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile(f"It is this one ?: {neighbour}"))).to_be_visible()
    return tracking_path(page)


def clear_without_javascript(page: Page, reference: str, after: Path) -> None:
    """An officer without JavaScript releases the photo and marks the record cleared."""
    sign_in(page, "owen")
    page.get_by_label("Reference, place or description").fill(reference)
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_role("link", name=reference).click()
    page.get_by_role("button", name="Show to the public photo 1").click()
    today = page.get_by_text(re.compile(r"^\d\d:\d\d, \w+ \d+ \w+ \d{4}$")).first.inner_text().split()
    months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    ask_for_move(page, "Mark cleared")
    page.get_by_label("Day", exact=True).fill(today[2])
    page.get_by_label("Month", exact=True).fill(str(months.index(today[3]) + 1))
    page.get_by_label("Year", exact=True).fill(today[4])
    page.get_by_label("Photos of the place afterwards").set_input_files(after)
    page.get_by_role("button", name="Mark cleared").click()
    expect(page.locator(".wb-tag").first).to_have_text("Cleared")


def test_a_photo_of_30_mb_is_refused_with_the_words_still_there(
    plain_phone: Page, watch: Watch, tmp_path: Path
):
    watch.allowed_statuses = {413}
    film = tmp_path / "huge.jpg"
    film.write_bytes(pictures.jpeg((800, 600)) + bytes(30_000_000))
    fill_long_page(plain_phone, "51.2950")
    plain_phone.locator("input[type=file]").set_input_files(film)
    with plain_phone.expect_response(lambda answer: answer.request.method == "POST") as answer:
        send_long_page(plain_phone)
    assert answer.value.status == 413
    expect(plain_phone.get_by_role("alert")).to_contain_text("huge.jpg")
    expect(plain_phone.get_by_label("What did you see?")).to_have_value(WORDS)


def test_what_is_no_photo_is_refused_beside_its_field(plain_phone: Page, watch: Watch, tmp_path: Path):
    watch.allowed_statuses = {422}
    files = {"notes.jpg": b"only words", "nothing.jpg": b"", "drawing.svg": pictures.SVG}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    fill_long_page(plain_phone, "51.2960")
    plain_phone.get_by_role("radio", name="Railway land").check()
    plain_phone.locator("input[type=file]").set_input_files([tmp_path / name for name in files])
    send_long_page(plain_phone)
    error = plain_phone.locator(".govuk-error-message").filter(has_text="notes.jpg")
    for name in files:
        expect(error).to_contain_text(name)
    expect(plain_phone.get_by_role("radio", name="Railway land")).to_be_checked()


def test_pressing_send_twice_makes_one_report(plain_phone: Page, site: Served):
    fill_long_page(plain_phone, "51.2970")
    plain_phone.get_by_role("radio", name="Railway land").check()
    plain_phone.get_by_role("button", name="Send report").dblclick()
    reference = reference_of(plain_phone)
    with closing(sqlite3.connect(site.folder / "wardbook.sqlite")) as database:
        made = database.execute("SELECT reference FROM record WHERE latitude = 51.297").fetchall()
    assert made == [(reference,)]


@pytest.mark.parametrize(
    ("visited", "latitude"),
    [((), 51.2975), (("/fly-tipping/new", "/"), 51.2976)],
    ids=["first visit", "later"],
)
def test_back_after_sending_brings_the_same_page_and_sends_no_second_report(
    plain_phone: Page, site: Served, visited: Sequence[str], latitude: float
):
    for path in visited:
        plain_phone.goto(path)
    fill_long_page(plain_phone, str(latitude))
    plain_phone.get_by_role("radio", name="Railway land").check()
    send_long_page(plain_phone)
    reference = reference_of(plain_phone)
    # Whoever asks for the page looks into what the browser keeps of answers: the whole page was not put aside for Back.
    with plain_phone.expect_request("**/fly-tipping/new"):
        plain_phone.go_back()
    expect(plain_phone.get_by_label("What did you see?")).to_have_value(WORDS)
    send_long_page(plain_phone)
    assert reference_of(plain_phone) == reference
    with closing(sqlite3.connect(site.folder / "wardbook.sqlite")) as database:
        made = database.execute("SELECT reference FROM record WHERE latitude = ?", [latitude]).fetchall()
    assert made == [(reference,)]


def test_back_after_signing_out_brings_no_page_of_whoever_was_signed_in(open_context: OpenContext):
    page = open_context(**DESK, java_script_enabled=False).new_page()
    sign_in(page, "owen")
    for path in ("/fly-tipping/new", "/records"):
        page.goto(path)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    for heading in ("Sign in", "Report fly-tipping"):
        page.go_back()
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
