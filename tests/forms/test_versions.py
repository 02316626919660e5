"""A form that has grown still takes the answers of an older one, as it was asked then."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from tests.builders import filled
from webapp.forms.fields import Choice
from webapp.forms.fly_tipping import FlyTippingForm
from webapp.rules.codes import Code, CodeList


class Grown(FlyTippingForm):
    """The form as it may be one day: its third version asks one thing more."""

    VERSION = 3
    weather = Choice("How was the weather?", CodeList(Code("dry", "Dry")), needed="Choose.", since=3)


@pytest.mark.parametrize(("version", "is_valid"), [("1", True), ("2", True), ("3", False), ("4", False)])
def test_a_question_that_came_later_is_not_missing_from_an_older_capture(
    app: Flask, version: str, is_valid: bool
) -> None:
    with app.app_context():
        form = Grown(MultiDict({**filled(), "form_version": version}), meta={"csrf": False})
        assert form.validate() is is_valid
        assert bool(form.weather.errors) is not is_valid
