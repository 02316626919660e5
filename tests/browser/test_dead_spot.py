"""The journey this is all for: a dead spot, a dead battery, a session that ran out, two failures, and nothing lost."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.chromium import chromium_options
from tests.browser.conftest import PHONE
from tests.browser.device import Device
from tests.browser.fault_proxy import CutBody, DropReply, FaultProxy
from tests.browser.field import CAPTURE, PHOTO, Desk
from tests.browser.people import sign_in
from tests.browser.server import Served


@pytest.mark.fault("the whole journey")
def test_three_reports_from_a_dead_spot_arrive_once_with_every_photo(
    playwright: Playwright, in_the_field: Served, tmp_path: Path
):
    with FaultProxy(in_the_field.port) as proxy:
        device = Device(playwright, in_the_field, proxy, tmp_path, **PHONE, **chromium_options())
        field = device.field
        sign_in(field.page, "sunita")
        field.go("/")
        field.until_installed()
        proxy.offline = True
        for number in range(3):
            field.send(field.picture(), field.picture(), place_text=f"Dead spot {number}")
            field.is_saved()
        assert len(field.holds_on_the_way().waiting()) == 3
        device.kill()
        field = device.open()
        field.go("/outbox")
        expect(field.page.get_by_role("heading", name="3 waiting to send")).to_be_visible()
        field.context.clear_cookies()
        proxy.offline = False
        proxy.plan(DropReply(), "PUT", CAPTURE)
        proxy.plan(CutBody(300), "PUT", PHOTO)
        field.go("/outbox")
        expect(field.page.get_by_text("Sign in to send 3.")).to_be_visible()
        field.sign_in_to_send("sunita")
        field.everything_arrived()
        desk = Desk(in_the_field.folder)
        assert {desk.words[own] for own in field.ids} == {f"Dead spot {number}" for number in range(3)}
        assert sum(len(desk.photos_of(own)) for own in field.ids) == 6
        assert {one.fault for one in proxy.heard} >= {"DropReply", "CutBody"}
        device.close()
