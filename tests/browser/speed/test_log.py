"""Vehicles are logged without a signal, in gloves, by one phone or two, and nothing of them is lost."""

from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid5

from playwright.sync_api import Playwright, expect

from tests.browser.chromium import chromium_options
from tests.browser.conftest import PHONE
from tests.browser.device import Device
from tests.browser.fault_proxy import FaultProxy
from tests.browser.going import go
from tests.browser.people import sign_in
from tests.browser.server import Served, until
from tests.browser.speed.conftest import OpenPhone
from tests.browser.speeds import Made, Speeds, readings_at, readings_of
from tests.browser.walks import COUNT_TAPS
from webapp.rules.clock import LONDON

NAMESPACE = UUID("7a1f6d52-3c0e-5b8e-9d47-2f6b1c9e4a30")
# Beyond the speed and the plate: colour, make, type (two), direction, save. So it is for the colours and makes that
# stand on the screen, the six commonest of each; one behind More is a tap more.
MOST_TAPS = 6


def forty() -> list[tuple[int, str]]:
    """Speeds from 28 to 64, each with its plate."""
    speeds = [28 + number % 37 for number in range(40)]
    letters = "ABCDEFGHJKLMNOPRSTUV"
    return [
        (speed, f"GK{20 + number % 7}{letters[number % 20]}{letters[number // 2]}X")
        for number, speed in enumerate(speeds)
    ]


def test_forty_vehicles_of_common_makes_are_logged_in_few_taps_and_no_plate_stays(
    phone: Speeds, made: Made, roadside: Served
):
    page = phone.begin(made).page
    page.evaluate(COUNT_TAPS)
    phone.tap("plus")
    for number, (speed, plate) in enumerate(forty()):
        page.evaluate("() => (window.taps = 0)")
        if speed < 35:
            phone.vehicle(speed)
            assert page.evaluate("() => window.taps") == len(str(speed)) + 1
            continue
        phone.press(f"{speed}{plate}").colour("blue").make("ford")
        if number == 30:
            phone.tap("types")
            page.locator("[data-vehicle=van]").click()
            phone.tap("direction")
        if speed > 60:
            phone.tap("save")
            page.get_by_role("button", name=f"Yes, {speed} mph").click()
            expect(phone.aloud()).to_have_text(f"Saved: {speed} miles per hour")
        else:
            phone.save(speed)
        most = len(f"{speed}{plate}") + (MOST_TAPS if number == 30 else 4 if speed > 60 else 3)
        assert page.evaluate("() => window.taps") <= most
    expect(phone.rows()).to_have_count(5)
    expect(phone.counted()).to_have_text("41")
    assert "GK" in phone.whole_store()
    phone.end()
    assert phone.figure("Speeds logged") == "40"
    over = [speed for speed, _ in forty() if speed >= 35]
    assert phone.figure("At 35 mph or more") == str(len(over))
    assert phone.figure("Fastest") == "64 mph"
    assert phone.figure("Vehicles counted") == "41"
    assert phone.figure("Average, 85th percentile") == "Only when every speed is logged"
    phone.online().arrived()
    expect(page.get_by_text("All of it was sent.", exact=False)).to_be_visible()
    kept = phone.whole_store()
    for _, plate in forty():
        assert plate not in kept
    assert "GK" not in kept
    assert readings_at(roadside.folder, phone.id) == [
        (number, speed, plate if speed >= 35 else None) for number, (speed, plate) in enumerate(forty(), 1)
    ]


def test_two_phones_meet_by_four_letters_without_a_signal(
    open_phone: OpenPhone, made: Made, roadside: Served
):
    vic, carol = open_phone("vic").offline(), open_phone("carol").offline()
    code = vic.begin(made).code()
    carol.join(made, code.lower())
    day = datetime.now(LONDON).date()
    assert vic.id == carol.id == str(uuid5(NAMESPACE, f"{made.code} {day} {code}"))
    vic.vehicle(44, "LB64RTY", "black")
    carol.vehicle(46, "EY19KLM", "white")
    carol.tap("plus").tap("plus")
    # The one that joined comes first: its vehicle waits for the session.
    carol.online().arrived()
    vic.end().online().arrived()
    until(lambda: len(readings_at(roadside.folder, vic.id)) == 2, 30, "both vehicles")
    assert readings_at(roadside.folder, vic.id) == [(1, 44, "LB64RTY"), (1, 46, "EY19KLM")]
    for phone in (vic, carol):
        assert not {"LB64", "EY19"} & set(phone.whole_store().split('"'))
    # With a signal the session that goes on would be offered by its name; this one is over.
    carol.start_page()
    expect(carol.page.get_by_role("button", name="Join Otford")).to_have_count(0)
    carol.page.get_by_role("link", name="Go on: Otford High Street").click()
    carol.end()
    assert carol.figure("Speeds logged") == "1"


def test_a_session_that_goes_on_is_offered_to_a_phone_with_a_signal(open_phone: OpenPhone, made: Made):
    vic, carol = open_phone("vic"), open_phone("carol")
    vic.begin(made).arrived()
    carol.start_page().page.get_by_text("Join a session that another phone began").click()
    carol.page.get_by_role("button", name=f"Join {made.site}").first.click()
    expect(carol.page.locator(".wb-log")).to_be_visible()
    assert carol.id == vic.id
    vic.end()


