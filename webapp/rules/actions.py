"""Lines of an EVA's action plan: states, who may take which step, when one is late, and the 80% (field-facts 1.8).

Action Plan 4.2 asks that each EVA's plan is at least 80% completed.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from webapp.rules.codes.actions import TASKS
from webapp.rules.periods import month_after
from webapp.rules.roles import Permission, Person
from webapp.rules.shares import in_per_cent

LONGEST_TEXT = 1000
PASS_MARK = Fraction(80)
FAR_MONTHS = 6
# Where no level says within how many days, a new line proposes as many as most of them have.
USUAL_DAYS = 28
COMPLETED = frozenset({"completed", "verified"})
OPEN = frozenset({"proposed", "agreed", "in_progress"})
# Who has completed something waits for somebody else to look at it, and for nothing of their own.
ENDED = frozenset({"completed", "verified", "not_feasible", "withdrawn", "transferred"})
NOT_COUNTED = "withdrawn"


class Need(StrEnum):
    """What a step asks for."""

    OWNER = "an owner and a date"
    REASON = "a reason"
    DAY = "the day it was done"
    PLAN = "the plan it goes to"
    NOT_OWNER = "somebody other than the owner"


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed step of a line: from any of `before` to `after`, by whoever holds the permission."""

    name: str
    label: str
    before: frozenset[str]
    after: str
    permission: Permission
    needs: tuple[Need, ...] = ()


# Its owner says yes before anything counts as promised; an officer writes down what they said at a meeting.
STEPS = (
    Step(
        "agree", "Agree to do it", frozenset({"proposed"}), "agreed", Permission.ANSWER_ACTIONS, (Need.OWNER,)
    ),
    Step("begin", "Say that it has begun", frozenset({"agreed"}), "in_progress", Permission.ANSWER_ACTIONS),
    Step(
        "complete",
        "Say that it is done",
        frozenset({"agreed", "in_progress"}),
        "completed",
        Permission.ANSWER_ACTIONS,
        (Need.DAY,),
    ),
    Step(
        "verify",
        "Confirm that it is done",
        frozenset({"completed"}),
        "verified",
        Permission.VERIFY_ACTIONS,
        (Need.NOT_OWNER,),
    ),
    Step(
        "send_back",
        "It is not done yet",
        frozenset({"completed", "verified"}),
        "in_progress",
        Permission.VERIFY_ACTIONS,
        (Need.REASON, Need.NOT_OWNER),
    ),
    Step(
        "refuse",
        "It cannot be done",
        OPEN,
        "not_feasible",
        Permission.ANSWER_ACTIONS,
        (Need.REASON,),
    ),
    Step("transfer", "Pass it to another plan", OPEN, "transferred", Permission.PLAN_ACTIONS, (Need.PLAN,)),
    Step("withdraw", "Withdraw it", OPEN, "withdrawn", Permission.PLAN_ACTIONS, (Need.REASON,)),
    Step(
        "reopen",
        "Propose it again",
        frozenset({"not_feasible", "withdrawn", "transferred"}),
        "proposed",
        Permission.PLAN_ACTIONS,
        (Need.REASON,),
    ),
)
BY_NAME = {step.name: step for step in STEPS}
# What somebody most likely does next, by the state that the line is in.
NEXT = {"proposed": "agree", "agreed": "complete", "in_progress": "complete", "completed": "verify"}


def steps_of(status: str, person: Person, owner: str | None, completed_by: int | None) -> tuple[Step, ...]:
    """Return the steps that a person may take with a line in this state, in the order in which they are offered.

    `owner` is the agency that answers for the line, `completed_by` who said that it was done.
    """
    allowed = (step for step in STEPS if status in step.before and may_take(step, person, owner))
    checks = may_verify(person, owner, completed_by)
    return tuple(step for step in allowed if Need.NOT_OWNER not in step.needs or checks)


def may_take(step: Step, person: Person, owner: str | None) -> bool:
    """Return whether somebody may take a step at all: for an agency only its own people answer, and officers.

    >>> both = Person(id=1, roles=("partner", "warden"), agency="kcc_highways")
    >>> may_take(BY_NAME["agree"], both, "kcc_highways"), may_take(BY_NAME["agree"], both, "kent_police")
    (True, False)
    """
    answers = step.permission is Permission.ANSWER_ACTIONS
    is_theirs = person.may(Permission.PLAN_ACTIONS) or (owner is not None and person.agency == owner)
    return person.may(step.permission) and (is_theirs or not answers)


