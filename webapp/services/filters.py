"""What records can be narrowed to. A figure counts by the same conditions as the list that it opens, so both agree."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, exists, not_, or_, select, true

from webapp.models.event import Event
from webapp.models.fly_tipping import FlyTip
from webapp.models.record import Record
from webapp.models.report import Report, ReportWords
from webapp.rules.clock import CLEAR_UP_DAYS, Standing
from webapp.rules.codes import eva as eva_codes
from webapp.rules.codes import speed_watch as speed_codes
from webapp.rules.codes.clock import IN_TARGET
from webapp.rules.fly_tipping import NO_INCIDENT
from webapp.rules.lifecycle import ENDED as ENDED_STATES
from webapp.rules.references import read_reference
from webapp.services import kinds, reporter_filters
from webapp.services.working_days import last_past

# The value of a filter that asks for what is not known.
NONE = "none"

ENDED = sorted(ENDED_STATES | eva_codes.ENDED | speed_codes.ENDED)
TIP = FlyTip.__table__.c


@dataclass(frozen=True, slots=True)
class Filters:
    """What records are narrowed to; every part may be left out.

    `state` is a status, `open` or `ended`. `since` and `until` are London dates of the first report, both included.
    `standing` is how a record counts in the 7-day figure today, `working` in the partnership's own of working days.
    `delay` is a state that it went through. `basis` is `incidents` or a part of these: `public`, what anybody but our
    own staff reported, or `staff`, the rest. `cost` says whether what clearing cost is `noted`. `ended_since` and
    `ended_until` are London dates, both included, on which the record ended that stands for this one; `reporters` is
    how its reporter counts.
    """

    kind: str | None = None
    state: str | None = None
    ward: str | None = None
    since: date | None = None
    until: date | None = None
    scope: str | None = None
    standing: str | None = None
    body: str | None = None
    crew: str | None = None
    working: str | None = None
    delay: str | None = None
    basis: str | None = None
    land_type: str | None = None
    main_waste: str | None = None
    size: str | None = None
    cleared: str | None = None
    days: str | None = None
    ended_since: date | None = None
    ended_until: date | None = None
    reporters: str | None = None
    cost: str | None = None
    text: str | None = None

    def set_parts(self) -> dict[str, Any]:
        """Return the parts that narrow anything, by name."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in parts.items() if value}

    def in_address(self) -> dict[str, str]:
        """Return the parts as an address spells them."""
        return {name: str(value) for name, value in self.set_parts().items()}


def conditions(filters: Filters, today: date) -> list[ColumnElement[bool]]:
    """Return the conditions on Record that hold for what the filters leave."""
    return [CONDITIONS[name](value, today) for name, value in filters.set_parts().items()]


def entries(filters: Filters) -> Filters:
    """Return the parts by which an index is entered: counting what they leave reads nothing that does not match."""
    left = {name: None for name, value in filters.set_parts().items() if not _is_entry(name, value)}
    return replace(filters, **left)


def most_to_read(filters: Filters) -> int | None:
    """Return how many of the newest records that the entries leave can be read for one page; None for all of them."""
    if filters.state == "open" or entries(filters) == filters:
        return None
    return MOST_ROWS if needs_rows(filters) else MOST_IN_INDEX


def needs_rows(filters: Filters) -> bool:
    """Return whether some part cannot be answered from the indexes of the narrow table alone."""
    return not all(_is_in_index(name, value) for name, value in filters.set_parts().items())


def _is_entry(name: str, value: Any) -> bool:
    if name == "text":
        return _reference_in(value) is not None
    if name == "standing":
        return value in RECENT
    return name in ENTRIES and (name, value) not in NO_ENTRY


def _is_in_index(name: str, value: Any) -> bool:
    return name in IN_INDEX or (name, value) == ("basis", "incidents") or _is_entry(name, value)


def standing(wanted: str, today: date) -> ColumnElement[bool]:
    """Return the condition for how a record counts in the 7-day figure; `webapp.rules.clock.standing` says the same.

    Day 7 has passed when the first report lies more than 7 days back: said so, it is answered from an index.
    """
    is_past = Record.reported_on < today - timedelta(days=CLEAR_UP_DAYS)
    is_cleared, in_time = Record.days_taken.is_not(None), Record.days_taken <= CLEAR_UP_DAYS
    counted = {
        COUNTED: is_past,
        Standing.IN_TIME: and_(is_past, is_cleared, in_time),
        Standing.MISSED: and_(is_past, or_(not_(is_cleared), not_(in_time))),
        Standing.CLEARED_EARLY: and_(not_(is_past), is_cleared),
        Standing.NOT_YET_DUE: and_(not_(is_past), not_(is_cleared)),
    }
    return and_(Record.scope == IN_TARGET, counted[wanted])


# What is in the figure: in scope, and day 7 has passed.
COUNTED = "counted"
RECENT = (Standing.CLEARED_EARLY, Standing.NOT_YET_DUE)


