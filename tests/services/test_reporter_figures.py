"""The figures about reporters agree with a plain count over all rows, and each opens exactly what it counts."""

import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from tests.builders import hidden_fields, submit
from tests.cast import Cast
from tests.conftest import NOON
from webapp.extensions import clock, db
from webapp.models.feedback import Satisfaction
from webapp.models.fly_tipping import FlyTip
from webapp.models.notice import STATES, Notice
from webapp.models.record import Record
from webapp.models.report import Report
from webapp.rules.clock import local_date
from webapp.rules.codes.feedback import ANSWERS
from webapp.rules.letters import DEFAULTS
from webapp.rules.notices import TO_REPORTERS
from webapp.rules.periods import Period, quarter, quarter_of
from webapp.services import records, reporter_figures
from webapp.services.filters import Filters
from webapp.services.reporter_figures import ReporterFigures
from webapp.services.reporter_filters import REPORTERS
from webapp.services.transaction import one_commit

AUTUMN = quarter(2026, 3)
# Around both ends of the quarter, to the minute: London is at UTC+1 at its first, at UTC at its last midnight.
EDGES = [
    datetime(2026, 9, 30, 22, 59, tzinfo=UTC),
    datetime(2026, 9, 30, 23, 0, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
    datetime(2027, 1, 1, 0, 0, tzinfo=UTC),
]
WARDS = ("E05005029", "E05005014", None)
CONTACTS = ({}, {"email": "r@example.org"}, {"phone": "01732 000000"}, {"email": "", "phone": ""})


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context(), clock.standing_at(NOON):
        yield


def spread(count: int, seed: int) -> None:
    """Give each of many reports any end, contact, messages and answer, some as duplicates of others."""
    chance = random.Random(seed)  # noqa: S311 - the same rows in every run.
    ids = [uuid4() for _ in range(count)]
    for one in ids:
        submit(capture_id=one)
    with one_commit() as session:
        tips = [session.get_one(FlyTip, one) for one in ids]
        for number, tip in enumerate(tips):
            _end(tip, tips[: number // 4], chance)
            _reporter(session.get_one(Report, tip.id), chance)
        session.flush()
        for tip in tips:
            _messages(session, tip, chance)


def _end(tip: FlyTip, mains: list[FlyTip], chance: random.Random) -> None:
    tip.ward_code = chance.choice(WARDS)
    mains = [main for main in mains if main.duplicate_of_id is None]
    if mains and chance.random() < 0.4:
        tip.status, tip.scope = "duplicate", "duplicate"
        tip.duplicate_of_id = chance.choice(mains).id
        tip.closed_at = NOON - timedelta(days=400)
    elif chance.random() < 0.8:
        tip.status, tip.outcome = chance.choice((("closed", "cleared"), ("not_found", "not_found")))
        tip.closed_at = chance.choice([*EDGES, NOON - timedelta(days=chance.randrange(-60, 120))])


def _reporter(report: Report, chance: random.Random) -> None:
    contact = chance.choice(CONTACTS)
    report.email, report.phone = contact.get("email"), contact.get("phone")
    report.wants_news = chance.random() < 0.8
    report.withdrawn_at = NOON if chance.random() < 0.1 else None


def _messages(session: object, tip: FlyTip, chance: random.Random) -> None:
    ended_at = _ended_at(tip) or NOON
    for _ in range(chance.randrange(4)):
        created_at = ended_at + timedelta(seconds=chance.choice((-1, 0, 1)))
        state = chance.choice((*STATES, "accepted", "accepted", "accepted"))
        row = {
            "purpose": chance.choice(TO_REPORTERS),
            "way": chance.choice(("email", "phone")),
            "state": state,
        }
        session.add(Notice(id=uuid4(), report_id=tip.id, created_at=created_at, due_at=created_at, **row))  # type: ignore[attr-defined]
    if chance.random() < 0.5:
        answer = chance.choice([*ANSWERS.values])
        session.add(Satisfaction(report_id=tip.id, answered_at=NOON, answer=answer))  # type: ignore[attr-defined]


def _ended_at(tip: FlyTip) -> datetime | None:
    return db.session.get_one(FlyTip, tip.duplicate_of_id).closed_at if tip.duplicate_of_id else tip.closed_at


def counted_plainly(period: Period, ward: object = all) -> ReporterFigures:
    """Return the figures by walking through every row, with none of the conditions that services use."""
    counts = dict.fromkeys(REPORTERS, 0)
    outcomes = {"cleared", "closed", "not_found", "not_fly_tip", "private_land"}
    outcomes |= {"referred_kcc", "referred_ea", "referred_other"}
    for report in db.session.scalars(select(Report)).all():
        tip = db.session.get_one(FlyTip, report.record_id)
        ended_at = _ended_at(tip)
        if ended_at is None or not period.first <= local_date(ended_at) <= period.last:
            continue
        if ward is not all and tip.ward_code != ward:
            continue
        got = [
            notice
            for notice in db.session.scalars(select(Notice).where(Notice.report_id == report.id))
            if notice.state == "accepted" and notice.created_at >= ended_at
        ]
        answered = db.session.get(Satisfaction, report.id)
        answer = answered.answer if answered else None
        contactable = bool(report.wants_news and not report.withdrawn_at and (report.email or report.phone))
        told = contactable and any(notice.purpose in outcomes for notice in got)
        asked = any(
            notice.way == "email" and "{question_link}" in DEFAULTS[notice.purpose].text for notice in got
        )
        for name, holds in {
            "contactable": contactable,
            "told": told,
            "not_told": contactable and not told,
            "no_contact": not contactable,
            "asked": asked,
            "asked_answered": asked and answer is not None,
            "answered": answer is not None,
            "with_opinion": answer not in (None, "dont_know"),
            "satisfied": answer in ("very_satisfied", "fairly_satisfied"),
            "dont_know": answer == "dont_know",
        }.items():
            counts[name] += bool(holds)
    return ReporterFigures(**counts)


def test_figures_are_what_a_plain_count_over_all_rows_says_and_open_what_they_count(cast: Cast):
    owen = cast.person("Owen")
    spread(60, seed=4)
    for period in (AUTUMN, quarter(2026, 2), quarter(2026, 4), quarter_of(date(2020, 1, 1))):
        found = reporter_figures.of_period(period).together
        assert found == counted_plainly(period)
        for name in REPORTERS:
            narrowed = Filters(ended_since=period.first, ended_until=period.last, reporters=name)
            assert records.search(narrowed, owen).total == getattr(found, name), (period.name, name)
    assert all(getattr(reporter_figures.of_period(AUTUMN).together, name) for name in REPORTERS), (
        "the rows show too little"
    )


def test_wards_add_up_and_hide_what_too_few_people_answered():
    spread(60, seed=11)
    found = reporter_figures.of_period(AUTUMN).wards
    assert {one.ward_code for one in found} == set(WARDS)
    for one in found:
        assert one.figures == counted_plainly(AUTUMN, one.ward_code)
    few = {one.ward_code for one in found if 0 < one.figures.with_opinion < 5}
    assert few <= {one.ward_code for one in found if one.are_answers_hidden}


@pytest.mark.parametrize(
    ("answers", "hidden"),
    [
        ({"a": 4, "b": 5, "c": 6}, {"a", "b"}),
        ({"a": 4, "b": 3, "c": 6}, {"a", "b"}),
        ({"a": 4, None: 9}, {"a", None}),
        ({"a": 4}, {"a"}),
        ({"a": 0, "b": 5}, set()),
    ],
)
def test_a_ward_that_the_total_would_give_away_is_not_hidden_alone(
    answers: dict[str | None, int], hidden: set[str | None]
):
    assert reporter_figures.hidden_wards(answers) == hidden


def test_the_list_takes_the_same_filters_from_its_address(cast: Cast):
    spread(40, seed=6)
    owen = cast.client("Owen")
    asked = f"ended_since={AUTUMN.first}&ended_until={AUTUMN.last}"
    found = reporter_figures.of_period(AUTUMN).together
    for name in REPORTERS:
        number = getattr(found, name)
        words = f"<strong>{number} {'record' if number == 1 else 'records'}</strong>"
        page = owen.get(f"/records?reporters={name}&{asked}").text
        assert words in page, name
        assert "was not understood" not in page and "(3 set)" in page
    odd = owen.get("/records?reporters=everybody&ended_since=soon").text
    assert odd.count("was not understood") == 2 and hidden_fields(odd)


def test_every_number_on_the_page_opens_as_many_records(cast: Cast):
    spread(150, seed=7)
    owen = cast.client("Owen")
    page = owen.get(f"/figures/reporters?period={AUTUMN.name}").text
    links = re.findall(r'href="(/records[^"]+reporters=[^"]+)">([\d,]+)<', page)
    of_wards = [href for href, _ in links if "ward=" in href]
    assert len(links) - len(of_wards) == 10 and len(of_wards) >= 9
    for href, shown in links:
        total = re.search(r"<strong>([\d,]+) records?</strong>", owen.get(unescape(href)).text)
        assert total is not None and total[1] == shown, href


def test_a_report_and_its_record_have_one_id_so_that_each_line_is_one_reporter():
    spread(5, seed=1)
    ids: set[UUID] = set(db.session.scalars(select(Record.id)))
    assert {(report.id, report.record_id) for report in db.session.scalars(select(Report))} == {
        (i, i) for i in ids
    }
