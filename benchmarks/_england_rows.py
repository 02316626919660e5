"""The rows in which SQLite keeps a fly-tip: of its capture, record, report, history and land."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from benchmarks._england_tips import Tip
from webapp.rules.clock import due_on, local_date
from webapp.rules.fly_tipping import NO_INCIDENT, scope
from webapp.rules.lifecycle import ended_as
from webapp.services.working_days import working_days

Values = Sequence[Any]
TABLES: dict[str, tuple[str, Callable[[Tip], Values]]] = {}


def _table(name: str, columns: str, **same: Any) -> Callable[[Callable[[Tip], Values]], None]:
    """Note how a table's row is made: its columns, and those that hold the same in every row."""

    def note(values: Callable[[Tip], Values]) -> None:
        listed = (*same, *columns.split())
        marks = [*(repr(value) for value in same.values()), *("?" for _ in columns.split())]
        sql = f"INSERT INTO {name} ({', '.join(listed)}) VALUES ({', '.join(marks)})"  # noqa: S608
        TABLES[name] = sql, values

    return note


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(" ", "microseconds")[:26] if moment else None


def _token_hash(tip: Tip) -> str:
    return hashlib.sha256(tip.id.bytes).hexdigest()


def _channel(tip: Tip) -> str:
    return "crew" if tip.by_id else "web"


@_table("capture", "id owner_id secret_hash first_seen_at", kind="fly_tipping", state="kept", rev=1)
def _capture(tip: Tip) -> Values:
    return tip.id.hex, tip.by_id, None if tip.by_id else _token_hash(tip), _moment(tip.reported_at)


def _scope(tip: Tip) -> str:
    return scope(tip.land_type, tip.ownership, ended_as(tip.status, tip.outcome), tip.body)


@_table(
    "record",
    "id reference status latitude longitude accuracy_m location_source place_text ward_code captured_at received_at"
    " created_by_id channel closed_at reported_on due_on cleared_on days_taken working_days_taken scope"
    " responsible_body crew",
    kind="fly_tipping",
    form_version=1,
    rev=1,
    visibility="facts",
)
def _record(tip: Tip) -> Values:
    is_placed = tip.latitude is not None
    reported_at = _moment(tip.reported_at)
    cleared_on = local_date(tip.cleared_at) if tip.cleared_at else None
    return (
        tip.id.hex,
        tip.reference,
        tip.status,
        tip.latitude,
        tip.longitude,
        8.0 if is_placed else None,
        "gps" if is_placed else "none",
        tip.place_text,
        tip.ward_code,
        reported_at,
        reported_at,
        tip.by_id,
        _channel(tip),
        _moment(tip.closed_at),
        tip.reported_on.isoformat(),
        due_on(tip.reported_on).isoformat(),
        cleared_on.isoformat() if cleared_on else None,
        (cleared_on - tip.reported_on).days if cleared_on else None,
        working_days(tip.reported_on, cleared_on) if cleared_on else None,
        _scope(tip),
        tip.body,
        tip.crew,
    )


@_table(
    "fly_tip",
    "id size main_waste land_type ownership description reported_by_type is_public_reported incident_on"
    " is_cleared outcome cleared_at clearance_cost_pence duplicate_of_id",
)
def _fly_tip(tip: Tip) -> Values:
    return (
        tip.id.hex,
        tip.size,
        tip.main_waste,
        tip.land_type,
        tip.ownership,
        tip.description,
        tip.reported_by_type,
        tip.is_public_reported,
        None if _scope(tip) in NO_INCIDENT else tip.reported_on.isoformat(),
        tip.cleared_at is not None,
        tip.outcome,
        _moment(tip.cleared_at),
        tip.cost_pence,
        tip.duplicate_of.hex if tip.duplicate_of else None,
    )


@_table("report", "id record_id token_hash channel reported_at name email wants_news")
def _report(tip: Tip) -> Values:
    own_id, is_named = tip.id.hex, tip.reported_by_type == "public"
    name, email = (
        (f"Resident {tip.number}", f"resident-{tip.number}@example.org") if is_named else (None, None)
    )
    return (
        own_id,
        own_id,
        _token_hash(tip),
        _channel(tip),
        _moment(tip.reported_at),
        name,
        email,
        is_named,
    )


@_table("event", "record_id at by_id", action="reported")
def _event(tip: Tip) -> Values:
    return tip.id.hex, _moment(tip.reported_at), tip.by_id


@_table(
    "land_decision",
    "record_id decided_at land_type ownership responsible_body scope",
    is_body_by_rule=1,
    source="visit",
    confidence="likely",
    reason="",
)
def _land_decision(tip: Tip) -> Values:
    return (
        tip.id.hex,
        _moment(tip.decided_at),
        tip.land_type,
        tip.ownership or "unknown",
        tip.body,
        scope(tip.land_type, tip.ownership, None, tip.body),
    )
