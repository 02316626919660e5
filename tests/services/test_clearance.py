"""Marking a record cleared: once, also for two who do it at the same moment."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.at_once import at_once, meet_after
from tests.builders import mark_cleared, submit
from tests.cast import Cast
from webapp.extensions import clock, db
from webapp.models.event import Event
from webapp.models.notice import Notice
from webapp.rules.clock import local_date
from webapp.rules.errors import Refused
from webapp.services import records


def test_of_two_who_clear_it_at_the_same_moment_the_second_is_told_and_each_reporter_hears_once(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    owen = cast.person("Owen")
    with app.app_context():
        wants_news = {"email": "rosa@example.org", "wants_news": True}
        reference = submit(reporter=wants_news).reference
        today = local_date(clock.now())
    meet_after(monkeypatch, records, "find")

    def clear() -> str:
        try:
            mark_cleared(reference, today, (), False, owen)
        except Refused as refused:
            return str(refused)
        return "cleared"

    told = sorted(at_once(app, clear), key=len)
    assert told[0] == "cleared"
    assert "can no longer be done" in told[1]
    with app.app_context():
        assert len(db.session.scalars(select(Event).where(Event.action == "cleared")).all()) == 1
        assert len(db.session.scalars(select(Notice).where(Notice.purpose == "cleared")).all()) == 1
