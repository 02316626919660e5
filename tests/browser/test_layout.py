"""How pages are laid out: the header's two lines, words that fit, what stands on paper and in forced colours."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Chromium
from tests.browser.conftest import PHONE, OpenContext
from tests.browser.people import sign_in
from tests.browser.report import SENT
from tests.browser.server import Served, prepare

MOST_HEADER_PX = {"": 100, "owen": 190}
LINES_OF_NAME = """() => {
  const words = document.createRange();
  words.selectNodeContents(document.querySelector('.wb-header__partnership'));
  return new Set([...words.getClientRects()].map((box) => box.top)).size;
}"""
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
LONG_WORD = """(length) => {
  const cells = document.querySelectorAll('tbody tr:first-child > :not(.wb-no-break)');
  for (const cell of cells) cell.textContent = 'w'.repeat(length);
}"""
TEXT_SIZES = """() => {
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const sizes = new Set();
  for (let node; (node = walker.nextNode()); ) {
    if (node.data.trim()) sizes.add(parseFloat(getComputedStyle(node.parentElement).fontSize));
  }
  return [...sizes];
}"""
CHOOSER = """(input) => {
  const button = getComputedStyle(input, '::file-selector-button');
  return [button.borderRadius, button.fontWeight, parseFloat(button.minHeight) >= 44, button.backgroundColor];
}"""
# In hundredths of a pixel: where a layer is shifted by part of one, 44 comes back as 43.99998.
POPUP_BOXES = """() => ['.leaflet-popup-content a', '.leaflet-popup-close-button']
  .map((selector) => document.querySelector(selector).getBoundingClientRect())
  .map(({ left, right, width, height }) => {
    const sides = Object.entries({ left, right, width, height });
    return Object.fromEntries(sides.map(([side, length]) => [side, Math.round(length * 100) / 100]));
  })"""
# GOV.UK's sizes for small print, body, medium and large headings.
SCALE = {390: {16, 19, 21, 27}, 1280: {16, 19, 24, 36}}
SHOWN_AFTER_LINKS = """() => [...document.querySelectorAll('a[href^="/"]')]
  .map((link) => getComputedStyle(link, '::after').content).filter((content) => content.includes('('))"""

Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Wardbook with the one record that `sent` makes, whatever other tests send elsewhere."""
    folder = tmp_path_factory.mktemp("layout")
    prepare(folder)
    with Served(folder) as served:
        yield served


@pytest.fixture(scope="module")
def cookies() -> dict[str, Any]:
    """The cookies of whoever has signed in: an account may do that only so often in a minute."""
    return {"": None}


@pytest.fixture
def opened(open_context: OpenContext, cookies: dict[str, Any]) -> Opened:
    """Opens a page of a width, signed in when a name is given."""

    def open_one(width: int, name: str = "", **options: Any) -> Page:
        if name not in cookies:
            context = open_context()
            sign_in(context.new_page(), name)
            cookies[name] = context.storage_state()
        size = {"width": width, "height": 844}
        return open_context(viewport=size, storage_state=cookies[name], **options).new_page()

    return open_one


@pytest.fixture(scope="module", autouse=True)
def sent(chromium: Chromium, site: Served) -> str:
    """The address of a report that somebody sent, so that lists have something in them."""
    with chromium.context(base_url=site.url, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/fly-tipping/new")
        page.get_by_label("What would help us find it?").fill("By the old quarry")
        page.get_by_label("Postcode").fill("DA4 0AA")
        page.get_by_label("Asbestos, or sheets that may be").check()
        page.get_by_label("Road, verge, pavement or lay-by").check()
        page.get_by_role("button", name="Send report").click()
        expect(page.get_by_role("heading", name=SENT)).to_be_visible()
        return page.url.removeprefix(site.url)


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


@pytest.mark.parametrize(("path", "name"), [("/records", "owen"), ("/people", "ada")])
def test_a_word_of_250_letters_stays_inside_its_table(opened: Opened, path: str, name: str):
    page = opened(1280, name)
    page.goto(path)
    page.evaluate(LONG_WORD, 250)
    assert not page.evaluate(WIDER)


@pytest.mark.parametrize("path", ["/wards", "/map"])
def test_words_of_twice_the_size_stay_inside_a_phone(opened: Opened, path: str):
    page = opened(390, "owen")
    page.goto(path)
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    assert not page.evaluate(WIDER)


def test_on_a_phone_the_filters_are_folded_and_the_list_is_seen_at_once(opened: Opened):
    page = opened(390, "owen", java_script_enabled=False)
    page.goto("/records?state=open")
    expect(page.get_by_text("1 record.")).to_be_in_viewport()
    expect(page.get_by_role("link", name="FT-")).to_be_in_viewport()
    expect(page.get_by_label("Ward", exact=True)).to_be_hidden()
    page.get_by_text("Filter the records (1 set)").click()
    expect(page.get_by_label("Ward", exact=True)).to_be_visible()
    page.get_by_label("Status").select_option("Cleared")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("0 records")).to_be_visible()


