"""A phone's store that is full, refused, wiped or closed, one test for each line of the list."""

import pytest
from playwright.sync_api import expect

from tests.browser.fault_proxy import Refuse
from tests.browser.field import CAPTURE, Desk, Field

NO_STORE = "Object.defineProperty(window, 'indexedDB', { value: undefined });"
REFUSES = "indexedDB.open = () => { throw new DOMException('Refused on purpose', 'SecurityError'); };"
FORGETS = "navigator.storage.persist = () => Promise.resolve(false);"


def open_form(afield: Field) -> None:
    """Open the report at its check screen."""
    afield.go("/fly-tipping/new#check")
    expect(afield.page.locator("form.is-ready")).to_be_visible()


def fill_plainly(afield: Field, words: str) -> None:
    """Fill in the report that is open, on a phone that may keep nothing."""
    for name, value in (("main_waste", "tyres"), ("land_type", "highway")):
        afield.page.locator(f"#capture [name={name}][value={value}]").evaluate("(radio) => radio.click()")
    afield.page.locator("#capture [name=place_text]").evaluate(
        "(field, words) => { field.value = words; field.dispatchEvent(new Event('input', { bubbles: true })); }",
        words,
    )


@pytest.mark.fault("storage")
def test_a_full_phone_says_so_and_the_report_is_posted(afield: Field):
    afield.go("/")
    session = afield.context.new_cdp_session(afield.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": afield.proxy.url, "quotaSize": 1})
    open_form(afield)
    afield.page.locator("#capture input[type=file]").set_input_files(str(afield.picture((2000, 1500))))
    fill_plainly(afield, "From a full phone")
    expect(afield.page.get_by_text("This device is full")).to_be_visible()
    afield.press_send()
    afield.is_sent()
    assert "From a full phone" in Desk(afield.served.folder).words.values()


@pytest.mark.parametrize("script", [NO_STORE, REFUSES], ids=["private mode", "refused"])
@pytest.mark.fault("storage")
def test_a_browser_that_keeps_nothing_posts_the_report(afield: Field, script: str):
    afield.context.add_init_script(script)
    words = f"Without a store {len(script)}"
    open_form(afield)
    fill_plainly(afield, words)
    afield.press_send()
    afield.is_sent()
    assert words in Desk(afield.served.folder).words.values()


@pytest.mark.fault("storage")
def test_a_browser_that_keeps_nothing_says_so_without_a_connection(afield: Field):
    afield.context.add_init_script(NO_STORE)
    open_form(afield)
    fill_plainly(afield, "Nowhere to go")
    afield.context.set_offline(True)
    afield.press_send()
    expect(afield.page.get_by_text("this browser cannot keep the report")).to_be_visible()
    afield.context.set_offline(False)
    afield.press_send()
    afield.is_sent()


@pytest.mark.fault("storage")
def test_a_page_out_of_the_phone_s_own_store_is_posted_where_nothing_else_is_kept(afield: Field):
    afield.go("/")
    afield.until_installed()
    afield.context.add_init_script(NO_STORE)
    afield.proxy.offline = True
    open_form(afield)
    fill_plainly(afield, "On a page from the phone")
    afield.proxy.offline = False
    afield.press_send()
    afield.is_sent()
    assert "On a page from the phone" in Desk(afield.served.folder).words.values()


@pytest.mark.fault("storage")
def test_a_refused_promise_to_keep_things_changes_nothing(afield: Field):
    afield.context.add_init_script(FORGETS)
    afield.send(afield.picture())
    afield.is_sent()
    afield.everything_arrived()


@pytest.mark.fault("storage")
def test_a_wiped_phone_sends_nothing_twice_and_starts_anew(afield: Field):
    own = afield.send(afield.picture())
    afield.is_sent()
    afield.go("about:blank")
    session = afield.context.new_cdp_session(afield.page)
    session.send("Storage.clearDataForOrigin", {"origin": afield.proxy.url, "storageTypes": "all"})
    afield.go("/outbox")
    expect(afield.page.get_by_role("heading", name="Nothing is waiting to be sent")).to_be_visible()
    assert own in Desk(afield.served.folder).records
    afield.gone.add(own)
    afield.send(place_text="After the wipe")
    afield.is_sent()
    afield.everything_arrived()


@pytest.mark.fault("storage")
def test_a_database_that_the_browser_closes_is_opened_again(afield: Field):
    afield.fill(afield.picture())
    # What closes it is another tab that wants a newer version of it, and then thinks better of it.
    afield.page.evaluate(
        """() => new Promise((done) => {
          const ask = indexedDB.open('wardbook', 99);
          ask.onupgradeneeded = () => ask.transaction.abort();
          ask.onerror = (event) => { event.preventDefault(); done(); };
        })"""
    )
    afield.press_send()
    afield.is_sent()
    afield.everything_arrived()


@pytest.mark.fault("storage")
def test_a_photo_that_is_gone_is_told_and_holds_up_nothing(afield: Field):
    afield.proxy.plan(Refuse(), "PUT", CAPTURE, times=None)
    own = afield.send(afield.picture())
    afield.is_saved()
    afield.page.evaluate(
        """() => new Promise((done) => {
          const open = indexedDB.open('wardbook');
          open.onsuccess = () => {
            const change = open.result.transaction('photos', 'readwrite');
            change.objectStore('photos').clear();
            change.oncomplete = () => { open.result.close(); done(); };
          };
        })"""
    )
    afield.proxy.clear()
    afield.go("/outbox")
    expect(afield.page.get_by_text("A photo is no longer on this device.")).to_be_visible()
    afield.until_record(own)
    second = afield.send(place_text="Behind the one without its photo")
    afield.is_sent()
    assert second in Desk(afield.served.folder).records
