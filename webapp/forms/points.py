"""A route as points, one to a line: drawn, recorded by a phone, or typed as places."""

import re
from typing import Any

from wtforms import TextAreaField
from wtforms.validators import ValidationError

from webapp.forms.base import clean

POINT = re.compile(r"(-?[0-9]{1,2}(?:\.[0-9]+)?)[\s,;]+(-?[0-9]{1,3}(?:\.[0-9]+)?)")


class PointsField(TextAreaField):
    """Points in order, a line to each: latitude and longitude, or words that a service takes for a place.

    `points` holds for each line its two degrees, or the words where it `takes_places`.
    """

    def __init__(
        self, label: str, most: int, hint: str = "", *, takes_places: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(label, filters=[clean], description=hint, **kwargs)
        self.most = most
        self.takes_places = takes_places
        self.points: list[tuple[float, float] | str] = []

    def pre_validate(self, form: Any) -> None:
        """Refuse more points than a route has, and degrees that are none."""
        lines = [line.strip() for line in (self.data or "").split("\n") if line.strip()]
        if len(lines) > self.most:
            raise ValidationError(f"The route has {len(lines):,} points. Give {self.most:,} or fewer.")
        self.points = [self._point(line) for line in lines]

    def _point(self, line: str) -> tuple[float, float] | str:
        match = POINT.fullmatch(line)
        if match is None and self.takes_places:
            return line[:40]
        if match is None:
            raise ValidationError(f"“{line[:60]}” is no latitude and longitude. Leave that line out.")
        latitude, longitude = float(match[1]), float(match[2])
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise ValidationError(f"“{line[:60]}” is no latitude and longitude. Check it, or leave it out.")
        return round(latitude, 6), round(longitude, 6)
