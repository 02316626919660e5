"""The outbox as its person sees it without a connection: the badge, the first photo of each line."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.field import Field

BADGE_AND_NAME = """() => ['.wb-waiting', '.wb-header__home'].map(
  (selector) => document.querySelector(selector).getBoundingClientRect().toJSON())"""
SHOWN_PHOTOS = """() => [...document.querySelectorAll('.wb-outbox__preview')]
  .filter((image) => image.complete && image.naturalWidth).length"""

DRAW_AGAIN = """() => new Promise((done) => {
  new MutationObserver(done).observe(document.querySelector('[data-outbox="lists"]'), { childList: true });
  window.dispatchEvent(new Event('offline'));
}).then(() => true)"""


@pytest.fixture
def outbox(afield: Field) -> Page:
    """The outbox of a phone without a signal, where two reports wait, the older one without a photo."""
    afield.go("/")
    afield.until_installed()
    afield.proxy.offline = True
    afield.send(place_text="Opposite the old quarry")
    afield.is_saved()
    afield.send(afield.picture(), place_text="By the ford")
    afield.is_saved()
    afield.go("/outbox")
    expect(afield.page.get_by_role("heading", name="Outbox: 2 waiting to send")).to_be_visible()
    return afield.page


@pytest.mark.parametrize("width", [320, 390, 414, 600])
def test_the_badge_has_a_line_of_its_own_beneath_the_name_on_a_phone(outbox: Page, width: int):
    outbox.set_viewport_size({"width": width, "height": 800})
    badge, name = outbox.evaluate(BADGE_AND_NAME)
    assert badge["top"] >= name["bottom"]
    assert (badge["left"], badge["right"]) == (0, width)


def test_a_line_shows_its_first_photo_however_often_the_list_is_drawn(outbox: Page):
    outbox.wait_for_function(f"() => ({SHOWN_PHOTOS})() === 1")
    outbox.evaluate(DRAW_AGAIN)
    image = outbox.locator(".wb-outbox__item").filter(has_text="By the ford").locator("img")
    assert image.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 640
