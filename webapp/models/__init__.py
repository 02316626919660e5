"""What we keep: columns and named constraints, no verbs. Importing this room registers every table."""

from webapp.models import account, capture, event, fly_tipping, notice, photo, record, report, ward
from webapp.models.base import Base

__all__ = [
    "Base",
    "account",
    "capture",
    "event",
    "fly_tipping",
    "notice",
    "photo",
    "record",
    "report",
    "ward",
]
