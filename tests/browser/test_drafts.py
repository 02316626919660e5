"""Drafts come back as they were, on the phone that began them and at the desk that finishes them."""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Page, StorageState, expect

from tests.browser.conftest import DESK, PHONE, OpenContext
from tests.browser.field import FILL
from tests.browser.going import go
from tests.browser.server import Served, until
from tests.browser.watch import Watch

CHECK = "/fly-tipping/new#check"
# A person who types before anything that keeps it has arrived.
TYPED_AT_ONCE = """document.addEventListener('DOMContentLoaded', () => {
  const box = document.querySelector('#capture [name=place_text]');
  box.value = 'Behind the barn';
  box.dispatchEvent(new Event('input', { bubbles: true }));
}, { once: true })"""
DRAFTS = """async () => {
  const open = indexedDB.open('wardbook');
  const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const asked = database.transaction('captures').objectStore('captures').getAll();
  const all = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  database.close();
  return all.filter(({ state }) => state === 'draft').map(({ kind }) => kind);
}"""


def begin(page: Page, **answers: str) -> str:
    """Begin a report on the check screen, and return its id once the phone has kept it."""
    go(page, "about:blank")
    go(page, CHECK)
    expect(page.locator("form.is-ready")).to_be_visible()
    page.evaluate(FILL, {"main_waste": "tyres", "land_type": "highway", **answers})
    expect(page.get_by_text("Kept on this device until you send it")).to_be_visible()
    return page.locator("#capture [name=capture_id]").input_value()


def kept_on_server(site: Served, own: str) -> str | None:
    with closing(sqlite3.connect(site.folder / "wardbook.sqlite", timeout=20)) as database:
        row = database.execute("SELECT saved_at FROM draft WHERE id = ?", (own.replace("-", ""),)).fetchone()
    return row[0] if row else None


@pytest.fixture
def phone_of_sunita(open_context: OpenContext, signed_in: StorageState) -> Page:
    return open_context(**PHONE, storage_state=signed_in).new_page()


@pytest.fixture
def desk_of_sunita(open_context: OpenContext, signed_in: StorageState) -> Page:
    return open_context(**DESK, storage_state=signed_in).new_page()


def test_what_was_typed_before_the_page_was_ready_is_kept_too(phone_of_sunita: Page, site: Served):
    page = phone_of_sunita.context.new_page()
    page.add_init_script(TYPED_AT_ONCE)
    go(page, "/fly-tipping/new")
    expect(page.get_by_text("Kept on this device until you send it")).to_be_visible()
    own = page.locator("#capture [name=capture_id]").input_value()
    until(lambda: kept_on_server(site, own), 20, "the draft on the server")
    page.close()
    go(phone_of_sunita, f"/fly-tipping/new?draft={own}")
    expect(phone_of_sunita.locator("#capture [name=place_text]")).to_have_value("Behind the barn")
    assert phone_of_sunita.locator("#capture [name=capture_id]").input_value() == own


@pytest.mark.parametrize("address", ["/fly-tipping/new", "/eva/new"])
def test_a_form_that_was_only_opened_is_no_draft(desk_of_sunita: Page, address: str):
    go(desk_of_sunita, address)
    expect(desk_of_sunita.locator("#capture")).to_be_visible()
    # Longer than a form waits before it is kept.
    desk_of_sunita.wait_for_timeout(1500)
    assert desk_of_sunita.evaluate(DRAFTS) == []


def test_what_was_begun_on_the_phone_is_finished_at_the_desk(
    phone_of_sunita: Page, desk_of_sunita: Page, site: Served
):
    own = begin(phone_of_sunita, place_text="Begun in the lane", vehicle_registration="GK12 ABC")
    until(lambda: kept_on_server(site, own), 20, "the draft on the server")
    go(desk_of_sunita, "/outbox")
    desk_of_sunita.get_by_role("link", name=re.compile("^Go on with Fly-tipping")).first.click()
    note = desk_of_sunita.get_by_role("alert")
    expect(note).to_contain_text("You began this on another device")
    place = desk_of_sunita.locator("#capture [name=place_text]")
    expect(place).to_have_value("Begun in the lane")
    expect(desk_of_sunita.locator("#capture [name=vehicle_registration]")).to_have_value("")
    assert desk_of_sunita.locator("#capture [name=capture_id]").input_value() == own
    desk_of_sunita.evaluate("() => { location.hash = 'check'; }")
    desk_of_sunita.get_by_role("button", name="Send report").click()
    expect(desk_of_sunita.get_by_role("heading", name="Report sent. Thank you.")).to_be_visible()
    assert kept_on_server(site, own) is None


