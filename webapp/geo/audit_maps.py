"""The map of one audit: its ward's outline, the route that was drawn, the track of a phone, and what was seen."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import folium
from branca.element import MacroElement
from folium.template import Template
from markupsafe import Markup, escape

from webapp.geo.map_script import AS_REGION, LINKED_POINTS
from webapp.geo.maps import (
    GREAT_BRITAIN,
    MapAssets,
    MapParts,
    add_outlines,
    empty_map,
    pieces,
    plain_json,
)
from webapp.geo.wards import WardShape

Line = Sequence[tuple[float, float]]
ROUTE = {"color": "#1d70b8", "weight": 4, "dash_array": "10 8"}
TRACK = {"color": "#12533a", "weight": 4}
TITLE = "Map of what was seen on this walk"
# Some 150 m: a single point is shown with the streets around it.
SMALLEST_SPAN = 0.002


@dataclass(frozen=True, slots=True)
class SeenPoint:
    """Something seen: its number, where, what it is in words, where on the page it stands, and whether it is urgent."""

    number: int
    latitude: float
    longitude: float
    words: str
    href: str
    is_urgent: bool


class NumberedPoints(MacroElement):
    """Prints what was seen as numbers; each answers to click, tap and Enter with its words and the way to its card."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        (function (map, points, words) {"""
        + AS_REGION
        + LINKED_POINTS
        + """
            points.forEach(function (point) {
                var className = "audit-map__number" + (point.is_urgent ? " audit-map__number--urgent" : "");
                var number = part(className, point.number + (point.is_urgent ? "!" : ""));
                linked(point, number, point.number + ": " + point.words).addTo(map);
            });
        })({{ this._parent.get_name() }}, {{ this.points }}, {{ this.words|tojson }});
        {% endmacro %}
    """
    )

    def __init__(self, points: Sequence[SeenPoint], attribution: str) -> None:
        """Take the points, and the attribution as safe HTML where no tiles carry it."""
        super().__init__()
        self._name = "NumberedPoints"
        self.points = plain_json([asdict(point) for point in points])
        self.attribution = attribution
        self.words = {"title": TITLE}


def audit_map(
    ward: WardShape | None,
    points: Sequence[SeenPoint],
    *,
    route: Line,
    track: Line,
    attribution: str,
    assets: MapAssets,
    nonce: str,
    tile_url: str | None = None,
) -> MapParts:
    """Return the map of an audit, close around what was seen and walked; the whole ward where that is nothing."""
    west, south, east, north = _frame(ward, [(one.latitude, one.longitude) for one in points], route, track)
    chart = empty_map(((south + north) / 2, (west + east) / 2), attribution, assets, tile_url)
    add_outlines(chart, [ward] if ward else [], 3, tile_url)
    for line, look in ((route, ROUTE), (track, TRACK)):
        if len(line) > 1:
            folium.PolyLine(list(line), interactive=False, **look).add_to(chart)
    chart.fit_bounds([[south, west], [north, east]], padding_top_left=(56, 24), padding_bottom_right=(24, 56))
    chart.add_child(NumberedPoints(points, "" if tile_url else str(escape(attribution))))
    return pieces(chart, _legend(points, route, track), nonce)


def _frame(
    ward: WardShape | None, points: Line, route: Line, track: Line
) -> tuple[float, float, float, float]:
    walked = [*points, *route, *track]
    if not walked:
        west, south, east, north = GREAT_BRITAIN if ward is None else ward.geometry.bounds
        return west, south, east, north
    latitudes, longitudes = [one[0] for one in walked], [one[1] for one in walked]
    west, south, east, north = min(longitudes), min(latitudes), max(longitudes), max(latitudes)
    more = max(0.0, SMALLEST_SPAN - max(east - west, north - south)) / 2
    return west - more, south - more, east + more, north + more


def _legend(points: Sequence[SeenPoint], route: Line, track: Line) -> Markup:
    meanings = []
    if points:
        meanings.append(
            (Markup('<circle class="audit-map__key" cx="14" cy="10" r="9"></circle>'), "seen, by its number")
        )
    if any(point.is_urgent for point in points):
        meanings.append((Markup('<text x="9" y="17" font-weight="700">!</text>'), "urgent"))
    if len(route) > 1:
        meanings.append(
            (Markup('<path class="audit-map__route" d="M0 10H28"></path>'), "the route as it was drawn")
        )
    if len(track) > 1:
        meanings.append(
            (Markup('<path class="audit-map__track" d="M0 10H28"></path>'), "the track that a phone recorded")
        )
    item = Markup('<li><svg aria-hidden="true" focusable="false">{}</svg>{}</li>')
    items = Markup("").join(item.format(drawing, words) for drawing, words in meanings)
    return Markup('<ul class="ward-map__legend">{}</ul>').format(items)
