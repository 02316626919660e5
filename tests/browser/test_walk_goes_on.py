"""A walk that lasts: its page is left open, opened again, planned elsewhere, ended, and walked by somebody else."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenContext
from tests.browser.going import go
from tests.browser.people import sign_in
from tests.browser.server import Served, until
from tests.browser.test_walk import WARD, all_sent, asked, id_of, signal_is_back, without_signal
from tests.browser.test_walk_mishaps import FULL, ROOM_AGAIN
from tests.browser.walks import ALL_OF_A_STORE, Walk, rename_at_a_desk

# What a day does to a walk that was sent: a line of it stays, as in `sent-copies.js`.
A_DAY_LATER = """async (id) => {
  const open = indexedDB.open('wardbook');
  const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const change = database.transaction('captures', 'readwrite');
  const store = change.objectStore('captures');
  const asked = store.get(id);
  asked.onsuccess = () => {
    const { owner, kind, title, state, sent_at, receipt, photo_ids, changed_at } = asked.result;
    store.put({ id, owner, kind, title, state, sent_at, receipt, photo_ids, changed_at, is_light: true });
  };
  await new Promise((done) => (change.oncomplete = done));
  database.close();
}"""
STATUS = "SELECT status FROM record WHERE id = ?"
CANNOT_KEEP = "This phone cannot keep what you changed."


def knows_a_walk_before(page: Page) -> bool:
    """Return whether the phone has fetched a walk that was walked before."""
    notes = page.evaluate(ALL_OF_A_STORE, "notes")
    return any(isinstance(one, dict) and one.get("content", {}).get("before") for one in notes)


def is_now(site: Served, walk: Walk, status: str) -> None:
    """Wait until the server has the walk in this state."""
    own = id_of(walk)
    until(lambda: asked(site, STATUS, own) == [(status,)], 20, f"the walk to be {status}")


def record_the_way(walk: Walk) -> None:
    """Start to record the way, and wait for its first point."""
    walk.tab("Map").page.get_by_role("button", name="Record the way we go").click()
    expect(walk.page.get_by_text("1 point on this phone, not sent.")).to_be_visible()


def test_a_page_that_was_left_open_for_a_day_keeps_what_comes_next(warden: Walk, site: Served):
    warden.plan(WARD, "Planned on Monday").arrived()
    own = re.search(r"id=([0-9a-f-]{36})", warden.page.url)[1]  # type: ignore[index]
    warden.page.evaluate(A_DAY_LATER, own)
    warden.begin()
    is_now(site, warden, "walking")
    warden.end()
    is_now(site, warden, "walked")


def test_a_walk_that_is_being_planned_in_one_tab_is_not_taken_from_it_by_another(warden: Walk):
    page = warden.page
    go(page, "/eva/new")
    page.get_by_label("Which ward?").select_option(WARD)
    page.get_by_label("What is this walk called?").fill("Half a plan")
    expect(page.get_by_text("Kept on this device until you send it")).to_be_visible()
    other = page.context.new_page()
    other.goto("/eva/walk")
    other.get_by_role("link", name="Half a plan").click()
    expect(other.get_by_text("That walk is being planned in another tab.", exact=False)).to_be_visible()
    page.get_by_label("Why this walk?").select_option("Priority ward programme")
    page.get_by_label("What is this walk called?").fill("A whole plan")
    page.get_by_role("button", name="Save this walk").click()
    expect(page.get_by_role("heading", name="A whole plan")).to_be_visible()


def test_a_full_phone_is_asked_again_and_the_recorded_way_waits_for_it(warden: Walk, site: Served):
    page = warden.plan(WARD, "Full meanwhile").begin().page
    is_now(site, warden, "walking")
    warden.arrived()
    record_the_way(warden)
    page.evaluate(FULL)
    warden.end()
    expect(page.get_by_text(CANNOT_KEEP, exact=False)).to_be_visible()
    page.get_by_role("button", name="Send the recorded way too").click()
    expect(page.get_by_role("button", name="Send the recorded way too")).to_be_visible()
    warden.tab("Map")
    expect(page.get_by_text("1 point on this phone, not sent.")).to_be_visible()
    page.evaluate(ROOM_AGAIN)
    # Its person comes back from where they made room.
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text(CANNOT_KEEP, exact=False)).to_be_hidden()
    is_now(site, warden, "walked")


def test_an_end_still_offers_its_rest_after_a_reload_and_follows_nobody_home(warden: Walk):
    page = warden.plan(WARD, "Ended").begin().page
    record_the_way(warden)
    warden.end()
    page.reload()
    warden.tab("More")
    expect(page.get_by_role("heading", name="The walk has ended")).to_be_visible()
    expect(page.get_by_role("button", name="Send the recorded way too")).to_be_visible()
    page.get_by_role("button", name="Yes, nothing was found").click()
    expect(page.get_by_role("button", name="Yes, nothing was found")).to_be_hidden()
    warden.tab("Map")
    expect(page.get_by_role("button", name="Stop recording the way")).to_be_hidden()


def test_whoever_signs_in_next_does_not_see_which_way_another_went(warden: Walk, site: Served):
    # In a session of its own, because it is signed out of: the other tests share theirs.
    warden.page.context.clear_cookies()
    sign_in(warden.page, "sunita")
    page = warden.plan(WARD, "For anybody").begin().page
    is_now(site, warden, "walking")
    warden.arrived()
    record_the_way(warden)
    address = page.url
    page.goto("/outbox")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_hidden()
    sign_in(page, "owen")
    go(page, "/eva/walk")
    page.get_by_role("link", name="For anybody").click()
    expect(page).to_have_url(address)
    Walk(page).tab("Map")
    expect(page.get_by_text("Off. It stays on this phone until you send it.")).to_be_visible()


def test_a_walk_whose_plan_was_changed_at_a_desk_is_walked_by_the_new_plan(
    warden: Walk, open_context: OpenContext, site: Served
):
    page = warden.plan(WARD, "The old plan").arrived().page
    page.get_by_role("tab", name="More").click()
    reference = asked(site, "SELECT reference FROM record WHERE id = ?", id_of(warden))[0][0]
    desk = open_context(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(desk, "owen")
    rename_at_a_desk(desk, reference, "The new plan")
    page.reload()
    expect(page.get_by_role("heading", name="The new plan")).to_be_visible()
    warden.begin()
    is_now(site, warden, "walking")


def test_the_walk_before_stands_on_the_page_of_the_walk(warden: Walk, site: Served):
    page = warden.plan(WARD, "The first").begin().end().page
    is_now(site, warden, "walked")
    go(page, "/eva/walk")
    until(lambda: knows_a_walk_before(page), 20, "the phone to know of the walk before")
    warden.plan(WARD, "The second").tab("More")
    page.get_by_role("button", name="The walk", exact=True).click()
    page.get_by_role("button", name="Compare with this one").click()
    expect(page.get_by_role("heading", name="The walk before: ", exact=False)).to_be_focused()
    expect(page.get_by_label("Reference of the walk before")).to_have_value(re.compile("^EVA-"))


def test_a_list_that_changes_leaves_the_focus_where_it_is(warden: Walk):
    warden.plan(WARD, "At the keyboard").begin()
    without_signal(warden)
    for category in ("Litter", "Graffiti"):
        warden.add().what(category).how_bad("B").save()
    line = warden.items().last.get_by_role("button")
    expect(line).to_have_text("1. Litter")
    line.focus()
    signal_is_back(warden)
    all_sent(warden, 2)
    expect(warden.items().last).to_contain_text("Sent")
    expect(line).to_be_focused()
