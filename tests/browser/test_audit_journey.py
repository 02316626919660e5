"""One audit from its first step to its last: walked without a signal, planned, worked on, checked, and told of."""

import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests import pictures
from tests.browser.chromium import Chromium
from tests.browser.conftest import DESK, PHONE, OpenContext
from tests.browser.looks import somebody
from tests.browser.people import ask_for_move
from tests.browser.report import today
from tests.browser.server import Served, prepare, until
from tests.browser.walks import ST_MARYS, Walk
from tests.browser.watch import Watch
from tests.programmes import audited
from webapp import create_app
from webapp.extensions import db, security
from webapp.geo.boundaries import read_boundaries
from webapp.rules.roles import Person
from webapp.services import wards

WARD, WARD_CODE = "Swanley St Mary's", "E05005031"
REAL_FILE = Path(__file__).resolve().parents[3] / "shared/data/wards/ons-2013-E07000111.geojson"
# Twelve things in the order of the walk: what it is, and how bad.
SEEN = (
    ("Offensive graffiti", "D"),
    ("Fly-tipping", "3"),
    ("Street light out", "2"),
    ("Pothole, kerb or paving", "3"),
    ("Overgrown vegetation", "1"),
    ("Sign missing or damaged", "1"),
    ("Blocked gully, standing water", "2"),
    ("Litter", "C"),
    ("Graffiti", "C"),
    ("Overflowing bin", "2"),
    ("Dog fouling", "2"),
    ("Something good", ""),
)
HIGHWAYS_LINES = (
    "Repair the street light",
    "Repair the road or pavement",
    "Cut back vegetation",
    "Repair or replace the sign",
    "Clear the gully",
)
DIRECT_SERVICES = "tidy@direct.example"

