"""Somebody signs out while a session goes on: by itself, as it signs out all their browsers."""

import json

from playwright.sync_api import expect

from tests.browser.going import go
from tests.browser.people import sign_in
from tests.browser.server import Served
from tests.browser.speed.conftest import OpenPhone
from tests.browser.speeds import Made, session_at


def test_what_a_session_goes_on_with_is_not_cleared_and_stays_over_a_sign_out(
    open_phone: OpenPhone, made: Made, roadside: Served
):
    phone = open_phone()
    page = phone.begin(made).tap("plus").vehicle(44, "LB64RTY").arrived().page
    own = phone.id
    go(page, "/outbox")
    item = page.locator(f"[data-id='{own}']")
    expect(item).to_be_visible()
    expect(item.get_by_role("button", name="Clear")).to_have_count(0)
    page.get_by_role("button", name="Sign out").first.click()
    expect(page.get_by_text("A speed-watch session goes on.", exact=False)).to_be_visible()
    page.locator(".wb-dialog button[value=yes]").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    captures = json.loads(phone.whole_store())[0]["captures"]["keys"]
    assert own in captures
    # What was asked before the sign-out may be answered for some seconds after it, and brings nobody back.
    page.wait_for_timeout(5500)
    sign_in(page, "vic")
    go(page, f"/speed-watch/log?id={own}")
    phone.tap("plus").end(incidents="Nothing to tell").arrived()
    assert session_at(roadside.folder, own) == ("Nothing to tell", None, True)
