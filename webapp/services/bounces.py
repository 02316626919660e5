"""Messages that came back: read from what the mail server tells (RFC 3464), or noted by an officer who saw it."""

import email
import logging
import re
from collections.abc import Iterator
from email.message import Message
from uuid import UUID

from webapp.extensions import db
from webapp.models.notice import Notice
from webapp.models.report import Report
from webapp.rules.errors import NotFound
from webapp.rules.roles import Permission, Person
from webapp.services import notices, records

# RFC 3464, and RFC 6533 for addresses of other letters.
STATUSES = ("message/delivery-status", "message/global-delivery-status")
RETURNED = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
FAILED_FOR_GOOD = re.compile(r"^action:[ \t]*failed\b", re.IGNORECASE | re.MULTILINE)
OUR_ID = re.compile(
    r"^message-id:\s*<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@", re.IGNORECASE | re.MULTILINE
)

log = logging.getLogger(__name__)


def read(message: bytes) -> bool:
    """Note the message of ours that a delivery status notification returns for good; return whether there was one.

    Anybody may send anything here: what is delayed or delivered, not ours, or no such notification changes nothing.
    """
    notice_id = returned_id(message)
    if notice_id is None or not notices.came_back(notice_id):
        return False
    log.warning("notice_bounced", extra={"notice": str(notice_id)})
    return True


def returned_id(message: bytes) -> UUID | None:
    """Return which message of ours a notification says has failed for good, None for anything else."""
    try:
        parts = list(email.message_from_bytes(message).walk())
        if not any(FAILED_FOR_GOOD.search(text) for text in _texts(parts, STATUSES)):
            return None
        found = (OUR_ID.search(_headers(text)) for text in _texts(parts, RETURNED))
        return next((UUID(match[1]) for match in found if match), None)
    except Exception:
        # Python's reader gives up on some rubbish in ways of its own, and rubbish is no message of ours.
        log.info("bounce_not_read", exc_info=True)
        return None


def _texts(parts: list[Message], types: tuple[str, ...]) -> Iterator[str]:
    for part in parts:
        if part.get_content_type() in types:
            yield _text(part)


def _text(part: Message) -> str:
    """Return what a part holds, with lines that end alike."""
    inner = part.get_payload()
    if isinstance(inner, list):
        text = "\n".join(str(block) for block in inner)
    else:
        text = (part.get_payload(decode=True) or b"").decode("utf-8", "replace")  # type: ignore[union-attr]
    return text.replace("\r\n", "\n")


def _headers(text: str) -> str:
    return text.partition("\n\n")[0]


def note(reference: str, notice_id: UUID, person: Person) -> None:
    """Note that an officer saw a message come back. Raises NotFound when there is no such one that was accepted."""
    if not person.may(Permission.SEE_CONTACTS):
        raise NotFound
    record = records.find(reference, person)
    notice = db.session.get(Notice, notice_id)
    report = db.session.get(Report, notice.report_id) if notice and notice.report_id else None
    about = {one.id for one in records.everything(record).reports}
    if report is None or report.id not in about:
        raise NotFound
    notices.came_back(notice_id)