def may_verify(person: Person, owner: str | None, completed_by: int | None) -> bool:
    """Return whether somebody may say whether a line is done: not its owner, and not whoever said that it was.

    >>> may_verify(Person(id=1, roles=("officer",), agency="csu"), "kcc_highways", 2)
    True
    >>> may_verify(Person(id=1, roles=("officer",), agency="csu"), "csu", 2)
    False
    """
    is_owner = owner is not None and person.agency == owner
    return person.id is not None and not is_owner and person.id != completed_by


def is_overdue(status: str, by_when: date | None, today: date) -> bool:
    """Return whether a line is late: computed each time and never kept, since a day alone changes it.

    >>> by_when = date(2026, 11, 22)
    >>> is_overdue("agreed", by_when, date(2026, 11, 23)), is_overdue("agreed", by_when, by_when)
    (True, False)
    """
    return status in OPEN and by_when is not None and by_when < today


def is_far(by_when: date, today: date) -> bool:
    """Return whether a date is more than six months off, which asks for another thought (field-facts 1.8).

    >>> is_far(date(2027, 5, 29), date(2026, 11, 29)), is_far(date(2027, 5, 30), date(2026, 11, 29))
    (False, True)
    """
    month = month_after(today, FAR_MONTHS)
    last = month_after(month, 1) - timedelta(days=1)
    return by_when > min(month + timedelta(days=today.day - 1), last)


def by_when(levels: Collection[int | None], today: date) -> date:
    """Return the day that a new line proposes: the shortest of its observations' levels, in days from today.

    >>> by_when([28, 3, None], date(2026, 11, 22)), by_when([None], date(2026, 11, 22))
    (datetime.date(2026, 11, 25), datetime.date(2026, 12, 20))
    """
    return today + timedelta(days=min((days for days in levels if days is not None), default=USUAL_DAYS))


def task(seen: Iterable[tuple[str, str]]) -> str:
    """Return what a new line proposes to do about observations, each its category and the words of its place.

    >>> task([("graffiti", "garage wall"), ("graffiti", "bus stop"), ("litter", "")])
    'Remove graffiti, garage wall; bus stop. Clear litter'
    """
    places: dict[str, list[str]] = {}
    for category, place in seen:
        known = places.setdefault(TASKS.get(category, TASKS["other"]), [])
        if place and place not in known:
            known.append(place)
    return ". ".join(", ".join(filter(None, (to_do, "; ".join(where)))) for to_do, where in places.items())


@dataclass(frozen=True, slots=True)
class Completion:
    """How far an EVA's plan is: `done` of `lines`, and how many of the done ones somebody else has `verified`."""

    done: int
    lines: int
    verified: int

    @property
    def percent(self) -> Fraction | None:
        """The share that is done, None where there is no plan."""
        return Fraction(100 * self.done, self.lines) if self.lines else None

    @property
    def words(self) -> str:
        """The share in words, cut: 39 of 49 is 79.5%, which is not 80%."""
        return in_per_cent(self.done, self.lines) if self.lines else "no plan"

    @property
    def passes(self) -> bool | None:
        """Whether the plan has reached 80%; None where there is no plan, which passes nothing."""
        return None if self.percent is None else self.percent >= PASS_MARK


def completion(statuses: Iterable[str]) -> Completion:
    """Return how far a plan is: completed and verified over all lines but the withdrawn ones.

    What is not feasible or was passed on stays in, otherwise a plan could be finished by refusing the work.

    >>> completion(["verified"] * 8 + ["not_feasible", "agreed"]).passes
    True
    >>> completion(["completed"] * 39 + ["agreed"] * 10).passes
    False
    >>> completion(["withdrawn"]).passes is None
    True
    """
    counted = [status for status in statuses if status != NOT_COUNTED]
    done = sum(status in COMPLETED for status in counted)
    return Completion(done, len(counted), counted.count("verified"))
