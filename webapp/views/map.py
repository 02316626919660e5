"""The ward map of open records for staff, with the same figures as a table beside it."""

from collections.abc import Callable
from typing import cast

from flask import Blueprint, current_app, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.rules.roles import Permission, Scope
from webapp.services import records, wards
from webapp.views.access import asking, permission

STYLES = ("vendor/leaflet.css", "vendor/leaflet.markercluster.css")
SCRIPTS = ("vendor/leaflet.js", "vendor/leaflet.markercluster.js")

pages = Blueprint("map", __name__, url_prefix="/map")


@pages.get("")
@permission(Permission.SEE_MAP)
def show() -> ResponseReturnValue:
    """The wards coloured by open records, and the table of the same counts."""
    person = asking()
    counts, is_part = records.open_counts(person), person.scope is not Scope.ALL
    asset = current_app.extensions["assets"]
    drawn = wards.drawn_map(
        counts,
        points_url=url_for("map.points"),
        styles=[asset(name) for name in STYLES],
        scripts=[asset(name) for name in SCRIPTS],
        nonce=cast(Callable[[], str], current_app.jinja_env.globals["csp_nonce"])(),
        is_part=is_part,
    )
    return render_template(
        "map/show.html",
        ward_set=wards.in_use(),
        counts=counts,
        drawn=drawn,
        is_part=is_part,
        priority=wards.priority_codes(),
    )


@pages.get("/points.json")
@permission(Permission.SEE_MAP)
def points() -> ResponseReturnValue:
    """The open records as points, for the clusters of the map."""
    found = records.open_points(asking())
    return jsonify(
        points=[
            [latitude, longitude, url_for("records.show", reference=reference), reference]
            for latitude, longitude, reference, _ in found
        ]
    )
