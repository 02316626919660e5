"""The phone's side: saving with a full store, draining 200 captures, a cold start, a 12 MP photo on a slow phone."""

import base64
import hashlib
import http.client
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks._bounds import Figures
from benchmarks._served import product
from tests.browser.chromium import chromium_options
from tests.browser.conftest import PHONE
from tests.browser.server import Served

CAPTURES, WITH_PHOTO, PHOTO_BYTES, SAVES = 200, 40, 700_000, 60
SAVE_P95_MS, DRAIN_S, COLD_START_MS, BLOCKED_MS, THROTTLE = 100, 20, 1000, 200, 6
ANSWERS = {
    "place_text": ["Lay-by opposite the field gate"],
    "main_waste": ["tyres"],
    "land_type": ["highway"],
}
WHOSE = "a secret of the benchmark"

HELPERS = """
window.bench = {
  open: (name) => new Promise((done, fail) => {
    const ask = indexedDB.open(name);
    ask.onupgradeneeded = () => name === 'bare' && ask.result.createObjectStore('captures', { keyPath: 'id' });
    ask.onsuccess = () => done(ask.result);
    ask.onerror = fail;
  }),
  p95: (times) => times.sort((one, other) => one - other)[Math.floor(times.length * 0.95)],
  canonical: (value) => {
    if (Array.isArray(value)) return `[${value.map(bench.canonical).join(',')}]`;
    if (value === null || typeof value !== 'object') return JSON.stringify(value);
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${bench.canonical(value[key])}`).join(',')}}`;
  },
  sha256: async (bytes) => {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  },
};"""
# Captures as the product's own code leaves them when they wait: only the photos are made up.
QUEUE = """async ([count, withPhoto, photoBytes, answers, isDue]) => {
  const rows = [];
  for (let number = 0; number < count; number += 1) {
    const photos = [];
    if (number < withPhoto) {
      const bytes = new Uint8Array(photoBytes);
      for (let at = 0; at < photoBytes; at += 65536) {
        crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65536, photoBytes)));
      }
      bytes.set([0xff, 0xd8, 0xff, 0xe0]);
      const sha256 = await bench.sha256(bytes);
      photos.push({ id: crypto.randomUUID(), sha256, bytes: photoBytes, content: bytes.buffer });
    }
    const content = {
      kind: 'fly_tipping', form_version: 1, captured_at: new Date().toISOString(), answers, parent: null,
      photos: photos.map(({ id, sha256, bytes }) => ({ id, sha256, bytes, type: 'image/jpeg', role: 'evidence' })),
    };
    const hash = await bench.sha256(new TextEncoder().encode(bench.canonical(content)));
    rows.push([{
      id: crypto.randomUUID(), owner: null, kind: 'fly_tipping', state: 'queued', secret: crypto.randomUUID(), rev: 1,
      content, content_sha256: hash, title: 'Fly-tipping', payload: answers, photo_ids: photos.map(({ id }) => id),
      changed_at: content.captured_at, queued_at: Date.now(), next_try_at: isDue ? 0 : Date.now() + 1e9, tries: 0,
    }, photos]);
  }
  const database = await bench.open('wardbook');
  const change = database.transaction(['captures', 'photos'], 'readwrite');
  for (const [capture, photos] of rows) {
    change.objectStore('captures').put(capture);
    const store = change.objectStore('photos');
    photos.forEach(({ id, content }) => store.put({ id, capture_id: capture.id, bytes: content }));
  }
  await new Promise((done) => (change.oncomplete = done));
  database.close();
}"""
SAVE = """async (count) => {
  const news = new BroadcastChannel('wardbook');
  const field = document.querySelector('#capture [name=place_text]');
  const times = [];
  for (let number = 0; number < count; number += 1) {
    const told = new Promise((done) => (news.onmessage = done));
    const began = performance.now();
    field.value = `Saved ${number}`;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    window.dispatchEvent(new Event('pagehide'));
    await told;
    times.push(performance.now() - began);
  }
  return bench.p95(times);
}"""
BARE_SAVE = """async (count) => {
  const database = await bench.open('bare');
  const times = [];
  for (let number = 0; number < count; number += 1) {
    const began = performance.now();
    const change = database.transaction('captures', 'readwrite', { durability: 'strict' });
    change.objectStore('captures').put({ id: 'one', words: `Saved ${number}`.padEnd(1000) });
    await new Promise((done) => (change.oncomplete = done));
    times.push(performance.now() - began);
  }
  return bench.p95(times);
}"""
BLOCKED = """() => {
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
  }).observe({ type: 'longtask' });
}"""
BARE_SCALING = """async (address) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const began = performance.now();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [2048, 1536];
  canvas.getContext('2d').drawImage(image, 0, 0, 2048, 1536);
  canvas.toDataURL('image/jpeg', 0.8);
  return performance.now() - began;
}"""


def open_page(chromium: Browser, served: Served, path: str) -> Page:
    """Open a page on a phone of its own."""
    context = chromium.new_context(base_url=served.url, **PHONE)
    context.add_init_script(HELPERS)
    page = context.new_page()
    page.goto(path)
    return page


