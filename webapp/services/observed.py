"""One observation at a desk: found by its number, and what officers make of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.eva import Eva
from webapp.models.event import Event
from webapp.models.observation import Observation
from webapp.models.photo import Photo
from webapp.rules.errors import NotFound, Refused
from webapp.rules.roles import Permission, Person
from webapp.services import audits, observation, parts, requests
from webapp.services.places import Located
from webapp.services.rows import Rows
from webapp.services.transaction import one_commit

ONE_THING = "This asks for {} already, and for one thing only. Ask for anything else on the page “Requests”."


def find(reference: str, number: int, person: Person) -> tuple[Eva, Observation]:
    """Return an audit and one of its observations. Raises NotFound where there is none, or it was taken back."""
    eva = audits.find(reference, person)
    query = select(Observation).where(
        Observation.eva_id == eva.id, Observation.number == number, Observation.removed_at.is_(None)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return eva, found


def report_fly_tip(reference: str, number: int, person: Person) -> str:
    """Make a fly-tip of an observation, whose 7 days begin now, and return its reference; once, however often asked.

    Raises NotFound for who may not.
    """
    if not person.may(Permission.PLAN_ACTIONS):
        raise NotFound
    with one_commit() as session:
        eva, one = _locked(session, reference, number, person)
        known = one.made_record_id
        becomes = observation.as_fly_tip(one.note)
        made = parts.make_record(session, Rows(session), one.id, becomes, _place_of(one), person, clock.now())
        if known is None:
            _note(session, eva, one, person, clock.now(), became=made)
        return made


def ask_for(reference: str, number: int, kind: str, person: Person) -> None:
    """Ask others for something that an observation needs, once. Raises NotFound, Refused when it was asked before."""
    if not person.may(Permission.PLAN_ACTIONS):
        raise NotFound
    with one_commit() as session:
        eva, one = _locked(session, reference, number, person)
        asked = requests.make_of(session, one, kind, person, clock.now())
        if asked.kind != kind:
            label = requests.label(asked).lower()
            raise Refused({"kind": ONE_THING.format(label)})
        _note(session, eva, one, person, clock.now(), asked=kind)


def photo_of(eva: Eva, photo_id: UUID) -> Photo:
    """Return a photo of an audit. Raises NotFound where it is none of its own."""
    photo = db.session.get(Photo, photo_id)
    if photo is None or photo.record_id != eva.id:
        raise NotFound
    return photo


def _locked(session: Session, reference: str, number: int, person: Person) -> tuple[Eva, Observation]:
    eva, one = find(reference, number, person)
    session.refresh(one, with_for_update=True)
    return eva, one


def _note(session: Session, eva: Eva, one: Observation, person: Person, now: datetime, **about: str) -> None:
    after = {"capture": str(one.id), "number": one.number, **about}
    session.add(Event(record_id=eva.id, at=now, by_id=person.id, action="part_taken_up", after=after))


def _place_of(one: Observation) -> Located:
    return Located(
        one.location_source,
        one.latitude,
        one.longitude,
        one.accuracy_m,
        one.place_text,
        one.ward_code,
    )
