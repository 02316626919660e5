"""What goes wrong on a walk: a second tab, a full phone, a second look, a refusal, somebody at a desk."""

from playwright.sync_api import StorageState, expect

from tests.browser.conftest import PHONE, OpenContext
from tests.browser.going import go
from tests.browser.people import sign_in
from tests.browser.server import Served, until
from tests.browser.test_faults_storage import NO_STORE
from tests.browser.test_walk import WARD, all_sent, asked, id_of, signal_is_back, without_signal
from tests.browser.walks import ST_MARYS, Walk, rename_at_a_desk
from tests.browser.watch import Watch

# The phone keeps nothing more from now on, until it is given room.
FULL = """() => {
  window.put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => { throw new DOMException('Full on purpose', 'QuotaExceededError'); };
}"""
ROOM_AGAIN = "() => { IDBObjectStore.prototype.put = window.put; }"


def second_tab(warden: Walk) -> Walk:
    """The same walk in another tab of the same phone."""
    other = Walk(warden.page.context.new_page())
    other.page.goto(warden.page.url.partition("#")[0])
    expect(other.page.get_by_role("button", name="Add observation")).to_be_visible()
    return other


def close(warden: Walk) -> None:
    warden.page.get_by_role("button", name="Close", exact=True).click()
    expect(warden.page.get_by_role("button", name="Add observation")).to_be_visible()


def test_what_was_only_looked_at_stays_sent(warden: Walk):
    warden.plan(WARD, "A second look").begin()
    expect(warden.page.get_by_role("button", name="Add observation")).to_be_focused()
    warden.add().photo().what("Litter").how_bad("B").save()
    all_sent(warden, 1)
    for _ in range(2):
        warden.items().first.get_by_role("button").click()
        expect(warden.page.get_by_text("Where you stood, within 6 m.")).to_be_visible()
        close(warden)
        expect(warden.items().first).to_contain_text("Sent")
    assert warden.counts() == ("1", "1", "0")


def test_two_tabs_of_one_walk_do_not_write_over_each_other(warden: Walk, site: Served):
    warden.plan(WARD, "Two tabs").begin()
    other = second_tab(warden)
    other.add().what("Litter").how_bad("B").save()
    warden.add().what("Graffiti").how_bad("C").save()
    expect(warden.items().first).to_contain_text("2. Graffiti")
    warden.somebody_is_here(1, "Resident", "Rosa")
    expect(other.page.get_by_role("tab", name="Who is here (1)")).to_be_visible()
    other.end()
    own = id_of(warden)
    until(lambda: asked(site, "SELECT ended_at FROM eva WHERE id = ?", own) != [(None,)], 20, "the end")
    assert asked(site, "SELECT name FROM eva_participant WHERE eva_id = ?", own) == [("Rosa",)]


def test_what_another_tab_shows_is_said_to_be_there(warden: Walk):
    warden.plan(WARD, "Open twice").begin().add().what("Litter").how_bad("B").save()
    other = second_tab(warden)
    warden.items().first.get_by_role("button").click()
    expect(warden.page.locator("[data-save]")).to_be_visible()
    other.items().first.get_by_role("button").click()
    expect(other.page.get_by_text("It is open in another tab.", exact=False)).to_be_visible()


def test_a_full_phone_is_told_at_the_thumb_and_going_back_loses_nothing(warden: Walk):
    page = warden.plan(WARD, "Full").begin().arrived().page
    warden.add().what("Litter")
    page.evaluate(FULL)
    warden.how_bad("B")
    page.locator("[data-save]").click()
    said = page.get_by_text("This phone cannot keep it.", exact=False)
    expect(said).to_be_in_viewport()
    page.go_back()
    expect(page.get_by_text("Going back once more throws it away.", exact=False)).to_be_in_viewport()
    expect(page.locator(".wb-tile input[value=litter]")).to_be_checked()
    page.evaluate(ROOM_AGAIN)
    warden.save()
    all_sent(warden, 1)


def test_what_the_server_would_not_take_is_said_beside_its_question(warden: Walk, watch: Watch):
    watch.allowed_statuses = {422}
    page = warden.plan(WARD, "Refused").begin().page
    warden.add().what("Litter").how_bad("B")
    page.get_by_text("Note and more").click()
    page.get_by_label("How many?").fill("many")
    warden.save()
    expect(warden.items().first).to_contain_text("Needs you")
    warden.items().first.get_by_role("button").click()
    expect(page.get_by_label("How many?")).to_be_focused()
    beside = page.locator(".govuk-form-group--error", has=page.get_by_label("How many?"))
    expect(beside).to_contain_text("Enter a number from 1 to 9,999")
    page.get_by_label("How many?").fill("3")
    warden.save()
    all_sent(warden, 1)


