"""Somebody in the field with a phone, a bad network between the phone and the server, and what must hold afterwards."""

import hashlib
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import BrowserContext, Page, expect
from playwright.sync_api import Error as PageError

from tests import pictures
from tests.browser.fault_proxy import FaultProxy
from tests.browser.going import go, is_leaving, say_online
from tests.browser.people import give_password
from tests.browser.server import Served, until

WORDS = "Lay-by opposite the field gate"
CAPTURE = r"/captures/[0-9a-f-]{36}$"
PHOTO = r"/captures/[0-9a-f-]{36}/photos/"
SESSION = r"/session$"
ANSWERS = {"place_text": WORDS, "main_waste": "tyres", "land_type": "highway"}
SAVED, SENT = "Saved on this phone", "Report sent. Thank you."
WAITING = ("queued", "sending", "received", "parked")
# How long a test waits for a page before it calls it a fault: a busy machine is none, so it is long.
PATIENCE_MS = 45_000

# Reads the phone's own store from outside the product's code.
DUMP = """async () => {
  const open = indexedDB.open('wardbook');
  const database = await new Promise((done, fail) => {
    open.onsuccess = () => done(open.result);
    open.onerror = fail;
  });
  const ask = (store, what) => new Promise((done) => {
    const asked = database.transaction(store).objectStore(store)[what]();
    asked.onsuccess = () => done(asked.result);
  });
  const hex = async (bytes) => {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  };
  const photos = [];
  for (const { id, bytes } of await ask('photos', 'getAll')) photos.push({ id, sha256: await hex(bytes) });
  const captures = await ask('captures', 'getAll');
  const notes = await ask('notes', 'getAllKeys');
  database.close();
  return { captures, photos, notes };
}"""
FILL = """(answers) => {
  const form = document.querySelector('#capture');
  for (const [name, value] of Object.entries(answers)) {
    const control = form.elements[name];
    if (control instanceof RadioNodeList) [...control].find((one) => one.value === value).click();
    else { control.value = value; control.dispatchEvent(new Event('input', { bubbles: true })); }
  }
}"""


@dataclass
class Shelf:
    """What is on the phone: captures by id, the SHA-256 of each photo's bytes by id, the names of what is noted."""

    captures: dict[str, dict[str, Any]]
    photos: dict[str, str]
    notes: list[str]

    def packs(self) -> list[str]:
        """Return the names of what was fetched for work without a connection."""
        return [name for name in self.notes if name.startswith("pack:")]

    def waiting(self) -> list[dict[str, Any]]:
        """Return what has been saved and is not known to be sent."""
        return [one for one in self.captures.values() if one["state"] in WAITING]


