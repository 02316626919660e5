"""What pages of speed-watch say: labels of codes, and what happened to a session and its vehicles in words."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from webapp.models.event import Event
from webapp.models.speed_reading import SpeedReading
from webapp.rules import vrm
from webapp.rules.codes import speed_watch as codes
from webapp.services.watches import Watch
from webapp.views.history_words import EVENTS

TONES = {
    "under_way": "soon",
    "held": "soon",
    "checked": "ok",
    "handed_over": "ok",
    "taken_back": "plain",
    "draft": "soon",
    "ready": "ok",
    "exported": "ok",
    "accepted": "ok",
    "rejected_dvla": "act",
    "rejected_police": "act",
    "void": "plain",
}
# What happened to one vehicle or count, by action and part.
OF_PARTS = {
    ("part_changed", "speed_reading"): "Vehicle corrected",
    ("part_removed", "speed_reading"): "Vehicle taken back",
    ("part_arrived", "speed_reading"): "Vehicle added",
    ("part_changed", "traffic_count"): "Count of traffic changed",
    ("part_removed", "traffic_count"): "Count of traffic taken back",
    ("part_arrived", "traffic_count"): "Count of traffic added",
}
# What came or went once a session was over: what it is, and what became of it.
AFTER_THE_END = {
    ("part_arrived", "speed_reading"): ("Vehicle", "arrived"),
    ("part_removed", "speed_reading"): ("Vehicle", "taken back"),
    ("part_arrived", "traffic_count"): ("Traffic count", "arrived"),
    ("part_changed", "traffic_count"): ("Traffic count", "changed"),
    ("part_removed", "traffic_count"): ("Traffic count", "taken back"),
}
AT_A_DESK = "written down at a desk"
MOST_NUMBERS = 10
COLUMNS = {
    "speed_mph": "speed",
    "plate": "registration",
    "seen_at": "time",
    "confidence": "how sure",
    "colour": "colour",
    "make": "make",
    "model": "model",
    "vehicle": "type",
    "direction": "direction",
    "is_spoken_back": "read back",
    "start_problems": "why it should not have begun",
}
COUNTED = {
    "ready": "ready for the police",
    "checked": "counted only",
    "void": "void",
    "fitting": "fit",
    "rejected_dvla": "discarded",
    "not_read": "not read by DVLA",
    "accepted": "accepted",
    "rejected_police": "rejected",
    "rows": "handed over",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a session's history."""

    at: datetime
    what: str
    about: str
    name: str | None
    reason: str | None


def lines(told: Iterable[tuple[Event, str | None]], names: Mapping[UUID, str]) -> list[Line]:
    """Return what happened to a session; `names` are what its vehicles are called. Counting phones are left out."""
    return [
        _line(event, name, names)
        for event, name in told
        if (event.action, (event.after or {}).get("part")) != ("part_changed", "traffic_count")
    ]


def history(
    told: Iterable[tuple[Event, str | None]], watch: Watch, typed: Collection[UUID]
) -> Sequence[Line]:
    """Return a session's history as it was told, with a line for each run of what came or went after the end.

    What came before it stands among the vehicles already. `typed` are those that were written at a desk.
    """
    found: list[Line] = []
    for run, several in groupby(told, key=lambda one: _run_of(one, watch.session.ended_at, typed)):
        some = list(several)
        if run is None:
            found += lines((one for one in some if one[0].action != "part_arrived"), watch.name_of)
        else:
            found.append(_run_line(run, some, watch.name_of))
    return found


def _run_of(
    told: tuple[Event, str | None], ended_at: datetime | None, typed: Collection[UUID]
) -> tuple[str, str, str | None] | None:
    """Return of what came or went after the end what it is, what became of it, and by whom; None of all else."""
    event, name = told
    about = event.after or {}
    words = AFTER_THE_END.get((event.action, about.get("part", "")))
    if words is None or ended_at is None or event.at <= ended_at:
        return None
    is_typed = event.action == "part_arrived" and UUID(about["capture"]) in typed
    return (words[0], AT_A_DESK if is_typed else words[1], name)


def _run_line(
    run: tuple[str, str, str | None], some: Sequence[tuple[Event, str | None]], names: Mapping[UUID, str]
) -> Line:
    noun, verb, name = run
    several = noun if len(some) == 1 else f"{len(some)} {noun[0].lower()}{noun[1:]}s"
    ids = [UUID((event.after or {})["capture"]) for event, _ in reversed(some)]
    numbers = ", ".join(names[one] for one in ids if one in names) if len(some) <= MOST_NUMBERS else ""
    about = f"number {numbers}" if numbers else ""
    return Line(some[0][0].at, f"{several} {verb} after the end", about, name, None)


def _line(event: Event, name: str | None, names: Mapping[UUID, str]) -> Line:
    about = event.after or {}
    what = OF_PARTS.get((event.action, about.get("part", "")), EVENTS.get(event.action, event.action))
    if event.action == "reported":
        what = "First sent"
    number = names.get(UUID(about["capture"])) if "capture" in about else None
    columns = [COLUMNS[one] for one in about.get("columns", ()) if one in COLUMNS]
    counts = [f"{about[one]} {words}" for one, words in COUNTED.items() if about.get(one)]
    said = [f"number {number}" if number else "", ", ".join(columns), ", ".join(counts)]
    return Line(event.at, what, "; ".join(filter(None, said)), name, event.reason)


def vehicle_words(reading: SpeedReading) -> str:
    """Return what was seen of a vehicle in a line: blue Ford Focus, car."""
    colour = codes.COLOURS.label(reading.colour).lower() if reading.colour else ""
    make = codes.MAKES.label(reading.make) if reading.make and reading.make != "other" else ""
    kind = codes.VEHICLE_TYPES.label(reading.vehicle).lower() if reading.vehicle else ""
    kind = "HGV" if reading.vehicle == "hgv" else kind
    looks = " ".join(filter(None, (colour, make, reading.model)))
    return ", ".join(filter(None, (looks, kind)))


def spaced_plate(plate: str, kind: str | None) -> str:
    """Return a whole plate as people write it: for the check alone."""
    return vrm.spaced(plate, kind or vrm.OTHER)


def status_tone(status: str) -> str:
    """Return the tone in which a state is shown."""
    return TONES.get(status, "plain")


GLOBALS: dict[str, Any] = {
    "speed_codes": codes,
    "vehicle_words": vehicle_words,
    "status_tone": status_tone,
    "spaced_plate": spaced_plate,
}
