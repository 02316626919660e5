"""Takes the README's pictures from the running app: `make screenshots`. It serves the demo's year by itself."""

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.browser.chromium import chromium_options  # noqa: E402 - the project's root is known only now.
from tests.browser.people import ask_for_move, sign_in  # noqa: E402 - the project's root is known only now.
from tests.browser.report import CHECK, SCREENS, Report, tracking_path  # noqa: E402 - the same.
from tests.browser.server import Served, prepare  # noqa: E402 - the same.
from tests.browser.walks import ST_MARYS, Walk  # noqa: E402 - the same.

MOST_BYTES = 120_000
COLOURS = (128, 96, 64, 32)
PLACE = {"latitude": 51.3683, "longitude": 0.2121, "accuracy": 8}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
DESK = {"viewport": {"width": 1280, "height": 900}}


def keep(page: Page, name: str) -> None:
    """Write what the screen shows as a small PNG, with as many colours as its weight allows."""
    page.evaluate("() => document.activeElement.blur()")
    image = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    for colours in COLOURS:
        file = io.BytesIO()
        reduced = image.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        reduced.save(file, "PNG", optimize=True)
        if file.tell() <= MOST_BYTES:
            break
    (HERE / f"{name}.png").write_bytes(file.getvalue())
    print(f"{name}.png  {file.tell() / 1000:.0f} kB")


def lane(with_sofa: bool) -> bytes:
    """Return a painted photo of a lane, because photos of real places are somebody's."""
    image = Image.new("RGB", (1600, 1200), "#b9cad6")
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 520), (500, 400), (1100, 440), (1600, 380), (1600, 1200), (0, 1200)], "#6f8d58")
    draw.polygon([(0, 640), (640, 520), (640, 1200), (0, 1200)], "#56743f")
    draw.polygon([(700, 470), (820, 470), (1350, 1200), (250, 1200)], "#8d8f8c")
    if with_sofa:
        draw.polygon([(180, 1010), (330, 1010), (360, 1110), (150, 1110)], "#26282b")
        draw.ellipse((320, 960, 520, 1130), "#1d1f22")
        draw.rounded_rectangle((430, 700, 1010, 900), 40, "#74412f")
        draw.rounded_rectangle((390, 800, 1050, 1010), 50, "#8b4f39")
        draw.rounded_rectangle((360, 760, 470, 1020), 45, "#6a3a29")
        draw.rounded_rectangle((970, 760, 1080, 1020), 45, "#6a3a29")
    soft = image.filter(ImageFilter.GaussianBlur(5))
    file = io.BytesIO()
    soft.save(file, "JPEG", quality=88)
    return file.getvalue()


def report_on_phone(page: Page, folder: Path) -> str:
    """Report a sofa in a lane, keeping each screen; return the path of the report's own page."""
    page.goto("/")
    keep(page, "front-390")
    report = Report(page).open()
    report.way("Use this phone’s position").click()
    report.says_place("ward.")
    report.shows_map()
    report.place_in_words()
    page.get_by_role("heading", name=SCREENS[0]).scroll_into_view_if_needed()
    page.evaluate("() => window.scrollTo(0, 110)")
    keep(page, "report-where-390")
    report.go_on(SCREENS[1]).choose("Furniture and household things", "A small van load")
    page.get_by_label("What did you see?").fill("A brown sofa and some black bags.")
    page.evaluate("() => window.scrollTo(0, 0)")
    keep(page, "report-what-390")
    report.go_on(SCREENS[2]).choose("Road, verge, pavement or lay-by").go_on(SCREENS[3])
    photo = folder / "lane.jpg"
    photo.write_bytes(lane(with_sofa=True))
    report.add_photos(photo).has_photos(1)
    keep(page, "report-photos-390")
    report.go_on(SCREENS[4])
    page.get_by_label("Email address").fill("rosa@demo.example")
    page.get_by_role("checkbox", name="Tell me what happens").check()
    report.go_on(CHECK)
    keep(page, "report-check-390")
    report.send()
    keep(page, "report-sent-390")
    return tracking_path(page)


def dead_spot(page: Page, folder: Path) -> None:
    """Report from a lane without a signal, and look at what waits."""
    page.goto("/")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    report = Report(page).open().place_in_words("Opposite the old quarry").go_on(SCREENS[1])
    report.choose("Tyres", "A small van load").go_on(SCREENS[2]).choose("Road, verge, pavement or lay-by")
    report.go_on(SCREENS[3]).add_photos(folder / "lane.jpg").has_photos(1).go_on(SCREENS[4]).go_on(CHECK)
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("heading", name="Saved on this phone")).to_be_visible()
    keep(page, "saved-390")
    page.goto("/outbox")
    expect(page.get_by_role("heading", name="1 waiting to send")).to_be_visible()
    keep(page, "outbox-390")
    page.context.set_offline(False)


