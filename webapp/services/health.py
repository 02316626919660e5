"""Whether this installation can do its job: the database answers and photos can be kept."""

import logging
from uuid import uuid4

from sqlalchemy import text

from webapp.extensions import db
from webapp.services import media

log = logging.getLogger(__name__)


def is_well() -> bool:
    """Return whether the database answers and a file can be written where photos are kept; the log tells what can't."""
    well = True
    for name, look in (("database", _database_answers), ("storage", _storage_takes)):
        try:
            look()
        except Exception:  # Whatever it is, the answer is the same: not well.
            log.exception("not_well", extra={"part": name})
            well = False
    return well


def _database_answers() -> None:
    db.session.execute(text("SELECT 1"))
    db.session.rollback()


def _storage_takes() -> None:
    storage = media.storage()
    path = storage.path("health", uuid4().hex)
    storage.write(path, [b"well"])
    storage.delete(path)
