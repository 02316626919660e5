"""The main journey on the product as shipped: a resident reports, an officer clears it, the resident sees it."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests import pictures
from tests.browser.conftest import DESK, PHONE, OpenContext
from tests.browser.people import ask_for_move, sign_in
from tests.browser.report import CHECK, SCREENS, Report, reference_of, today, tracking_path
from tests.browser.server import Served
from webapp.rules.clock import in_words

# Within Farningham, Horton Kirby and South Darenth; no other test reports here.
PLACE = {"latitude": 51.38, "longitude": 0.2400, "accuracy": 8}
WARD = "Farningham, Horton Kirby and South Darenth"
MOST_RELOADS = 60
MAILBOX = "rosa@journey.example"


def earlier_report(context: BrowserContext) -> str:
    """Somebody else reports near the same place, without JavaScript; returns the reference."""
    page = context.new_page()
    page.goto("/fly-tipping/new")
    page.get_by_label("What would help us find it?").fill("By the gate")
    page.get_by_text("I know the latitude and longitude").click()
    page.get_by_label("Latitude").fill("51.3803")
    page.get_by_label("Longitude").fill("0.2402")
    page.get_by_role("radio", name="Tyres").check()
    page.get_by_role("radio", name="Road, verge, pavement or lay-by").check()
    page.get_by_role("button", name="Send report").click()
    return reference_of(page)


def shown_image(page: Page, title: str) -> Locator:
    """Return the picture above a caption, in view so that the browser loads it."""
    image = page.locator("figure").filter(has_text=title).locator("img")
    image.scroll_into_view_if_needed()
    return image


def is_decoded(page: Page, title: str) -> None:
    """Expect the worker to have prepared a photo; until then the page shows a drawing in its place."""
    for _ in range(MOST_RELOADS):
        image = shown_image(page, title)
        answer = page.request.get(str(image.get_attribute("src")))
        if answer.headers["content-type"] == "image/jpeg":
            expect(image).to_have_js_property("naturalWidth", 400)
            return
        page.reload()
    raise AssertionError(f"The photo “{title}” was not prepared within {MOST_RELOADS} reloads.")


def test_a_resident_reports_and_sees_it_cleared(open_context: OpenContext, site: Served, tmp_path: Path):
    photo, after = tmp_path / "IMG_4711.HEIC", tmp_path / "after.jpg"
    photo.write_bytes(pictures.heic((800, 600)))
    after.write_bytes(pictures.jpeg((800, 600)))
    earlier = earlier_report(open_context(java_script_enabled=False))

    page = open_context(**PHONE, geolocation=PLACE, permissions=["geolocation"]).new_page()
    reference = resident_reports(page, photo)
    path = resident_follows(page, site, reference)
    officer = open_context(**DESK).new_page()
    officer_clears(officer, reference, earlier, after)

    page.goto(path)
    expect(page.locator(".wb-tag").first).to_have_text("Cleared")
    expect(page.locator(".wb-band--due")).to_contain_text(in_words(today(), today()))
    is_decoded(page, "Before")
    is_decoded(page, "After")
    cleared = site.mail_to(MAILBOX, f"Cleared: the fly-tipping you reported, {reference}")
    assert path in cleared.get_content()


def resident_reports(page: Page, photo: Path) -> str:
    """The whole report with JavaScript; returns its reference."""
    page.goto("/")
    page.get_by_role("button", name="Report fly-tipping").click()
    report = Report(page).is_at(SCREENS[0])
    give_place(report)
    report.go_on(SCREENS[1]).choose("Asbestos, or sheets that may be")
    expect(page.locator("[data-hazard-advice=asbestos]")).to_be_visible()
    report.choose("Furniture and household things", "A small van load")
    expect(page.locator("[data-hazard-advice=asbestos]")).to_be_hidden()
    page.get_by_label("What did you see?").fill("A brown sofa – ŵ ŷ 🛋 – and six black bags")
    report.go_on(SCREENS[2]).choose("Road, verge, pavement or lay-by")
    give_photo(report.go_on(SCREENS[3]), photo)
    report.go_on(SCREENS[4])
    page.get_by_label("Email address").fill(MAILBOX)
    page.get_by_role("checkbox", name="Tell me what happens").check()
    return check_and_send(report)


def give_place(report: Report) -> None:
    """The phone's position, then the pin on the map, moved by keys."""
    report.way("Use this phone’s position").click()
    report.says_place("good to about 8 m")
    report.says_place(f"{WARD} ward. Grid reference TQ")
    canvas = report.page.locator(".wb-map__canvas")
    expect(report.page.locator(".wb-map__pin")).to_be_visible()
    canvas.focus()
    for _ in range(3):
        canvas.press("ArrowUp")
    canvas.press("Shift+ArrowRight")
    report.says_place("The pin you set")
    report.says_place(f"{WARD} ward")
    # Three steps of 5 metres to the north, one of 50 to the east.
    expect(report.page.locator("[name=latitude]")).to_have_value("51.380135")
    expect(report.page.locator("[name=longitude]")).to_have_value(re.compile(r"^0\.2407[12]\d$"))
    report.place_in_words()


