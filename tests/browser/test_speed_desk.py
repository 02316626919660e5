"""A session's pages at a desk in a real browser, the page, the check and what is handed over."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.looks import look, nothing_in
from tests.browser.people import sign_in
from tests.browser.server import Served, prepare
from tests.browser.watch import Watch
from tests.cast import Cast
from tests.desk import AT, COUNTED, MISREAD, READY, Desk, Held, fast, slow
from tests.phone import new_id
from tests.watching import count
from webapp import create_app
from webapp.extensions import db


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    """A session that waits for its check, and an export of another, in a folder that is served afterwards."""
    folder = tmp_path_factory.mktemp("desk")
    prepare(folder)
    # With the folder's own key: what was sent is sealed with it.
    app = create_app({}, folder)
    desk = Desk(app, Cast(app))
    done = desk.held(fast("LB70 RST", 46), fast("KX21 XYZ", 58), fast("MA05 DEF", confidence="part"))
    done.finish(READY, READY, COUNTED)
    desk.make("Owen")
    ready = desk.held(fast("MA05 GHJ"), fast("BD51 SMR", 36))
    ready.finish(READY, MISREAD)
    held = desk.held(
        fast("GK24 ABC", 61, model="Focus", is_spoken_back="y"),
        fast("EY19 KLM", 52, colour="silver", make="mercedes_benz", vehicle="van"),
        fast("EY19 KLM", 52, at=AT + timedelta(minutes=2, seconds=4)),
        fast("B AA 1234 Q", 40),
        fast("LB70 R", 44, confidence="part"),
        {"speed": 47},
        slow(),
        **{"crew-volunteer": [str(desk.scheme.vic)], "crew-role": ["operator"], "light": "low_sun"},
    )
    desk.vic.put(new_id(), count(held.id, 214))
    held.log(44, "GK77 ABC")
    with app.app_context():
        db.engine.dispose()
    held.folder = folder
    return held


@pytest.fixture(scope="module")
def site(held: Held) -> Iterator[Served]:
    """Wardbook with that session."""
    with Served(held.folder) as served:
        yield served


def addresses(held: Held) -> tuple[str, ...]:
    vehicle = f"{held.page}/vehicles/{held.rows[0]}/edit"
    exports = "/speed-watch/exports"
    return held.page, f"{held.page}/edit", vehicle, f"{held.page}/check", exports, f"{exports}/1"


def test_anybody_can_use_the_pages_of_a_session(open_page: OpenPage, held: Held, watch: Watch):
    page = open_page()
    sign_in(page, "owen")
    found = []
    for address in addresses(held):
        page.goto(address)
        found += look(page, address)
    nothing_in(found)
