"""Hands in gloves on the log: they tap twice, and a slow phone says of a row only what is so."""

from playwright.sync_api import Locator, expect

from tests.browser.server import until
from tests.browser.speed.conftest import OpenPhone
from tests.browser.speeds import Made, Speeds, readings_of
from tests.browser.watch import Watch

# Everything on a sheet that could be pressed, and what is pressed of it.
PRESSED = """() => {
  window.pressed = [];
  const note = ({ target }) => target.closest('dialog') && window.pressed.push(target.outerHTML.slice(0, 60));
  addEventListener('click', note, true);
}"""
# What a finger would touch all over a page of the log in the moment in which it is shown.
PRESSES_AT_ONCE = """(name) => {
  const shown = document.querySelector(`[data-speed=${name}]`);
  window.pressedAtOnce = null;
  const touched = () => {
    const found = new Set();
    for (let y = 4; y < innerHeight; y += 8) {
      for (let x = 4; x < innerWidth; x += 8) {
        found.add(document.elementFromPoint(x, y)?.closest('[data-speed] button')?.textContent);
      }
    }
    return [...found].filter(Boolean);
  };
  const watch = new MutationObserver(() => {
    if (shown.hidden || window.pressedAtOnce) return;
    window.pressedAtOnce = touched();
    watch.disconnect();
  });
  watch.observe(shown, { attributeFilter: ['hidden'] });
}"""
BUSY_DISK = """(ms) => new Promise((held) => {
  const open = indexedDB.open('wardbook');
  open.onsuccess = () => {
    const stores = open.result.transaction(['captures', 'notes'], 'readwrite');
    const until = performance.now() + ms;
    const hold = () => {
      const asked = stores.objectStore('notes').get('none');
      asked.onsuccess = () => (performance.now() < until ? hold() : open.result.close());
    };
    hold();
    held();
  };
})"""
REFUSED = """(id) => new Promise((done) => {
  const open = indexedDB.open('wardbook');
  open.onsuccess = () => {
    const captures = open.result.transaction('captures', 'readwrite').objectStore('captures');
    captures.get(id).onsuccess = ({ target }) => {
      const problem = { code: 'invalid', words: 'Not taken.', errors: { speed: ['The speed is not one.'] } };
      captures.put({ ...target.result, state: 'parked', problem });
    };
    captures.transaction.oncomplete = () => {
      open.result.close();
      new BroadcastChannel('wardbook').postMessage({ id });
      done();
    };
  };
})"""


def tap_twice(button: Locator) -> None:
    """Tap, and at once once more on the same spot, whatever lies there by then."""
    button.click(trial=True)
    box = button.bounding_box()
    assert box
    for _ in range(2):
        button.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_the_tap_that_opens_a_sheet_presses_nothing_in_it(phone: Speeds, made: Made):
    page = phone.begin(made).page
    for number in range(5):
        phone.vehicle(40 + number, "GK26ABC")
    page.evaluate(PRESSED)
    for name in ("makes", "colours", "rows", "types", "other", "menu"):
        tap_twice(page.locator(f"[data-do={name}]"))
        expect(phone.sheet(name)).to_be_visible()
        assert page.evaluate("() => window.pressed") == []
        page.locator("dialog[open] .wb-sheet__close").tap()
        page.evaluate("() => (window.pressed = [])")
    expect(phone.rows()).to_have_count(5)
    phone.tap("makes")
    phone.sheet("makes").locator("[data-make=skoda]").tap()
    expect(page.locator("[data-do=makes]")).to_have_text("Škoda")


def test_the_second_of_two_taps_presses_nothing_on_the_page_that_the_first_opened(phone: Speeds, made: Made):
    page = phone.start_page().filled(made).page
    tap_twice(page.get_by_role("button", name="Begin the session"))
    expect(phone.sheet("menu")).to_be_visible()
    phone.close_sheet().tap("menu").page.get_by_role("button", name="End the session").last.click()
    page.evaluate(PRESSES_AT_ONCE, "log")
    page.get_by_role("link", name="Back to the log").click()
    expect(phone.sheet("menu")).to_be_hidden()
    assert page.evaluate("() => window.pressedAtOnce") == []
    page.evaluate(PRESSES_AT_ONCE, "thanks")
    phone.end()
    assert page.evaluate("() => window.pressedAtOnce") == []
    page.evaluate(PRESSES_AT_ONCE, "log")
    page.get_by_role("button", name="It is not over: go on logging").tap()
    phone.vehicle(44, "LB64RTY")
    assert page.evaluate("() => window.pressedAtOnce") == []
    expect(phone.rows()).to_have_count(1)


def test_two_taps_on_undo_take_one_row_out(phone: Speeds, made: Made):
    page = phone.begin(made).vehicle(44, "LB64RTY").vehicle(51, "GK26ABC").page
    tap_twice(page.locator("[data-do=undo]"))
    expect(phone.rows().first).to_contain_text("taken out")
    expect(page.locator("[data-do=undo]")).to_have_text("Put back")
    expect(phone.says()).to_be_hidden()
    tap_twice(page.locator("[data-do=undo]"))
    expect(phone.rows().first).not_to_contain_text("taken out")
    expect(phone.rows()).to_have_count(2)
    assert {one["state"] for one in readings_of(phone)} == {"queued"}


