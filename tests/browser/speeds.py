"""A volunteer's phone at the roadside: the log of speed-watch as its person uses it, and its scheme at the server."""

import json
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from tests.browser.going import go, say_online
from tests.browser.server import until
from webapp import create_app
from webapp.extensions import clock, db
from webapp.models.account import User
from webapp.models.speed_scheme import SpeedDevice, SpeedScheme, SpeedVolunteer
from webapp.models.speed_site import SpeedSite
from webapp.models.speed_watch import SpeedSession
from webapp.rules.clock import local_date
from webapp.services.transaction import one_commit

OTFORD = {"latitude": 51.3126, "longitude": 0.1917}
YEAR = timedelta(days=365)
SPEED_IS_KEPT = """async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith('wardbook-speed-') && (await (await caches.open(name)).match('/speed-watch/log'))) return true;
  }
  return false;
}"""
# Everything in the phone's store, as text: each store, each key, each value.
WHOLE_STORE = """async () => {
  const open = indexedDB.open('wardbook');
  const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const all = {};
  for (const name of database.objectStoreNames) {
    const store = database.transaction(name).objectStore(name);
    const ask = (what) => new Promise((done) => {
      const asked = store[what]();
      asked.onsuccess = () => done(asked.result);
    });
    all[name] = { keys: await ask('getAllKeys'), values: await ask('getAll') };
  }
  database.close();
  const storages = [localStorage, sessionStorage].map((one) => ({ ...one }));
  return JSON.stringify([all, storages]);
}"""
NOTHING_WAITS = """async () => {
  const open = indexedDB.open('wardbook');
  const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const asked = database.transaction('captures').objectStore('captures').getAll();
  const all = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  database.close();
  return all.every(({ state }) => state === 'complete');
}"""


@dataclass(frozen=True)
class Made:
    """What a scheme has at the server, by the names that stand on its pages."""

    scheme_id: int
    site: str = "Otford High Street"
    code: str = "SW901"
    suspended: str = "Pilgrims Way"
    device: str = "Unipar SL700"


def make_scheme(folder: Path, name: str = "Otford", code: str = "SW901") -> Made:
    """Make a scheme in a served instance: Vic and Carol with accounts, Ann trained, Ned not, two sites and devices."""
    app = create_app({}, folder)
    with app.app_context():
        today = local_date(clock.now())
        users = {
            one: db.session.scalar(select(User.id).where(User.email == f"{one.lower()}@demo.example"))
            for one in ("Vic", "Carol")
        }
        with one_commit() as session:
            scheme = SpeedScheme(name=name, parish=name, made_at=clock.now())
            session.add(scheme)
            session.flush()
            session.add_all(
                [
                    _site(code, f"{name} High Street", "approved", today),
                    _site(f"{code}X", "Pilgrims Way", "suspended", today),
                    SpeedDevice(
                        scheme_id=scheme.id,
                        type="unipar_sl700",
                        serial="SL-1",
                        calibrated_on=today - YEAR / 2,
                        calibration_due_on=today + YEAR / 2,
                    ),
                    SpeedDevice(
                        scheme_id=scheme.id,
                        type="unipar_genesis",
                        serial="UG-2",
                        calibrated_on=today - 2 * YEAR,
                        calibration_due_on=today - YEAR,
                    ),
                    *(
                        SpeedVolunteer(
                            scheme_id=scheme.id,
                            user_id=users.get(one),
                            name=one,
                            is_over_18=True,
                            training_type=None if one == "Ned" else "safety_awareness",
                            trained_on=None if one == "Ned" else today - YEAR / 2,
                            refresher_due_on=None if one == "Ned" else today + YEAR / 2,
                            is_insured=True,
                        )
                        for one in ("Vic", "Carol", "Ann", "Ned")
                    ),
                ]
            )
            made = Made(scheme.id, f"{name} High Street", code)
        db.engine.dispose()
    return made


def _site(code: str, name: str, status: str, today: Any) -> SpeedSite:
    return SpeedSite(
        id=uuid4(),
        code=code,
        name=name,
        road="A225",
        parish="Otford",
        status=status,
        limit_mph=30,
        directions="north south",
        location_source="map",
        **OTFORD,
        ward_code="E05005027",
        assessment_reference="KP/14",
        assessor="PC Hill",
        assessed_on=today - YEAR / 2,
        review_due_on=today + YEAR,
        approved_on=today - YEAR / 2,
        asked_at=clock.now(),
    )


