"""The programme of audits: which ward had one in a plan year, and how far each plan is, each by itself."""

from datetime import date

import pytest

from tests.asking import asked_of_the_database
from tests.builders import SEVENOAKS_WARD
from tests.cast import Cast
from tests.programmes import audited, mark_priority, observed, plan, planned
from tests.walking import ST_MARYS_WARD
from webapp.extensions import db
from webapp.models.eva import Eva
from webapp.rules.periods import year
from webapp.rules.roles import Person
from webapp.services import programme
from webapp.services.programme import OTHER, PRIORITY, Wanted
from webapp.services.transaction import one_commit

pytestmark = pytest.mark.usefixtures("in_app", "noon")

TODAY, LAST_YEAR = date(2026, 11, 22), date(2026, 3, 31)
THIS = year(2026)
EIGHT_OF_TEN = ["verified"] * 5 + ["completed"] * 3 + ["agreed", "not_feasible"]
HEXTABLE = "E05005020"


@pytest.fixture
def sunita(cast: Cast) -> Person:
    return cast.person("Sunita")


def test_a_priority_ward_is_covered_by_an_audit_of_the_plan_year_only(sunita: Person, owen: Person):
    mark_priority(owen, ST_MARYS_WARD, SEVENOAKS_WARD)
    audited(sunita, TODAY)
    audited(sunita, LAST_YEAR, SEVENOAKS_WARD)
    found = programme.of_year(THIS)
    assert [ward.code for ward in found.missing] == [SEVENOAKS_WARD]
    assert [ward.code for ward in found.covered] == [ST_MARYS_WARD]
    assert [ward.next_due for ward in found.missing] == [date(2027, 3, 31)]
    assert [ward.next_due for ward in found.covered] == [date(2028, 3, 31)]
    assert [ward.code for ward in programme.of_year(year(2025)).covered] == [SEVENOAKS_WARD]


def test_8_of_10_passes_and_39_of_49_and_no_plan_do_not_and_each_stands_by_itself(
    sunita: Person, owen: Person
):
    mark_priority(owen, ST_MARYS_WARD)
    passing = audited(sunita, TODAY, lines=EIGHT_OF_TEN)
    audited(sunita, TODAY, lines=["completed"] * 39 + ["agreed"] * 10)
    audited(sunita, TODAY)
    found = programme.of_year(THIS)
    assert [audit.eva.id for audit in found.passing] == [passing.id]
    assert len(found.done) == 3
    plans = {(one.plan.done, one.plan.lines, one.plan.verified, one.plan.words) for one in found.done}
    assert plans == {(8, 10, 5, "80.0%"), (39, 49, 0, "79.5%"), (0, 0, 0, "no plan")}


def test_what_was_only_withdrawn_is_no_plan(sunita: Person):
    audited(sunita, TODAY, lines=["withdrawn", "withdrawn"])
    (audit,) = programme.of_year(THIS).done
    assert audit.plan.passes is None and not audit.passes


def test_a_walk_without_observations_counts_only_where_it_says_that_there_were_none(
    sunita: Person, owen: Person
):
    mark_priority(owen, ST_MARYS_WARD, SEVENOAKS_WARD)
    audited(sunita, TODAY, seen=0)
    audited(sunita, TODAY, SEVENOAKS_WARD, seen=0, found_nothing=True)
    found = programme.of_year(THIS)
    assert [ward.code for ward in found.missing] == [ST_MARYS_WARD]
    assert [len(ward.empty) for ward in found.missing] == [1]


def test_an_observation_that_was_taken_back_makes_no_audit(sunita: Person):
    eva = audited(sunita, TODAY, seen=0)
    observation = observed(sunita, eva)
    assert len(programme.of_year(THIS).done) == 1
    with one_commit():
        observation.removed_at = observation.received_at
    assert programme.of_year(THIS).done == []


def test_walks_to_come_stand_apart_and_those_called_off_in_the_list_only(sunita: Person, owen: Person):
    mark_priority(owen, ST_MARYS_WARD)
    next_week = planned(sunita, date(2026, 11, 29))
    begun = planned(sunita, TODAY, began_at="10:00")
    called_off = planned(sunita, date(2026, 12, 6))
    with one_commit():
        called_off.status = "called_off"
    (ward,) = programme.of_year(THIS).priority
    assert [audit.eva.id for audit in ward.to_come] == [begun.id, next_week.id]
    assert (ward.done, ward.empty) == ([], [])
    assert [one.eva.id for one in programme.listed(Wanted(state="called_off")).audits] == [called_off.id]


def test_wards_that_are_no_priority_stand_apart_with_their_audits(sunita: Person, owen: Person):
    mark_priority(owen, ST_MARYS_WARD)
    audited(sunita, TODAY, HEXTABLE)
    found = programme.of_year(THIS)
    assert [ward.code for ward in found.priority] == [ST_MARYS_WARD]
    assert [(ward.code, ward.next_due) for ward in found.others] == [(HEXTABLE, None)]
    assert len(found.done) == 1
    assert len(programme.of_ward(HEXTABLE, THIS).done) == 1


def test_the_list_is_narrowed_by_ward_year_and_state_newest_first(sunita: Person, owen: Person):
    mark_priority(owen, ST_MARYS_WARD)
    here = audited(sunita, TODAY, lines=EIGHT_OF_TEN)
    elsewhere = audited(sunita, TODAY, HEXTABLE, lines=["agreed"])
    before = audited(sunita, LAST_YEAR)
    later = planned(sunita, date(2026, 12, 1))
    lost = audited(sunita, TODAY, HEXTABLE, seen=0)
    with one_commit():
        db.session.get_one(Eva, lost.id).ward_code = None

    def ids(**wanted: object) -> list[object]:
        return [audit.eva.id for audit in programme.listed(Wanted(**wanted)).audits]  # type: ignore[arg-type]

    assert ids() == [later.id, lost.id, elsewhere.id, here.id, before.id]
    assert ids(ward=PRIORITY, period=THIS) == [later.id, here.id]
    assert ids(ward=OTHER) == [lost.id, elsewhere.id]
    assert ids(ward=HEXTABLE) == [elsewhere.id]
    assert ids(state="passes") == [here.id]
    assert ids(state="below") == [elsewhere.id]
    assert ids(state="no_plan") == [before.id]
    assert ids(state="done", period=THIS) == [elsewhere.id, here.id]
    assert ids(state="to_come") == ids(state="planned") == [later.id]
    assert ids(state="empty") == [lost.id]


def test_a_page_of_the_list_says_how_many_there_are(sunita: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(programme, "PAGE_SIZE", 2)
    first = audited(sunita, LAST_YEAR)
    for day in (20, 21):
        audited(sunita, date(2026, 11, day))
    page = programme.listed(Wanted(), 9)
    assert ([one.eva.id for one in page.audits], page.total, page.number, page.last) == ([first.id], 3, 2, 2)


def test_ten_times_as_many_audits_take_no_more_questions(sunita: Person, owen: Person):
    def asked() -> int:
        with asked_of_the_database() as said:
            programme.of_year(THIS)
            programme.listed(Wanted())
        return len(said)

    mark_priority(owen, ST_MARYS_WARD)
    audited(sunita, TODAY, lines=["agreed"])
    few = asked()
    for _ in range(9):
        plan(audited(sunita, TODAY), ["agreed", "verified"])
    assert asked() <= few
