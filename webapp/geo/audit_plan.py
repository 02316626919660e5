"""An audit's map on paper: an SVG drawing of its ward, the route, the track, and what was seen by its number."""

import math
from collections.abc import Sequence

import shapely
from markupsafe import Markup

from webapp.geo.wards import WardShape

Line = Sequence[tuple[float, float]]
WIDTH, HEIGHT, MARGIN = 640, 420, 24
# Some 200 m: a single point is drawn with a little of its surroundings.
SMALLEST_SPAN = 0.003


def plan(
    ward: WardShape | None, points: Sequence[tuple[int, float, float, bool]], *, route: Line, track: Line
) -> str:
    """Return the drawing as SVG, close around what was seen and walked; empty when nothing has a place.

    A point is its number, latitude, longitude and whether it is urgent: that one is drawn square, with a mark.
    """
    walked = [*((latitude, longitude) for _, latitude, longitude, _ in points), *route, *track]
    if not walked:
        return ""
    paper = _Paper(walked)
    drawn = [_outline(ward, paper)] if ward else []
    drawn += [
        Markup(
            '<polyline points="{}" fill="none" stroke="{}" stroke-width="3" stroke-dasharray="{}"/>'
        ).format(" ".join(f"{x:.1f},{y:.1f}" for x, y in map(paper.place, line)), colour, dashes)
        for line, colour, dashes in ((route, "#1d70b8", "9 7"), (track, "#12533a", "none"))
        if len(line) > 1
    ]
    drawn += [_number(*point, paper) for point in points]
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        '<rect x="0.5" y="0.5" width="{inner}" height="{lower}" fill="#ffffff" stroke="#505a5f"/>{drawn}</svg>'
    ).format(width=WIDTH, height=HEIGHT, inner=WIDTH - 1, lower=HEIGHT - 1, drawn=Markup("").join(drawn))


class _Paper:
    """Places on the drawing: north up, not squashed, what was walked in the middle."""

    def __init__(self, walked: Line) -> None:
        south, north = min(one[0] for one in walked), max(one[0] for one in walked)
        west, east = min(one[1] for one in walked), max(one[1] for one in walked)
        self.middle = (south + north) / 2, (west + east) / 2
        self.narrowing = math.cos(math.radians(self.middle[0]))
        wide = max((east - west) * self.narrowing, SMALLEST_SPAN)
        high = max(north - south, SMALLEST_SPAN)
        self.scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)

    def place(self, point: tuple[float, float]) -> tuple[float, float]:
        """Return where a latitude and longitude are drawn."""
        down, across = self.middle[0] - point[0], point[1] - self.middle[1]
        return WIDTH / 2 + across * self.narrowing * self.scale, HEIGHT / 2 + down * self.scale


def _outline(ward: WardShape, paper: _Paper) -> Markup:
    rings = [ring for part in shapely.get_parts(ward.geometry) for ring in (part.exterior, *part.interiors)]
    paths = (
        "M" + "L".join("{:.1f} {:.1f}".format(*paper.place((y, x))) for x, y in ring.coords) + "Z"
        for ring in rings
    )
    return Markup('<path d="{}" fill="none" stroke="#0b0c0c" stroke-width="2"/>').format("".join(paths))


def _number(number: int, latitude: float, longitude: float, is_urgent: bool, paper: _Paper) -> Markup:
    x, y = paper.place((latitude, longitude))
    shape = (
        Markup('<rect x="{:.1f}" y="{:.1f}" width="26" height="22" fill="#942514" stroke="#ffffff"/>').format(
            x - 13, y - 11
        )
        if is_urgent
        else Markup('<circle cx="{:.1f}" cy="{:.1f}" r="11" fill="#0b0c0c" stroke="#ffffff"/>').format(x, y)
    )
    words = f"{number}!" if is_urgent else str(number)
    return shape + Markup(
        '<text x="{:.1f}" y="{:.1f}" font-family="sans-serif" font-size="12" font-weight="700" fill="#ffffff"'
        ' text-anchor="middle">{}</text>'
    ).format(x, y + 4.5, words)
