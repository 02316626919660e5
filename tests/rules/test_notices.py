"""When a message is tried again, when it is given up, and which mailboxes are the same."""

from datetime import datetime, timedelta

import pytest

from tests.conftest import NOON
from webapp.rules import notices


@pytest.mark.parametrize(
    "address", ["rosa@example.org", " ROSA@Example.ORG ", "rosa+1@example.org", "rosa+a+b@example.org"]
)
def test_spellings_that_reach_one_mailbox_count_as_one(address: str):
    assert notices.mailbox(address) == "rosa@example.org"


@pytest.mark.parametrize(
    "address", ["rosa@bücher.example", "Rosa@BÜCHER.example", "rosa@xn--bcher-kva.example"]
)
def test_both_spellings_of_a_domain_of_other_letters_count_as_one(address: str):
    assert notices.mailbox(address) == "rosa@xn--bcher-kva.example"


def test_a_domain_that_cannot_be_is_counted_as_it_stands():
    assert notices.mailbox("Rosa@bü..example") == "rosa@bü..example"


def test_pauses_grow_from_a_minute_to_six_hours():
    pauses = [notices.next_attempt(attempts, NOON, NOON) for attempts in range(1, 9)]
    assert [pause - NOON for pause in pauses if pause] == [
        timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 360, 360)
    ]


def test_after_three_days_nothing_is_tried_again():
    def again(now: datetime) -> datetime | None:
        return notices.next_attempt(20, NOON, now)

    assert again(NOON + timedelta(days=2, hours=17)) is not None
    assert again(NOON + timedelta(days=2, hours=19)) is None
