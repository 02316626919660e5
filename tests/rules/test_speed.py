"""Speed-watch: thresholds from their table, what may begin a session, and honest figures."""

import json
import math
from collections import Counter
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.house.tree import ROOT
from webapp.rules import speed, speed_figures, speed_start
from webapp.rules.clock import local_date
from webapp.rules.codes import speed_watch as codes

START: dict[str, Any] = json.loads((ROOT / "tests/js/start-cases.json").read_text(encoding="utf-8"))
speeds = st.lists(st.integers(speed.SPEED_LEAST, speed.SPEED_MOST), min_size=1, max_size=300)


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def problems_of(change: dict[str, Any]) -> list[list[str]]:
    base = START["base"]
    at = datetime.fromisoformat(change.get("at", base["at"]))
    site = base["site"] | change.get("site", {})
    light = site["daylight"].get(local_date(at).isoformat(), [None, None])
    sunrise, sunset = (datetime.fromisoformat(one) if one else None for one in light)
    crew = [base["member"] | member for member in change.get("members", base["members"])]
    asked = change.get("device", {})
    device = None if asked is None else base["device"] | asked
    if device:
        assert device["name"] == codes.DEVICE_TYPES.label(device["type"])
        assert device["needs_calibration"] == (device["type"] in codes.NEEDS_CALIBRATION)
    found = speed_start.start_problems(
        site=speed_start.Site(
            site["status"], site["limit_mph"], day_of(site["review_due_on"]), site["max_crew"]
        ),
        crew=[
            speed_start.Member(
                member["name"],
                member["is_active"],
                member["is_over_18"],
                day_of(member["trained_on"]),
                day_of(member["refresher_due_on"]),
            )
            for member in crew
        ],
        device=device
        and speed_start.Device(device["type"], device["is_active"], day_of(device["calibration_due_on"])),
        day=local_date(at),
        at=at,
        sunrise=sunrise,
        sunset=sunset,
        dark_reason=change.get("dark_reason", base["dark_reason"]),
    )
    return [[problem.code, problem.words] for problem in found]


@pytest.mark.parametrize("case", START["cases"], ids=lambda case: case["name"])
def test_what_is_said_when_a_session_begins(case: dict[str, Any]):
    assert problems_of(case["change"]) == case["problems"]


def test_every_problem_occurs_alone_and_stands_in_its_order():
    alone = {case["problems"][0][0] for case in START["cases"] if len(case["problems"]) == 1}
    assert alone == set(speed_start.PROBLEMS)
    order = list(speed_start.PROBLEMS)
    for case in START["cases"]:
        found = [order.index(code) for code, _ in case["problems"]]
        # Two members who lack the same thing are two sentences of one code.
        assert found == sorted(found), case["name"]


def test_every_state_of_a_site_but_the_approved_one_has_its_words():
    assert set(speed_start.NOT_APPROVED) == set(codes.SITE_STATUSES.values) - {"approved"}


def test_calibration_is_asked_of_known_devices():
    assert set(codes.DEVICE_TYPES.values) > codes.NEEDS_CALIBRATION


@pytest.mark.parametrize(
    ("limit", "first", "letter", "visit"), [(20, 25, 31, 38), (30, 35, 46, 57), (40, 46, 61, 76)]
)
def test_a_vehicle_is_recorded_from_kents_threshold_on(limit: int, first: int, letter: int, visit: int):
    assert speed.threshold(limit) == first
    assert (speed.is_over(first - 1, limit), speed.is_over(first, limit)) == (False, True)
    assert (speed.LETTER_FROM[limit], speed.VISIT_FROM[limit]) == (letter, visit)
    # More than half above, and 90% above, reckoned without fractions.
    assert 10 * (letter - 1) <= 15 * limit < 10 * letter
    assert 10 * (visit - 1) < 19 * limit <= 10 * visit


@pytest.mark.parametrize("limit", [10, 50, 60, 70])
def test_nothing_is_over_where_nothing_is_watched(limit: int):
    assert speed.threshold(limit) is None
    assert not speed.is_over(speed.SPEED_MOST, limit)
    assert speed.bands(limit) == ()


def test_limits_that_are_watched_can_be_asked_for():
    assert {str(limit) for limit in speed.WATCHED} < set(codes.LIMITS.values)


@pytest.mark.parametrize("limit", sorted(speed.WATCHED))
def test_every_recorded_speed_is_in_one_band_and_no_other_speed_in_any(limit: int):
    for mph in range(speed.SPEED_LEAST, speed.SPEED_MOST + 1):
        assert sum(mph in band for band in speed.bands(limit)) == speed.is_over(mph, limit)


def test_bands_reach_to_4_9_and_14_above_the_threshold():
    assert [(band.first, band.last) for band in speed.bands(40)] == [(46, 50), (51, 55), (56, 60), (61, None)]


@given(speeds)
def test_the_percentile_is_the_nearest_rank(logged: list[int]):
    assert (
        speed_figures.percentile_85(Counter(logged))
        == sorted(logged)[math.ceil(Fraction(85 * len(logged), 100)) - 1]
    )


@given(speeds)
def test_85_in_a_hundred_are_not_faster_than_the_percentile(logged: list[int]):
    found = speed_figures.percentile_85(Counter(logged))
    assert found is not None
    assert 100 * sum(mph <= found for mph in logged) >= 85 * len(logged)
    assert 100 * sum(mph < found for mph in logged) < 85 * len(logged)


@given(speeds)
def test_a_mean_is_cut_and_never_rounded_up(logged: list[int]):
    mean = speed_figures.mean(Counter(logged))
    assert mean is not None
    shown = Fraction(speed.in_tenths(mean))
    assert shown <= mean < shown + Fraction(1, 10)


def test_of_no_speeds_there_is_no_figure():
    assert speed_figures.percentile_85(Counter([])) is None
    assert speed_figures.mean(Counter([])) is None


@pytest.mark.parametrize(
    ("seen", "last"),
    [
        (date(2026, 11, 29), date(2027, 11, 29)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 2, 28), date(2028, 2, 28)),
        (date(2026, 12, 31), date(2027, 12, 31)),
    ],
)
def test_a_sighting_counts_until_its_anniversary_and_is_purged_the_day_after(seen: date, last: date):
    assert speed.anniversary(seen) == last
    assert speed.purge_on(seen) == last + timedelta(days=1)


@pytest.mark.parametrize(
    "codelist",
    [one for one in vars(codes).values() if isinstance(one, codes.CodeList)],
    ids=lambda one: one.values[0],
)
def test_values_are_slugs_that_a_database_can_hold(codelist: codes.CodeList):
    assert [
        value for value in codelist.values if not value.replace("_", "").isalnum() or len(value) > 24
    ] == []
    assert all(code.label for code in codelist)
