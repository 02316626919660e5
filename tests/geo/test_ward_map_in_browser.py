"""The ward map in a real browser, under the policy that the pages have."""

import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.geo.map_site import ASSETS, HOSTILE, NONCE, Answers, Site, page_of
from webapp.geo.audit_maps import SeenPoint, audit_map
from webapp.geo.boundaries import schematic_wards
from webapp.geo.maps import MapParts, ward_map
from webapp.geo.site_maps import SitePoint, site_map
from webapp.geo.wards import WardShape

Visit = Callable[..., Site]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def wards() -> list[WardShape]:
    """The shipped wards, one of which has been given a name meant to break out of the page."""
    first, *others = schematic_wards().wards
    return [WardShape(first.code, HOSTILE, first.geometry), *others]


@pytest.fixture
def counts(wards: list[WardShape]) -> dict[str, int]:
    """Every ward counted but the last, which has no data; the second has none open."""
    return {ward.code: number % 13 for number, ward in enumerate(wards[:-1], start=12)}


@pytest.fixture
def visit(browser: Browser, wards: list[WardShape], counts: dict[str, int]) -> Iterator[Visit]:
    """Open the map's page at a width, and yield the site."""
    servers, contexts = [], []

    def open_page(
        width: int = 1280, height: int = 900, points_status: int = 200, drawn: MapParts | None = None
    ) -> Site:
        parts = drawn or ward_map(
            wards,
            counts,
            points_url="/map/points",
            attribution="contains <b>OS</b> data",
            assets=ASSETS,
            nonce=NONCE,
        )
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Answers, page_of(parts), points_status))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        site = Site(f"http://127.0.0.1:{server.server_port}/", page)
        page.on("request", lambda request: site.asked.append(request.url))
        page.on("console", lambda message: site.complaints.append(message.text))
        page.on("pageerror", lambda error: site.complaints.append(str(error)))
        page.on(
            "dialog", lambda dialog: (site.complaints.append(f"dialog {dialog.message}"), dialog.dismiss())
        )
        page.goto(site.url)
        expect(page.locator(".ward-map__label, .ward-map__point").first).to_be_attached()
        return site

    yield open_page
    for context in contexts:
        context.close()
    for server in servers:
        server.shutdown()
        server.server_close()


def ward_paths(page: Page) -> Locator:
    return page.locator(".folium-map path.leaflet-interactive")


def zoom_in(page: Page) -> None:
    page.get_by_role("button", name="Zoom in", exact=True).click()


def test_the_map_runs_under_the_strict_policy_without_a_complaint(visit: Visit) -> None:
    site = visit()
    zoom_in(site.page)
    expect(site.page.locator(".ward-map__cluster, .ward-map__point").first).to_be_visible()
    assert site.complaints == []


def test_the_browser_asks_no_other_origin_for_anything(visit: Visit) -> None:
    site = visit()
    zoom_in(site.page)
    expect(site.page.locator(".ward-map__cluster, .ward-map__point").first).to_be_visible()
    assert {urlsplit(url).netloc for url in site.asked} == {urlsplit(site.url).netloc}
    assert any(url.endswith("/static/leaflet.js") for url in site.asked)


def test_every_ward_is_drawn_and_says_its_name_and_count(
    visit: Visit, wards: list[WardShape], counts: dict[str, int]
) -> None:
    site = visit()
    paths = ward_paths(site.page)
    expect(paths).to_have_count(len(wards))
    spoken = [paths.nth(number).get_attribute("aria-label") for number in range(len(wards))]
    assert spoken[0] == f"{HOSTILE}: 12 open records"
    assert spoken[1] == f"{wards[1].name}: 0 open records"
    assert spoken[2] == f"{wards[2].name}: 1 open record"
    assert spoken[-1] == f"{wards[-1].name}: no data"


def test_zero_and_no_data_look_different_from_each_other_and_from_a_count(visit: Visit) -> None:
    paths = ward_paths(visit().page)
    fills = [paths.nth(number).get_attribute("fill") for number in (0, 1, 2, 25)]
    assert fills == ["#12533a", "#ffffff", "#c4d4ce", "url(#ward-map-no-data)"]


@pytest.mark.parametrize("width", [390, 1280])
def test_every_count_stands_on_the_map_in_16_px_and_never_on_another(visit: Visit, width: int) -> None:
    page = visit(width=width, height=844).page
    shown = page.locator(".ward-map__label > span:visible")
    boxes = [shown.nth(number).bounding_box() for number in range(shown.count())]
    assert len(boxes) == 25
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.ward-map__label span')).fontSize") == "16px"
    )
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            apart_sideways = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
            apart_upright = one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
            assert apart_sideways or apart_upright


@pytest.mark.parametrize("width", [390, 1280])
def test_a_count_beside_its_ward_has_a_line_from_a_dot_in_it(visit: Visit, width: int) -> None:
    page = visit(width=width, height=844).page
    moved = page.locator(".ward-map__label > span").evaluate_all(
        "(all) => all.filter((one) => parseFloat(one.style.left) || parseFloat(one.style.top)).length"
    )
    assert moved > 0
    for part in ("line", "foot"):
        expect(page.locator(f".ward-map__{part}")).to_have_count(moved)


def test_a_hostile_report_is_only_words(visit: Visit) -> None:
    site = visit()
    zoom_in(site.page)
    for _ in range(2):
        site.page.locator(".ward-map__cluster").first.dispatch_event("click")
    site.page.locator(".ward-map__point").filter(has_text=HOSTILE).dispatch_event("click")
    expect(site.page.locator(".leaflet-popup-content a")).to_have_text(HOSTILE)
    assert site.page.locator("img[src=x]").count() == 0
    assert site.complaints == []


