"""What templates can say of speed-watch sites, schemes and PACT concerns: labels, and what history calls columns."""

from typing import Any

from webapp.rules.codes import speed_watch as codes

# What changed, where history names a column.
SITE_COLUMNS = {
    "limit_mph": "limit",
    "max_crew": "largest crew",
    "assessment_reference": "reference",
    "assessed_on": "day of the assessment",
    "review_due_on": "review due",
    "approved_on": "day of approval",
    "latitude": "point",
    "longitude": "point",
    "accuracy_m": "accuracy",
    "location_source": "how the point was given",
    "place_text": "words about the place",
    "ward_code": "ward",
}
VOLUNTEER_COLUMNS = {
    "user_id": "account",
    "is_over_18": "18 or over",
    "is_insured": "insured",
    "is_active": "active",
    "trained_on": "trained on",
    "training_type": "type of training",
    "refresher_due_on": "refresher due",
    "left_on": "left on",
}


def site_columns(names: list[str]) -> list[str]:
    """Return what history calls the columns of a site, each once."""
    return list(dict.fromkeys(SITE_COLUMNS.get(name, name) for name in names))


def volunteer_column(name: str) -> str:
    """Return what history calls a column of a volunteer."""
    return VOLUNTEER_COLUMNS.get(name, name)


GLOBALS: dict[str, Any] = {
    "site_status": codes.SITE_STATUSES.label,
    "direction_label": codes.DIRECTIONS.label,
    "training_label": codes.TRAINING_TYPES.label,
    "device_label": codes.DEVICE_TYPES.label,
    "site_columns": site_columns,
    "volunteer_column": volunteer_column,
}
