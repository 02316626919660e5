"""Hurried thumbs and second thoughts, one test for each line of the list."""

import pytest
from playwright.sync_api import expect

from tests.browser.fault_proxy import DropReply, HoldReply, Refuse
from tests.browser.field import CAPTURE, Desk, Field

MANY = """async (count) => {
  const rows = Array.from({ length: count }, (_, number) => ({
    id: crypto.randomUUID(), secret: 'a secret of this very test', kind: 'fly_tipping', form_version: 1, rev: 1,
    captured_at: new Date().toISOString(), photos: [],
    answers: number % 10 === 3
      ? { place_text: '' }
      : { place_text: `Row ${number}`, main_waste: 'tyres', land_type: 'highway' },
  }));
  const told = [];
  for (const [from, to] of [[0, 100], [100, 200], [0, 100]]) {
    const reply = await fetch('/captures/batch', {
      method: 'POST', credentials: 'omit', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(rows.slice(from, to)),
    });
    told.push(...(await reply.json()).map((item) => item.status));
  }
  return told;
}"""


@pytest.mark.fault("input")
def test_a_double_tap_on_send_is_one_report(afield: Field):
    own = afield.fill(afield.picture())
    afield.page.get_by_role("button", name="Send report").dblclick()
    afield.ids.add(own)
    afield.is_sent()
    afield.everything_arrived()
    assert len([row for row in Desk(afield.served.folder).versions if row[0] == own.replace("-", "")]) == 1


@pytest.mark.fault("input")
def test_two_hundred_rows_with_a_bad_one_in_ten_leave_out_only_those(afield: Field):
    afield.go("/")
    told = afield.page.evaluate(MANY, 200)
    assert [told.count(status) for status in (201, 200, 422)] == [180, 90, 30]


@pytest.mark.fault("input")
def test_one_bad_report_in_the_outbox_holds_up_no_other(afield: Field):
    afield.proxy.plan(Refuse(), "PUT", CAPTURE, times=None)
    bad = afield.send(reporter_email="rosa at home")
    afield.is_saved()
    good = [afield.send(afield.picture(), place_text=f"Good {number}") for number in range(2)]
    afield.is_saved()
    afield.proxy.clear()
    afield.go("/outbox")
    expect(afield.page.get_by_role("heading", name="1 waiting to send")).to_be_visible()
    expect(afield.page.locator(f"[data-id='{bad}']")).to_have_attribute("data-state", "parked")
    afield.holds_on_the_way()
    assert set(good) <= set(Desk(afield.served.folder).records)
    expect(afield.page.get_by_role("button", name="Send now")).to_be_hidden()
    expect(afield.page.get_by_text("It goes by itself")).to_be_hidden()
    afield.page.get_by_role("button", name="Open Fly-tipping").click()
    afield.page.get_by_label("Email address").fill("rosa@home.example")
    afield.page.evaluate("() => { location.hash = 'check'; }")
    afield.press_send()
    afield.is_sent()
    afield.everything_arrived()


@pytest.mark.fault("input")
def test_a_slip_in_an_address_is_told_before_the_report_is_sent_off(afield: Field):
    page = afield.page
    afield.fill()
    page.evaluate("() => { location.hash = 'contact'; }")
    page.get_by_label("Tell me what happens").check()
    go_on = page.locator(".wb-step-next button")
    for typed, words in (
        ("", "Give an email address or a telephone number so that we can tell you"),
        ("rosa@home", "Enter an email address in the form name@example.org"),
    ):
        page.get_by_label("Email address").fill(typed)
        go_on.click()
        expect(page.get_by_role("alert").filter(has_text=words)).to_be_focused()
    page.get_by_label("Email address").fill("rosa@home.example")
    expect(page.locator("#reporter_email-wrong")).to_have_count(0)
    go_on.click()
    afield.press_send()
    afield.is_sent()
    afield.everything_arrived()


@pytest.mark.parametrize("has_arrived", [True, False], ids=["after it arrived", "before it arrived"])
@pytest.mark.fault("input")
def test_what_was_removed_does_not_come_back_by_a_late_try(afield: Field, has_arrived: bool):
    afield.proxy.plan(DropReply() if has_arrived else Refuse(), "PUT", CAPTURE, times=None)
    own = afield.send(afield.picture())
    afield.is_saved()
    kept = afield.shelf().captures[own]
    afield.go("/outbox")
    afield.page.on("dialog", lambda dialog: dialog.accept())
    afield.page.locator(f"[data-id='{own}']").get_by_role("button", name="Remove").click()
    expect(afield.page.locator(f"[data-id='{own}']")).to_have_count(0)
    afield.gone.add(own)
    afield.proxy.clear()
    late = afield.context.request.put(
        f"/captures/{own}",
        data={**kept["content"], "rev": 1, "base_rev": None},
        headers={"X-Capture-Secret": kept["secret"]},
    )
    assert (late.status, late.json()["code"]) == (410, "gone")
    afield.holds_on_the_way()


@pytest.mark.fault("input")
def test_what_another_device_took_back_is_told_and_its_copy_stays(afield: Field):
    afield.proxy.plan(Refuse(), "PUT", CAPTURE, times=None)
    own = afield.send(afield.picture())
    afield.is_saved()
    secret = afield.shelf().captures[own]["secret"]
    assert afield.context.request.delete(f"/captures/{own}", headers={"X-Capture-Secret": secret}).ok
    afield.proxy.clear()
    afield.go("/outbox")
    expect(afield.page.get_by_text("This was taken back, perhaps on another device")).to_be_visible()
    assert own in afield.shelf().captures and afield.shelf().photos
    afield.page.on("dialog", lambda dialog: dialog.accept())
    afield.page.get_by_role("button", name="Remove").click()
    expect(afield.page.get_by_role("heading", name="Nothing is waiting to be sent")).to_be_visible()


@pytest.mark.fault("input")
def test_removing_what_may_have_arrived_needs_a_connection(afield: Field):
    afield.proxy.plan(HoldReply(), "PUT", CAPTURE)
    own = afield.send()
    afield.proxy.until_heard(lambda heard: any(one.fault and one.status for one in heard))
    afield.proxy.offline = True
    afield.go("/outbox")
    afield.proxy.clear()
    afield.page.on("dialog", lambda dialog: dialog.accept())
    afield.page.locator(f"[data-id='{own}']").get_by_role("button", name="Remove").click()
    expect(afield.page.get_by_text("Remove it once there is a connection.")).to_be_visible()
    assert own in afield.shelf().captures
    afield.back_online()
    afield.everything_arrived()
