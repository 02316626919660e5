"""Sends what the demo makes as phones and pages send it, through the service that real captures go through."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from webapp.extensions import clock
from webapp.rules.roles import Person
from webapp.services import captures
from webapp.services.demo_typed import typed
from webapp.services.kinds import find_captured


def send(
    kind: str,
    own_id: UUID,
    answers: Mapping[str, Any],
    captured_at: datetime,
    received_at: datetime,
    sender: Person,
    *,
    parent: UUID | None = None,
    entered: Mapping[str, Any] | None = None,
) -> str:
    """Send a capture and return its reference; `entered` is what stood in its form where that is called otherwise."""
    content = {
        "kind": kind,
        "form_version": 1,
        "captured_at": captured_at.isoformat(),
        "answers": typed(answers if entered is None else entered),
        "photos": [],
        "parent": str(parent) if parent else None,
    }
    submission = captures.Submission(
        kind=find_captured(kind),
        capture_id=own_id,
        secret="",
        captured_at=captured_at,
        form_version=1,
        channel="web",
        answers=answers,
        content=content,
        parent=parent,
    )
    with clock.standing_at(received_at):
        return str(captures.submit(submission, sender).reference)
