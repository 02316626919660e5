"""What was forgotten when its time had come: a report of each run, with counts and nothing of what it was."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment


class RetentionRun(Base):
    """One run. `found` counts what was forgotten, by why; `months` names the months whose keys were destroyed.

    `is_scrubbed` is False while the database's files may still hold what was deleted: then it is gone on with, and
    `ran_at` is when that was tried last.
    """

    __tablename__ = "retention_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    ran_at: Mapped[datetime] = mapped_column(Moment)
    ran_on: Mapped[date] = mapped_column(index=True)
    found: Mapped[dict[str, Any]] = mapped_column(JSON)
    months: Mapped[list[str]] = mapped_column(JSON)
    is_scrubbed: Mapped[bool]
