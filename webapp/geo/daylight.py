"""Sunrise and sunset at a place: speed-watch is held in daylight."""

from datetime import UTC, date, datetime, time, timedelta

import ephem

from webapp.rules.clock import LONDON

# Almanacs' convention: the upper edge of the sun on a level horizon, with 34 minutes of arc for refraction and no other
# air in the reckoning.
HORIZON = "-0:34"


def daylight(day: date, latitude: float, longitude: float) -> tuple[datetime, datetime]:
    """Return when the sun rises and sets on a London date, in UTC and to the minute, as almanacs print it.

    Good for places whose sun rises and sets every day, as in all of the United Kingdom; elsewhere `ephem` raises
    AlwaysUpError or NeverUpError.

    >>> [f"{moment:%H:%M}" for moment in daylight(date(2026, 12, 21), 51.5074, -0.1278)]
    ['08:04', '15:53']
    """
    place = ephem.Observer()
    # Degrees are words to this library; numbers would be radians.
    place.lat, place.lon = str(latitude), str(longitude)
    place.pressure = 0
    place.horizon = HORIZON
    place.date = datetime.combine(day, time(), LONDON).astimezone(UTC).replace(tzinfo=None)
    sun = ephem.Sun()
    return _to_the_minute(place.next_rising(sun)), _to_the_minute(place.next_setting(sun))


def _to_the_minute(moment: ephem.Date) -> datetime:
    exact: datetime = moment.datetime().replace(tzinfo=UTC)
    return (exact + timedelta(seconds=30)).replace(second=0, microsecond=0)
