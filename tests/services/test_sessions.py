"""Sessions that are ended for good."""

from flask import Flask

from tests.at_once import at_once
from webapp.services import sessions


def test_two_who_end_one_session_at_the_same_moment_both_end_it(app: Flask):
    at_once(app, lambda: sessions.end_session("the session of a tab and its twin"))
    with app.app_context():
        assert sessions.has_ended("the session of a tab and its twin")
