"""The screen of one observation: what is slow, tapped twice, out of room or without a finger does no harm."""

import re

from playwright.sync_api import expect

from tests.browser.server import Served, until
from tests.browser.test_walk import WARD, all_sent, asked, id_of
from tests.browser.test_walk_mishaps import FULL, ROOM_AGAIN, close
from tests.browser.walks import ST_MARYS, Walk
from tests.browser.watch import Watch

# The browser's own part that `hold` names answers only once it is let go.
HOLD = """([owner, name]) => {
  const object = owner.split('.').reduce((one, part) => one[part], window);
  const real = object[name];
  const waiting = [];
  object[name] = function (...given) {
    return new Promise((go) => waiting.push(go)).then(() => real.apply(this, given));
  };
  window.held = () => waiting.length;
  window.letGo = () => {
    object[name] = real;
    waiting.splice(0).forEach((go) => go());
  };
}"""
LET_GO = "() => window.letGo()"
PICTURE = ["HTMLCanvasElement.prototype", "toBlob"]
CAMERA = ["navigator.mediaDevices", "getUserMedia"]
# As a browser answers when the camera is closed before it shows anything.
INTERRUPTED_PLAY = """() => {
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = () => {
    HTMLMediaElement.prototype.play = play;
    return new Promise((_, reject) => {
      window.interrupt = () => reject(new DOMException('Interrupted on purpose', 'AbortError'));
    });
  };
}"""
TWO_TAPS = "(button) => { button.click(); button.click(); }"
NORTH = {**ST_MARYS, "latitude": ST_MARYS["latitude"] + 0.002}


def start_picture(warden: Walk) -> None:
    """Press the shutter, and let the picture take its time."""
    page = warden.page
    page.get_by_role("button", name="Open the camera").or_(
        page.get_by_role("button", name="Take photo")
    ).click()
    shutter = page.get_by_role("button", name="Take photo")
    expect(shutter).to_be_enabled()
    page.evaluate(HOLD, PICTURE)
    shutter.click()
    until(lambda: page.evaluate("() => window.held()") == 1, 10, "the picture to be asked for")


def test_a_photo_that_is_still_being_made_is_saved_with_what_it_shows(warden: Walk, site: Served):
    page = warden.plan(WARD, "A slow photo").begin().add().page
    start_picture(warden)
    warden.what("Litter").how_bad("B")
    page.locator("[data-save]").click()
    expect(page.locator("[data-save]")).to_be_disabled()
    page.evaluate(LET_GO)
    expect(page.get_by_role("button", name="Add observation")).to_be_visible()
    all_sent(warden, 1)
    photos = "SELECT count(*) FROM photo WHERE record_id = ?"
    until(lambda: asked(site, photos, id_of(warden)) == [(1,)], 30, "its photo")


def test_a_photo_of_what_was_thrown_away_is_not_shown_with_the_next(warden: Walk):
    page = warden.plan(WARD, "A late photo").begin().add().page
    start_picture(warden)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Throw this away").click()
    warden.add()
    page.evaluate(LET_GO)
    warden.photo()
    expect(page.locator(".wb-camera [role=status]")).to_have_text("Photo taken")
    assert page.locator(".wb-picker__item").count() == 1
    warden.what("Graffiti").how_bad("C").save()
    expect(warden.items()).to_have_count(1)


def test_a_second_tap_on_the_way_out_neither_leaves_the_walk_nor_closes_what_comes_next(warden: Walk):
    page = warden.plan(WARD, "Hasty").begin().add().page
    page.evaluate(HOLD, ["history", "back"])
    page.locator("[data-close]").evaluate(TWO_TAPS)
    # The browser is still on its way back when the next one is wanted.
    page.get_by_role("button", name="Add observation").click()
    page.evaluate(LET_GO)
    expect(page.get_by_role("heading", name="Observation 1")).to_be_visible()
    warden.what("Litter").how_bad("B").save()
    warden.add().what("Graffiti")
    page.go_back()
    expect(warden.items()).to_have_count(2)
    expect(page.get_by_role("heading", name="Hasty")).to_be_visible()


def test_whoever_throws_away_what_may_be_sent_goes_on_without_waiting_for_the_server(
    warden: Walk, watch: Watch
):
    watch.allowed_statuses = {422}
    page = warden.plan(WARD, "No answer").begin().add().what("Litter").how_bad("B").page
    page.get_by_text("Note and more").click()
    page.get_by_label("How many?").fill("many")
    warden.save()
    expect(warden.items().first).to_contain_text("Needs you")
    warden.items().first.get_by_role("button").click()
    page.evaluate(HOLD, ["window", "fetch"])
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Throw this away").click()
    until(lambda: page.evaluate("() => window.held()") > 0, 10, "the server to be asked")
    close(warden)
    warden.add().what("Graffiti")
    page.evaluate(LET_GO)
    expect(page.locator("[data-walk='count']")).to_have_text("0")
    expect(page.locator(".wb-tile input[value=graffiti]")).to_be_checked()
    warden.how_bad("C").save()
    expect(warden.items()).to_have_count(1)


