"""Words that want to break out of a page, as a ward's name and in a report, stay words wherever staff read them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, OpenContext
from tests.browser.people import sign_in
from tests.browser.server import Served, prepare
from tests.builders import SEVENOAKS_WARD, submit
from webapp import create_app
from webapp.extensions import db
from webapp.geo.boundaries import schematic_wards
from webapp.models.fly_tipping import FlyTip
from webapp.services import wards

HOSTILE = "</script><img src=x onerror=alert(1)>"
BROKEN_OUT = "img[src=x], script:not([src]):not([nonce])"


def _fill(folder: Path) -> None:
    """Give one ward the hostile name, and put into it a report whose words are hostile and public."""
    read = schematic_wards()
    named = tuple(replace(ward, name=HOSTILE) if ward.code == SEVENOAKS_WARD else ward for ward in read.wards)
    app = create_app({}, folder)
    with app.app_context():
        wards.import_set(replace(read, wards=named))
        reporter = {"name": HOSTILE, "email": "rosa@example.org"}
        submit(description=HOSTILE, place={"words": HOSTILE}, reporter=reporter)
        db.session.query(FlyTip).one().visibility = "released"
        db.session.commit()
        db.engine.dispose()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Wardbook with the hostile ward and the hostile report."""
    folder = tmp_path_factory.mktemp("hostile")
    prepare(folder)
    _fill(folder)
    with Served(folder) as served:
        yield served


@pytest.fixture
def owen(open_context: OpenContext) -> Page:
    """Owen's desk. What a script or the policy complains of fails the test."""
    page = open_context(**DESK).new_page()
    sign_in(page, "owen")
    return page


def test_on_pages_of_wards_and_records_they_are_only_words(owen: Page):
    for path, times in (("/wards", 1), (f"/wards/{SEVENOAKS_WARD}", 2), ("/records", 2)):
        owen.goto(path)
        shown = owen.locator("main").get_by_text(HOSTILE)
        assert shown.count() >= times, path
        assert owen.locator(BROKEN_OUT).count() == 0, path
    owen.get_by_role("link", name="FT-").click()
    assert owen.locator("dd").get_by_text(HOSTILE).count() == 3
    assert owen.locator(BROKEN_OUT).count() == 0


def test_on_the_map_they_are_only_words(owen: Page):
    owen.goto("/map")
    owen.locator(f".folium-map path[aria-label^='{HOSTILE}']").press("Enter")
    expect(owen.locator(".leaflet-popup-content a")).to_have_text(HOSTILE)
    expect(owen.get_by_role("table").get_by_role("link", name=HOSTILE).first).to_be_visible()
    for _ in range(8):
        owen.get_by_role("button", name="Zoom in", exact=True).click()
    expect(owen.locator(".ward-map--close .ward-map__name").filter(has_text=HOSTILE)).to_have_count(1)
    assert owen.locator(BROKEN_OUT).count() == 0
