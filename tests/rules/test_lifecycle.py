"""The table of states and moves: nothing is a dead end, nothing is left open to whoever should not, all is named."""

import pytest

from webapp.rules import lifecycle, notices
from webapp.rules.codes.fly_tipping import STATUSES
from webapp.rules.letters import DEFAULTS
from webapp.rules.lifecycle import MOVES, Need
from webapp.rules.roles import Permission, Person

OFFICER, PARTNER, WARDEN = (Person(id=1, roles=(role,)) for role in ("officer", "partner", "warden"))


def test_every_state_is_open_or_ended_and_has_a_label():
    assert set(STATUSES.values) == lifecycle.OPEN | lifecycle.ENDED
    assert not lifecycle.OPEN & lifecycle.ENDED


def test_every_state_but_the_first_is_reached_by_some_move_and_left_by_another():
    reached = {move.after for move in MOVES}
    left = frozenset().union(*(move.before for move in MOVES))
    assert reached == set(STATUSES.values)
    assert left == set(STATUSES.values)


def test_names_are_given_once_and_no_move_leads_from_a_state_to_itself():
    assert len(lifecycle.BY_NAME) == len(MOVES)
    assert [move.name for move in MOVES if move.after in move.before] == []


def test_ending_without_a_clearance_and_opening_again_need_a_reason():
    for move in MOVES:
        says_why = {Need.REASON, Need.PROOF, Need.DAY, Need.MAIN, Need.LAND} & set(move.needs)
        if move.after in lifecycle.ENDED or move.name in {"reopen", "separate"}:
            assert says_why, move.name


def test_closing_a_clearance_needs_land_and_proof():
    assert lifecycle.BY_NAME["close"].needs == (Need.DECIDED, Need.PROOF)
    assert lifecycle.BY_NAME["close"].before == {"cleared"}


@pytest.mark.parametrize("status", STATUSES.values)
def test_a_partner_orders_and_clears_but_decides_nothing(status: str):
    decisions = {"triage", "close", "close_without", "reopen", "merge", "separate", "private", "not_fly_tip"}
    assert decisions.isdisjoint(move.name for move in lifecycle.moves_of(status, PARTNER))


def test_a_warden_marks_cleared_and_nothing_else():
    offered = {move.name for status in STATUSES.values for move in lifecycle.moves_of(status, WARDEN)}
    assert offered == {"clear"}


def test_somebody_without_a_role_moves_nothing():
    assert all(lifecycle.moves_of(status, Person(id=1)) == () for status in STATUSES.values)


@pytest.mark.parametrize(
    "status", [status for status in STATUSES.values if status not in {"closed", "duplicate"}]
)
def test_an_officer_is_offered_one_next_step_in_every_state_that_waits_for_one(status: str):
    assert lifecycle.next_of(status, OFFICER) in lifecycle.moves_of(status, OFFICER)


def test_all_that_a_reporter_hears_of_has_words():
    assert set(notices.TO_REPORTERS) == set(DEFAULTS)
    assert {move.action for move in MOVES} & set(notices.TO_REPORTERS) >= lifecycle.OUTCOMES


def test_every_permission_of_a_move_is_one_of_the_table():
    assert {move.permission for move in MOVES} == {Permission.TRIAGE, Permission.WORK, Permission.CLEAR}
