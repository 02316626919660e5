"""What tests send of an audit: the walk and what was observed, as a phone sends them."""

from typing import Any

from tests.phone import Shot

ST_MARYS = {"latitude": "51.39854", "longitude": "0.16356"}
ST_MARYS_WARD = "E05005031"


def lists(answers: dict[str, Any]) -> dict[str, list[str]]:
    left = {name: value for name, value in answers.items() if value is not None}
    return {name: value if isinstance(value, list) else [value] for name, value in left.items()}


def walk(**changes: Any) -> dict[str, Any]:
    """Return an audit that has begun, with a resident and a shopkeeper; a change to None leaves an answer out."""
    answers = {
        "ward_code": ST_MARYS_WARD,
        "reason": "priority_ward",
        "title": "St Mary’s estate",
        "held_on-day": "22",
        "held_on-month": "11",
        "held_on-year": "2026",
        "began_at": "10:30",
        "safety": ["risk_assessed", "hi_vis"],
        "people-type": ["resident", "business"],
        "people-name": ["Rosa", "shopkeeper"],
        "people-organisation": ["", "Corner shop"],
        "people-presence": ["came", "came"],
        **changes,
    }
    return as_sent("eva", lists(answers))


def observation(parent: str, *shots: Shot, **changes: Any) -> dict[str, Any]:
    """Return one observation of an audit; a change to None leaves an answer out."""
    answers = {
        **ST_MARYS,
        "location_source": "gps",
        "accuracy_m": "6",
        "number": "1",
        "category": "litter",
        "grade": "C",
        "place_text": "Garage wall",
        **changes,
    }
    return {
        **as_sent("observation", lists(answers)),
        "parent": parent,
        "photos": [one.promise() for one in shots],
    }


def as_sent(kind: str, answers: dict[str, list[str]]) -> dict[str, Any]:
    """Return the first version of a capture as a phone sends it."""
    return {
        "kind": kind,
        "form_version": 1,
        "rev": 1,
        "base_rev": None,
        "captured_at": "2026-11-22T11:58:00.000Z",
        "sent_at": "2026-11-22T12:00:00Z",
        "answers": answers,
        "photos": [],
        "parent": None,
    }
