"""A scheme's devices, and whom to call for a volunteer in an emergency."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.at_once import at_once
from tests.builders import hidden_fields
from tests.cast import Cast
from tests.phone import Phone, new_id
from tests.scheme_pages import CONTACT, DEVICE, SCHEMES, VOLUNTEER, Place, events, fill, place_of, row
from tests.watching import ended, watch
from webapp.extensions import db
from webapp.models.speed_scheme import SpeedDevice
from webapp.rules.errors import Refused
from webapp.services import speed_devices, speed_pack

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def place(app: Flask, cast: Cast) -> Place:
    return place_of(app, cast)


def test_a_scheme_that_is_ended_lends_no_device(place: Place, cast: Cast):
    known = {"name": "Otford", "parish": "Otford"}
    assert fill(place.owen, f"{place.page}/edit", **known).status_code == 303
    vic = cast.person("Vic")
    with place.app.app_context():
        assert [one["is_active"] for one in speed_pack.pack(vic)["devices"]] == [False]
        assert speed_pack.offers(vic)["devices"] == []


def test_who_left_is_on_nobody_s_phone_but_in_a_session_that_goes_on(place: Place, cast: Cast):
    phone = Phone(cast.client("Vic"))
    content = watch(place.own)

    def names() -> list[str]:
        return [
            one["name"]
            for one in phone.client.get("/captures/pack/speed_watch").json["content"]["volunteers"]
        ]

    own = new_id()
    assert phone.put(own, content).status_code == 201
    for who in (place.own.ann, place.own.bob):
        gone = {**VOLUNTEER, "name": row(place, who).name, "is_active": None}
        assert fill(place.carol, f"{place.page}/volunteers/{who}", **gone).status_code == 303
    assert names() == ["Ann", "Carol", "Vic"]
    assert phone.put(own, ended(content)).status_code == 200
    assert names() == ["Carol", "Vic"]


def test_an_emergency_contact_stands_on_its_own_page_and_nowhere_else(
    place: Place, cast: Cast, capsys: pytest.CaptureFixture[str]
):
    page = f"{place.page}/volunteers/{place.own.ann}/contact"
    assert "Nobody is named yet" in place.carol.get(page).text
    assert fill(place.carol, page, contact=CONTACT).status_code == 303
    assert CONTACT in place.carol.get(page).text and CONTACT in place.owen.get(page).text
    elsewhere = [
        place.carol.get(address).text
        for address in (
            SCHEMES,
            place.page,
            page.removesuffix("/contact"),
            "/speed-watch",
            "/speed-watch/new",
        )
    ]
    elsewhere.append(cast.client("Vic").get("/captures/pack/speed_watch").text)
    assert "07700" not in "".join(elsewhere)
    assert fill(place.carol, page, contact="").status_code == 303
    told = [event for event in events(place) if event.action == "volunteer_contact_changed"]
    assert [(event.before, (event.after or {})["has_contact"]) for event in told] == [
        ({"has_contact": False}, True),
        ({"has_contact": True}, False),
    ]
    assert "07700" not in str([(event.before, event.after, event.reason) for event in events(place)])
    assert "Emergency contact changed" in place.carol.get(place.page).text
    assert "07700" not in capsys.readouterr().err


def test_a_contact_that_is_too_long_or_on_an_old_page_comes_back(place: Place):
    page = f"{place.page}/volunteers/{place.own.ann}/contact"
    assert fill(place.carol, page, contact="x" * 301).status_code == 422
    old = hidden_fields(place.owen.get(page).text)
    assert fill(place.carol, page, contact=CONTACT).status_code == 303
    late = fill(place.owen, page, old, contact="Somebody else")
    assert late.status_code == 409 and CONTACT in late.text and "Somebody else" in late.text


def test_a_device_is_added_changed_and_retired(place: Place):
    assert fill(place.carol, f"{place.page}/devices/new", **DEVICE).status_code == 303
    with place.app.app_context():
        made = db.session.scalars(select(SpeedDevice).where(SpeedDevice.serial == "SL-900")).one()
    page = f"{place.page}/devices/{made.id}"
    old = hidden_fields(place.owen.get(page).text)
    retired = {**DEVICE, "is_active": None}
    assert fill(place.carol, page, **retired).status_code == 303
    late = fill(place.owen, page, old, **DEVICE)
    assert late.status_code == 409 and "Retired" in late.text
    shown = place.carol.get(place.page).text
    assert "SL-900" in shown and "Retired" in shown and "Device changed" in shown


def test_of_devices_without_a_number_only_those_in_use_are_mixed_up(place: Place):
    nameless, new = {**DEVICE, "serial": ""}, f"{place.page}/devices/new"
    assert fill(place.carol, new, **nameless).status_code == 303
    again = fill(place.carol, new, **nameless)
    assert again.status_code == 422 and "without a number is in this scheme" in again.text
    with place.app.app_context():
        made = db.session.scalars(select(SpeedDevice).where(SpeedDevice.serial == "")).one()
    page = f"{place.page}/devices/{made.id}"
    assert fill(place.carol, page, **{**nameless, "is_active": None}).status_code == 303
    assert fill(place.carol, new, **nameless).status_code == 303
    # The one that was retired is put right while another is in use, and does not come back beside it.
    assert (
        fill(place.carol, page, **{**nameless, "is_active": None, "calibrated_on-day": "2"}).status_code
        == 303
    )
    assert fill(place.carol, page, **nameless).status_code == 422


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"type": ""}, "Choose the type"),
        ({"type": "camera"}, "Choose one of the answers"),
        ({"serial": "sl-1"}, "entered already"),
        ({"serial": "x" * 61}, "61 characters"),
        ({"calibrated_on-year": "2027"}, "has not come yet"),
        ({"calibration_due_on-year": "2026"}, "comes after the last"),
        ({"calibration_due_on-year": "2206"}, "more than 10 years ahead"),
        (
            {"calibration_due_on-day": "", "calibration_due_on-month": "", "calibration_due_on-year": ""},
            "This type needs calibration",
        ),
    ],
)
def test_a_device_that_cannot_stand_is_refused_in_words(place: Place, changes: dict[str, Any], words: str):
    answer = fill(place.carol, f"{place.page}/devices/new", **{**DEVICE, **changes})
    assert answer.status_code == 422 and words in answer.text


def test_a_type_that_needs_no_calibration_asks_for_none(place: Place):
    none = {
        f"{name}-{part}": ""
        for name in ("calibrated_on", "calibration_due_on")
        for part in ("day", "month", "year")
    }
    assert (
        fill(place.carol, f"{place.page}/devices/new", **{**DEVICE, **none, "type": "bushnell"}).status_code
        == 303
    )
    assert "Needs none" in place.carol.get(place.page).text


def test_one_serial_number_entered_twice_at_once_is_one_device(place: Place, cast: Cast):
    carol = cast.person("Carol")
    given = speed_devices.Given("sid", "S-1", None, None, True)

    def add() -> str:
        try:
            speed_devices.add(place.own.id, given, carol)
        except Refused as refused:
            return next(iter(refused.errors))
        return "added"

    assert sorted(at_once(place.app, add, 3)) == ["added", "serial", "serial"]