@dataclass
class Field:
    """A phone behind a fault proxy. `ids` are the captures that its person was told are saved."""

    served: Served
    proxy: FaultProxy
    context: BrowserContext
    folder: Path
    ids: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    page: Page = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()

    def picture(self, size: tuple[int, int] = (640, 480), name: str = "") -> Path:
        """Return a photo that no other test has."""
        self.count += 1
        path = self.folder / (name or f"IMG_{self.count}.jpg")
        path.parent.mkdir(parents=True, exist_ok=True)
        image = pictures.picture(size)
        image.putpixel((self.count % size[0], 1), (200, self.count % 250, 30))
        path.write_bytes(pictures.saved(image, "JPEG"))
        return path

    def fill(self, *photos: Path, page: Page | None = None, **answers: str) -> str:
        """Fill in a report on the check screen, wait until the phone has kept it, and return its id."""
        page = page or self.page
        # From elsewhere: to the same address the browser would only change the screen.
        go(page, "about:blank")
        go(page, "/fly-tipping/new#check")
        expect(page.locator("form.is-ready")).to_be_visible()
        page.evaluate(FILL, {**ANSWERS, **answers})
        if photos:
            page.locator("#capture input[type=file]").set_input_files([str(path) for path in photos])
            expect(page.locator(".wb-picker__item")).to_have_count(len(photos))
        expect(page.locator(".wb-kept")).to_be_attached()
        page.wait_for_function("() => !document.querySelector('.wb-kept').hidden")
        return page.locator("#capture [name=capture_id]").input_value()

    def press_send(self, page: Page | None = None) -> str:
        """Press “Send report”, and return the report's id: from now on it must not be lost."""
        page = page or self.page
        own = page.locator("#capture [name=capture_id]").input_value()
        self.ids.add(own)
        page.get_by_role("button", name="Send report").click()
        return own

    def send(self, *photos: Path, **answers: str) -> str:
        """Fill in a report, send it, and return its id."""
        self.fill(*photos, **answers)
        return self.press_send()

    def is_saved(self) -> None:
        """Expect to be told that it is safe on this phone and goes by itself."""
        expect(self.page.get_by_role("heading", name=SAVED)).to_be_visible()

    def is_sent(self) -> None:
        """Expect the confirmation, wherever it comes."""
        expect(self.page.get_by_role("heading", name=SENT)).to_be_visible()

    def is_saved_or_sent(self) -> None:
        """Expect to be told either; a second try may have come first."""
        told = self.page.get_by_role("heading", name=re.compile(f"{SAVED}|{SENT}"))
        expect(told).to_be_visible()

    def sign_in_to_send(self, name: str) -> None:
        """Follow the outbox to the sign-in page, and wait there until nothing waits any more."""
        self.page.locator(".wb-outbox").get_by_role("link", name="Sign in").click()
        give_password(self.page, name)
        nothing = self.page.get_by_role("heading", name="Nothing is waiting to be sent")
        expect(nothing).to_be_visible()

    def go(self, address: str) -> None:
        """Open an address, also while the page is leaving for a confirmation."""
        go(self.page, address)

    def until_installed(self) -> None:
        """Wait until the phone has Wardbook itself."""
        self.page.wait_for_function("() => navigator.serviceWorker.controller !== null")

    def holds_on_the_way(self) -> Shelf:
        """Check the invariants while the sender is at work, and return what is on the phone.

        The badge follows a moment later than the store, and a page may be leaving.
        """
        return until(self._when_it_stands_still, 30, "the page to stand still")

    def _when_it_stands_still(self) -> Shelf | None:
        try:
            return self.holds()
        except PageError as error:
            if is_leaving(error):
                return None
            raise
        except BadgeIsLate:
            return None

    def back_online(self, page: Page | None = None) -> None:
        """Let the network be well again, as the browser tells the page."""
        self.proxy.clear()
        self.proxy.offline = False
        say_online(page or self.page)

    def shelf(self, page: Page | None = None) -> Shelf:
        """Return what is on the phone now."""
        kept = (page or self.page).evaluate(DUMP)
        return Shelf(
            {one["id"]: one for one in kept["captures"]},
            {one["id"]: one["sha256"] for one in kept["photos"]},
            kept["notes"],
        )

    def state(self, own: str) -> str:
        """Return the state of a capture on the phone."""
        return str(self.shelf().captures[own]["state"])

    def until_state(self, own: str, state: str, within_s: float = 60) -> None:
        """Wait until a capture has come to this state."""
        try:
            until(lambda: self._is_now(own, state), within_s, f"{own} to be {state}")
        except AssertionError as error:
            kept = {name: value for name, value in self.shelf().captures[own].items() if name != "content"}
            raise AssertionError(f"{error} It is {kept}.") from error

    def _is_now(self, own: str, state: str) -> bool:
        try:
            return self.state(own) == state
        except PageError:
            # The page is leaving for the next one.
            return False

    def until_record(self, own: str) -> None:
        """Wait until the server has a record of a capture."""
        until(lambda: own in Desk(self.served.folder).records, 60, f"{own} to be a record")

    def holds(self, page: Page | None = None) -> Shelf:
        """Check the seven invariants of the capture protocol against the phone, the database and the disk."""
        page = page or self.page
        shelf, desk = self.shelf(page), Desk(self.served.folder)
        for own in self.ids - self.gone:
            nothing_is_lost(own, shelf, desk)
        once_each(desk)
        badge_is_right(page, shelf)
        for capture in shelf.captures.values():
            sent_is_sent(capture, desk)
            belongs_to_whom_it_did(capture, desk)
        return shelf

    def everything_arrived(self) -> None:
        """Check that all that was saved is a record with its photos, byte for byte, and the badge is gone."""
        for own in self.ids - self.gone:
            self.until_state(own, "complete")
        until(lambda: self.page.locator("[data-waiting='0']").count() == 1, 30, "the badge to be zero")
        self.holds_on_the_way()
        desk = Desk(self.served.folder)
        assert self.ids - self.gone <= set(desk.records)


class BadgeIsLate(AssertionError):
    """The badge says another number than the store holds: a fault when the page stands still."""


