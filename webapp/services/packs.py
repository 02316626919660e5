"""Packs: what a kind needs on a phone without a connection, each with its version and until when it is good."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from webapp.extensions import clock
from webapp.rules.roles import Person
from webapp.services import wards
from webapp.services.kinds import Captured
from webapp.services.seal import canonical

GOOD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Pack:
    """The content of a pack; `version` changes with it."""

    content: dict[str, Any]
    version: str
    expires_at: datetime


def of(kind: Captured, person: Person) -> Pack:
    """Return what somebody needs to capture this kind without a connection.

    Every kind has a place, so `wards` is in all packs: GeoJSON, longitude first (WGS 84).
    """
    content = {"wards": json.loads(wards.in_use().outlines)} | kind.pack(person)
    version = hashlib.sha256(canonical(content)).hexdigest()[:16]
    return Pack(content, version, clock.now() + GOOD_FOR)
