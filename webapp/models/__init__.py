"""What we keep: columns and named constraints, no verbs. Importing this room registers every table."""

from webapp.models import (
    account,
    capture,
    enforcement,
    event,
    feedback,
    fly_tipping,
    land,
    notice,
    photo,
    record,
    report,
    ward,
)
from webapp.models.base import Base

__all__ = [
    "Base",
    "account",
    "capture",
    "enforcement",
    "event",
    "feedback",
    "fly_tipping",
    "land",
    "notice",
    "photo",
    "record",
    "report",
    "ward",
]
