"""Several tabs on one phone, one test for each line of the capture protocol's list; after each the invariants hold."""

import pytest
from playwright.sync_api import expect

from tests.browser.fault_proxy import Hold, HoldReply, Refuse
from tests.browser.field import CAPTURE, Desk, Field
from tests.browser.going import say_online


@pytest.mark.fault("tabs")
def test_two_tabs_with_a_sender_each_send_one_record(afield: Field):
    afield.proxy.plan(Refuse(), "PUT", CAPTURE, times=None)
    for number in range(3):
        afield.send(afield.picture(), place_text=f"Two senders {number}")
        afield.is_saved()
    other = afield.context.new_page()
    other.goto("/outbox")
    afield.go("/outbox")
    afield.proxy.clear()
    for page in (other, afield.page):
        say_online(page)
    afield.everything_arrived()
    sent = [one for one in afield.proxy.heard if one.method == "PUT" and not one.fault]
    assert len(sent) == len({(one.path, one.method) for one in sent}), "the two took no turns"


@pytest.mark.fault("tabs")
def test_one_draft_in_two_tabs_is_shown_by_one_of_them(afield: Field):
    own = afield.fill(place_text="Shown once")
    other = afield.context.new_page()
    other.goto("/fly-tipping/new#check")
    expect(other.locator("form.is-ready")).to_be_visible()
    assert other.locator("#capture [name=capture_id]").input_value() != own
    expect(other.locator("#capture [name=place_text]")).to_have_value("")
    second = afield.fill(page=other, place_text="Of the other tab")
    assert [afield.press_send(page) for page in (afield.page, other)] == [own, second]
    afield.is_sent()
    afield.everything_arrived()
    assert Desk(afield.served.folder).words[own] == "Shown once"


@pytest.mark.fault("tabs")
def test_when_the_tab_that_sends_dies_the_next_one_takes_over(afield: Field):
    afield.proxy.plan(Hold(), "PUT", CAPTURE)
    dying = afield.context.new_page()
    afield.fill(page=dying)
    afield.press_send(dying)
    afield.proxy.until_heard(lambda heard: any(one.fault == "Hold" for one in heard))
    # Only now, so that it waits for its turn behind the one that is about to die.
    afield.go("/outbox")
    expect(afield.page.get_by_role("heading", name="1 waiting to send")).to_be_visible()
    dying.close()
    afield.everything_arrived()


@pytest.mark.fault("tabs")
def test_a_report_opened_again_while_it_is_sent_keeps_both_versions_in_order(afield: Field):
    afield.proxy.plan(HoldReply(), "PUT", CAPTURE)
    own = afield.send(place_text="First words")
    afield.proxy.until_heard(lambda heard: any(one.fault and one.status for one in heard))
    other = afield.context.new_page()
    other.goto("/outbox")
    other.evaluate(
        """async (id) => {
          const open = indexedDB.open('wardbook');
          const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
          const store = database.transaction('captures', 'readwrite').objectStore('captures');
          const capture = await new Promise((done) => {
            const ask = store.get(id);
            ask.onsuccess = () => done(ask.result);
          });
          store.put({ ...capture, state: 'draft' });
          database.close();
        }""",
        own,
    )
    other.goto(f"/fly-tipping/new?draft={own}#check")
    expect(other.locator("form.is-ready")).to_be_visible()
    other.locator("#capture [name=place_text]").evaluate(
        "(field) => { field.value = 'Second words'; field.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    afield.press_send(other)
    afield.proxy.clear()
    afield.everything_arrived()
    desk = Desk(afield.served.folder)
    assert desk.words[own] == "Second words"
    assert sorted(row[1] for row in desk.versions if row[0] == own.replace("-", "")) == [1, 2]
