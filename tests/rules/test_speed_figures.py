"""The rules of speed-watch figures: what counts, and percentiles of how many had each speed."""

import math
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.rules import speed
from webapp.rules import speed_figures as rules
from webapp.rules.codes.speed_watch import READING_STATUSES, SESSION_STATUSES
from webapp.rules.speed_figures import Standing

SPEEDS = st.lists(st.integers(speed.SPEED_LEAST, speed.SPEED_MOST), max_size=300)


@given(SPEEDS)
def test_mean_and_percentile_of_counts_are_those_of_the_rows(speeds: list[int]):
    counts, ranked = Counter(speeds), sorted(speeds)
    nearest = ranked[math.ceil(Fraction(85 * len(ranked), 100)) - 1] if ranked else None
    assert rules.percentile_85(counts) == nearest
    assert rules.mean(counts) == (Fraction(sum(ranked), len(ranked)) if ranked else None)


@given(SPEEDS, st.sampled_from([20, 30, 40]))
def test_the_bands_of_a_limit_hold_each_recorded_vehicle_once(speeds: list[int], limit: int):
    found = rules.in_bands(Counter(speeds), limit)
    assert [sum(one in band for one in speeds) for band in speed.bands(limit)] == [
        count for _, count in found
    ]
    assert sum(count for _, count in found) == sum(speed.is_over(one, limit) for one in speeds)


@pytest.mark.parametrize("status", SESSION_STATUSES.values)
def test_a_session_counts_once_it_was_held_as_it_should_and_checked(status: str):
    facts = {"has_ended": True, "start_problems": ""}
    if status == "taken_back":
        for has_ended in (True, False):
            assert (
                rules.standing(status, has_ended=has_ended, start_problems="crew_too_few")
                == Standing.TAKEN_BACK
            )
        return
    is_checked = status in ("checked", "handed_over")
    assert rules.standing(status, **facts) == (Standing.COUNTED if is_checked else Standing.NOT_CHECKED)
    # What nobody has checked waits to be, also where it should not have started.
    flagged = rules.standing(status, **{**facts, "start_problems": "member_lapsed"})
    assert flagged == (Standing.LEFT_OUT if is_checked else Standing.NOT_CHECKED)
    assert rules.standing(status, **{**facts, "has_ended": False}) == Standing.UNDER_WAY


def test_only_what_is_void_or_undone_is_no_vehicle():
    kept = [one for one in READING_STATUSES.values if rules.is_vehicle(one, "held", is_removed=False)]
    assert set(READING_STATUSES.values) - set(kept) == {"void"}
    assert not any(rules.is_vehicle(one, "held", is_removed=True) for one in READING_STATUSES.values)


@pytest.mark.parametrize("status", ["checked", "handed_over"])
def test_what_comes_after_the_check_is_a_vehicle_once_it_was_checked_too(status):
    kept = [one for one in READING_STATUSES.values if rules.is_vehicle(one, status, is_removed=False)]
    assert set(READING_STATUSES.values) - set(kept) == {"void", "draft"}


def test_a_count_below_what_was_logged_is_no_count():
    assert [rules.traffic(18, logged) for logged in (17, 18, 19)] == [18, 18, None]
    assert rules.traffic(0, 0) == 0


def test_nothing_of_nothing_is_no_figure():
    assert (rules.percentile_85({}), rules.mean({}), rules.per_hour(0, 0)) == (None, None, None)
    assert rules.percentile_85({40: 0}) is None
    assert [rules.per_hour(5, seconds) for seconds in (599, 600)] == [None, 30]
