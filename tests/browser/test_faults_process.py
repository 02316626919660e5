"""Processes that die, one test for each line of the capture protocol's list; after each the invariants hold."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.chromium import chromium_options
from tests.browser.conftest import PHONE
from tests.browser.device import Device
from tests.browser.fault_proxy import FaultProxy, HoldReply, Refuse
from tests.browser.field import CAPTURE, PHOTO, SAVED, WAITING, WORDS, Desk
from tests.browser.server import Served


@pytest.fixture
def device(playwright: Playwright, in_the_field: Served, tmp_path: Path) -> Iterator[Device]:
    """A resident's phone with a bad network."""
    with FaultProxy(in_the_field.port) as proxy:
        one = Device(playwright, in_the_field, proxy, tmp_path, **PHONE, **chromium_options())
        yield one
        one.close()


@pytest.mark.parametrize("later_ms", [0, 5, 20])
@pytest.mark.fault("process")
def test_killed_during_a_save_the_phone_has_the_capture_with_its_photos_or_neither(
    device: Device, later_ms: int
):
    field = device.field
    own = field.fill(field.picture((1200, 900)))
    field.proxy.plan(Refuse(), "PUT", CAPTURE, times=None)
    field.page.evaluate("() => { document.querySelector('[data-step-end] button').click(); }")
    field.page.wait_for_timeout(later_ms)
    device.kill()
    field = device.open()
    field.go("/no-connection")
    shelf = field.holds_on_the_way()
    assert shelf.captures[own]["state"] in {"draft", *WAITING}
    assert set(shelf.captures[own]["photo_ids"]) == set(shelf.photos)
    field.proxy.clear()


@pytest.mark.fault("process")
def test_killed_after_saved_it_goes_when_the_phone_is_opened_again(device: Device):
    field = device.field
    field.proxy.plan(Refuse(), "PUT", CAPTURE, times=None)
    field.send(field.picture())
    expect(field.page.get_by_role("heading", name=SAVED)).to_be_visible()
    device.kill()
    field = device.open()
    field.proxy.clear()
    field.go("/outbox")
    field.everything_arrived()


@pytest.mark.parametrize("path", [CAPTURE, PHOTO])
@pytest.mark.fault("process")
def test_killed_while_it_was_sent_it_is_one_record_with_its_photos(device: Device, path: str):
    field = device.field
    field.proxy.plan(HoldReply(), "PUT", path)
    field.send(field.picture(), field.picture())
    field.proxy.until_heard(lambda heard: any(one.fault and one.status for one in heard))
    device.kill()
    field.proxy.clear()
    field = device.open()
    field.go("/outbox")
    field.everything_arrived()


@pytest.mark.fault("process")
def test_the_server_killed_while_photos_arrive_loses_none(device: Device, in_the_field: Served):
    field = device.field
    field.proxy.plan(HoldReply(), "PUT", PHOTO)
    own = field.send(*(field.picture((1600, 1200)) for _ in range(3)))
    field.proxy.until_heard(lambda heard: any(one.fault for one in heard))
    in_the_field.kill()
    field.proxy.clear()
    field.until_state(own, "received")
    field.holds_on_the_way()
    in_the_field.start()
    field.back_online()
    field.everything_arrived()
    assert len(Desk(in_the_field.folder).photos_of(own)) == 3


@pytest.mark.fault("process")
def test_a_tab_thrown_away_while_the_camera_is_open_comes_back_as_it_was(device: Device):
    field = device.field
    own = field.fill(field.picture())
    with field.page.expect_file_chooser():
        field.page.evaluate("() => document.querySelector('#capture input[type=file]').click()")
    device.kill()
    field = device.open()
    field.go("/fly-tipping/new#check")
    expect(field.page.locator(".wb-picker__item")).to_have_count(1)
    expect(field.page.locator("#capture [name=place_text]")).to_have_value(WORDS)
    assert field.page.locator("#capture [name=capture_id]").input_value() == own
    field.press_send()
    field.is_sent()
    field.everything_arrived()