class Speeds:
    """The log of speed-watch on one phone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def ready_for_no_signal(self) -> "Speeds":
        """Open the page with a connection, and wait until the phone has all that a session needs."""
        go(self.page, "/speed-watch/log")
        until(lambda: self.page.evaluate(SPEED_IS_KEPT), 45, "the phone to have the pages")
        expect(self.page.locator("[data-start='pack-words']")).to_contain_text("Good until")
        return self

    def offline(self) -> "Speeds":
        """Drive out of the signal."""
        self.page.context.set_offline(True)
        return self

    def online(self) -> "Speeds":
        """Come back into the signal, as the browser tells the page."""
        self.page.context.set_offline(False)
        say_online(self.page)
        return self

    def start_page(self) -> "Speeds":
        """Open the page on which a session begins."""
        go(self.page, "/speed-watch/log")
        return self

    def site(self, name: str) -> "Speeds":
        """Choose a site, behind the others where it may not be watched."""
        expect(self.page.locator("[data-start='pack-words']")).to_contain_text("Good until")
        others = self.page.locator("[data-start='others']")
        place = self.page.locator(".wb-speed__sites").get_by_label(name, exact=False)
        if not place.is_visible() and others.is_visible():
            others.locator("summary").click()
        place.check()
        return self

    def direction(self, name: str) -> "Speeds":
        """Choose which way is watched."""
        self.page.locator("[data-start='directions']").get_by_label(name, exact=True).check()
        return self

    def device(self, name: str) -> "Speeds":
        """Choose the device."""
        self.page.locator("[data-start='devices']").get_by_label(name, exact=False).check()
        return self

    def crew(self, **roles: str) -> "Speeds":
        """Choose who is here, and what each does: `crew(Vic="Recorder", Ann="")`."""
        for name, role in roles.items():
            self.page.locator("[data-start='crew']").get_by_label(name).first.check()
            if role:
                self.page.get_by_label(f"What {name} does").select_option(role)
        return self

    def ticks(self) -> "Speeds":
        """Tick all that is to be safe."""
        for box in self.page.locator("[data-start='begin-form'] [name=safety]").all():
            box.check()
        return self

    def all_speeds(self) -> "Speeds":
        """Say that every vehicle is logged."""
        self.page.get_by_label("Every vehicle’s speed").check()
        return self

    def in_the_dark(self, reason: str = "Lit by street lamps") -> "Speeds":
        """Say why it is held now, where the phone asks."""
        box = self.page.get_by_label("Why do you watch outside daylight?")
        if box.is_visible():
            box.fill(reason)
        return self

    def press_begin(self) -> "Speeds":
        """Press the button, whatever comes of it."""
        self.page.get_by_role("button", name="Begin the session").click()
        return self

    def filled(self, made: Made) -> "Speeds":
        """Fill in a start that nothing speaks against."""
        self.site(made.site).direction("Northbound").device(made.device)
        return self.crew(Vic="Recorder", Ann="Device operator").ticks().in_the_dark()

    def begin(self, made: Made) -> "Speeds":
        """Begin a session, and put its code away."""
        self.start_page().filled(made).press_begin()
        expect(self.sheet("menu")).to_be_visible()
        return self.close_sheet()

    def refusals(self) -> list[str]:
        """The reasons why it may not begin."""
        box = self.page.locator("[data-start='problems']")
        expect(box).to_be_visible()
        return box.locator("li").all_inner_texts()

    def sheet(self, name: str) -> Locator:
        """What opens over the screen."""
        return self.page.locator(f"[data-sheet='{name}']")

    def close_sheet(self) -> "Speeds":
        """Close what is open over the screen."""
        self.page.locator("dialog[open] .wb-sheet__close").click()
        return self

    def code(self) -> str:
        """The four letters for a second phone."""
        self.tap("menu")
        letters = self.page.locator("[data-log='code']").inner_text()
        self.close_sheet()
        return letters

    def join(self, made: Made, code: str) -> "Speeds":
        """Take part in a session of another phone by its letters."""
        self.start_page()
        self.page.get_by_text("Join a session that another phone began").click()
        self.page.locator("#join-site").select_option(made.code)
        self.page.get_by_label("Four letters").fill(code)
        self.page.get_by_role("button", name="Join", exact=True).click()
        expect(self.page.locator(".wb-log")).to_be_visible()
        return self

    @property
    def id(self) -> str:
        """The session's id."""
        return self.page.url.split("id=")[1].split("&")[0]

    def press(self, keys: str) -> "Speeds":
        """Tap these keys of the keypad, one after the other."""
        for key in keys:
            self.page.locator(f"[data-key='{key}']").click()
        return self

    def key(self, name: str) -> "Speeds":
        """Tap one key by its name: back, part, unsure, to-speed, to-plate."""
        self.page.locator(f"[data-key='{name}']").click()
        return self

    def tap(self, name: str) -> "Speeds":
        """Tap another button: save, undo, rows, plus, minus, menu, types, direction, colours, makes, other."""
        self.page.locator(f"[data-do='{name}']").click()
        return self

    def colour(self, value: str) -> "Speeds":
        """Tap a colour's tile."""
        self.page.locator(f".wb-log__tiles [data-colour='{value}']").click()
        return self

    def make(self, value: str) -> "Speeds":
        """Tap a make's tile."""
        self.page.locator(f".wb-log__tiles [data-make='{value}']").click()
        return self

    def vehicle(self, speed: int, plate: str = "", colour: str = "", make: str = "") -> "Speeds":
        """Log one vehicle, and wait until it is kept."""
        self.press(f"{speed}{plate}")
        if colour:
            self.colour(colour)
        if make:
            self.make(make)
        return self.save(speed)

    def save(self, speed: int) -> "Speeds":
        """Save what is typed, and wait until the phone says so."""
        self.page.evaluate("() => (document.querySelector('[data-log=aloud]').textContent = '')")
        self.tap("save")
        expect(self.aloud()).to_have_text(f"Saved: {speed} miles per hour")
        return self

    def aloud(self) -> Locator:
        """What a screen reader is told."""
        return self.page.locator("[data-log='aloud']")

    def says(self) -> Locator:
        """What the screen says for a moment."""
        return self.page.locator("[data-log='say']")

    def rows(self) -> Locator:
        """The last five vehicles, newest first."""
        return self.page.locator(".wb-log__row")

    def counted(self) -> Locator:
        """What the counter of all traffic shows."""
        return self.page.locator("[data-log='counted']")

    def end(self, **answers: str) -> "Speeds":
        """End the session; answers by the names of the boxes."""
        self.tap("menu")
        self.page.get_by_role("button", name="End the session").last.click()
        form = self.page.locator("[data-speed='end']")
        expect(form).to_be_visible()
        # An end that stands as it is, is the moment at which its page opened.
        for name, value in answers.items():
            form.locator(f"[name={name}]").fill(value)
        form.get_by_role("button", name="End the session").click()
        expect(self.page.get_by_role("heading", name="Thank you")).to_be_visible()
        return self

    def figure(self, name: str) -> str:
        """One figure of the thanks."""
        row = self.page.locator(".wb-speed .govuk-summary-list__row").filter(
            has=self.page.get_by_text(name, exact=True)
        )
        return row.locator("dd").inner_text()

    def arrived(self) -> "Speeds":
        """Wait until the phone has heard that all of it has arrived."""
        until(lambda: self.page.evaluate(NOTHING_WAITS), 60, "all of it to arrive")
        return self

    def whole_store(self) -> str:
        """Everything that the phone keeps, as text."""
        return str(self.page.evaluate(WHOLE_STORE))


