"""Changing at a desk what was captured: the newest version as a form, and the next version of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from webapp.extensions import db
from webapp.forms.envelope import LARGEST
from webapp.models.capture import Capture
from webapp.rules.errors import NotFound
from webapp.rules.roles import Person
from webapp.services import ledger, reading, versions
from webapp.services.keeping import keeper_of
from webapp.services.kinds import Kind, Part, find_captured
from webapp.services.ledger import Submission


def filled(capture_id: UUID, person: Person) -> tuple[Any, int]:
    """Return the form with what the newest version says, and the number of that version.

    Raises NotFound for who may not change it, and where what was sent has been forgotten.
    """
    capture, content = _newest(capture_id, person)
    form = reading.form_of(find_captured(capture.kind), content, has_token=True)
    form.capture_id.data = str(capture_id)
    return form, capture.rev


def may_change(capture_id: UUID, person: Person) -> bool:
    """Return whether somebody may change what was captured.

    Not once it was taken back or is forgotten, nor once its record has ended.
    """
    try:
        capture, _ = _newest(capture_id, person)
    except NotFound:
        return False
    return keeper_of(find_captured(capture.kind)).is_open(db.session, capture)


def _newest(capture_id: UUID, person: Person) -> tuple[Capture, dict[str, Any]]:
    capture = versions.shared(capture_id, person)
    content = ledger.newest_content(db.session, capture)
    if content is None:
        raise NotFound
    return capture, content


def known_rev(said: str) -> int:
    """Return the version that a page says it was made from; 0 for anything that is none, so that it clashes.

    >>> known_rev("3"), known_rev("-1"), known_rev("9" * 12)
    (3, 0, 0)
    """
    return int(said) if said.isdecimal() and len(said) < 8 and int(said) <= LARGEST else 0


def submission(
    kind: Kind | Part, capture_id: UUID, form: Any, typed: Mapping[str, Any], base_rev: int
) -> Submission:
    """Return the next version of a capture as services take it; its photos and its time stay those of the first."""
    before = versions.newest_submission(capture_id)
    content = {
        "kind": kind.value,
        "form_version": form.VERSION,
        "captured_at": before.content["captured_at"] if before.content else None,
        "answers": dict(typed),
        "photos": before.content["photos"] if before.content else [],
        "parent": str(before.parent) if before.parent else None,
    }
    return Submission(
        kind=kind,
        capture_id=capture_id,
        secret="",
        captured_at=before.captured_at,
        form_version=form.VERSION,
        channel="web",
        answers=form.answers(),
        content=content,
        rev=base_rev + 1,
        base_rev=base_rev,
        photos=before.photos,
        parent=before.parent,
    )
