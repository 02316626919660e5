"""What can go wrong in a service, each with the words a person reads."""

from collections.abc import Mapping
from uuid import UUID


class WardbookError(Exception):
    """Something a person must be told in words."""


class Refused(WardbookError):
    """What was sent cannot be taken as it is: a sentence for each field that must change."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


class NotFound(WardbookError):
    """There is no such thing, or it is not for this person: the two are never told apart."""


class Clash(WardbookError):
    """The same capture came again with other content: the first is kept, nothing is overwritten."""

    def __init__(self, reference: str | None, token: str | None, capture_id: UUID | None = None) -> None:
        super().__init__("This was sent before with other answers.")
        self.reference = reference
        self.token = token
        self.capture_id = capture_id


class Stale(WardbookError):
    """The record changed after the page was made on which somebody decided: they are shown what changed first."""


class Gone(WardbookError):
    """The capture was taken back by the person who made it."""


class Full(WardbookError):
    """There is no room to keep anything more safely."""


class NotSignedIn(WardbookError):
    """Nobody is signed in, and this takes somebody who is."""


class StaleToken(WardbookError):
    """The proof that a request comes from our own page has expired, or belongs to another session."""
