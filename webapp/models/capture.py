"""The ledger of what arrived: it is what makes sending the same thing twice save it once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Moment, one_of

STATES = ("staged", "kept", "removed")


class Capture(Base):
    """What a phone or page sends under an id that it made itself.

    `staged` holds photos of a form that is not complete yet; `kept` has a record; `removed` is a tombstone.
    The owner is a person with an account, or whoever holds the secret whose hash is here.
    """

    __tablename__ = "capture"
    __table_args__ = (
        one_of("state", STATES),
        CheckConstraint("owner_id IS NOT NULL OR secret_hash IS NOT NULL", name="has_owner"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    secret_hash: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20))
    rev: Mapped[int] = mapped_column(default=0)
    first_seen_at: Mapped[datetime] = mapped_column(Moment, index=True)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class CaptureRevision(Base):
    """One version of a capture as it was sent; a clash is kept beside the version it clashed with."""

    __tablename__ = "capture_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    capture_id: Mapped[UUID] = mapped_column(ForeignKey("capture.id"), index=True)
    rev: Mapped[int]
    base_rev: Mapped[int | None]
    fingerprint: Mapped[str] = mapped_column(String(64))
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment)
    is_clash: Mapped[bool] = mapped_column(default=False)
