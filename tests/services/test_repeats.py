"""Places where it happens again: what was cleared near a record before, and what came back after it."""

from datetime import UTC, datetime

import pytest

from tests.cast import Cast
from tests.moving import move, reported, tip_of
from webapp.rules.roles import Person
from webapp.services.repeats import Place, place_of

pytestmark = pytest.mark.usefixtures("in_app")

# 51.2705 is 25 metres north of it, 51.2790 nearly a kilometre: the setting's distance lies between.
HERE, NEAR, FAR = ({"latitude": latitude, "longitude": 0.19171} for latitude in (51.27028, 51.2705, 51.2790))


def noon(day: int) -> datetime:
    return datetime(2026, 11, day, 12, tzinfo=UTC)


def cleared(person: Person, reported_on: int, cleared_on: int, place: object = HERE) -> str:
    """Report a fly-tip and clear it; returns its reference."""
    reference = reported(noon(reported_on), place=place)
    move(reference, "clear", person, noon(cleared_on))
    return reference


def seen(reference: str, person: Person) -> Place:
    return place_of(tip_of(reference), person)


def named(found: object) -> list[tuple[str, int]]:
    return [(again.tip.reference, again.days_between) for again in found]  # type: ignore[attr-defined]


def test_a_report_near_a_cleared_one_says_that_it_is_back_on_both(owen: Person):
    first = cleared(owen, 1, 3)
    second = reported(noon(8), place=NEAR)
    assert named(seen(first, owen).after) == [(second, 5)]
    assert named(seen(second, owen).before) == [(first, 5)]
    assert (seen(second, owen).before[0].metres, seen(first, owen).before) == (24, [])


def test_far_away_or_still_open_it_is_not_back(owen: Person):
    far, still_open = cleared(owen, 1, 3, FAR), reported(noon(1), place=HERE)
    later = reported(noon(8), place=HERE)
    assert named(seen(later, owen).before) == []
    assert named(seen(far, owen).after) == named(seen(still_open, owen).after) == []


def test_what_was_reported_before_the_clearance_did_not_come_back(owen: Person):
    first = reported(noon(1), place=HERE)
    neighbour = reported(noon(2), place=NEAR)
    move(first, "clear", owen, noon(4))
    assert named(seen(first, owen).after) == []
    assert named(seen(neighbour, owen).before) == []


def test_the_mean_interval_is_from_each_clearance_to_the_next_report(owen: Person):
    oldest, older = cleared(owen, 1, 3), cleared(owen, 7, 8)
    newest = reported(noon(18), place=HERE)
    place = seen(newest, owen)
    assert named(place.before) == [(older, 10), (oldest, 15)]
    assert place.mean_interval_days == (10 + 4) / 2
    assert seen(oldest, owen).mean_interval_days is None


def test_a_duplicate_is_no_return_and_a_record_without_a_place_has_no_history(owen: Person):
    first = cleared(owen, 1, 3)
    main, other = reported(noon(8), place=HERE), reported(noon(8), place=HERE)
    move(other, "merge", owen, noon(9), main=main)
    assert named(seen(first, owen).after) == [(main, 5)]
    nowhere = reported(
        noon(9), place={"source": "none", "latitude": None, "longitude": None, "accuracy_m": None}
    )
    assert (seen(nowhere, owen).before, seen(nowhere, owen).after) == ([], [])


def test_whoever_sees_only_some_records_learns_nothing_of_the_others(owen: Person, cast: Cast):
    first = cleared(owen, 1, 3)
    reported(noon(8), place=HERE)
    assert named(seen(first, cast.person("Priya")).after) == []
