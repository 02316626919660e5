"""What an audit found: the indicator of each element, what changed since the walk before, and how safe people feel."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.action import Action
from webapp.models.eva import Eva, EvaPrompt, EvaTransect
from webapp.models.observation import Observation
from webapp.rules import actions as action_rules
from webapp.rules import eva as rules
from webapp.rules import grades
from webapp.rules.actions import Completion
from webapp.rules.codes.eva import PROMPTS
from webapp.rules.codes.grades import ELEMENTS, GRADES
from webapp.rules.codes.observation import CATEGORIES
from webapp.rules.feelings import Feeling, feeling
from webapp.rules.grades import Indicator
from webapp.services import walks
from webapp.services.audits import Audit


@dataclass(frozen=True, slots=True)
class Element:
    """What the transects say of one element, now and on the walk before, beside the land use's national share."""

    label: str
    now: Indicator
    before: Indicator | None
    benchmark: tuple[str, int] | None

    @property
    def change(self) -> str:
        """What became of it since the walk before, in a word; empty where one of the two says nothing."""
        before = self.before.percent if self.before else None
        if self.now.percent is None or before is None:
            return ""
        if self.now.percent == before:
            return "the same"
        return "better" if self.now.percent < before else "worse"


@dataclass(frozen=True, slots=True)
class Seen:
    """How many observations a category has, now and on the walk before; `before` is None without one."""

    category: str
    now: int
    before: int | None


@dataclass(frozen=True, slots=True)
class Before:
    """The walk before: which one it was, how much it saw, and how far its plan is."""

    eva: Eva
    observations: Sequence[Observation]
    transects: Sequence[EvaTransect]
    completion: Completion


@dataclass(frozen=True)
class Results:
    """What an audit found, counted from what belongs to it."""

    audit: Audit
    before: Before | None

    @cached_property
    def elements(self) -> list[Element]:
        """Each element's indicator: from transects alone, since observations were picked because they are bad."""
        land_uses = [one.land_use for one in self.audit.transects]
        return [
            Element(
                code.label,
                _indicator(code.value, self.audit.transects),
                _indicator(code.value, self.before.transects) if self.before else None,
                grades.benchmark(code.value, land_uses),
            )
            for code in ELEMENTS
        ]

    @cached_property
    def grades_seen(self) -> list[tuple[str, list[int], int]]:
        """Each element's label, how many observations have each grade, and how many were not graded."""
        counts = Counter((rules.category(one.category).element, one.grade) for one in self.audit.observations)
        return [
            (code.label, [counts[code.value, grade] for grade in GRADES.values], counts[code.value, None])
            for code in ELEMENTS
        ]

    @cached_property
    def seen(self) -> list[Seen]:
        """The categories that either walk has, the most frequent of this one first."""
        now = _by_category(self.audit.observations)
        before = _by_category(self.before.observations) if self.before else Counter[str]()
        order = sorted(
            (code.value for code in CATEGORIES if now[code.value] or before[code.value]),
            key=lambda value: (-now[value], -before[value]),
        )
        return [Seen(value, now[value], before[value] if self.before else None) for value in order]

    @cached_property
    def by_day(self) -> Feeling:
        """How safe people feel by day."""
        return feeling(one.by_day for one in self.audit.feelings)

    @cached_property
    def after_dark(self) -> Feeling:
        """How safe people feel after dark."""
        return feeling(one.after_dark for one in self.audit.feelings)

    @cached_property
    def prompts(self) -> list[EvaPrompt]:
        """What was answered about designing out crime, in the order of the list."""
        order = PROMPTS.values
        answered = [one for one in self.audit.prompts if one.answer or one.note]
        return sorted(answered, key=lambda one: order.index(one.prompt))

    @property
    def weaknesses(self) -> list[EvaPrompt]:
        """The prompts that were answered with no: weaknesses of the place."""
        return [one for one in self.prompts if one.answer == "no"]


def _indicator(element: str, transects: Iterable[EvaTransect]) -> Indicator:
    return grades.indicator(element, (getattr(one, element) for one in transects))


def _by_category(observations: Iterable[Observation]) -> Counter[str]:
    return Counter(one.category for one in observations)


def of(audit: Audit) -> Results:
    """Return what an audit found, beside the walk before where it names one."""
    return Results(audit, _before(audit.previous) if audit.previous else None)


def _before(eva: Eva) -> Before:
    session = db.session
    statuses = session.scalars(select(Action.status).where(Action.eva_id == eva.id))
    return Before(
        eva,
        walks.observations_of([eva]),
        session.scalars(select(EvaTransect).where(EvaTransect.eva_id == eva.id)).all(),
        action_rules.completion(statuses),
    )