def _working(wanted: str, today: date) -> ColumnElement[bool]:
    most = working_days_target()
    taken = Record.working_days_taken
    counted = {
        COUNTED: true(),
        Standing.IN_TIME: taken <= most,
        Standing.MISSED: or_(taken.is_(None), taken > most),
    }
    return and_(Record.scope == IN_TARGET, Record.reported_on <= last_past(today, most), counted[wanted])


def working_days_target() -> int:
    """Return within how many working days the partnership wants things cleared too, 0 for none."""
    return int(current_app.config["WORKING_DAYS_TARGET"])


# What took longer to clear than the clock has days.
LONGER = "longer"
DAYS = (*(str(day) for day in range(CLEAR_UP_DAYS + 1)), LONGER)


def _took(value: str, today: date) -> ColumnElement[bool]:
    return Record.days_taken > CLEAR_UP_DAYS if value == LONGER else Record.days_taken == int(value)


def _state(value: str, today: date) -> ColumnElement[bool]:
    # The status says the same as `closed_at`, and stands in each index; `closed_at` says which index to use.
    several = {"open": Record.status.not_in(ENDED), "ended": Record.status.in_(ENDED)}
    has_ended = value == "ended" or value in ENDED
    which = Record.closed_at.is_not(None) if has_ended else Record.closed_at.is_(None)
    return and_(which, several.get(value, Record.status == value))


def _known(column: Any) -> Callable[[str, date], ColumnElement[bool]]:
    """Return the condition that a column of the narrow table holds a value, or none."""
    return lambda value, today: column.is_(None) if value == NONE else column == value


def _detail(column: Any) -> Callable[[str, date], ColumnElement[bool]]:
    """Return the condition that a column of the typed table holds a value, or none."""

    def condition(value: str, today: date) -> ColumnElement[bool]:
        fits = column.is_(None) if value == NONE else column == value
        return exists().where(TIP.id == Record.id, fits)

    return condition


def _basis(value: str, today: date) -> ColumnElement[bool]:
    incident = and_(Record.scope.is_not(None), Record.scope.not_in(NO_INCIDENT))
    if value == "incidents":
        return incident
    return and_(incident, exists().where(TIP.id == Record.id, TIP.is_public_reported.is_(value == "public")))


def _cost(value: str, today: date) -> ColumnElement[bool]:
    cost = TIP.clearance_cost_pence
    return exists().where(TIP.id == Record.id, cost.is_(None) if value == NONE else cost.is_not(None))


def _reference_in(text: str) -> str | None:
    """Return the reference that a text is, None when it is none of ours."""
    reference = read_reference(text)
    # A grid reference such as TQ 5298 5462 has the same shape.
    prefix = (reference or "").partition("-")[0]
    return reference if prefix in {kind.prefix for kind in kinds.KINDS} else None


def _mentions(text: str, today: date) -> ColumnElement[bool]:
    reference = _reference_in(text)
    if reference is not None:
        return Record.reference == reference
    # Few add words, so that these are read once and not looked for record by record.
    added = (
        select(Report.record_id).join(ReportWords).where(ReportWords.words.icontains(text, autoescape=True))
    )
    return or_(
        Record.reference.icontains(text, autoescape=True),
        Record.place_text.icontains(text, autoescape=True),
        exists().where(TIP.id == Record.id, TIP.description.icontains(text, autoescape=True)),
        Record.id.in_(added),
    )


CONDITIONS: Mapping[str, Callable[[Any, date], ColumnElement[bool]]] = {
    "kind": lambda value, today: Record.kind == value,
    "state": _state,
    "ward": _known(Record.ward_code),
    "since": lambda value, today: Record.reported_on >= value,
    "until": lambda value, today: Record.reported_on <= value,
    "scope": lambda value, today: Record.scope == value,
    "standing": standing,
    "body": _known(Record.responsible_body),
    "crew": _known(Record.crew),
    "working": _working,
    "delay": lambda value, today: exists().where(Event.record_id == Record.id, Event.action == value),
    "basis": _basis,
    "land_type": _detail(TIP.land_type),
    "main_waste": _detail(TIP.main_waste),
    "size": _detail(TIP.size),
    "cleared": lambda value, today: Record.days_taken.is_not(None) if value == "yes" else true(),
    "days": _took,
    "ended_since": lambda value, today: reporter_filters.ended_since(value),
    "ended_until": lambda value, today: reporter_filters.ended_until(value),
    "reporters": lambda value, today: reporter_filters.REPORTERS[value],
    "cost": _cost,
    "text": _mentions,
}
IN_INDEX = frozenset(
    {"kind", "state", "ward", "since", "until", "scope", "standing", "body", "cleared", "days"}
)
ENTRIES = frozenset({"state", "ward", "since", "until", "body"})
NO_ENTRY = (("state", "ended"), ("state", "closed"), ("body", NONE))
# So many can be read while somebody waits for a page: more than a district has in three years, and as entries of an
# index more than England has in a month.
MOST_ROWS = 6_000
MOST_IN_INDEX = 150_000
