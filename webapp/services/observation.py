"""Observations of an audit: their columns, and what becomes of one as soon as it arrives."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models.action import ActionObservation
from webapp.models.capture import Capture
from webapp.models.observation import Observation
from webapp.rules import eva as rules
from webapp.rules.codes.observation import CATEGORIES
from webapp.rules.roles import Permission, Person
from webapp.services import audits, requests, urgent_lines
from webapp.services.becoming import Becomes

NOT_KNOWN = "other_unidentified"


def first(session: Session, eva_id: UUID, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the number by which people call an observation, which no later version changes.

    It is the phone's own, unless another of the walk has it. Held, so that no two get the same.
    """
    audits.hold(session, eva_id)
    number, others = answers["number"], Observation.eva_id == eva_id
    taken = select(Observation.id).where(others, Observation.number == number)
    if number > 0 and session.scalar(taken) is None:
        return {"number": number}
    last = session.scalar(select(func.max(Observation.number)).where(others)) or 0
    return {"number": max(0, last) + 1}


def details(
    session: Session, eva_id: UUID, answers: Mapping[str, Any], captured_at: datetime | None
) -> dict[str, Any]:
    """Return what an observation says, by column; its owner is whoever usually answers where nobody is named."""
    category = answers["category"]
    return {
        "category": category,
        "grade": answers["grade"],
        "severity": answers["severity"],
        "is_urgent": rules.is_urgent(category, answers["severity"]),
        "quantity": answers["quantity"],
        "note": answers["note"],
        "asset": answers["asset"],
        "owner_agency": answers["owner_agency"] or rules.owner_of(category),
    }


def arrived(
    session: Session, own_id: UUID, answers: Mapping[str, Any], person: Person, now: datetime
) -> None:
    """Make a line of the plan at once of an observation that is urgent, and ask others for what it needs."""
    observation = session.get_one(Observation, own_id)
    if observation.is_urgent and not _has_line(session, own_id):
        urgent_lines.propose(session, observation, person, now)
    if answers["as_request"]:
        requests.make_of(session, observation, answers["as_request"], person, now)


def _has_line(session: Session, own_id: UUID) -> bool:
    query = select(ActionObservation.action_id).where(ActionObservation.observation_id == own_id)
    return session.scalar(query) is not None


def becomes(answers: Mapping[str, Any]) -> Becomes | None:
    """Return what is to be made of an observation as soon as it arrives: fly-tipping whose 7 days begin then."""
    return as_fly_tip(answers["note"]) if answers["as_fly_tip"] else None


def as_fly_tip(words: str) -> Becomes:
    """Return the report of fly-tipping that an observation makes: what its form would ask further is not known yet."""
    unknown = dict.fromkeys(
        ("size", "first_seen_on", "witnessed", "vehicle_registration", "vehicle_description", "joins")
    )
    answers = {
        **unknown,
        "main_waste": NOT_KNOWN,
        "land_type": NOT_KNOWN,
        "description": words,
        "photo_place": False,
        "reporter": {"name": None, "email": None, "phone": None, "wants_news": False},
    }
    return Becomes("fly_tipping", answers)


def removed(session: Session, own_id: UUID, now: datetime) -> None:
    """Let an observation that its person took back count for nothing."""
    session.get_one(Observation, own_id).removed_at = now


def shares(session: Session, capture: Capture, person: Person) -> bool:
    """Return whether somebody may change what another observed: officers, who make the plan of it."""
    return person.may(Permission.PLAN_ACTIONS)


def what(observation: Observation) -> str:
    """Return what an observation is, in words: category, how many, and where.

    >>> what(Observation(category="street_light", quantity=None, asset="14", place_text=""))
    'Street light out, no. 14'
    """
    label = CATEGORIES.label(observation.category)
    many = f" ({observation.quantity})" if (observation.quantity or 1) > 1 else ""
    asset = f", no. {observation.asset}" if observation.asset else ""
    where = f", {observation.place_text}" if observation.place_text else ""
    return f"{label}{many}{asset}{where}"
