"""What became of the demo's action plans: lines made of observations, agreed, worked on, completed and verified."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.extensions import clock
from webapp.models.action import Action, ActionObservation, ActionUpdate
from webapp.models.eva import Eva
from webapp.models.notice import Notice
from webapp.models.observation import Observation
from webapp.rules import actions as action_rules
from webapp.rules.clock import LONDON, local_date
from webapp.rules.eva import category
from webapp.rules.roles import Person
from webapp.services import actions, walks
from webapp.services.actions import Planned
from webapp.services.transaction import one_commit

AT = time(11, 0)
# How long after the walk each step is taken, and residents hear what became of it.
AGREED_AFTER, TOLD_AFTER = timedelta(days=6), timedelta(days=35)
AFTER = {
    "agree": AGREED_AFTER,
    "begin": timedelta(days=10),
    "complete": timedelta(days=20),
    "verify": timedelta(days=27),
    "refuse": timedelta(days=10),
}
LEADS_TO = {
    "agree": "agreed",
    "begin": "in_progress",
    "complete": "completed",
    "verify": "verified",
    "refuse": "not_feasible",
}
WAYS = {
    "agreed": ("agree",),
    "in_progress": ("agree", "begin"),
    "completed": ("agree", "begin", "complete"),
    "verified": ("agree", "begin", "complete", "verify"),
    "not_feasible": ("agree", "refuse"),
}
REFUSED = "There is no supply of electricity here, and the cost is out of reach this year."


@dataclass(frozen=True, slots=True)
class Plan:
    """How far a plan is: `done` of its lines, `verified` of those; `is_over` says that residents were told."""

    done: int
    verified: int
    is_over: bool = False


def work_on(eva_id: UUID, plan: Plan, officer: Person, warden: Person) -> None:
    """Write an audit's lines and take them as far as the plan says; one of the others cannot be done."""
    with one_commit() as session:
        eva = session.get_one(Eva, eva_id, populate_existing=True)
        seen = [one for one in walks.observations_of([eva]) if one.category != "positive"]
        lines = _lines(session, eva, seen, officer)
        for number, line in enumerate(lines):
            _take(session, line, eva.held_on, _state(number, plan, len(lines)), officer, warden)
        _end(eva, plan)
        # Who had to hear of an urgent line heard of it on that day.
        told = update(Notice).where(Notice.action_id.in_([line.id for line in lines]), Notice.state == "owed")
        session.execute(told.values(state="accepted", accepted_at=Notice.created_at))


def _state(number: int, plan: Plan, lines: int) -> str:
    if number < plan.done:
        return "verified" if number < plan.verified else "completed"
    if number == lines - 1:
        return "not_feasible"
    return "in_progress" if number % 2 else "agreed"


def _lines(session: Session, eva: Eva, seen: Sequence[Observation], officer: Person) -> list[Action]:
    """Return a line for each observation; those that are urgent have made theirs when they arrived."""
    at = _at(eva.held_on + timedelta(days=1))
    made = list(session.scalars(select(Action).where(Action.eva_id == eva.id).order_by(Action.number)))
    answered = set(
        session.scalars(
            select(ActionObservation.observation_id).where(
                ActionObservation.action_id.in_([line.id for line in made])
            )
        )
    )
    for one in seen:
        if one.id in answered:
            continue
        planned = Planned(
            action_rules.task([(one.category, one.place_text)]),
            one.owner_agency,
            action_rules.by_when([category(one.category).days], eva.held_on + AGREED_AFTER),
            priority="high" if one.severity == "3" else "medium",
            funding="Existing resources",
            observations=[one.id],
        )
        made.append(actions.propose(session, eva, planned, officer, at))
    return made


def _take(
    session: Session, line: Action, held_on: date, status: str, officer: Person, warden: Person
) -> None:
    """Take a line from proposed to its state, each step on its day and written down."""
    steps = WAYS[status]
    days = {step: _day(held_on + after) for step, after in AFTER.items()}
    line.status, line.agreed_on = status, days["agree"]
    if "complete" in steps:
        line.completed_on, line.completed_by_id = days["complete"], officer.id
    if "verify" in steps:
        line.verified_on, line.verified_by_id = days["verify"], warden.id
    if "refuse" in steps:
        line.reason = REFUSED
    for step in steps:
        by = warden if step == "verify" else officer
        words = REFUSED if step == "refuse" else ""
        session.add(
            ActionUpdate(
                action_id=line.id,
                at=_at(days[step]),
                by_id=by.id,
                step=step,
                words=words,
                after={"status": LEADS_TO[step]},
            )
        )


def _end(eva: Eva, plan: Plan) -> None:
    eva.plan_agreed_on = _day(eva.held_on + AGREED_AFTER)
    eva.status = "agreed"
    if plan.is_over:
        eva.fed_back_on = _day(eva.held_on + TOLD_AFTER)
        eva.published_at = eva.closed_at = _at(eva.fed_back_on)
        eva.status = "finished"


def _day(day: date) -> date:
    """Return a day, yesterday where it has not come yet: a demo of early April is as whole as any."""
    return min(day, local_date(clock.now()) - timedelta(days=1))


def _at(day: date) -> datetime:
    return datetime.combine(_day(day), AT, tzinfo=LONDON)
