"""The page of what was forgotten: counts by reason for who answers for it, and never a registration."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.cast import Cast
from tests.phone import Phone, new_id
from tests.watching import scheme, vehicle, watch
from webapp.extensions import clock, db
from webapp.models.speed_reading import SpeedReading
from webapp.services import plate_retention


@pytest.mark.parametrize(("name", "status"), [("Owen", 200), ("Carol", 200), ("Vic", 404), ("Sunita", 404)])
def test_what_is_due_and_what_went_is_counted_for_who_answers_for_it(
    app: Flask, cast: Cast, name: str, status: int
) -> None:
    with app.app_context():
        made = scheme(cast)
    vic, own = Phone(cast.client("Vic")), new_id()
    vic.put(own, watch(made))
    vic.put(new_id(), vehicle(own, 44, "GK24 ABC"))
    with app.app_context():
        db.session.query(SpeedReading).update({"status": "void"})
        db.session.commit()
    page = cast.client(name).get("/retention")
    assert page.status_code == status
    if status == 404:
        return
    assert "Void, rejected, or not for the police: 1" in page.text and "They go tonight" in page.text
    with app.app_context(), clock.standing_at(datetime(2026, 11, 29, 3, 0, tzinfo=UTC)):
        plate_retention.run()
    page = cast.client(name).get("/retention")
    assert "Nothing.</p>" in page.text and "Void, rejected, or not for the police: 1" in page.text
    assert "GK24" not in page.text
