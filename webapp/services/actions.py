"""Writing lines of an audit's plan: what they propose, by hand or of what was observed, and their change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.action import Action, ActionLink, ActionObservation
from webapp.models.eva import Eva
from webapp.models.observation import Observation
from webapp.rules import actions as rules
from webapp.rules.clock import local_date
from webapp.rules.codes.actions import PRIORITIES, STATUSES
from webapp.rules.codes.agencies import AGENCIES
from webapp.rules.codes.eva import ENDED
from webapp.rules.codes.observation import SAME_DAY
from webapp.rules.errors import NotFound, Refused
from webapp.rules.eva import category
from webapp.rules.roles import Permission, Person
from webapp.services import action_log, lines
from webapp.services.transaction import one_commit
from webapp.services.urgent_lines import next_number

NO_TEXT = "Say what is to be done, beginning with a verb, such as “Remove graffiti, garage wall”."
NO_AGENCY = "Choose the owner from the list of agencies."
NO_DAY = "Enter by when it is to be done."
PAST = "By when cannot be in the past. Check the date."
TOO_FAR = "By when is more than 10 years ahead. Check the year."
NO_PRIORITY = "Choose a priority."
NOT_OF_THIS_WALK = "Something that was ticked is no observation of this audit any more. Tick again."
NOTHING_TICKED = "Tick what the line is about, then choose what to make of it."
TOLD_TO_STAFF = (
    "What you no longer tick keeps this line from residents. Write words for it that they may read."
)
HAS_ENDED = "This audit is over, so its plan takes no more lines. Open it again first."
MOST_YEARS = 10
# What a line's owner agreed to: when one of these changes, nobody has agreed to it any more.
AGREED_TO = ("text", "owner_agency", "by_when")


@dataclass(frozen=True, slots=True)
class Planned:
    """What a line says. `owner_agency` may be None until somebody is found."""

    text: str
    owner_agency: str | None
    by_when: date | None
    priority: str = "medium"
    owner_role: str = ""
    funding: str = ""
    observations: Sequence[UUID] = ()

    def columns(self) -> dict[str, Any]:
        """Return the columns of a line."""
        names = ("text", "owner_agency", "by_when", "priority", "owner_role", "funding")
        return {name: getattr(self, name) for name in names}


def proposed(observations: Sequence[Observation], today: date) -> Planned:
    """Return what a line about these observations proposes; an owner only where all have the same."""
    owners = {one.owner_agency for one in observations if one.owner_agency in AGENCIES}
    own = _own_levels()
    levels = [
        SAME_DAY if one.is_urgent else own.get(one.category, category(one.category).days)
        for one in observations
    ]
    return Planned(
        text=rules.task((one.category, one.place_text) for one in observations)[: rules.LONGEST_TEXT],
        owner_agency=owners.pop() if len(owners) == 1 else None,
        by_when=rules.by_when(levels, today),
        priority="high" if any(one.is_urgent for one in observations) else "medium",
        observations=tuple(one.id for one in observations),
    )


def _own_levels() -> dict[str, int]:
    """Return the partnership's own days by category; what it does not name keeps the example level."""
    parts = (part.partition("=") for part in current_app.config["ACTION_DAYS"].split())
    return {name: int(days) for name, _, days in parts}


def planned(line: Action, observations: Sequence[Observation]) -> Planned:
    """Return what a line says now."""
    return Planned(
        line.text,
        line.owner_agency,
        line.by_when,
        line.priority,
        line.owner_role,
        line.funding,
        tuple(one.id for one in observations),
    )


def add(reference: str, given: Planned, person: Person, capture_id: UUID) -> Action:
    """Add a line to an audit's plan and return it; the same page sent twice adds it once.

    Raises NotFound, Refused with a sentence for what is missing or makes no sense.
    """
    now = clock.now()
    with one_commit() as session:
        eva = _to_plan(session, reference, person)
        capture = action_log.begin(session, capture_id, person)
        known = action_log.written(session, capture)
        if known is not None:
            return session.get_one(Action, known.action_id)
        _refuse(given, problems(given, local_date(now)), session, eva.id)
        return propose(session, eva, given, person, now, capture)


def make_of(reference: str, ids: Sequence[UUID], person: Person, *, each: bool) -> list[Action]:
    """Make one line of the ticked observations, or a line of each, and return them.

    What has a line already gets no other: ticked twice, or by two officers, it is planned once. Then the lines that
    there are come back. Raises NotFound, Refused when nothing is ticked.
    """
    if not ids:
        raise Refused({"observations": NOTHING_TICKED})
    now = clock.now()
    with one_commit() as session:
        eva = _to_plan(session, reference, person)
        ticked = lines.observations_of(session, eva.id, ids)
        if len(ticked) < len(set(ids)):
            raise Refused({"observations": NOT_OF_THIS_WALK})
        query = select(ActionObservation).where(
            ActionObservation.observation_id.in_([one.id for one in ticked])
        )
        known = {link.observation_id: link.action_id for link in session.scalars(query)}
        new = [one for one in ticked if one.id not in known]
        if not new:
            return [session.get_one(Action, action_id) for action_id in sorted(set(known.values()))]
        groups = [[one] for one in new] if each else [new]
        today = local_date(now)
        return [propose(session, eva, proposed(group, today), person, now) for group in groups]


def _to_plan(session: Session, reference: str, person: Person) -> Eva:
    """Return the audit whose plan is written, held so that two lines never get one number. Raises NotFound, Refused."""
    eva = session.scalar(select(Eva).where(Eva.reference == reference))
    if eva is None or not person.may(Permission.PLAN_ACTIONS):
        raise NotFound
    session.refresh(eva, with_for_update={"key_share": True})
    if eva.status in ENDED:
        raise Refused({"plan": HAS_ENDED})
    return eva