def saving(chromium: Browser, served: Served, figures: Figures) -> None:
    """How long a save takes while 200 captures wait in the store."""
    page = open_page(chromium, served, "/fly-tipping/new#check")
    page.locator("form.is-ready").wait_for()
    page.evaluate(QUEUE, [CAPTURES, WITH_PHOTO, PHOTO_BYTES, ANSWERS, False])
    took, bare = page.evaluate(SAVE, SAVES), page.evaluate(BARE_SAVE, SAVES)
    figures.at_most(f"saving with {CAPTURES} captures in the store, p95", took, SAVE_P95_MS, " ms")
    figures.tell("ratio to one strict write into an empty store", f"{took / bare:.1f}")
    page.context.close()


def draining(chromium: Browser, served: Served, figures: Figures) -> None:
    """How long the outbox takes to send everything."""
    page = open_page(chromium, served, "/no-connection")
    page.wait_for_function("() => document.documentElement.dataset.waiting === '0'")
    page.evaluate(QUEUE, [CAPTURES, WITH_PHOTO, PHOTO_BYTES, ANSWERS, True])
    began = time.monotonic()
    page.goto("/outbox")
    page.wait_for_function(
        "() => document.documentElement.dataset.waiting === '0'", timeout=120_000, polling=100
    )
    took = time.monotonic() - began
    bare = send_plainly(served)
    figures.at_most(f"draining {CAPTURES} captures and {WITH_PHOTO} photos of 700 kB", took, DRAIN_S, " s")
    figures.tell("ratio to the same requests without a phone", f"{took / bare:.1f} of {bare:.1f} s")
    page.context.close()


def send_plainly(served: Served) -> float:
    """Send as much over one connection, with nothing kept anywhere; return the seconds."""
    began = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", served.port)) as connection:
        for method, path, body, headers in requests():
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status not in {200, 201}:
                raise SystemExit(f"{path} was answered with {answer.status}.")
    return time.monotonic() - began


def requests() -> Iterator[tuple[str, str, bytes, dict[str, str]]]:
    """Yield what the outbox sends, as bare requests."""
    for number in range(CAPTURES):
        own, photos, content = uuid4(), [], b""
        if number < WITH_PHOTO:
            content = b"\xff\xd8\xff\xe0" + os.urandom(PHOTO_BYTES - 4)
            digest = hashlib.sha256(content)
            photos = [
                {
                    "id": str(uuid4()),
                    "sha256": digest.hexdigest(),
                    "bytes": len(content),
                    "type": "image/jpeg",
                }
            ]
        capture: dict[str, Any] = {
            "kind": "fly_tipping",
            "form_version": 1,
            "rev": 1,
            "answers": ANSWERS,
            "photos": photos,
        }
        yield (
            "PUT",
            f"/captures/{own}",
            json.dumps(capture).encode(),
            {"X-Capture-Secret": WHOSE, "Content-Type": "application/json"},
        )
        for photo in photos:
            said = base64.b64encode(hashlib.sha256(content).digest()).decode()
            yield (
                "PUT",
                f"/captures/{own}/photos/{photo['id']}",
                content,
                {
                    "X-Capture-Secret": WHOSE,
                    "Content-Type": "image/jpeg",
                    "Content-Digest": f"sha-256=:{said}:",
                },
            )


def starting_cold(chromium: Browser, served: Served, figures: Figures) -> None:
    """How long an installed phone takes to open a capture page without a connection."""
    page = open_page(chromium, served, "/")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    context = page.context
    times = {}
    for is_offline in (False, True):
        context.set_offline(is_offline)
        cold = context.new_page()
        began = time.monotonic()
        cold.goto("/fly-tipping/new")
        cold.locator("form.is-ready").wait_for()
        times[is_offline] = 1000 * (time.monotonic() - began)
        cold.close()
    figures.at_most("a capture page opens without a connection", times[True], COLD_START_MS, " ms")
    figures.tell("ratio to opening it with one", f"{times[True] / times[False]:.2f}")
    context.close()


def adding_a_photo(chromium: Browser, served: Served, figures: Figures) -> None:
    """How long the page stands still while a 12 MP photo is added to a phone six times slower than this machine."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "twelve.jpg"
        noise = Image.frombytes("RGB", (1000, 750), os.urandom(1000 * 750 * 3))
        noise.resize((4000, 3000), Image.Resampling.BICUBIC).save(path, "JPEG", quality=92)
        page = open_page(chromium, served, "/fly-tipping/new#check")
        page.locator("form.is-ready").wait_for()
        slow = page.context.new_cdp_session(page)
        slow.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
        page.evaluate(BLOCKED)
        page.locator("#capture input[type=file]").set_input_files(str(path))
        page.locator(".wb-picker__item img").wait_for(state="attached", timeout=120_000)
        page.wait_for_function("() => !document.querySelector('.wb-kept').hidden", timeout=120_000)
        longest = float(page.evaluate("() => window.longest"))
        address = f"data:image/jpeg;base64,{base64.b64encode(path.read_bytes()).decode()}"
        bare = float(page.evaluate(BARE_SCALING, address))
        figures.at_most("the page stands still while a 12 MP photo is added", longest, BLOCKED_MS, " ms")
        figures.tell("ratio to scaling it in the page itself", f"{longest / bare:.2f} of {bare:,.0f} ms")
        page.context.close()


def main() -> None:
    """Measure and judge."""
    figures = Figures()
    with product() as served, sync_playwright() as running:
        chromium = running.chromium.launch(**chromium_options())
        for measure in (saving, draining, starting_cold, adding_a_photo):
            measure(chromium, served, figures)
        chromium.close()
    figures.close()


if __name__ == "__main__":
    main()
