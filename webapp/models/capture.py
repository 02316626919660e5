"""The ledger of what arrived: it is what makes sending the same thing twice save it once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, index_where_known, one_of

STATES = ("staged", "kept", "removed")
WAITS_FOR = ("parent", "officer")
# The kind of a tombstone that came before anything else of its capture.
NO_KIND = ""
# What stands for the hash of a version that was forgotten, before its number: no hash of a content looks like it.
FORGOTTEN = "forgotten "


class Capture(Base):
    """What a phone or page sends under an id that it made itself.

    `staged` has no record yet: its form is not complete, or it `waits_for` its parent to arrive, or for an officer,
    because its sender's role has gone; `kept` has a record; `removed` is a tombstone.
    The owner is a person with an account, or whoever holds the secret whose hash is here.
    `rev` is the newest revision that counts: clashes aside, what the record was made from.
    """

    __tablename__ = "capture"
    __table_args__ = (
        one_of("state", STATES),
        CheckConstraint("owner_id IS NOT NULL OR secret_hash IS NOT NULL", name="has_owner"),
        one_of("waits_for", WAITS_FOR),
        index_where_known("parent_id"),
        index_where_known("waits_for"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    secret_hash: Mapped[str | None] = mapped_column(String(64))
    # No foreign key: a child may arrive before its parent.
    parent_id: Mapped[UUID | None]
    waits_for: Mapped[str | None] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20))
    rev: Mapped[int] = mapped_column(default=0)
    first_seen_at: Mapped[datetime] = mapped_column(Moment, index=True)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class CaptureRevision(Base):
    """One version of a capture as it was sent.

    `is_clash`: kept beside the version it clashed with; until `settled_at` a person has to choose. A clash never
    counts: one that is chosen comes once more under a number of its own. `flags` are words of
    `webapp.rules.captures.FLAGS`, with a space between them. `key_month` says under which month's key the payload and
    the fingerprint were made, NULL for the secret key.
    """

    __tablename__ = "capture_revision"
    __table_args__ = (Index(None, "capture_id", "rev", "fingerprint", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    capture_id: Mapped[UUID] = mapped_column(ForeignKey("capture.id"))
    rev: Mapped[int]
    base_rev: Mapped[int | None]
    fingerprint: Mapped[str] = mapped_column(String(64))
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    key_month: Mapped[str | None] = mapped_column(String(7))
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment)
    is_clash: Mapped[bool] = mapped_column(default=False)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    flags: Mapped[str | None] = mapped_column(String(60))

    @property
    def is_open_clash(self) -> bool:
        """Whether a person still has to choose between this version and the one that counts."""
        return self.is_clash and self.settled_at is None

    @property
    def is_forgotten(self) -> bool:
        """Whether all that it said was forgotten, down to the hash by which it could be told from another."""
        return self.fingerprint.startswith(FORGOTTEN)


class AwaitedPhoto(Base):
    """A photo that a capture promised and that is still on a phone. The row goes when the photo has arrived."""

    __tablename__ = "awaited_photo"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    capture_id: Mapped[UUID] = mapped_column(ForeignKey("capture.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    bytes_size: Mapped[int]
    role: Mapped[str] = mapped_column(String(10))


class Draft(Base):
    """A half-filled form as its owner's phone left it: sealed, never looked into, and forgotten after 30 days."""

    __tablename__ = "draft"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime] = mapped_column(Moment, index=True)
