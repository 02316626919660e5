"""People who come and go on one phone: what somebody captured is theirs, whoever is signed in."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.fault_proxy import Answer, HoldReply, Refuse
from tests.browser.field import CAPTURE, SESSION, Desk, Field
from tests.browser.people import give_password, sign_in
from tests.browser.server import until

TOKEN = b'{"code": "token", "message": "You signed in again meanwhile."}'
JSON = (("Content-Type", "application/json"),)


@pytest.fixture
def sunita(afield: Field) -> Field:
    """Sunita's phone, on which she is signed in."""
    sign_in(afield.page, "sunita")
    return afield


@pytest.fixture
def vic(afield: Field) -> Field:
    """Vic's phone, on which he is signed in: one person may try ten times in a quarter of an hour."""
    sign_in(afield.page, "vic")
    return afield


def sign_out(field: Field) -> None:
    field.page.get_by_role("button", name="Sign out", exact=True).click()


def save_unsent(field: Field, **answers: str) -> str:
    field.proxy.plan(Refuse(), "PUT", CAPTURE, times=None)
    own = field.send(field.picture(), **answers)
    field.is_saved()
    return own


@pytest.mark.fault("accounts")
def test_a_session_that_ran_out_asks_to_sign_in_and_goes_on_capturing(sunita: Field):
    save_unsent(sunita)
    sunita.context.clear_cookies()
    sunita.proxy.clear()
    second = sunita.send(place_text="After the session ended")
    sunita.is_saved_or_sent()
    sunita.go("/outbox")
    expect(sunita.page.get_by_text("Sign in to send 2.")).to_be_visible()
    assert not sunita.ids & set(Desk(sunita.served.folder).records)
    sunita.holds_on_the_way()
    sunita.sign_in_to_send("sunita")
    sunita.everything_arrived()
    assert Desk(sunita.served.folder).owners[second] is not None


@pytest.mark.fault("accounts")
def test_a_stale_token_is_fetched_anew(sunita: Field):
    sunita.proxy.plan(Answer(403, TOKEN, JSON), "PUT", CAPTURE)
    sunita.send(sunita.picture())
    sunita.is_saved_or_sent()
    sunita.back_online()
    sunita.everything_arrived()


@pytest.mark.fault("accounts")
def test_signing_out_with_unsent_work_warns_keeps_it_out_of_sight_and_sends_it_as_nobody_else(sunita: Field):
    own = save_unsent(sunita, place_text="Sunita's own")
    sunita.go("/")
    sign_out(sunita)
    dialog = sunita.page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 thing you wrote down has not been sent. It stays on this device")
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()
    sign_out(sunita)
    dialog.get_by_role("button", name="Sign out all the same").click()
    expect(sunita.page.get_by_role("link", name="Sign in")).to_be_visible()
    sunita.proxy.clear()
    expect(sunita.page.get_by_role("link", name="waiting to send")).to_have_count(0)
    sign_in(sunita.page, "owen")
    sunita.go("/outbox")
    expect(sunita.page.get_by_role("heading", name="Nothing is waiting to be sent")).to_be_visible()
    expect(sunita.page.get_by_text("Sunita's own")).to_have_count(0)
    assert own not in Desk(sunita.served.folder).records
    assert sunita.shelf().captures[own]["state"] == "queued"
    sign_out(sunita)
    expect(sunita.page.get_by_role("link", name="Sign in")).to_be_visible()
    sign_in(sunita.page, "sunita")
    sunita.go("/outbox")
    sunita.everything_arrived()


