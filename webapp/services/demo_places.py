"""Places of the demo: anywhere within a ward, and near another place in it."""

import random

import shapely

from webapp.geo.wards import WardShape

# Some 250 m, as far as people go in a few minutes.
NEAR_LATITUDE, NEAR_LONGITUDE = 0.0022, 0.0036


def somewhere(chance: random.Random, ward: WardShape) -> tuple[float, float]:
    """Return latitude and longitude of a place within a ward."""
    west, south, east, north = ward.geometry.bounds
    while True:
        longitude, latitude = chance.uniform(west, east), chance.uniform(south, north)
        if shapely.contains_xy(ward.geometry, longitude, latitude):
            return round(latitude, 6), round(longitude, 6)


def near(chance: random.Random, ward: WardShape, place: tuple[float, float]) -> tuple[float, float]:
    """Return a place within a ward that is a short walk from another in it."""
    while True:
        latitude = place[0] + chance.uniform(-NEAR_LATITUDE, NEAR_LATITUDE)
        longitude = place[1] + chance.uniform(-NEAR_LONGITUDE, NEAR_LONGITUDE)
        if shapely.contains_xy(ward.geometry, longitude, latitude):
            return round(latitude, 6), round(longitude, 6)
