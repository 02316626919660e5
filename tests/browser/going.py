"""How tests open addresses and speak to pages that may be leaving for a confirmation just then."""

from playwright.sync_api import Error as PageError
from playwright.sync_api import Page

# What the browser says of a page that goes away while it is spoken to.
LEAVING = ("navigat", "Cannot find context", "net::ERR_ABORTED", "Frame was detached")


def is_leaving(error: PageError) -> bool:
    """Return whether something failed only because the page was leaving for another."""
    return any(words in str(error) for words in LEAVING)


def go(page: Page, address: str) -> None:
    """Open an address; once more when the page was leaving for another by itself."""
    try:
        page.goto(address)
    except PageError as error:
        if not is_leaving(error):
            raise
        page.wait_for_load_state()
        page.goto(address)


def say_online(page: Page) -> None:
    """Tell a page that the connection is back, as the browser does; one that is leaving looks when it has arrived."""
    try:
        page.evaluate("() => window.dispatchEvent(new Event('online'))")
    except PageError as error:
        if not is_leaving(error):
            raise
