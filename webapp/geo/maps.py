"""The ward map: Folium, from our own static files only, in pieces that fit a page with a strict policy."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import folium
import shapely
from branca.element import Figure
from folium.features import GeoJson
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from webapp.geo.frames import ward_frame
from webapp.geo.map_layers import FetchedPoints, WardWords
from webapp.geo.outlines import outline_path, rounded, wards_geojson
from webapp.geo.wards import WardShape

__all__ = [
    "MapAssets",
    "MapLabels",
    "MapParts",
    "add_outlines",
    "empty_map",
    "fill_of",
    "outline_path",
    "pieces",
    "plain_json",
    "step_limits",
    "ward_map",
    "wards_geojson",
]

MAP_CSS = (Path(__file__).parent / "data" / "map.css").read_text(encoding="utf-8")
WARD_PAGE = "/wards/{code}"

STEPS = ("#c4d4ce", "#88a99c", "#4d7e6b", "#12533a")
"""One green, a quarter stronger each time. Colour only helps: the count is printed on the ward."""

ZERO = "#ffffff"
NO_DATA = "url(#ward-map-no-data)"
EDGE = "#0b0c0c"

HATCHING = Markup(
    '<svg class="ward-map__defs" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
    '<pattern id="ward-map-no-data" width="8" height="8" patternUnits="userSpaceOnUse">'
    '<rect width="8" height="8" fill="#ffffff"></rect>'
    '<path d="M0 8L8 0" stroke="#505a5f" stroke-width="1.5"></path></pattern></defs></svg>'
)

PRIORITY_KEY = Markup(
    '<li><svg aria-hidden="true" focusable="false"><circle cx="14" cy="10" r="6"></circle></svg>{}</li>'
)

GREAT_BRITAIN = (-6.4, 49.9, 1.8, 58.7)
"""What the map shows before any boundaries are imported: west, south, east, north."""

JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
MAX_ZOOM = 18
DECIMALS = 5


@dataclass(frozen=True)
class MapAssets:
    """The addresses of our own copies of Leaflet and its clusters, in the order of loading."""

    css: tuple[str, ...]
    js: tuple[str, ...]


@dataclass(frozen=True)
class MapLabels:
    """The words on the map, for whatever it counts."""

    title: str = "Map of open records by ward"
    counted: str = "The number on a ward: its open records"
    one: str = "open record"
    many: str = "open records"
    no_data: str = "no data"
    priority: str = "priority ward"
    many_here: str = "reports here, zoom in"
    zoom_in: str = "Zoom in to see each report."
    points_failed: str = "The single reports could not be loaded. The table has the same figures."


@dataclass(frozen=True)
class MapParts:
    """Three pieces of markup: for the page's head, for where the map stands, and for the end of the body."""

    head: Markup
    html: Markup
    script: Markup


def ward_map(
    wards: Sequence[WardShape],
    counts: Mapping[str, int],
    *,
    points_url: str,
    attribution: str,
    assets: MapAssets,
    nonce: str,
    tile_url: str | None = None,
    labels: MapLabels | None = None,
    priority: Collection[str] = (),
) -> MapParts:
    """Return the map of counts per ward, each ward with its number and a link to its page.

    A ward that `counts` leaves out is hatched, "no data"; give 0 where 0 was counted. `points_url` answers
    `{"points": [[latitude, longitude, "/address", "words"], …]}` and is asked when somebody zooms in. The
    wards of `priority` carry a dot. Every script and style carries `nonce`; there are no inline styles.
    """
    words = labels or MapLabels()
    whole = shapely.total_bounds([ward.geometry for ward in wards]) if wards else GREAT_BRITAIN
    west, south, east, north = (float(edge) for edge in whole)
    chart = empty_map(((south + north) / 2, (west + east) / 2), attribution, assets, tile_url)
    limits = step_limits(counts)
    layer: GeoJson = GeoJson(
        _features(wards, counts, words, priority),
        style_function=lambda feature: {
            "color": EDGE,
            "weight": 1.5,
            "fillColor": fill_of(feature["properties"]["count"], limits),
            "fillOpacity": 0.6 if tile_url else 1,
        },
    )
    layer.add_to(chart)
    # The attribution stands on the map's lower edge: up to three lines of it on a phone.
    chart.fit_bounds([[south, west], [north, east]], padding_top_left=(8, 8), padding_bottom_right=(8, 76))
    spoken = asdict(words)
    chart.add_child(WardWords(layer, spoken, "" if tile_url else str(escape(attribution))))
    chart.add_child(FetchedPoints(points_url, spoken))
    hint = Markup('<p class="ward-map__hint govuk-hint">{}</p><p role="status" data-ward-map-status></p>')
    return pieces(
        chart, HATCHING + _legend(limits, words, bool(priority)) + hint.format(words.zoom_in), nonce
    )


