"""What anybody can use: axe finds nothing, nothing runs off a narrow screen, the keyboard is enough."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LANE, sign_in
from tests.browser.pages import ADMIN, OFFICER, PUBLIC, Stop, resident_walk
from tests.browser.report import CHECK, SCREENS, SENT, Report
from tests.browser.server import ROOT, Served, prepare
from tests.browser.watch import Watch

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
WIDTHS = (390, 1280)
LEAST_TEXT_PX = 16
LEAST_TARGET_PX = 44
# The words that Leaflet prints on a map are as small as its makers want them: 14 px, and the scale's.
SMALL_ON_MAPS = ".leaflet-control-attribution, .leaflet-control-scale"

BROKEN_RULES = """async () => {
  const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await axe.run(document, { runOnly });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html)}`);
}"""
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
SMALL_TEXT = """([least, allowed]) => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = new Set();
  for (let node; (node = walker.nextNode()); ) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() || element.closest(allowed)) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size < least) found.add(`${element.className}: ${node.data.trim()}`);
  }
  return [...found];
}"""
# A link within a sentence is as high as its line; every other target is as large as a thumb. Where the words stay
# small, what is hit may be the empty box that the style sheet lays over them.
SMALL_TARGETS = """(least) => {
  const standing = 'button, .govuk-button, input:not([type=hidden]), select, textarea, summary, nav a, footer a,'
    + 'header a, td a, th a, li a:only-child, .govuk-error-summary a, .wb-reach';
  const size = (element, side) => {
    const laid = getComputedStyle(element, '::after');
    const over = laid.position === 'absolute' ? parseFloat(laid[side]) : 0;
    return Math.max(element.getBoundingClientRect()[side], over);
  };
  const isAlone = (element) => !element.matches('li a') || element.closest('header, footer, nav, .govuk-error-summary')
    || element.parentElement.innerText.trim() === element.innerText.trim();
  return [...document.querySelectorAll(standing)].filter((element) => {
    if (!element.checkVisibility({ opacityProperty: false }) || !isAlone(element)) return false;
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1 && Math.min(size(element, 'width'), size(element, 'height')) < least - 0.5;
  }).map((element) => `${element.outerHTML.slice(0, 120)} ${Math.round(element.getBoundingClientRect().height)}`);
}"""
UNFOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const shown = element.matches('input[type=radio], input[type=checkbox]') ? element.nextElementSibling : element;
  const styles = [getComputedStyle(shown), getComputedStyle(shown, '::before'), getComputedStyle(element)];
  const rings = styles.some((style) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 1)
    || style.boxShadow !== 'none');
  return rings ? null : element.outerHTML.slice(0, 120);
}"""

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Wardbook with the demo's year of records, so that every list and map has something in it."""
    folder = tmp_path_factory.mktemp("year")
    prepare(folder, with_year=True)
    served = Served(folder).start()
    yield served
    served.stop()


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: Served) -> Callable[[str], Any]:
    """The cookies of a demo person on this module's site."""

    def cookies(name: str) -> Any:
        context = browser.new_context(base_url=site.url)
        sign_in(context.new_page(), name)
        kept = context.storage_state()
        context.close()
        return kept

    return cookies


@pytest.fixture
def open_page(browser: Browser, site: Served, watch: Watch) -> Iterator[OpenPage]:
    """Opens a page of a width with axe in it; the policy lets no foreign script in, the browser brings it."""
    contexts = []

    def open_one(width: int, **options: Any) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 844},
            geolocation=LANE,
            permissions=["geolocation"],
            reduced_motion="reduce",
            **options,
        )
        # Playwright runs this in each page before the page's own scripts, outside the policy, which stays in force.
        context.add_init_script(AXE)
        contexts.append(watch.over(context))
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


def faults(page: Page, name: str, width: int) -> list[str]:
    """Return what is wrong with the page as it stands."""
    found = [f"{name} at {width}: {fault}" for fault in page.evaluate(BROKEN_RULES)]
    found += [
        f"{name} at {width}: small text {text}"
        for text in page.evaluate(SMALL_TEXT, [LEAST_TEXT_PX, SMALL_ON_MAPS])
    ]
    if page.evaluate(WIDER):
        found.append(f"{name} at {width}: wider than the screen")
    return found


def faults_on_phone(page: Page, name: str) -> list[str]:
    """Return the faults at 390 and at 320 px, and the targets that a thumb would miss."""
    found = faults(page, name, 390)
    found += [f"{name}: target {target}" for target in page.evaluate(SMALL_TARGETS, LEAST_TARGET_PX)]
    page.set_viewport_size({"width": 320, "height": 700})
    if page.evaluate(WIDER):
        found.append(f"{name} at 320: wider than the screen")
    page.set_viewport_size({"width": 390, "height": 844})
    return found


def look(page: Page, name: str, width: int) -> list[str]:
    return faults_on_phone(page, name) if width == 390 else faults(page, name, width)


def walk(page: Page, stops: Sequence[Stop], watch: Watch, width: int) -> list[str]:
    found = []
    for stop in stops:
        watch.allowed_statuses = set(stop.refused)
        stop.go(page)
        found += look(page, stop.name, width)
    return found


def nothing_in(found: list[str]) -> None:
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", WIDTHS)
def test_public_pages_are_accessible(open_page: OpenPage, watch: Watch, width: int):
    nothing_in(walk(open_page(width), PUBLIC, watch, width))


@pytest.mark.parametrize("width", WIDTHS)
def test_every_screen_of_the_report_is_accessible(open_page: OpenPage, watch: Watch, width: int):
    watch.allowed_statuses = {422}
    page = open_page(width)
    nothing_in([fault for name in resident_walk(page) for fault in look(page, name, width)])


@pytest.mark.parametrize("width", WIDTHS)
def test_the_report_without_javascript_is_accessible(open_page: OpenPage, watch: Watch, width: int):
    page = open_page(width)
    # The page as it is before its script runs: axe itself needs scripts, so they cannot be off.
    page.route("**/js/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/fly-tipping/new")
    nothing_in(look(page, "the long page", width))


@pytest.mark.parametrize("width", WIDTHS)
def test_officers_pages_are_accessible(open_page: OpenPage, watch: Watch, signed_in: Any, width: int):
    page = open_page(width, storage_state=signed_in("owen"))
    nothing_in(walk(page, OFFICER, watch, width))


@pytest.mark.parametrize("width", WIDTHS)
def test_administrators_pages_are_accessible(open_page: OpenPage, watch: Watch, signed_in: Any, width: int):
    page = open_page(width, storage_state=signed_in("ada"))
    nothing_in(walk(page, ADMIN, watch, width))


def test_the_keyboard_alone_sends_a_report(open_page: OpenPage):
    page = open_page(390)
    Report(page).open()
    unseen = Keyboard(page)
    unseen.to("What would help us find it?").type("By the old quarry")
    unseen.to("Use this place").press("Enter")
    Report(page).is_at(SCREENS[1])
    unseen.to("Household rubbish in bags").press("Space", "ArrowDown")
    expect(page.get_by_role("radio", name="Furniture and household things")).to_be_checked()
    unseen.to("Continue").press("Enter")
    Report(page).is_at(SCREENS[2])
    unseen.to("Road, verge, pavement or lay-by").press("Space")
    for screen in (SCREENS[3], SCREENS[4], CHECK):
        unseen.to("Continue").press("Enter")
        Report(page).is_at(screen)
    unseen.to("Send report").press("Enter")
    expect(page.get_by_role("heading", name=SENT)).to_be_visible()
    assert unseen.without_ring == []


class Keyboard:
    """Somebody with a keyboard and nothing else, who must see where they are."""

    MOST_TABS = 60

    def __init__(self, page: Page) -> None:
        self.page = page
        self.without_ring: list[str] = []

    def to(self, name: str) -> "Keyboard":
        """Press Tab until the control of this name has the focus."""
        for _ in range(self.MOST_TABS):
            self.page.keyboard.press("Tab")
            if unringed := self.page.evaluate(UNFOCUSED):
                self.without_ring.append(unringed)
            if name in self._here():
                return self
        raise AssertionError(f"Tab never reached “{name}”.")

    def _here(self) -> str:
        return self.page.evaluate(
            "() => { const e = document.activeElement; return `${e.labels?.[0]?.textContent ?? ''} ${e.textContent}`; }"
        )

    def type(self, words: str) -> None:
        """Type words into the field that has the focus."""
        self.page.keyboard.type(words)

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
