"""The browser of the tests, on the product as shipped: Debian's Chromium, phones of 390 px, desks of 1280 px."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, StorageState, expect, sync_playwright

from tests.browser import faults, looks
from tests.browser.chromium import Chromium
from tests.browser.fault_proxy import FaultProxy
from tests.browser.field import PATIENCE_MS, Field
from tests.browser.people import sign_in
from tests.browser.server import Served, prepare
from tests.browser.walks import ST_MARYS, Walk
from tests.browser.watch import Watch

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 900}}
# In Horton Kirby, well inside a ward of the schematic set.
LANE = {"latitude": 51.3905, "longitude": 0.2415, "accuracy": 8}
OpenContext = Callable[..., BrowserContext]
OpenPage = Callable[..., Page]
OpenWalk = Callable[..., Walk]


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright for all browser tests. Of the package, so that it is over before other folders start theirs."""
    with sync_playwright() as running:
        expect.set_options(timeout=PATIENCE_MS)
        yield running


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Chromium]:
    """Debian's Chromium."""
    ours = Chromium(playwright)
    yield ours
    ours.end()


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Wardbook as shipped with web processes and worker: schematic wards and the demo's people, no records yet."""
    folder = tmp_path_factory.mktemp("site")
    prepare(folder)
    with Served(folder) as served:
        yield served


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Wardbook as shipped with the demo's year of records, for the tests of one file."""
    folder = tmp_path_factory.mktemp("year")
    prepare(folder, with_year=True)
    with Served(folder) as served:
        yield served


@pytest.fixture
def watch(site: Served) -> Iterator[Watch]:
    """What any page of this test complained of; a test fails when there is anything."""
    watching = Watch(site.url)
    yield watching
    assert watching.complaints == []


@pytest.fixture
def open_context(chromium: Chromium, site: Served, watch: Watch) -> Iterator[OpenContext]:
    """Opens a watched browser context: `open_context(**PHONE)`."""
    with ExitStack() as opened:

        def open_one(**options: Any) -> BrowserContext:
            given = {"base_url": site.url, "locale": "en-GB", "timezone_id": "Europe/London", **options}
            context = watch.over(opened.enter_context(chromium.context(**given)))
            context.set_default_timeout(PATIENCE_MS)
            return context

        yield open_one


@pytest.fixture
def open_page(chromium: Chromium, site: Served, watch: Watch) -> Iterator[OpenPage]:
    """Opens a page on a phone with axe in it; the policy lets no foreign script in, the browser brings it."""
    given = {"base_url": site.url, "viewport": looks.PHONE, "geolocation": LANE, "reduced_motion": "reduce"}
    with ExitStack() as opened:

        def open_one(**options: Any) -> Page:
            asked = chromium.context(**given, permissions=["geolocation"], **options)
            context = watch.over(opened.enter_context(asked))
            # Playwright runs this in each page before the page's own scripts, outside the policy, which stays in force.
            context.add_init_script(looks.AXE)
            return context.new_page()

        yield open_one


@pytest.fixture
def phone(open_context: OpenContext) -> Page:
    """A resident's phone that lets Wardbook know its position."""
    return open_context(**PHONE, geolocation=LANE, permissions=["geolocation"]).new_page()


@pytest.fixture
def plain_phone(open_context: OpenContext) -> Page:
    """A resident's phone without JavaScript."""
    return open_context(**PHONE, java_script_enabled=False).new_page()


@pytest.fixture(scope="module")
def in_the_field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Wardbook as shipped, for the tests of one kind of faults."""
    folder = tmp_path_factory.mktemp("field")
    prepare(folder)
    with Served(folder) as served:
        yield served


@pytest.fixture
def afield(chromium: Chromium, in_the_field: Served, tmp_path: Path) -> Iterator[Field]:
    """A resident's phone with a bad network between it and the server."""
    with (
        FaultProxy(in_the_field.port) as proxy,
        chromium.context(base_url=proxy.url, locale="en-GB", **PHONE) as context,
    ):
        context.set_default_timeout(PATIENCE_MS)
        yield Field(in_the_field, proxy, context, tmp_path / "photos")


@pytest.fixture(scope="package")
def signed_in(chromium: Chromium, site: Served) -> StorageState:
    """What a browser keeps in which Sunita is signed in: signing in for each test, or each file, would be too often."""
    with chromium.context(base_url=site.url) as context:
        sign_in(context.new_page(), "sunita")
        return context.storage_state()


@pytest.fixture
def open_phone(open_context: OpenContext, signed_in: StorageState, watch: Watch) -> OpenWalk:
    """Opens Sunita's phone with what it may use, and with all of a walk on it."""
    watch.may_be_offline = True

    def open_one(*permissions: str) -> Walk:
        allowed = ["geolocation", *permissions]
        context = open_context(**PHONE, geolocation=ST_MARYS, permissions=allowed, storage_state=signed_in)
        context.add_init_script(looks.AXE)
        return Walk(context.new_page()).ready_for_no_signal()

    return open_one


@pytest.fixture
def warden(open_phone: OpenWalk) -> Walk:
    """Sunita's phone, with a camera and a position."""
    return open_phone("camera")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Note the family of each fault's test, for the table at the end."""
    faults.note_families(items)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table of faults: family, cases, passed."""
    faults.print_table(terminalreporter)