def step_limits(counts: Mapping[str, int]) -> tuple[tuple[int, int], ...]:
    """Return the lowest and highest count of each colour: up to four even steps, the last the largest.

    >>> step_limits({"a": 0, "b": 10})
    ((1, 3), (4, 5), (6, 8), (9, 10))
    >>> step_limits({"a": 2})
    ((1, 1), (2, 2))
    """
    most = max(counts.values(), default=0)
    number = min(len(STEPS), most)
    tops = [-(-most * step // number) for step in range(1, number + 1)]
    return tuple((low + 1, high) for low, high in zip([0, *tops], tops, strict=False))


def fill_of(count: int | None, limits: Sequence[tuple[int, int]]) -> str:
    """Return how a ward with this count is filled; the largest counts have the strongest green."""
    if count is None:
        return NO_DATA
    if count == 0:
        return ZERO
    step = next(number for number, (low, high) in enumerate(limits) if low <= count <= high)
    return STEPS[len(STEPS) - len(limits) + step]


def _tiles(tile_url: str | None, attribution: str) -> folium.TileLayer | None:
    if tile_url is None:
        return None
    # Leaflet shows an attribution as HTML.
    return folium.TileLayer(tiles=tile_url, attr=str(escape(attribution)), max_zoom=MAX_ZOOM)


def _features(
    wards: Sequence[WardShape], counts: Mapping[str, int], words: MapLabels, priority: Collection[str]
) -> dict[str, Any]:
    """Return the wards as GeoJSON with everything the script needs to speak about them."""
    frame = ward_frame(wards, counts).set_geometry(
        [rounded(ward.geometry, DECIMALS) for ward in wards], crs="EPSG:4326"
    )
    # The middle of the widest spot, where a number has most room around it.
    circles = [shapely.maximum_inscribed_circle(ward.geometry, 0.002) for ward in wards]
    middles = [shapely.get_point(circle, 0) for circle in circles]
    collection = frame.to_geo_dict(drop_id=True)
    for feature, middle in zip(collection["features"], middles, strict=True):
        properties = feature["properties"]
        count = counts.get(properties["code"])
        properties.update(
            count=count,
            said=words.no_data if count is None else f"{count:,} {words.one if count == 1 else words.many}",
            is_priority=properties["code"] in priority,
            href=WARD_PAGE.format(code=properties["code"]),
            middle=[round(middle.y, DECIMALS), round(middle.x, DECIMALS)],
        )
    return collection


def empty_map(
    centre: tuple[float, float], attribution: str, assets: MapAssets, tile_url: str | None
) -> folium.Map:
    """Return a map with nothing on it but tiles, where there are any, that loads our own copies of Leaflet."""
    chart = folium.Map(
        location=centre,
        tiles=_tiles(tile_url, attribution),
        max_zoom=MAX_ZOOM,
        # Without tiles Leaflet takes no largest zoom from anywhere, and the clusters need one.
        maxZoom=MAX_ZOOM,
        zoom_snap=1 if tile_url else 0.25,
        scroll_wheel_zoom=False,
        zoom_animation=False,
        fade_animation=False,
    )
    chart.default_js = [(f"script{number}", url) for number, url in enumerate(assets.js)]
    chart.default_css = [(f"style{number}", url) for number, url in enumerate(assets.css)]
    return chart


def add_outlines(chart: folium.Map, wards: Sequence[WardShape], weight: int, tile_url: str | None) -> None:
    """Draw the outlines of wards that answer to nothing, over the tiles, or white where there are none."""
    if not wards:
        return
    # A ward has some hundred corners more than a map can show.
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": shapely.geometry.mapping(rounded(ward.geometry, DECIMALS)),
        }
        for ward in wards
    ]
    look = {"color": EDGE, "weight": weight, "fillOpacity": 1}
    look["fillColor"] = "transparent" if tile_url else "#ffffff"
    collection = {"type": "FeatureCollection", "features": features}
    GeoJson(collection, style_function=lambda _: look, interactive=False).add_to(chart)


def plain_json(value: Any) -> str:
    r"""Return JSON with people's words for a script on a map.

    Branca takes a script that was rendered for a template once more, so that no word may begin an expression.

    >>> plain_json({"words": "{{ 7 * 7 }}"})
    '{"words": "\\u007b\\u007b 7 * 7 }}"}'
    """
    return JSON_STRING.sub(lambda said: said[0].replace("{", r"\u007b"), str(htmlsafe_json_dumps(value)))


def pieces(chart: folium.Map, below: Markup, nonce: str) -> MapParts:
    """Render the pieces apart: Folium's own page styles the whole window and its script has no nonce.

    `below` stands under the map: what its colours mean, and a hint.
    """
    figure = Figure()
    figure.add_child(chart)
    figure.render()
    links = (Markup('<link rel="stylesheet" href="{}">').format(url) for _, url in chart.default_css)
    scripts = (
        Markup('<script src="{}" nonce="{}"></script>').format(url, nonce) for _, url in chart.default_js
    )
    return MapParts(
        head=Markup("").join(links) + Markup('<style nonce="{}">{}</style>').format(nonce, _trusted(MAP_CSS)),
        html=_trusted(figure.html.render()) + below,
        script=Markup("").join(scripts)
        + Markup('<script nonce="{}">{}</script>').format(nonce, _trusted(figure.script.render())),
    )


def _trusted(rendered: str) -> Markup:
    """Return what our own files or Folium's templates rendered; those write data as JSON with `<` escaped."""
    return Markup(rendered)  # noqa: S704  (words of a person stand in it as `plain_json` only)


def _legend(limits: Sequence[tuple[int, int]], words: MapLabels, has_priority: bool) -> Markup:
    meanings = [(NO_DATA, words.no_data), (ZERO, f"0 {words.many}")]
    meanings += [
        (fill_of(low, limits), str(low) if low == high else f"{low} to {high}") for low, high in limits
    ]
    swatch = Markup(
        '<li><svg aria-hidden="true" focusable="false"><rect width="28" height="20" fill="{}"></rect></svg>'
        "{}</li>"
    )
    items = Markup("").join(swatch.format(fill, meaning) for fill, meaning in meanings)
    if has_priority:
        items += PRIORITY_KEY.format(words.priority)
    return Markup('<p class="ward-map__counted">{}.</p><ul class="ward-map__legend">{}</ul>').format(
        words.counted, items
    )
