"""An audit's map on paper: an SVG drawing of its ward, the route, the track, and what was seen by its number."""

import math
from collections.abc import Sequence

import shapely
from markupsafe import Markup

from webapp.geo.wards import WardShape

Line = Sequence[tuple[float, float]]
WIDTH, HEIGHT, MARGIN = 640, 420, 24
# Beside the drawing: the whole ward in small, and how long a distance is.
SIDE = 150
LENGTHS_M = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
DEGREE_M = 111_320
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
    beside = [_length(paper), *([_whole(ward, paper)] if ward else [])]
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        '<clipPath id="paper"><rect width="{inner}" height="{height}"/></clipPath>'
        '<rect x="0.5" y="0.5" width="{inner}" height="{lower}" fill="#ffffff" stroke="#505a5f"/>'
        '<g clip-path="url(#paper)">{drawn}</g>{beside}</svg>'
    ).format(
        width=WIDTH + SIDE,
        height=HEIGHT,
        inner=WIDTH - 1,
        lower=HEIGHT - 1,
        drawn=Markup("").join(drawn),
        beside=Markup("").join(beside),
    )


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

    def shown(self, x: float, y: float) -> tuple[float, float]:
        """Return the latitude and longitude that are drawn at a point: the other way round."""
        across, down = (x - WIDTH / 2) / (self.narrowing * self.scale), (y - HEIGHT / 2) / self.scale
        return self.middle[0] - down, self.middle[1] + across


def _outline(ward: WardShape, paper: _Paper, thickness: int = 2) -> Markup:
    rings = [ring for part in shapely.get_parts(ward.geometry) for ring in (part.exterior, *part.interiors)]
    paths = (
        "M" + "L".join("{:.1f} {:.1f}".format(*paper.place((y, x))) for x, y in ring.coords) + "Z"
        for ring in rings
    )
    return Markup('<path d="{}" fill="none" stroke="#0b0c0c" stroke-width="{}"/>').format(
        "".join(paths), thickness
    )


def _length(paper: _Paper) -> Markup:
    """Return a line as long as a round distance is on the drawing."""
    a_metre = paper.scale / DEGREE_M
    metres = next((one for one in reversed(LENGTHS_M) if one * a_metre <= SIDE - 40), LENGTHS_M[0])
    words = f"{metres} m" if metres < 1000 else f"{metres // 1000} km"
    left, low = WIDTH + 20, HEIGHT - 20
    return Markup(
        '<path d="M{left} {high}V{low}H{right}V{high}" fill="none" stroke="#0b0c0c" stroke-width="2"/>'
        '<text x="{left}" y="{above}" font-family="sans-serif" font-size="13" fill="#0b0c0c">{words}</text>'
    ).format(
        left=left, right=f"{left + metres * a_metre:.1f}", low=low, high=low - 8, above=low - 14, words=words
    )


def _whole(ward: WardShape, paper: _Paper) -> Markup:
    """Return the whole ward in small, with a frame around what the drawing shows of it."""
    west, south, east, north = ward.geometry.bounds
    small = _Paper([(south, west), (north, east)])
    scale = (SIDE - 20) / WIDTH
    corners = [small.place(paper.shown(x, y)) for x, y in ((0, 0), (WIDTH, HEIGHT))]
    (left, top), (right, bottom) = corners
    # However small it is beside the ward, it is seen.
    wide, high = max(right - left, 24), max(bottom - top, 24)
    return Markup(
        '<g transform="translate({x} 10) scale({scale:.4f})">{outline}'
        '<rect x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{high:.1f}" fill="none" stroke="#942514"'
        ' stroke-width="8"/></g>'
    ).format(
        x=WIDTH + 15,
        scale=scale,
        outline=_outline(ward, small, thickness=7),
        left=(left + right - wide) / 2,
        top=(top + bottom - high) / 2,
        wide=wide,
        high=high,
    )


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
