"""What is near is found by whoever stands there, and gives nobody the position of somebody else's report."""

import math
import random

import pytest
from flask import Flask

from tests.builders import record_behind, submit
from webapp.extensions import db
from webapp.geo.distance import EARTH_RADIUS_M, metres_between
from webapp.geo.grid import from_easting_northing
from webapp.services import fly_tipping

SEED = 20261122
CALAIS = (50.9511, 1.8571)


@pytest.fixture(autouse=True)
def context(app: Flask):
    with app.app_context():
        yield


def moved(latitude: float, longitude: float, metres: float, bearing: float) -> tuple[float, float]:
    north, east = metres * math.cos(bearing), metres * math.sin(bearing)
    return (
        latitude + math.degrees(north / EARTH_RADIUS_M),
        longitude + math.degrees(east / EARTH_RADIUS_M / math.cos(math.radians(latitude))),
    )


def put(tip, latitude: float, longitude: float) -> None:
    tip.latitude, tip.longitude = latitude, longitude
    db.session.flush()


def positions_in_a_square(chance: random.Random) -> list[tuple[float, float]]:
    places = [
        from_easting_northing(552_900 + chance.uniform(0.2, 99.8), 154_600 + chance.uniform(0.2, 99.8), 1)
        for _ in range(8)
    ]
    return [(place.latitude, place.longitude) for place in places if place]


def positions_in_a_cell_abroad(chance: random.Random) -> list[tuple[float, float]]:
    height = math.degrees(100 / EARTH_RADIUS_M)
    row = CALAIS[0] // height
    width = height / math.cos(math.radians((row + 0.5) * height))
    column = CALAIS[1] // width
    return [
        ((row + chance.uniform(0.01, 0.99)) * height, (column + chance.uniform(0.01, 0.99)) * width)
        for _ in range(8)
    ]


@pytest.mark.parametrize("positions", [positions_in_a_square, positions_in_a_cell_abroad])
def test_every_question_is_answered_alike_for_all_positions_within_a_square(positions):
    chance = random.Random(SEED)  # noqa: S311 - a test's positions, not a secret.
    receipt = submit()
    tip, places = record_behind(receipt.token), positions(chance)
    asked = [moved(*places[0], chance.uniform(0, 300), chance.uniform(0, 2 * math.pi)) for _ in range(60)]
    answers = set()
    for place in places:
        put(tip, *place)
        shown = tuple(tuple(fly_tipping.nearby(*point)) for point in asked)
        joinable = tuple(fly_tipping.joinable(receipt.reference, *point) is not None for point in asked)
        assert joinable == tuple(bool(found) for found in shown)
        answers.add((shown, joinable))
    ((shown, joinable),) = answers
    assert {True, False} == set(joinable)


def test_whoever_stands_within_reach_finds_the_report_wherever_in_its_square_it_is():
    chance = random.Random(SEED)  # noqa: S311 - a test's positions, not a secret.
    receipt = submit()
    tip = record_behind(receipt.token)
    for place in positions_in_a_square(chance) + positions_in_a_cell_abroad(chance):
        put(tip, *place)
        for _ in range(20):
            point = moved(*place, chance.uniform(0, 99.9), chance.uniform(0, 2 * math.pi))
            assert metres_between(*point, *place) <= 100
            assert fly_tipping.joinable(receipt.reference, *point) is not None


def test_a_report_two_reaches_away_is_not_near():
    submit()
    assert fly_tipping.nearby(*moved(51.27028, 0.19171, 250, 0.5)) == []
