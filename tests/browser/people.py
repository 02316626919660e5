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


def ask_for_move(page: Page, label: str) -> None:
    """From a record's page, open the page of one of its moves, whether it is the next step or one of the others."""
    move = page.locator(".wb-moves").get_by_text(label, exact=True)
    if not move.is_visible():
        page.get_by_text("Other steps", exact=True).click()
    move.click()
    expect(page.get_by_role("heading", name=label, level=1)).to_be_visible()
