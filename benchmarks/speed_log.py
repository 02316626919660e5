"""A session of 200 vehicles: saving one on a slow phone, and sending all of them at once."""

import json
import time
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks._bounds import Figures
from benchmarks._served import product
from benchmarks.walk import p95
from tests.browser.chromium import chromium_options
from tests.browser.conftest import PHONE
from tests.browser.going import say_online
from tests.browser.people import sign_in
from tests.browser.server import Served
from tests.browser.speeds import Made, Speeds, make_scheme

ROWS, MEASURED, THROTTLE = 200, 40, 6
# Faster than any thumb, and more vehicles than any road has.
TAP_MS, PAUSE_MS = 80, 1500
SAVE_P95_MS, DRAIN_S = 100, 3
# Types a vehicle, then measures from the press on Save until its row is on the disk and said aloud.
SAVE = """async ([first, count, between, pause]) => {
  const [screen, aloud] = ['.wb-log', '[data-log="aloud"]'].map((one) => document.querySelector(one));
  const tap = (name) => screen.querySelector(name).click();
  const times = [];
  for (let number = first; number < first + count; number += 1) {
    const letters = 'ABCDEFGHJKLMNOPRSTUV';
    const plate = `GK${20 + (number % 7)}${letters[number % 20]}${letters[Math.floor(number / 20) % 20]}X`;
    for (const key of `${36 + (number % 24)}${plate}`) {
      tap(`[data-key="${key}"]`);
      await new Promise((done) => setTimeout(done, between));
    }
    tap('.wb-log__tiles [data-colour="blue"]');
    tap('.wb-log__tiles [data-make="ford"]');
    aloud.textContent = '';
    const said = new Promise((done) => {
      const look = new MutationObserver(() => aloud.textContent && (look.disconnect(), done()));
      look.observe(aloud, { childList: true });
    });
    const began = performance.now();
    tap('[data-do="save"]');
    await said;
    times.push(performance.now() - began);
    await new Promise((done) => setTimeout(done, pause));
  }
  return times;
}"""
BARE_SAVE = """async (count) => {
  const open = indexedDB.open('bare');
  open.onupgradeneeded = () => ['captures', 'notes'].forEach((name) => open.result.createObjectStore(name));
  const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const times = [];
  for (let number = 0; number < count; number += 1) {
    const began = performance.now();
    const change = database.transaction(['captures', 'notes'], 'readwrite', { durability: 'strict' });
    change.objectStore('captures').put({ words: 'x'.repeat(1200) }, number);
    change.objectStore('notes').put({ words: 'x'.repeat(600) }, 'note');
    await new Promise((done) => (change.oncomplete = done));
    times.push(performance.now() - began);
  }
  return times;
}"""
# The same requests from a page that keeps nothing: what the server alone takes.
BARE_SEND = """async (bodies) => {
  const { csrf_token: token } = await (await fetch('/session')).json();
  const began = performance.now();
  for (const body of bodies) {
    const reply = await fetch('/captures/batch', {
      method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token }, body,
    });
    const rows = await reply.json();
    if (reply.status !== 207 || rows.some(({ status }) => status !== 201)) throw new Error(JSON.stringify(rows[0]));
  }
  return (performance.now() - began) / 1000;
}"""


def at_the_roadside(chromium: Browser, served: Served, made: Made) -> Speeds:
    """Return a volunteer's phone with a session under way, and no signal any more."""
    page = chromium.new_context(base_url=served.url, **PHONE).new_page()
    sign_in(page, "vic")
    return Speeds(page).ready_for_no_signal().offline().begin(made)


def saving(phone: Speeds, figures: Figures) -> None:
    """How long a volunteer waits after Save once 200 vehicles are in the session, on a slow phone."""
    page = phone.page
    page.evaluate(SAVE, [0, ROWS, 0, 0])
    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    times = [float(took) for took in page.evaluate(SAVE, [ROWS, MEASURED, TAP_MS, PAUSE_MS])]
    bare = [float(took) for took in page.evaluate(BARE_SAVE, MEASURED)]
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    figures.at_most(
        f"a row is saved with {ROWS} in the session, {THROTTLE}x slower, p95", p95(times), SAVE_P95_MS, " ms"
    )
    figures.tell("half of them are saved within", f"{sorted(times)[len(times) // 2]:.0f} ms")
    figures.tell("ratio to one strict write of a row", f"{p95(times) / p95(bare):.1f} of {p95(bare):.0f} ms")


def draining(phone: Speeds, figures: Figures) -> None:
    """How long it takes until all of a session is at the server."""
    page = phone.page
    waiting = int(page.evaluate("() => document.documentElement.dataset.waiting"))
    page.context.set_offline(False)
    began = time.monotonic()
    say_online(page)
    page.wait_for_function(
        "() => document.documentElement.dataset.waiting === '0'", timeout=120_000, polling=20
    )
    took = time.monotonic() - began
    bare = float(page.evaluate(BARE_SEND, bodies(phone, waiting)))
    each = ROWS / waiting
    figures.at_most(f"{ROWS} rows are sent, of {waiting}", took * each, DRAIN_S, " s")
    figures.tell("ratio to the same requests without a phone", f"{took / bare:.1f} of {bare:.1f} s")


def bodies(phone: Speeds, count: int) -> list[str]:
    """Return requests that say as much as the phone sent, of new vehicles in the same session."""
    rows = [_row(phone.id, number) for number in range(count)]
    return [json.dumps(rows[first : first + 100]) for first in range(0, count, 100)]


def _row(session: str, number: int) -> dict[str, Any]:
    plate = f"LB{20 + number % 7}{chr(65 + number % 8)}{chr(65 + number // 40)}X"
    return {
        "id": f"00000000-0000-4000-8000-{number:012x}",
        "kind": "speed_reading",
        "form_version": 1,
        "rev": 1,
        "base_rev": None,
        "captured_at": "2026-11-22T10:31:00.000Z",
        "sent_at": "2026-11-22T12:00:00Z",
        "answers": {
            "number": [str(number)],
            "speed": [str(36 + number % 24)],
            "vehicle": ["car"],
            "direction": ["north"],
            "colour": ["blue"],
            "make": ["ford"],
            "plate": [plate],
            "confidence": ["certain"],
        },
        "photos": [],
        "parent": session,
    }


def main() -> None:
    """Measure and judge."""
    figures = Figures()
    with product() as served, sync_playwright() as running:
        made = make_scheme(served.folder)
        chromium = running.chromium.launch(**chromium_options())
        phone = at_the_roadside(chromium, served, made)
        saving(phone, figures)
        draining(phone, figures)
        chromium.close()
    figures.close()


if __name__ == "__main__":
    main()
