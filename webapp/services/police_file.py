"""The file that the police get, row by row: what was seen and nothing of any keeper (field-facts 3.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models.police_export import PoliceExport
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_scheme import SpeedDevice
from webapp.models.speed_site import SpeedSite
from webapp.models.speed_watch import SpeedSession
from webapp.rules import vrm
from webapp.rules.clock import LONDON, clock_time
from webapp.rules.codes import speed_watch as codes
from webapp.rules.speed import LETTER_FROM, VISIT_FROM, passed_on
from webapp.services.speed_pack import device_name

HEAD = (
    "Export",
    "Number",
    "Site",
    "Road",
    "Date",
    "Time",
    "GMT or BST",
    "Limit (mph)",
    "Speed (mph)",
    "Direction",
    "Registration",
    "Make",
    "Model",
    "Colour",
    "Type",
    "Device",
    "Over 50% above the limit",
    "90% above the limit or more",
    "Earlier sightings among plates still held",
)
NOT_KNOWN = ""


@dataclass(frozen=True, slots=True)
class PoliceFile:
    """The rows of a file with their head, and what it says of itself where a format has room for it."""

    rows: list[list[Any]] = field(repr=False)
    about: list[list[Any]]


def rows(
    session: Session,
    handed: Sequence[tuple[SpeedReading, SpeedSession]],
    texts: Mapping[UUID, str | None],
) -> list[list[Any]]:
    """Return the head and a row for each vehicle; `texts` are their plates by id."""
    sites = _by_id(session, SpeedSite, {watch.site_id for _, watch in handed})
    devices = _by_id(session, SpeedDevice, {watch.device_id for _, watch in handed if watch.device_id})
    return [
        list(HEAD),
        *(
            _row(row, watch, texts[row.id] or "", sites[watch.site_id], devices.get(watch.device_id))
            for row, watch in handed
        ),
    ]


def _by_id(session: Session, model: Any, ids: set[Any]) -> dict[Any, Any]:
    return {one.id: one for one in session.scalars(select(model).where(model.id.in_(ids)))}


def _row(
    row: SpeedReading, watch: SpeedSession, plate: str, site: SpeedSite, device: SpeedDevice | None
) -> list[Any]:
    limit = watch.limit_mph
    return [
        row.export_id,
        row.export_number,
        site.code,
        site.road or site.name,
        *_when(row, watch),
        limit,
        row.speed_mph,
        _label(codes.DIRECTIONS, row.direction or watch.direction),
        vrm.spaced(plate, row.kind or vrm.OTHER),
        _label(codes.MAKES, row.make),
        row.model,
        _label(codes.COLOURS, row.colour),
        _label(codes.VEHICLE_TYPES, row.vehicle),
        _device(device),
        _yes_no(row.speed_mph, LETTER_FROM.get(limit)),
        _yes_no(row.speed_mph, VISIT_FROM.get(limit)),
        row.earlier_sightings,
    ]


def _when(row: SpeedReading, watch: SpeedSession) -> tuple[str, str, str]:
    """Return the day and the time by the clock of a vehicle. One that was written down later has no time of its own."""
    day = passed_on(row.seen_at, watch.held_on).isoformat()
    if row.seen_at is None:
        return day, NOT_KNOWN, NOT_KNOWN
    return day, clock_time(row.seen_at), str(row.seen_at.astimezone(LONDON).tzname())


def about(export: PoliceExport, scheme: str, by: str, now: datetime, rows: int) -> list[list[Any]]:
    """Return what an export's file says of itself: which it is, who took it and when, and what is left out."""
    at = now.astimezone(LONDON)
    return [
        ["Speed-watch vehicles for the police", NOT_KNOWN],
        ["Export", export.id],
        ["Scheme", scheme],
        ["This file was taken", f"{at:%Y-%m-%d %H:%M %Z}"],
        ["By", by],
        ["Vehicles in this file", rows],
        ["Left out, their registrations being forgotten", export.rows - rows],
    ]


def _label(listed: codes.CodeList, value: str | None) -> str:
    return NOT_KNOWN if value is None else listed.label(value)


def _device(device: SpeedDevice | None) -> str:
    return device_name(device) if device else NOT_KNOWN


def _yes_no(speed: int, first: int | None) -> str:
    return "yes" if first is not None and speed >= first else "no"