def give_photo(report: Report, photo: Path) -> None:
    """A HEIC photo that knows where it was taken: asked, never assumed."""
    page = report.page
    asked = page.locator("[name=photo_place]")
    expect(asked).to_be_hidden()
    report.add_photos(photo).has_photos(1)
    expect(asked).to_be_visible()
    expect(asked).not_to_be_checked()
    latitude = page.locator("[name=latitude]")
    expect(latitude).to_have_value("51.380135")
    asked.check()
    expect(latitude).to_have_value("51.270000")
    asked.uncheck()
    expect(latitude).to_have_value("51.380135")


def check_and_send(report: Report) -> str:
    """The question about reports nearby, the check with one change, and off it goes."""
    page = report.page
    report.go_on("Has it been reported already?")
    expect(page.get_by_role("radio", name="It is this one: Tyres")).not_to_be_checked()
    expect(page.get_by_role("radio", name="No, mine is another one")).to_be_checked()
    report.go_on(CHECK)
    expect(report.row("Tell me what happens")).to_have_text("Yes")
    report.change("Tell me what happens")
    wish = report.is_at(SCREENS[4]).page.get_by_role("checkbox", name="Tell me what happens")
    wish.uncheck()
    report.go_on(CHECK)
    expect(report.row("Tell me what happens")).to_have_text("No. We will not write to you.")
    report.change("Tell me what happens")
    wish.check()
    report.go_on(CHECK)
    expect(report.row("How big is it?")).to_have_text("A small van load")
    expect(report.row("Photos")).to_have_text("1 photo")
    report.change("How big is it?")
    report.is_at(SCREENS[1]).choose("Several lorry loads").go_on(CHECK)
    expect(report.row("How big is it?")).to_have_text("Several lorry loads")
    report.back()
    report.is_at("Has it been reported already?").go_on(CHECK)
    return report.send()


def resident_follows(page: Page, site: Served, reference: str) -> str:
    """The confirmation, the message in the mailbox and the report's own page; returns its path."""
    assert reference.startswith("FT-")
    due = in_words(today() + timedelta(days=7), today())
    expect(page.locator(".wb-band--due")).to_have_text(re.compile(rf"Due to be cleared by\s+{due}"))
    expect(page.get_by_text(f"{WARD} ward")).to_be_visible()
    path = tracking_path(page)
    letter = site.mail_to(MAILBOX, reference).get_content()
    link = re.search(rf"{re.escape(site.url)}/track/\S+", letter)
    assert link is not None
    assert due in letter
    assert "sofa" not in letter
    assert urlsplit(link[0]).path == path
    page.goto(link[0])
    expect(page.get_by_role("heading", name=f"Your report {reference}")).to_be_visible()
    expect(page.get_by_text("A brown sofa – ŵ ŷ 🛋 – and six black bags")).to_be_visible()
    return path


def officer_clears(page: Page, reference: str, earlier: str, after: Path) -> None:
    """An officer finds the record in the list and on the map, releases its photo and marks it cleared."""
    sign_in(page, "owen")
    page.goto("/records?state=open")
    for listed in (reference, earlier):
        expect(page.get_by_role("link", name=listed)).to_be_visible()
    page.get_by_role("link", name="Map").click()
    path = page.get_by_role("button", name=re.compile(f"^{WARD}: "))
    path.focus()
    path.press("Enter")
    page.locator(".leaflet-popup").get_by_role("link", name=WARD).click()
    expect(page.get_by_role("heading", name=WARD, level=1)).to_be_visible()
    page.get_by_role("link", name=reference).click()
    is_decoded(page, "Before")
    page.get_by_role("button", name="Show to the public photo 1").click()
    expect(page.get_by_text(re.compile(r"^Photo \d+\. Public\."))).to_be_visible()
    ask_for_move(page, "Mark cleared")
    day = today()
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(part, exact=True).fill(str(value))
    page.get_by_label("Photos of the place afterwards").set_input_files(after)
    page.get_by_role("button", name="Mark cleared").click()
    expect(page.locator(".wb-tag").first).to_have_text("Cleared")
    is_decoded(page, "After")
