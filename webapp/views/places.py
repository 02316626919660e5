"""Where is that? A point's ward and grid reference, from coordinates, a postcode or a grid reference."""

import math

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from webapp.rules.errors import Refused
from webapp.rules.roles import Permission
from webapp.services import places
from webapp.views import limits
from webapp.views.access import permission

pages = Blueprint("places", __name__)


@pages.get("/places")
@permission(Permission.ANYONE)
@limits.look_ups
def look_up() -> ResponseReturnValue:
    """What is known of a place, or 422 with a sentence when it cannot be understood."""
    try:
        answer = _answer()
    except Refused as refused:
        return jsonify(message=str(refused)), 422
    return jsonify(
        latitude=answer.latitude,
        longitude=answer.longitude,
        accuracy_m=answer.accuracy_m,
        grid_reference=answer.grid_reference,
        ward=answer.ward,
        ward_code=answer.ward_code,
        message=answer.message,
    )


def _answer() -> places.Answer:
    for name, find in (("postcode", places.from_postcode), ("grid_reference", places.from_grid)):
        if text := request.args.get(name, "").strip():
            place = find(text[:60])
            return places.describe(place.latitude, place.longitude, place.accuracy_m)
    latitude = request.args.get("latitude", math.nan, type=float)
    longitude = request.args.get("longitude", math.nan, type=float)
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise Refused({"place": "Give a latitude and a longitude, a postcode or a grid reference."})
    accuracy = request.args.get("accuracy_m", type=float)
    is_known = accuracy is not None and math.isfinite(accuracy) and accuracy >= 0
    return places.describe(round(latitude, 6), round(longitude, 6), accuracy if is_known else None)
