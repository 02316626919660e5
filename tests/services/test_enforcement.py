"""Enforcement: every kind of step, the life of a penalty, a court's decision, and the list that figures open."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.at_once import at_once, meet_after
from tests.builders import submit
from tests.cast import Cast
from webapp.extensions import db
from webapp.models.enforcement import EnforcementStep, PenaltyChange
from webapp.models.event import Event
from webapp.models.fly_tipping import FlyTip
from webapp.rules.codes.enforcement import PENALTY_MOVES, PENALTY_STATES, STEPS
from webapp.rules.errors import NotFound, Refused, Stale
from webapp.rules.periods import quarter_of
from webapp.rules.roles import Person
from webapp.services import (
    enforcement,
    enforcement_steps,
    history,
    lifecycle,
    records,
    restricted,
    waste_return,
)
from webapp.services.enforcement import Change, Outcome, Step, Strike
from webapp.services.enforcement_steps import StepFilters
from webapp.services.return_tables import TOGETHER

pytestmark = pytest.mark.usefixtures("noon", "in_app")

TODAY = date(2026, 11, 22)
NEVER = [
    (before, after)
    for before in PENALTY_STATES.values
    for after in PENALTY_STATES.values
    if after not in PENALTY_MOVES.get(before, ())
]


@pytest.fixture
def reference() -> str:
    return submit().reference


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def tip() -> FlyTip:
    return db.session.scalars(select(FlyTip)).one()


def only_step() -> enforcement.StepWithLife:
    db.session.expire_all()
    (step,) = enforcement.steps_of(tip())
    return step


def add(reference: str, person: Person, step: str = "warning_letter", **given: Any) -> int:
    """Write a step and return its id."""
    enforcement.add_step(reference, Step(step, given.pop("done_on", days_ago(10)), **given), person)
    return max(db.session.scalars(select(EnforcementStep.id)))


def penalty_in(state: str, reference: str, person: Person) -> int:
    """Issue a penalty ten days ago and bring it to a state by the shortest way."""
    step_id = add(reference, person, "fpn", penalty="fpn_flytip", penalty_pence=40_000)
    if state != "issued":
        enforcement.change_penalty(reference, step_id, Change(state, days_ago(5)), person)
    return step_id


def refused(write: Any, *given: Any) -> dict[str, str]:
    with pytest.raises(Refused) as caught:
        write(*given)
    return caught.value.errors


@pytest.mark.parametrize("step", STEPS.values)
def test_each_kind_of_step_is_written_with_its_cost_and_day(reference: str, owen: Person, step: str):
    penalty = "fpn_litter" if step == "fpn" else None
    add(reference, owen, step, cost_pence=12_345, note="Spoke to the tenant", penalty=penalty)
    line = only_step()
    assert (line.step.step, line.step.done_on, line.step.cost_pence) == (step, days_ago(10), 12_345)
    assert (line.step.note, line.by) == ("Spoke to the tenant", "Owen")
    (event,) = db.session.scalars(select(Event).where(Event.action == "enforcement_step_added"))
    assert event.after == ({"step": "fpn", "penalty": "fpn_litter"} if penalty else {"step": step})


def test_a_step_may_lie_before_the_first_report_but_not_in_the_future(reference: str, owen: Person):
    add(reference, owen, "investigation", done_on=days_ago(400))
    wrong = refused(enforcement.add_step, reference, Step("investigation", days_ago(-1)), owen)
    assert wrong == {"done_on": "That day has not come yet. Check the date."}


@pytest.mark.parametrize(
    ("penalty", "most"), [("fpn_flytip", 100_000), ("fpn_household_doc", 60_000), ("fpn_litter", 50_000)]
)
def test_a_penalty_above_the_legal_maximum_is_refused_and_at_the_maximum_taken(
    reference: str, owen: Person, penalty: str, most: int
):
    above = Step("fpn", TODAY, penalty=penalty, penalty_pence=most + 1)
    wrong = refused(enforcement.add_step, reference, above, owen)
    assert f"The law allows at most £{most // 100:,} for" in wrong["penalty_amount"]
    add(reference, owen, "fpn", penalty=penalty, penalty_pence=most)
    assert only_step().step.penalty_pence == most


def test_only_a_fixed_penalty_notice_has_a_penalty_and_it_always_says_which(reference: str, owen: Person):
    assert "penalty" in refused(enforcement.add_step, reference, Step("fpn", TODAY), owen)
    other = Step("injunction", TODAY, penalty="fpn_other", penalty_pence=100)
    assert set(refused(enforcement.add_step, reference, other, owen)) == {"penalty", "penalty_amount"}
    assert enforcement.count_of(tip()) == 0


@pytest.mark.parametrize(
    ("before", "after"), [(before, after) for before, moves in PENALTY_MOVES.items() for after in moves]
)
def test_a_penalty_lives_as_the_table_allows(reference: str, owen: Person, before: str, after: str):
    step_id = penalty_in(before, reference, owen)
    enforcement.change_penalty(reference, step_id, Change(after, days_ago(2), "Said so"), owen)
    line = only_step()
    assert line.step.penalty_state == after
    assert line.step.paid_on == (days_ago(2) if after == "paid" else None)
    states = [change.state for change, _ in line.life]
    assert states == (["issued", after] if before == "issued" else ["issued", before, after])
    assert (line.life[0][0].changed_on, line.life[-1][1]) == (days_ago(10), "Owen")


@pytest.mark.parametrize(("before", "after"), NEVER)
def test_every_other_change_of_a_penalty_is_refused(reference: str, owen: Person, before: str, after: str):
    step_id = penalty_in(before, reference, owen)
    wrong = refused(enforcement.change_penalty, reference, step_id, Change(after, TODAY), owen)
    assert "cannot become" in wrong["state"]
    assert only_step().step.penalty_state == before


def test_a_penalty_is_not_paid_before_it_was_issued_nor_in_the_future(reference: str, owen: Person):
    step_id = penalty_in("issued", reference, owen)
    early = refused(enforcement.change_penalty, reference, step_id, Change("paid", days_ago(11)), owen)
    assert early == {
        "changed_on": "That is before the penalty became “Issued”, on 12 Nov 2026. Check the date."
    }
    late = refused(enforcement.change_penalty, reference, step_id, Change("paid", days_ago(-1)), owen)
    assert "has not come yet" in late["changed_on"]
    enforcement.change_penalty(reference, step_id, Change("paid", days_ago(10)), owen)
    assert only_step().step.paid_on == days_ago(10)


def test_a_penalty_is_not_paid_before_it_went_to_court(reference: str, owen: Person):
    step_id = penalty_in("to_court", reference, owen)
    early = refused(enforcement.change_penalty, reference, step_id, Change("paid", days_ago(6)), owen)
    assert "before the penalty became “Unpaid, to court”" in early["changed_on"]


def test_of_two_who_change_one_penalty_at_the_same_moment_the_second_is_told(
    app: Flask, reference: str, owen: Person, monkeypatch: pytest.MonkeyPatch
):
    step_id = penalty_in("issued", reference, owen)
    seen = history.newest(tip())
    db.session.rollback()
    meet_after(monkeypatch, records, "find")
    wanted = iter(("paid", "to_court"))

    def change() -> str:
        try:
            enforcement.change_penalty(reference, step_id, Change(next(wanted), TODAY), owen, seen)
        except Stale:
            return "told"
        return "written"

    assert sorted(at_once(app, change)) == ["told", "written"]
    assert len(db.session.scalars(select(PenaltyChange)).all()) == 2


def test_of_two_callers_without_a_page_the_second_meets_the_table(
    app: Flask, reference: str, owen: Person, monkeypatch: pytest.MonkeyPatch
):
    step_id = penalty_in("issued", reference, owen)
    db.session.rollback()
    meet_after(monkeypatch, records, "find")

    def pay() -> str:
        try:
            enforcement.change_penalty(reference, step_id, Change("paid", TODAY), owen)
        except Refused as told:
            return told.errors["state"]
        return ""

    assert sorted(at_once(app, pay)) == ["", "This penalty is “Paid”, so it cannot become “Paid” any more."]


def test_a_court_decides_once_and_not_before_the_prosecution(reference: str, owen: Person):
    step_id = add(reference, owen, "prosecution")
    assert only_step().lacks_outcome
    early = Outcome("fine", days_ago(11))
    wrong = refused(enforcement.add_outcome, reference, step_id, early, owen)
    assert "before the prosecution began, on 12 Nov 2026" in wrong["outcome_on"]
    late = Outcome("fine", days_ago(-1))
    assert "outcome_on" in refused(enforcement.add_outcome, reference, step_id, late, owen)
    fine = Outcome("fine", days_ago(1), "Maidstone", 50_000, 20_000, 9_950)
    enforcement.add_outcome(reference, step_id, fine, owen)
    step = only_step().step
    assert (step.outcome, step.outcome_on, step.court) == ("fine", days_ago(1), "Maidstone")
    assert (step.fine_pence, step.costs_pence, step.compensation_pence) == (50_000, 20_000, 9_950)
    assert "outcome" in refused(enforcement.add_outcome, reference, step_id, fine, owen)


def test_a_penalty_or_outcome_belongs_to_its_own_step_and_record(reference: str, owen: Person):
    letter, other = add(reference, owen), submit().reference
    penalty = add(reference, owen, "fpn", penalty="fpn_other")
    for step_id, record in ((letter, reference), (penalty, other), (999_999, reference)):
        with pytest.raises(NotFound):
            enforcement.change_penalty(record, step_id, Change("paid", TODAY), owen)
        with pytest.raises(NotFound):
            enforcement.add_outcome(record, step_id, Outcome("fine", TODAY), owen)
    with pytest.raises(NotFound):
        enforcement.strike(other, letter, Strike("Not here"), owen)


@pytest.mark.parametrize("name", ["Sunita", "Vic", "Carol", "Priya", "Nadia"])
def test_nobody_but_officers_reads_or_writes_any_of_it(reference: str, owen: Person, cast: Cast, name: str):
    step_id, person = penalty_in("issued", reference, owen), cast.person(name)
    for write in (
        lambda: enforcement.add_step(reference, Step("injunction", TODAY), person),
        lambda: enforcement.change_penalty(reference, step_id, Change("paid", TODAY), person),
        lambda: enforcement.add_outcome(reference, step_id, Outcome("fine", TODAY), person),
        lambda: enforcement.strike(reference, step_id, Strike("Mine"), person),
        lambda: restricted.opened(reference, person),
        lambda: enforcement_steps.search(StepFilters(), person),
    ):
        with pytest.raises(NotFound):
            write()
    assert history.openings(tip(), restricted.OPENED).total == 0


def test_opening_and_writing_enforcement_makes_no_moves_page_stale_and_is_in_no_shared_history(
    reference: str, owen: Person
):
    seen = history.newest(tip())
    restricted.opened(reference, owen)
    penalty_in("paid", reference, owen)
    lifecycle.move(reference, "not_fly_tip", lifecycle.Given(seen=seen, reason="Flower beds"), owen)
    shared = [event.action for event, _ in records.everything(tip()).history]
    assert shared == ["not_fly_tip", "reported"]
    assert [event.action for event, _ in restricted.written(tip())] == [
        "enforcement_step_added",
        "penalty_changed",
    ]


def test_a_step_that_somebody_else_wrote_meanwhile_is_told_to_whoever_writes_next(
    reference: str, owen: Person
):
    seen = history.newest(tip())
    restricted.opened(reference, owen)
    enforcement.add_step(reference, Step("injunction", TODAY), owen, seen)
    with pytest.raises(Stale):
        enforcement.add_step(reference, Step("injunction", TODAY), owen, seen)
    assert enforcement.count_of(tip()) == 1


def test_what_was_written_by_mistake_is_struck_out_once_and_counted_nowhere(reference: str, owen: Person):
    wrong, right = (add(reference, owen, cost_pence=pence) for pence in (1_250_000, 12_500))
    penalty = penalty_in("issued", reference, owen)
    court = add(reference, owen, "prosecution")
    assert "reason" in refused(enforcement.strike, reference, wrong, Strike(""), owen)
    for step_id in (wrong, penalty, court):
        enforcement.strike(reference, step_id, Strike("The amount was pence"), owen)
    assert "reason" in refused(enforcement.strike, reference, wrong, Strike("Again"), owen)
    assert "state" in refused(enforcement.change_penalty, reference, penalty, Change("paid", TODAY), owen)
    assert "outcome" in refused(enforcement.add_outcome, reference, court, Outcome("fine", TODAY), owen)
    found = enforcement_steps.search(StepFilters(), owen)
    assert ([step.id for step, _ in found.steps], found.total, found.cost_pence) == ([right], 1, 12_500)
    assert enforcement.count_of(tip()) == 1 and len(enforcement.steps_of(tip())) == 4
    offered = [
        (one.may_become, one.lacks_outcome) for one in enforcement.steps_of(tip()) if one.step.struck_at
    ]
    assert offered == [((), False)] * 3
    costs = waste_return.make(quarter_of(TODAY), waste_return.INCIDENTS).tables[5].lines
    assert next(one for one in costs if one.label == TOGETHER).quarter.value == 12_500
    last = restricted.written(tip())[-1][0]
    assert (last.action, last.after) == ("enforcement_step_struck", {"step": "prosecution"})


def test_the_list_counts_exactly_what_its_filters_leave(reference: str, owen: Person):
    add(reference, owen, done_on=date(2026, 9, 30), cost_pence=100)
    add(reference, owen, done_on=date(2026, 10, 1), cost_pence=250)
    add(reference, owen, "investigation", done_on=date(2026, 11, 1))
    paid = add(reference, owen, "fpn", done_on=date(2026, 9, 1), penalty="fpn_flytip", cost_pence=1)
    enforcement.change_penalty(reference, paid, Change("paid", date(2026, 10, 31)), owen)
    add(reference, owen, "fpn", done_on=date(2026, 10, 2), penalty="fpn_litter")
    court = add(reference, owen, "prosecution", done_on=date(2026, 8, 1))
    enforcement.add_outcome(reference, court, Outcome("fine", date(2026, 11, 2)), owen)

    def found(**filters: Any) -> list[str]:
        page = enforcement_steps.search(StepFilters(**filters), owen)
        assert page.total == len(page.steps) and {name for _, name in page.steps} <= {reference}
        return sorted(step.step for step, _ in page.steps)

    october = {"since": date(2026, 10, 1), "until": date(2026, 10, 31)}
    assert found(**october) == ["fpn", "warning_letter"]
    assert found(by="paid", **october) == ["fpn"]
    assert found(by="paid") == ["fpn"] and found(by="outcome") == ["prosecution"]
    assert found(by="outcome", **october) == []
    assert found(step="warning_letter") == ["warning_letter"] * 2
    assert found(penalty="fpn_litter") == ["fpn"] and found(penalty_state="issued") == ["fpn"]
    assert found(outcome="fine") == ["prosecution"] and found(outcome="lost") == []
    assert found(cost="noted") == ["fpn", "warning_letter", "warning_letter"]
    assert found(cost="none") == ["fpn", "investigation", "prosecution"]
    everything = enforcement_steps.search(StepFilters(), owen)
    assert (everything.total, everything.cost_pence, everything.without_cost) == (6, 351, 3)


def test_a_long_list_comes_in_pages_that_hold_each_step_once(
    reference: str, owen: Person, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(enforcement_steps, "PAGE_SIZE", 2)
    for _ in range(5):
        add(reference, owen, cost_pence=10)
    pages = [enforcement_steps.search(StepFilters(), owen, number) for number in (1, 2, 3)]
    assert [(page.total, page.cost_pence, page.last) for page in pages] == [(5, 50, 3)] * 3
    assert len({step.id for page in pages for step, _ in page.steps}) == 5
    assert enforcement_steps.search(StepFilters(), owen, 99).number == 3
