"""Environmental Visual Audits: what the form adds to a record, and the rows of its own that go with it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.models.base import Base
from webapp.models.capture import Capture
from webapp.models.eva import Eva, EvaFeeling, EvaParticipant, EvaPrompt, EvaTransect
from webapp.rules import eva as rules
from webapp.rules.clock import LONDON
from webapp.rules.errors import Refused
from webapp.rules.references import read_reference
from webapp.rules.roles import Permission, Person
from webapp.services import places, wards

SAID = (
    "title",
    "parish",
    "reason",
    "lead_officer",
    "lead_agency",
    "route_words",
    "safety_note",
    "weather",
    "light",
    "positives",
    "found_nothing",
    "ward_code",
)


def details(answers: Mapping[str, Any], now: datetime, reported_by_type: str) -> dict[str, Any]:
    """Return the columns that this kind adds. Raises Refused for a ward or a walk before that is not known."""
    return _columns(answers, None)


def changes(eva: Eva, answers: Mapping[str, Any], reported_by_type: str) -> dict[str, Any]:
    """Return the columns that a later version of an audit's answers gives; what officers decided since stays."""
    return _columns(answers, eva)


def _columns(answers: Mapping[str, Any], eva: Eva | None) -> dict[str, Any]:
    found = problems(answers, eva.id if eva else None)
    if found:
        raise Refused(found)
    held_on = date.fromisoformat(answers["held_on"])
    began_at, ended_at = _walked(held_on, answers["began_at"], answers["ended_at"])
    starts_at = answers["starts_at"]
    return {
        **{name: answers[name] for name in SAID},
        "held_on": held_on,
        "reported_on": held_on,
        "starts_at": time.fromisoformat(starts_at) if starts_at else None,
        "began_at": began_at,
        "ended_at": ended_at,
        "safety": " ".join(answers["safety"]),
        "route_points": _spelled(
            [_place(one) if isinstance(one, str) else one for one in answers["route_points"]]
        ),
        "track": _spelled(answers["track"]),
        "previous_id": _previous(answers["previous"]),
        "status": rules.status(began_at, ended_at, eva.status if eva else None),
    }


def problems(answers: Mapping[str, Any], own_id: UUID | None) -> dict[str, str]:
    """Return a sentence for each answer that names no ward, audit or place that there is."""
    found = {}
    if answers["ward_code"] not in wards.in_use().names:
        found["ward_code"] = "Choose the ward that this walk is in from the list."
    if answers["previous"] and _previous(answers["previous"]) in (None, own_id):
        found["previous"] = "There is no other audit of this reference. Check it, such as EVA-2026-00003."
    unknown = [point for point in answers["route_points"] if isinstance(point, str) and _place(point) is None]
    if unknown:
        names = ", ".join(f"“{point}”" for point in unknown)
        found["route_points"] = (
            f"We cannot find {names}. Give a postcode, a grid reference, or latitude and longitude."
        )
    return found


def _walked(day: date, began: str | None, ended: str | None) -> tuple[datetime | None, datetime | None]:
    if not began:
        return None, None
    if not ended:
        return datetime.combine(day, time.fromisoformat(began), tzinfo=LONDON), None
    return rules.walked(day, time.fromisoformat(began), time.fromisoformat(ended))


def _place(words: str) -> tuple[float, float] | None:
    for find in (places.from_grid, places.from_postcode):
        try:
            place = find(words)
        except Refused:
            continue
        return place.latitude, place.longitude
    return None


def _spelled(points: Sequence[Any]) -> str:
    return "\n".join(f"{latitude:.6f} {longitude:.6f}" for latitude, longitude in points)


def points_of(text: str) -> list[tuple[float, float]]:
    """Return kept points as latitude and longitude, in order."""
    pairs = (line.split() for line in text.splitlines())
    return [(float(latitude), float(longitude)) for latitude, longitude in pairs]


def _previous(text: str) -> UUID | None:
    reference = read_reference(text)
    return db.session.scalar(select(Eva.id).where(Eva.reference == reference)) if reference else None


def rows(session: Session, eva_id: UUID, answers: Mapping[str, Any]) -> None:
    """Write who came, what was graded, asked and felt, in place of what an earlier version said."""
    has_begun = answers["began_at"] is not None
    people = [_person(person, has_begun=has_begun) for person in answers["people"]]
    prompts = [{"prompt": prompt, **given} for prompt, given in answers["prompts"].items()]
    tables: tuple[tuple[type[Base], Sequence[Mapping[str, Any]]], ...] = (
        (EvaParticipant, people),
        (EvaTransect, answers["transects"]),
        (EvaPrompt, prompts),
        (EvaFeeling, answers["feelings"]),
    )
    for model, written in tables:
        session.execute(delete(model).where(model.__table__.c.eva_id == eva_id))
        if written:
            session.execute(insert(model), [{"eva_id": eva_id, **row} for row in written])


def _person(person: Mapping[str, Any], *, has_begun: bool) -> dict[str, Any]:
    return {**person, "presence": person["presence"] or ("came" if has_begun else "invited")}


def headline(eva: Eva) -> str:
    """Return what an audit is, in a line."""
    return eva.title or "Environmental Visual Audit"


def shares(session: Session, capture: Capture, person: Person) -> bool:
    """Return whether somebody may walk and change an audit that another began: everybody who walks audits."""
    return person.may(Permission.SURVEY)