def readings_at(folder: Path, session_id: str) -> list[tuple[int, int, str | None]]:
    """Return number, speed and plate of each vehicle of a session at the server, without those taken out again."""
    from webapp.models.speed_reading import SpeedReading
    from webapp.services import plates

    app = create_app({}, folder)
    with app.app_context(), closing(db.session):
        own = SpeedReading.session_id == UUID(session_id)
        found = db.session.scalars(select(SpeedReading).where(own, SpeedReading.removed_at.is_(None))).all()
        read = [(one.number, one.speed_mph, plates.opened(one)) for one in found]
        db.engine.dispose()
    return sorted(read, key=lambda one: (one[0], one[1]))


def readings_of(phone: Speeds) -> list[dict[str, Any]]:
    """The vehicles in the phone's store."""
    captures = json.loads(phone.whole_store())[0]["captures"]["values"]
    return [one for one in captures if one["kind"] == "speed_reading"]


def session_at(folder: Path, session_id: str) -> tuple[str, int | None, bool]:
    """Return what was said of a session's incidents and count at the server, and whether it has ended there."""
    app = create_app({}, folder)
    with app.app_context(), closing(db.session):
        one = db.session.get_one(SpeedSession, UUID(session_id))
        found = (one.incidents, one.total_counted, one.ended_at is not None)
        db.engine.dispose()
    return found
