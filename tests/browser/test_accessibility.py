"""What anybody can use: axe finds nothing, nothing runs off a narrow screen, the keyboard is enough."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.looks import look, look_on_the_way, nothing_in, visits
from tests.browser.pages import PUBLIC, STAFF, resident_walk, without_scripts
from tests.browser.people import sign_in
from tests.browser.report import CHECK, SCREENS, SENT, Report
from tests.browser.server import Served
from tests.browser.watch import Watch

UNFOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const shown = element.matches('input[type=radio], input[type=checkbox]') ? element.nextElementSibling : element;
  const styles = [getComputedStyle(shown), getComputedStyle(shown, '::before'), getComputedStyle(element)];
  const rings = styles.some((style) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 1)
    || style.boxShadow !== 'none');
  return rings ? null : element.outerHTML.slice(0, 120);
}"""


@pytest.fixture(scope="module")
def site(year: Served) -> Served:
    """Wardbook with the demo's year, so that every list and map has something in it."""
    return year


def test_public_pages_are_accessible(open_page: OpenPage, watch: Watch):
    page = open_page()
    nothing_in(look_on_the_way(page, visits(page, PUBLIC, watch)))


def test_every_screen_of_the_report_is_accessible(open_page: OpenPage, watch: Watch):
    watch.allowed_statuses = {422}
    page = open_page()
    nothing_in(look_on_the_way(page, resident_walk(page)))


def test_the_report_without_javascript_is_accessible(open_page: OpenPage):
    page = open_page()
    without_scripts(page)
    page.goto("/fly-tipping/new")
    nothing_in(look(page, "the long page"))


@pytest.mark.parametrize("name", STAFF)
def test_what_each_role_sees_is_accessible(open_page: OpenPage, watch: Watch, name: str):
    page = open_page()
    sign_in(page, name)
    nothing_in(look_on_the_way(page, visits(page, STAFF[name], watch)))


def test_the_keyboard_alone_sends_a_report(open_page: OpenPage):
    page = open_page()
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
