"""Plates: sealed under their month's key, opened for the check and the police, and forgotten (field-facts 3.6)."""

import hmac
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.models.speed_reading import SpeedReading
from webapp.services import forgetting, plate_keys
from webapp.services.keys import decrypted, encrypted
from webapp.services.transaction import scrub_log

NOTHING: dict[str, Any] = {"plate": None, "plate_hash": None, "key_month": None}


def sealed(text: str, now: datetime) -> dict[str, Any]:
    """Return the columns of a plate as they are kept: sealed, with a keyed hash, and the month of their key."""
    key = plate_keys.current(now)
    return {
        "plate": encrypted(AESGCM(key.key("plate")), text.encode()),
        "plate_hash": hash_of(text, key),
        "key_month": key.month,
    }


def hash_of(text: str, key: plate_keys.MonthKey) -> str:
    """Return the keyed hash by which the same plate is known again, under one month's key."""
    return hmac.digest(key.key("repeat"), text.encode(), "sha256").hex()


def opened(reading: SpeedReading) -> str | None:
    """Return a row's plate; None where it has none, or its key is destroyed: then it is forgotten, backups or not."""
    if reading.plate is None or reading.key_month is None:
        return None
    key = plate_keys.of(reading.key_month)
    if key is None:
        return None
    return decrypted(AESGCM(key.key("plate")), reading.plate).decode()


def of_session(session: Session, session_id: UUID) -> dict[UUID, str]:
    """Return the plates of a session that are still held, by the id of their vehicle."""
    query = select(SpeedReading).where(SpeedReading.session_id == session_id, SpeedReading.plate.is_not(None))
    found = {row.id: opened(row) for row in session.scalars(query)}
    return {own_id: text for own_id, text in found.items() if text is not None}


def forget(session: Session, reading_ids: Collection[UUID], now: datetime) -> None:
    """Forget plates in the caller's commit: sealed text, hash, and what the ledger held of these rows."""
    # The ledger first: whoever sends a later version holds its capture, and then the row.
    forgetting.forget_content(session, reading_ids)
    rows = update(SpeedReading).where(SpeedReading.id.in_(reading_ids), SpeedReading.plate.is_not(None))
    session.execute(rows.values(**NOTHING, forgotten_at=now))


def scrub_after(forgotten: Collection[UUID]) -> None:
    """Take what was just forgotten out of the database's files too, after the commit, as far as that takes no time.

    The rest waits for the night, sealed, when whole tables are written anew and nobody may write to them meanwhile.
    """
    if forgotten and db.engine.dialect.name == "sqlite":
        scrub_log()
