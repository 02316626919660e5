"""Speed-watch from the refusal of an unsafe start to the day on which nothing of a plate is left anywhere."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, OpenContext
from tests.browser.looks import somebody
from tests.browser.server import Served, prepare
from tests.browser.speeds import Made, Speeds, make_scheme
from tests.browser.watch import Watch
from tests.hunting import found, marks_of
from webapp import create_app
from webapp.extensions import clock, db
from webapp.models.speed_watch import SpeedSession
from webapp.services import plate_keys

LETTERS = "ABCDEFGHJKLMNOPRSTUVWXY"
LIMIT, THRESHOLD = 30, 35
# 40 vehicles at 28 to 64 mph on a road with 30: every speed in between at least once.
SPEEDS = [28 + number % 37 for number in range(40)]
# Of the fast ones, some were not read for certain: they count, and go to nobody.
PART, UNSURE, VOID = 50, 57, 61
REJECTED = 40


@dataclass(frozen=True)
class Row:
    """A vehicle as it was logged: its plate is empty below the threshold."""

    speed: int
    plate: str

    @property
    def is_certain(self) -> bool:
        """Whether it may go to the police."""
        return self.speed >= THRESHOLD and self.speed not in (PART, UNSURE, VOID)

    @property
    def spaced(self) -> str:
        """The plate as the police read it."""
        return f"{self.plate[:4]} {self.plate[4:]}"


def _row(number: int, speed: int) -> Row:
    plate = f"XX{12 + number % 12}{LETTERS[number % 23]}{LETTERS[number * 7 % 23]}{LETTERS[number * 5 % 23]}"
    return Row(speed, plate if speed >= THRESHOLD else "")


ROWS = [_row(number, speed) for number, speed in enumerate(SPEEDS)]
PLATES = [row.plate for row in ROWS if row.plate]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Wardbook as shipped, with one scheme."""
    folder = tmp_path_factory.mktemp("journey")
    prepare(folder)
    with Served(folder) as served:
        yield served


@pytest.fixture(scope="module")
def made(site: Served) -> Made:
    return make_scheme(site.folder)


def log(phone: Speeds, rows: list[Row]) -> None:
    """Log vehicles one after the other, with colour and make where the plate is wanted."""
    for row in rows:
        phone.press(f"{row.speed}{row.plate}")
        if row.plate:
            phone.colour("blue").make("ford")
        if row.speed == PART:
            phone.key("part")
        if row.speed == UNSURE:
            phone.key("unsure")
        if row.speed > 2 * LIMIT:
            # More than twice the limit is asked once.
            phone.tap("save")
            phone.page.get_by_role("button", name=f"Yes, {row.speed} mph").click()
            expect(phone.aloud()).to_have_text(f"Saved: {row.speed} miles per hour")
        else:
            phone.save(row.speed)


def logged_by_two_without_a_signal(vic: Speeds, carol: Speeds, made: Made) -> None:
    """Vic is refused twice, then begins; Carol joins by the letters; each logs 20 vehicles; nothing is sent."""
    for phone in (vic, carol):
        phone.ready_for_no_signal().offline()
    vic.start_page().filled(made).site(made.suspended).direction("Northbound").press_begin()
    assert any("suspended" in words for words in vic.refusals())
    vic.start_page().filled(made).crew(Ned="").press_begin()
    assert any("Ned is not trained" in words for words in vic.refusals())
    vic.begin(made)
    carol.join(made, vic.code())
    assert carol.id == vic.id
    vic.tap("plus")
    log(vic, ROWS[:20])
    log(carol, ROWS[20:])
    expect(vic.counted()).to_have_text("21")


def sent(vic: Speeds, carol: Speeds) -> None:
    """The second phone sends first: its vehicles wait for their session. Afterwards no plate is on either phone."""
    carol.online()
    vic.end().online().arrived()
    carol.arrived()
    for phone in (vic, carol):
        store = phone.whole_store()
        assert not [plate for plate in PLATES if plate in store or f"{plate[:4]} {plate[4:]}" in store]


