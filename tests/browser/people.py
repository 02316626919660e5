"""The demo's people, who sign in on the real page."""

from playwright.sync_api import Page, expect

from tests.browser.going import go
from webapp.services.demo import PASSWORD


def sign_in(page: Page, name: str) -> None:
    """Sign a demo person in."""
    go(page, "/sign-in")
    give_password(page, name)
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()


def give_password(page: Page, name: str) -> None:
    """Fill in the sign-in page as it stands, wherever it leads."""
    page.get_by_label("Email address").fill(f"{name}@demo.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