def clear_at_desk(page: Page, folder: Path) -> None:
    """Look at the lists as an officer, then clear the sofa."""
    sign_in(page, "owen")
    page.goto("/worklist")
    keep(page, "worklist-1280")
    page.goto("/records?state=open")
    keep(page, "records-1280")
    page.goto("/map")
    expect(page.locator(".ward-map__label span").first).to_be_visible()
    keep(page, "map-1280")
    page.goto("/records?text=sofa&state=open")
    page.locator("tbody a").first.click()
    photo_is_there(page, "Before")
    keep(page, "record-1280")
    ask_for_move(page, "Mark cleared")
    after = folder / "after.jpg"
    after.write_bytes(lane(with_sofa=False))
    today = page.evaluate(
        "() => { const day = new Date(); return [day.getDate(), day.getMonth() + 1, day.getFullYear()]; }"
    )
    for part, value in zip(("Day", "Month", "Year"), today, strict=True):
        page.get_by_label(part, exact=True).fill(str(value))
    page.get_by_label("Photos of the place afterwards").set_input_files(after)
    page.get_by_role("button", name="Mark cleared").click()
    photo_is_there(page, "After")


def photo_is_there(page: Page, title: str) -> None:
    """Load the page again until the worker has prepared the photo under this title."""
    image = page.locator("figure").filter(has_text=title).locator("img").first
    while page.request.get(str(image.get_attribute("src"))).headers["content-type"] != "image/jpeg":
        page.reload()
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("naturalWidth", 400)
    page.evaluate("() => window.scrollTo(0, 0)")


def walk_an_audit(page: Page, folder: Path) -> None:
    """Walk an audit with a warden's phone, and look at its list and at what is added next."""
    sign_in(page, "sunita")
    walk = Walk(page).ready_for_no_signal().plan("Swanley St Mary's", "St Mary’s and the shops").begin()
    page.context.set_offline(True)
    for what, mark in (("Litter", "B−"), ("Fly-tipping", "3"), ("Street light out", "2")):
        walk.add()
        page.locator("form[data-kind=observation] input[type=file]").set_input_files(folder / "lane.jpg")
        expect(page.locator(".wb-picker__item")).to_have_count(1)
        walk.what(what).how_bad(mark).save()
    keep(page, "walk-390")
    walk.add().what("Graffiti").how_bad("C")
    page.evaluate("() => window.scrollTo(0, 0)")
    keep(page, "observation-390")
    page.context.set_offline(False)


def programme_at_desk(page: Page) -> None:
    """Look at the year of audits as an officer."""
    sign_in(page, "owen")
    page.goto("/eva")
    keep(page, "programme-1280")


def take(open_context: Callable[..., BrowserContext], folder: Path) -> None:
    """Take every picture."""
    phone = open_context(**PHONE, geolocation=PLACE, permissions=["geolocation"]).new_page()
    path = report_on_phone(phone, folder)
    clear_at_desk(open_context(**DESK).new_page(), folder)
    phone.goto(path)
    photo_is_there(phone, "After")
    keep(phone, "track-390")
    phone.goto("/wards")
    keep(phone, "wards-390")
    dead_spot(open_context(**PHONE).new_page(), folder)
    programme_at_desk(open_context(**DESK).new_page())
    walker = open_context(**PHONE, geolocation=ST_MARYS, permissions=["geolocation"]).new_page()
    walk_an_audit(walker, folder)


def contexts(browser: Browser, url: str) -> Callable[..., BrowserContext]:
    """Return what opens a browser context of an ordinary reader in England."""

    def open_one(**options: object) -> BrowserContext:
        given = {"base_url": url, "locale": "en-GB", "timezone_id": "Europe/London", **options}
        return browser.new_context(**given)  # type: ignore[arg-type]

    return open_one


def main() -> None:
    """Serve the demo in a folder of its own, take the pictures, stop."""
    with tempfile.TemporaryDirectory(prefix="wardbook-pictures-") as name, sync_playwright() as playwright:
        folder = Path(name)
        prepare(folder / "instance", with_year=True)
        with (
            Served(folder / "instance") as served,
            playwright.chromium.launch(**chromium_options()) as browser,
        ):
            take(contexts(browser, served.url), folder)


if __name__ == "__main__":
    main()
