"""DVLA's Vehicle Enquiry Service: a plate's make and colour, and nothing else of what it answers is read or kept.

The plate goes in the body of the request alone: addresses end up in logs.
"""

import json
import time
from dataclasses import dataclass

import requests
from flask import current_app

CONNECT_S, READ_S = 3.05, 5
# The documented answer has a few hundred bytes.
MOST_BYTES = 64 * 1024
NOT_REACHED = "DVLA could not be reached."
NO_ANSWER = "DVLA gave no answer that can be read."
REFUSED_KEY = "DVLA does not accept our key. Whoever looks after Wardbook can set another one."
TOO_MANY = "DVLA takes no more questions for now."
OUT_OF_ORDER = "DVLA’s service is out of order."
SAID = {401: REFUSED_KEY, 403: REFUSED_KEY, 429: TOO_MANY}


class DvlaLater(Exception):
    """There is no answer now, and trying again later may give one; the words hold no plate."""


class DvlaNotUnderstood(Exception):
    """DVLA cannot read this one plate; others may still be asked about."""


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What DVLA has of a vehicle, in its own words; empty where it says nothing."""

    make: str
    colour: str


def is_set() -> bool:
    """Return whether there is a key, so that make and colour can be compared."""
    return bool(current_app.config["DVLA_API_KEY"])


def ask(plate: str) -> Vehicle | None:
    """Return the make and colour that DVLA has for a normalised plate, None where it knows no such vehicle.

    Raises DvlaLater, and DvlaNotUnderstood.
    """
    try:
        with requests.post(
            current_app.config["DVLA_URL"],
            json={"registrationNumber": plate},
            headers={"x-api-key": current_app.config["DVLA_API_KEY"], "Accept": "application/json"},
            timeout=(CONNECT_S, READ_S),
            # Nobody else may hear of the plate, whatever an answer says.
            allow_redirects=False,
            stream=True,
        ) as answer:
            return _read(answer)
    except requests.RequestException:
        raise DvlaLater(NOT_REACHED) from None


def _read(answer: requests.Response) -> Vehicle | None:
    if answer.status_code == 404:
        return None
    if answer.status_code == 400:
        raise DvlaNotUnderstood
    if answer.status_code != 200:
        raise DvlaLater(SAID.get(answer.status_code, OUT_OF_ORDER))
    try:
        said = json.loads(_body(answer))
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise DvlaLater(NO_ANSWER)
    return Vehicle(_text(said.get("make")), _text(said.get("colour")))


def _body(answer: requests.Response) -> bytes:
    """Return what was answered, empty where that is far more than it should be or does not come to its end."""
    body, until = b"", time.monotonic() + READ_S
    for piece in answer.iter_content(MOST_BYTES):
        body += piece
        if len(body) > MOST_BYTES or time.monotonic() > until:
            return b""
    return body


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
