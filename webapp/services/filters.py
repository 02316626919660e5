"""What records can be narrowed to. A figure counts by the same conditions as the list that it opens, so both agree."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, true

from webapp.models.fly_tipping import FlyTip
from webapp.models.record import Record
from webapp.models.report import Report, ReportWords
from webapp.rules.clock import Standing
from webapp.rules.codes.clock import IN_TARGET
from webapp.rules.references import read_reference
from webapp.services import kinds

# The value of a filter that asks for what is not known.
NONE = "none"
# These are no incidents of their own: another record stands for them, or nothing was there to be cleared.
NO_INCIDENT = ("duplicate", "not_found", "not_fly_tip")

TIP = FlyTip.__table__.c


@dataclass(frozen=True, slots=True)
class Filters:
    """What records are narrowed to; every part may be left out.

    `state` is a status, `open` or `ended`. `since` and `until` are London dates of the first report, both included.
    `standing` is how a record counts in the 7-day figure today. `basis` is `incidents` or a part of these: `public`,
    what anybody but our own staff reported, or `staff`, the rest. `cost` says whether what clearing cost is `noted`.
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


def needs_rows(filters: Filters) -> bool:
    """Return whether some part cannot be answered from the indexes of the narrow table alone."""
    return not IN_INDEX.issuperset(filters.set_parts())


def standing(wanted: str, today: date) -> ColumnElement[bool]:
    """Return the condition for how a record counts in the 7-day figure; `webapp.rules.clock.standing` says the same."""
    is_past = Record.due_on < today
    in_time = and_(Record.cleared_on.is_not(None), Record.cleared_on <= Record.due_on)
    missed = or_(Record.cleared_on.is_(None), Record.cleared_on > Record.due_on)
    counted = {
        Standing.IN_TIME: and_(is_past, in_time),
        Standing.MISSED: and_(is_past, missed),
        Standing.CLEARED_EARLY: and_(Record.due_on >= today, Record.cleared_on.is_not(None)),
        Standing.NOT_YET_DUE: and_(Record.due_on >= today, Record.cleared_on.is_(None)),
    }
    if wanted == COUNTED:
        return and_(Record.scope == IN_TARGET, is_past)
    return and_(Record.scope == IN_TARGET, counted[Standing(wanted)])


# What is in the figure: in scope, and day 7 has passed.
COUNTED = "counted"
STANDINGS = (COUNTED, *(one.value for one in Standing if one is not Standing.LEFT_OUT))


def _state(value: str, today: date) -> ColumnElement[bool]:
    ended = {"open": Record.closed_at.is_(None), "ended": Record.closed_at.is_not(None)}
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
    if value == "incidents":
        return incident
    return and_(incident, exists().where(TIP.id == Record.id, TIP.is_public_reported.is_(value == "public")))


def _cost(value: str, today: date) -> ColumnElement[bool]:
    cost = TIP.clearance_cost_pence
    return exists().where(TIP.id == Record.id, cost.is_(None) if value == NONE else cost.is_not(None))


def _mentions(text: str, today: date) -> ColumnElement[bool]:
    reference = read_reference(text)
    # A grid reference such as TQ 5298 5462 has the same shape.
    if reference and reference[:2] in {kind.prefix for kind in kinds.KINDS}:
        return Record.reference == reference
    described = select(TIP.id).where(TIP.description.icontains(text, autoescape=True))
    added = (
        select(Report.record_id).join(ReportWords).where(ReportWords.words.icontains(text, autoescape=True))
    )
    return or_(
        Record.reference.icontains(text, autoescape=True),
        Record.place_text.icontains(text, autoescape=True),
        Record.id.in_(described),
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
    "cost": _cost,
    "text": _mentions,
}
IN_INDEX = frozenset({"kind", "ward", "since", "until", "scope", "standing", "body", "cleared"})