class Desk:
    """What the server has, read from its database file and its disk and not through the product."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with closing(sqlite3.connect(folder / "wardbook.sqlite", timeout=20)) as database:
            self.records = self._ids(database, "SELECT id, reference FROM record")
            self.states = self._ids(database, "SELECT id, state FROM capture")
            self.owners = self._ids(database, "SELECT id, owner_id FROM capture")
            self.words = self._ids(database, "SELECT id, place_text FROM record")
            self.photo_hashes = self._ids(database, "SELECT id, sha256 FROM photo")
            self.photo_captures = self._ids(database, "SELECT id, capture_id FROM photo")
            self.arrived_as = self._ids(database, "SELECT id, arrived_as FROM photo")
            self.awaited = self._ids(database, "SELECT id, capture_id FROM awaited_photo")
            self.versions = database.execute(
                "SELECT capture_id, rev, fingerprint FROM capture_revision"
            ).fetchall()

    @staticmethod
    def _ids(database: sqlite3.Connection, question: str) -> dict[str, Any]:
        return {str(UUID(row[0])): row[1] for row in database.execute(question)}

    def hash_on_disk(self, photo: str) -> str:
        """Return the SHA-256 of a photo's one file. Fails when there is none, or more than one."""
        names = (
            f"media/originals/{photo.replace('-', '')[:2]}/{photo}",
            f"media/arriving/{UUID(self.arrived_as[photo])}",
        )
        # A photo that came once more after a return to a backup has two until the worker has brought them together.
        return until(lambda: self._hash_of_only(names), 20, f"{photo} to be in one file")

    def _hash_of_only(self, names: tuple[str, ...]) -> str | None:
        found = [self.folder / name for name in names if (self.folder / name).exists()]
        try:
            return hashlib.sha256(found[0].read_bytes()).hexdigest() if len(found) == 1 else None
        except FileNotFoundError:
            # The worker gives it its lasting name just now.
            return None

    def photos_of(self, own: str) -> set[str]:
        """Return the photos of a capture that have arrived."""
        return {photo for photo, capture in self.photo_captures.items() if str(UUID(capture)) == own}


def nothing_is_lost(own: str, shelf: Shelf, desk: Desk) -> None:
    """Invariant 1 and 7: what was told to be saved is on the server or still on the phone, with each of its photos."""
    capture = shelf.captures.get(own)
    is_there = own in desk.records
    assert is_there or (capture and capture.get("content") and capture["state"] != "complete"), (
        f"{own} is lost"
    )
    if capture is None or not capture.get("content"):
        return
    for promised in capture["content"]["photos"]:
        on_server = desk.photo_hashes.get(promised["id"]) == promised["sha256"]
        on_phone = shelf.photos.get(promised["id"]) == promised["sha256"]
        assert on_server or on_phone, f"{own} has lost the photo {promised['id']}"


def once_each(desk: Desk) -> None:
    """Invariant 2: one row for each capture and version, one file for each photo, its bytes as they were."""
    assert len(desk.versions) == len(set(desk.versions))
    for photo, said in desk.photo_hashes.items():
        assert desk.hash_on_disk(photo) == said, f"{photo} is not what was sent"


def badge_is_right(page: Page, shelf: Shelf) -> None:
    """Invariant 3: the badge says how many wait, of whoever is here."""
    badge = page.locator(".wb-waiting")
    if not badge.count():
        return
    said = badge.inner_text() if badge.is_visible() else "0"
    number = int(re.search(r"\d+", said)[0])  # type: ignore[index]
    owner = page.evaluate(
        "() => document.documentElement.dataset.user && JSON.parse(document.documentElement.dataset.user)?.id"
    )
    theirs = [one for one in shelf.waiting() if one["owner"] is None or one["owner"] == owner]
    strangers = {one["owner"] for one in shelf.waiting()} - {None, owner}
    if number != len(theirs) and not (strangers and number == len(shelf.waiting())):
        raise BadgeIsLate(f"The badge says {said}, and {len(theirs)} wait.")


def sent_is_sent(capture: dict[str, Any], desk: Desk) -> None:
    """Invariant 4: what the phone calls sent is a record with all its photos."""
    if capture["state"] != "complete":
        return
    assert capture["id"] in desk.records, f"{capture['id']} is shown as sent and is not there"
    assert set(capture["photo_ids"]) <= set(desk.photo_hashes), f"{capture['id']} lacks a photo"


def belongs_to_whom_it_did(capture: dict[str, Any], desk: Desk) -> None:
    """Invariant 6: what somebody captured was sent as theirs."""
    if capture["id"] in desk.owners:
        assert desk.owners[capture["id"]] == capture["owner"], f"{capture['id']} was sent as somebody else"
