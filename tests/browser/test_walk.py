"""An audit walked on a phone: no signal from start to end, four taps an observation, nothing lost."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests import pictures
from tests.browser.conftest import OpenContext, OpenWalk
from tests.browser.going import say_online
from tests.browser.looks import look
from tests.browser.people import sign_in
from tests.browser.server import Served, until
from tests.browser.walks import ALL_OF_A_STORE, COUNT_TAPS, ST_MARYS, Walk

WARD = "Swanley St Mary's"


def asked(site: Served, question: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(site.folder / "wardbook.sqlite")) as database:
        return database.execute(question, values).fetchall()


def id_of(walk: Walk) -> str:
    """The walk's id as SQLite keeps it."""
    found = re.search(r"id=([0-9a-f-]{36})", walk.page.url)
    assert found
    return found[1].replace("-", "")


def without_signal(walk: Walk) -> None:
    walk.page.context.set_offline(True)


def signal_is_back(walk: Walk) -> None:
    walk.page.context.set_offline(False)
    say_online(walk.page)


def all_sent(walk: Walk, count: int) -> None:
    expect(walk.page.locator("[data-walk='sent']")).to_have_text(str(count))
    expect(walk.page.locator("[data-walk='saved']")).to_have_text("0")


def test_an_observation_with_a_photo_takes_four_taps_once_the_camera_may_be_used(warden: Walk):
    warden.plan(WARD, "Four taps").begin()
    warden.add().photo().what("Litter").how_bad("B").save()
    warden.add()
    expect(warden.page.get_by_role("button", name="Take photo")).to_be_visible()
    warden.page.evaluate(COUNT_TAPS)
    warden.photo().what("Graffiti").how_bad("C").save()
    assert warden.page.evaluate("window.taps") == 4
    expect(warden.items()).to_have_count(2)
    newest = warden.items().first
    expect(newest).to_contain_text("2. Graffiti")
    all_sent(warden, 2)


def test_a_walk_without_any_signal_is_all_there_afterwards(warden: Walk, site: Served):
    page = warden.page
    without_signal(warden)
    warden.plan(WARD, "No signal at all").begin()
    warden.somebody_is_here(1, "Resident", "Rosa")
    expect(page.get_by_text("No local business is here.", exact=False)).to_be_visible()
    warden.somebody_is_here(2, "Local business", "shopkeeper", "Corner shop")
    expect(page.get_by_text("No local business is here.", exact=False)).to_be_hidden()
    warden.tab("List")
    for number in range(3):
        warden.add().photo().what("Litter").how_bad("C").save()
        expect(warden.items()).to_have_count(number + 1)
    warden.add().what("Street light out").how_bad("2").save()
    expect(warden.items()).to_have_count(4)
    assert warden.counts() == ("4", "0", "4")
    expect(page.get_by_text("No signal. Nothing is lost.")).to_be_visible()
    # The browser is closed by mistake and opened again, still without a signal.
    page.reload()
    expect(warden.items()).to_have_count(4)
    assert warden.counts() == ("4", "0", "4")
    warden.tab("Who is here (2)").end()
    signal_is_back(warden)
    all_sent(warden, 4)
    own = id_of(warden)
    status, began, ended = asked(
        site, "SELECT r.status, e.began_at, e.ended_at FROM record r JOIN eva e USING (id) WHERE id = ?", own
    )[0]
    assert status == "walked" and began < ended
    people = asked(
        site, "SELECT type, name, organisation, presence FROM eva_participant WHERE eva_id = ?", own
    )
    assert people == [("resident", "Rosa", "", "came"), ("business", "shopkeeper", "Corner shop", "came")]
    seen = "SELECT number, category, grade, severity, accuracy_m FROM observation WHERE eva_id = ? ORDER BY number"
    assert asked(site, seen, own) == [
        (1, "litter", "C", None, 6),
        (2, "litter", "C", None, 6),
        (3, "litter", "C", None, 6),
        (4, "street_light", None, "2", 6),
    ]
    photos = "SELECT count(*) FROM photo WHERE record_id = ?"
    until(lambda: asked(site, photos, own) == [(3,)], 30, "three photos")


