"""The record list as rows for a spreadsheet: the same conditions as the list, read one after the other."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, select

from webapp.extensions import clock, db
from webapp.models.fly_tipping import FlyTip
from webapp.models.record import Record
from webapp.rules.clock import local_date
from webapp.rules.codes import fly_tipping as codes
from webapp.rules.codes.agencies import AGENCIES
from webapp.rules.codes.clock import SCOPES
from webapp.rules.roles import Person
from webapp.services import kinds, wards
from webapp.services.filters import Filters, conditions
from webapp.services.records import visible_to

HEAD = (
    "Reference",
    "Kind",
    "Waste",
    "Size",
    "Place",
    "Ward",
    "Latitude",
    "Longitude",
    "Land",
    "In the 7 days?",
    "With",
    "Crew",
    "Reported on",
    "Due on",
    "Cleared on",
    "Status",
)
# Rows that the database hands over at once.
BATCH = 1000


def rows(filters: Filters, person: Person) -> Iterator[tuple[Any, ...]]:
    """Yield the head and each record that the filters leave of those this person may see, by reference.

    Codes come as their labels; there are no contacts and no vehicles. It reads in one transaction of the session until
    it is closed: SQLite's writers do not wait for it.
    """
    yield HEAD
    ward_names = wards.in_use().names
    labels = {kind.value: kind.label for kind in kinds.KINDS}
    statuses = {kind.value: _labels(kind.statuses) for kind in kinds.KINDS}
    wastes, sizes, land_types = map(_labels, (codes.WASTE_TYPES, codes.SIZES, codes.LAND_TYPES))
    scopes, agencies = _labels(SCOPES), _labels(AGENCIES)
    with db.session.execute(_query(filters, person), execution_options={"yield_per": BATCH}) as found:
        for reference, kind, waste, size, place, ward, latitude, longitude, land, scope, body, *rest in found:
            *crew_and_days, status = rest
            yield (
                reference,
                labels[kind],
                wastes.get(waste),
                sizes.get(size),
                place,
                ward_names.get(ward, ward),
                latitude,
                longitude,
                land_types.get(land),
                scopes.get(scope),
                agencies.get(body, body),
                *crew_and_days,
                statuses[kind][status],
            )


def _labels(listed: codes.CodeList) -> dict[str, str]:
    return {code.value: code.label for code in listed}


def _query(filters: Filters, person: Person) -> Select[Any]:
    """Ask for columns, not for objects: a year of England has a million rows."""
    # An alias, because the conditions ask of the typed table by themselves.
    record, tip = Record.__table__.c, FlyTip.__table__.alias("tip")
    columns = (
        record.reference,
        record.kind,
        tip.c.main_waste,
        tip.c.size,
        record.place_text,
        record.ward_code,
        record.latitude,
        record.longitude,
        tip.c.land_type,
        record.scope,
        record.responsible_body,
        record.crew,
        record.reported_on,
        record.due_on,
        record.cleared_on,
        record.status,
    )
    today = local_date(clock.now())
    return (
        select(*columns)
        .outerjoin_from(Record.__table__, tip, tip.c.id == record.id)
        .where(visible_to(person), *conditions(filters, today))
        .order_by(record.reference)
    )
