"""How pages are laid out: the header's two lines, words that fit, what stands on paper and in forced colours."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, OpenContext, sign_in

MOST_HEADER_PX = {"": 100, "owen": 190}
LINES_OF_NAME = """() => {
  const words = document.createRange();
  words.selectNodeContents(document.querySelector('.wb-header__partnership'));
  return new Set([...words.getClientRects()].map((box) => box.top)).size;
}"""
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
LONG_WORD = """(length) => {
  for (const cell of document.querySelectorAll('tbody tr:first-child > *')) cell.textContent = 'w'.repeat(length);
}"""
SHOWN_AFTER_LINKS = """() => [...document.querySelectorAll('main a, footer a')]
  .map((link) => getComputedStyle(link, '::after').content).filter((content) => content.includes('('))"""

Opened = Callable[..., Page]


@pytest.fixture
def opened(open_context: OpenContext) -> Opened:
    """Opens a page of a width, signed in when a name is given."""

    def open_one(width: int, name: str = "", **options: Any) -> Page:
        page = open_context(viewport={"width": width, "height": 844}, **options).new_page()
        if name:
            sign_in(page, name)
        return page

    return open_one


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("name", ["", "owen"])
def test_the_partnership_s_name_has_two_lines_at_most_on_a_phone(opened: Opened, width: int, name: str):
    page = opened(width, name)
    page.goto("/wards")
    assert page.evaluate(LINES_OF_NAME) <= 2
    assert page.locator(".wb-header").bounding_box()["height"] <= MOST_HEADER_PX[name]


def test_no_gap_stands_between_a_telephone_number_and_its_full_stop(open_context: OpenContext):
    page = open_context(**PHONE).new_page()
    page.goto("/")
    for number in ("999", "101"):
        link = page.locator(f".wb-danger a[href='tel:{number}']")
        around = link.evaluate(
            "(a) => [a.getBoundingClientRect().width, parseFloat(getComputedStyle(a, '::after').width)]"
        )
        assert around[0] < 30
        assert around[1] >= 44
