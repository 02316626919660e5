"""Figures counted in SQL say what the rule says row by row, and each opens exactly its records."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from statistics import median
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import submit
from tests.cast import Cast
from webapp.extensions import clock, db
from webapp.models.fly_tipping import FlyTip
from webapp.models.record import Record
from webapp.rules.clock import Standing, is_past, standing
from webapp.rules.codes.clock import IN_TARGET
from webapp.rules.periods import quarter
from webapp.services import figures, records
from webapp.services.figures import Count, SevenDays, Share
from webapp.services.filters import COUNTED, Filters
from webapp.services.scope import write_scope
from webapp.services.transaction import one_commit

TODAY = date(2026, 12, 20)
PERIOD = quarter(2026, 3)
WARDS = ("E05005029", "E05005030", None)
LAND = st.sampled_from(
    [("highway", None), ("highway", "private"), ("agricultural", None), ("other_unidentified", None)]
)
OUTCOME = st.sampled_from([None, "cleared", "not_found", "not_fly_tip", "referred_ea"])
TIPS = st.lists(
    st.fixed_dictionaries(
        {
            "reported_on": st.dates(date(2026, 9, 25), TODAY),
            "took": st.one_of(st.none(), st.integers(0, 12)),
            "land": LAND,
            "outcome": OUTCOME,
            "ward": st.sampled_from(WARDS),
            "body": st.sampled_from(["kcc_highways", "environment_agency", None]),
        }
    ),
    max_size=25,
)


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context(), clock.standing_at(datetime(2026, 12, 20, 12, tzinfo=UTC)):
        yield


def keep(made: list[dict[str, Any]]) -> None:
    """Let the database hold these fly-tips and no others."""
    references = [submit(place={"latitude": 51.27, "longitude": 0.19}).reference for _ in made]
    with one_commit() as session:
        session.query(Record).update({"scope": None, "reported_on": date(2020, 1, 1)})
        for reference, tip in zip(references, made, strict=True):
            _change(session.query(FlyTip).filter_by(reference=reference).one(), tip)


def _change(row: FlyTip, tip: dict[str, Any]) -> None:
    row.reported_on, row.ward_code, row.responsible_body = tip["reported_on"], tip["ward"], tip["body"]
    row.land_type, row.ownership = tip["land"]
    row.outcome = tip["outcome"]
    if tip["outcome"] == "cleared":
        row.cleared_on = tip["reported_on"] + timedelta(days=tip["took"] or 0)
    write_scope(row)


def all_tips() -> list[FlyTip]:
    db.session.expire_all()
    in_period = FlyTip.reported_on.between(PERIOD.first, PERIOD.last)
    return db.session.query(FlyTip).filter(FlyTip.scope.is_not(None), in_period).all()


def rule_of(tip: FlyTip) -> Standing:
    return standing(tip.scope, tip.days_taken, is_past=is_past(tip.reported_on, TODAY))


def opened(figure: SevenDays) -> Iterator[tuple[int, Filters]]:
    """Every number of a figure with the list that it opens."""
    yield figure.cleared.part, figure.cleared.opens_part
    yield figure.cleared.whole, figure.cleared.opens_whole
    for count in (figure.early, figure.not_yet_due, *figure.left_out.values()):
        yield count.value, count.opens


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=TIPS)
def test_each_figure_is_the_rule_row_by_row_and_opens_exactly_its_records(
    made: list[dict[str, Any]], cast: Cast
):
    owen = cast.person("Owen")
    keep(made)
    found, tips = figures.of_period(PERIOD), all_tips()
    whole = found.whole
    counts = {one: sum(rule_of(tip) is one for tip in tips) for one in Standing}
    assert whole.cleared.part == counts[Standing.IN_TIME]
    assert whole.cleared.whole == counts[Standing.IN_TIME] + counts[Standing.MISSED]
    assert whole.early.value == counts[Standing.CLEARED_EARLY]
    assert whole.not_yet_due.value == counts[Standing.NOT_YET_DUE]
    for scope, count in whole.left_out.items():
        assert count.value == sum(tip.scope == scope for tip in tips)
    taken = [tip.days_taken for tip in tips if tip.scope == IN_TARGET and tip.days_taken is not None]
    assert figures.median_days(found) == (Fraction(median(taken)) if taken else None)
    assert {ward: figure.cleared.whole for ward, figure in found.wards.items()} == {
        tip.ward_code: sum(
            rule_of(one) in {Standing.IN_TIME, Standing.MISSED}
            for one in tips
            if one.ward_code == tip.ward_code
        )
        for tip in tips
    }
    for figure in (whole, *found.wards.values()):
        for number, opens in opened(figure):
            assert records.search(opens, owen).total == number, opens
    for _, count in figures.days_taken(found):
        assert records.search(count.opens, owen).total == count.value


def test_a_ward_counts_what_lies_in_it():
    tip = {"reported_on": date(2026, 11, 1), "took": 2, "land": ("highway", None), "outcome": "cleared"}
    keep([{**tip, "ward": ward, "body": None} for ward in ("E05005029", "E05005030", None)])
    assert figures.of_period(PERIOD).whole.cleared.whole == 3
    ward = figures.of_period(PERIOD, ward="E05005029")
    assert ward.whole.cleared.whole == 1 and ward.whole.cleared.opens_whole.ward == "E05005029"


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (0, 0, "no data"),
        (0, 3, "0.0%"),
        (7996, 10_000, "79.9%"),
        (999, 1000, "99.9%"),
        (9999, 10_000, "99.9%"),
    ],
)
def test_a_share_is_cut_and_never_rounded_up_to_a_target(part: int, whole: int, words: str):
    assert Share(part, whole).words == words


def test_a_target_is_reached_exactly_or_not_at_all():
    assert Share(4, 5).reaches(Fraction(80)) is True
    assert Share(799_999, 1_000_000).reaches(Fraction(80)) is False
    assert Share(0, 0).reaches(Fraction(80)) is None


@pytest.mark.parametrize(
    ("target", "counted", "in_time"),
    # Friday to Monday is one working day; Friday 18 December has not seen two of them by Sunday the 20th.
    [(1, 3, 1), (2, 3, 2)],
)
def test_a_second_target_counts_working_days_and_opens_its_records(
    app: Flask, cast: Cast, target: int, counted: int, in_time: int
):
    app.config["WORKING_DAYS_TARGET"] = str(target)
    base = {"land": ("highway", None), "outcome": "cleared", "ward": None, "body": None}
    friday = date(2026, 11, 27)
    keep(
        [
            {**base, "reported_on": friday, "took": 3},
            {**base, "reported_on": friday, "took": 4},
            {**base, "reported_on": friday, "outcome": None, "took": None},
            {**base, "reported_on": date(2026, 12, 18), "outcome": None, "took": None},
            {**base, "reported_on": friday, "took": 1, "land": ("agricultural", None)},
        ]
    )
    share = figures.in_working_days(PERIOD)
    assert share is not None and (share.part, share.whole) == (in_time, counted)
    for value, opens in ((share.part, share.opens_part), (share.whole, share.opens_whole)):
        assert records.search(opens, cast.person("Owen")).total == value


def test_without_a_second_target_there_is_no_figure_of_it():
    assert figures.in_working_days(PERIOD) is None


def test_an_empty_period_is_no_data_and_opens_nothing():
    found = figures.of_period(quarter(2025, 1))
    whole = found.whole
    assert (whole.cleared.words, figures.median_days(found)) == ("no data", None)
    assert whole.cleared.opens_whole.standing == COUNTED
    assert isinstance(whole.private, Count) and whole.private.value == 0


def test_every_filter_of_a_figure_can_be_spelled_in_an_address():
    spelled = Filters(since=date(2026, 10, 1), standing="in time", ward="none").in_address()
    assert spelled == {"since": "2026-10-01", "standing": "in time", "ward": "none"}
