"""A session that is changed while a vehicle of it arrives, or while it is checked: one waits for the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.desk import AT, READY, Desk, fast
from tests.phone import Phone, new_id
from tests.watching import ended, vehicle, watch
from webapp.extensions import db
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_site import SpeedSite
from webapp.rules.errors import Stale
from webapp.services import speed_checks, speed_watch, watches
from webapp.services.transaction import one_commit


def while_under_way(
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    first: Callable[[], Any],
    second: Callable[[], Any],
) -> tuple[Any, Any]:
    """Do the second while the first stands behind a function, until it is done or has to wait; return both answers."""
    act, is_there, is_done = getattr(owner, name), Event(), Event()

    def stand(*asked: Any, **named: Any) -> Any:
        answer = act(*asked, **named)
        is_there.set()
        is_done.wait(1)
        return answer

    def do_second() -> Any:
        assert is_there.wait(20)
        answer = second()
        is_done.set()
        return answer

    monkeypatch.setattr(owner, name, stand)
    with ThreadPoolExecutor(2) as threads:
        both = threads.submit(first), threads.submit(do_second)
        return both[0].result(), both[1].result()


def test_a_vehicle_that_comes_while_its_session_gets_another_site_is_judged_by_that_limit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.app.app_context(), one_commit() as session:
        old = session.get_one(SpeedSite, desk.scheme.site_id)
        columns = {one.key: getattr(old, one.key) for one in SpeedSite.__table__.columns}
        session.add(SpeedSite(**{**columns, "id": UUID(new_id()), "code": "SW900", "limit_mph": 40}))
    content, own, row = watch(desk.scheme), new_id(), new_id()
    desk.vic.put(own, content)
    moved = {**content, "rev": 2, "base_rev": 1, "answers": {**content["answers"], "site": ["SW900"]}}
    carol = Phone(desk.client("Carol"))
    answers = while_under_way(
        monkeypatch,
        speed_watch,
        "_has_vehicles",
        lambda: desk.vic.put(own, moved),
        lambda: carol.put(row, vehicle(own, 44, "GK24 ABC", at=AT)),
    )
    assert [one.status_code for one in answers] == [200, 201]
    with desk.app.app_context():
        kept = db.session.get_one(SpeedReading, UUID(row))
        assert (kept.is_over, kept.plate) == (False, None)


def test_a_vehicle_that_comes_while_the_check_is_opened_is_one_that_its_page_does_not_know(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, person = desk.held(fast()), desk.person("Carol")

    def opened() -> int:
        with desk.app.app_context():
            return speed_checks.opened(held.reference, person).newest

    seen, _ = while_under_way(
        monkeypatch, watches, "readings_of", opened, lambda: held.log(29, at=AT + timedelta(minutes=5))
    )
    with pytest.raises(Stale):
        held.finish(READY, seen=seen)


def test_a_version_of_a_session_that_comes_while_it_is_checked_stands_beside_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = desk.held(fast())
    later = ended({**held.content, "answers": held.content["answers"]}, minutes=30)
    _, answer = while_under_way(
        monkeypatch,
        speed_checks,
        "_decide",
        lambda: held.finish(READY),
        lambda: desk.vic.put(held.id, later),
    )
    assert answer.status_code == 409
    record = held.record()
    assert record.checked_at is not None and record.status == "checked"
    with desk.app.app_context():
        assert db.session.scalars(select(SpeedReading.status)).all() == ["ready"]
