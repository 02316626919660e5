"""What staff should know of how a record arrived: flags, a device's wrong clock, photos still on a phone, a clash."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.capture import Capture, CaptureRevision
from webapp.models.record import Record
from webapp.rules.captures import CLOCK_MAY_BE_OFF, FLAGS
from webapp.services import ledger

CLASH = "It was sent with different answers too, and nobody has chosen between them yet."


def of(record: Record) -> list[str]:
    """Return the sentences about how a record arrived; none for most of them."""
    query = (
        select(CaptureRevision).where(CaptureRevision.capture_id == record.id).order_by(CaptureRevision.id)
    )
    revisions = db.session.scalars(query).all()
    flagged = {flag for revision in revisions for flag in (revision.flags or "").split()}
    said = [f"{words}." for flag, words in FLAGS.items() if flag in flagged and flag != "clock"]
    clock = _clock_words(record.clock_offset_s)
    clash = [CLASH] if any(revision.is_open_clash for revision in revisions) else []
    return [*clock, *said, *_awaited_words(record.id), *clash]


def _clock_words(offset_s: float | None) -> list[str]:
    offset = timedelta(seconds=offset_s or 0)
    if abs(offset) <= CLOCK_MAY_BE_OFF:
        return []
    minutes = round(abs(offset).total_seconds() / 60)
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{rest} min" if rest else ""]
    way = "ahead" if offset > timedelta(0) else "behind"
    return [
        f"The device’s clock was {' '.join(part for part in parts if part)} {way}: times that it gave are off by that."
    ]


def _awaited_words(record_id: UUID) -> list[str]:
    capture = db.session.get_one(Capture, record_id)
    count = len(ledger.missing(db.session, record_id, ledger.newest_content(db.session, capture)))
    if not count:
        return []
    return [f"{count} {'photo is' if count == 1 else 'photos are'} still on the device that took them."]
