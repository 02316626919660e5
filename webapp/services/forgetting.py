"""What the ledger holds of captures is forgotten here, in every version: words, hashes of them, and what was open."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, select, update
from sqlalchemy.orm import Session

from webapp.extensions import clock
from webapp.models.capture import FORGOTTEN, Capture, CaptureRevision

FORGET_AT_A_TIME = 500


def hold(session: Session, *which: ColumnElement[bool]) -> None:
    """Hold captures in the order of their ids, in the caller's commit: so no two ever wait for each other."""
    session.execute(select(Capture.id).where(*which).order_by(Capture.id).with_for_update()).all()


def forget_older(session: Session, capture_id: UUID) -> None:
    """Forget what all versions of a capture said but the newest, which came last: nobody has to choose one of them."""
    own = CaptureRevision.capture_id == capture_id
    newest = select(func.max(CaptureRevision.id)).where(own).scalar_subquery()
    _forget(session, own, CaptureRevision.id < newest)


def _forget(session: Session, *which: ColumnElement[bool]) -> None:
    is_open = (CaptureRevision.is_clash, CaptureRevision.settled_at.is_(None))
    session.execute(update(CaptureRevision).where(*which, *is_open).values(settled_at=clock.now()))
    session.execute(update(CaptureRevision).where(*which).values(_forgotten()))


def _forgotten() -> dict[str, Any]:
    mark = FORGOTTEN + cast(CaptureRevision.id, String)
    return {"payload": None, "key_month": None, "fingerprint": mark}


def forget_content(session: Session, capture_ids: Iterable[UUID]) -> None:
    """Forget all that the ledger holds of captures, in every version: the words and the hashes of them.

    Their receipts stay good: what comes again under a number that is held changes nothing. Nobody has to choose
    between versions any more.
    """
    ids = sorted(set(capture_ids))
    for start in range(0, len(ids), FORGET_AT_A_TIME):
        some = ids[start : start + FORGET_AT_A_TIME]
        # A version that is just arriving is waited for, so that it is forgotten as well.
        hold(session, Capture.id.in_(some))
        _forget(session, CaptureRevision.capture_id.in_(some))