@pytest.mark.fault("accounts")
def test_an_answer_that_was_overtaken_spoils_no_page(afield: Field):
    other = afield.context.new_page()
    other.goto("/cookies")
    other.wait_for_load_state("networkidle")
    afield.context.clear_cookies()
    afield.proxy.plan(HoldReply(), "GET", SESSION)
    other.evaluate("() => { globalThis.late = fetch('/session'); }")
    afield.proxy.until_heard(lambda heard: any(one.fault and one.status for one in heard))
    afield.go("/sign-in")
    afield.proxy.clear()
    assert other.evaluate("async () => (await globalThis.late).status") == 200
    give_password(afield.page, "owen")
    expect(afield.page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()


@pytest.mark.fault("accounts")
def test_signing_out_clears_what_was_sent_and_what_was_fetched(sunita: Field):
    own = sunita.send(sunita.picture())
    sunita.is_sent()
    sunita.until_installed()
    until(lambda: sunita.shelf().packs(), 10, "a pack")
    sign_out(sunita)
    expect(sunita.page.get_by_role("link", name="Sign in")).to_be_visible()
    shelf = sunita.shelf()
    assert own not in shelf.captures and not shelf.photos and not shelf.packs()


@pytest.mark.fault("accounts")
def test_what_nobody_signed_for_stays_nobody_s_when_somebody_signs_in(afield: Field):
    own = save_unsent(afield, place_text="Before anybody signed in")
    afield.proxy.clear()
    afield.proxy.plan(Refuse(), "PUT", CAPTURE, times=None)
    sign_in(afield.page, "owen")
    afield.back_online()
    afield.everything_arrived()
    assert Desk(afield.served.folder).owners[own] is None


@pytest.mark.fault("accounts")
def test_the_drafts_of_one_are_never_shown_to_another(sunita: Field):
    sunita.fill(place_text="Only for Sunita")
    sunita.go("/")
    sign_out(sunita)
    expect(sunita.page.get_by_role("link", name="Sign in")).to_be_visible()
    sign_in(sunita.page, "owen")
    sunita.go("/fly-tipping/new#check")
    expect(sunita.page.locator("form.is-ready")).to_be_visible()
    expect(sunita.page.locator("#capture [name=place_text]")).to_have_value("")
    sunita.go("/outbox")
    expect(sunita.page.get_by_text("Only for Sunita")).to_have_count(0)


@pytest.mark.fault("accounts")
def test_a_tab_left_open_brings_back_nobody_who_signed_out_in_another(vic: Field):
    vic.fill(place_text="Only for Vic")
    other = vic.context.new_page()
    other.goto("/outbox")
    expect(other.get_by_role("button", name="Go on Fly-tipping, Only for Vic")).to_be_visible()
    vic.go("/")
    sign_out(vic)
    expect(vic.page.get_by_role("link", name="Sign in")).to_be_visible()
    expect(other).to_have_url(re.compile("/$"))
    is_sealed(vic)


@pytest.mark.fault("accounts")
def test_signing_out_on_every_device_seals_this_one_too(vic: Field):
    vic.fill(place_text="Only for Vic")
    vic.go("/account")
    vic.page.get_by_role("button", name="Sign out on every device").click()
    expect(vic.page.get_by_text("You are signed out on every device.")).to_be_visible()
    assert not vic.shelf().packs()
    is_sealed(vic)


def is_sealed(field: Field) -> None:
    """Expect whoever comes next to see nothing of what Vic left."""
    field.go("/outbox")
    expect(field.page.get_by_role("heading", name="Nothing is waiting to be sent")).to_be_visible()
    expect(field.page.get_by_text("Only for Vic")).to_have_count(0)
    field.go("/fly-tipping/new#check")
    expect(field.page.locator("form.is-ready")).to_be_visible()
    expect(field.page.locator("#capture [name=place_text]")).to_have_value("")


@pytest.mark.fault("accounts")
def test_nobody_is_said_to_be_signed_out_without_a_connection(vic: Field):
    vic.go("/")
    vic.until_installed()
    vic.proxy.offline = True
    sign_out(vic)
    expect(vic.page.get_by_text("Signing out needs a connection.")).to_be_visible()
    vic.go("/fly-tipping/new")
    expect(vic.page.locator("form.is-ready")).to_be_visible()


@pytest.mark.fault("accounts")
def test_whoever_is_not_the_one_whose_session_ran_out_can_say_so(sunita: Field):
    own = save_unsent(sunita)
    sunita.context.clear_cookies()
    sunita.proxy.clear()
    sunita.go("/fly-tipping/new")
    expect(sunita.page.get_by_text("and goes once they sign in.")).to_be_visible()
    sunita.page.get_by_role("button", name="I am not").click()
    expect(sunita.page.get_by_text("and goes once they sign in.")).to_have_count(0)
    mine = sunita.send(place_text="By somebody else")
    sunita.is_sent()
    assert Desk(sunita.served.folder).owners[mine] is None
    assert sunita.shelf().captures[own]["state"] == "queued"
    assert own not in Desk(sunita.served.folder).records
