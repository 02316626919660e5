"""Moving a fly-tip: what each move needs, what it writes, and what the second of two officers is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from tests.at_once import at_once, meet_after
from tests.builders import submit
from tests.cast import Cast
from tests.moving import PRIVATE, PUBLIC, REASON, SAFE, UNKNOWN, move, reported, tip_of
from webapp.extensions import clock, db
from webapp.models.event import Event
from webapp.models.land import DangerCheck, LandDecision
from webapp.models.notice import Notice
from webapp.rules import lifecycle as rules
from webapp.rules.errors import NotFound, Refused, Stale
from webapp.rules.roles import Person
from webapp.services import history, land, lifecycle, records

pytestmark = pytest.mark.usefixtures("noon", "in_app")

ROSA = {"name": "Rosa", "email": "rosa@example.org", "wants_news": True}
WAY_TO = {
    "reported": (),
    "triaged": ("triage",),
    "inspection": ("triage", "inspect"),
    "evidence_hold": ("triage", "hold"),
    "specialist": ("triage", "specialist"),
    "clearance_ordered": ("triage", "order"),
    "private_land": ("triage", "private"),
    "referred_kcc": ("triage", "to_kcc"),
    "referred_ea": ("triage", "to_ea"),
    "referred_other": ("triage", "to_other"),
    "cleared": ("clear",),
    "not_found": ("not_found",),
    "not_fly_tip": ("not_fly_tip",),
    "closed": ("triage", "clear", "close"),
}


def events_of(reference: str) -> list[Event]:
    query = db.session.query(Event).filter(Event.record_id == tip_of(reference).id)
    return query.order_by(Event.id).all()


def in_state(status: str, owen: Person) -> str:
    """A record that went the usual way to a state."""
    reference = reported()
    for name in WAY_TO[status]:
        move(reference, name, owen)
    assert tip_of(reference).status == status
    return reference


@pytest.mark.parametrize("status", WAY_TO)
def test_from_each_state_exactly_the_moves_of_the_table_can_be_made(status: str, owen: Person):
    other = reported(place={"latitude": 51.3, "longitude": 0.2})
    for step in rules.MOVES:
        reference = in_state(status, owen)
        given = {"main": other} if step.name == "merge" else {}
        if status in step.before:
            move(reference, step.name, owen, **given)
            assert tip_of(reference).status == step.after, step.name
            assert events_of(reference)[-1].action == step.action
            assert (tip_of(reference).closed_at is None) == rules.is_open(step.after)
        else:
            with pytest.raises(Refused, match="can no longer be done"):
                move(reference, step.name, owen, **given)
            assert tip_of(reference).status == status


def test_a_move_that_is_none_and_one_that_somebody_may_not_make_are_not_there(owen: Person, cast: Cast):
    reference = reported()
    with pytest.raises(NotFound):
        move(reference, "fly", owen)
    with pytest.raises(NotFound):
        move(reference, "triage", cast.person("Priya"))
    with pytest.raises(NotFound):
        move("FT-2026-99999", "triage", owen)


def test_a_partner_moves_only_what_is_theirs(owen: Person, cast: Cast):
    reference, priya = reported(), cast.person("Priya")
    move(
        reference,
        "triage",
        owen,
        land=land.Land("highway", "public", "visit", "certain", body="sdc_licensing"),
    )
    with pytest.raises(NotFound):
        move(reference, "order", priya)
    land.decide_again(
        reference,
        land.Land("highway", "public", "visit", "certain", body="kcc_highways"),
        history.newest(tip_of(reference)),
        owen,
    )
    move(reference, "order", priya)
    assert tip_of(reference).status == "clearance_ordered"


@pytest.mark.parametrize(
    ("status", "name", "given", "field"),
    [
        ("reported", "triage", {"dangers": None}, "move"),
        ("reported", "triage", {"land": None}, "land_type"),
        ("reported", "clear", {"cleared_on": None}, "cleared_on"),
        ("triaged", "order", {"crew": " "}, "crew"),
        ("triaged", "private", {"land": PUBLIC}, "ownership"),
        ("triaged", "hold", {"reason": ""}, "reason"),
        ("triaged", "merge", {"main": "FT-2026-99999"}, "main"),
        ("cleared", "close", {"reason": "The crew saw it"}, "move"),
        ("closed", "reopen", {"reason": ""}, "reason"),
    ],
)
def test_what_a_move_needs_is_asked_for_in_words_and_nothing_is_written(
    status: str, name: str, given: dict[str, object], field: str, owen: Person
):
    if name == "close":
        # Cleared before anybody said whose land it is.
        reference = reported(land_type="other_unidentified")
        move(reference, "clear", owen)
    else:
        reference = in_state(status, owen)
    before = len(events_of(reference))
    with pytest.raises(Refused) as refused:
        move(reference, name, owen, **given)
    assert field in refused.value.errors
    assert tip_of(reference).status == status and len(events_of(reference)) == before


def test_a_record_is_not_the_same_as_itself(owen: Person):
    reference = in_state("triaged", owen)
    with pytest.raises(Refused, match="That is this report"):
        move(reference, "merge", owen, main=reference)


def test_looking_at_it_keeps_the_answers_the_decision_and_who_made_them(owen: Person):
    reference = reported()
    dangers = {**SAFE, "asbestos": {"answer": "yes", "done": "HSE told at 14:05, reference 7"}}
    move(reference, "triage", owen, dangers=dangers, land=UNKNOWN)
    check = db.session.query(DangerCheck).one()
    assert check.answers == dangers and check.answered_by_id == owen.id
    decision = db.session.query(LandDecision).one()
    assert (decision.land_type, decision.ownership, decision.scope) == (
        "other_unidentified",
        "unknown",
        "undecided",
    )
    looked = events_of(reference)[-1]
    assert looked.by_id == owen.id and looked.after == {"status": "triaged", "dangers": ["asbestos"]}


def test_the_first_of_two_who_decided_on_the_same_page_is_shown_to_the_second(owen: Person, cast: Cast):
    reference = reported()
    seen = history.newest(tip_of(reference))
    move(reference, "triage", owen, seen=seen)
    with pytest.raises(Stale):
        move(reference, "not_fly_tip", cast.person("Ada"), seen=seen)
    assert tip_of(reference).status == "triaged"
    shown = history.since(db.session, tip_of(reference), seen)
    assert [(event.action, name) for event, name in shown] == [("land_decided", "Owen"), ("triaged", "Owen")]


def test_of_two_at_the_same_moment_one_decides_and_the_other_is_told(
    app: Flask, owen: Person, monkeypatch: pytest.MonkeyPatch
):
    reference = reported()
    seen = history.newest(tip_of(reference))
    db.session.rollback()
    meet_after(monkeypatch, records, "find")

    def decide() -> str:
        try:
            move(reference, "not_fly_tip", owen, seen=seen)
        except Stale:
            return "told"
        return "decided"

    assert sorted(at_once(app, decide)) == ["decided", "told"]
    assert [event.action for event in events_of(reference)] == ["reported", "not_fly_tip"]


def test_what_a_reporter_adds_makes_no_page_old(owen: Person):
    reference = reported()
    seen = history.newest(tip_of(reference))
    db.session.add(
        Event(record_id=tip_of(reference).id, at=clock.now(), action="reporter_added", after={"words": True})
    )
    db.session.commit()
    move(reference, "triage", owen, seen=seen)
    assert tip_of(reference).status == "triaged"


def test_closing_keeps_what_became_of_it_and_opening_again_forgets_it(owen: Person):
    reference = in_state("not_found", owen)
    ended = tip_of(reference).closed_at
    with clock.standing_at(clock.now() + timedelta(days=1)):
        move(reference, "close_without", owen)
    tip = tip_of(reference)
    assert (tip.status, tip.outcome, tip.scope, tip.closed_at) == ("closed", "not_found", "not_found", ended)
    move(reference, "reopen", owen)
    tip = tip_of(reference)
    assert (tip.status, tip.outcome, tip.scope, tip.closed_at) == ("triaged", None, "in_target", None)


def test_opening_again_forgets_the_clearance_and_history_keeps_it(owen: Person):
    reference = in_state("cleared", owen)
    move(reference, "reopen", owen)
    tip = tip_of(reference)
    assert (tip.cleared_on, tip.cleared_at, tip.days_taken) == (None, None, None)
    assert events_of(reference)[-1].before == {"status": "cleared", "cleared_on": "2026-11-22"}


def test_what_the_environment_agency_leads_stays_out_of_the_figure_once_it_is_cleared(owen: Person):
    reference = reported()
    decided = land.Land("highway", "public", "visit", "certain", body="environment_agency")
    move(reference, "triage", owen, land=decided)
    move(reference, "clear", owen)
    assert tip_of(reference).scope == "ea_led"


def test_who_cleared_it_and_what_it_cost_are_kept(owen: Person):
    reference = reported(datetime(2026, 11, 20, 8, tzinfo=UTC))
    at = lifecycle.time(10, 30)
    move(reference, "clear", owen, cleared_on=date(2026, 11, 21), cleared_time=at, cost_pence=37_100)
    tip = tip_of(reference)
    assert (tip.cleared_on, tip.days_taken, tip.crew) == (date(2026, 11, 21), 1, "Crew 1")
    assert tip.cleared_at == datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
    assert tip.clearance_cost_pence == 37_100


@pytest.mark.parametrize(
    ("day", "at", "field"),
    [
        (date(2026, 11, 23), None, "cleared_on"),
        (date(2026, 11, 19), None, "cleared_on"),
        (date(2026, 11, 22), (12, 1), "cleared_time"),
        (date(2026, 11, 20), (7, 59), "cleared_time"),
    ],
)
def test_a_clearance_lies_between_the_report_and_now(
    day: date, at: tuple[int, int] | None, field: str, owen: Person
):
    reference = reported(datetime(2026, 11, 20, 8, tzinfo=UTC))
    with pytest.raises(Refused) as refused:
        move(reference, "clear", owen, cleared_on=day, cleared_time=lifecycle.time(*at) if at else None)
    assert set(refused.value.errors) == {field}


def test_each_change_that_is_told_is_owed_to_every_reporter_once(owen: Person):
    reference = reported(reporter=ROSA)
    submit(joins=reference, reporter={**ROSA, "email": None, "phone": "01732 000000"})
    submit(joins=reference)
    move(reference, "triage", owen)
    move(reference, "order", owen)
    move(reference, "clear", owen)
    owed = db.session.query(Notice).filter(Notice.purpose != "acknowledgement")
    assert sorted((notice.purpose, notice.way) for notice in owed) == [
        ("clearance_ordered", "email"),
        ("clearance_ordered", "phone"),
        ("cleared", "email"),
        ("cleared", "phone"),
    ]


def test_history_says_why_and_holds_no_contact(owen: Person):
    reference = reported(reporter=ROSA)
    move(reference, "not_fly_tip", owen, reason="Builders’ sand")
    event = events_of(reference)[-1]
    assert (event.reason, event.by_id, event.before) == ("Builders’ sand", owen.id, {"status": "reported"})
    assert "rosa" not in str([(one.before, one.after, one.reason) for one in events_of(reference)])


def test_private_land_is_told_its_advice_and_can_be_closed(owen: Person):
    reference = reported()
    move(reference, "triage", owen, land=UNKNOWN)
    assert tip_of(reference).scope == "undecided"
    move(reference, "private", owen, land=PRIVATE, **REASON)
    assert tip_of(reference).scope == "private_land"
    move(reference, "close_without", owen)
    assert (tip_of(reference).status, tip_of(reference).scope) == ("closed", "private_land")