def test_what_was_begun_and_not_saved_is_there_after_the_browser_died(warden: Walk):
    warden.plan(WARD, "Interrupted").begin()
    without_signal(warden)
    warden.add().photo().what("Graffiti")
    # The photo alone is kept a moment before.
    until(lambda: "graffiti" in drafts(warden.page), 20, "what was chosen to be kept")
    warden.page.reload()
    expect(warden.items()).to_have_count(1)
    expect(warden.items().first).to_contain_text("Not finished")
    warden.items().first.get_by_role("button").click()
    expect(warden.page.locator(".wb-picker__item")).to_have_count(1)
    warden.how_bad("D").save()
    expect(warden.items().first).to_contain_text("Saved")
    signal_is_back(warden)
    all_sent(warden, 1)


def test_an_observation_that_is_left_empty_leaves_nothing_behind(warden: Walk):
    warden.plan(WARD, "Nothing begun").begin()
    warden.add()
    warden.page.get_by_role("button", name="Close", exact=True).click()
    expect(warden.page.get_by_text("Nothing is recorded yet.", exact=False)).to_be_visible()
    warden.add()
    warden.page.go_back()
    expect(warden.page.get_by_text("Nothing is recorded yet.", exact=False)).to_be_visible()


def test_what_was_begun_by_mistake_is_thrown_away_once_its_person_has_said_so_twice(warden: Walk):
    page = warden.plan(WARD, "By mistake").begin().page
    without_signal(warden)
    away = warden.add().photo().what("Litter").page.get_by_role("button", name="Throw this away")
    answers: list[str] = []

    def answer(dialog: Dialog) -> None:
        answers.append(dialog.message)
        dialog.accept() if len(answers) == 2 else dialog.dismiss()

    page.on("dialog", answer)
    with page.expect_event("dialog"):
        away.click()
    expect(page.get_by_role("heading", name="Observation 1")).to_be_visible()
    away.click()
    expect(page.get_by_role("button", name="Add observation")).to_be_visible()
    expect(warden.items()).to_have_count(0)
    page.reload()
    warden.add().what("Graffiti").how_bad("B").save()
    expect(warden.items()).to_have_count(1)
    assert warden.counts() == ("1", "0", "1")


def test_same_again_copies_the_last_but_not_its_photo_and_place(warden: Walk, site: Served):
    page = warden.plan(WARD, "Same again").begin().tab("Map").page
    page.get_by_role("button", name="Record the way we go").click()
    warden.add().photo().what("Litter").how_bad("C").save()
    page.context.set_geolocation({**ST_MARYS, "latitude": 51.4})
    expect(page.locator("[data-walk='track-words']")).to_contain_text("2 points on this")
    page.get_by_role("button", name="Same again").click()
    expect(page.locator(".wb-tile input[value=litter]")).to_be_checked()
    expect(page.locator(".wb-picker__item")).to_have_count(0)
    warden.save()
    all_sent(warden, 2)
    seen = "SELECT number, category, grade, latitude FROM observation WHERE eva_id = ? ORDER BY number"
    assert asked(site, seen, id_of(warden)) == [
        (1, "litter", "C", ST_MARYS["latitude"]),
        (2, "litter", "C", 51.4),
    ]


