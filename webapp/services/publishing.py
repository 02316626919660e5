"""What officers give out of an audit: the page for residents, and the PDF that the worker makes."""

from uuid import uuid4

from sqlalchemy.orm import Session

from webapp.extensions import clock
from webapp.models.eva import Eva, EvaPaper
from webapp.models.event import Event
from webapp.rules.errors import NotFound, Refused
from webapp.rules.roles import Permission, Person
from webapp.services import audits, papers, work
from webapp.services.transaction import one_commit

NOT_WALKED = "This walk has not ended yet. Enter when it began and ended, then show residents what was seen."
CALLED_OFF = "This walk was called off, so there is nothing to show."
REFUSED = {"planned": NOT_WALKED, "walking": NOT_WALKED, "called_off": CALLED_OFF}


def publish(reference: str, person: Person) -> Eva:
    """Show residents what was seen and what is done about it. Raises NotFound, Refused before the walk has ended."""
    with one_commit() as session:
        eva = _locked(session, reference, person)
        if eva.status in REFUSED:
            raise Refused({"published": REFUSED[eva.status]})
        if eva.published_at is None:
            eva.published_at = clock.now()
            session.add(_event(eva, person, "audit_published"))
        return eva


def withdraw(reference: str, person: Person) -> Eva:
    """Show residents nothing of an audit any more, at once. Raises NotFound."""
    with one_commit() as session:
        eva = _locked(session, reference, person)
        if eva.published_at is not None:
            eva.published_at = None
            session.add(_event(eva, person, "audit_withdrawn"))
        return eva


def ask_for_paper(reference: str, person: Person) -> None:
    """Ask for the PDF of an audit as it is now, in place of one made before; asked twice it is made once.

    Raises NotFound for who may not.
    """
    with one_commit() as session:
        eva = _locked(session, reference, person)
        known = papers.of(eva)
        if known is None or known.state != "waiting":
            papers.forget(session, eva.id)
            now = clock.now()
            session.add(
                EvaPaper(id=uuid4(), eva_id=eva.id, state="waiting", asked_at=now, asked_by_id=person.id)
            )
            session.add(_event(eva, person, "paper_asked"))
    work.soon("papers")


def _locked(session: Session, reference: str, person: Person) -> Eva:
    if not person.may(Permission.PUBLISH_EVAS):
        raise NotFound
    eva = audits.find(reference, person)
    session.refresh(eva, with_for_update={"key_share": True})
    return eva


def _event(eva: Eva, person: Person, action: str) -> Event:
    return Event(record_id=eva.id, at=clock.now(), by_id=person.id, action=action)