def test_a_walk_that_was_changed_at_a_desk_meanwhile_leads_to_the_choice(
    warden: Walk, open_context: OpenContext, site: Served, watch: Watch
):
    watch.allowed_statuses = {409}
    page = warden.plan(WARD, "On the phone").begin().page
    title = "SELECT r.status, r.reference, e.title FROM record r JOIN eva e USING (id) WHERE id = ?"
    until(lambda: asked(site, title, id_of(warden))[0][0] == "walking", 20, "the walk to begin")
    reference = asked(site, title, id_of(warden))[0][1]
    without_signal(warden)
    warden.somebody_is_here(1, "Resident", "Rosa")
    desk = open_context(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(desk, "owen")
    rename_at_a_desk(desk, reference, "At the desk")
    signal_is_back(warden)
    expect(page.get_by_text("The walk itself needs you.")).to_be_visible()
    page.get_by_role("link", name="Compare and choose").click()
    expect(page.get_by_text("At the desk")).to_be_visible()


def test_an_observation_is_changed_at_a_desk(warden: Walk, open_context: OpenContext, site: Served):
    warden.plan(WARD, "Changed at a desk").begin().add().what("Litter").how_bad("B").save()
    all_sent(warden, 1)
    own = id_of(warden)
    reference = asked(site, "SELECT reference FROM record WHERE id = ?", own)[0][0]
    desk = open_context(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(desk, "owen")
    go(desk, f"/eva/{reference}/observations/1/edit")
    Walk(desk).how_bad("D")
    desk.get_by_role("button", name="Save").click()
    expect(desk).to_have_url(f"{site.url}/eva/{reference}/observations/1")
    assert asked(site, "SELECT grade FROM observation WHERE eva_id = ?", own) == [("D",)]


def test_a_place_is_asked_for_in_words_and_never_made_up_later(warden: Walk, site: Served):
    page = warden.page
    page.context.clear_permissions()
    warden.plan(WARD, "No position").begin().add().what("Litter").how_bad("B")
    expect(page.get_by_text("No position yet.")).to_be_visible()
    page.get_by_role("button", name="Change").click()
    page.get_by_label("What would help us find it?").fill("By the library")
    page.keyboard.press("Tab")
    expect(page.locator(".wb-ob__where")).to_contain_text("In your words. “By the library”")
    warden.save()
    all_sent(warden, 1)
    page.context.grant_permissions(["geolocation"])
    warden.items().first.get_by_role("button").click()
    warden.how_bad("C").save()
    question = "SELECT grade, latitude, place_text FROM observation WHERE eva_id = ?"
    until(lambda: asked(site, question, id_of(warden))[0][0] == "C", 20, "the change")
    assert asked(site, question, id_of(warden)) == [("C", None, "By the library")]
    page.context.set_geolocation({**ST_MARYS, "accuracy": 500})
    warden.add()
    expect(page.get_by_text("That is rough: say in words where it is.")).to_be_visible()


def test_what_is_not_finished_is_named_at_the_end_and_by_its_number_in_the_outbox(warden: Walk):
    warden.plan(WARD, "Not finished").begin()
    without_signal(warden)
    warden.add().what("Litter").how_bad("B").save()
    warden.add().what("Graffiti")
    close(warden)
    warden.end()
    expect(warden.page.get_by_text("1 of the list is not finished, so it is not sent.")).to_be_visible()
    warden.page.goto("/outbox")
    expect(warden.page.locator("strong", has_text="Observation 1, Litter")).to_be_visible()
    expect(warden.page.locator("strong", has_text="Observation 2, Graffiti")).to_be_visible()


def test_a_browser_that_keeps_nothing_says_so_instead_of_offering_a_walk(
    open_context: OpenContext, signed_in: StorageState
):
    context = open_context(**PHONE, storage_state=signed_in)
    context.add_init_script(NO_STORE)
    page = context.new_page()
    page.goto("/eva/walk")
    expect(page.get_by_text("This browser keeps nothing on this phone", exact=False)).to_be_visible()
    expect(page.get_by_text("None is on this phone yet.")).to_be_hidden()
