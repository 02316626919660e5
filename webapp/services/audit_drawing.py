"""An audit drawn: what was seen as numbers on the map of its ward, with the route and the track."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import current_app

from webapp.services import eva as evas
from webapp.services import observation as observations
from webapp.services import wards
from webapp.services.audits import Audit

if TYPE_CHECKING:
    from webapp.geo.maps import MapParts


def drawn(audit: Audit, *, styles: Sequence[str], scripts: Sequence[str], nonce: str) -> "MapParts":
    """Return the map of an audit; what has no point stands in the list beside it only."""
    # What draws maps takes 55 MB, which the worker and whatever web process draws none need not hold.
    from webapp.geo import audit_maps, maps

    ward_set, eva = wards.in_use(), audit.eva
    return audit_maps.audit_map(
        next((shape for shape in ward_set.shapes if shape.code == eva.ward_code), None),
        [
            audit_maps.SeenPoint(
                one.number,
                one.latitude,
                one.longitude,
                observations.what(one),
                f"#observation-{one.number}",
                one.is_urgent,
            )
            for one in audit.observations
            if one.latitude is not None and one.longitude is not None
        ],
        route=evas.points_of(eva.route_points),
        track=evas.points_of(eva.track),
        attribution=" ".join(filter(None, (current_app.config["TILE_ATTRIBUTION"], ward_set.attribution))),
        assets=maps.MapAssets(css=tuple(styles), js=tuple(scripts)),
        nonce=nonce,
        tile_url=current_app.config["TILE_URL"] or None,
    )