def test_enter_on_a_ward_offers_its_page_and_escape_gives_the_focus_back(
    visit: Visit, wards: list[WardShape]
) -> None:
    page = visit().page
    path = ward_paths(page).nth(3)
    path.focus()
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name=wards[3].name)
    expect(link).to_be_focused()
    assert link.get_attribute("href") == f"/wards/{wards[3].code}"
    page.keyboard.press("Escape")
    expect(path).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Arrived")


def test_a_focused_ward_has_a_ring_of_two_tones_and_keeps_its_turn(visit: Visit) -> None:
    page = visit().page
    ward_paths(page).nth(3).focus()
    assert page.locator(".ward-map__ring-outer, .ward-map__ring-inner").count() == 2
    page.keyboard.press("Tab")
    expect(ward_paths(page).nth(4)).to_be_focused()
    assert page.locator(".ward-map__ring-outer, .ward-map__ring-inner").count() == 2


def test_close_by_the_counts_stay_and_the_wards_have_their_names(
    visit: Visit, wards: list[WardShape]
) -> None:
    page = visit().page
    for _ in range(8):
        zoom_in(page)
    expect(page.locator(".ward-map--close .ward-map__label").filter(has_text=wards[3].name)).to_have_count(1)
    expect(page.locator(".ward-map__label > span").nth(3)).to_be_visible()


def test_a_click_on_a_ward_offers_its_page(visit: Visit, wards: list[WardShape]) -> None:
    page = visit().page
    ward_paths(page).nth(25).dispatch_event("click")
    expect(page.get_by_role("link", name=wards[25].name)).to_have_attribute(
        "href", f"/wards/{wards[25].code}"
    )
    expect(page.locator(".leaflet-popup-content")).to_contain_text("no data")


def test_a_hostile_ward_name_is_only_words(visit: Visit, wards: list[WardShape]) -> None:
    site = visit()
    ward_paths(site.page).nth(0).focus()
    site.page.keyboard.press("Enter")
    expect(site.page.locator(".leaflet-popup-content a")).to_have_text(HOSTILE)
    assert site.page.locator("img[src=x]").count() == 0
    assert site.complaints == []


def test_the_points_are_fetched_only_when_somebody_zooms_in(visit: Visit) -> None:
    site = visit()
    assert not any("/map/points" in url for url in site.asked)
    zoom_in(site.page)
    expect(site.page.locator(".ward-map__cluster, .ward-map__point")).to_have_count(2)
    assert sum("/map/points" in url for url in site.asked) == 1
    site.page.get_by_role("button", name="Zoom out").click()
    expect(site.page.locator(".ward-map__cluster, .ward-map__point")).to_have_count(0)


def test_an_address_of_another_kind_never_becomes_a_link(visit: Visit) -> None:
    site = visit()
    zoom_in(site.page)
    point = site.page.locator(".ward-map__point").filter(has_text="an address that is not ours")
    point.dispatch_event("click")
    expect(site.page.locator(".leaflet-popup-content p")).to_have_text("an address that is not ours")
    assert site.page.locator(".leaflet-popup-content a").count() == 0


def test_points_that_cannot_be_loaded_are_said_in_words(visit: Visit) -> None:
    site = visit(points_status=503)
    zoom_in(site.page)
    expect(site.page.get_by_role("status")).to_have_text(
        "The single reports could not be loaded. The table has the same figures."
    )


def test_the_wheel_scrolls_the_page_until_the_map_is_clicked(visit: Visit) -> None:
    page = visit(height=300).page
    box = page.locator(".folium-map").bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 100)
    page.mouse.wheel(0, 2000)
    expect(page.locator("h1")).not_to_be_in_viewport()


def test_a_phone_shows_the_whole_map_without_scrolling_sideways(visit: Visit) -> None:
    page = visit(width=390, height=844).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for name in ("Zoom in", "Zoom out"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box["width"] >= 44
        assert box["height"] >= 44


def test_nothing_in_the_markup_carries_a_style_or_an_event_handler(
    wards: list[WardShape], counts: dict[str, int]
) -> None:
    parts = ward_map(wards, counts, points_url="/p", attribution="a", assets=ASSETS, nonce=NONCE)
    for piece in (parts.head, parts.html, parts.script):
        assert " style=" not in piece
        assert " onclick=" not in piece
        assert "https://" not in piece
    assert parts.script.count("<script") == parts.script.count(f'nonce="{NONCE}"') == 3


LOOK = {"attribution": "contains <b>OS</b> data", "assets": ASSETS, "nonce": NONCE}
OF_SITES = SitePoint(51.2705, 0.1920, "approved", "30", HOSTILE, "/wards/site")
SEEN = SeenPoint(1, 51.2705, 0.1920, HOSTILE, "/wards/seen", True)


@pytest.mark.parametrize("name", ["sites", "audit"])
def test_a_point_answers_to_enter_and_escape_gives_the_focus_back(
    visit: Visit, wards: list[WardShape], name: str
) -> None:
    drawn = (
        site_map(wards, [OF_SITES], labels={"approved": "Approved"}, mark_words="The limit", **LOOK)
        if name == "sites"
        else audit_map(wards[0], [SEEN], route=[], track=[], **LOOK)
    )
    site = visit(drawn=drawn)
    marker, link = (
        site.page.locator(".ward-map__point"),
        site.page.locator(".leaflet-popup a[href^='/wards/']"),
    )
    assert HOSTILE in marker.inner_text()
    marker.focus()
    site.page.keyboard.press("Enter")
    expect(link).to_be_focused()
    site.page.keyboard.press("Escape")
    expect(link).to_have_count(0)
    expect(marker).to_be_focused()
    site.page.keyboard.press("Enter")
    site.page.keyboard.press("Enter")
    expect(site.page).to_have_title("Arrived")
    assert site.complaints == []
