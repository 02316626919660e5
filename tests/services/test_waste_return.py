"""The quarterly return: every figure is as many as the list it opens, and as an independent count in SQL says."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text

from tests import returned
from tests.builders import submit
from tests.cast import Cast
from webapp.extensions import clock, db
from webapp.models.fly_tipping import FlyTip
from webapp.rules.periods import Period, read_period
from webapp.rules.roles import Person
from webapp.services import records, waste_return
from webapp.services.enforcement_steps import StepFilters
from webapp.services.filters import NONE, Filters
from webapp.services.return_tables import TOGETHER, Cell, Line, Table
from webapp.services.scope import write_scope

QUARTER = read_period("2026-Q3")
MONTHS = (
    ("2026-10-01", "2026-10-31"),
    ("2026-11-01", "2026-11-30"),
    ("2026-12-01", "2026-12-31"),
)
# Written by hand, from nothing that the product counts by.
INCIDENT = "r.scope NOT IN ('duplicate', 'not_found', 'not_fly_tip')"
JOINED = "FROM record r JOIN fly_tip f ON f.id = r.id WHERE r.reported_on BETWEEN :first AND :last"
STEP_DAYS = {"done": "done_on", "paid": "paid_on", "outcome": "outcome_on"}


@pytest.fixture
def owen(app: Flask, cast: Cast, noon: object) -> Iterator[Person]:
    """Owen, in an app with a quarter of records and enforcement."""
    person = cast.person("Owen")
    with app.app_context():
        returned.fill()
        yield person


def period() -> Period:
    assert QUARTER is not None
    return QUARTER


def table(made: waste_return.WasteReturn, name: str) -> Table:
    return next(one for one in made.tables if one.name == name)


def line(made: waste_return.WasteReturn, name: str, label: str) -> Line:
    return next(one for one in table(made, name).lines if one.label == label)


def counted(condition: str, what: str = "count(*)") -> list[int]:
    """Return an independent figure for each month of the quarter."""
    question = text(f"SELECT {what} {JOINED} AND {INCIDENT} AND {condition}")
    days = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in MONTHS]
    return [
        int(db.session.scalar(question.bindparams(first=_as_stored(first), last=_as_stored(last))) or 0)
        for first, last in days
    ]


def _as_stored(day: date) -> date | str:
    return day.isoformat() if db.engine.dialect.name == "sqlite" else day


def figures(one: Line) -> list[int]:
    return [cell.value for cell in one.months]


def steps_behind(opens: StepFilters) -> int:
    """Return how many steps the conditions of a figure leave, asked for by hand."""
    day = STEP_DAYS[opens.by]
    parts = {name: getattr(opens, name) for name in ("step", "penalty", "outcome") if getattr(opens, name)}
    wanted = "".join(f" AND {name} = :{name}" for name in parts)
    wanted += " AND cost_pence IS NULL" if opens.cost == NONE else ""
    question = text(f"SELECT count(*) FROM enforcement_step WHERE {day} BETWEEN :first AND :last{wanted}")  # noqa: S608
    assert opens.since is not None and opens.until is not None
    days = {"first": _as_stored(opens.since), "last": _as_stored(opens.until)}
    return int(db.session.scalar(question, {**days, **parts}) or 0)


@pytest.mark.parametrize("basis", waste_return.BASES)
def test_each_figure_is_as_many_as_the_list_that_it_opens(owen: Person, basis: str) -> None:
    made = waste_return.make(period(), basis)
    cells = [(one, cell) for table in made.tables for one in table.lines for cell in one.cells]
    wrong = [
        (one.label, cell) for one, cell in cells if not one.is_money and _behind(cell, owen) != cell.value
    ]
    wrong += [(reason, cell) for reason, cell in made.left_out if _behind(cell, owen) != cell.value]
    assert wrong == []
    assert sum(cell.value > 0 for _, cell in cells) > 150


def _behind(cell: Cell, person: Person) -> int:
    return (
        steps_behind(cell.opens)
        if isinstance(cell.opens, StepFilters)
        else records.search(cell.opens, person).total
    )


@pytest.mark.parametrize("basis", waste_return.BASES)
def test_what_clearing_cost_is_the_sum_over_the_records_that_the_figure_opens(
    owen: Person, basis: str
) -> None:
    made, sums = waste_return.make(period(), basis), []
    for one in table(made, "Clearing costs").lines:
        for cell in one.cells if one.is_money else ():
            assert isinstance(cell.opens, Filters)
            tips = [
                record for record in records.search(cell.opens, owen).records if isinstance(record, FlyTip)
            ]
            sums.append(cell.value)
            assert sum(tip.clearance_cost_pence or 0 for tip in tips) == cell.value
            assert all(tip.clearance_cost_pence is not None and tip.cleared_on for tip in tips)
    assert any(sums)


@pytest.mark.usefixtures("owen")
@pytest.mark.parametrize(
    ("name", "label", "condition"),
    [
        ("Land", "Highway", "f.land_type = 'highway'"),
        ("Land", "Not known", "f.land_type IS NULL"),
        ("Land", "Together", "1 = 1"),
        ("Waste", "Tyres", "f.main_waste = 'tyres'"),
        ("Waste", "Together", "1 = 1"),
        ("Size", "Tipper lorry load", "f.size = 'tipper_lorry' AND r.cleared_on IS NOT NULL"),
        ("Size", "Not known", "f.size IS NULL AND r.cleared_on IS NOT NULL"),
        ("Size", "Together", "r.cleared_on IS NOT NULL"),
    ],
)
def test_figures_agree_with_an_independent_count(name: str, label: str, condition: str) -> None:
    every = waste_return.make(period(), waste_return.INCIDENTS)
    public = waste_return.make(period(), waste_return.PUBLIC)
    assert figures(line(every, name, label)) == counted(condition)
    assert figures(line(public, name, label)) == counted(f"{condition} AND f.is_public_reported")
    assert line(every, name, label).quarter.value == sum(counted(condition))


@pytest.mark.usefixtures("owen")
def test_land_and_waste_have_the_same_sum_and_sizes_only_that_of_what_is_cleared() -> None:
    made = waste_return.make(period(), waste_return.INCIDENTS)
    land, waste, size = (figures(table(made, name).lines[-1]) for name in ("Land", "Waste", "Size"))
    assert land == waste and sum(size) < sum(land)
    assert "need not add up" in table(made, "Size").note


@pytest.mark.usefixtures("owen")
def test_enforcement_is_the_same_on_both_bases() -> None:
    every, public = (waste_return.make(period(), basis).tables[4:] for basis in waste_return.BASES)
    assert every[0].name == "Actions"
    assert [[figures(one) for one in part.lines] for part in every] == [
        [figures(one) for one in part.lines] for part in public
    ]


@pytest.mark.usefixtures("owen")
def test_costs_of_actions_are_those_of_the_month_in_which_they_were_done() -> None:
    made = waste_return.make(period(), waste_return.INCIDENTS)
    question = text("SELECT sum(cost_pence) FROM enforcement_step WHERE done_on BETWEEN :first AND :last")
    by_hand = [
        db.session.scalar(
            question,
            {
                "first": _as_stored(date.fromisoformat(first)),
                "last": _as_stored(date.fromisoformat(last)),
            },
        )
        for first, last in MONTHS
    ]
    assert figures(line(made, "Action costs", TOGETHER)) == by_hand
    assert line(made, "Action costs", "Actions with no cost noted").quarter.value > 0


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize(
    ("name", "found", "is_running"),
    [("2026-Q2", 1, False), ("2026-Q3", 1, True), ("2026-Q4", 0, True), ("2025-Q3", 0, False)],
)
def test_a_record_belongs_to_the_quarter_of_its_first_report(
    app: Flask, name: str, found: int, is_running: bool
) -> None:
    with app.app_context():
        for day in (date(2026, 9, 30), date(2026, 10, 1)):
            reference = submit().reference
            tip = db.session.query(FlyTip).filter_by(reference=reference).one()
            tip.reported_on = day
            write_scope(tip)
            db.session.commit()
        asked = read_period(name)
        assert asked is not None
        made = waste_return.make(asked, waste_return.INCIDENTS)
        assert line(made, "Land", "Highway").quarter.value == found
        assert made.is_running is is_running and made.counted_at == clock.now()
