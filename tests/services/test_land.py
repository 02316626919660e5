"""Land decisions and routing: each decision is kept, and of all rules that fit the first one counts."""

import pytest

from tests.builders import SEVENOAKS_WARD, answers
from tests.cast import Cast
from tests.moving import UNKNOWN, move, reported, tip_of
from webapp.extensions import db
from webapp.models.event import Event
from webapp.rules.errors import NotFound, Stale
from webapp.rules.roles import Person
from webapp.services import fly_tipping, history, land
from webapp.services.land import Land

pytestmark = pytest.mark.usefixtures("noon", "in_app")


def rule(owen: Person, body: str, **parts: str | None) -> None:
    land.add_rule(body, owen, **{"land_type": None, "main_waste": None, "ward_code": None, **parts})


def fits(land_type: str | None, main_waste: str | None, ward_code: str | None) -> str | None:
    found = land.first_match(db.session, land_type, main_waste, ward_code)
    return found.body if found else None


def test_the_first_rule_that_fits_counts_and_what_it_leaves_open_fits_anything(owen: Person):
    rule(owen, "kcc_highways", land_type="highway", main_waste="bags_commercial")
    rule(owen, "network_rail", land_type="railway")
    rule(owen, "sdc_licensing", ward_code="E05005030")
    assert fits("highway", "bags_commercial", "E05005030") == "kcc_highways"
    assert fits("highway", "green", "E05005030") == "sdc_licensing"
    assert fits("railway", None, None) == "network_rail"
    assert fits("highway", "green", None) is None
    rule(owen, "sdc_direct_services")
    assert fits(None, None, None) == "sdc_direct_services"


def test_a_rule_can_be_tried_earlier_and_removed(owen: Person):
    rule(owen, "sdc_direct_services")
    rule(owen, "kcc_highways", land_type="highway")
    assert fits("highway", None, None) == "sdc_direct_services"
    first, second = land.rules()
    land.raise_rule(second.id, owen)
    assert fits("highway", None, None) == "kcc_highways"
    land.raise_rule(second.id, owen)
    assert [one.id for one in land.rules()] == [second.id, first.id]
    land.remove_rule(second.id, owen)
    assert fits("highway", None, None) == "sdc_direct_services"
    assert [event.action for event in db.session.query(Event).order_by(Event.id)] == [
        "routing_rule_added",
        "routing_rule_added",
        "routing_rule_raised",
        "routing_rule_removed",
    ]


def test_only_officers_change_rules_and_one_that_is_not_there_is_not_found(owen: Person, cast: Cast):
    with pytest.raises(NotFound):
        rule(cast.person("Priya"), "kcc_highways")
    for change in (land.raise_rule, land.remove_rule):
        with pytest.raises(NotFound):
            change(7, owen)


def test_a_decision_routes_by_land_waste_and_ward_unless_it_names_somebody(owen: Person):
    rule(owen, "kcc_highways", land_type="highway", main_waste="other_household", ward_code=SEVENOAKS_WARD)
    routed, named = reported(), reported()
    move(routed, "triage", owen)
    move(
        named, "triage", owen, land=Land("highway", "public", "visit", "likely", "Seen", body="sdc_licensing")
    )
    decisions = {name: land.decisions_of(tip_of(name))[0][0] for name in (routed, named)}
    assert (decisions[routed].responsible_body, decisions[routed].is_body_by_rule) == ("kcc_highways", True)
    assert (decisions[named].responsible_body, decisions[named].is_body_by_rule) == ("sdc_licensing", False)
    assert tip_of(routed).responsible_body == "kcc_highways"


def test_a_new_decision_keeps_the_old_one_with_who_when_and_why(owen: Person, cast: Cast):
    reference = reported()
    move(reference, "triage", owen, land=UNKNOWN)
    seen = history.newest(tip_of(reference))
    again = Land("council_land", "public", "own_records", "certain", "Title K123")
    land.decide_again(reference, again, seen, cast.person("Ada"))
    (new, by_new), (old, by_old) = land.decisions_of(tip_of(reference))
    assert (new.land_type, new.scope, new.reason, by_new) == (
        "council_land",
        "in_target",
        "Title K123",
        "Ada",
    )
    assert (old.land_type, old.scope, by_old) == ("other_unidentified", "undecided", "Owen")
    event = db.session.query(Event).filter_by(action="land_decided").order_by(Event.id.desc()).first()
    assert event is not None and event.before is not None and event.after is not None
    assert (event.before["scope"], event.after["scope"]) == ("undecided", "in_target")


def test_a_decision_on_an_old_page_is_not_made(owen: Person):
    reference = reported()
    seen = history.newest(tip_of(reference))
    move(reference, "triage", owen)
    with pytest.raises(Stale):
        land.decide_again(reference, UNKNOWN, seen, owen)


def test_who_may_not_decide_finds_nothing(cast: Cast):
    reference = reported()
    with pytest.raises(NotFound):
        land.decide_again(reference, UNKNOWN, 0, cast.person("Priya"))


def test_what_its_reporter_corrects_later_does_not_undo_a_decision(owen: Person):
    reference = reported()
    move(reference, "triage", owen, land=Land("agricultural", "private", "owner", "certain"))
    wanted = fly_tipping.changes(tip_of(reference), answers(land_type="highway"), "public")
    assert (wanted["land_type"], wanted["scope"]) == ("agricultural", "private_land")
