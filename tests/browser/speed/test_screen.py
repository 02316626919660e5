"""The log as a screen: its size, its keys, its words for a screen reader, and its end."""

from collections.abc import Callable
from datetime import datetime, timedelta

from playwright.sync_api import Page, StorageState, expect

from tests.browser import looks
from tests.browser.going import go
from tests.browser.server import until
from tests.browser.speed.conftest import OpenPhone
from tests.browser.speeds import Made, Speeds, readings_of
from tests.browser.test_walk_mishaps import FULL, ROOM_AGAIN
from webapp.rules.clock import LONDON

SIZES = (
    *((390, 844), (390, 784), (390, 783), (390, 770), (390, 660), (390, 655), (390, 635), (390, 625)),
    *((320, 660), (320, 625), (390, 600), (320, 568)),
)
SCROLLS = """() => {
  const { scrollHeight, scrollWidth } = document.documentElement;
  const all = [...document.querySelectorAll('.wb-log > *')];
  const shown = all.filter((one) => one.checkVisibility() && one.offsetHeight > 1);
  const bottoms = shown.map((one) => one.getBoundingClientRect().bottom);
  return [scrollHeight > innerHeight, scrollWidth > innerWidth, Math.max(...bottoms) > innerHeight + 0.5];
}"""
# What a finger hits of each button: nothing lies over it, and neighbours do not overlap.
KEY_SIZES = """() => [...document.querySelectorAll('.wb-log > div button')].filter((one) => one.checkVisibility())
  .map((one) => [one.offsetWidth, one.offsetHeight, one.dataset.key ?? ''])"""
TOUCHES = """() => [...new Set(
  [...document.querySelectorAll('.wb-log :is(button, a)')].map((one) => getComputedStyle(one).touchAction),
)]"""
COVERED = """() => [...document.querySelectorAll('.wb-log > div button')].filter((one) => {
  if (!one.checkVisibility()) return false;
  const { left, right, top, bottom } = one.getBoundingClientRect();
  const spots = [[(left + right) / 2, (top + bottom) / 2], [left + 4, top + 4], [right - 4, bottom - 4]];
  return spots.some(([x, y]) => !one.contains(document.elementFromPoint(x, y)));
}).map((one) => one.outerHTML.slice(0, 90))"""


def test_after_two_hours_it_is_said_and_nothing_stops(open_phone: OpenPhone, made: Made):
    phone = open_phone()
    phone.offline().page.clock.install()
    page = phone.begin(made).page
    expect(page.locator("[data-log='clock']")).to_have_text("0:00 of 2:00")
    page.clock.fast_forward("01:59:30")
    expect(page.locator("[data-log='clock']")).to_have_text("1:59 of 2:00")
    page.clock.fast_forward("01:00")
    expect(page.locator("[data-log='clock']")).to_have_text("2:00: time to stop")
    expect(phone.says()).to_contain_text("Two hours are over.")
    phone.vehicle(44, "GK26ABC")
    expect(phone.rows()).to_have_count(1)


def test_the_log_is_one_screen_whatever_the_browser_leaves_of_it(phone: Speeds, made: Made):
    page = phone.begin(made).page
    phone.tap("plus")
    for speed, plate in (
        (38, "LB64RTY"),
        (104, "EY19KLM"),
        (33, ""),
        (41, "GK26ABC"),
        (52, "GK24ABC"),
        (44, "GK"),
    ):
        if speed == 104:
            phone.press(f"{speed}{plate}").colour("silver").make("vauxhall").tap("save")
            page.get_by_role("button", name="Yes, 104 mph").click()
            expect(phone.aloud()).to_have_text("Saved: 104 miles per hour")
        elif plate == "GK":
            phone.press("44GK").key("part").save(44)
        else:
            phone.vehicle(speed, plate)
    expect(phone.rows()).to_have_count(5)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        sizes = page.evaluate(KEY_SIZES)
        assert min(min(one[:2]) for one in sizes) >= 44, (width, height)
        if height >= 624:
            assert page.evaluate(SCROLLS) == [False, False, False], (width, height)
            assert page.evaluate(COVERED) == [], (width, height)
            figures = min(tall for _, tall, key in sizes if key.isdigit())
            assert figures >= (47 if height >= 660 else 44), (width, height)
        else:
            # Less than any phone leaves: then it scrolls, and nothing is out of reach.
            page.locator("[data-do=save]").scroll_into_view_if_needed()
            assert page.evaluate(SCROLLS)[1] is False
            phone.press("40").tap("minus")
    # A double tap zooms into none of it.
    assert page.evaluate(TOUCHES) == ["manipulation"]


def test_the_left_hand_is_remembered(phone: Speeds, made: Made):
    def is_save_left() -> bool:
        boxes = [phone.page.locator(f"[data-do={name}]").bounding_box() for name in ("save", "plus")]
        return bool(boxes[0] and boxes[1] and boxes[0]["x"] < boxes[1]["x"])

    phone.begin(made)
    assert not is_save_left()
    phone.tap("menu").page.get_by_role("button", name="for the left hand").click()
    until(is_save_left, 10, "Save on the left")
    phone.page.reload()
    until(is_save_left, 10, "Save on the left again")