def test_at_a_desk_the_filters_stand_open_in_one_row(opened: Opened):
    page = opened(1280, "owen", java_script_enabled=False)
    page.goto("/records?state=open")
    expect(page.get_by_text("Filter the records")).to_be_hidden()
    filters = page.get_by_role("search", name="Filter the records")
    # What stands behind "More filters" is not in the row.
    row = filters.locator("> .govuk-form-group").locator("select, input").all()
    tops = {box.bounding_box()["y"] for box in row}
    assert len(tops) == 1
    filters.get_by_label("Reference, place or description").fill("quarry")
    filters.get_by_role("button", name="Show").click()
    expect(page.get_by_role("cell", name="By the old quarry")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_what_a_reporter_sees_keeps_to_the_sizes_of_the_type_scale(opened: Opened, sent: str, width: int):
    page = opened(width)
    for path in (sent, sent.removesuffix("/sent")):
        page.goto(path)
        assert set(page.evaluate(TEXT_SIZES)) <= SCALE[width], path


def test_every_file_chooser_has_a_button_like_ours_without_a_script(opened: Opened, sent: str):
    page = opened(390, "owen", java_script_enabled=False)
    page.goto("/records")
    record = page.get_by_role("link", name="FT-").get_attribute("href")
    for path in ("/fly-tipping/new", sent.removesuffix("/sent"), f"{record}/moves/clear"):
        page.goto(path)
        looks = page.locator("input[type=file]").evaluate(CHOOSER)
        assert looks == ["8px", "700", True, "rgb(255, 255, 255)"], path


def test_the_map_can_be_skipped_with_the_keyboard(opened: Opened):
    page = opened(1280, "owen")
    page.goto("/map")
    page.get_by_role("link", name="Skip to main content").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip the map")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["height"] > 20
    page.keyboard.press("Enter")
    expect(page.get_by_role("table")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("table").get_by_role("link").first).to_be_focused()


def _is_fit_for_a_thumb(page: Page) -> None:
    """Expect a popup's link and its way out to be as large as a thumb, neither over the other, both on the map."""
    # All at one moment: the map may still be moving to show the whole popup.
    link, close = page.evaluate(POPUP_BOXES)
    assert link["height"] >= 44
    assert min(close["width"], close["height"]) >= 44
    assert link["right"] <= close["left"]
    expect(page.locator(".leaflet-popup-close-button")).to_be_in_viewport(ratio=1)


def test_what_opens_on_the_map_can_be_hit_with_a_thumb(opened: Opened):
    page = opened(390, "owen", has_touch=True, is_mobile=True)
    page.goto("/map")
    # A ward whose name is as wide as a popup may be.
    page.locator(".folium-map path[aria-label^='Farningham']").press("Enter")
    expect(page.locator(".leaflet-popup-content a")).to_have_text(
        "Farningham, Horton Kirby and South Darenth"
    )
    _is_fit_for_a_thumb(page)
    page.get_by_role("button", name="Close popup").tap()
    page.get_by_role("button", name="Zoom in", exact=True).tap()
    page.locator(".ward-map__point").dispatch_event("click")
    expect(page.locator(".leaflet-popup-content a")).to_contain_text("FT-")
    _is_fit_for_a_thumb(page)


@pytest.mark.parametrize("path", ["/wards", "/wards/E05005016", "/map", "/records", "/privacy"])
def test_no_address_way_back_or_form_is_printed(opened: Opened, path: str):
    page = opened(1280, "owen")
    page.goto(path)
    page.emulate_media(media="print")
    assert page.evaluate(SHOWN_AFTER_LINKS) == []
    assert page.locator("main form:visible, .govuk-back-link:visible").count() == 0


def test_forced_colours_still_tell_which_page_is_shown(opened: Opened):
    page = opened(1280, "owen", forced_colors="active")
    page.goto("/records")
    edge = "(a) => getComputedStyle(a).borderBottomColor"
    here = page.get_by_role("link", name="Records", exact=True).evaluate(edge)
    others = {page.get_by_role("link", name=name, exact=True).evaluate(edge) for name in ("Map", "Actions")}
    assert here not in others
    assert page.locator(".wb-nav__link").first.evaluate("(a) => getComputedStyle(a).borderTopColor") in others
