"""The tables of the quarterly return: what each line counts, and which records or steps it opens (field-facts 2.10)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from webapp.rules.codes import CodeList, enforcement
from webapp.rules.codes import fly_tipping as codes
from webapp.rules.periods import Period, month_after
from webapp.services.enforcement_steps import StepFilters
from webapp.services.filters import NONE, Filters

# What these cost to clear the council tells itself; for what is smaller Defra has standard costs (field-facts 2.5).
COSTED = ("tipper_lorry", "significant_multiple")
TOGETHER = "Together"

# How many there are, or how much, by what is counted, its value, and the number of the month in the quarter.
Tally = Counter[tuple[str, str, int]]


# What a figure opens: the list of records, or that of enforcement steps.
Opened = Filters | StepFilters


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure and what it opens."""

    value: int
    opens: Opened


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: a figure for each month, then the quarter's; money is in pence."""

    label: str
    months: Sequence[Cell]
    quarter: Cell
    is_money: bool = False

    @property
    def cells(self) -> Sequence[Cell]:
        """All its figures, the quarter's last."""
        return (*self.months, self.quarter)


@dataclass(frozen=True, slots=True)
class Table:
    """One part of the return; `note` says how to read it. Where lines add up, the line `TOGETHER` is their sum."""

    name: str
    title: str
    note: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Counts:
    """The months of a quarter with what was counted in each."""

    period: Period
    tally: Tally

    def line(
        self, label: str, what: str, values: Iterable[str], opens: Opened, is_money: bool = False
    ) -> Line:
        """Return the line that counts these values together and opens what `opens` narrows to, month by month."""
        known = tuple(values)
        sums = [
            sum(self.tally[what, value, number] for value in known)
            for number in range(len(self.period.months))
        ]
        spans = [(first, month_after(first, 1) - timedelta(days=1)) for first in self.period.months]
        cells = [
            Cell(value, replace(opens, since=first, until=last))
            for value, (first, last) in zip(sums, spans, strict=True)
        ]
        quarter = replace(opens, since=self.period.first, until=self.period.last)
        return Line(label, cells, Cell(sum(sums), quarter), is_money)

    def lines(
        self,
        what: str,
        listed: CodeList,
        opens: Opened,
        *,
        part: str,
        may_be_unknown: bool = False,
        is_money: bool = False,
    ) -> list[Line]:
        """Return a line for each value of a list, which narrows `part` of what is opened, and their sum."""
        labels = {code.value: code.label for code in listed} | ({NONE: "Not known"} if may_be_unknown else {})
        return [
            *(
                self.line(label, what, [value], _narrowed(opens, part, value), is_money)
                for value, label in labels.items()
            ),
            self.line(TOGETHER, what, labels, opens, is_money),
        ]


def _narrowed(opens: Opened, part: str, value: str) -> Opened:
    change: dict[str, Any] = {part: value}
    return replace(opens, **change)


def incident_tables(counts: Counts, basis: str) -> list[Table]:
    """Return the tables of incidents: by land, by waste, by size, and what the largest cost to clear."""
    every, cleared = Filters(basis=basis), Filters(basis=basis, cleared="yes")
    return [
        Table(
            "Land",
            "Incidents by land type",
            "An incident belongs to the month in which it was first reported.",
            counts.lines("land_type", codes.LAND_TYPES, every, part="land_type", may_be_unknown=True),
        ),
        Table(
            "Waste",
            "Incidents by waste type",
            "Each incident has one main type of waste, so these add up to the same as the land types.",
            counts.lines("main_waste", codes.WASTE_TYPES, every, part="main_waste", may_be_unknown=True),
        ),
        Table(
            "Size",
            "Cleared incidents by size",
            "Size is returned only for what has been cleared, because whoever clears it sees how much it is. These "
            "need not add up to as many as the land or waste types, and should not be made to. What is cleared later "
            "is added to the month in which it was reported.",
            counts.lines("size", codes.SIZES, cleared, part="size", may_be_unknown=True),
        ),
        Table(
            "Clearing costs",
            "Cost of clearing the largest",
            "Only for tipper lorry loads and more: for smaller ones Defra has standard costs. Where no cost was noted, "
            "nothing is added.",
            [line for size in COSTED for line in _costs(counts, replace(cleared, size=size), size)],
        ),
    ]


def _costs(counts: Counts, opens: Filters, size: str) -> Sequence[Line]:
    label = codes.SIZES.label(size)
    noted, missing = replace(opens, cost="noted"), replace(opens, cost=NONE)
    return (
        counts.line(f"{label}: cost", "cost", [size], noted, is_money=True),
        counts.line(f"{label}: no cost noted", "not_noted", [size], missing),
    )


def step_tables(counts: Counts) -> list[Table]:
    """Return the tables of enforcement: actions and their cost, fixed penalties, prosecutions."""
    done, paid, decided = StepFilters("done"), StepFilters("paid"), StepFilters("outcome")
    return [
        Table(
            "Actions",
            "Enforcement actions",
            "Counted in the month in which they were done, whenever the incident was reported and whoever reported it.",
            counts.lines("step", enforcement.STEPS, done, part="step"),
        ),
        Table(
            "Action costs",
            "Cost of enforcement actions",
            "Actions whose cost was not noted add nothing here.",
            [
                *counts.lines("step_cost", enforcement.STEPS, done, part="step", is_money=True),
                counts.line("Actions with no cost noted", "without_cost", [""], replace(done, cost=NONE)),
            ],
        ),
        Table(
            "FPNs issued",
            "Fixed penalty notices issued",
            "Counted in the month of issue, also where one was cancelled or went to court afterwards.",
            counts.lines("issued", enforcement.PENALTIES, replace(done, step="fpn"), part="penalty"),
        ),
        Table(
            "FPNs paid",
            "Fixed penalty notices paid",
            "Counted in the month of payment, whenever they were issued.",
            counts.lines("paid", enforcement.PENALTIES, paid, part="penalty"),
        ),
        Table(
            "Prosecutions",
            "Prosecutions by outcome",
            "Counted in the month of the outcome, whenever they were begun.",
            counts.lines("outcome", enforcement.OUTCOMES, decided, part="outcome"),
        ),
    ]
