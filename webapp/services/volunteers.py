"""A scheme's volunteers: their training, their account, and whom to call for them in an emergency."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import undefer

from webapp.extensions import clock, db
from webapp.forms.schemes import CONTACT_MOST
from webapp.models.account import Role, User
from webapp.models.speed_scheme import SpeedVolunteer
from webapp.rules.clock import local_date
from webapp.rules.errors import Refused, Stale
from webapp.rules.roles import Person
from webapp.rules.roles import Role as RoleName
from webapp.rules.training import NOT_YET, wrong_days
from webapp.services import scheme_changes, schemes
from webapp.services.scheme_changes import found_in, mark_of, may_make, note, said_of, taken_once

ADDED, CHANGED, CONTACT_CHANGED = "volunteer_added", "volunteer_changed", "volunteer_contact_changed"
REFRESHER_AFTER = "The refresher comes after the training. Check both dates."
NAME_TAKEN = (
    "Somebody of this name is in this scheme, or was. Change their entry, or add what tells the two apart."
)
ACCOUNT_TAKEN = "This account belongs to somebody else in this scheme already."
# What history says of a change: that a name changed, never to what.
SAID = ("trained_on", "training_type", "refresher_due_on", "is_over_18", "is_insured", "is_active", "left_on")
COLUMNS = ("name", "user_id", *SAID)
ROLES = (RoleName.VOLUNTEER, RoleName.COORDINATOR)


@dataclass(frozen=True, slots=True)
class Given:
    """What is said of a volunteer. Whose account it is only officers say: `user_id` of a coordinator is left aside."""

    name: str
    user_id: int | None
    training_type: str | None
    trained_on: date | None
    refresher_due_on: date | None
    is_over_18: bool
    is_insured: bool
    is_active: bool
    left_on: date | None


def find(scheme_id: int, volunteer_id: int, person: Person) -> SpeedVolunteer:
    """Return one volunteer of a scheme that somebody looks after. Raises NotFound."""
    schemes.run_by(scheme_id, person)
    return found_in(db.session, SpeedVolunteer, scheme_id, volunteer_id)


def mark(volunteer: SpeedVolunteer) -> str:
    """Return what a page says to prove which state of a volunteer it knew."""
    return mark_of(volunteer, COLUMNS)


def accounts(scheme_id: int, person: Person, own: int | None = None) -> Sequence[tuple[int, str]]:
    """Return (id, name) of the accounts that a volunteer of a scheme may have; `own` is the one that they have.

    Volunteers' and coordinators' that are no one else's there. A coordinator decides none and is offered none.
    """
    if not may_make(person):
        return []
    taken = select(SpeedVolunteer.user_id).where(
        SpeedVolunteer.scheme_id == scheme_id, SpeedVolunteer.user_id.is_not(None)
    )
    may_be = User.active & User.roles.any(Role.name.in_(ROLES)) & User.id.not_in(taken)
    query = select(User.id, User.name, User.email).where(or_(may_be, User.id == own))
    return [
        (user_id, f"{name} ({email})" if name else email)
        for user_id, name, email in db.session.execute(query.order_by(func.lower(User.name), User.email))
    ]


def add(scheme_id: int, given: Given, person: Person) -> int:
    """Add a volunteer and return their id. Raises NotFound, Refused with a sentence for each field."""
    with taken_once({"user_id": ACCOUNT_TAKEN}) as session:
        scheme_changes.locked(session, scheme_id, person)
        columns = _columns(scheme_id, given, None, person)
        volunteer = SpeedVolunteer(scheme_id=scheme_id, **columns)
        session.add(volunteer)
        session.flush()
        after = {"volunteer": volunteer.id, **_said(volunteer)}
        note(session, scheme_id, ADDED, person, after=after)
        return volunteer.id


def change(scheme_id: int, volunteer_id: int, given: Given, seen: str, person: Person) -> None:
    """Let a volunteer be as given. Raises NotFound, Refused, Stale when somebody changed them meanwhile."""
    with taken_once({"user_id": ACCOUNT_TAKEN}) as session:
        scheme_changes.locked(session, scheme_id, person)
        volunteer = found_in(session, SpeedVolunteer, scheme_id, volunteer_id)
        if mark(volunteer) != seen:
            raise Stale
        columns = _columns(scheme_id, given, volunteer, person)
        changed = [name for name, value in columns.items() if getattr(volunteer, name) != value]
        before = _said(volunteer)
        for name in changed:
            setattr(volunteer, name, columns[name])
        after = {"volunteer": volunteer_id, **_said(volunteer), "changed": changed}
        note(session, scheme_id, CHANGED, person, before=before, after=after)


def _said(volunteer: SpeedVolunteer) -> dict[str, Any]:
    return {**said_of(volunteer, SAID), "has_account": volunteer.user_id is not None}


def _columns(scheme_id: int, given: Given, known: SpeedVolunteer | None, person: Person) -> dict[str, Any]:
    """Return the columns of what was given. Raises Refused."""
    problems = _problems(given, local_date(clock.now()))
    if (known is None or known.name != given.name) and _is_taken(scheme_id, given.name, known):
        problems["name"] = NAME_TAKEN
    own = known.user_id if known else None
    columns = asdict(given)
    if not may_make(person):
        columns["user_id"] = own
    elif given.user_id is not None and given.user_id not in dict(accounts(scheme_id, person, own)):
        problems["user_id"] = (
            "Choose an account from the list. It may have been given to somebody else meanwhile."
        )
    if problems:
        raise Refused(problems)
    return columns


def _is_taken(scheme_id: int, name: str, known: SpeedVolunteer | None) -> bool:
    """Return whether somebody else in a scheme is called so: nobody could tell the two apart in a crew."""
    return any(
        other is not known and other.name.casefold() == name.casefold()
        for other in schemes.volunteers([scheme_id])
    )


def _problems(given: Given, today: date) -> dict[str, str]:
    problems = wrong_days(given, "trained_on", "refresher_due_on", REFRESHER_AFTER, today)
    if not given.name:
        problems["name"] = "Enter the volunteer’s name."
    if given.trained_on is not None and given.training_type is None:
        problems["training_type"] = "Choose the type of the training."
    if given.refresher_due_on is not None and given.trained_on is None:
        problems["trained_on"] = "Enter the day of the training that is to be refreshed."
    if given.left_on is not None:
        if given.is_active:
            problems["left_on"] = "Somebody who left is not active. Take away the tick or the day."
        elif given.left_on > today:
            problems["left_on"] = NOT_YET
        elif given.trained_on is not None and given.trained_on > given.left_on:
            problems["left_on"] = "They were trained after that day. Check both dates."
    return problems


def contact(scheme_id: int, volunteer_id: int, person: Person) -> str:
    """Return whom to call for a volunteer in an emergency, for those who look after the scheme. Raises NotFound."""
    return _with_contact(find(scheme_id, volunteer_id, person).id).emergency_contact


def contact_mark(scheme_id: int, volunteer_id: int, person: Person) -> str:
    """Return what the page of a contact says to prove which contact it knew."""
    return mark_of(_with_contact(find(scheme_id, volunteer_id, person).id), ("id", "emergency_contact"))


def _with_contact(volunteer_id: int) -> SpeedVolunteer:
    """Return a volunteer with the contact, which no other look at volunteers reads."""
    query = select(SpeedVolunteer).where(SpeedVolunteer.id == volunteer_id)
    loaded = query.options(undefer(SpeedVolunteer.emergency_contact))
    return db.session.execute(loaded.execution_options(populate_existing=True)).scalar_one()


def set_contact(scheme_id: int, volunteer_id: int, words: str, seen: str, person: Person) -> None:
    """Let a volunteer's emergency contact be this, or none. History says that it changed, never to what.

    Raises NotFound, Refused for one that is too long, Stale when somebody changed it since the page was made.
    """
    if len(words) > CONTACT_MOST:
        raise Refused({"contact": f"Shorten it to {CONTACT_MOST} characters or fewer."})
    with taken_once({}) as session:
        scheme_changes.locked(session, scheme_id, person)
        found_in(session, SpeedVolunteer, scheme_id, volunteer_id)
        volunteer = _with_contact(volunteer_id)
        if mark_of(volunteer, ("id", "emergency_contact")) != seen:
            raise Stale
        had, volunteer.emergency_contact = bool(volunteer.emergency_contact), words
        after = {"volunteer": volunteer_id, "has_contact": bool(words)}
        note(session, scheme_id, CONTACT_CHANGED, person, before={"has_contact": had}, after=after)
