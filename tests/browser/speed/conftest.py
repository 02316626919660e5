"""A volunteer at the roadside, for all tests of speed-watch on phones: a scheme, phones, and who is signed in."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import StorageState

from tests.browser import looks
from tests.browser.chromium import Chromium
from tests.browser.conftest import PHONE
from tests.browser.people import sign_in
from tests.browser.server import Served, prepare
from tests.browser.speeds import Made, Speeds, make_scheme
from tests.browser.watch import Watch

OpenPhone = Callable[..., Speeds]


@pytest.fixture(scope="module")
def roadside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Wardbook as shipped, with one scheme."""
    folder = tmp_path_factory.mktemp("roadside")
    prepare(folder)
    with Served(folder) as served:
        yield served


@pytest.fixture(scope="module")
def made(roadside: Served) -> Made:
    """The scheme: Vic and Carol with accounts, Ann trained, Ned not."""
    return make_scheme(roadside.folder)


@pytest.fixture(scope="module")
def states(chromium: Chromium, roadside: Served) -> dict[str, StorageState]:
    """What browsers keep in which Vic and Carol are signed in."""
    found = {}
    for name in ("vic", "carol"):
        with chromium.context(base_url=roadside.url) as context:
            sign_in(context.new_page(), name)
            found[name] = context.storage_state()
    return found


@pytest.fixture
def watching(roadside: Served) -> Watch:
    """What the consoles of this test's phones complain of."""
    watching = Watch(roadside.url)
    watching.may_be_offline = True
    return watching


@pytest.fixture
def open_phone(
    chromium: Chromium, roadside: Served, made: Made, states: dict[str, StorageState], watching: Watch
) -> Iterator[OpenPhone]:
    """Opens a volunteer's phone with all of a session's pages and lists on it: `open_phone("carol")`."""
    with ExitStack() as opened:

        def open_one(name: str = "vic", **options: Any) -> Speeds:
            given = {"locale": "en-GB", "timezone_id": "Europe/London", **PHONE, **options}
            asked = chromium.context(base_url=roadside.url, storage_state=states[name], **given)
            context = watching.over(opened.enter_context(asked))
            context.add_init_script(looks.AXE)
            context.set_default_timeout(45_000)
            return Speeds(context.new_page()).ready_for_no_signal()

        yield open_one
    assert watching.complaints == []


@pytest.fixture
def phone(open_phone: OpenPhone) -> Speeds:
    """Vic's phone, out of the signal."""
    return open_phone().offline()
