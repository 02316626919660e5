"""The daily reminder of lines of action plans: due within three days or overdue, to their agency and the officers."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from tests.cast import Cast
from tests.moving import reported
from tests.planning import a_line, take, walked
from tests.services.test_reminders import MORNING, days_ago, mails, reminders
from webapp.extensions import clock, db
from webapp.models.notice import Notice
from webapp.rules.roles import Person
from webapp.services import notices


@pytest.fixture
def owen(cast: Cast) -> Person:
    cast.person("Priya")
    return cast.person("Owen")


@pytest.fixture(autouse=True)
def context(app: Flask, cast: Cast, owen: Person) -> Iterator[None]:
    with clock.standing_at(MORNING):
        walked(cast.client("Sunita"))
        with app.app_context():
            yield


def planned(owen: Person, agency: str, by_when: date) -> int:
    return a_line(owen, text="Cut the hedge", owner_agency=agency, by_when=by_when)


@pytest.mark.parametrize(("days", "is_due"), [(4, False), (3, True), (0, True)])
def test_lines_of_a_plan_are_reminded_of_within_three_days(owen: Person, days: int, is_due: bool):
    planned(owen, "kcc_highways", MORNING.date() + timedelta(days=days))
    notices.owe_reminders()
    assert reminders() == ({"Owen": 1, "Priya": 1} if is_due else {})


def test_partners_hear_of_their_own_lines_only_and_one_letter_tells_all(app: Flask, owen: Person):
    reported(days_ago(6))
    planned(owen, "kcc_highways", MORNING.date() + timedelta(days=2))
    planned(owen, "kent_police", MORNING.date())
    with clock.standing_at(MORNING + timedelta(days=1)):
        notices.owe_reminders()
        notices.send_due()
    by_person = {message["To"]: message for message in mails(app)}
    owens, priyas = (by_person[f"{name}@wardbook.example"] for name in ("owen", "priya"))
    assert owens["Subject"] == (
        "Fly-tipping: 0 overdue, 1 on day 5 to 7; Action plans: 1 overdue, 1 due by 26 Nov 2026"
    )
    assert priyas["Subject"] == "Action plans: 0 overdue, 1 due by 26 Nov 2026"
    text = owens.get_content()
    assert "EVA-2026-00001 action 2  1 day over" in text and "hedge" not in text
    assert "/worklist" in text and "/actions\r\n" in text
    assert "/worklist" not in priyas.get_content() and "kent_police" not in priyas.get_content()


def test_a_line_that_was_done_before_the_letter_went_is_not_reminded_of(app: Flask, owen: Person):
    action_id = planned(owen, "kcc_highways", MORNING.date())
    notices.owe_reminders()
    for name in ("agree", "complete"):
        take(action_id, name, owen)
    notices.send_due()
    assert mails(app) == []
    assert {notice.state for notice in db.session.query(Notice).filter_by(purpose="reminder")} == {"dropped"}
