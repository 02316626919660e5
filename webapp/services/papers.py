"""Audits as PDFs for staff, once the worker has made them (`services/paper_work.py`)."""

from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.models.eva import Eva, EvaPaper
from webapp.rules.errors import NotFound
from webapp.rules.roles import Person
from webapp.services import audits, media


def of(eva: Eva) -> EvaPaper | None:
    """Return the PDF of an audit in whatever state it is, None while nobody asked for one."""
    return db.session.scalar(select(EvaPaper).where(EvaPaper.eva_id == eva.id))


def opened(reference: str, person: Person) -> BinaryIO:
    """Return the PDF of an audit to read. Raises NotFound while there is none."""
    paper = of(audits.find(reference, person))
    if paper is None or paper.state != "ready":
        raise NotFound
    try:
        return media.open_paper(paper.id)
    except FileNotFoundError:
        raise NotFound from None


def forget(session: Session, record_id: UUID | None) -> None:
    """Take away the PDF of a record, in the caller's commit: what is shown of the record has changed."""
    for paper in session.scalars(select(EvaPaper).where(EvaPaper.eva_id == record_id)):
        # The file goes first: a row without its file offers nothing, a file without a row would stay for ever.
        media.delete_paper(paper.id)
        session.delete(paper)
    session.flush()
