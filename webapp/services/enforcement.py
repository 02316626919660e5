"""Enforcement on a fly-tip: steps with their cost, the life of a fixed penalty, what a court decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.models.enforcement import EnforcementStep, PenaltyChange
from webapp.models.record import Record
from webapp.rules import enforcement as rules
from webapp.rules.clock import local_date
from webapp.rules.errors import NotFound
from webapp.rules.roles import Person
from webapp.services.enforcement_steps import STANDS
from webapp.services.restricted import Writing, refuse, with_writers, writing

ISSUED = "issued"
STRUCK = "This step was struck out, so nothing more can be written about it."
HAS_OUTCOME = "The outcome of this prosecution is written down already. Go back to read it."


@dataclass(frozen=True, slots=True)
class Step:
    """What an officer did; a fixed penalty notice says which kind, and how much where that is known."""

    step: str
    done_on: date
    cost_pence: int | None = None
    note: str = ""
    penalty: str | None = None
    penalty_pence: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a fixed penalty, and on which London date."""

    state: str
    changed_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a court decided; money is in pence, None where it is not known or there is none."""

    outcome: str
    outcome_on: date
    court: str | None = None
    fine_pence: int | None = None
    costs_pence: int | None = None
    compensation_pence: int | None = None


@dataclass(frozen=True, slots=True)
class Strike:
    """Why a step should never have been written."""

    reason: str


@dataclass(frozen=True, slots=True)
class StepWithLife:
    """A step with who wrote it, and the changes of its penalty, oldest first, with who wrote each."""

    step: EnforcementStep
    by: str | None
    life: Sequence[tuple[PenaltyChange, str | None]]

    @property
    def may_become(self) -> tuple[str, ...]:
        """The states that its penalty may go to; none for other steps."""
        return may_become(self.step)

    @property
    def lacks_outcome(self) -> bool:
        """Whether it is a prosecution of which nobody wrote the outcome."""
        return lacks_outcome(self.step)


def may_become(step: EnforcementStep) -> tuple[str, ...]:
    """Return the states that a step's penalty may go to: none for other steps, and for what was struck out."""
    return () if step.struck_at else rules.may_become(step.penalty_state)


def lacks_outcome(step: EnforcementStep) -> bool:
    """Return whether a step is a prosecution that stands and of which nobody wrote the outcome."""
    return step.step == "prosecution" and not (step.outcome or step.struck_at)


def add_step(reference: str, given: Step, person: Person, seen: int | None = None) -> None:
    """Write a step. Raises NotFound, Stale, and Refused with a sentence for what does not fit."""
    with writing(reference, person, seen) as making:
        problems = rules.step_problems(given.step, given.penalty, given.penalty_pence)
        refuse({**problems, "done_on": rules.day_problem(given.done_on, local_date(making.now))})
        step = EnforcementStep(
            record_id=making.tip.id,
            step=given.step,
            done_on=given.done_on,
            cost_pence=given.cost_pence,
            note=given.note,
            penalty=given.penalty,
            penalty_pence=given.penalty_pence,
            penalty_state=ISSUED if given.penalty else None,
            by_id=person.id,
            written_at=making.now,
        )
        making.session.add(step)
        if given.penalty:
            making.session.flush()
            _add_change(making, step, Change(ISSUED, given.done_on))
        making.note("enforcement_step_added", {"step": given.step, "penalty": given.penalty})


def change_penalty(
    reference: str, step_id: int, given: Change, person: Person, seen: int | None = None
) -> None:
    """Write what became of a fixed penalty. Raises NotFound, Stale, Refused when it cannot, or not on that day."""
    with writing(reference, person, seen) as making:
        step = _standing(making, "state", step_id, "fpn")
        before = step.penalty_state
        last = _last_change(making.session, step)
        since = f"the penalty became “{rules.PENALTY_STATES.label(last.state)}”"
        today = local_date(making.now)
        refuse(
            {
                "state": rules.change_problem(before, given.state),
                "changed_on": rules.day_problem(given.changed_on, today, last.changed_on, since),
            }
        )
        step.penalty_state = given.state
        step.paid_on = given.changed_on if given.state == "paid" else None
        _add_change(making, step, given)
        about = {"step": step.step, "penalty": step.penalty, "state": given.state}
        making.note("penalty_changed", about, {"state": before})


