"""PACT areas: Partners and Communities Together, each a set of wards or parishes whose panel hears of its audits."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.eva import Eva
from webapp.models.event import Event
from webapp.models.pact_area import PactArea, PactAreaPart, PactPriority
from webapp.models.speed_site import SpeedSite
from webapp.rules.contact import has_contact
from webapp.rules.errors import NotFound, Refused, Stale
from webapp.rules.roles import Permission, Person
from webapp.services.transaction import one_commit

PARISH_MOST = 80
TAKEN = "There is an area of this name already. Change that one, or choose another name."


@dataclass(frozen=True, slots=True)
class Area:
    """One area with its wards, by code, and its parishes, by name."""

    id: int
    name: str
    contact_role: str
    wards: tuple[str, ...]
    parishes: tuple[str, ...]

    @property
    def mark(self) -> str:
        """What a page says to prove which state of the area it knew."""
        said = json.dumps([self.name, self.contact_role, self.wards, self.parishes])
        return hashlib.sha256(said.encode()).hexdigest()

    def has(self, ward_code: str | None, parish: str | None) -> bool:
        """Return whether a place in this ward and parish belongs to it."""
        return ward_code in self.wards or _plain(parish) in {_plain(one) for one in self.parishes}


@dataclass(frozen=True, slots=True)
class Given:
    """What an officer says of an area."""

    name: str
    contact_role: str
    wards: Sequence[str]
    parishes: Sequence[str]


def _plain(text: str | None) -> str | None:
    """Return a parish's name as it is compared: capitals and spaces make no other parish."""
    return " ".join(text.casefold().split()) if text and text.strip() else None


def listed() -> list[Area]:
    """Return every area, by name."""
    return _areas(db.session)


def find(area_id: int) -> Area:
    """Return one area. Raises NotFound."""
    found = _areas(db.session, PactArea.id == area_id)
    if not found:
        raise NotFound
    return found[0]


def of(ward_code: str | None, parish: str | None = None) -> list[Area]:
    """Return the areas that a ward or a parish belongs to, by name; one may be in several."""
    return [area for area in listed() if area.has(ward_code, parish)]


def _areas(session: Session, *narrow: ColumnElement[bool]) -> list[Area]:
    rows = session.scalars(select(PactArea).where(*narrow).execution_options(populate_existing=True)).all()
    parts: dict[tuple[int, str], list[str]] = {}
    query = select(PactAreaPart).where(PactAreaPart.area_id.in_([row.id for row in rows]))
    for part in session.scalars(query.order_by(PactAreaPart.value)):
        parts.setdefault((part.area_id, part.part), []).append(part.value)
    areas = [
        Area(
            row.id,
            row.name,
            row.contact_role,
            tuple(parts.get((row.id, "ward"), ())),
            tuple(parts.get((row.id, "parish"), ())),
        )
        for row in rows
    ]
    return sorted(areas, key=lambda area: area.name.casefold())


def shown_audits(area: Area) -> list[Eva]:
    """Return the audits in an area of which residents may read what became of them, newest first."""
    query = (
        select(Eva)
        .where(Eva.published_at.is_not(None), Eva.visibility != "hidden")
        .order_by(Eva.held_on.desc(), Eva.reference.desc())
    )
    return [eva for eva in db.session.scalars(query) if area.has(eva.ward_code, eva.parish)]


def add(given: Given, person: Person) -> int:
    """Add an area and return its id. Raises Refused for a name that is taken, no place, or a person's contact."""
    _check(given, person)
    with _named_once() as session:
        _refuse_taken(session, given.name, None)
        area = PactArea(name=given.name, contact_role=given.contact_role)
        session.add(area)
        session.flush()
        _write_parts(session, area.id, given)
        _note(
            session, "pact_area_added", person, area.id, None, _said(given.name, given.wards, given.parishes)
        )
        return area.id


def change(area_id: int, given: Given, seen: str, person: Person) -> None:
    """Let an area be as given. Raises Refused as `add` does, Stale when somebody changed it since the page was made."""
    _check(given, person)
    with _named_once() as session:
        area, before = _locked(session, area_id)
        if before.mark != seen:
            raise Stale
        _refuse_taken(session, given.name, area_id)
        area.name, area.contact_role = given.name, given.contact_role
        session.execute(delete(PactAreaPart).where(PactAreaPart.area_id == area_id))
        _write_parts(session, area_id, given)
        was = _said(before.name, before.wards, before.parishes)
        _note(
            session, "pact_area_changed", person, area_id, was, _said(given.name, given.wards, given.parishes)
        )


def remove(area_id: int, person: Person) -> None:
    """Remove an area; the audits in it stay as they are."""
    _ask(person)
    with one_commit() as session:
        area, before = _locked(session, area_id)
        for part in (PactAreaPart, PactPriority):
            session.execute(delete(part).where(part.area_id == area_id))
        asked_there = update(SpeedSite).where(SpeedSite.pact_area_id == area_id)
        session.execute(asked_there.values(pact_area_id=None))
        session.delete(area)
        was = _said(before.name, before.wards, before.parishes)
        _note(session, "pact_area_removed", person, area_id, was, None)


@contextmanager
def _named_once() -> Iterator[Session]:
    """Yield the session of one commit; Refused where somebody else gave the same name at the same moment."""
    try:
        with one_commit() as session:
            yield session
    except IntegrityError:
        raise Refused({"name": TAKEN}) from None


def _ask(person: Person) -> None:
    if not person.may(Permission.SET_PACT_AREAS):
        raise NotFound


def _locked(session: Session, area_id: int) -> tuple[PactArea, Area]:
    area = session.get(PactArea, area_id, with_for_update=True, populate_existing=True)
    if area is None:
        raise NotFound
    return area, _areas(session, PactArea.id == area_id)[0]


def _check(given: Given, person: Person) -> None:
    _ask(person)
    problems = {}
    if not given.name:
        problems["name"] = "Enter the name of the area."
    if has_contact(given.contact_role):
        problems["contact_role"] = (
            "Everybody can read this, so name a role, such as “Clerk of the town council”:"
            " no email address, no telephone number and no person."
        )
    if not given.wards and not given.parishes:
        problems["wards"] = "Tick at least one ward, or enter a parish."
    if any(len(parish) > PARISH_MOST for parish in given.parishes):
        problems["parishes"] = f"One parish to a line, each of {PARISH_MOST} characters or fewer."
    if problems:
        raise Refused(problems)


def _refuse_taken(session: Session, name: str, area_id: int | None) -> None:
    """Raise Refused when another area has this name, in whatever capitals."""
    if any(_plain(area.name) == _plain(name) and area.id != area_id for area in _areas(session)):
        raise Refused({"name": TAKEN})


def _write_parts(session: Session, area_id: int, given: Given) -> None:
    parishes = {_plain(parish): parish for parish in given.parishes}
    for part, values in (("ward", dict.fromkeys(given.wards)), ("parish", parishes.values())):
        session.add_all(PactAreaPart(area_id=area_id, part=part, value=value) for value in values)
    session.flush()


def _said(name: str, ward_codes: Sequence[str], parishes: Sequence[str]) -> dict[str, Any]:
    return {"name": name, "wards": list(ward_codes), "parishes": list(parishes)}


def _note(session: Session, action: str, person: Person, area_id: int, before: Any, after: Any) -> None:
    def said(one: Any) -> Any:
        return {"area": area_id, **one} if one else None

    session.add(Event(at=clock.now(), by_id=person.id, action=action, before=said(before), after=said(after)))