def test_the_phone_and_the_desk_meet_on_the_compare_page_and_a_person_chooses(
    phone_of_sunita: Page, desk_of_sunita: Page, site: Served, watch: Watch
):
    watch.allowed_statuses = {409, 422}
    own = begin(phone_of_sunita, place_text="As the phone has it")
    until(lambda: kept_on_server(site, own), 20, "the draft on the server")
    go(desk_of_sunita, f"/fly-tipping/new?draft={own}#check")
    expect(desk_of_sunita.locator("form.is-ready")).to_be_visible()
    desk_of_sunita.evaluate(FILL, {"place_text": "As the desk has it"})
    desk_of_sunita.get_by_role("button", name="Send report").click()
    expect(desk_of_sunita.get_by_role("heading", name="Report sent. Thank you.")).to_be_visible()
    phone_of_sunita.get_by_role("button", name="Send report").click()
    expect(phone_of_sunita.get_by_role("heading", name="Saved on this phone")).to_be_visible()
    go(phone_of_sunita, "/outbox")
    expect(phone_of_sunita.get_by_role("heading", name="Needs you")).to_be_visible()
    phone_of_sunita.get_by_role("link", name=re.compile("^Compare")).click()
    expect(phone_of_sunita.get_by_text("As the phone has it")).to_be_visible()
    expect(phone_of_sunita.get_by_text("As the desk has it")).to_be_visible()
    phone_of_sunita.get_by_role("button", name=re.compile("^Use this version")).click()
    expect(phone_of_sunita).to_have_url(re.compile(r"/track/[\w-]+$"))
    go(phone_of_sunita, "/outbox")
    expect(phone_of_sunita.get_by_role("heading", name="Nothing is waiting to be sent")).to_be_visible()
    with closing(sqlite3.connect(site.folder / "wardbook.sqlite", timeout=20)) as database:
        words = database.execute(
            "SELECT place_text FROM record WHERE id = ?", (own.replace("-", ""),)
        ).fetchall()
    assert words == [("As the phone has it",)]


def test_a_draft_that_another_device_changed_later_is_asked_about(
    phone_of_sunita: Page, desk_of_sunita: Page, site: Served, watch: Watch
):
    own = begin(phone_of_sunita, place_text="First words")
    first = until(lambda: kept_on_server(site, own), 20, "the draft on the server")
    go(phone_of_sunita, "about:blank")
    go(desk_of_sunita, f"/fly-tipping/new?draft={own}#check")
    expect(desk_of_sunita.locator("form.is-ready")).to_be_visible()
    desk_of_sunita.evaluate(FILL, {"place_text": "Later words"})
    until(lambda: kept_on_server(site, own) != first, 20, "the desk's version on the server")
    go(phone_of_sunita, CHECK)
    expect(phone_of_sunita.get_by_role("alert")).to_contain_text("You changed this on another device")
    place = phone_of_sunita.locator("#capture [name=place_text]")
    expect(place).to_have_value("First words")
    phone_of_sunita.get_by_role("button", name="Use the other version").click()
    expect(place).to_have_value("Later words")


def test_starting_again_forgets_the_server_s_copy_too(phone_of_sunita: Page, site: Served):
    own = begin(phone_of_sunita, place_text="Thrown away")
    until(lambda: kept_on_server(site, own), 20, "the draft on the server")
    go(phone_of_sunita, "about:blank")
    go(phone_of_sunita, "/fly-tipping/new")
    again = phone_of_sunita.get_by_role("button", name="Start again with an empty form")
    again.click()
    until(lambda: kept_on_server(site, own) is None, 20, "the server's copy to be forgotten")
    # A page that is closed while it leaves for the next one may never tell the browser that it is closed.
    expect(again).to_have_count(0)
    expect(phone_of_sunita.locator("form.is-ready")).to_be_visible()
