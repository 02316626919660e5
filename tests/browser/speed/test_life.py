"""A session from its begin to its thanks: each step is taken once, and nothing that was typed is lost."""

import json
from datetime import UTC, datetime, time, timedelta

from playwright.sync_api import Page, expect

from tests.browser.going import go
from tests.browser.server import Served, until
from tests.browser.speed.conftest import OpenPhone
from tests.browser.speeds import Made, Speeds, readings_at, session_at
from webapp.rules.clock import LONDON

PLATE_IN_WORDS = "Leave registrations out of these words"
# What the server says of a capture when it does not take it.
NOT_TAKEN = """async ([id, errors]) => {
  const open = indexedDB.open('wardbook');
  const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const store = database.transaction('captures', 'readwrite').objectStore('captures');
  const asked = store.get(id);
  const capture = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  const put = store.put({ ...capture, state: 'parked', attempt: null, problem: { code: 'invalid', errors } });
  await new Promise((done) => (put.onsuccess = done));
  database.close();
}"""


def not_taken(page: Page, capture_id: str, **errors: str) -> None:
    page.evaluate(NOT_TAKEN, [capture_id, {name: [words] for name, words in errors.items()}])


def kept(phone: Speeds, store: str) -> list[dict]:
    return json.loads(phone.whole_store())[0][store]["values"]


def notes(phone: Speeds) -> list[dict]:
    return [one for one in kept(phone, "notes") if isinstance(one, dict) and "join_code" in one]


def vehicles(phone: Speeds) -> list[dict]:
    return [one for one in kept(phone, "captures") if one["kind"] == "speed_reading"]


def end_page(phone: Speeds) -> Page:
    phone.tap("menu").page.get_by_role("button", name="End the session").last.click()
    expect(phone.page.get_by_role("heading", name="End the session")).to_be_visible()
    return phone.page


def press_end(page: Page) -> None:
    page.locator("[data-speed='end']").get_by_role("button", name="End the session").click()


def test_a_vehicle_that_was_not_taken_is_opened_from_the_outbox_and_corrected(
    phone: Speeds, made: Made, roadside: Served
):
    page = phone.begin(made).vehicle(44, "LB64RTY").vehicle(51, "GK26ABC").page
    own, first = phone.id, min(vehicles(phone), key=lambda one: one["stays"]["number"])
    not_taken(page, first["id"], plate="Look at this plate once more.")
    go(page, "/outbox")
    page.get_by_role("button", name="Open Vehicle 1, 44 mph").click()
    expect(page.locator("[data-log='speed']")).to_have_text("44")
    expect(page.locator("[data-log='plate']")).to_contain_text("LB64")
    # A refresh in the middle of it changes nothing.
    page.reload()
    expect(page.locator("[data-log='plate']")).to_contain_text("LB64")
    phone.press("46").save(46)
    phone.end().online().arrived()
    assert readings_at(roadside.folder, own) == [(1, 46, "LB64RTY"), (2, 51, "GK26ABC")]


def test_a_vehicle_that_was_not_taken_is_corrected_from_the_thanks_and_they_come_again(
    phone: Speeds, made: Made
):
    page = phone.begin(made).vehicle(44, "LB64RTY").page
    not_taken(page, vehicles(phone)[0]["id"], plate="Look at this plate once more.")
    phone.end()
    expect(page.get_by_text("1 of it was not taken.", exact=False)).to_be_visible()
    expect(page.get_by_text("Look at this plate once more.")).to_be_visible()
    page.get_by_role("link", name="Correct: Vehicle 1, 44 mph").click()
    expect(page.locator("[data-log=say]")).to_have_text("Look at this plate once more.")
    expect(page.locator("[data-log=clock]")).to_have_text("It is over.")
    # What is half corrected outlives a refresh.
    phone.key("to-speed").press("46")
    # A slow disk takes longer than the moment that the log gives itself.
    until(lambda: '"speed":"46"' in phone.whole_store(), 10, "the speed on the disk")
    page.reload()
    expect(page.locator("[data-log=speed]")).to_have_text("46")
    phone.tap("save")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert phone.figure("Fastest") == "46 mph"
    # It was ended, and still is.
    assert notes(phone)[0]["ended_at"]
    phone.online().arrived()
    expect(page.get_by_text("All of it was sent.", exact=False)).to_be_visible()


