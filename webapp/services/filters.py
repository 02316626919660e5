"""What records can be narrowed to. A figure counts by the same conditions as the list that it opens, so both agree."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, true

from webapp.models.fly_tipping import FlyTip
from webapp.models.record import Record
from webapp.models.report import Report, ReportWords
from webapp.rules.clock import CLEAR_UP_DAYS, Standing
from webapp.rules.codes.clock import IN_TARGET
from webapp.rules.lifecycle import ENDED as ENDED_STATES
from webapp.rules.references import read_reference
from webapp.services import kinds

# The value of a filter that asks for what is not known.
NONE = "none"
# These are no incidents of their own: another record stands for them, or nothing was there to be cleared.
NO_INCIDENT = ("duplicate", "not_found", "not_fly_tip")

ENDED = sorted(ENDED_STATES)
TIP = FlyTip.__table__.c


@dataclass(frozen=True, slots=True)
class Filters:
    """What records are narrowed to; every part may be left out.

    `state` is a status, `open` or `ended`. `since` and `until` are London dates of the first report, both included.
    `standing` is how a record counts in the 7-day figure today. `basis` is `incidents` or, of these, `public`: those
    that anybody but our own staff reported.
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
    basis: str | None = None
    land_type: str | None = None
    main_waste: str | None = None
    size: str | None = None
    cleared: str | None = None
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
    """Return the condition for how a record counts in the 7-day figure; `webapp.rules.clock.standing` says the same."""
    is_past = Record.due_on < today
    # Said of the day that the index begins with, too: whatever is due from today was reported in the last days.
    is_recent = and_(Record.due_on >= today, Record.reported_on >= today - timedelta(days=CLEAR_UP_DAYS))
    in_time = and_(Record.cleared_on.is_not(None), Record.cleared_on <= Record.due_on)
    missed = or_(Record.cleared_on.is_(None), Record.cleared_on > Record.due_on)
    counted = {
        Standing.IN_TIME: and_(is_past, in_time),
        Standing.MISSED: and_(is_past, missed),
        Standing.CLEARED_EARLY: and_(is_recent, Record.cleared_on.is_not(None)),
        Standing.NOT_YET_DUE: and_(is_recent, Record.cleared_on.is_(None)),
    }
    if wanted == COUNTED:
        return and_(Record.scope == IN_TARGET, is_past)
    return and_(Record.scope == IN_TARGET, counted[Standing(wanted)])


# What is in the figure: in scope, and day 7 has passed.
COUNTED = "counted"
RECENT = (Standing.CLEARED_EARLY, Standing.NOT_YET_DUE)
STANDINGS = (COUNTED, *(one.value for one in Standing if one is not Standing.LEFT_OUT))


def _state(value: str, today: date) -> ColumnElement[bool]:
    # The status says the same as `closed_at`, and stands in each index.
    ended = {
        "open": and_(Record.closed_at.is_(None), Record.status.not_in(ENDED)),
        "ended": Record.status.in_(ENDED),
    }
    return ended.get(value, Record.status == value)


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
    if value != "public":
        return incident
    return and_(incident, exists().where(TIP.id == Record.id, TIP.is_public_reported))


def _reference_in(text: str) -> str | None:
    """Return the reference that a text is, None when it is none of ours."""
    reference = read_reference(text)
    # A grid reference such as TQ 5298 5462 has the same shape.
    return reference if reference and reference[:2] in {kind.prefix for kind in kinds.KINDS} else None


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
    "basis": _basis,
    "land_type": _detail(TIP.land_type),
    "main_waste": _detail(TIP.main_waste),
    "size": _detail(TIP.size),
    "cleared": lambda value, today: Record.cleared_on.is_not(None) if value == "yes" else true(),
    "text": _mentions,
}
IN_INDEX = frozenset({"kind", "state", "ward", "since", "until", "scope", "standing", "body", "cleared"})
ENTRIES = frozenset({"state", "ward", "since", "until", "body"})
NO_ENTRY = (("state", "ended"), ("body", NONE))
# So many can be read while somebody waits for a page: more than a district has in four years, and as entries of an
# index more than England has in a month.
MOST_ROWS = 8_000
MOST_IN_INDEX = 150_000
