"""A resident's report in the browser, screen by screen, in a test's words."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from webapp.rules.clock import local_date

SCREENS = ("Where is it?", "What is it?", "About the place", "Photos", "May we tell you what happens?")
CHECK = "Check before you send"
SENT = "Report sent. Thank you."
WORDS = "Tyres down the bank, five or six – ŵ 🛞"
REFERENCE = re.compile(r"FT-\d{4}-\d{5,}")


class Report:
    """The report page with JavaScript, one thing per screen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> "Report":
        """Open the page and wait for its first screen."""
        self.page.goto("/fly-tipping/new")
        return self.is_at(SCREENS[0])

    def is_at(self, heading: str) -> "Report":
        """Expect this screen, and no other, to be shown."""
        expect(self.page.locator("form.is-ready [data-step]:visible h2")).to_have_text(heading)
        return self

    def go_on(self, to: str = "") -> "Report":
        """Press Continue."""
        self.page.locator(".wb-step-next button").click()
        return self.is_at(to) if to else self

    def back(self) -> None:
        """Press the page's own Back."""
        self.page.locator(".wb-step-bar").get_by_role("link", name="Back").click()

    def way(self, words: str) -> Locator:
        """Return the button of one way to give the place."""
        return self.page.locator(".wb-place").get_by_role("button", name=words)

    def says_place(self, words: str | re.Pattern[str]) -> None:
        """Expect the place to be said back with these words."""
        expect(self.page.locator(".wb-place__answer")).to_contain_text(words)

    def shows_map(self) -> "Report":
        """Expect the map to have opened by itself, as it does when a place is known."""
        expect(self.page.locator(".wb-map__pin")).to_be_visible()
        return self

    def place_in_words(self, words: str = "Lay-by opposite the field gate") -> "Report":
        """Say in words where it is."""
        self.page.get_by_label("What would help us find it?").fill(words)
        return self

    def choose(self, *answers: str) -> "Report":
        """Choose each of these answers on the screen that is shown."""
        for answer in answers:
            self.page.get_by_role("radio", name=answer, exact=True).check()
        return self

    def add_photos(self, *paths: Path) -> "Report":
        """Choose photos on the photo screen."""
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name=re.compile("^Add (a|another) photo$")).click()
        chooser.value.set_files([str(path) for path in paths])
        return self

    def has_photos(self, count: int) -> "Report":
        """Expect so many photos to be shown as chosen."""
        expect(self.page.locator(".wb-picker__item")).to_have_count(count)
        return self

    def waste_and_land(self) -> "Report":
        """Answer what every report needs, from the second screen to the photos."""
        self.is_at(SCREENS[1]).choose("Furniture and household things", "A small van load")
        self.go_on(SCREENS[2]).choose("Road, verge, pavement or lay-by")
        return self.go_on(SCREENS[3])

    def to_check(self) -> "Report":
        """Go on from the photo screen to the check without telling who we are."""
        return self.is_at(SCREENS[3]).go_on(SCREENS[4]).go_on(CHECK)

    def row(self, question: str) -> Locator:
        """Return the answer on the check screen."""
        row = self.page.locator(".govuk-summary-list__row").filter(
            has=self.page.get_by_text(question, exact=True)
        )
        return row.locator("dd").first

    def change(self, question: str) -> None:
        """Press Change beside an answer."""
        self.page.get_by_role("link", name=f"Change {question.lower()}").click()

    def send(self) -> str:
        """Send the report and return its reference."""
        self.page.get_by_role("button", name="Send report").click()
        return reference_of(self.page)


def fill_long_page(page: Page, latitude: str) -> None:
    """Fill in the whole page without JavaScript, but for whose land it is."""
    page.goto("/fly-tipping/new")
    page.get_by_label("What would help us find it?").fill("Behind the garages")
    page.get_by_text("I know the latitude and longitude").click()
    page.get_by_label("Latitude").fill(latitude)
    page.get_by_label("Longitude").fill("0.1900")
    page.get_by_role("radio", name="Tyres").check()
    page.get_by_role("radio", name="Up to a car boot full").check()
    page.get_by_label("What did you see?").fill(WORDS)


def send_long_page(page: Page) -> None:
    """Press Send report on the page without JavaScript."""
    page.get_by_role("button", name="Send report").click()


def reference_of(page: Page) -> str:
    """Return the reference on the confirmation."""
    expect(page.get_by_role("heading", name=SENT)).to_be_visible()
    return page.locator(".wb-reference__number").inner_text()


def tracking_path(page: Page) -> str:
    """Return where the confirmation's Follow button leads."""
    return page.get_by_role("button", name="Follow this report").get_attribute("href") or ""


def kept(page: Page) -> Locator:
    """Return the line that says that the answers are kept on this device."""
    return page.get_by_text("Kept on this device until you send it")


def today() -> date:
    """Return the London date, as the server that runs beside the tests has it."""
    return local_date(datetime.now(UTC))
