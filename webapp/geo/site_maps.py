"""The map of speed-watch sites: the wards' outlines, and each site as a shape with its limit, by its state."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import shapely
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

TITLE = "Map of speed-watch sites"
MANY_HERE = "sites here, zoom in"
# Each state has a shape of its own besides its colour, drawn by the same few points on the map and under it.
SHAPES = {
    "approved": '<circle cx="15" cy="15" r="13"></circle>',
    "assessed": '<rect x="3" y="3" width="24" height="24"></rect>',
    "requested": '<path d="M15 1L29 15L15 29L1 15Z"></path>',
    "suspended": '<path d="M15 2L29 27H1Z"></path>',
    "retired": '<path d="M9 2H21L28 9V21L21 28H9L2 21V9Z"></path>',
}
# What was found takes the same drawings: only one of the two is on a map.
SHAPES |= {
    "under_5": SHAPES["approved"],
    "from_5": SHAPES["assessed"],
    "from_10": SHAPES["requested"],
    "from_20": SHAPES["suspended"],
    "not_known": SHAPES["retired"],
}


@dataclass(frozen=True, slots=True)
class SitePoint:
    """A site on the map: its state by its value, what stands in its shape, its words, and the way to its page."""

    latitude: float
    longitude: float
    status: str
    mark: str
    words: str
    href: str


class SitePoints(MacroElement):
    """Draws each site as its shape, clustered while they lie close; each answers to click, tap and Enter."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        (function (map, points, shapes, words) {"""
        + AS_REGION
        + LINKED_POINTS
        + """
            function shape(point) {
                var box = part("site-map__site site-map__site--" + point.status, "");
                // Our own drawing, by a state that is one of ours.
                box.innerHTML = '<svg viewBox="0 0 30 30" focusable="false">' + shapes[point.status] + "</svg>";
                box.append(part("site-map__mark", point.mark));
                return box;
            }
            var clusters = L.markerClusterGroup({
                animate: false, showCoverageOnHover: false, maxClusterRadius: 30,
                iconCreateFunction: function (cluster) {
                    var number = cluster.getChildCount();
                    var said = number + " " + words.many_here;
                    return icon("ward-map__cluster", part("ward-map__number", number), said);
                }
            });
            points.forEach(function (point) {
                clusters.addLayer(linked(point, shape(point), point.words));
            });
            map.addLayer(clusters);
        })({{ this._parent.get_name() }}, {{ this.points }}, {{ this.shapes|tojson }}, {{ this.words|tojson }});
        {% endmacro %}
    """
    )

    def __init__(self, points: Sequence[SitePoint], attribution: str) -> None:
        """Take the sites, and the attribution as safe HTML where no tiles carry it."""
        super().__init__()
        self._name = "SitePoints"
        self.points = plain_json([asdict(point) for point in points])
        self.shapes = SHAPES
        self.words = {"title": TITLE, "many_here": MANY_HERE}
        self.attribution = attribution


def site_map(
    wards: Sequence[WardShape],
    points: Sequence[SitePoint],
    *,
    labels: Mapping[str, str],
    mark_words: str,
    attribution: str,
    assets: MapAssets,
    nonce: str,
    tile_url: str | None = None,
) -> MapParts:
    """Return the map of sites on the outlines of the wards.

    `labels` are the words of the shapes that are drawn, `mark_words` of what stands in them.
    """
    whole = shapely.total_bounds([ward.geometry for ward in wards]) if wards else GREAT_BRITAIN
    west, south, east, north = (float(edge) for edge in whole)
    chart = empty_map(((south + north) / 2, (west + east) / 2), attribution, assets, tile_url)
    add_outlines(chart, wards, 1, tile_url)
    chart.fit_bounds([[south, west], [north, east]], padding_top_left=(8, 8), padding_bottom_right=(8, 76))
    chart.add_child(SitePoints(points, "" if tile_url else str(escape(attribution))))
    return pieces(chart, _legend(points, labels, mark_words), nonce)


def _legend(points: Sequence[SitePoint], labels: Mapping[str, str], mark_words: str) -> Markup:
    drawn = {point.status for point in points}
    item = Markup(
        '<li><svg class="site-map__key site-map__site--{}" viewBox="0 0 30 30" aria-hidden="true" focusable="false">'
        "{}</svg>{}</li>"
    )
    items = Markup("").join(
        # Our own drawings, written in this file.
        item.format(status, Markup(SHAPES[status]), label)  # noqa: S704
        for status, label in labels.items()
        if status in drawn
    )
    return Markup('<p class="ward-map__counted">{}</p><ul class="ward-map__legend">{}</ul>').format(
        mark_words, items
    )