def test_same_again_copies_what_a_colleague_s_phone_saw(warden: Walk, open_phone: OpenWalk, site: Served):
    warden.plan(WARD, "With a colleague").begin()
    status = "SELECT status FROM record WHERE id = ?"
    until(lambda: asked(site, status, id_of(warden)) == [("walking",)], 20, "the walk to begin")
    colleague = open_phone()
    colleague.page.goto(warden.page.url)
    colleague.add().what("Street light out").how_bad("2").save()
    all_sent(colleague, 1)
    warden.page.reload()
    expect(warden.items()).to_have_count(1)
    warden.page.get_by_role("button", name="Same again").click()
    expect(warden.page.locator(".wb-tile input[value=street_light]")).to_be_checked()
    warden.save()
    all_sent(warden, 2)
    seen = "SELECT number, category, severity FROM observation WHERE eva_id = ? ORDER BY number"
    assert asked(site, seen, id_of(warden)) == [(1, "street_light", "2"), (2, "street_light", "2")]


def test_an_urgent_thing_says_what_to_do_and_what_was_wrong_is_pointed_out(warden: Walk):
    warden.plan(WARD, "Urgent").begin().add()
    warden.page.locator("[data-save]").click()
    expect(warden.page.get_by_role("alert").filter(has_text="Choose what it is.")).to_be_visible()
    warden.what("Drug litter")
    expect(warden.page.get_by_text("Do not touch needles.", exact=False)).to_be_visible()
    warden.page.locator("[data-save]").click()
    expect(warden.page.get_by_text("Choose how serious it is.")).to_be_visible()
    warden.how_bad("4").save()
    all_sent(warden, 1)


def test_what_was_saved_can_be_put_right_before_and_after_it_was_sent(warden: Walk, site: Served):
    warden.plan(WARD, "Put right").begin()
    warden.add().what("Litter").how_bad("C").save()
    all_sent(warden, 1)
    warden.items().first.get_by_role("button").click()
    warden.what("Graffiti").how_bad("D").save()
    all_sent(warden, 1)
    expect(warden.items()).to_have_count(1)
    expect(warden.items().first).to_contain_text("1. Graffiti")
    question = "SELECT category, grade FROM observation WHERE eva_id = ?"
    until(lambda: asked(site, question, id_of(warden)) == [("graffiti", "D")], 20, "the change")


def test_where_no_camera_may_be_used_in_the_page_the_phone_s_own_is(open_phone: OpenWalk, tmp_path: Path):
    walk = open_phone().plan(WARD, "No camera").begin().add()
    page = walk.page
    page.get_by_role("button", name="Open the camera").click()
    expect(page.get_by_text("The camera could not be opened in the page.", exact=False)).to_be_visible()
    photo = tmp_path / "wall.jpg"
    photo.write_bytes(pictures.jpeg((800, 600)))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Camera app or file").click()
    chooser.value.set_files(photo)
    expect(page.locator(".wb-picker__item")).to_have_count(1)
    walk.what("Litter").how_bad("A").save()
    all_sent(walk, 1)


def test_the_recorded_way_stays_on_the_phone_until_it_is_sent(warden: Walk, site: Served):
    warden.plan(WARD, "Track").begin().tab("Map")
    warden.page.get_by_role("button", name="Record the way we go").click()
    words = warden.page.locator("[data-walk='track-words']")
    expect(words).to_contain_text("1 point on this")
    for step in range(1, 4):
        warden.page.context.set_geolocation({**ST_MARYS, "latitude": ST_MARYS["latitude"] + step * 0.001})
        expect(words).to_contain_text(f"{step + 1} points on this")
    own = id_of(warden)
    warden.add().what("Litter").how_bad("B").save()
    all_sent(warden, 1)
    track = "SELECT length(track) FROM eva WHERE id = ?"
    assert asked(site, track, own) == [(0,)]
    warden.end()
    warden.page.get_by_role("button", name="Send the recorded way too").click()
    until(lambda: asked(site, track, own)[0][0] > 30, 20, "the track")


@pytest.mark.parametrize(
    "place", ["start", "list", "map", "people", "more", "observation", "grades", "severity"]
)
def test_each_screen_of_a_walk_is_for_everybody(warden: Walk, place: str):
    page = warden.page
    if place == "start":
        page.goto("/eva/walk")
    else:
        warden.plan(WARD, "For everybody").begin()
        warden.add().what("Litter").how_bad("C").save()
    if place in {"map", "people", "more"}:
        warden.tab({"map": "Map", "people": "Who is here", "more": "More"}[place])
    if place in {"observation", "grades", "severity"}:
        warden.add()
    if place == "grades":
        warden.what("Graffiti")
    if place == "severity":
        warden.what("Street light out").how_bad("4")
    assert look(page, place) == []


