"""Who had to answer for what the figure counts, and what held up what was not cleared in time."""

from datetime import UTC, datetime

import pytest

from tests.moving import move, reported
from webapp.extensions import clock
from webapp.rules.periods import quarter
from webapp.rules.roles import Person
from webapp.services import delays, land, records

PERIOD = quarter(2026, 3)
LATER = datetime(2026, 11, 25, 12, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("in_app")


def on(day: int) -> datetime:
    return datetime(2026, 11, day, 12, tzinfo=UTC)


def given_to(body: str | None, day: int, person: Person) -> str:
    """Report a fly-tip on public land, give it to a body, and return its reference."""
    reference = reported(on(day))
    move(
        reference,
        "triage",
        person,
        on(day + 1),
        land=land.Land("highway", "public", "visit", "certain", body=body),
    )
    return reference


def test_each_body_has_its_own_figure_and_opens_its_records(owen: Person):
    in_time, late = given_to("kcc_highways", 2, owen), given_to("kcc_highways", 2, owen)
    given_to("sdc_direct_services", 3, owen), given_to(None, 3, owen), given_to("kent_police", 22, owen)
    move(in_time, "clear", owen, on(9))
    move(late, "clear", owen, on(10))
    with clock.standing_at(LATER):
        found = dict(delays.by_body(PERIOD))
        assert {body: (share.part, share.whole) for body, share in found.items()} == {
            "kcc_highways": (1, 2),
            "sdc_direct_services": (0, 1),
            None: (0, 1),
        }
        for share in found.values():
            assert records.search(share.opens_part, owen).total == share.part
            assert records.search(share.opens_whole, owen).total == share.whole


def test_what_held_up_a_miss_is_told_and_what_was_in_time_is_not(owen: Person):
    missed, in_time, plain = (given_to("kcc_highways", 2, owen) for _ in range(3))
    for reference in (missed, in_time):
        move(reference, "hold", owen, on(4))
    move(missed, "specialist", owen, on(5))
    move(in_time, "clear", owen, on(8))
    move(plain, "clear", owen, on(12))
    with clock.standing_at(LATER):
        found = dict(delays.of_missed(PERIOD))
        assert {state: count.value for state, count in found.items() if count.value} == {
            "evidence_hold": 1,
            "specialist": 1,
        }
        listed = records.search(found["evidence_hold"].opens, owen).records
        assert [record.reference for record in listed] == [missed]