def propose(
    session: Session, eva: Eva, given: Planned, person: Person, now: datetime, capture: Any = None
) -> Action:
    """Write a new line of an audit's plan with the first entry of its log, in the caller's commit."""
    number = next_number(session, eva.id)
    columns = {**given.columns(), "status": "proposed", "created_at": now, "created_by_id": person.id}
    line = Action(eva_id=eva.id, number=number, **columns)
    session.add(line)
    session.flush()
    _link(session, line, given.observations)
    action_log.write(session, line, "propose", person, now, capture=capture)
    return line


def _link(session: Session, line: Action, ids: Sequence[UUID]) -> None:
    """Let a line answer these observations, and still what it answers that was taken back.

    No page offers that, and the line's words may go on naming its place, or what staff alone may know.
    """
    standing = select(Observation.id).where(Observation.removed_at.is_(None))
    of_line = (ActionObservation.action_id == line.id, ActionObservation.observation_id.in_(standing))
    session.execute(delete(ActionObservation).where(*of_line))
    session.add_all(ActionObservation(action_id=line.id, observation_id=one) for one in dict.fromkeys(ids))
    session.flush()


def problems(given: Planned, today: date, line: Action | None = None) -> dict[str, str]:
    """Return a sentence for each part of a line that is missing or makes no sense; `line` is the one that changes."""
    found = {}
    if not given.text.strip():
        found["text"] = NO_TEXT
    if given.owner_agency is not None and given.owner_agency not in AGENCIES:
        found["owner_agency"] = NO_AGENCY
    if given.by_when is None:
        found["by_when"] = NO_DAY
    elif given.by_when < today and (line is None or line.by_when != given.by_when):
        found["by_when"] = PAST
    elif given.by_when.year > today.year + MOST_YEARS:
        found["by_when"] = TOO_FAR
    if given.priority not in PRIORITIES:
        found["priority"] = NO_PRIORITY
    return found


def _refuse(given: Planned, found: dict[str, str], session: Session, eva_id: UUID) -> None:
    known = lines.observations_of(session, eva_id, given.observations)
    if len(known) < len(set(given.observations)):
        found = {**found, "observations": NOT_OF_THIS_WALK}
    if found:
        raise Refused(found)


def edit(action_id: int, given: Planned, seen: int | None, person: Person, capture_id: UUID) -> Action:
    """Change what a line says; with other words, another owner or date it is proposed again: nobody agreed to that.

    Raises NotFound, Stale when it changed since the page was made, Refused.
    """
    if not person.may(Permission.PLAN_ACTIONS):
        raise NotFound
    now = clock.now()
    with one_commit() as session:
        line = lines.locked(session, action_id, person)
        capture = action_log.begin(session, capture_id, person)
        if action_log.is_written(session, capture, line):
            return line
        lines.refuse_stale(session, line, seen)
        if line.status not in rules.OPEN:
            raise Refused({"line": ended(line)})
        answered = lines.answered(session, line.id)
        found = {**problems(given, local_date(now), line), **_made_public(line, answered, given)}
        _refuse(given, found, session, line.eva_id)
        changed = {name: value for name, value in given.columns().items() if getattr(line, name) != value}
        after: dict[str, Any] = {
            name: changed[name] for name in ("owner_agency", "priority") if name in changed
        }
        if was := _as_it_was(line, answered, given):
            after["was"] = was
        for name, value in changed.items():
            setattr(line, name, value)
        if "by_when" in changed:
            after["by_when"] = line.by_when.isoformat()
        if line.status != "proposed" and any(name in changed for name in AGREED_TO):
            line.status, line.agreed_on = "proposed", None
            after["status"] = "proposed"
        # Asked of the database once the line makes sense as a whole: nobody's agreement would be refused there.
        if "owner_agency" in changed:
            _end_links(session, line, now)
        _link(session, line, given.observations)
        action_log.write(session, line, "edit", person, now, capture=capture, after=after)
        return line


def _made_public(line: Action, answered: Sequence[Observation], given: Planned) -> dict[str, str]:
    """Return a sentence where words that were written for staff alone would be shown to residents from now on."""
    ticked = set(given.observations)
    secret = [one for one in answered if not category(one.category).is_public]
    if any(one.id in ticked for one in secret) or given.text != line.text:
        return {}
    return {"text": TOLD_TO_STAFF} if secret else {}


def _as_it_was(line: Action, answered: Sequence[Observation], given: Planned) -> dict[str, Any]:
    """Return what a change takes from a line for good: its words, and the numbers of what it answers."""
    was = {name: getattr(line, name) for name in ("text", "owner_role", "funding")}
    lost = {name: value for name, value in was.items() if value != getattr(given, name)}
    if {one.id for one in answered} != set(given.observations):
        lost["observations"] = [one.number for one in answered]
    return lost


def _end_links(session: Session, line: Action, now: datetime) -> None:
    """Let links end that were sent to the owner before: it has nothing to answer for any more."""
    unused = (ActionLink.action_id == line.id, ActionLink.used_at.is_(None), ActionLink.runs_out_at > now)
    session.execute(update(ActionLink).where(*unused).values(runs_out_at=now))


def ended(line: Action) -> str:
    """Return why nothing of the kind can be done with a line as it is now."""
    state = STATUSES.label(line.status).lower()
    return f"This line is “{state}” now, so that can no longer be done. Go back to see what happened to it."


def to_choose_from(eva: Eva) -> list[Observation]:
    """Return what a line of an audit's plan may be about, in order."""
    query = select(Observation).where(Observation.eva_id == eva.id, Observation.removed_at.is_(None))
    return list(db.session.scalars(query.order_by(Observation.number)))
