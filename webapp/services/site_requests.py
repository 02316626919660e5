"""Asking for a speed-watch site: by anyone, from a PACT area's page, or from what an audit or an officer asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.forms.plates import IN_WORDS
from webapp.models.eva import Eva
from webapp.models.event import Event
from webapp.models.observation import Observation
from webapp.models.pact_area import PactArea
from webapp.models.request import Request
from webapp.models.speed_site import SpeedSite
from webapp.rules import site_moves as rules
from webapp.rules.contact import has_contact
from webapp.rules.errors import Clash, NotFound, Refused
from webapp.rules.plate_words import stands_in
from webapp.rules.roles import Permission, Person
from webapp.services import places, requests, speed_sites, wards
from webapp.services.transaction import one_commit

KIND = "speed_watch_site"
NAME_MOST = 120
NO_CONTACT = "Leave out email addresses and telephone numbers: we keep no contact here, and write to nobody."
NO_WHY = "Say why speeds should be watched there."


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for. `id` is the page's own, so that one that is sent twice is one."""

    id: UUID
    place: Mapping[str, Any]
    road: str
    limit_mph: int | None
    why: str
    pact_area_id: int | None = None


def ask(wish: Wish, person: Person) -> SpeedSite:
    """Ask for a site and return it; the same wish sent again is the same site.

    Raises Refused with a sentence for each field, Clash for another wish under the same id: the first is kept.
    """
    known = db.session.get(SpeedSite, wish.id)
    if known is not None:
        return _same(known, wish)
    site = _site_of(wish, clock.now())
    try:
        with one_commit() as session:
            # An area that has gone meanwhile is no reason to lose what somebody asked for.
            area = select(PactArea.id).where(PactArea.id == wish.pact_area_id).with_for_update(key_share=True)
            site.pact_area_id = session.scalar(area)
            site.asked_by_id = person.id
            _keep(session, site, person)
    except IntegrityError:
        # Sent twice at the same moment: the other was first.
        return _same(db.session.get_one(SpeedSite, wish.id, populate_existing=True), wish)
    return site


def problems(wish: Wish) -> dict[str, str]:
    """Return a sentence for each answer that cannot be taken, the place among them."""
    found = places.problems(wish.place, None)
    if not wish.why.strip():
        found["why"] = NO_WHY
    texts = {"road": wish.road, "why": wish.why, "place_text": wish.place["words"]}
    for name, text in texts.items():
        if stands_in(text):
            found[name] = IN_WORDS
        elif has_contact(text):
            found[name] = NO_CONTACT
    return found


def asked(site_id: UUID) -> SpeedSite:
    """Return what was asked for under a page's id. Raises NotFound."""
    found = db.session.get(SpeedSite, site_id)
    if found is None:
        raise NotFound
    return found


def _same(known: SpeedSite, wish: Wish) -> SpeedSite:
    was = (known.road, known.limit_mph, known.why, known.place_text)
    is_same = was == (wish.road, wish.limit_mph, wish.why, wish.place["words"])
    # What officers have made of it since says nothing about what was asked.
    if is_same or len(speed_sites.history_of(known)) > 1:
        return known
    raise Clash(known.code, None, known.id)


def _site_of(wish: Wish, now: datetime) -> SpeedSite:
    found = problems(wish)
    if found:
        raise Refused(found)
    located = places.locate(wish.place)
    return SpeedSite(
        id=wish.id,
        name=_name(wish.road, located.words, located.ward_code),
        road=wish.road,
        status="requested",
        limit_mph=wish.limit_mph,
        why=wish.why,
        asked_at=now,
        **located.columns(),
    )


def _name(road: str, words: str, ward_code: str | None) -> str:
    """Return what a site is called until an officer names it."""
    first = road or words.split("\n")[0]
    return first[:NAME_MOST] or f"A place in {wards.in_use().names.get(ward_code or '', 'the district')}"


def _keep(session: Session, site: SpeedSite, person: Person) -> None:
    site.code = speed_sites.next_code(session)
    session.add(site)
    session.flush()
    about = {**speed_sites.said(site), "request": site.request_id, "area": site.pact_area_id}
    session.add(Event(at=site.asked_at, by_id=person.id, action=rules.ASKED, after=about))


def make_of(request_id: int, person: Person) -> SpeedSite:
    """Make a site of a request, once, with the place and the words of what was observed; the request is taken up.

    Raises NotFound for who may not and for what asks for something else, Refused once it was answered otherwise.
    """
    if not person.may(Permission.APPROVE_SITES):
        raise NotFound
    now = clock.now()
    with one_commit() as session:
        request = session.get(Request, request_id, with_for_update=True, populate_existing=True)
        if request is None or request.kind != KIND:
            raise NotFound
        made = speed_sites.of_request(request_id)
        if made is not None:
            return made
        if request.status not in requests.OPEN:
            raise Refused({"status": "This request has been answered. Open it again first."})
        site = _site_from(session, request, now)
        site.asked_by_id = person.id
        _keep(session, site, person)
        words = f"It is speed-watch site {site.code} now, and waits for its assessment."
        requests.settle(session, request.id, "taken_up", words, person, now)
        return site


def _site_from(session: Session, request: Request, now: datetime) -> SpeedSite:
    seen = session.get(Observation, request.observation_id) if request.observation_id else None
    eva = session.get(Eva, seen.eva_id) if seen else None
    place: dict[str, Any] = {"location_source": "none", "ward_code": request.ward_code}
    if seen is not None:
        kept = ("latitude", "longitude", "accuracy_m", "location_source", "place_text", "ward_code")
        place = {name: getattr(seen, name) for name in kept}
        place["place_text"] = _without_plates(seen.place_text)
    return SpeedSite(
        id=uuid4(),
        name=_name("", place.get("place_text", ""), place["ward_code"]),
        parish=_without_plates((eva.parish if eva else None) or ""),
        status="requested",
        why=_without_plates(request.words),
        request_id=request.id,
        asked_at=now,
        **place,
    )


def _without_plates(words: str) -> str:
    """Return words that were written for another page, none where a registration stands in them: a site is public."""
    return "" if stands_in(words) else words