def checked(desk: Page) -> str:
    """Carol checks the session: one vehicle is void, what was not read for certain goes to nobody."""
    desk.goto("/speed-watch")
    desk.get_by_role("link", name="1 session to check").click()
    reference = desk.get_by_role("link", name=re.compile(r"^SW-\d{4}-00001$")).inner_text()
    desk.goto(f"/speed-watch/{reference}")
    expect(desk.locator("main")).not_to_contain_text(ROWS[20].spaced)
    desk.get_by_role("button", name="Check this session").click()
    rows = desk.locator(".wb-checked")
    expect(rows).to_have_count(len(PLATES))
    for row in (row for row in ROWS if row.plate):
        own = rows.filter(has_text=row.spaced)
        expect(own).to_contain_text(f"{row.speed} mph")
        decision = own.get_by_label("What becomes of it?")
        if row.speed == VOID:
            decision.select_option(label="Void: speed or plate may have been misread")
        elif row.speed > 2 * LIMIT:
            # What is more than twice the limit is ready only when a person says so.
            expect(decision).to_have_value("")
            decision.select_option(label="Ready for the police")
    desk.get_by_role("button", name="Finish the check").click()
    expect(desk.locator(".wb-status-line")).to_contain_text("Checked")
    return reference


def handed_over(desk: Page) -> None:
    """The police get what is certain, once; again only with a reason; their file says what was logged."""
    certain = [row for row in ROWS if row.is_certain]
    desk.goto("/speed-watch/exports")
    expect(desk.get_by_text(f"{len(certain)} vehicles are ready.")).to_be_visible()
    desk.get_by_role("button", name="Make an export").click()
    as_csv, as_xlsx = (_file(desk, f"Take the file as {name}") for name in ("CSV", "XLSX"))
    head, *lines = csv.reader(io.StringIO(as_csv.decode("utf-8-sig")))
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx)).active
    assert sheet is not None
    assert [[str(cell if cell is not None else "") for cell in line] for line in sheet.values] == [
        head,
        *lines,
    ]
    told = sorted((line[head.index("Registration")], int(line[head.index("Speed (mph)")])) for line in lines)
    assert told == sorted((row.spaced, row.speed) for row in certain)
    for number, line in enumerate(lines, 1):
        by_name = dict(zip(head, line, strict=True))
        speed = int(by_name["Speed (mph)"])
        assert by_name["Number"] == str(number) and by_name["Limit (mph)"] == "30"
        assert (by_name["Make"], by_name["Colour"], by_name["Type"]) == ("Ford", "Blue", "Car")
        assert by_name["Over 50% above the limit"] == ("yes" if speed >= 46 else "no")
        assert by_name["90% above the limit or more"] == ("yes" if speed >= 57 else "no")
    desk.reload()
    desk.get_by_role("button", name="Take it again as CSV").click()
    expect(desk.locator(".govuk-error-summary")).to_contain_text("Say why")
    rejected = next(
        number for number, line in enumerate(lines, 1) if line[head.index("Speed (mph)")] == f"{REJECTED}"
    )
    desk.get_by_label(re.compile("Which rows", re.I)).fill(f"{rejected}")
    desk.get_by_role("button", name="Write down what came back").click()
    expect(desk.get_by_text("Accepted", exact=True).first).to_be_visible()


def _file(desk: Page, button: str) -> bytes:
    with desk.expect_download() as waiting:
        desk.get_by_role("button", name=button).click()
    return Path(waiting.value.path()).read_bytes()


def kept(app: Flask, folder: Path) -> tuple[dict[str, bytes], bytes]:
    """Return all by which a plate could be told that is still held, and what the server said so far."""
    return marks_of(PLATES), (folder / "serve.log").read_bytes()


def test_a_session_is_refused_logged_checked_handed_over_and_forgotten(
    open_context: OpenContext, site: Served, made: Made, watch: Watch
) -> None:
    watch.may_be_offline = True
    watch.allowed_statuses.add(422)
    vic = Speeds(somebody(open_context, "vic", **PHONE))
    carol = Speeds(somebody(open_context, "carol", **PHONE))
    logged_by_two_without_a_signal(vic, carol, made)
    sent(vic, carol)
    desk = somebody(open_context, "carol", **DESK)
    app = create_app({}, site.folder)
    with app.app_context():
        before, said = kept(app, site.folder)
        hidden = {name for name in before if "plate" in name}
        # The control: sealed and hashed, everything is found; in plain letters nothing ever is.
        assert found(app, before, said) == set(before) - hidden
        db.engine.dispose()
    checked(desk)
    handed_over(desk)
    with app.app_context(), clock.standing_at(clock.now() + timedelta(days=31)):
        assert app.test_cli_runner().invoke(args=["retention"]).exit_code == 0
        assert found(app, before, (site.folder / "serve.log").read_bytes()) == set()
        session = db.session.query(SpeedSession).one()
        assert session.status == "handed_over" and not marks_of(()) and session.start_problems == ""
        assert plate_keys.months() == []
        db.engine.dispose()
    desk.goto("/plan/5.2")
    expect(desk.locator("main")).to_contain_text("40")