def test_a_refresh_loses_nothing_of_what_was_saved_counted_or_half_typed(phone: Speeds, made: Made):
    page = phone.begin(made).page
    phone.vehicle(44, "LB64RTY", "black", "audi")
    for _ in range(7):
        phone.tap("plus")
    # Seven taps at once keep a slow disk busy; what is typed after them is kept by the page as it goes.
    until(lambda: '"counted":8' in phone.whole_store(), 10, "the taps on the disk")
    phone.press("52GK2").colour("red")
    page.reload()
    expect(page.locator("[data-log='speed']")).to_have_text("52")
    expect(page.locator("[data-log='plate']")).to_contain_text("GK2")
    expect(page.locator(".wb-log__tiles [data-colour=red]")).to_have_attribute("aria-pressed", "true")
    expect(phone.counted()).to_have_text("8")
    expect(phone.rows()).to_have_count(1)
    expect(phone.rows().first).to_contain_text("LB** R**")
    phone.press("4ABC").save(52)
    expect(phone.counted()).to_have_text("9")


def test_a_browser_that_is_killed_loses_nothing_that_was_said_to_be_saved(
    playwright: Playwright, roadside: Served, made: Made, tmp_path: Path
):
    with FaultProxy(roadside.port) as proxy:
        device = Device(playwright, roadside, proxy, tmp_path, **chromium_options(), **PHONE)
        sign_in(device.field.page, "vic")
        phone = Speeds(device.field.page).ready_for_no_signal()
        proxy.offline = True
        own = phone.begin(made).tap("plus").vehicle(44, "LB64RTY").vehicle(28).id
        phone.tap("plus").tap("plus").press("52GK")
        expect(phone.counted()).to_have_text("5")
        # The last key and the last tap are on the disk a moment later.
        until(lambda: '"GK"' in phone.whole_store() and '"counted":5' in phone.whole_store(), 10, "the disk")
        device.kill()
        phone = Speeds(device.open().page)
        go(phone.page, f"/speed-watch/log?id={own}")
        expect(phone.rows()).to_have_count(2)
        expect(phone.counted()).to_have_text("5")
        expect(phone.page.locator("[data-log='plate']")).to_contain_text("GK")
        phone.press("26ABC").save(52)
        phone.end()
        # The session ended with the browser: what waits goes once its person is signed in again.
        proxy.offline = False
        sign_in(phone.page, "vic")
        phone.arrived()
        device.close()
    assert readings_at(roadside.folder, own) == [(1, 44, "LB64RTY"), (2, 28, None), (3, 52, "GK26ABC")]


def test_two_taps_on_save_are_one_row_and_two_alike_vehicles_are_two(phone: Speeds, made: Made):
    page = phone.begin(made).page
    phone.press("44GK26ABC")
    page.locator("[data-do=save]").dblclick()
    expect(phone.aloud()).to_have_text("Saved: 44 miles per hour")
    expect(phone.rows()).to_have_count(1)
    expect(phone.says()).to_contain_text("The next vehicle")
    phone.vehicle(44, "GK26ABC")
    expect(phone.rows()).to_have_count(2)
    # Nor does a double tap answer what is asked.
    phone.press("99GK26ABC")
    page.locator("[data-do=save]").dblclick()
    expect(phone.sheet("ask")).to_be_visible()
    expect(phone.rows()).to_have_count(2)
    page.get_by_role("button", name="Change it").click()
    phone.press("39").save(39)


def test_the_last_row_is_undone_put_back_and_corrected(open_phone: OpenPhone, made: Made, roadside: Served):
    phone = open_phone().begin(made).vehicle(44, "LB64RTY", "black").vehicle(51, "GK26ABC")
    phone.arrived().tap("undo")
    expect(phone.rows().first).to_contain_text("taken out")
    phone.tap("undo")
    expect(phone.rows().first).not_to_contain_text("taken out")
    phone.tap("undo")
    # What is typed meanwhile is not disturbed.
    phone.press("36")
    until(lambda: "removing" not in phone.whole_store(), 30, "the server to be told")
    expect(phone.rows()).to_have_count(1)
    # The plate of what was sent is on the phone no more: it is typed again, or the row stays as it was.
    phone.tap("rows").page.get_by_role("button", name="Correct vehicle 1").click()
    expect(phone.says()).to_contain_text("Type it again: LB** R**")
    phone.press("LB64RTX").save(44)
    expect(phone.page.locator("[data-log='speed']")).to_have_text("36")
    phone.press("KT19AAA").save(36)
    phone.end().arrived()
    assert readings_at(roadside.folder, phone.id) == [(1, 44, "LB64RTX"), (3, 36, "KT19AAA")]


def test_a_plate_that_is_no_british_one_is_warned_of_and_kept_as_typed(phone: Speeds, made: Made):
    page = phone.begin(made).press("44GKO7ABC").page
    expect(phone.says()).to_contain_text("0 or O?")
    phone.tap("save")
    page.get_by_role("button", name="Keep it as typed").click()
    expect(phone.aloud()).to_have_text("Saved: 44 miles per hour")
    phone.press("45").tap("other").page.get_by_role("button", name="Another style").click()
    phone.press("WOBXX12").save(45)
    phone.press("46").tap("other").page.get_by_role("button", name="Q", exact=True).click()
    phone.press("12ABC").save(46)
    plates = [one["payload"].get("plate") for one in readings_of(phone)]
    assert sorted(plates) == [["GKO7ABC"], ["Q12ABC"], ["WOBXX12"]]