def test_what_a_full_phone_cannot_open_leaves_the_list_and_says_so(warden: Walk):
    page = warden.plan(WARD, "No room").begin().add().what("Litter").how_bad("B").page
    warden.save()
    all_sent(warden, 1)
    page.evaluate(FULL)
    warden.items().first.get_by_role("button").click()
    expect(page.get_by_text("This phone could not open it.", exact=False)).to_be_visible()
    expect(page.get_by_role("button", name="Add observation")).to_be_visible()
    page.evaluate(ROOM_AGAIN)
    warden.items().first.get_by_role("button").click()
    expect(page.get_by_role("heading", name="Observation 1")).to_be_visible()
    expect(page.get_by_text("This phone could not open it.", exact=False)).to_be_hidden()


def test_the_shutter_takes_nothing_before_there_is_a_picture(warden: Walk):
    page = warden.plan(WARD, "Slow camera").begin().add().page
    page.evaluate(HOLD, CAMERA)
    page.get_by_role("button", name="Open the camera").click()
    shutter = page.get_by_role("button", name="Take photo")
    expect(shutter).to_be_disabled()
    shutter.dispatch_event("click")
    # Left and opened once more, it is not asked for a second time.
    close(warden)
    warden.add()
    page.get_by_role("button", name="Open the camera").click()
    expect(shutter).to_be_disabled()
    assert page.evaluate("() => window.held()") == 1
    page.evaluate(LET_GO)
    expect(shutter).to_be_enabled()
    warden.photo()


def test_a_camera_that_was_closed_while_it_opened_was_not_refused(warden: Walk):
    page = warden.plan(WARD, "Closed early").begin().page
    warden.add().photo().what("Litter").how_bad("B").save()
    page.evaluate(INTERRUPTED_PLAY)
    warden.add()
    expect(page.get_by_role("button", name="Take photo")).to_be_disabled()
    close(warden)
    page.evaluate("() => window.interrupt()")
    warden.add()
    expect(page.get_by_role("button", name="Take photo")).to_be_enabled()
    expect(page.get_by_text("The camera could not be opened", exact=False)).to_be_hidden()


def test_five_photos_are_all_that_one_observation_takes(warden: Walk):
    page = warden.plan(WARD, "Five").begin().add().photo().page
    more = page.get_by_role("button", name="Close-up")
    for count in range(2, 6):
        more.click()
        page.get_by_role("button", name="Take photo").click()
        expect(page.locator(".wb-picker__item")).to_have_count(count)
    expect(page.get_by_role("button", name="Take it again")).to_be_visible()
    expect(more).to_be_hidden()


def test_every_category_is_reached_by_keys(warden: Walk):
    page = warden.plan(WARD, "By keys").begin().add().page
    tiles = page.locator(".wb-tile:has(input)")
    expect(page.locator(".wb-tile:has(input):visible")).to_have_count(7)
    page.locator(".wb-tile--all").focus()
    page.keyboard.press("Enter")
    chosen = set()
    for _ in range(tiles.count()):
        page.keyboard.press("ArrowDown")
        chosen.add(page.locator(".wb-tile input:checked").get_attribute("value"))
    assert len(chosen) == tiles.count()
    expect(page.locator(".wb-tile--all")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(page.locator(".wb-tile--all")).to_be_visible()
    # By a finger the grades come near at once.
    page.locator(".wb-tile--all").click()
    tiles.locator("visible=true").last.click()
    expect(page.locator(".wb-tile--all")).to_be_visible()


def test_the_map_of_the_next_thing_seen_knows_nothing_of_the_last_place(warden: Walk):
    page = warden.plan(WARD, "Two places").begin().add().what("Litter").how_bad("B").page
    pin = page.locator(".wb-map__pin")
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_role("button", name="Place in a photo")).to_have_count(0)
    page.get_by_role("button", name="Show the map").click()
    page.locator(".wb-map__canvas").focus()
    for _ in range(5):
        page.keyboard.press("Shift+ArrowUp")
    expect(pin).to_be_visible()
    place = page.locator("[name=latitude]")
    first = place.input_value()
    warden.save()
    warden.add().what("Graffiti").how_bad("C").page.get_by_role("button", name="Change").click()
    expect(page.locator(".wb-map")).to_be_hidden()
    expect(page.locator(".wb-place__answer")).to_be_hidden()
    page.get_by_role("button", name="Show the map").click()
    expect(page.locator(".wb-map")).to_be_visible()
    expect(pin).to_have_count(0)
    page.locator(".wb-map__canvas").focus()
    page.keyboard.press("ArrowUp")
    expect(pin).to_be_visible()
    assert abs(float(place.input_value()) - float(first)) > 0.001
    warden.save()
    # Opened again, it is the place of what is opened.
    warden.items().last.get_by_role("button").click()
    page.get_by_role("button", name="Change").click()
    expect(page.locator(".wb-place__answer")).to_contain_text("The pin you set")
    expect(place).to_have_value(first)


def test_what_is_seen_stays_where_it_was_seen_while_its_person_walks_on(warden: Walk, site: Served):
    page = warden.plan(WARD, "Walked on").begin().tab("Map").page
    page.get_by_role("button", name="Record the way we go").click()
    points = page.locator("[data-walk='track-words']")
    expect(points).to_contain_text(re.compile("1 point on this"))
    warden.add().what("Litter").how_bad("B")
    page.context.set_geolocation(NORTH)
    expect(points).to_contain_text("2 points on this")
    warden.save()
    all_sent(warden, 1)
    place = "SELECT latitude FROM observation WHERE eva_id = ?"
    assert asked(site, place, id_of(warden)) == [(ST_MARYS["latitude"],)]
