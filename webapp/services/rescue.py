"""Rescue: what a phone could not send is brought in from the file that it saved, as often as anybody likes."""

import base64
import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from uuid import UUID

from sqlalchemy import select

from webapp.extensions import clock, db
from webapp.forms.envelope import (
    CaptureEnvelope,
    ExportedCapture,
    ExportedFile,
    NotTheShape,
    read_json,
    shaped,
)
from webapp.models.account import User
from webapp.models.capture import CaptureRevision
from webapp.models.event import Event
from webapp.models.record import Record
from webapp.rules.captures import CAPTURE_BYTES
from webapp.rules.errors import Clash, Gone, NotFound, Refused
from webapp.rules.photos import PhotoRefused
from webapp.rules.roles import ANYBODY, Permission, Person
from webapp.services import arrivals, captures, reading, receipts
from webapp.services.seal import canonical
from webapp.services.transaction import one_commit

NO_FILE = "Choose the file that Wardbook saved on the device. Its name begins with wardbook-outbox."
OTHERS = "There is something else under its number, so nothing was changed."
TAKEN_BACK = "Its sender took it back, so it is not brought in."
CLASHES = "It was also sent with other words. Both are kept until somebody chooses."
DAMAGED = "The photo in the file is damaged."
WHOSE = "The file does not say whose it is, so nobody could follow it. Send it from the device itself."
FOR_WHO_CHECKS = (
    "It may hold a registration, so that an officer brings it in. Give the file to one, and delete it here."
)
TOO_LARGE = "It holds more words than a report may have."
FAULT = "It could not be brought in, by a fault of ours. It is still on the device: tell whoever looks after Wardbook."
TITLE_LETTERS = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one capture of a file: a reference, or a sentence that says why there is none yet."""

    title: str
    reference: str | None
    is_new: bool
    sentence: str


def bring_in(content: bytes, officer: Person) -> list[Brought]:
    """Keep everything that a saved outbox holds, each by itself. Doing it again changes nothing.

    Raises NotFound for who may not, Refused when it is no such file, Full when there is no room.
    """
    if not officer.may(Permission.RESCUE):
        raise NotFound
    try:
        file = shaped(ExportedFile, read_json(content))
    except NotTheShape:
        raise Refused({"file": NO_FILE}) from None
    return [_bring_in_one(row, officer) for row in file.captures]


def _bring_in_one(row: dict[str, Any], officer: Person) -> Brought:
    title = str(row.get("title", ""))[:TITLE_LETTERS]
    try:
        return _keep(shaped(ExportedCapture, row), officer)
    except Clash as clash:
        return Brought(title, clash.reference, False, CLASHES)
    except (Refused, NotTheShape) as error:
        return Brought(title, None, False, str(error))
    except Gone:
        return Brought(title, None, False, TAKEN_BACK)
    except NotFound:
        return Brought(title, None, False, OTHERS)
    except Exception:
        # One row's fault, ours included, is told in its own place: the rows after it are kept all the same.
        log.exception("rescue_row_failed")
        return Brought(title, None, False, FAULT)


def _keep(exported: ExportedCapture, officer: Person) -> Brought:
    # A file is no proof of who changed what: a later version of what is here already is kept beside it, to be chosen.
    content = {**exported.content, "rev": exported.rev, "base_rev": None}
    if len(canonical(content)) > CAPTURE_BYTES:
        raise Refused({"content": TOO_LARGE})
    sender = _sender(exported.owner)
    if sender is ANYBODY and not exported.secret:
        raise Refused({"owner": WHOSE})
    sent = shaped(CaptureEnvelope, content)
    read = reading.read(exported.id, exported.secret, sent, content, sender)
    if read.kind.has_plates and not officer.may(Permission.CHECK_SPEEDS):
        raise Refused({"file": FOR_WHO_CHECKS})
    is_held = receipts.is_held(read)
    try:
        receipt = captures.submit(replace(read, flags=(*read.flags, "imported")), sender)
    finally:
        if not is_held and receipts.is_held(read):
            _note(exported.id, officer)
    problems = list(_keep_photos(exported, sender))
    held = receipts.of_version(read, sender)
    if held.missing:
        problems.append(f"{len(held.missing)} of its photos did not come with the file.")
    return Brought(exported.title, held.reference, receipt.is_new, " ".join(problems))


def _sender(owner: int | None) -> Person:
    """Return who captured it. An account that is closed by now captured it all the same."""
    user = db.session.get(User, owner) if owner is not None else None
    return Person(id=user.id, roles=tuple(user.role_names), agency=user.agency) if user else ANYBODY


def _keep_photos(exported: ExportedCapture, sender: Person) -> Iterable[str]:
    """Keep the photos of a capture; yield a sentence for each that cannot be kept."""
    for photo in exported.photos:
        try:
            content = base64.b64decode(photo.base64, validate=True)
            sha256 = hashlib.sha256(content).hexdigest()
            arrivals.take(exported.id, photo.id, exported.secret, sender, BytesIO(content), sha256)
        except ValueError:
            yield DAMAGED
        except (Refused, PhotoRefused) as refused:
            yield str(refused)
        except NotFound:
            # One that its person took away before the last version.
            continue


def _note(capture_id: UUID, officer: Person) -> None:
    with one_commit() as session:
        record = session.get(Record, capture_id)
        about = None if record else {"capture": str(capture_id)}
        session.add(
            Event(
                record_id=capture_id if record else None,
                at=clock.now(),
                by_id=officer.id,
                action="imported",
                after=about,
            )
        )


def without_role(person: Person) -> list[Record]:
    """Return the newest records of people who held no role when they arrived; none for who may not rescue."""
    if not person.may(Permission.RESCUE):
        return []
    flagged = select(CaptureRevision.capture_id).where(CaptureRevision.flags.contains("no_role"))
    query = select(Record).where(Record.id.in_(flagged)).order_by(Record.received_at.desc()).limit(100)
    return list(db.session.scalars(query))
