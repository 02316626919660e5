"""What the worker does, by name. Each does what the tables say is owed, and returns whether more is waiting."""

import logging
from collections.abc import Callable

from flask import current_app

from webapp.extensions import jobs
from webapp.services import (
    account_mail,
    drafts,
    notices,
    paper_work,
    photo_work,
    plate_retention,
    sessions,
    telling,
    waiting,
)

WORKS: dict[str, Callable[[], bool]] = {
    "notices": notices.send_due,
    "calls": telling.drop_settled,
    "reminders": notices.owe_reminders,
    "account_mail": account_mail.send_due,
    "sessions": sessions.tidy,
    "photos": photo_work.decode_waiting,
    "papers": paper_work.make_waiting,
    "staging": photo_work.drop_stale,
    "children": waiting.settle_children,
    "drafts": drafts.tidy,
    "retention": plate_retention.run_nightly,
}

log = logging.getLogger(__name__)


def soon(*names: str) -> None:
    """Ask the worker to look at these now; call it after the commit. It is a favour: no failure of it is told."""
    for name in names:
        try:
            jobs.nudge(current_app._get_current_object(), name)  # type: ignore[attr-defined]
        except Exception:
            # What is owed stands in the tables, and the worker looks there every minute.
            log.warning("not_nudged", exc_info=True, extra={"job": name})
