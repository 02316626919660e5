"""The figures about people who reported: told the outcome, and satisfied (field-facts 5.3 and 5.4).

Each is counted by the condition that the list of its records uses, so a figure opens exactly what it counts. Integers
only: whoever shows a share shows what it is of, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from webapp.extensions import clock, db
from webapp.models.record import Record
from webapp.rules.clock import local_date
from webapp.rules.codes.feedback import FEWEST_SHOWN
from webapp.rules.periods import Period
from webapp.services.filters import Filters, conditions
from webapp.services.reporter_filters import REPORTERS


@dataclass(frozen=True, slots=True)
class ReporterFigures:
    """How many reporters of what ended in a period; each name is the value of the filter that lists them.

    Told: `told` of `contactable`; `no_contact` stands apart. Satisfied: `satisfied` of `with_opinion`, which is
    `answered` without `dont_know`. Response rate: `asked_answered` of `asked`, who had the question by e-mail;
    `answered` has those as well who found the question on their own page.
    """

    contactable: int
    told: int
    not_told: int
    no_contact: int
    asked: int
    asked_answered: int
    answered: int
    with_opinion: int
    satisfied: int
    dont_know: int


@dataclass(frozen=True, slots=True)
class WardFigures:
    """The figures of one ward, None for no ward; with `are_answers_hidden`, what people answered is not to be shown."""

    ward_code: str | None
    figures: ReporterFigures
    are_answers_hidden: bool


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """The figures of all wards together, then of each that has any, records in no ward last."""

    together: ReporterFigures
    wards: Sequence[WardFigures]


def in_period(period: Period) -> Filters:
    """Return the filters of what ended in a period; `reporters` narrows them to one figure."""
    return Filters(ended_since=period.first, ended_until=period.last)


def of_period(period: Period) -> PeriodFigures:
    """Return the figures of what ended in a period: of all wards together, and of each that has any.

    Answers of too few people are hidden; where that would leave one ward alone, which the total would give away, the
    ward with the fewest answers after it is hidden too.
    """
    ended = conditions(in_period(period), local_date(clock.now()))
    rows = db.session.execute(
        select(Record.ward_code, *COUNTS).where(*ended).group_by(Record.ward_code)
    ).all()
    found = {
        row.ward_code: ReporterFigures(**{name: row._mapping[name] for name in REPORTERS}) for row in rows
    }
    hidden = hidden_wards({code: one.with_opinion for code, one in found.items()})
    ordered = sorted(found.items(), key=lambda item: (item[0] is None, item[0]))
    together = {name: sum(getattr(one, name) for one in found.values()) for name in REPORTERS}
    return PeriodFigures(
        ReporterFigures(**together), [WardFigures(code, one, code in hidden) for code, one in ordered]
    )


def hidden_wards(answers: Mapping[str | None, int]) -> set[str | None]:
    """Return the wards of which no answers may be shown, by how many people answered in each.

    >>> sorted(hidden_wards({"a": 2, "b": 9, "c": 7, "d": 0})), hidden_wards({"a": 5, "b": 6})
    (['a', 'c'], set())
    """
    few = {code for code, count in answers.items() if 0 < count < FEWEST_SHOWN}
    others = sorted((count, str(code), code) for code, count in answers.items() if count and code not in few)
    return few | {others[0][2]} if len(few) == 1 and others else few


COUNTS: Sequence[ColumnElement[Any]] = [
    func.count().filter(condition).label(name) for name, condition in REPORTERS.items()
]
