"""What the demo's audits would have been typed as, so that its walks and observations can be changed at a desk."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

TIMES = ("starts_at", "began_at", "ended_at")
ROWS = ("people", "transects", "feelings", "crew")


def typed(answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return a form's answers as its fields would have sent them: a list of words to a field, nothing empty."""
    sent: dict[str, list[str]] = {}
    for name, value in answers.items():
        sent |= _FIELDS.get(name, _plain)(name, value)
    return sent


def _plain(name: str, value: Any) -> dict[str, list[str]]:
    if not value:
        return {}
    return {name: list(value) if isinstance(value, list) else ["y" if value is True else str(value)]}


def _place(_: str, place: Mapping[str, Any]) -> dict[str, list[str]]:
    fields = {
        "location_source": place["source"],
        "latitude": place["latitude"],
        "longitude": place["longitude"],
        "accuracy_m": place["accuracy_m"],
        "place_text": place["words"],
    }
    return {name: [str(value)] for name, value in fields.items() if value not in (None, "")}


def _day(name: str, value: str) -> dict[str, list[str]]:
    day = date.fromisoformat(value)
    return {f"{name}-day": [str(day.day)], f"{name}-month": [str(day.month)], f"{name}-year": [str(day.year)]}


def _time(name: str, value: str | None) -> dict[str, list[str]]:
    return {name: [value[: len("10:30")]]} if value else {}


def _rows(name: str, rows: list[Mapping[str, Any]]) -> dict[str, list[str]]:
    columns = dict.fromkeys(column for row in rows for column in row)
    return {f"{name}-{column}": [row.get(column) or "" for row in rows] for column in columns}


def _prompts(name: str, given: Mapping[str, Mapping[str, str | None]]) -> dict[str, list[str]]:
    answers = {f"{name}-{prompt}": [one["answer"] or ""] for prompt, one in given.items()}
    return answers | {
        f"{name}-{prompt}_note": [one["note"] or ""] for prompt, one in given.items() if one["note"]
    }


_FIELDS: dict[str, Callable[[str, Any], dict[str, list[str]]]] = {
    "place": _place,
    "held_on": _day,
    "prompts": _prompts,
    **dict.fromkeys(TIMES, _time),
    **dict.fromkeys(ROWS, _rows),
}
