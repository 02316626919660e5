"""What anybody can use when something went wrong: every error page, as the server answers it to a browser."""

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import pytest
from flask import Flask
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.looks import look_on_the_way, nothing_in
from tests.browser.server import Served
from tests.browser.watch import Watch
from webapp import create_app
from webapp.extensions import db
from webapp.rules.errors import Full
from webapp.rules.roles import Permission
from webapp.views.access import permission

MORE_THAN_TYPED = 2 * 1024 * 1024
SIGN_IN_TRIES = 10
RESET_TRIES = 3


def is_at(page: Page, heading: str) -> str:
    """Expect the page with this heading, and return it as the name of the stop."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    return heading


def opened(page: Page) -> Iterator[str]:
    """Pages that an address alone leads to."""
    page.goto("/sign-in?next=https://elsewhere.example")
    yield is_at(page, "That page could not be read")
    page.goto("/sign-out")
    yield is_at(page, "This page cannot be opened that way")
    page.goto("/track/no-such-report/withdraw")
    yield is_at(page, "Page not found")


def sent(page: Page) -> Iterator[str]:
    """Pages that answer what a form sends."""
    page.goto("/track")
    page.locator("main [name=link]").evaluate(
        "(field, long) => { field.value = 'x'.repeat(long); }", MORE_THAN_TYPED
    )
    page.get_by_role("button", name="Show my report").click()
    yield is_at(page, "What you sent is too big")
    page.goto("/track")
    # No browser compresses a form, but a program between the two may say so.
    page.route("**/track", _say_compressed)
    page.get_by_role("button", name="Show my report").click()
    yield is_at(page, "This was not sent as a form")
    page.unroute("**/track")


def _say_compressed(route: Route, request: Request) -> None:
    route.continue_(headers={**request.headers, "content-encoding": "gzip"})


def too_often(page: Page, path: str, tries: int, button: str) -> None:
    """Send an address from a page once more than is allowed."""
    who = f"nobody-{tries}@demo.example"
    for _ in range(tries):
        page.request.post(path, form={"email": who})
    page.goto(path)
    page.get_by_label("Email address").fill(who)
    page.get_by_role("button", name=button, exact=True).click()


def hurried(page: Page) -> Iterator[str]:
    """Pages for who tries too often."""
    too_often(page, "/sign-in", SIGN_IN_TRIES, "Sign in")
    yield is_at(page, "Please wait a moment")
    too_often(page, "/account/reset", RESET_TRIES, "Send me a link")
    yield is_at(page, "Please wait a moment")


@pytest.mark.parametrize("walk", [opened, sent, hurried])
def test_error_pages_are_accessible(open_page: OpenPage, watch: Watch, walk: Any):
    watch.allowed_statuses = {400, 404, 405, 413, 415, 422, 429}
    page = open_page()
    nothing_in(look_on_the_way(page, walk(page)))


@pytest.fixture
def failing(site: Served) -> Iterator[Flask]:
    """The app on the site's database, whose pages on privacy and cookies fail: the served one is not to be broken."""
    app = create_app({}, site.folder)
    app.view_functions["pages.privacy"] = _fails
    app.view_functions["pages.cookies"] = _has_no_room
    yield app
    with app.app_context():
        db.engine.dispose()
    app.extensions["jobs"].storage.close()


@permission(Permission.ANYONE)
def _fails(**values: object) -> NoReturn:
    raise RuntimeError("This page fails on purpose.")


@permission(Permission.ANYONE)
def _has_no_room(**values: object) -> NoReturn:
    raise Full("There is no room on purpose.")


def test_pages_for_faults_of_ours_are_accessible(open_page: OpenPage, watch: Watch, failing: Flask):
    watch.allowed_statuses = {500, 503}
    # The answers are made here, where no service worker asks.
    page = open_page(service_workers="block")

    def answer(route: Route, request: Request) -> None:
        made = failing.test_client().get(request.url)
        headers: Mapping[str, str] = dict(made.headers)
        route.fulfill(status=made.status_code, headers=headers, body=made.data)

    def faults_of_ours() -> Iterator[str]:
        for path, heading in (
            ("/privacy", "Something went wrong here"),
            ("/cookies", "Wardbook cannot take this just now"),
        ):
            page.route(f"**{path}", answer)
            page.goto(path)
            yield is_at(page, heading)

    nothing_in(look_on_the_way(page, faults_of_ours()))
