"""Sunrise and sunset, against what almanacs print and over whole years."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from webapp.geo.daylight import daylight
from webapp.rules.clock import LONDON, local_date

SEVENOAKS = (51.27, 0.19)
LAND_S_END = (50.07, -5.71)
LERWICK = (60.15, -1.14)
CENTRAL_LONDON = (51.51, -0.13)


def minutes_off(moment: datetime, printed: str) -> float:
    """How far a moment is from a London time of its day."""
    local = moment.astimezone(LONDON)
    expected = datetime.combine(local.date(), time.fromisoformat(printed), LONDON)
    return abs((moment - expected).total_seconds()) / 60


# Worked out besides by the solar equations of NOAA, which agree to the minute.
@pytest.mark.parametrize(
    ("day", "rises", "sets"),
    [
        (date(2026, 6, 21), "04:43", "21:19"),
        (date(2026, 12, 21), "08:01", "15:53"),
        # Summer time begins and ends: the sun does not care, clocks do.
        (date(2026, 3, 28), "05:44", "18:26"),
        (date(2026, 3, 29), "06:42", "19:27"),
        (date(2026, 10, 24), "07:38", "17:48"),
        (date(2026, 10, 25), "06:40", "16:46"),
    ],
)
def test_in_sevenoaks_the_sun_rises_and_sets_as_others_reckon(day: date, rises: str, sets: str):
    sunrise, sunset = daylight(day, *SEVENOAKS)
    assert minutes_off(sunrise, rises) <= 2
    assert minutes_off(sunset, sets) <= 2


# What was printed for London.
@pytest.mark.parametrize(
    ("day", "sets"),
    [
        (date(2007, 10, 2), "18:37"),
        (date(2007, 12, 22), "15:53"),
        (date(2018, 11, 3), "16:31"),
        (date(2018, 11, 4), "16:29"),
        (date(2026, 6, 21), "21:21"),
    ],
)
def test_the_sun_sets_in_london_when_it_was_printed_to(day: date, sets: str):
    assert minutes_off(daylight(day, *CENTRAL_LONDON)[1], sets) <= 2


def test_london_s_shortest_day_is_as_long_as_was_printed():
    sunrise, sunset = daylight(date(2007, 12, 22), *CENTRAL_LONDON)
    assert abs(sunset - sunrise - timedelta(hours=7, minutes=49, seconds=40)) <= timedelta(minutes=2)


@pytest.mark.parametrize("place", [SEVENOAKS, LAND_S_END, LERWICK])
def test_both_moments_are_of_the_london_day_in_utc_and_to_the_minute(place: tuple[float, float]):
    for number in range(366):
        day = date(2028, 1, 1) + timedelta(days=number)
        sunrise, sunset = daylight(day, *place)
        assert local_date(sunrise) == local_date(sunset) == day
        assert sunrise < sunset
        assert sunrise.tzinfo is UTC and (sunrise.second, sunrise.microsecond) == (0, 0)


def test_the_further_west_the_later_it_is_light():
    assert daylight(date(2026, 3, 20), *LAND_S_END)[0] - daylight(date(2026, 3, 20), *SEVENOAKS)[
        0
    ] > timedelta(minutes=20)
