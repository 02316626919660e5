"""The 7-day clock where it could go wrong: midnights, clock changes, leap day, merging, second thoughts."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.builders import submit
from tests.moving import PRIVATE, PUBLIC, move, reported, tip_of
from webapp.extensions import clock
from webapp.rules.clock import LONDON, Standing
from webapp.rules.errors import Refused
from webapp.rules.periods import quarter
from webapp.rules.roles import Person
from webapp.services import figures, history, land

pytestmark = pytest.mark.usefixtures("in_app")


def london(*parts: int) -> datetime:
    """A London moment, in UTC."""
    return datetime(*parts, tzinfo=LONDON).astimezone(UTC)  # type: ignore[misc, arg-type]


def standing_of(reference: str, today: date) -> Standing:
    """How a record counts on a day."""
    tip = tip_of(reference)
    past = figures.rules.is_past(tip.reported_on, today)
    return figures.rules.standing(tip.scope, tip.days_taken, is_past=past)


@pytest.mark.parametrize(
    ("moment", "first", "due"),
    [
        (london(2026, 11, 22, 23, 59), date(2026, 11, 22), date(2026, 11, 29)),
        (london(2026, 11, 23, 0, 1), date(2026, 11, 23), date(2026, 11, 30)),
        # In summer London's midnight is eleven in the evening by UTC.
        (datetime(2026, 7, 1, 22, 59, tzinfo=UTC), date(2026, 7, 1), date(2026, 7, 8)),
        (datetime(2026, 7, 1, 23, 1, tzinfo=UTC), date(2026, 7, 2), date(2026, 7, 9)),
        # The week in which the clocks go back has an hour more, the one in which they go forward an hour less.
        (london(2026, 10, 24, 23, 59), date(2026, 10, 24), date(2026, 10, 31)),
        (london(2027, 3, 27, 0, 1), date(2027, 3, 27), date(2027, 4, 3)),
        # 2028 has a leap day.
        (london(2028, 2, 25, 12, 0), date(2028, 2, 25), date(2028, 3, 3)),
        (london(2028, 2, 29, 23, 59), date(2028, 2, 29), date(2028, 3, 7)),
    ],
)
def test_seven_calendar_days_run_from_the_london_day_of_the_report(moment: datetime, first: date, due: date):
    tip = tip_of(reported(moment))
    assert (tip.reported_on, tip.due_on, tip.scope) == (first, due, "in_target")


@pytest.mark.parametrize(
    ("begun", "cleared", "days", "counts_as"),
    [
        (london(2026, 11, 2, 23, 59), london(2026, 11, 9, 23, 59), 7, Standing.IN_TIME),
        (london(2026, 11, 2, 0, 1), london(2026, 11, 10, 0, 1), 8, Standing.MISSED),
        # Across both changes of the clock, where a week of hours would say otherwise.
        (london(2026, 10, 22, 0, 1), london(2026, 10, 29, 23, 59), 7, Standing.IN_TIME),
        (london(2026, 3, 26, 0, 1), london(2026, 4, 2, 23, 59), 7, Standing.IN_TIME),
        (london(2026, 3, 26, 23, 59), london(2026, 4, 3, 0, 1), 8, Standing.MISSED),
        (london(2028, 2, 25, 12, 0), london(2028, 3, 3, 12, 0), 7, Standing.IN_TIME),
    ],
)
def test_day_seven_is_in_time_until_midnight_and_day_eight_is_not(
    begun: datetime, cleared: datetime, days: int, counts_as: Standing, owen: Person
):
    reference = reported(begun)
    move(reference, "clear", owen, cleared)
    assert tip_of(reference).days_taken == days
    assert standing_of(reference, cleared.astimezone(LONDON).date() + timedelta(days=10)) is counts_as


def test_it_is_not_counted_before_day_seven_has_passed_cleared_or_not(owen: Person):
    early, waiting = reported(london(2026, 11, 2, 9)), reported(london(2026, 11, 2, 9), joins=None)
    move(early, "clear", owen, london(2026, 11, 4, 9))
    assert standing_of(early, date(2026, 11, 9)) is Standing.CLEARED_EARLY
    assert standing_of(waiting, date(2026, 11, 9)) is Standing.NOT_YET_DUE
    assert standing_of(early, date(2026, 11, 10)) is Standing.IN_TIME
    assert standing_of(waiting, date(2026, 11, 10)) is Standing.MISSED


def test_the_earliest_of_merged_reports_decides_whichever_stands_for_them(owen: Person):
    first, second = reported(london(2026, 11, 2, 23, 59)), reported(london(2026, 11, 3, 0, 1))
    move(first, "triage", owen, london(2026, 11, 3, 9))
    move(first, "merge", owen, london(2026, 11, 3, 10), main=second)
    assert (tip_of(second).reported_on, tip_of(second).due_on) == (date(2026, 11, 2), date(2026, 11, 9))
    assert tip_of(first).scope == "duplicate"
    assert (tip_of(first).incident_on, tip_of(second).incident_on) == (None, date(2026, 11, 2))
    # Cleared on day 7 of its own report, it is on day 8 of the earlier one.
    move(second, "clear", owen, london(2026, 11, 10, 9))
    assert standing_of(second, date(2026, 11, 20)) is Standing.MISSED


def test_parted_again_each_has_its_own_first_day(owen: Person):
    first, second = reported(london(2026, 11, 2, 12)), reported(london(2026, 11, 5, 12))
    move(first, "merge", owen, london(2026, 11, 6, 9), main=second)
    move(first, "separate", owen, london(2026, 11, 6, 10))
    assert tip_of(first).reported_on == date(2026, 11, 2) and tip_of(first).status == "reported"
    assert tip_of(second).reported_on == date(2026, 11, 5)
    assert tip_of(first).scope == tip_of(second).scope == "in_target"
    assert (tip_of(first).incident_on, tip_of(second).incident_on) == (date(2026, 11, 2), date(2026, 11, 5))


def test_what_was_joined_to_a_duplicate_goes_with_it(owen: Person):
    with clock.standing_at(london(2026, 11, 2, 12)):
        first = str(submit().reference)
        joined = str(submit(joins=first).reference)
    main = reported(london(2026, 11, 3, 12))
    move(first, "merge", owen, london(2026, 11, 4, 9), main=main)
    assert tip_of(joined).duplicate_of_id == tip_of(first).duplicate_of_id == tip_of(main).id
    assert tip_of(main).reported_on == date(2026, 11, 2)


def test_land_that_changes_on_day_three_changes_the_scope_and_not_the_clock(owen: Person):
    reference = reported(london(2026, 11, 2, 12))
    move(reference, "triage", owen, london(2026, 11, 3, 9), land=PRIVATE)
    assert tip_of(reference).scope == "private_land"
    with clock.standing_at(london(2026, 11, 5, 9)):
        land.decide_again(reference, PUBLIC, history.newest(tip_of(reference)), owen)
    tip = tip_of(reference)
    assert (tip.scope, tip.due_on) == ("in_target", date(2026, 11, 9))
    assert [decision.scope for decision, _ in land.decisions_of(tip)] == ["in_target", "private_land"]


@pytest.mark.parametrize("name", ["hold", "specialist"])
def test_waiting_for_evidence_or_a_contractor_does_not_stop_the_clock(name: str, owen: Person):
    reference = reported(london(2026, 11, 2, 12))
    move(reference, "triage", owen, london(2026, 11, 3, 9))
    move(reference, name, owen, london(2026, 11, 3, 10))
    assert tip_of(reference).due_on == date(2026, 11, 9)
    assert standing_of(reference, date(2026, 11, 10)) is Standing.MISSED


def test_opened_again_on_day_nine_it_is_a_miss_however_early_it_had_been_cleared(owen: Person):
    reference = reported(london(2026, 11, 2, 12))
    move(reference, "clear", owen, london(2026, 11, 5, 9))
    assert standing_of(reference, date(2026, 11, 11)) is Standing.IN_TIME
    move(reference, "reopen", owen, london(2026, 11, 11, 9))
    assert standing_of(reference, date(2026, 11, 11)) is Standing.MISSED
    assert not tip_of(reference).is_cleared
    move(reference, "clear", owen, london(2026, 11, 12, 9))
    assert tip_of(reference).days_taken == 10 and tip_of(reference).is_cleared


def test_without_a_photo_it_counts_as_cleared_and_is_closed_for_a_reason_only(owen: Person):
    reference = reported(london(2026, 11, 2, 12))
    move(reference, "triage", owen, london(2026, 11, 3, 9))
    move(reference, "clear", owen, london(2026, 11, 5, 9))
    assert standing_of(reference, date(2026, 11, 20)) is Standing.IN_TIME
    with pytest.raises(Refused, match="a photo from afterwards"):
        move(reference, "close", owen, london(2026, 11, 6, 9), reason="")
    move(reference, "close", owen, london(2026, 11, 6, 9), reason="Owen saw it")
    assert tip_of(reference).status == "closed"


def test_a_record_belongs_to_the_quarter_of_its_first_report(owen: Person):
    with clock.standing_at(london(2027, 1, 20, 12)):
        before, after = reported(london(2026, 12, 31, 23, 59)), reported(london(2027, 1, 1, 0, 1))
        move(before, "clear", owen, london(2027, 1, 2, 9))
        old, new = (figures.of_period(quarter(2026, number)).whole for number in (3, 4))
        assert (old.cleared.part, old.cleared.whole) == (1, 1)
        assert (new.cleared.part, new.cleared.whole) == (0, 1)
        assert tip_of(after).cleared_on is None
