"""Faults of the server, one test for each line of the capture protocol's list; after each the invariants hold."""

import json
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.browser.fault_proxy import Answer, AnswerAfter, Fault, HoldReply
from tests.browser.field import CAPTURE, PHOTO, Desk, Field
from tests.browser.server import Served, until

JSON = (("Content-Type", "application/json"),)
PAGE = b"<!doctype html><title>Fault</title><h1>Something went wrong</h1>"


def problem(code: str) -> bytes:
    return json.dumps({"code": code, "message": f"Told on purpose: {code}."}).encode()


ANSWERS: dict[str, tuple[Fault, str]] = {
    "500 as a page": (Answer(500, PAGE), CAPTURE),
    "500 after the commit": (AnswerAfter(500, PAGE), CAPTURE),
    "500 in JSON": (Answer(500, problem("fault"), JSON), CAPTURE),
    "503 with Retry-After": (Answer(503, problem("busy"), (*JSON, ("Retry-After", "1"))), CAPTURE),
    "503 for a photo": (AnswerAfter(503, PAGE, (("Retry-After", "1"),)), PHOTO),
    "413 by whoever stands before the server": (Answer(413, PAGE), CAPTURE),
    "413 for a photo as a page": (Answer(413, PAGE), PHOTO),
    "403 as a page": (Answer(403, PAGE), CAPTURE),
    "429 with Retry-After": (Answer(429, problem("too_many"), (*JSON, ("Retry-After", "1"))), CAPTURE),
    "a success that is a page": (AnswerAfter(200, PAGE), CAPTURE),
    "a success for another id": (Answer(200, b'{"id": "x", "missing": []}', JSON), CAPTURE),
    "a success without a body": (AnswerAfter(200, b"", JSON), CAPTURE),
    "204 for a photo": (AnswerAfter(204), PHOTO),
}


def back_up(served: Served) -> None:
    with closing(sqlite3.connect(served.folder / "wardbook.sqlite")) as database:
        database.execute("VACUUM INTO ?", (str(served.folder / "backup.sqlite"),))


def go_back(served: Served) -> None:
    """Let the server forget what came since the backup."""
    served.stop()
    for name in ("wardbook.sqlite", "wardbook.sqlite-wal", "wardbook.sqlite-shm"):
        (served.folder / name).unlink(missing_ok=True)
    (served.folder / "backup.sqlite").rename(served.folder / "wardbook.sqlite")
    served.start()


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.fault("server")
def test_whatever_the_server_says_nothing_is_lost_and_nothing_is_called_sent(afield: Field, answer: str):
    fault, path = ANSWERS[answer]
    own = afield.fill(afield.picture())
    afield.proxy.plan(fault, "PUT", path, times=None)
    afield.press_send()
    afield.proxy.until_heard(lambda heard: any(one.fault == type(fault).__name__ for one in heard))
    afield.is_saved()
    afield.holds_on_the_way()
    assert afield.state(own) != "complete"
    afield.back_online()
    afield.everything_arrived()


@pytest.mark.parametrize(("status", "code"), [(413, "too_large"), (404, "not_found"), (415, "wrong_type")])
@pytest.mark.fault("server")
def test_a_refusal_is_kept_with_its_reason_and_holds_up_no_other(afield: Field, status: int, code: str):
    afield.proxy.plan(Answer(status, problem(code), JSON), "PUT", CAPTURE)
    refused = afield.send(afield.picture())
    afield.is_saved()
    expect(afield.page.get_by_text(f"Told on purpose: {code}.")).to_be_visible()
    fine = afield.send(place_text="Not held up")
    afield.is_sent()
    afield.holds_on_the_way()
    afield.back_online()
    afield.everything_arrived()
    assert {refused, fine} <= set(Desk(afield.served.folder).records)


@pytest.mark.fault("server")
def test_a_422_opens_the_form_at_the_mistake_with_everything_in_it(afield: Field):
    afield.fill(afield.picture(), reporter_email="rosa at home")
    afield.press_send()
    expect(afield.page.locator(".govuk-error-summary")).to_be_focused()
    expect(afield.page.locator("#reporter_email-error")).to_be_visible()
    afield.page.get_by_label("Email address").fill("rosa@home.example")
    expect(afield.page.locator(".wb-picker__item")).to_have_count(1)
    afield.page.evaluate("() => { location.hash = 'check'; }")
    afield.press_send()
    afield.is_sent()
    afield.everything_arrived()


@pytest.mark.fault("server")
def test_a_clash_keeps_both_until_a_person_chooses(afield: Field):
    own = afield.fill(place_text="From the phone")
    secret = afield.page.locator("#capture [name=capture_secret]").input_value()
    body = {
        "kind": "fly_tipping", "form_version": 1, "rev": 1, "captured_at": None, "photos": [],
        "answers": {"place_text": "From the desk", "main_waste": "tyres", "land_type": "highway"},
    }  # fmt: skip
    desk = afield.context.request.put(f"/captures/{own}", data=body, headers={"X-Capture-Secret": secret})
    assert desk.status == 201
    afield.press_send()
    afield.is_saved()
    afield.go("/outbox")
    afield.page.get_by_role("link", name="Compare").click()
    expect(afield.page.get_by_text("From the desk")).to_be_visible()
    afield.page.get_by_role("button", name="Use this version").click()
    expect(afield.page.get_by_role("heading", name="Your report")).to_be_visible()
    afield.go("/outbox")
    afield.everything_arrived()
    assert Desk(afield.served.folder).words[own] == "From the phone"


@pytest.mark.fault("server")
def test_what_the_server_lost_by_going_back_to_a_backup_goes_once_more(afield: Field):
    back_up(afield.served)
    afield.proxy.plan(HoldReply(), "PUT", PHOTO, times=None)
    own = afield.send(afield.picture(), afield.picture())
    afield.until_state(own, "received")
    go_back(afield.served)
    assert own not in Desk(afield.served.folder).records
    afield.back_online()
    afield.everything_arrived()


@pytest.mark.fault("server")
def test_what_was_sent_whole_and_lost_by_a_backup_goes_once_more_within_the_day(afield: Field):
    back_up(afield.served)
    own = afield.send(afield.picture())
    afield.is_sent()
    go_back(afield.served)
    afield.page.clock.install()
    afield.page.clock.fast_forward("02:00:00")
    afield.go("/outbox")
    afield.page.clock.fast_forward("00:01")
    afield.until_record(own)
    # The phone still calls it complete for a moment, from before.
    until(lambda: Desk(afield.served.folder).photos_of(own), 30, "the photo to come once more")
    afield.everything_arrived()
