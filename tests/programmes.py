"""Audits as tests need them: walked or planned in a ward, with observations and lines of a plan in given states."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from flask import Flask

from tests.walking import ST_MARYS_WARD
from webapp.extensions import clock, db
from webapp.models.action import Action, ActionObservation
from webapp.models.eva import Eva
from webapp.models.observation import Observation
from webapp.rules.actions import COMPLETED
from webapp.rules.clock import LONDON
from webapp.rules.roles import Person
from webapp.services import captures, wards
from webapp.services.kinds import find_captured
from webapp.services.transaction import one_commit
from webapp.services.urgent_lines import next_number

NOWHERE = {
    "source": None,
    "latitude": None,
    "longitude": None,
    "accuracy_m": None,
    "postcode": "",
    "grid_reference": "",
    "words": "",
    "is_needed": False,
}


def audited(
    person: Person,
    held_on: date,
    ward_code: str = ST_MARYS_WARD,
    *,
    seen: int = 1,
    lines: Sequence[str] = (),
    **changes: Any,
) -> Eva:
    """Walk an audit to its end, with so many observations and a line of its plan in each of these states."""
    answers = {"began_at": "10:00", "ended_at": "11:30", **changes}
    eva = _submitted(person, "eva", None, _audit(held_on, ward_code, answers), held_on)
    for _ in range(seen):
        observed(person, eva)
    plan(eva, lines)
    return db.session.get_one(Eva, eva.id, populate_existing=True)


def planned(person: Person, held_on: date, ward_code: str = ST_MARYS_WARD, **changes: Any) -> Eva:
    """Plan an audit that nobody has begun."""
    return _submitted(person, "eva", None, _audit(held_on, ward_code, changes), held_on)


def observed(person: Person, eva: Eva, **changes: Any) -> Observation:
    """Observe something on an audit."""
    answers = {
        "place": {**NOWHERE, "words": "Garage wall"},
        "number": 0,
        "category": "litter",
        "grade": "C",
        "severity": None,
        "note": "",
        "quantity": None,
        "asset": "",
        "owner_agency": None,
        "photo_place": False,
        "as_fly_tip": False,
        "as_request": None,
        **changes,
    }
    return _submitted(person, "observation", eva, answers, eva.held_on)


def plan(eva: Eva, states: Sequence[str], observation: Observation | None = None) -> list[Action]:
    """Write a line of an audit's plan in each of these states, for one observation where it is given."""
    day = eva.held_on
    with one_commit() as session:
        first = next_number(session, eva.id)
        made = [
            Action(
                eva_id=eva.id,
                number=number,
                text=f"Line {number}",
                owner_agency="kcc_highways",
                by_when=day + timedelta(days=28),
                priority="medium",
                status=state,
                agreed_on=None if state == "proposed" else day,
                completed_on=day if state in COMPLETED else None,
                verified_on=day if state == "verified" else None,
                created_at=clock.now(),
            )
            for number, state in enumerate(states, first)
        ]
        session.add_all(made)
        session.flush()
        if observation is not None:
            for line in made:
                session.add(ActionObservation(action_id=line.id, observation_id=observation.id))
    return made


@dataclass(frozen=True)
class Walks:
    """Audits of one person, each made in a context of the app that ends before a browser asks for anything."""

    app: Flask
    person: Person

    def audited(self, held_on: date, *ward_code: str, **more: Any) -> Eva:
        with self.app.app_context():
            return audited(self.person, held_on, *ward_code, **more)

    def planned(self, held_on: date, *ward_code: str, **more: Any) -> Eva:
        with self.app.app_context():
            return planned(self.person, held_on, *ward_code, **more)

    def observed(self, eva: Eva, **changes: Any) -> Observation:
        with self.app.app_context():
            return observed(self.person, eva, **changes)

    def change(self, eva: Eva, **columns: Any) -> None:
        """Let an audit have these columns, whichever verb would have written them."""
        with self.app.app_context(), one_commit() as session:
            kept = session.get_one(Eva, eva.id)
            for name, value in columns.items():
                setattr(kept, name, value)


def mark_priority(officer: Person, *codes: str) -> None:
    """Mark wards as priority wards."""
    for code in codes:
        wards.set_priority(code, True, officer)


def _audit(held_on: date, ward_code: str, changes: dict[str, Any]) -> dict[str, Any]:
    return {
        "place": {**NOWHERE, "words": "Outside the library"},
        "title": "St Mary’s estate",
        "ward_code": ward_code,
        "parish": None,
        "reason": "priority_ward",
        "held_on": held_on.isoformat(),
        **dict.fromkeys(("starts_at", "began_at", "ended_at", "lead_agency", "weather", "light")),
        **dict.fromkeys(("lead_officer", "previous", "route_words", "safety_note", "positives"), ""),
        "route_points": [],
        "track": [],
        "safety": [],
        "people": [],
        "transects": [],
        "prompts": {},
        "feelings": [],
        "found_nothing": False,
        **changes,
    }


def _submitted(person: Person, kind: str, parent: Eva | None, answers: dict[str, Any], day: date) -> Any:
    own_id, captured = uuid4(), find_captured(kind)
    submission = captures.Submission(
        kind=captured,
        capture_id=own_id,
        secret="",
        captured_at=datetime(day.year, day.month, day.day, 12, tzinfo=LONDON),
        form_version=1,
        channel="web",
        answers=answers,
        # These answers are a service's: the audit's page reads what the ledger keeps with a form.
        content={
            "kind": kind,
            "form_version": 1,
            "captured_at": None,
            "answers": {},
            "photos": [],
            "parent": None,
        },
        parent=parent.id if parent else None,
    )
    captures.submit(submission, person)
    return db.session.get_one(captured.model, own_id, populate_existing=True)
