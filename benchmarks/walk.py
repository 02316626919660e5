"""A walk of 60 observations and 120 photos: saving each on the phone, sending all, and its page at the server."""

import base64
import io
import json
import os
import re
import time
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, Request, sync_playwright

from benchmarks._bounds import Figures
from benchmarks._officer import Officer, in_turns
from benchmarks._served import product
from tests.browser.chromium import chromium_options
from tests.browser.conftest import PHONE
from tests.browser.going import say_online
from tests.browser.people import sign_in
from tests.browser.server import Served, until
from tests.browser.walks import ST_MARYS, Walk

OBSERVATIONS, PHOTOS_EACH = 60, 2
SAVE_P95_MS, PAGE_P95_MS = 100, 300
CATEGORIES = ("litter", "graffiti", "street_light", "overflowing_bin")
# Opens the screen, gives it photos and answers as a thumb would, and measures from the press on Save until the list is back.
SAVE = """async ([photos, category, number]) => {
  const form = document.querySelector('form[data-kind="observation"]');
  const shown = (element, isShown) => new Promise((done) => {
    const look = () => element.hidden !== isShown && done();
    new MutationObserver(look).observe(element, { attributes: true });
    look();
  });
  const until = async (holds) => {
    while (!holds()) await new Promise((done) => setTimeout(done, 10));
  };
  document.querySelector('[data-walk="add"]').click();
  await shown(form, true);
  const transfer = new DataTransfer();
  photos.forEach((base64, index) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    // Behind the end of the picture a decoder looks at nothing: so each photo is another one.
    const own = new TextEncoder().encode(`${number}-${index}`);
    transfer.items.add(new File([bytes, own], `${number}-${index}.jpg`, { type: 'image/jpeg' }));
  });
  const input = form.querySelector('input[type=file]');
  input.files = transfer.files;
  input.dispatchEvent(new Event('change'));
  await until(() => form.querySelectorAll('.wb-picker__item').length === photos.length);
  form.querySelector(`.wb-tile input[value="${category}"]`).click();
  form.querySelector('.wb-grades:not([hidden]) input[value="C"], .wb-severities:not([hidden]) input[value="2"]').click();
  await until(() => !form.querySelector('[data-kept]').hidden);
  const began = performance.now();
  const back = shown(document.querySelector('[data-walk="on"]'), true);
  form.querySelector('[data-save]').click();
  await back;
  const took = performance.now() - began;
  await until(() => document.querySelectorAll('.wb-walk__item').length >= number);
  return took;
}"""
BARE_SAVE = """async ([base64, count]) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
  const open = indexedDB.open('bare');
  open.onupgradeneeded = () => open.result.createObjectStore('photos', { keyPath: 'id' });
  const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const times = [];
  for (let number = 0; number < count; number += 1) {
    const began = performance.now();
    const change = database.transaction('photos', 'readwrite', { durability: 'strict' });
    for (const id of ['one', 'two']) change.objectStore('photos').put({ id: `${number}-${id}`, bytes });
    await new Promise((done) => (change.oncomplete = done));
    times.push(performance.now() - began);
  }
  return times;
}"""


def p95(times: list[float]) -> float:
    """Return what 95% of the times stay within."""
    return sorted(times)[int(len(times) * 0.95)]


def picture() -> str:
    """Return a photo as a phone takes one, in base64."""
    noise = Image.frombytes("RGB", (320, 240), os.urandom(320 * 240 * 3))
    kept = io.BytesIO()
    noise.resize((2048, 1536), Image.Resampling.BICUBIC).save(kept, "JPEG", quality=70)
    return base64.b64encode(kept.getvalue()).decode()


def saving(walk: Walk, figures: Figures, photo: str) -> None:
    """How long a warden waits after pressing Save, without a connection."""
    page = walk.page
    times = [
        float(page.evaluate(SAVE, [[photo] * PHOTOS_EACH, CATEGORIES[number % len(CATEGORIES)], number + 1]))
        for number in range(OBSERVATIONS)
    ]
    bare = [float(took) for took in page.evaluate(BARE_SAVE, [photo, 20])]
    figures.at_most("an observation with two photos is saved, p95", p95(times), SAVE_P95_MS, " ms")
    figures.tell(
        "ratio to one strict write of two photos", f"{p95(times) / p95(bare):.1f} of {p95(bare):.0f} ms"
    )


class Wire:
    """What went over the wire, in order: words or photo."""

    def __init__(self, page: Page) -> None:
        self.sent: list[str] = []
        page.on("request", self._hear)

    def _hear(self, request: Request) -> None:
        if request.method == "PUT":
            self.sent.append("photo" if "/photos/" in request.url else "words")


def draining(walk: Walk, figures: Figures) -> None:
    """How long it takes until all of it is at the server, words before photos."""
    page, wire = walk.page, Wire(walk.page)
    began = time.monotonic()
    page.context.set_offline(False)
    say_online(page)
    done = "() => document.querySelector('[data-walk=\"sent\"]').textContent === '60'"
    page.wait_for_function(done, timeout=300_000, polling=100)
    took = time.monotonic() - began
    first_photo = wire.sent.index("photo")
    late_words = wire.sent[first_photo:].count("words")
    figures.tell(
        f"{OBSERVATIONS} observations and {OBSERVATIONS * PHOTOS_EACH} photos are sent", f"{took:.1f} s"
    )
    figures.at_most("words that were sent after the first photo", late_words, 0)


def opening(served: Served, figures: Figures) -> None:
    """How long an officer waits for the walk's page."""
    reference = until(lambda: re.search(r"EVA-\d{4}-\d{5}", records_of(served)), 30, "the audit")
    officer = Officer(served)
    page = in_turns(officer.get, [f"/eva/{reference[0]}"])
    bare = in_turns(officer.get, ["/accessibility"])
    figures.at_most("its page at the server, p95", page, PAGE_P95_MS, " ms")
    figures.tell("ratio to a page without any record", f"{page / bare:.1f} of {bare:.0f} ms")


def records_of(served: Served) -> str:
    """Return the list of audits as an officer sees it."""
    return Officer(served).ask("/records?kind=eva").read().decode()


def on_a_walk(chromium: Browser, served: Served) -> Walk:
    """Return a warden's phone on a walk, with no signal any more."""
    options: dict[str, Any] = {"geolocation": ST_MARYS, "permissions": ["geolocation"], **PHONE}
    page = chromium.new_context(base_url=served.url, **options).new_page()
    sign_in(page, "sunita")
    walk = Walk(page).ready_for_no_signal().plan("Swanley St Mary's", "Sixty observations").begin()
    page.context.set_offline(True)
    return walk


def main() -> None:
    """Measure and judge."""
    figures, photo = Figures(), picture()
    with product() as served, sync_playwright() as running:
        chromium = running.chromium.launch(**chromium_options())
        walk = on_a_walk(chromium, served)
        figures.tell("each photo", f"{len(json.dumps(photo)) * 3 / 4 / 1000:,.0f} kB")
        saving(walk, figures, photo)
        draining(walk, figures)
        opening(served, figures)
        chromium.close()
    figures.close()


if __name__ == "__main__":
    main()