def add_outcome(
    reference: str, step_id: int, given: Outcome, person: Person, seen: int | None = None
) -> None:
    """Write what a court decided, once. Raises NotFound, Stale, Refused before the prosecution or a second time."""
    with writing(reference, person, seen) as making:
        step = _standing(making, "outcome", step_id, "prosecution")
        day = rules.day_problem(
            given.outcome_on, local_date(making.now), step.done_on, "the prosecution began"
        )
        refuse({"outcome": HAS_OUTCOME if step.outcome else None, "outcome_on": day})
        step.outcome, step.outcome_on, step.court = given.outcome, given.outcome_on, given.court
        step.fine_pence, step.costs_pence = given.fine_pence, given.costs_pence
        step.compensation_pence = given.compensation_pence
        making.note("court_outcome_added", {"step": step.step, "outcome": given.outcome})


def strike(reference: str, step_id: int, given: Strike, person: Person, seen: int | None = None) -> None:
    """Strike out a step that was written by mistake: it stays to be read and is counted nowhere.

    Raises NotFound, Stale, Refused without a reason or a second time.
    """
    with writing(reference, person, seen) as making:
        step = _standing(making, "reason", step_id)
        refuse({"reason": None if given.reason else rules.NEEDS_REASON})
        step.struck_at, step.struck_why = making.now, given.reason
        making.note("enforcement_step_struck", {"step": step.step})


def _standing(making: Writing, field: str, step_id: int, kind: str | None = None) -> EnforcementStep:
    """Return a step to write about. Raises NotFound; Refused beside a field when it was struck out."""
    step = _step(making.session, making.tip, step_id, kind)
    refuse({field: STRUCK if step.struck_at else None})
    return step


def _step(session: Session, tip: Record, step_id: int, kind: str | None = None) -> EnforcementStep:
    step = session.get(EnforcementStep, step_id, populate_existing=True)
    if step is None or step.record_id != tip.id or kind not in (None, step.step):
        raise NotFound
    return step


def _last_change(session: Session, step: EnforcementStep) -> PenaltyChange:
    query = select(PenaltyChange).where(PenaltyChange.step_id == step.id)
    return session.scalars(query.order_by(PenaltyChange.id.desc()).limit(1)).one()


def _add_change(making: Writing, step: EnforcementStep, given: Change) -> None:
    change = PenaltyChange(
        step_id=step.id,
        state=given.state,
        changed_on=given.changed_on,
        note=given.note,
        by_id=making.person.id,
        written_at=making.now,
    )
    making.session.add(change)


def find_step(tip: Record, step_id: int, kind: str | None = None) -> EnforcementStep:
    """Return a step of a record, of this kind where one is named. Raises NotFound."""
    return _step(db.session, tip, step_id, kind)


def steps_of(tip: Record) -> list[StepWithLife]:
    """Return a record's steps with the life of each penalty, in the order in which they were done."""
    own = EnforcementStep.record_id == tip.id
    steps = with_writers(EnforcementStep, own, order=(EnforcementStep.done_on,))
    changes = with_writers(PenaltyChange, PenaltyChange.step_id.in_([step.id for step, _ in steps]))
    return [
        StepWithLife(step, name, [change for change in changes if change[0].step_id == step.id])
        for step, name in steps
    ]


def count_of(tip: Record) -> int:
    """Return how many steps a record has, without what was struck out."""
    own = EnforcementStep.record_id == tip.id, STANDS
    return db.session.scalar(select(func.count()).select_from(EnforcementStep).where(*own)) or 0
