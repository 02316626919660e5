"""The ward map's pieces: steps of colour, words, and markup that can stand in a page."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from webapp.geo.maps import (
    NO_DATA,
    STEPS,
    ZERO,
    MapAssets,
    MapLabels,
    MapParts,
    fill_of,
    step_limits,
    ward_map,
)
from webapp.geo.wards import WardShape

ASSETS = MapAssets(css=("/static/leaflet.css",), js=("/static/leaflet.js", '/static/"x.js'))
WARDS = [
    WardShape("E05000001", "East & West", shapely.box(0.1, 51.0, 0.2, 51.1)),
    WardShape("E05000002", "</script><script>alert(1)</script>", shapely.box(0.0, 51.0, 0.1, 51.1)),
]


def drawn(**others: object) -> MapParts:
    given_here = {
        "points_url": "/map/points.json",
        "attribution": "© <OS>",
        "assets": ASSETS,
        "nonce": "abc",
        **others,
    }
    return ward_map(WARDS, {"E05000001": 1_200, "E05000002": 0}, **given_here)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("most", "limits"),
    [
        (0, ()),
        (1, ((1, 1),)),
        (3, ((1, 1), (2, 2), (3, 3))),
        (4, ((1, 1), (2, 2), (3, 3), (4, 4))),
        (10, ((1, 3), (4, 5), (6, 8), (9, 10))),
        (400, ((1, 100), (101, 200), (201, 300), (301, 400))),
    ],
)
def test_the_colours_go_up_in_even_steps(most: int, limits: tuple[tuple[int, int], ...]) -> None:
    assert step_limits({"E05000001": most, "E05000002": 0}) == limits


def test_without_counts_there_are_no_steps() -> None:
    assert step_limits({}) == ()


@given(st.dictionaries(st.text(max_size=4), st.integers(0, 10_000), max_size=30))
def test_every_count_has_one_colour_and_more_is_never_paler(counts: dict[str, int]) -> None:
    limits = step_limits(counts)
    order = [ZERO, *STEPS]
    shades = [order.index(fill_of(count, limits)) for count in sorted(counts.values())]
    assert shades == sorted(shades)
    assert fill_of(None, limits) == NO_DATA


def test_words_from_people_cannot_end_the_script() -> None:
    script = str(drawn().script)
    assert script.count("</script>") == 3
    assert "alert(1)" in script
    assert "<script>alert" not in script
    assert "\\u003c/script\\u003e" in script


def test_the_attribution_is_shown_as_words() -> None:
    for parts in (drawn(), drawn(tile_url="https://tiles.example.org/{z}/{x}/{y}.png")):
        assert "<OS>" not in str(parts.script)
        assert "lt;OS" in str(parts.script)


def test_addresses_are_escaped_and_every_script_carries_the_nonce() -> None:
    parts = drawn(nonce='a"b')
    assert 'src="/static/&#34;x.js" nonce="a&#34;b"' in parts.script
    assert 'href="/static/leaflet.css"' in parts.head


def test_tiles_come_from_the_address_given_and_without_it_from_nowhere() -> None:
    assert "L.tileLayer" not in drawn().script
    with_tiles = drawn(tile_url="https://tiles.example.org/{z}/{x}/{y}.png").script
    assert '"https://tiles.example.org/{z}/{x}/{y}.png"' in with_tiles
    assert '"maxZoom": 18' in drawn().script


def test_large_counts_are_spoken_with_their_commas_and_the_words_can_be_changed() -> None:
    parts = drawn(labels=MapLabels(one="open audit", many="open audits"))
    assert "1,200 open audits" in parts.script
    assert "0 open audits" in parts.html


def test_the_legend_says_what_is_counted_and_what_a_dot_means() -> None:
    parts = drawn(priority={"E05000001"}, labels=MapLabels(counted="Of the records you may see"))
    assert "Of the records you may see." in parts.html
    assert "priority ward</li>" in parts.html
    assert '"is_priority": true' in parts.script
    assert "priority ward</li>" not in drawn().html


def test_the_pieces_are_markup_so_that_a_template_need_not_trust_them() -> None:
    parts = drawn()
    for piece in (parts.head, parts.html, parts.script):
        assert hasattr(piece, "__html__")


def test_a_map_before_any_boundaries_are_imported_is_still_a_map() -> None:
    parts = ward_map([], {}, points_url="/p", attribution="", assets=ASSETS, nonce="n")
    assert "L.map(" in parts.script
    assert "NaN" not in parts.script
