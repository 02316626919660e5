"""An audit's pages in a real browser: usable by anybody, the map by keys, and a mask drawn, moved by keys and typed."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.auditing import STREETS, Walked, shot
from tests.browser.conftest import DESK, OpenContext, OpenPage
from tests.browser.looks import look, nothing_in
from tests.browser.people import sign_in
from tests.browser.server import Served, prepare
from tests.browser.watch import Watch
from tests.cast import Cast
from webapp import create_app
from webapp.extensions import db
from webapp.services import publishing


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """A published audit with a pair of photos, in a folder that is served afterwards."""
    folder = tmp_path_factory.mktemp("audit")
    prepare(folder)
    # With the folder's own key: what was sent is sealed with it.
    app = create_app({}, folder)
    feelings = {"feelings-by_day": ["safe"], "feelings-after_dark": ["unsafe"], "prompts-lighting": "no"}
    lines = {"route_points": "51.3985, 0.1630\n51.3990, 0.1650", "track": "51.3985 0.1631\n51.3992 0.1652"}
    audit = Walked(app, Cast(app)).send(**STREETS, **feelings, **lines)
    one = audit.see(shot((800, 600)), category="graffiti_offensive", grade="D", note="w" * 60)
    audit.see(category="street_light", grade=None, severity="2", latitude="51.3995", longitude="0.1650")
    audit.line(one, status="completed", after=shot((800, 600)).content)
    audit.unfold()
    audit.release(*audit.photo_ids(), *audit.photo_ids("after"))
    with app.app_context():
        publishing.publish(audit.reference, audit.cast.person("Owen"))
        db.engine.dispose()
    audit.folder = folder
    return audit


@pytest.fixture(scope="module")
def site(walked: Walked) -> Iterator[Served]:
    """Wardbook with that audit."""
    with Served(walked.folder) as served:
        yield served


@pytest.fixture
def photo_id(walked: Walked) -> UUID:
    return walked.photo_ids()[0]


@pytest.fixture
def desk(open_context: OpenContext) -> Page:
    page = open_context(**DESK).new_page()
    sign_in(page, "owen")
    return page


def test_anybody_can_use_the_pages_of_an_audit(open_page: OpenPage, walked: Walked, photo_id: UUID):
    page = open_page()
    sign_in(page, "owen")
    found = []
    for address in (
        walked.page,
        f"{walked.page}/observations/1",
        f"{walked.page}/observations/1/edit",
        f"{walked.page}/you-said",
        f"/photos/{photo_id}/mask",
    ):
        page.goto(address)
        found += look(page, address)
    nothing_in(found)


def test_a_number_on_the_map_leads_to_its_card_by_keys(desk: Page, walked: Walked):
    desk.goto(walked.page)
    number = desk.locator(".ward-map__point", has_text="2: Street light out")
    number.focus()
    desk.keyboard.press("Enter")
    link = desk.locator(".leaflet-popup-content a")
    expect(link).to_be_focused()
    link.press("Enter")
    expect(desk).to_have_url(re.compile("#observation-2$"))
    expect(desk.locator("#observation-2")).to_be_in_viewport()


def test_without_scripts_no_map_stands_empty_beside_its_table(open_context: OpenContext, walked: Walked):
    page = open_context(**DESK, java_script_enabled=False).new_page()
    sign_in(page, "owen")
    for address in (walked.page, "/map"):
        page.goto(address)
        expect(page.locator("#figures")).to_be_visible()
        for part in (".folium-map", ".ward-map__legend"):
            expect(page.locator(part)).to_have_count(1)
            expect(page.locator(part)).to_be_hidden()


def test_a_mask_is_drawn_moved_by_keys_and_made(desk: Page, walked: Walked, photo_id: UUID):
    desk.goto(f"/photos/{photo_id}/mask")
    box = desk.locator(".wb-mask")
    box.scroll_into_view_if_needed()
    edges = box.bounding_box()
    assert edges is not None
    left, top, wide, high = (edges[side] for side in ("x", "y", "width", "height"))
    # From the lower right corner to the upper left one: the direction does not matter.
    desk.mouse.move(left + wide * 0.5, top + high * 0.5)
    desk.mouse.down()
    desk.mouse.move(left + wide * 0.3, top + high * 0.4, steps=5)
    desk.mouse.move(left + wide * 0.25, top + high * 0.25, steps=5)
    desk.mouse.up()

    def typed(part: str) -> float:
        return float(desk.locator(f'[name="areas-{part}"]').first.input_value())

    assert [round(typed(part)) for part in ("x", "y", "width", "height")] == [25, 25, 25, 25]
    before = typed("x"), typed("height")
    box.press("ArrowLeft")
    box.press("Shift+ArrowDown")
    assert (typed("x"), typed("height")) == (before[0] - 1, before[1] + 1)
    expect(desk.locator(".wb-mask + div [role=status]")).to_contain_text("Area 1: 24")
    expect(desk.locator(".wb-mask__new")).to_have_count(1)
    desk.get_by_role("button", name="Put an area on the photo").click()
    expect(desk.locator(".wb-mask__new")).to_have_count(2)
    assert desk.locator('[name="areas-x"]').nth(1).input_value() == "45"
    # The form has three rows; a fourth area needs one more, and the page stays where it is under the pointer.
    box.scroll_into_view_if_needed()
    seen_from = desk.evaluate("scrollY")
    for across in (0.6, 0.8):
        edges = box.bounding_box()
        assert edges is not None
        desk.mouse.move(edges["x"] + wide * across, edges["y"] + high * 0.1)
        desk.mouse.down()
        desk.mouse.move(edges["x"] + wide * (across + 0.1), edges["y"] + high * 0.2, steps=5)
        desk.mouse.up()
    assert desk.evaluate("scrollY") == seen_from
    fourth = [desk.locator(f'[name="areas-{part}"]').nth(3).input_value() for part in ("width", "height")]
    assert [round(float(value)) for value in fourth] == [10, 10]
    desk.get_by_role("button", name="Mask these areas").click()
    expect(desk.get_by_role("heading", name="4 masks")).to_be_visible()
    expect(desk.locator(".wb-mask__list")).to_contain_text("Mask 2: 45% from the left, 45% from the top")

    def is_made() -> bool:
        desk.reload()
        return desk.locator(".wb-mask__image").count() == 1

    for _ in range(30):
        if is_made():
            break
        desk.wait_for_timeout(500)
    expect(desk.locator(".wb-mask__made")).to_have_count(4)
    middle = desk.evaluate("""async () => {
      const image = document.querySelector('.wb-mask__image');
      await image.decode();
      const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight).getContext('2d');
      canvas.drawImage(image, 0, 0);
      return [...canvas.getImageData(image.naturalWidth * 0.35, image.naturalHeight * 0.35, 1, 1).data.slice(0, 3)];
    }""")
    assert max(middle) < 12


def test_without_scripts_an_area_is_typed(open_context: OpenContext, walked: Walked, watch: Watch):
    watch.allowed_statuses = {422}
    photo_id = walked.photo_ids("after")[0]
    page = open_context(**DESK, java_script_enabled=False).new_page()
    sign_in(page, "owen")
    page.goto(f"/photos/{photo_id}/mask")
    for label, value in (("From the left", "10"), ("From the top", "10"), ("Width", "20"), ("Height", "200")):
        page.get_by_label(f"Area 1: {label}, %").fill(value)
    page.get_by_role("button", name="Mask these areas").click()
    expect(page.get_by_role("alert")).to_contain_text("Area 1: “height” is a number from 0 to 100")
    page.get_by_label("Area 1: Height, %").fill("20")
    page.get_by_role("button", name="Mask these areas").click()
    expect(page.get_by_role("heading", name="1 mask", exact=True)).to_be_visible()


def test_on_paper_the_page_for_residents_has_its_words_and_no_machinery(desk: Page, walked: Walked):
    desk.goto(f"{walked.page}/you-said")
    desk.emulate_media(media="print")
    expect(desk.get_by_role("heading", name="You said, we did")).to_be_visible()
    expect(desk.locator(".wb-photo__image").first).to_be_visible()
    for machinery in (".govuk-back-link", ".wb-nav", ".wb-footer__links"):
        expect(desk.locator(machinery).first).to_be_hidden()
