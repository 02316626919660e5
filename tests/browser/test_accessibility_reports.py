"""What anybody can use of a report once it is sent: without JavaScript, with photos, cleared, withdrawn."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests import pictures
from tests.browser.conftest import OpenPage
from tests.browser.looks import look_on_the_way, nothing_in
from tests.browser.pages import without_scripts
from tests.browser.people import ask_for_move, sign_in
from tests.browser.report import (
    CHECK,
    SCREENS,
    Report,
    fill_long_page,
    reference_of,
    send_long_page,
    today,
    tracking_path,
)
from tests.browser.server import Served, until
from tests.browser.watch import Watch

LATITUDE, NEARBY_LATITUDE = "51.3200", "51.3203"
NEARBY = "Has it been reported already?"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A photo that can be read, one that cannot, and one that goes on waiting."""
    contents = (pictures.jpeg((800, 600)), pictures.truncated_jpeg(), pictures.jpeg((640, 480)))
    paths = [tmp_path / f"{number}.jpg" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return paths


def fill(page: Page, latitude: str) -> None:
    fill_long_page(page, latitude)
    page.get_by_role("radio", name="Road, verge, pavement or lay-by").check()


def sent_without_scripts(page: Page, files: list[Path]) -> Iterator[str]:
    """Two reports of one place: the second has photos and is asked whether it is the same as the first."""
    fill(page, NEARBY_LATITUDE)
    send_long_page(page)
    reference_of(page)
    fill(page, LATITUDE)
    page.get_by_label("Email address").fill("rosa@photos.example")
    page.locator("input[type=file]").set_input_files(files)
    send_long_page(page)
    expect(page.get_by_role("heading", name=NEARBY)).to_be_visible()
    yield "sent, and perhaps reported already"


def states_of_photos(site: Served) -> list[tuple[str, str]]:
    """Return id and state of each photo at the place, in the order in which they came."""
    sql = "SELECT p.id, p.state FROM photo p JOIN record r ON r.id = p.record_id WHERE r.latitude = ? ORDER BY p.rowid"
    with closing(sqlite3.connect(site.folder / "wardbook.sqlite")) as database:
        return database.execute(sql, (float(LATITUDE),)).fetchall()


def keep_one_waiting(site: Served) -> None:
    """Wait for the worker, then let the last photo wait for ever: what is not in the storage cannot be prepared."""
    photos = until(lambda: _settled(site), what="the worker to prepare the photos")
    name = photos[-1][0]
    for path in (site.folder / "media" / "originals").rglob(str(UUID(name))):
        path.unlink()
    with closing(sqlite3.connect(site.folder / "wardbook.sqlite")) as database:
        database.execute(
            "UPDATE photo SET state = 'waiting', width = NULL, height = NULL WHERE id = ?", (name,)
        )
        database.commit()
    assert [state for _, state in states_of_photos(site)] == ["ready", "unreadable", "waiting"]


def _settled(site: Served) -> list[tuple[str, str]]:
    photos = states_of_photos(site)
    return photos if photos and all(state != "waiting" for _, state in photos) else []


def followed(page: Page, path: str) -> Iterator[str]:
    """What the reporter sees and does on the report's own page."""
    page.goto(path)
    page.get_by_label("What would you like to add?").fill("It has grown since: now there are beds too.")
    page.get_by_role("button", name="Add to my report").click()
    expect(page.get_by_role("heading", name="What you added")).to_be_visible()
    yield "track, with photos and added words"


def withdrawn(page: Page, path: str) -> Iterator[str]:
    page.goto(path)
    yield "track, cleared"
    page.get_by_role("link", name="Remove my name and contact").click()
    yield "withdraw"
    page.get_by_role("button", name="Remove my contact").click()
    expect(page.get_by_text("You removed your name and contact")).to_be_visible()
    yield "track, withdrawn"


def cleared(page: Page, reference: str, after: Path) -> Iterator[str]:
    """What an officer sees of the record, until it is cleared."""
    sign_in(page, "owen")
    page.goto(f"/records/{reference}")
    page.get_by_role("button", name="Show to the public photo 1").click()
    expect(page.get_by_text("Photo 1. Public.")).to_be_visible()
    yield "a record with photos and added words"
    ask_for_move(page, "Mark cleared")
    yield "what a clearance asks"
    for name, number in (("Day", today().day), ("Month", today().month), ("Year", today().year)):
        page.get_by_label(name, exact=True).fill(str(number))
    page.get_by_label("Photos of the place afterwards").set_input_files(after)
    page.get_by_label("Show these photos to the public").check()
    page.get_by_role("button", name="Mark cleared").click()
    expect(page.locator(".wb-tag").first).to_have_text("Cleared")
    yield "a cleared record with photos"


def test_a_report_with_photos_is_accessible_from_sending_to_withdrawing(
    open_page: OpenPage, site: Served, watch: Watch, files: list[Path]
):
    page = open_page()
    without_scripts(page)
    found = look_on_the_way(page, sent_without_scripts(page, files))
    reference, path = reference_of(page), tracking_path(page)
    page.unroute("**/js/*.js")
    keep_one_waiting(site)
    found += look_on_the_way(page, followed(page, path))
    desk = open_page()
    found += look_on_the_way(desk, cleared(desk, reference, files[0]))
    found += look_on_the_way(page, withdrawn(page, path))
    nothing_in(found)


def sent_twice(page: Page) -> Iterator[str]:
    """The same page is sent once more with other words."""
    fill(page, "51.3300")
    page.evaluate(
        "async () => { const form = document.querySelector('#capture');"
        " await fetch(form.action, { method: 'POST', body: new FormData(form) }); }"
    )
    page.get_by_label("What did you see?").fill("Tyres, and now a mattress too.")
    send_long_page(page)
    expect(page.get_by_role("heading", name="You have already sent this report")).to_be_visible()
    yield "already sent"


def asked_about_nearby(page: Page) -> Iterator[str]:
    """Somebody else reports the same place with scripts, which ask before the check."""
    page.context.set_geolocation({"latitude": 51.33, "longitude": 0.19, "accuracy": 8})
    report = Report(page).open()
    report.way("Use this phone’s position").click()
    report.says_place("ward")
    report.go_on().waste_and_land().go_on(SCREENS[4]).go_on(NEARBY)
    yield "nearby"
    report.go_on(CHECK)
    yield "check after nearby"


def test_what_is_said_of_a_report_made_before_is_accessible(open_page: OpenPage, watch: Watch):
    watch.allowed_statuses = {409}
    page = open_page()
    without_scripts(page)
    found = look_on_the_way(page, sent_twice(page))
    other = open_page()
    nothing_in(found + look_on_the_way(other, asked_about_nearby(other)))