def drafts(page: Page) -> list[str]:
    """Return the category of each observation that this phone keeps as a draft."""
    held = (one for one in page.evaluate(ALL_OF_A_STORE, "captures") if one["state"] == "draft")
    return [category for one in held for category in one["payload"].get("category", ())]


# As many more as the one that is there, each under an id and a number of its own.
CLONE = """async (count) => {
  const open = indexedDB.open('wardbook');
  const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const change = database.transaction('captures', 'readwrite');
  const store = change.objectStore('captures');
  const all = await new Promise((done) => {
    const asked = store.getAll();
    asked.onsuccess = () => done(asked.result);
  });
  const one = all.find(({ kind }) => kind === 'observation');
  for (let number = 2; number <= count; number += 1) {
    const own = { ...one, id: crypto.randomUUID(), payload: { ...one.payload, number: [`${number}`] } };
    store.put(own);
  }
  await new Promise((done) => (change.oncomplete = done));
  database.close();
}"""


def test_a_walk_of_two_hundred_observations_is_still_a_list_a_map_and_one_more(warden: Walk):
    warden.plan(WARD, "Very long").begin()
    without_signal(warden)
    warden.add().what("Litter").how_bad("C").save()
    warden.page.evaluate(CLONE, 200)
    warden.page.reload()
    expect(warden.items()).to_have_count(200)
    expect(warden.page.locator("[data-walk='count']")).to_have_text("200")
    warden.tab("Map")
    expect(warden.page.locator(".wb-walk-map__point")).to_have_count(200)
    warden.tab("List").add().what("Graffiti").how_bad("D").save()
    expect(warden.items()).to_have_count(201)
    expect(warden.items().first).to_contain_text("201. Graffiti")


def test_a_resident_s_phone_keeps_no_page_of_the_field(phone: Page):
    phone.goto("/fly-tipping/new")
    phone.wait_for_function("() => navigator.serviceWorker.controller !== null")
    kept = phone.evaluate("async () => await caches.keys()")
    assert len(kept) == 1 and not kept[0].startswith("wardbook-field-")
    phone.goto("/eva/walk")
    expect(phone.get_by_text("None is on this phone yet.")).to_be_visible()


def test_a_walk_that_was_planned_at_a_desk_is_walked_on_a_phone(
    warden: Walk, open_context: OpenContext, site: Served
):
    desk = open_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False).new_page()
    sign_in(desk, "owen")
    desk.goto("/eva/new")
    desk.get_by_label("Which ward?").select_option(WARD)
    desk.get_by_label("Why this walk?").select_option("PACT panel asked for it")
    desk.get_by_label("What is this walk called?").fill("Planned by Owen")
    desk.get_by_role("button", name="Save this walk").click()
    expect(desk.get_by_role("heading", name="Planned by Owen")).to_be_visible()
    warden.page.goto("/eva/walk")
    planned = warden.page.get_by_role("listitem").filter(has_text="Planned by Owen")
    expect(planned).to_contain_text(re.compile(r"day \d{1,2} [A-Z][a-z]+ \d{4}"))
    without_signal(warden)
    warden.page.goto("/eva/walk")
    warden.page.get_by_role("link", name="Planned by Owen").click()
    warden.begin().add().what("Litter").how_bad("B").save()
    signal_is_back(warden)
    all_sent(warden, 1)
    question = "SELECT status, rev, created_by_id IS NOT NULL FROM record WHERE id = ?"
    until(
        lambda: asked(site, question, id_of(warden)) == [("walking", 2, 1)],
        20,
        "the walk to be one version on",
    )
