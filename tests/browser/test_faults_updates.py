"""New versions beneath a phone that lags behind: worker, schema, form, and a copy of Wardbook 90 days old."""

import base64
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Chromium
from tests.browser.conftest import PHONE
from tests.browser.fault_proxy import FaultProxy
from tests.browser.field import WORDS, Field
from tests.browser.server import Served, prepare, until

VERSION_ONE = """() => new Promise((done) => {
  const open = indexedDB.open('wardbook', 1);
  open.onupgradeneeded = () => {
    const captures = open.result.createObjectStore('captures', { keyPath: 'id' });
    captures.createIndex('kind_state', ['kind', 'state']);
    const photos = open.result.createObjectStore('photos', { keyPath: 'id' });
    photos.createIndex('capture_id', 'capture_id');
  };
  open.onsuccess = () => {
    const change = open.result.transaction(['captures', 'photos'], 'readwrite');
    change.objectStore('captures').put({
      id: '11111111-1111-4111-8111-111111111111', owner: null, kind: 'fly_tipping', form_version: '1', rev: 1,
      state: 'draft', photo_ids: ['22222222-2222-4222-8222-222222222222'], changed_at: '2026-11-01T10:00:00.000Z',
      payload: {
        capture_id: ['11111111-1111-4111-8111-111111111111'], capture_secret: ['a secret of before, long enough'],
        captured_at: ['2026-11-01T10:00:00+00:00'], place_text: ['Kept by the version before'],
        main_waste: ['tyres'], land_type: ['highway'],
      },
    });
    const bytes = Uint8Array.from(atob(PHOTO), (letter) => letter.charCodeAt(0)).buffer;
    change.objectStore('photos').put({
      id: '22222222-2222-4222-8222-222222222222', capture_id: '11111111-1111-4111-8111-111111111111',
      name: 'a.jpg', type: 'image/jpeg', last_modified: 1, bytes,
    });
    change.oncomplete = () => { open.result.close(); done(); };
  };
})"""

IS_WAITING = "async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting)"


def flags_of(served: Served, own: str) -> str | None:
    with closing(sqlite3.connect(served.folder / "wardbook.sqlite")) as database:
        question = "SELECT flags FROM capture_revision WHERE capture_id = ?"
        return database.execute(question, (own.replace("-", ""),)).fetchone()[0]


@pytest.fixture
def moving(chromium: Chromium, tmp_path: Path) -> Iterator[Field]:
    """A phone whose server is about to be replaced by a newer one."""
    prepare(tmp_path)
    with (
        Served(tmp_path) as served,
        FaultProxy(served.port) as proxy,
        chromium.context(base_url=proxy.url, locale="en-GB", **PHONE) as context,
    ):
        yield Field(served, proxy, context, tmp_path / "photos")


def caches(field: Field) -> list[str]:
    return field.page.evaluate("() => caches.keys()")


@pytest.mark.fault("updates")
def test_a_new_worker_waits_for_the_open_form_and_takes_over_afterwards(moving: Field, tmp_path: Path):
    moving.go("/")
    moving.until_installed()
    [before] = caches(moving)
    own = moving.fill(moving.picture(), place_text="Begun on the old version")
    moving.served.stop()
    with Served(tmp_path, PARTNERSHIP_NAME="A new name") as newer:
        moving.proxy.upstream_port = newer.port
        moving.page.evaluate("async () => (await navigator.serviceWorker.getRegistration()).update()")
        until(lambda: len(caches(moving)) == 2, 20, "the new version to be fetched")
        moving.page.wait_for_timeout(500)
        assert before in caches(moving)
        expect(moving.page.locator("#capture [name=place_text]")).to_have_value("Begun on the old version")
        assert moving.press_send() == own
        moving.is_sent()
        moving.go("/outbox")
        until(lambda: before not in caches(moving), 20, "the new version to take over")
        moving.everything_arrived()
    moving.served.start()


@pytest.mark.fault("updates")
def test_a_new_worker_takes_over_when_the_form_is_left_a_moment_later(moving: Field, tmp_path: Path):
    moving.go("/outbox")
    moving.until_installed()
    [before] = caches(moving)
    form = moving.context.new_page()
    form.goto("/fly-tipping/new")
    moving.served.stop()
    with Served(tmp_path, PARTNERSHIP_NAME="A new name") as newer:
        moving.proxy.upstream_port = newer.port
        moving.page.evaluate("async () => (await navigator.serviceWorker.getRegistration()).update()")
        moving.page.wait_for_function(IS_WAITING)
        moving.go("/outbox")
        # Long enough for the page to offer it, and for the worker to see the form.
        moving.page.wait_for_timeout(1500)
        assert before in caches(moving)
        form.close()
        until(lambda: before not in caches(moving), 20, "the new version to take over")
    moving.served.start()


@pytest.mark.fault("updates")
def test_a_store_of_the_version_before_is_taken_over_with_its_draft_and_photo(afield: Field):
    content = base64.b64encode(afield.picture().read_bytes()).decode()
    afield.go("/health")
    afield.page.evaluate(VERSION_ONE.replace("PHOTO", f"'{content}'"))
    afield.go("/fly-tipping/new#check")
    expect(afield.page.locator("#capture [name=place_text]")).to_have_value("Kept by the version before")
    expect(afield.page.locator(".wb-picker__item")).to_have_count(1)
    assert afield.press_send() == "11111111-1111-4111-8111-111111111111"
    afield.is_sent()
    afield.everything_arrived()


@pytest.mark.fault("updates")
def test_a_page_made_ninety_days_ago_is_accepted_and_flagged(afield: Field):
    own = afield.fill()
    afield.page.evaluate(
        "() => { document.querySelector('#capture').dataset.madeAt = '2026-01-05T10:00:00+00:00'; }"
    )
    afield.press_send()
    afield.is_sent()
    afield.everything_arrived()
    assert flags_of(afield.served, own) == "old_app"


@pytest.mark.fault("updates")
def test_answers_to_another_version_of_the_form_are_accepted_and_flagged(afield: Field):
    own = afield.fill()
    afield.page.evaluate("() => { document.querySelector('#capture [name=form_version]').value = '7'; }")
    afield.press_send()
    afield.is_sent()
    assert flags_of(afield.served, own) == "new_form"


@pytest.mark.fault("updates")
def test_every_capture_page_opens_without_a_connection_right_after_the_first_visit(afield: Field):
    afield.go("/")
    afield.until_installed()
    afield.context.set_offline(True)
    afield.fill(afield.picture())
    expect(afield.page.locator("#capture [name=place_text]")).to_have_value(WORDS)
    afield.press_send()
    afield.is_saved()
    afield.go("/outbox")
    expect(afield.page.get_by_role("heading", name="1 waiting to send")).to_be_visible()
    afield.context.set_offline(False)
    afield.everything_arrived()
