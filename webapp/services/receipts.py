"""Receipts: what the server holds of a capture, so that a phone lets go of nothing before it is here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast
from uuid import UUID

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.capture import NO_KIND, Capture
from webapp.models.report import Report
from webapp.rules.errors import NotFound
from webapp.rules.roles import Person
from webapp.services import ledger
from webapp.services.keeping import keeper_of
from webapp.services.kinds import captured, find_captured
from webapp.services.ledger import Submission
from webapp.services.seal import canonical
from webapp.services.tracking import token_of

State = Literal["kept", "staged", "parent", "officer", "removed"]


@dataclass(frozen=True, slots=True)
class Held:
    """What the server holds of a capture.

    `state` is `kept`, `removed`, `staged` (only photos so far), or what it waits for: `parent` or `officer`.
    `content_sha256` is None once what was sent has been forgotten, and where it is not told; `missing` are the photos
    still to come; `token` is that of the tracking link, None while there is no report. `base_rev` is what the sender's
    next version is made from: the number under which this content counts here.
    """

    id: UUID
    rev: int
    base_rev: int
    state: State
    content_sha256: str | None
    reference: str | None
    token: str | None
    missing: tuple[UUID, ...]


def of(capture_id: UUID, secret: str, person: Person) -> Held:
    """Return what is held of a capture, in its newest version that counts. Raises NotFound when it is not theirs."""
    capture = db.session.get(Capture, capture_id, populate_existing=True)
    if capture is None:
        raise NotFound
    ledger.must_own(capture, secret, person)
    return _held(capture)


def of_version(submission: Submission, person: Person) -> Held:
    """Return what is held of a capture, in the version that was just sent."""
    held = of(submission.capture_id, submission.secret, person)
    content = ledger.content_of(submission, ())
    sha256 = ledger.hash_of_content(content)
    return replace(
        held,
        rev=submission.rev,
        # Chosen on the compare page, it counts under a later number; another content that counts is not its base.
        base_rev=held.rev if sha256 == held.content_sha256 else submission.rev,
        content_sha256=sha256,
        missing=ledger.missing(db.session, submission.capture_id, content),
    )


def of_several(ids: Sequence[UUID], person: Person) -> list[Held]:
    """Return what is held of those of these captures that are somebody's own, or that they share.

    What may hold a plate comes without the hash of what it says: of so few letters a plain one can be guessed.
    """
    # What a page sent, such as words about a line of a plan, no phone asks after.
    query = select(Capture).where(
        Capture.id.in_(ids),
        Capture.owner_id.is_not(None),
        Capture.kind.in_([NO_KIND, *(kind.value for kind in captured())]),
    )
    held = [
        (capture, _held(capture))
        for capture in db.session.scalars(query)
        if ledger.is_owner(capture, "", person)
    ]
    with_plates = {kind.value for kind in captured() if kind.has_plates}
    return [
        replace(one, content_sha256=None) if capture.kind in with_plates else one for capture, one in held
    ]


def is_known(capture_id: UUID) -> bool:
    """Return whether anything of a capture has arrived before."""
    return db.session.scalar(select(Capture.id).where(Capture.id == capture_id)) is not None


def is_held(submission: Submission) -> bool:
    """Return whether the ledger holds this very version."""
    spelled = canonical(ledger.content_of(submission, ()))
    return ledger.held(db.session, submission, spelled) is not None


def _held(capture: Capture) -> Held:
    content = ledger.newest_content(db.session, capture)
    report = db.session.get(Report, capture.id)
    return Held(
        id=capture.id,
        rev=capture.rev,
        base_rev=capture.rev,
        state=cast(State, capture.waits_for or capture.state),
        content_sha256=ledger.hash_of_content(content) if content else None,
        reference=_reference(capture),
        token=token_of(report) if report else None,
        missing=ledger.missing(db.session, capture.id, content),
    )


def _reference(capture: Capture) -> str | None:
    if capture.state != "kept":
        return None
    return cast(str | None, keeper_of(find_captured(capture.kind)).reference_of(capture))
