"""Sessions of speed-watch as figures need them: held at a site with so many vehicles at given speeds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import insert

from tests.watching import Scheme
from webapp.extensions import clock
from webapp.models.capture import Capture
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_site import SpeedSite
from webapp.models.speed_watch import SpeedCrew, SpeedSession
from webapp.models.traffic_count import TrafficCount
from webapp.rules import speed as rules
from webapp.rules.codes.speed_watch import ENDED
from webapp.services import references
from webapp.services.rows import Rows
from webapp.services.transaction import one_commit

DRAFT, CHECKED, VOID = "draft", "checked", "void"


@dataclass(frozen=True)
class Row:
    """One vehicle: its speed, its state, and whether its person undid it."""

    speed: int
    status: str = CHECKED
    is_removed: bool = False


def rows_of(speeds: Iterable[int | Row]) -> list[Row]:
    """Return rows that count, where only their speeds are given."""
    return [one if isinstance(one, Row) else Row(one) for one in speeds]


def hold(
    made: Scheme,
    held_on: date,
    speeds: Iterable[int | Row] = (),
    *,
    counted: int | None = None,
    phones: Sequence[int] = (),
    minutes: int | None = 60,
    crew: Sequence[int] | None = None,
    **changes: Any,
) -> UUID:
    """Let a session have been held and checked, and return its id; within an app context.

    `counted` is what a desk says of all traffic, `phones` what phones counted. Without `minutes` it goes on.
    """
    own, now = uuid4(), clock.now()
    began = datetime.combine(held_on, time(10, 30), tzinfo=UTC)
    with one_commit() as session:
        site = session.get_one(SpeedSite, made.site_id)
        owner = site.asked_by_id
        session.add(_capture(own, "speed_watch", owner, now))
        session.flush()
        limit = changes.pop("limit_mph", site.limit_mph)
        status = "checked" if minutes else "under_way"
        columns = {
            "ward_code": site.ward_code,
            "parish": site.parish,
            "status": status,
            "closed_at": now if changes.get("status", status) in ENDED else None,
            "has_all_speeds": None,
            **changes,
        }
        watch = SpeedSession(
            id=own,
            reference=references.next_reference(Rows(session), "SW", began),
            channel="web",
            form_version=1,
            received_at=now,
            reported_on=held_on,
            latitude=site.latitude,
            longitude=site.longitude,
            location_source=site.location_source,
            place_text=site.name,
            site_id=site.id,
            scheme_id=made.id,
            device_id=made.device,
            held_on=held_on,
            began_at=began,
            ended_at=began + timedelta(minutes=minutes) if minutes else None,
            limit_mph=limit,
            threshold_mph=rules.threshold(limit),
            total_counted=counted,
            **columns,
        )
        session.add(watch)
        session.flush()
        session.add_all(
            SpeedCrew(session_id=own, volunteer_id=one) for one in (made.crew if crew is None else crew)
        )
        _log(session, own, limit, rows_of(speeds), owner, now)
        for one in phones:
            part = uuid4()
            session.add(_capture(part, "traffic_count", owner, now))
            session.flush()
            session.add(TrafficCount(id=part, session_id=own, received_at=now, counted=one))
    return own


def _capture(own: UUID, kind: str, owner: int | None, now: datetime) -> Capture:
    who = {"owner_id": owner} if owner else {"secret_hash": "0" * 64}
    return Capture(id=own, kind=kind, state="kept", rev=1, first_seen_at=now, **who)


def _log(
    session: Any, watch: UUID, limit: int, rows: Sequence[Row], owner: int | None, now: datetime
) -> None:
    if not rows:
        return
    ids = [uuid4() for _ in rows]
    who = {"owner_id": owner, "secret_hash": None if owner else "0" * 64}
    shared = {
        "kind": "speed_reading",
        "state": "kept",
        "rev": 1,
        "first_seen_at": now,
        "parent_id": watch,
        **who,
    }
    session.execute(insert(Capture), [{"id": own, **shared} for own in ids])
    session.execute(
        insert(SpeedReading),
        [
            {
                "id": own,
                "session_id": watch,
                "number": number,
                "received_at": now,
                "speed_mph": row.speed,
                "is_over": rules.is_over(row.speed, limit),
                "status": row.status,
                "removed_at": now if row.is_removed else None,
            }
            for number, (own, row) in enumerate(zip(ids, rows, strict=True), 1)
        ],
    )


@dataclass(frozen=True)
class Sessions:
    """Sessions of one scheme, each made in a context of the app that ends before a browser asks for anything."""

    app: Flask
    scheme: Scheme

    def hold(self, held_on: date, speeds: Iterable[int | Row] = (), **more: Any) -> UUID:
        """Hold one session."""
        with self.app.app_context():
            return hold(self.scheme, held_on, speeds, **more)
