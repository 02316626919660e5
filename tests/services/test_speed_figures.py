"""Figures of speed-watch counted in SQL say what the rules say row by row, and open exactly what they count."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from tests.asking import asked_of_the_database
from tests.cast import Cast
from tests.speeding import DRAFT, VOID, Row, hold, rows_of
from tests.watching import Scheme, scheme
from webapp.extensions import clock, db
from webapp.models.police_export import PoliceExport
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_scheme import SpeedVolunteer
from webapp.models.speed_site import SpeedSite
from webapp.models.speed_watch import SpeedCrew, SpeedSession
from webapp.models.traffic_count import TrafficCount
from webapp.rules import speed as rules
from webapp.rules.periods import quarter, quarter_of, year
from webapp.rules.speed_figures import (
    Standing,
    in_bands,
    is_vehicle,
    lasted,
    mean,
    percentile_85,
    standing,
    traffic,
)
from webapp.services import speed_figures, speed_letters, speed_plan, speed_results, speed_sessions
from webapp.services.speed_figures import Figures, Part
from webapp.services.speed_sessions import Wanted
from webapp.services.transaction import one_commit

TODAY = date(2026, 12, 20)
PERIOD = quarter(2026, 3)
BEGAN = datetime(2026, 12, 20, 10, 30, tzinfo=UTC)
ROWS = st.lists(
    st.builds(
        Row,
        speed=st.integers(20, 60),
        status=st.sampled_from([DRAFT, "checked", "accepted", VOID]),
        is_removed=st.sampled_from([False, False, False, True]),
    ),
    max_size=12,
)
SESSIONS = st.lists(
    st.fixed_dictionaries(
        {
            "at": st.integers(0, 1),
            "held_on": st.dates(date(2026, 9, 20), TODAY),
            "speeds": ROWS,
            "counted": st.one_of(st.none(), st.integers(0, 20)),
            "phones": st.lists(st.integers(0, 10), max_size=2),
            "minutes": st.one_of(st.none(), st.integers(1, 180), st.integers(715, 725)),
            "status": st.sampled_from(["held", "checked", "checked", "handed_over", "taken_back"]),
            "start_problems": st.sampled_from(["", "", "", "crew_too_few"]),
            "has_all_speeds": st.sampled_from([None, False, True]),
            "limit_mph": st.sampled_from([20, 30, 30, 40]),
        }
    ),
    max_size=6,
)


@dataclass(frozen=True)
class Told:
    """One session as a test knows it, with what a rule says of it row by row."""

    made: Scheme
    facts: dict[str, Any]
    rows: Sequence[Row] = field(default_factory=list)

    @property
    def speeds(self) -> list[int]:
        return [one.speed for one in self.rows if self._is_vehicle(one)]

    def _is_vehicle(self, row: Row) -> bool:
        return is_vehicle(row.status, self.facts["status"], is_removed=row.is_removed)

    @property
    def minutes(self) -> int:
        """How long it took as hours count it."""
        return lasted(BEGAN, BEGAN + timedelta(minutes=self.facts["minutes"] or 0)) // 60

    @property
    def waits(self) -> bool:
        """Whether something of it waits to be checked."""
        is_late = any(one.status == DRAFT and not one.is_removed for one in self.rows)
        is_checked = self.facts["status"] in ("checked", "handed_over")
        return self.standing == Standing.NOT_CHECKED or (is_checked and is_late)

    @property
    def recorded(self) -> int:
        return sum(rules.is_over(one, self.facts["limit_mph"]) for one in self.speeds)

    @property
    def above(self) -> int:
        return sum(one > self.facts["limit_mph"] for one in self.speeds)

    @property
    def counted(self) -> int | None:
        said, phones = self.facts["counted"], self.facts["phones"]
        return traffic(said if said is not None else (sum(phones) if phones else None), len(self.speeds))

    @property
    def standing(self) -> Standing:
        return standing(
            self.facts["status"],
            has_ended=self.facts["minutes"] is not None,
            start_problems=self.facts["start_problems"],
        )


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context(), clock.standing_at(datetime(2026, 12, 20, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def two(cast: Cast, context: None) -> list[Scheme]:
    """Two schemes, each with a site."""
    return [scheme(cast), scheme(cast, "Shoreham")]


def keep(two: list[Scheme], sessions: list[dict[str, Any]]) -> list[Told]:
    """Let the database hold these sessions and no others."""
    with one_commit() as session:
        for table in (SpeedReading, TrafficCount, SpeedCrew):
            session.execute(delete(table))
        session.execute(delete(SpeedSession.__table__))
    told = []
    for facts in sessions:
        made, given = two[facts["at"]], {name: value for name, value in facts.items() if name != "at"}
        hold(made, **given)
        told.append(Told(made, facts, rows_of(facts["speeds"])))
    return told


def agrees(figures: Figures, told: Sequence[Told]) -> None:
    """What was counted in SQL is what the rules say of each row."""
    counted = [one for one in told if one.counted is not None]
    complete = [one for one in counted if one.facts["has_all_speeds"]]
    total = sum(one.counted for one in counted)
    assert figures.sessions == len(told)
    assert figures.logged == sum(len(one.speeds) for one in told)
    assert figures.recorded == sum(one.recorded for one in told)
    assert figures.counted == (total if counted else None) and figures.counted_in == len(counted)
    assert figures.at_threshold == (Part(sum(one.recorded for one in counted), total) if counted else None)
    assert figures.over_limit == (
        Part(sum(one.above for one in complete), sum(one.counted for one in complete)) if complete else None
    )
    minutes, timed = [one.minutes for one in told], sum(one.recorded for one in told if one.minutes)
    assert figures.volunteer_hours == Fraction(2 * sum(minutes), 60)
    assert figures.per_hour == (Fraction(timed * 60, sum(minutes)) if sum(minutes) >= 10 else None)


def speeds_agree(figures: Figures, told: Sequence[Told]) -> None:
    assert [one.limit for one in figures.limits] == sorted({one.facts["limit_mph"] for one in told})
    for own in figures.limits:
        there = [one for one in told if one.facts["limit_mph"] == own.limit]
        every = [speed for one in there for speed in one.speeds]
        of_all = Counter(speed for one in there if one.facts["has_all_speeds"] for speed in one.speeds)
        assert own.highest == max(every, default=None)
        assert own.bands == in_bands({speed: every.count(speed) for speed in every}, own.limit)
        assert (own.speeds and own.speeds.percentile_85) == percentile_85(of_all)
        assert (own.speeds and own.speeds.mean) == mean(of_all)
        assert own.speeds is None or (own.speeds.vehicles, own.speeds.is_few) == (of_all.total(), True)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SESSIONS)
def test_every_figure_counted_in_sql_is_that_of_the_rules_row_by_row(two: list[Scheme], sessions: list[Any]):
    told = keep(two, sessions)
    for wanted, is_in in (
        (Wanted(), lambda one: True),
        (Wanted(site=two[0].site), lambda one: one.made is two[0]),
        (Wanted(scheme=two[1].id), lambda one: one.made is two[1]),
        (
            speed_figures.within(PERIOD, Wanted()),
            lambda one: PERIOD.first <= one.facts["held_on"] <= PERIOD.last,
        ),
        (Wanted(traffic="counted"), lambda one: one.counted is not None),
        (Wanted(traffic="not_counted"), lambda one: one.counted is None),
        (Wanted(speeds="all"), lambda one: one.facts["has_all_speeds"] is True),
        *((Wanted(state=state.value), lambda one: True) for state in Standing),
    ):
        state = Standing(wanted.state or "counted")
        theirs = [one for one in told if is_in(one) and one.standing == state]
        figures = speed_figures.of(wanted)
        agrees(figures, theirs)
        speeds_agree(figures, theirs)
        # The list that the figure opens has exactly these sessions, and says the same of them.
        assert speed_sessions.count(speed_sessions.conditions(figures.opens)) == figures.sessions
    to_check = speed_sessions.conditions(Wanted(check=speed_sessions.TO_CHECK))
    assert speed_sessions.count(to_check) == sum(one.waits for one in told)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SESSIONS)
def test_a_site_over_time_is_the_sum_of_its_quarters(two: list[Scheme], sessions: list[Any]):
    told = [one for one in keep(two, sessions) if one.made is two[0] and one.standing == Standing.COUNTED]
    site = db.session.get_one(SpeedSite, two[0].site_id)
    found = speed_results.of_site(site)
    agrees(found.figures, told)
    speeds_agree(found.figures, told)
    days = [one.session.held_on for one in found.sessions]
    assert days == sorted((one.facts["held_on"] for one in told), reverse=True)
    for period, figures in found.quarters:
        (limit,) = (own.limit for own in figures.limits)
        theirs = [
            one
            for one in told
            if quarter_of(one.facts["held_on"]) == period and one.facts["limit_mph"] == limit
        ]
        agrees(figures, theirs)
        speeds_agree(figures, theirs)
    assert sum(figures.sessions for _, figures in found.quarters) == len(told)


def test_a_share_says_of_what_and_is_only_of_sessions_in_which_traffic_was_counted(two: list[Scheme]):
    hold(two[0], TODAY, [40] * 18, counted=214)
    hold(two[0], TODAY, [40] * 5)
    figures = speed_figures.of(Wanted())
    assert (figures.recorded, figures.counted, figures.counted_in) == (23, 214, 1)
    assert figures.at_threshold == Part(18, 214) and figures.at_threshold.words == "8.4%"
    # Nobody wrote down what drove between the limit and the threshold.
    assert figures.over_limit is None and figures.only_limit.speeds is None


def test_a_percentile_of_fewer_than_a_hundred_is_flagged_and_one_of_fast_ones_alone_is_not_made(
    two: list[Scheme],
):
    hold(two[0], TODAY, range(20, 119), has_all_speeds=True)
    assert speed_figures.of(Wanted()).only_limit.speeds.is_few
    hold(two[0], TODAY, [30], has_all_speeds=True)
    hold(two[0], TODAY, [90] * 50, has_all_speeds=False)
    speeds = speed_figures.of(Wanted()).only_limit.speeds
    assert (speeds.vehicles, speeds.is_few, speeds.percentile_85) == (100, False, 103)


def test_a_count_below_what_was_logged_makes_no_share_and_is_told(two: list[Scheme]):
    hold(two[0], TODAY, [40] * 18, counted=10)
    figures = speed_figures.of(Wanted())
    assert (figures.counted, figures.at_threshold, figures.doubtful) == (None, None, 1)


def test_somebody_in_two_schemes_is_one_volunteer(two: list[Scheme]):
    hold(two[0], TODAY, crew=[two[0].vic, two[0].ann])
    hold(two[1], TODAY, crew=[two[1].vic, two[1].bob])
    assert speed_figures.of(Wanted()).volunteers == 3
    assert speed_plan.on(TODAY).trained == 6


def test_training_is_in_date_on_its_last_day_and_lapsed_after_it(two: list[Scheme]):
    with one_commit() as session:
        for one in session.query(SpeedVolunteer).filter_by(scheme_id=two[1].id):
            one.is_active = False
        ann, bob = (session.get_one(SpeedVolunteer, own) for own in (two[0].ann, two[0].bob))
        ann.refresher_due_on, bob.trained_on = TODAY, None
    assert [getattr(speed_plan.on(TODAY), name) for name in ("trained", "lapsed", "untrained")] == [3, 0, 1]
    assert speed_plan.on(date(2026, 12, 21)).lapsed == 1


def test_letters_and_visits_are_what_the_police_told_and_nothing_where_they_told_nothing(
    two: list[Scheme], cast: Cast
):
    owen = cast.person("Owen").id
    with one_commit() as session:
        for scheme_id, letters, visits, at in (
            (two[0].id, 7, None, datetime(2026, 12, 1, tzinfo=UTC)),
            (two[0].id, 5, 1, datetime(2026, 12, 31, 23, 30, tzinfo=UTC)),
            (two[1].id, None, None, datetime(2026, 12, 2, tzinfo=UTC)),
            (two[1].id, 9, 9, datetime(2027, 1, 1, 1, tzinfo=UTC)),
        ):
            session.add(
                PoliceExport(
                    scheme_id=scheme_id, made_at=at, made_by_id=owen, rows=10, letters=letters, visits=visits
                )
            )
    every = speed_letters.answered(PERIOD)
    assert (every.handed_over, every.letters, every.visits) == (30, 12, 1)
    own = speed_letters.answered(PERIOD, two[1].id)
    assert (own.handed_over, own.letters, own.visits) == (10, None, None)


def test_a_crew_is_told_of_their_session_before_anybody_checked_it(two: list[Scheme]):
    hold(two[0], TODAY, [36], minutes=30)
    own = hold(
        two[0], TODAY, [36, 40, Row(60, VOID), 28], counted=50, minutes=90, status="held", has_all_speeds=True
    )
    summary = speed_figures.session_summary(db.session.get_one(SpeedSession, own))
    assert summary.figures.at_threshold == Part(2, 50) and summary.figures.highest == 40
    assert summary.figures.volunteer_hours == 3 and summary.session.standing == Standing.NOT_CHECKED
    # Of their scheme only what was checked is told.
    assert (summary.scheme.sessions, summary.scheme.volunteer_hours, summary.year) == (1, 1, year(2026))


def test_a_page_of_a_site_asks_the_same_few_questions_however_many_sessions_there_were(two: list[Scheme]):
    site = db.session.get_one(SpeedSite, two[0].site_id)
    asked = []
    for _ in range(2):
        for _ in range(4):
            hold(two[0], TODAY, [36, 40], counted=9, has_all_speeds=True)
        site = db.session.get_one(SpeedSite, two[0].site_id)
        with asked_of_the_database() as said:
            speed_results.of_site(site)
        asked.append(len(said))
    assert asked[0] == asked[1]


def test_a_figure_of_a_period_counts_both_its_days(two: list[Scheme]):
    for day in (PERIOD.first, PERIOD.last, date(2027, 1, 1), date(2026, 9, 30)):
        hold(two[0], day, [40])
    assert speed_figures.of_period(PERIOD).recorded == 2
    assert replace(speed_figures.of_period(PERIOD).opens, state=None) == Wanted(
        since=PERIOD.first, until=PERIOD.last
    )
