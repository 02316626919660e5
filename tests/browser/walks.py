"""A warden's phone on an audit: the page of the walk, as its person uses it."""

from datetime import datetime

from playwright.sync_api import Locator, Page, expect

from tests.browser.going import go
from tests.browser.server import until
from webapp.rules.clock import LONDON

# In Swanley St Mary's, by the schematic wards and by the real ones.
ST_MARYS = {"latitude": 51.39854, "longitude": 0.16356, "accuracy": 6}
FIELD_IS_KEPT = """async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith('wardbook-field-') && (await (await caches.open(name)).match('/eva/walk'))) return true;
  }
  return false;
}"""
PACK_IS_KEPT = """async () => {
  const open = indexedDB.open('wardbook');
  const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  if (!database.objectStoreNames.contains('notes')) {
    database.close();
    return false;
  }
  const asked = database.transaction('notes').objectStore('notes').getAllKeys();
  const names = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  database.close();
  return names.some((name) => /^pack:\\d+:eva$/.test(name));
}"""
NOTHING_WAITS = """async () => {
  const open = indexedDB.open('wardbook');
  const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const asked = database.transaction('captures').objectStore('captures').getAll();
  const all = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  database.close();
  return all.every(({ state }) => state === 'complete' || state === 'draft');
}"""
ALL_OF_A_STORE = """async (store) => {
  const open = indexedDB.open('wardbook');
  const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const asked = database.transaction(store).objectStore(store).getAll();
  const all = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  database.close();
  return all;
}"""
COUNT_TAPS = """() => {
  window.taps = 0;
  addEventListener('click', ({ isTrusted, detail }) => (window.taps += isTrusted && detail ? 1 : 0), true);
}"""


class Walk:
    """The walk page on one phone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def ready_for_no_signal(self) -> "Walk":
        """Open a page with a connection, and wait until the phone has all that a walk needs."""
        go(self.page, "/eva/walk")
        for kept in (FIELD_IS_KEPT, PACK_IS_KEPT):
            # Asked from here: what waits in the page takes a promise for a yes.
            until(lambda kept=kept: self.page.evaluate(kept), 45, "the phone to have all of it")  # type: ignore[misc]
        return self

    def plan(self, ward: str, title: str) -> "Walk":
        """Save a walk of today and come to its page."""
        go(self.page, "/eva/new")
        today = datetime.now(LONDON).date()
        self.page.get_by_label("Which ward?").select_option(ward)
        self.page.get_by_label("Why this walk?").select_option("Priority ward programme")
        for part, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
            self.page.get_by_label(part, exact=True).fill(str(value))
        self.page.get_by_label("What is this walk called?").fill(title)
        self.page.get_by_role("button", name="Save this walk").click()
        expect(self.page.get_by_role("heading", name=title)).to_be_visible()
        return self

    def begin(self) -> "Walk":
        """Say that the walk begins."""
        self.page.get_by_role("button", name="Begin the walk now").click()
        expect(self.page.get_by_role("button", name="Begin the walk now")).to_be_hidden()
        return self

    def arrived(self) -> "Walk":
        """Wait until the phone has heard that all of it has arrived, the walk's own answers too."""
        until(lambda: self.page.evaluate(NOTHING_WAITS), 30, "all of it to arrive")
        return self

    def tab(self, name: str) -> "Walk":
        """Look at a part of the walk."""
        self.page.get_by_role("tab", name=name).click()
        return self

    def somebody_is_here(self, number: int, who: str, name: str, organisation: str = "") -> "Walk":
        """Write down somebody who came along."""
        self.tab("Who is here")
        row = self.page.get_by_role("group", name=f"Person {number}", exact=True)
        if not row.is_visible():
            self.page.get_by_role("button", name="Add person").click()
        row.get_by_label("Who", exact=False).first.select_option(who)
        row.get_by_label("First name or role").fill(name)
        row.get_by_label("Organisation or shop").fill(organisation)
        row.get_by_label("Here?").select_option("Here")
        return self

    def add(self) -> "Walk":
        """Open the screen of the next observation."""
        self.page.get_by_role("button", name="Add observation").click()
        expect(self.page.get_by_role("heading", name="Observation ", exact=False)).to_be_visible()
        return self

    def photo(self) -> "Walk":
        """Take the photo with the camera in the page, opened first where the phone was not asked yet."""
        shutter = self.page.get_by_role("button", name="Take photo")
        opener = self.page.get_by_role("button", name="Open the camera")
        expect(shutter.or_(opener)).to_be_visible()
        if opener.is_visible():
            opener.click()
        self.page.wait_for_function("() => document.querySelector('.wb-camera__video').videoWidth > 0")
        shutter.click()
        expect(self.page.locator(".wb-picker__item")).to_have_count(1)
        return self

    def what(self, category: str) -> "Walk":
        """Choose the category, behind “All” where it is not among the first."""
        tile = self.page.locator(".wb-tile", has=self.page.get_by_text(category, exact=True))
        if not tile.is_visible():
            self.page.locator(".wb-tile--all").click()
        tile.click()
        return self

    def how_bad(self, mark: str) -> "Walk":
        """Choose the grade or the severity by what stands on it."""
        shown = self.marks().filter(has=self.page.get_by_text(mark, exact=True))
        shown.locator("visible=true").click()
        return self

    def marks(self) -> Locator:
        """All grades and severities that are asked now."""
        return self.page.locator(".wb-grade")

    def save(self) -> "Walk":
        """Save what was seen and come back to the list."""
        self.page.locator("[data-save]").click()
        expect(self.page.get_by_role("button", name="Add observation")).to_be_visible()
        return self

    def items(self) -> Locator:
        """The lines of the list, newest first."""
        return self.page.locator(".wb-walk__item")

    def counts(self) -> tuple[str, str, str]:
        """How many were observed, sent and saved, as the page says."""
        return tuple(
            self.page.locator(f"[data-walk='{name}']").inner_text() for name in ("count", "sent", "saved")
        )  # type: ignore[return-value]

    def end(self) -> "Walk":
        """Say that the walk is over."""
        self.tab("More")
        self.page.get_by_role("button", name="End the walk").click()
        expect(self.page.get_by_role("heading", name="The walk has ended")).to_be_visible()
        return self


def rename_at_a_desk(desk: Page, reference: str, title: str) -> None:
    """Give a walk another name on the page of a desk, where somebody is signed in."""
    go(desk, f"/eva/{reference}/edit")
    desk.get_by_label("What is this walk called?").fill(title)
    desk.get_by_role("button", name="Keep these changes").click()
    expect(desk.get_by_role("heading", name=title)).to_be_visible()
