"""What we keep: columns and named constraints, no verbs. Importing this room registers every table."""

from webapp.models import (
    account,
    action,
    capture,
    enforcement,
    eva,
    event,
    feedback,
    fly_tipping,
    land,
    notice,
    observation,
    pact_area,
    photo,
    record,
    report,
    request,
    ward,
)
from webapp.models.base import Base

__all__ = [
    "Base",
    "account",
    "action",
    "capture",
    "enforcement",
    "eva",
    "event",
    "feedback",
    "fly_tipping",
    "land",
    "notice",
    "observation",
    "pact_area",
    "photo",
    "record",
    "report",
    "request",
    "ward",
]