def test_a_keyboard_and_a_screen_reader_do_all_of_it(phone: Speeds, made: Made):
    page = phone.begin(made).page
    page.keyboard.type("47gk26xyz")
    page.keyboard.press("Backspace")
    page.keyboard.type("w")
    page.keyboard.press("Enter")
    expect(phone.aloud()).to_have_text("Saved: 47 miles per hour")
    expect(phone.rows().first).to_contain_text("GK** X**")
    page.keyboard.type("44")
    expect(page.locator("[data-key='to-plate']")).to_be_focused()
    page.keyboard.type("lb64rty")
    # By Tab alone, as whoever hears the page goes through it.
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.locator(".wb-log__tiles [data-colour=grey]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".wb-log__tiles [data-colour=grey]")).to_have_attribute("aria-pressed", "true")
    page.locator("[data-do=save]").focus()
    page.keyboard.press("Enter")
    expect(phone.aloud()).to_have_text("Saved: 44 miles per hour")
    assert page.locator("[data-log=aloud]").get_attribute("role") == "status"


def test_a_full_phone_keeps_what_was_typed_and_tries_again(phone: Speeds, made: Made):
    page = phone.begin(made).page
    page.evaluate(FULL)
    phone.press("44GK26ABC").tap("save")
    expect(phone.says()).to_contain_text("could not keep the last vehicle")
    expect(phone.rows().first).to_contain_text("not kept yet")
    # Whoever types on still sees it.
    phone.press("5")
    expect(phone.says()).to_contain_text("could not keep the last vehicle")
    page.evaluate(ROOM_AGAIN)
    expect(phone.aloud()).to_have_text("Saved: 44 miles per hour")
    expect(phone.rows()).to_have_count(1)
    expect(phone.says()).to_be_hidden()
    assert len(readings_of(phone)) == 1


def test_the_outbox_shows_a_session_s_vehicles_as_one_and_no_plate(phone: Speeds, made: Made):
    page = phone.begin(made).page
    for plate in ("LB64RTY", "GK26ABC", "EY19KLM"):
        phone.vehicle(44, plate)
    go(page, "/outbox")
    expect(page.get_by_text("3 vehicles, Otford High Street")).to_be_visible()
    expect(page.get_by_role("heading", name="4 waiting to send")).to_be_visible()
    expect(page.get_by_text("The file would hold whole number plates.", exact=False)).to_be_visible()
    text = page.locator("body").inner_text()
    assert not [one for one in ("LB64", "GK26", "EY19", "LB**") if one in text]
    page.get_by_role("link", name="Open Otford High Street").click()
    expect(phone.rows()).to_have_count(3)
    phone.online().arrived()


def test_an_end_before_the_start_is_refused(phone: Speeds, made: Made):
    page = phone.begin(made).page
    phone.tap("menu").page.locator("[data-sheet=menu] [value=end]").click()
    form = page.locator("[data-speed=end]")
    earlier = (datetime.now(LONDON) - timedelta(minutes=5)).strftime("%H:%M")
    form.locator("[name=ended_at]").fill(earlier)
    form.locator("[name=total_counted]").fill("many")
    form.get_by_role("button", name="End the session").click()
    expect(form.get_by_text("cannot end before it began", exact=False)).to_be_visible()
    expect(form.get_by_text("Enter a whole number", exact=False)).to_be_visible()
    page.get_by_role("link", name="Back to the log").click()
    expect(page.locator(".wb-log")).to_be_visible()
    phone.vehicle(33)
    phone.end(total_counted="87", incidents="Somebody shouted.")
    assert phone.figure("Vehicles counted") == "87"
    page.reload()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(page.locator(".wb-log")).to_be_hidden()


def test_every_page_of_it_is_for_everybody(open_phone: OpenPhone, made: Made):
    phone = open_phone()
    found = looks.look(phone.page, "start")
    phone.start_page().site(made.suspended).press_begin()
    found += looks.look(phone.page, "refused")
    phone.begin(made).tap("plus").vehicle(44, "GK26ABC", "blue", "bmw").vehicle(33)
    found += looks.look(phone.page, "log")
    phone.press("44GKO7AB")
    found += looks.look(phone.page, "warning")
    for name in ("colours", "makes", "types", "other", "rows", "menu"):
        phone.tap(name)
        expect(phone.sheet(name)).to_be_visible()
        found += looks.look(phone.page, name)
        phone.close_sheet()
    phone.tap("save")
    found += looks.look(phone.page, "question")
    phone.page.get_by_role("button", name="Look again").click()
    phone.tap("menu").page.locator("[data-sheet=menu] [value=end]").click()
    expect(phone.page.locator("[data-speed=end]")).to_be_visible()
    found += looks.look(phone.page, "end")
    ending = phone.page.locator("[data-speed=end]").get_by_role("button", name="End the session")
    ending.click()
    expect(phone.page.get_by_text("A vehicle on the log is half typed", exact=False)).to_be_visible()
    found += looks.look(phone.page, "half typed")
    ending.click()
    expect(phone.page.get_by_role("heading", name="Thank you")).to_be_visible()
    found += looks.look(phone.page, "thanks")
    go(phone.page, "/outbox")
    found += looks.look(phone.page, "outbox")
    looks.nothing_in(found)


def test_nobody_who_walks_or_reports_loads_any_of_it(open_page: Callable[..., Page], signed_in: StorageState):
    page = open_page(storage_state=signed_in)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for address in ("/eva/walk", "/fly-tipping/new"):
        go(page, address)
        page.wait_for_load_state("networkidle")
    page.wait_for_function("() => caches.keys().then((names) => names.some((one) => one.includes('field')))")
    assert not [url for url in asked if "speed" in url]
    names = page.evaluate("() => caches.keys()")
    assert not [name for name in names if name.startswith("wardbook-speed-")]