def test_two_taps_on_save_again_save_one_row_and_not_what_was_half_typed(phone: Speeds, made: Made):
    page = phone.begin(made).vehicle(44, "LB64RTY").press("52GK26").page
    phone.tap("rows").page.get_by_role("button", name="Correct vehicle 1").click()
    phone.press("46")
    tap_twice(page.locator("[data-do=save]"))
    expect(phone.aloud()).to_have_text("Saved: 46 miles per hour")
    expect(page.locator("[data-log=plate]")).to_contain_text("GK26")
    expect(phone.sheet("ask")).to_be_hidden()
    expect(phone.rows()).to_have_count(1)
    phone.press("ABC").save(52)


def test_a_row_is_said_to_be_on_the_phone_once_it_is(phone: Speeds, made: Made):
    page = phone.begin(made).vehicle(28).press("44GK26ABC").page
    page.evaluate(BUSY_DISK, 1500)
    phone.tap("save")
    expect(phone.rows().first).to_contain_text("being kept", timeout=1400)
    # The boxes do not wait for the disk.
    expect(page.locator("[data-log=speed]")).to_have_text("–", timeout=1000)
    expect(phone.aloud()).to_have_text("Saved: 44 miles per hour")
    expect(phone.rows().first).to_contain_text("on this phone")


def test_a_refresh_at_once_after_save_loses_nothing_and_saves_nothing_twice(phone: Speeds, made: Made):
    page = phone.begin(made).press("44GK26ABC").page
    phone.tap("save")
    page.reload()
    expect(page.locator("[data-log=clock]")).to_contain_text("of 2:00")
    # The row had arrived on the disk, or what was typed stands in the boxes.
    if page.locator("[data-log=speed]").inner_text() == "44":
        expect(page.locator("[data-log=plate]")).to_contain_text("GK26 ABC")
        phone.save(44)
    expect(phone.rows()).to_have_count(1)
    expect(page.locator("[data-log=speed]")).to_have_text("–")
    assert len(readings_of(phone)) == 1


def test_two_tabs_that_correct_one_row_make_one_row_of_it(phone: Speeds, made: Made):
    page = phone.begin(made).vehicle(44, "LB64RTY").page
    other = Speeds(page.context.new_page())
    other.page.goto(page.url)
    for tab in (phone, other):
        tab.tap("rows").page.get_by_role("button", name="Correct vehicle 1").click()
    phone.press("46").save(46)
    other.press("47").tap("save")
    expect(other.says()).to_contain_text("Another tab corrected that vehicle first.")
    expect(other.rows()).to_have_count(1)
    expect(other.rows().first).to_contain_text("46")
    # What was typed is not lost: it is a vehicle of its own, if its person says so.
    expect(other.page.locator("[data-log=speed]")).to_have_text("47")
    assert [one["stays"]["speed"] for one in readings_of(phone)] == [46]


def test_a_row_that_was_refused_is_said_and_offered_however_old_it_is(phone: Speeds, made: Made):
    page = phone.begin(made).page
    for number in range(7):
        phone.vehicle(40 + number, "GK26ABC")
    [first] = [one["id"] for one in readings_of(phone) if one["stays"]["number"] == 1]
    page.evaluate(REFUSED, first)
    mend = page.locator("[data-do=rows]")
    expect(mend).to_have_text("Mend 1")
    page.reload()
    expect(mend).to_have_text("Mend 1")
    phone.tap("rows")
    item = phone.sheet("rows").locator("li").last
    expect(item).to_contain_text("40 mph")
    expect(item).to_contain_text("Not taken: The speed is not one.")
    item.get_by_role("button", name="Correct").click()
    phone.press("48").save(48)
    expect(mend).to_have_text("Correct")
    assert sorted(one["stays"]["speed"] for one in readings_of(phone)) == [41, 42, 43, 44, 45, 46, 48]


def test_a_row_that_is_corrected_and_then_taken_out_leaves_the_boxes(phone: Speeds, made: Made):
    page = phone.begin(made).vehicle(44, "LB64RTY").page
    for name in ("Correct vehicle 1", "Take out vehicle 1"):
        phone.tap("rows").page.get_by_role("button", name=name).click()
    expect(page.locator("[data-log=speed]")).to_have_text("–")
    expect(page.locator("[data-do=undo]")).to_have_text("Put back")
    phone.vehicle(51, "GK26ABC")
    assert [one["stays"]["speed"] for one in readings_of(phone) if one["state"] != "removing"] == [51]


def test_a_half_typed_plate_goes_when_its_person_signs_out(open_phone: OpenPhone, made: Made):
    phone = open_phone("vic")
    page = phone.begin(made).arrived().press("44GK26").page
    until(lambda: "GK26" in phone.whole_store(), 10, "it to be kept")
    phone.start_page()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("button", name="Sign out all the same").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert "GK26" not in phone.whole_store()


def test_a_half_typed_plate_goes_too_when_its_person_signs_out_in_another_tab(
    open_phone: OpenPhone, made: Made, watching: Watch
):
    # The tab that leaves for the front page may ask for its lists just as the sign-out arrives.
    watching.allowed_statuses.add(401)
    phone = open_phone("carol")
    page = phone.begin(made).arrived().press("44GK26").page
    until(lambda: "GK26" in phone.whole_store(), 10, "it to be kept")
    other = Speeds(page.context.new_page()).start_page()
    other.page.get_by_role("button", name="Sign out", exact=True).click()
    other.page.get_by_role("button", name="Sign out all the same").click()
    expect(other.page.get_by_role("link", name="Sign in").first).to_be_visible()
    # That tab leaves for the front page, and takes nothing with it.
    expect(page.get_by_role("link", name="All wards")).to_be_visible()
    assert "GK26" not in other.whole_store()
