"""Days are read as people write them, and nothing that is not figures counts as one."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from webapp.forms.fields import DayField


class DayForm(Form):
    seen = DayField("When did you first see it?")


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
        ("31", "2", "2026"),
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


def test_a_year_of_another_century_is_refused_in_its_own_words():
    assert list(typed("21", "11", "1926").errors) == [
        "“When did you first see it?” cannot be before the year 2000. Check the year."
    ]
