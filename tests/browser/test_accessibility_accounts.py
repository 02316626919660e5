"""What anybody can use of accounts: passwords, the authenticator app, recovery codes, on a phone and at a desk."""

import re
import time
from collections.abc import Iterator

from passlib.totp import TOTP
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.looks import look_on_the_way, nothing_in
from tests.browser.people import sign_in
from tests.browser.server import Served
from tests.browser.watch import Watch

ERRORS = ".govuk-error-summary"
WILMA = "wilma@demo.example"
PASSWORD = "three words for wilma"
LINK = re.compile(r"http://\S+(/account/reset/\S+)")
SHORT = "short"


def mailed_link(site: Served, subject: str) -> str:
    """Return the path of the link in the message that Wilma gets."""
    found = LINK.search(site.mail_to(WILMA, subject).get_content())
    assert found
    return found.group(1)


def refuses(page: Page) -> None:
    """Expect the page to come back with what is wrong."""
    expect(page.locator(ERRORS)).to_be_visible()


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def sign_out(page: Page) -> None:
    press(page, "Sign out")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def answer(page: Page, button: str, **answers: str) -> None:
    """Fill in fields by their names and press the button."""
    for name, text in answers.items():
        page.locator(f"main [name={name}]").fill(text)
    press(page, button)


def type_password(page: Page, password: str) -> None:
    page.goto("/sign-in")
    answer(page, "Sign in", email=WILMA, password=password)


def invite(page: Page) -> Iterator[str]:
    """Ada invites Wilma, a warden."""
    sign_in(page, "ada")
    page.goto("/people/invite")
    press(page, "Send invitation")
    refuses(page)
    yield "an invitation refused"
    page.get_by_role("checkbox", name="Warden").check()
    answer(page, "Send invitation", email=WILMA, name="Wilma", agency="kcc_wardens")
    expect(page.get_by_role("status")).to_contain_text("is on its way")
    yield "people, one of them invited"
    page.get_by_role("link", name="Wilma").click()
    yield "an account that is invited"
    sign_out(page)


def take_up(page: Page, link: str) -> Iterator[str]:
    """Wilma sets her first password; the link is spent then."""
    page.goto(link)
    expect(page.get_by_role("heading", name="Welcome to Wardbook")).to_be_visible()
    yield "welcome"
    answer(page, "Set password", password=SHORT)
    refuses(page)
    yield "a first password refused"
    answer(page, "Set password", password=PASSWORD)
    expect(page.get_by_role("status")).to_contain_text("Your password is set")
    yield "sign-in after setting a password"
    page.goto(link)
    expect(page.get_by_role("heading", name="This link no longer works")).to_be_visible()
    yield "a spent link"


def look_after_password(page: Page) -> Iterator[str]:
    type_password(page, PASSWORD)
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
    page.goto("/account/password")
    answer(page, "Change password", password="not the one", new_password=SHORT)
    refuses(page)
    yield "a change of password refused"
    page.goto("/sign-in/again")
    yield "password again"


def set_up_app(page: Page) -> Iterator[str]:
    """The app is set up after a wrong code; then recovery codes are made, which stay on the page."""
    page.goto("/account/authenticator")
    yield "authenticator app"
    press(page, "I have an app: continue")
    expect(page.locator(".wb-qr")).to_be_visible()
    yield "authenticator app, its square and key"
    app = TOTP(key=page.locator(".wb-key-text").inner_text(), format="base32")
    right = app.generate(time.time()).token
    answer(page, "Finish", code=f"{(int(right) + 1) % 1_000_000:06}")
    refuses(page)
    yield "authenticator app, wrong code"
    answer(page, "Continue", code=app.generate(time.time()).token)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    yield "recovery codes, none yet"
    press(page, "Make recovery codes")
    expect(page.locator(".wb-codes li")).to_have_count(8)
    yield "recovery codes"


def use_recovery_code(page: Page, code: str) -> Iterator[str]:
    """Wilma signs in without her phone."""
    page.goto("/account")
    yield "account with an app"
    page.goto("/account/authenticator")
    yield "authenticator app in use"
    sign_out(page)
    type_password(page, PASSWORD)
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    yield "code"
    answer(page, "Continue", code="000000")
    refuses(page)
    yield "code refused"
    page.get_by_role("link", name="I cannot get a code").click()
    yield "no code"
    page.get_by_role("link", name="Use one of your recovery codes").click()
    yield "recovery code"
    answer(page, "Continue", code="3f9a-11c2-80de")
    refuses(page)
    yield "recovery code refused"
    answer(page, "Continue", code=code)
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
    sign_out(page)


def forget_password(page: Page, site: Served) -> Iterator[str]:
    """Wilma forgot her password and asks for a link."""
    page.goto("/account/reset")
    press(page, "Send me a link")
    refuses(page)
    yield "reset refused"
    answer(page, "Send me a link", email=WILMA)
    expect(page.get_by_role("heading", name="Look in your mailbox")).to_be_visible()
    page.goto(mailed_link(site, "password"))
    yield "set a new password"


def test_accounts_are_accessible_from_the_invitation_to_the_forgotten_password(
    open_page: OpenPage, site: Served, watch: Watch
):
    watch.allowed_statuses = {401, 404, 422}
    page = open_page()
    found = look_on_the_way(page, invite(page))
    found += look_on_the_way(page, take_up(page, mailed_link(site, "account")))
    found += look_on_the_way(page, look_after_password(page))
    found += look_on_the_way(page, set_up_app(page))
    code = page.locator(".wb-codes li").first.inner_text()
    found += look_on_the_way(page, use_recovery_code(page, code))
    found += look_on_the_way(page, forget_password(page, site))
    nothing_in(found)