def test_an_end_that_was_not_taken_comes_again_as_it_was_typed(phone: Speeds, made: Made, roadside: Served):
    page = phone.begin(made).end(incidents="A van shouted", total_counted="120").page
    own = phone.id
    not_taken(page, own, incidents="Leave that out.")
    go(page, "/outbox")
    page.get_by_role("button", name="Open Speed-watch session").click()
    expect(page.get_by_text("Wardbook did not take the session as it is")).to_be_visible()
    expect(page.get_by_text("Leave that out.").last).to_be_visible()
    expect(page.get_by_label("Was there any incident")).to_have_value("A van shouted")
    expect(page.get_by_label("How many vehicles passed in all?")).to_have_value("120")
    page.get_by_label("Was there any incident").fill("Somebody shouted")
    press_end(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    phone.online().arrived()
    assert session_at(roadside.folder, own) == ("Somebody shouted", 120, True)


def test_plates_in_the_words_of_the_end_are_found_before_they_go(phone: Speeds, made: Made):
    page = end_page(phone.begin(made))
    for words in ("Gk26abc", "GK26  ABC swore"):
        page.get_by_label("Was there any incident").fill(words)
        press_end(page)
        expect(page.get_by_text(PLATE_IN_WORDS, exact=False)).to_be_visible()
    page.get_by_label("Was there any incident").fill("Near TN14 and the A225")
    press_end(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_what_is_typed_at_the_end_outlives_the_way_back_and_a_half_typed_vehicle_is_told_of(
    phone: Speeds, made: Made
):
    phone.begin(made).press("52GK2")
    page = end_page(phone)
    page.get_by_label("Was there any incident").fill("Driver of GK26 ABC swore")
    page.get_by_label("How many vehicles passed in all?").fill("77")
    page.get_by_role("link", name="Back to the log").click()
    expect(page.locator("[data-log='plate']")).to_contain_text("GK2")
    assert "GK26 ABC" not in phone.whole_store()
    end_page(phone)
    expect(page.get_by_label("Was there any incident")).to_have_value("Driver of *** swore")
    expect(page.get_by_label("How many vehicles passed in all?")).to_have_value("77")
    press_end(page)
    expect(page.get_by_text("A vehicle on the log is half typed", exact=False)).to_be_visible()
    page.get_by_role("link", name="Back to the log").click()
    phone.press("6ABC").save(52)
    phone.end()
    assert phone.figure("Speeds logged") == "1"
    assert phone.figure("Vehicles counted") == "77"


def test_what_is_pressed_twice_happens_once(phone: Speeds, made: Made):
    page = phone.start_page().filled(made).page
    page.evaluate("() => (navigator.storage.persist = async () => sessionStorage.setItem('is_asked', 'yes'))")
    page.get_by_role("button", name="Begin the session").dblclick()
    expect(phone.sheet("menu")).to_be_visible()
    assert len(notes(phone)) == 1
    # The phone is asked not to clear away by itself what a session keeps there.
    assert page.evaluate("() => sessionStorage.getItem('is_asked')") == "yes"
    phone.close_sheet().end()
    page.get_by_role("button", name="It is not over: go on logging").dblclick()
    phone.vehicle(44, "LB64RTY").tap("plus")
    expect(phone.rows()).to_have_count(1)
    expect(phone.counted()).to_have_text("2")
    phone.end()
    # Nor can the page that began it begin it once more when somebody goes back to it.
    expect(phone.start_page().page.locator("[data-start='pack-words']")).to_contain_text("Good until")
    with page.expect_event("load"):
        page.evaluate("() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.get_by_label(made.site, exact=False).first).not_to_be_checked()


def at_noon(days: int = 0) -> datetime:
    return datetime.combine(datetime.now(LONDON).date() + timedelta(days=days), time(12, 0), LONDON)


def test_a_session_that_was_left_open_overnight_can_only_be_ended(phone: Speeds, made: Made):
    page = phone.page
    page.clock.set_fixed_time(at_noon(1))
    phone.begin(made)
    page.clock.set_fixed_time(at_noon(1) + timedelta(hours=1))
    phone.vehicle(44, "LB64RTY")
    # The page was open all night.
    page.clock.set_fixed_time(at_noon(2))
    with page.expect_event("load"):
        page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    phone.start_page()
    page.get_by_role("link", name=f"End: {made.site}").click()
    expect(page.get_by_text("The day of this session is over", exact=False)).to_be_visible()
    expect(page.get_by_label("When did it end?")).to_have_value("13:00")
    expect(page.get_by_role("link", name="Back to the log")).to_be_hidden()
    page.get_by_label("When did it end?").fill("18:00")
    press_end(page)
    expect(page.get_by_text("That is 6 hours after it began.", exact=False)).to_be_visible()
    page.get_by_label("When did it end?").fill("13:00")
    press_end(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(page.get_by_text("1 hour by the road.", exact=False)).to_be_visible()
    expect(page.get_by_role("button", name="It is not over")).to_be_hidden()


def test_an_end_that_was_proposed_in_the_minute_of_the_start_stands_once_that_minute_is_over(
    phone: Speeds, made: Made
):
    page = phone.page
    page.clock.set_fixed_time(at_noon() + timedelta(seconds=20))
    phone.begin(made)
    page.clock.set_fixed_time(at_noon() + timedelta(seconds=50))
    end_page(phone)
    page.clock.set_fixed_time(at_noon() + timedelta(seconds=70))
    press_end(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    answers = next(one for one in kept(phone, "captures") if one["kind"] == "speed_watch")["payload"]
    assert datetime.fromisoformat(answers["ended_moment"][0]) == at_noon() + timedelta(seconds=50)


def test_a_phone_whose_clock_was_ahead_is_asked_for_both_times(phone: Speeds, made: Made):
    page = phone.page
    page.clock.set_fixed_time(at_noon(1) + timedelta(hours=2))
    phone.begin(made)
    page.clock.set_fixed_time(at_noon(1))
    end_page(phone)
    expect(page.get_by_text("so the clock was wrong", exact=False)).to_be_visible()
    press_end(page)
    expect(page.get_by_text("Enter when it began.")).to_be_visible()
    page.get_by_label("When did it begin?").fill("11:15")
    press_end(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(page.get_by_text("45 minutes by the road.", exact=False)).to_be_visible()
    answers = next(one for one in kept(phone, "captures") if one["kind"] == "speed_watch")["payload"]
    assert answers["began_moment"] == [f"{at_noon(1) - timedelta(minutes=45):%Y-%m-%dT%H:%M}:00.000Z"]


def test_a_wrong_letter_is_noticed_and_a_session_is_joined_after_midnight(open_phone: OpenPhone, made: Made):
    vic, carol = open_phone("vic").offline(), open_phone("carol").offline()
    evening = datetime.combine(datetime.now(LONDON).date() + timedelta(days=1), time(23, 40), LONDON)
    vic.page.clock.set_fixed_time(evening)
    code = vic.begin(made).code()
    # While one day goes on only: a wrong letter of this day may be the right one of the next.
    carol.page.clock.set_fixed_time(evening + timedelta(minutes=10))
    carol.start_page().page.get_by_text("Join a session that another phone began").click()
    expect(carol.page.get_by_text("Count all traffic on one phone only", exact=False).first).to_be_visible()
    expect(carol.page.get_by_text("cannot be fetched now", exact=False)).to_be_visible()
    wrong = code[:3] + next(one for one in "BCD" if one != code[3])
    carol.page.locator("#join-site").select_option(made.code)
    carol.page.get_by_label("Four letters").fill(wrong)
    carol.page.get_by_role("button", name="Join", exact=True).click()
    expect(carol.page.get_by_text("Check the four letters", exact=False)).to_be_visible()
    carol.page.clock.set_fixed_time(evening + timedelta(minutes=40))
    carol.join(made, code)
    assert carol.id == vic.id


def test_what_was_ticked_yesterday_is_not_ticked_today(phone: Speeds, made: Made):
    page = phone.page
    page.clock.set_fixed_time(at_noon(1))
    phone.start_page().filled(made)
    until(lambda: "typed_on" in phone.whole_store(), 10, "it to be kept")
    page.clock.set_fixed_time(at_noon(2))
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    assert page.locator("[name=safety]:checked").count() == 0
    phone.ticks()
    until(lambda: f"{at_noon(2):%Y-%m-%d}" in phone.whole_store(), 10, "it to be kept")
    page.clock.set_fixed_time(at_noon(3))
    phone.start_page()
    expect(page.get_by_label(made.site, exact=False).first).to_be_checked()
    assert page.locator("[name=safety]:checked").count() == 0


def test_a_page_that_stayed_open_begins_only_while_its_lists_are_good_and_asks_why_after_sunset(
    phone: Speeds, made: Made
):
    page = phone.page
    page.clock.set_fixed_time(at_noon(1))
    phone.start_page().filled(made)
    page.clock.set_fixed_time(at_noon(1) + timedelta(hours=10))
    phone.press_begin()
    assert "it is light at this site from" in phone.refusals()[0]
    expect(page.get_by_label("Why do you watch outside daylight?")).to_be_visible()
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=9))
    phone.press_begin()
    expect(page.get_by_text("too old to say whether a session may begin", exact=False)).to_be_visible()
    assert notes(phone) == []
