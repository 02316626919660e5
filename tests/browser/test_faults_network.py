"""Faults of the network, one test for each line of the capture protocol's list; after each the invariants hold."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.fault_proxy import (
    CutBody,
    DropReply,
    Hold,
    HoldReply,
    Refuse,
    Truncate,
    Twice,
    captive_portal,
    redirect,
)
from tests.browser.field import CAPTURE, PHOTO, SESSION, WAITING, Desk, Field
from tests.browser.going import say_online

LOSSES = {
    "the reply lost after the commit": (DropReply(), CAPTURE),
    "the reply about a photo lost": (DropReply(), PHOTO),
    "sent again by the browser itself": (Twice(), CAPTURE),
    "a photo sent again by the browser itself": (Twice(), PHOTO),
    "reset before it went out": (Refuse(), CAPTURE),
    "cut inside the words": (CutBody(40), CAPTURE),
    "cut inside a photo": (CutBody(500), PHOTO),
    "half a receipt": (Truncate(20), CAPTURE),
    "half a receipt for a photo": (Truncate(20), PHOTO),
    "a captive portal for the words": (captive_portal(), CAPTURE),
    "a captive portal for a photo": (captive_portal(), PHOTO),
    "a captive portal for everything": (captive_portal(), SESSION),
    "a redirect to signing in": (redirect("/sign-in"), CAPTURE),
    "a photo's redirect to signing in": (redirect("/sign-in"), PHOTO),
}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.fault("network")
def test_what_is_lost_on_the_way_goes_again_and_arrives_once(afield: Field, loss: str):
    fault, path = LOSSES[loss]
    afield.fill(afield.picture(), afield.picture())
    afield.proxy.plan(fault, path_pattern=path)
    own = afield.press_send()
    afield.proxy.until_heard(lambda heard: any(one.fault == type(fault).__name__ for one in heard))
    afield.holds_on_the_way()
    afield.is_saved_or_sent()
    afield.back_online()
    afield.everything_arrived()
    assert len(Desk(afield.served.folder).photos_of(own)) == 2


@pytest.mark.fault("network")
def test_two_in_flight_at_the_same_moment_are_one_record(afield: Field):
    own = afield.fill(afield.picture())
    afield.proxy.plan(HoldReply(), "PUT", CAPTURE)
    afield.press_send()
    afield.proxy.until_heard(lambda heard: any(one.fault == "HoldReply" for one in heard))
    repeat = """async (id) => {
      const open = indexedDB.open('wardbook');
      const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
      const ask = database.transaction('captures').objectStore('captures').get(id);
      const capture = await new Promise((done) => (ask.onsuccess = () => done(ask.result)));
      database.close();
      const { rev, base_rev, content } = capture.attempt;
      const reply = await fetch(`/captures/${id}`, {
        method: 'PUT', credentials: 'omit',
        headers: { 'Content-Type': 'application/json', 'X-Capture-Secret': capture.secret },
        body: JSON.stringify({ ...content, rev, base_rev, sent_at: new Date().toISOString() }),
      });
      return reply.status;
    }"""
    assert afield.page.evaluate(repeat, own) == 200
    afield.proxy.clear()
    afield.is_sent()
    afield.everything_arrived()
    assert len([row for row in Desk(afield.served.folder).versions if row[0] == own.replace("-", "")]) == 1


@pytest.mark.fault("network")
def test_a_black_hole_is_given_up_and_nothing_is_said_to_be_sent(afield: Field):
    own = afield.fill()
    afield.proxy.plan(Hold(), "PUT", CAPTURE)
    afield.press_send()
    afield.is_saved()
    assert afield.state(own) in WAITING
    afield.holds()
    afield.back_online()
    afield.everything_arrived()


@pytest.mark.fault("network")
def test_a_flapping_network_lets_everything_through_in_the_end(afield: Field):
    for number in range(3):
        afield.proxy.plan(Refuse(), "PUT", CAPTURE, times=1)
        afield.send(afield.picture(), place_text=f"Flapping {number}")
        afield.is_saved_or_sent()
        for fault in (DropReply(), Refuse()):
            afield.proxy.plan(fault, "PUT", CAPTURE)
            say_online(afield.page)
            afield.holds_on_the_way()
    afield.back_online()
    # The page may have been leaving for a confirmation when it was told.
    afield.go("/outbox")
    afield.everything_arrived()


@pytest.mark.fault("network")
def test_without_any_network_the_report_is_saved_and_every_page_says_what_waits(afield: Field, tmp_path: Any):
    afield.go("/")
    afield.until_installed()
    afield.proxy.offline = True
    afield.send(afield.picture())
    afield.is_saved()
    afield.go("/wards")
    expect(afield.page.get_by_role("heading", name="This page needs a connection")).to_be_visible()
    expect(afield.page.get_by_role("link", name="1 waiting to send")).to_be_visible()
    afield.holds()
    afield.back_online()
    afield.everything_arrived()
