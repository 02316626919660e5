"""Days are read as people write them, and nothing that is not figures counts as one."""

from datetime import date, time

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from webapp.forms.fields import DayField, TimeField


class DayForm(Form):
    seen = DayField("When did you first see it?")


class TimeForm(Form):
    begins = TimeField("When does it begin?")


def typed(day: str, month: str, year: str) -> DayField:
    form = DayForm(MultiDict({"seen-day": day, "seen-month": month, "seen-year": year}))
    form.validate()
    return form.seen


@pytest.mark.parametrize("parts", [("21", "11", "2026"), (" 21 ", "11", "2026")])
def test_a_day_in_figures_is_that_day(parts: tuple[str, str, str]):
    assert typed(*parts).day == date(2026, 11, 21)
    assert typed("1", "02", "2000").day == date(2000, 2, 1)


@pytest.mark.parametrize(
    "parts",
    [
        ("21", "11", "26"),
        ("1_0", "11", "2026"),
        ("+1", "11", "2026"),
        ("２１", "11", "2026"),
        ("21", "11", "２０２６"),
        ("21", "Nov", "2026"),
        ("021", "11", "2026"),
        ("31", "13", "2026"),
        ("21", "11", "0000"),
        ("21", "11", "20266"),
        ("21", "", "2026"),
    ],
)
def test_what_is_no_day_in_figures_is_refused_and_stays_as_it_was_typed(parts: tuple[str, str, str]):
    field = typed(*parts)
    assert field.data is None
    assert "a year of four figures, such as 21 11 2026" in field.errors[0]
    assert tuple(field.typed.values()) == parts


def test_a_day_that_its_month_does_not_have_is_told_how_many_it_has():
    assert list(typed("31", "11", "2026").errors) == [
        "“When did you first see it?” cannot be 31 November 2026: that month has 30 days."
    ]


@pytest.mark.parametrize(
    ("words", "at"),
    [("9.30", time(9, 30)), ("1115", time(11, 15)), ("915", time(9, 15)), ("14:05", time(14, 5))],
)
def test_a_time_is_read_as_people_write_it(words: str, at: time):
    form = TimeForm(MultiDict({"begins": words}))
    assert form.validate() and form.begins.time == at


def test_what_is_no_time_is_refused_by_the_name_of_its_question():
    form = TimeForm(MultiDict({"begins": "2515"}))
    assert not form.validate()
    assert form.begins.errors == ["“When does it begin?” needs a time such as 14:05. It can stay empty."]


def test_a_year_of_another_century_is_refused_in_its_own_words():
    assert list(typed("21", "11", "1926").errors) == [
        "“When did you first see it?” cannot be before the year 2000. Check the year."
    ]
