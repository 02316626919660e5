"""Plans as tests make them: a walk with observations, lines of its plan, and steps with what each needs."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import pictures
from tests.builders import hidden_fields
from tests.phone import Phone, Shot, new_id
from tests.walking import observation, walk
from webapp.extensions import clock, db
from webapp.models.action import Action
from webapp.rules.clock import local_date
from webapp.rules.roles import Person
from webapp.services import action_steps, actions
from webapp.services.actions import Planned

REFERENCE = "EVA-2026-00001"
IN_A_WEEK = date(2026, 11, 29)
WALKED = {"ended_at": "11:45"}


def walked(
    client: FlaskClient, *seen: dict[str, Any], shots: Sequence[Shot] = (), **changes: Any
) -> list[UUID]:
    """Send a walk with these observations and return their ids; `shots` are photos of the first."""
    phone, walk_id, ids = Phone(client), new_id(), []
    assert phone.put(walk_id, walk(**{**WALKED, **changes})).status_code == 201
    for number, one in enumerate(seen, 1):
        own, photos = new_id(), shots if number == 1 else ()
        sent = phone.put(own, observation(walk_id, *photos, **{"number": str(number), **one}))
        assert sent.status_code == 201, sent.text
        for shot in photos:
            phone.put_photo(own, shot)
        ids.append(UUID(own))
    return ids


def a_line(person: Person, reference: str = REFERENCE, **changes: Any) -> int:
    """Add a line to a plan and return its id."""
    given = {"text": "Cut back the hedge", "owner_agency": "kcc_highways", "by_when": IN_A_WEEK, **changes}
    return actions.add(reference, Planned(**given), person, uuid4()).id


def take(action_id: int, name: str, person: Person, **given: Any) -> Action:
    """Take a step with what it needs, on the day on which it is taken."""
    needed: dict[str, dict[str, Any]] = {
        "complete": {"day": local_date(clock.now())},
        "transfer": {"passed_to": "EVA-2026-00002"},
        "begin": {},
        "agree": {},
        "verify": {},
    }
    words = needed.get(name, {"words": "Because the test says so"})
    taken = {"capture_id": uuid4(), **words, **given}
    return action_steps.take(action_id, name, action_steps.Given(**taken), person)


def line_of(action_id: int) -> Action:
    """Return a line as the database has it."""
    db.session.expire_all()
    return db.session.get_one(Action, action_id)


def in_state(person: Person, status: str, checker: Person) -> int:
    """Add a line and take it to a state; return its id."""
    ways = {
        "proposed": (),
        "agreed": ("agree",),
        "in_progress": ("agree", "begin"),
        "completed": ("agree", "complete"),
        "verified": ("agree", "complete", "verify"),
        "not_feasible": ("refuse",),
        "transferred": ("transfer",),
        "withdrawn": ("withdraw",),
    }
    action_id = a_line(person)
    for name in ways[status]:
        take(action_id, name, checker if name == "verify" else person)
    return action_id


def post(browser: FlaskClient, path: str, page: dict[str, str] | None = None, **data: Any) -> TestResponse:
    """Send a page with its hidden fields as a browser does."""
    hidden = page if page is not None else hidden_fields(browser.get(path).text)
    return browser.post(path, data={**hidden, **data}, content_type="multipart/form-data")


def a_photo() -> tuple[io.BytesIO, str]:
    """Return a photo to send with a page."""
    return io.BytesIO(pictures.jpeg()), "after.jpg"