pytestmark = pytest.mark.skipif(
    not REAL_FILE.is_file(), reason="The ONS boundaries of 2013 are not beside this project."
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Wardbook as shipped, with the real wards of 2013 in use."""
    folder = tmp_path_factory.mktemp("audit")
    prepare(folder)
    app = create_app({}, folder)
    with app.app_context():
        wards.import_set(read_boundaries(REAL_FILE))
        db.engine.dispose()
    with Served(folder) as served:
        yield served


def walked_without_a_signal(open_context: OpenContext) -> None:
    """Sunita walks with a resident and a shopkeeper; nothing is sent before she is back."""
    allowed = {"geolocation": ST_MARYS, "permissions": ["geolocation", "camera"]}
    walk = Walk(somebody(open_context, "sunita", **PHONE, **allowed)).ready_for_no_signal()
    page = walk.page
    page.context.set_offline(True)
    walk.plan(WARD, "St Mary’s and the shops").begin()
    walk.somebody_is_here(1, "Resident", "Rosa").somebody_is_here(
        2, "Local business", "shopkeeper", "Corner shop"
    )
    walk.tab("List")
    for number, (what, mark) in enumerate(SEEN, 1):
        walk.add().photo().what(what)
        if mark:
            walk.how_bad(mark)
        if what == "Fly-tipping":
            page.get_by_label("Report it as fly-tipping too", exact=False).check()
        walk.save()
        expect(walk.items()).to_have_count(number)
    walk.end()
    assert walk.counts() == ("12", "0", "12")
    page.context.set_offline(False)
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-walk='sent']")).to_have_text("12")


def planned_at_a_desk(officer: Page) -> str:
    """Owen makes a line of each thing that was seen, and leaves one out again; returns the audit's reference."""
    officer.goto("/eva")
    reference = officer.get_by_role("link", name=re.compile(r"^EVA-\d{4}-00001$")).first.inner_text()
    officer.goto(f"/eva/{reference}")
    # What offends has its line already: somebody must act on the day it was seen.
    expect(officer.get_by_text("0 of 1 completed")).to_be_visible()
    unplanned = officer.get_by_role("group", name=re.compile("Seen, and not in the plan yet"))
    for box in unplanned.get_by_role("checkbox").all():
        box.check()
    officer.get_by_role("button", name="A line for each").click()
    expect(officer.get_by_text("0 of 11 completed")).to_be_visible()
    step(officer, reference, "Clear dog fouling", "Withdraw it", words="It is in the parish’s own plan.")
    expect_plan(officer, reference, "0 of 10 completed (0.0%)", passes=False)
    ask_of_the_audit(officer, reference, "agreed")
    return reference


def ask_of_the_audit(officer: Page, reference: str, words: str) -> None:
    """Note on the audit's page, by the link with these words, that something happened today."""
    officer.goto(f"/eva/{reference}")
    officer.locator("#sign-off").get_by_role("link", name=re.compile(words)).click()
    fill_day(officer, today())
    officer.locator("main form button[type=submit]").click()
    expect(officer.locator("#sign-off")).to_be_visible()


def fill_day(page: Page, day: date) -> None:
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(part, exact=True).fill(str(value))


def open_line(page: Page, reference: str, words: str) -> None:
    """From the board of actions, or the audit's page for lines that are not open, to a line."""
    page.goto(f"/eva/{reference}" if reference else "/actions")
    page.get_by_role("link", name=re.compile(words, re.IGNORECASE)).first.click()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()


def step(
    page: Page, reference: str, line: str, label: str, words: str = "", photo: Path | None = None
) -> None:
    """Take a step with a line."""
    open_line(page, reference, line)
    ask_for_move(page, label)
    if page.get_by_label("Day", exact=True).count():
        fill_day(page, today())
    if words:
        page.locator("textarea").fill(words)
    if photo:
        page.locator("input[type=file]").set_input_files(photo)
    page.get_by_role("button", name=label).click()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()


def expect_plan(page: Page, reference: str, words: str, *, passes: bool) -> None:
    page.goto(f"/eva/{reference}")
    expect(page.locator("#plan")).to_contain_text(words)
    expect(page.locator("#plan .wb-tag").first).to_have_text("Passes the 80%" if passes else "Not at 80% yet")


def highways_work(partner: Page, photo: Path) -> None:
    """Priya sees her agency's five lines, and nothing else, and does them."""
    partner.goto("/actions")
    expect(partner.locator("tbody tr")).to_have_count(5)
    for line in HIGHWAYS_LINES:
        step(partner, "", line, "Agree to do it")
        step(partner, "", line, "Say that it is done", photo=photo)


def direct_services_answer(site: Served, officer: Page, stranger: Page, reference: str, photo: Path) -> None:
    """An agency without an account answers by its link, once."""
    open_line(officer, reference, "offensive graffiti")
    officer.get_by_label(re.compile("email", re.IGNORECASE)).fill(DIRECT_SERVICES)
    officer.get_by_role("button", name="Send a link").click()
    letter = site.mail_to(DIRECT_SERVICES, reference).get_content()
    address = re.search(r"https?://[^/]+(/actions/answer/\S+)", letter)
    assert address
    stranger.goto(address[1])
    stranger.get_by_role("radio", name=re.compile("done", re.IGNORECASE)).first.check()
    fill_day(stranger, today())
    stranger.locator("input[type=file]").set_input_files(photo)
    stranger.get_by_role("button", name="Send the answer").click()
    expect(stranger.get_by_role("heading", level=1)).to_contain_text(
        re.compile("Thank|answer", re.IGNORECASE)
    )


def test_an_audit_from_its_first_step_to_its_last(
    open_context: OpenContext, site: Served, watch: Watch, chromium: Chromium, tmp_path: Path
):
    watch.may_be_offline = True
    watch.allowed_statuses.add(404)
    after = tmp_path / "after.jpg"
    after.write_bytes(pictures.jpeg((1200, 900)))
    walked_without_a_signal(open_context)
    officer = somebody(open_context, "owen", **DESK)
    reference = planned_at_a_desk(officer)
    highways_work(somebody(open_context, "priya", **PHONE), after)
    stranger = open_context(**PHONE).new_page()
    direct_services_answer(site, officer, stranger, reference, after)
    expect_plan(officer, reference, "6 of 10 completed (60.0%)", passes=False)
    for line, done in (
        ("Clear litter", "7 of 10 completed (70.0%)"),
        ("Remove graffiti", "8 of 10 completed (80.0%)"),
    ):
        step(officer, reference, line, "Agree to do it")
        step(officer, reference, line, "Say that it is done", photo=after)
        expect_plan(officer, reference, done, passes=done.startswith("8"))
    warden = somebody(open_context, "sunita", **PHONE)
    step(warden, reference, "Repair the street light", "Confirm that it is done")
    expect_plan(officer, reference, "1 of these 8 checked by somebody other than the owner", passes=True)
    thirty_nine_of_forty_nine(site, officer)
    told_to_residents(officer, stranger, reference)
    on_paper(officer, reference, tmp_path)


def thirty_nine_of_forty_nine(site: Served, officer: Page) -> None:
    """79.59% is not 80%, however it is shown."""
    app = create_app({}, site.folder)
    with app.app_context():
        user = security.datastore.find_user(email="owen@demo.example")
        owen = Person(id=user.id, roles=tuple(user.role_names), agency=user.agency)
        lines = ["completed"] * 39 + ["agreed"] * 10
        other = audited(owen, today(), WARD_CODE, lines=lines).reference
        db.engine.dispose()
    expect_plan(officer, other, "39 of 49 completed (79.5%)", passes=False)
    officer.goto("/plan/4.2")
    expect(officer.locator("main")).to_contain_text("1 of 2")


def told_to_residents(officer: Page, resident: Page, reference: str) -> None:
    """Residents read what became of it, and nobody's name."""
    assert resident.goto(f"/eva/{reference}/you-said").status == 404
    ask_of_the_audit(officer, reference, "told")
    officer.goto(f"/eva/{reference}")
    officer.get_by_role("button", name="Show it to residents").click()
    assert resident.goto(f"/eva/{reference}/you-said").status == 200
    page = resident.locator("main")
    expect(page).to_contain_text("8 of 10")
    expect(page).not_to_contain_text("Rosa")
    expect(page).not_to_contain_text("Corner shop")


def on_paper(officer: Page, reference: str, folder: Path) -> None:
    """The PDF, page by page as a picture: each has something on it."""
    officer.goto(f"/eva/{reference}")
    officer.get_by_role("button", name="Make the PDF").click()

    def made() -> bool:
        officer.goto(f"/eva/{reference}")
        return officer.get_by_role("link", name=re.compile("PDF for staff")).count() == 1

    until(made, 60, "the PDF")
    answer = officer.request.get(f"/eva/{reference}/results.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(io.BytesIO(answer.body()))
    assert len(document) >= 2
    for number, page in enumerate(document, 1):
        picture = page.render(scale=1).to_pil().convert("L")
        picture.save(folder / f"page-{number}.png")
        darkest, lightest = picture.getextrema()
        assert darkest < 80 and lightest > 240, f"Page {number} is empty."
    words = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    assert reference in words and "8 of 10" in words
