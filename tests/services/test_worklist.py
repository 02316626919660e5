"""The worklist: each open record in one bucket, the most urgent first; many dealt with at once, each by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import submit
from tests.cast import Cast
from tests.conftest import NOON
from tests.moving import PRIVATE, PUBLIC, UNKNOWN, move, reported, tip_of
from webapp.extensions import clock
from webapp.rules.errors import NotFound
from webapp.rules.roles import Person
from webapp.services import assigning, history, land, worklist
from webapp.services.assigning import Ticked
from webapp.services.land import Land
from webapp.services.worklist import Wanted

pytestmark = pytest.mark.usefixtures("noon", "in_app")

KCC = Land("highway", "public", "visit", "certain", body="kcc_highways")


def days_ago(days: int) -> datetime:
    return NOON - timedelta(days=days)


def listed(person: Person, **wanted: object) -> list[str]:
    return [line.tip.reference for line in worklist.show(Wanted(**wanted), person).lines]  # type: ignore[arg-type]


def ticked(*references: str) -> list[Ticked]:
    return [Ticked(reference, history.newest(tip_of(reference))) for reference in references]


def test_each_open_record_is_in_one_bucket_by_its_day(owen: Person):
    by_day = {days: reported(days_ago(days)) for days in (0, 4, 5, 7, 8, 30)}
    held = reported(days_ago(9), land_type="other_unidentified")
    private = reported(days_ago(9))
    move(private, "triage", owen, land=PRIVATE)
    move(private, "private", owen)
    cleared = reported(days_ago(3))
    move(cleared, "clear", owen)
    counts = worklist.show(Wanted(), owen).counts
    assert counts == {"past": 2, "soon": 2, "rest": 2, "held": 1, "out": 1}
    assert listed(owen, bucket="past") == [by_day[30], by_day[8]]
    assert listed(owen, bucket="soon") == [by_day[7], by_day[5]]
    assert listed(owen, bucket="rest") == [by_day[4], by_day[0]]
    assert listed(owen, bucket="held") == [held]
    assert listed(owen, bucket="out") == [private]
    assert listed(owen, bucket="to_close") == [cleared] and worklist.to_close(owen) == 1
    # What binds nobody by day 7 stands last.
    assert listed(owen) == [by_day[30], held, by_day[8], by_day[7], by_day[5], by_day[4], by_day[0], private]


def test_it_is_narrowed_by_ward_body_and_crew_and_the_counts_with_it(owen: Person):
    mine, other = reported(), reported(place={"latitude": 51.36, "longitude": 0.19})
    move(mine, "triage", owen, land=KCC)
    move(mine, "order", owen, crew="Crew 2")
    ward = tip_of(other).ward_code
    assert listed(owen, body="kcc_highways") == listed(owen, crew="Crew 2") == [mine]
    assert listed(owen, ward=ward) == listed(owen, body="none") == listed(owen, crew="none") == [other]
    assert sum(worklist.show(Wanted(body="kcc_highways"), owen).counts.values()) == 1
    assert worklist.crews(owen) == ["Crew 2"]


def test_a_partner_sees_what_is_theirs_and_a_warden_what_they_made(owen: Person, cast: Cast):
    theirs, other = reported(), reported()
    move(theirs, "triage", owen, land=KCC)
    sunita = cast.person("Sunita")
    own = str(submit(person=sunita).reference)
    assert listed(cast.person("Priya")) == [theirs]
    assert listed(sunita) == [own]
    assert set(listed(owen)) == {theirs, other, own}
    assert listed(Person(id=1)) == []


def test_it_says_how_many_wait_to_hear(owen: Person):
    main = reported(reporter={"email": "rosa@example.org", "wants_news": True})
    submit(joins=main, reporter={"phone": "01732 000000", "wants_news": True})
    submit(joins=main, reporter={"email": "vic@example.org", "wants_news": False})
    (line,) = worklist.show(Wanted(), owen).lines
    assert (line.tip.reference, line.to_tell) == (main, 2)


def test_by_the_way_to_drive_the_most_urgent_is_first_and_what_has_no_place_last(owen: Person):
    def at(latitude: float, days: int) -> str:
        return reported(days_ago(days), place={"latitude": latitude, "longitude": 0.19})

    far, near, first = at(51.30, 1), at(51.271, 2), at(51.27, 3)
    nowhere = reported(
        days_ago(6), place={"source": None, "latitude": None, "longitude": None, "accuracy_m": None}
    )
    work = worklist.show(Wanted(order="route"), owen)
    assert [line.tip.reference for line in work.lines] == [first, near, far, nowhere]
    assert [round(line.leg_m) if line.leg_m is not None else None for line in work.lines] == [
        0,
        111,
        3225,
        None,
    ]


def test_many_are_given_to_somebody_each_by_itself(owen: Person, cast: Cast):
    one, two, ended = reported(), reported(), reported()
    move(ended, "not_fly_tip", owen)
    old = Ticked(two, 0)
    done = assigning.assign_all(
        [*ticked(one, ended), old, Ticked("FT-2026-99999", 1)], "kcc_highways", "Crew 3", owen
    )
    assert [result.problem is None for result in done] == [True, False, False, False]
    assert (tip_of(one).responsible_body, tip_of(one).crew) == ("kcc_highways", "Crew 3")
    assert tip_of(two).responsible_body is None
    problems = " ".join(str(result.problem) for result in done[1:])
    assert "ended already" in problems and "Somebody changed it" in problems and "no such record" in problems
    # Their partner may choose the crew, and not who must answer.
    priya = cast.person("Priya")
    assert assigning.assign_all(ticked(one), None, "Crew 4", priya)[0].problem is None
    assert assigning.assign_all(ticked(one), "sdc_licensing", None, priya)[0].problem is not None
    assert (tip_of(one).responsible_body, tip_of(one).crew) == ("kcc_highways", "Crew 4")


def test_giving_it_to_the_environment_agency_takes_it_out_of_the_figure(owen: Person):
    reference = reported()
    assigning.assign_all(ticked(reference), "environment_agency", None, owen)
    assert tip_of(reference).scope == "ea_led"


def test_many_are_moved_each_by_itself_and_what_takes_more_is_not_offered(owen: Person):
    looked_at, new = reported(), reported()
    move(looked_at, "triage", owen)
    done = assigning.move_all(ticked(looked_at, new), "order", "Crew 1", "", owen)
    assert [result.problem is None for result in done] == [True, False]
    assert tip_of(looked_at).status == "clearance_ordered" and tip_of(new).status == "reported"
    with pytest.raises(NotFound):
        assigning.move_all(ticked(new), "triage", "", "", owen)


def test_a_held_record_comes_into_the_clock_once_the_land_is_decided(owen: Person):
    reference = reported(days_ago(8), land_type="other_unidentified")
    move(reference, "triage", owen, land=UNKNOWN)
    assert listed(owen, bucket="held") == [reference]
    land.decide_again(reference, PUBLIC, history.newest(tip_of(reference)), owen)
    assert listed(owen, bucket="past") == [reference]


def test_days_are_counted_on_london_dates(owen: Person):
    reference = reported(datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    with clock.standing_at(datetime(2026, 7, 8, 23, 30, tzinfo=UTC)):
        assert listed(owen, bucket="soon") == [reference]
    with clock.standing_at(datetime(2026, 7, 9, 23, 30, tzinfo=UTC)):
        assert listed(owen, bucket="past") == [reference]
