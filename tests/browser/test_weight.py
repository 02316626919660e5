"""What the resident's form weighs on a first visit, counted in the browser: everything that comes over the wire."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Chromium
from tests.browser.conftest import LANE, PHONE
from tests.browser.report import Report
from tests.browser.server import Served
from tests.browser.watch import Watch

MOST_BYTES = 60_000


class Wire:
    """Counts the bytes of every answer as the network delivered them, headers included."""

    def __init__(self, page: Page) -> None:
        self.sizes: dict[str, int] = {}
        self._urls: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._arrived)

    def _asked(self, event: dict[str, Any]) -> None:
        self._urls[event["requestId"]] = event["request"]["url"]

    def _arrived(self, event: dict[str, Any]) -> None:
        url = self._urls.get(event["requestId"], event["requestId"])
        self.sizes[url] = self.sizes.get(url, 0) + int(event["encodedDataLength"])

    @property
    def total(self) -> int:
        """All bytes so far."""
        return sum(self.sizes.values())

    def table(self) -> str:
        """Return the largest first, one a line."""
        rows = sorted(self.sizes.items(), key=lambda item: -item[1])
        return "\n".join(f"{size:>7,}  {url.rpartition('/')[2] or '/'}" for url, size in rows)


@pytest.fixture
def fresh_page(chromium: Chromium, site: Served, watch: Watch) -> Iterator[Page]:
    """A phone that has never been here."""
    options = {"base_url": site.url, **PHONE, "geolocation": LANE, "permissions": ["geolocation"]}
    with chromium.context(**options) as context:
        yield watch.over(context).new_page()


def test_the_form_s_first_visit_is_at_most_60_kb(fresh_page: Page, capsys: pytest.CaptureFixture[str]):
    wire = Wire(fresh_page)
    Report(fresh_page).open()
    fresh_page.wait_for_load_state("networkidle")
    with capsys.disabled():
        sys.stdout.write(f"\nThe resident's form, first visit: {wire.total:,} bytes\n{wire.table()}\n")
    assert wire.total <= MOST_BYTES
    # Nothing was forgotten: the page, its icon in the tab, the icons on its buttons.
    for part in ("/fly-tipping/new", "favicon", "sprite", ".css", "capture-form"):
        assert any(part in url for url in wire.sizes), part


def test_the_whole_report_without_map_and_photos_is_hardly_heavier(fresh_page: Page):
    wire = Wire(fresh_page)
    report = Report(fresh_page).open().place_in_words("Weighed").go_on().waste_and_land().to_check()
    expect(report.row("Photos")).to_have_text("Nothing given")
    assert wire.total <= MOST_BYTES


def test_map_code_comes_only_when_there_is_a_place_to_show(fresh_page: Page, watch: Watch):
    def of_the_map() -> list[str]:
        return [
            url for url in watch.requests if "leaflet" in url or "picker-map" in url or "wards.geojson" in url
        ]

    report = Report(fresh_page).open()
    fresh_page.wait_for_load_state("networkidle")
    assert of_the_map() == []
    report.way("Use this phone’s position").click()
    report.says_place("ward.")
    report.shows_map()
    assert len(of_the_map()) == 3


def test_everything_of_text_comes_compressed(fresh_page: Page):
    loose = []

    def hear(answer: Any) -> None:
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if kind in {
            "text/html",
            "text/css",
            "text/javascript",
            "application/javascript",
        } and not answer.headers.get("content-encoding"):
            loose.append(answer.url)

    fresh_page.on("response", hear)
    Report(fresh_page).open()
    fresh_page.wait_for_load_state("networkidle")
    assert loose == []
