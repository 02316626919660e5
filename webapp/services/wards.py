"""Wards: which boundary set is in use, which ward a place is in, imports, and who moved after one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from flask import current_app
from sqlalchemy import String, Table, bindparam, null, select, update
from sqlalchemy import cast as cast_to

from webapp.extensions import clock, db
from webapp.geo import outlines
from webapp.geo.boundary_set import Boundaries
from webapp.geo.wards import WardIndex, WardShape, shape_from_bytes, shape_to_bytes
from webapp.models.event import Event
from webapp.models.observation import Observation
from webapp.models.record import Record
from webapp.models.speed_site import SpeedSite
from webapp.models.ward import BoundarySet, Ward
from webapp.rules.errors import NotFound
from webapp.rules.roles import Permission, Person
from webapp.services.rows import Rows
from webapp.services.transaction import one_commit

if TYPE_CHECKING:
    from webapp.geo.maps import MapParts

BATCH = 20_000
MARK_SIZE = 22
SETS = cast(Table, BoundarySet.__table__)
IN_USE = select(SETS.c.id).where(SETS.c.is_in_use)


@dataclass(frozen=True)
class WardSet:
    """The boundary set in use, as pages and rules need it. Priority flags are read afresh, since officers set them."""

    id: int
    name: str
    attribution: str
    is_schematic: bool
    vintage: int | None
    shapes: tuple[WardShape, ...]

    @cached_property
    def index(self) -> WardIndex:
        """The look-up of a point's ward."""
        return WardIndex(self.shapes, version=str(self.id))

    @cached_property
    def outlines(self) -> str:
        """The wards as compact GeoJSON, for maps in the browser."""
        return outlines.wards_geojson(self.shapes)

    @cached_property
    def outline(self) -> str:
        """The district's outline as SVG path data in a box of MARK_SIZE, for the mark in the header."""
        return outlines.outline_path(self.shapes, MARK_SIZE) if self.shapes else ""

    @cached_property
    def names(self) -> dict[str, str]:
        """Ward names by code."""
        return {shape.code: shape.name for shape in self.shapes}


@dataclass(frozen=True, slots=True)
class Moved:
    """What fell into another ward, or out of all, after the boundaries changed."""

    reference: str
    before: str | None
    after: str | None


def in_use() -> WardSet:
    """Return the boundary set in use. The shapes are a cache: the row is asked each time, its geometry only once."""
    set_id = Rows(db.session).scalar(IN_USE)
    if set_id is None:
        return WardSet(0, "No boundaries yet", "", True, None, ())
    cached: WardSet | None = current_app.extensions.get("ward_set")
    if cached is None or cached.id != set_id:
        cached = current_app.extensions["ward_set"] = _read_set(set_id)
    return cached


def known() -> WardSet:
    """Return the set that was in use when this process last asked: an answer by it counts once `is_in_use` holds."""
    cached: WardSet | None = current_app.extensions.get("ward_set")
    return cached or in_use()


def is_in_use(ward_set: WardSet, rows: Rows) -> bool:
    """Return whether a set that was known is the one in use, asked in the caller's transaction."""
    return ward_set.id == rows.scalar(IN_USE)


def _read_set(set_id: int) -> WardSet:
    row = db.session.get_one(BoundarySet, set_id)
    wards = db.session.scalars(select(Ward).where(Ward.boundary_set_id == set_id).order_by(Ward.code))
    shapes = tuple(WardShape(ward.code, ward.name, shape_from_bytes(ward.geometry)) for ward in wards)
    return WardSet(set_id, row.name, row.attribution, row.is_schematic, row.vintage, shapes)


def drawn_map(
    counts: Mapping[str | None, int],
    *,
    points_url: str,
    styles: Sequence[str],
    scripts: Sequence[str],
    nonce: str,
    is_part: bool = False,
    labels: Mapping[str, str] | None = None,
) -> "MapParts":
    """Return the map of open records per ward; a ward without any counts 0, since its records were counted.

    `is_part` says that only the records which the person may see were counted. `labels` are other words, by their
    names in `geo.maps.MapLabels`, for a map that counts something else.
    """
    # What draws maps takes 55 MB, which the worker and whatever web process draws none need not hold.
    from webapp.geo import maps

    ward_set = in_use()
    counted = "The number on a ward: its open records" + (", of those you may see" if is_part else "")
    return maps.ward_map(
        ward_set.shapes,
        {shape.code: counts.get(shape.code, 0) for shape in ward_set.shapes},
        points_url=points_url,
        attribution=" ".join(filter(None, (current_app.config["TILE_ATTRIBUTION"], ward_set.attribution))),
        assets=maps.MapAssets(css=tuple(styles), js=tuple(scripts)),
        nonce=nonce,
        tile_url=current_app.config["TILE_URL"] or None,
        labels=maps.MapLabels(**{"counted": counted, **(labels or {})}),
        priority=priority_codes(),
    )


def priority_codes() -> frozenset[str]:
    """Return the codes of the wards that officers have marked as priority wards."""
    query = select(Ward.code).where(Ward.boundary_set_id == in_use().id, Ward.is_priority)
    return frozenset(db.session.scalars(query))


def set_priority(code: str, is_priority: bool, person: Person) -> None:
    """Mark a ward as a priority ward, or no longer one (Action Plan 4.2), and write who did."""
    if not person.may(Permission.SET_PRIORITY_WARDS):
        raise NotFound
    with one_commit() as session:
        query = select(Ward).where(Ward.boundary_set_id == in_use().id, Ward.code == code)
        ward = session.execute(query).scalar_one_or_none()
        if ward is None:
            raise NotFound
        before, ward.is_priority = ward.is_priority, is_priority
        session.add(
            Event(
                at=clock.now(),
                by_id=person.id,
                action="priority_ward",
                before={"ward": code, "is_priority": before},
                after={"ward": code, "is_priority": is_priority},
            )
        )


def load_default() -> bool:
    """Load the schematic wards when there is no boundary set yet; return whether that was done."""
    if db.session.scalar(select(BoundarySet.id).limit(1)) is not None:
        return False
    from webapp.geo.boundaries import schematic_wards

    import_set(schematic_wards())
    return True


def import_set(read: Boundaries) -> int:
    """Keep the boundaries as a new set and put it in use; return its id. Priority flags follow the ward's code."""
    with one_commit() as session:
        kept = _keep(read, clock.now())
        marked = set(
            session.scalars(
                select(Ward.code).join(BoundarySet).where(BoundarySet.is_in_use, Ward.is_priority)
            )
        )
        session.execute(update(BoundarySet).values(is_in_use=False))
        session.add(kept)
        kept.is_in_use = True
        session.flush()
        session.add_all(
            Ward(
                boundary_set_id=kept.id,
                code=ward.code,
                name=ward.name,
                geometry=shape_to_bytes(ward.geometry),
                is_priority=ward.code in marked,
            )
            for ward in read.wards
        )
        return kept.id


def _keep(read: Boundaries, now: datetime) -> BoundarySet:
    return BoundarySet(
        name=read.source[:200],
        vintage=read.vintage,
        attribution=read.attribution,
        is_schematic=read.is_schematic,
        imported_at=now,
        is_in_use=False,
    )


def reassign() -> Iterator[Moved]:
    """Give all that has a point the ward that it is in now; yield what moved: records, observations, sites."""
    reference = Record.reference
    yield from _reassigned(Record, select(Record.id, Record.id.label("record_id"), reference))
    named = reference.concat(", observation ").concat(cast_to(Observation.number, String)).label("reference")
    own = select(Observation.id, Observation.eva_id.label("record_id"), named)
    yield from _reassigned(Observation, own.join(Record, Record.id == Observation.eva_id))
    no_record = null().label("record_id")
    yield from _reassigned(SpeedSite, select(SpeedSite.id, no_record, SpeedSite.code.label("reference")))


def left_behind() -> Sequence[tuple[str, str]]:
    """Return (reference, code) of the records without a point whose ward is in use no more: somebody has to choose."""
    query = select(Record.reference, Record.ward_code).where(
        Record.latitude.is_(None), Record.ward_code.is_not(None), Record.ward_code.not_in(in_use().names)
    )
    return [
        (reference, code or "") for reference, code in db.session.execute(query.order_by(Record.reference))
    ]


def _reassigned(model: Any, query: Any) -> Iterator[Moved]:
    query = query.add_columns(model.latitude, model.longitude, model.ward_code)
    query = query.where(model.latitude.is_not(None)).order_by(model.id).limit(BATCH)
    rows = db.session.execute(query).all()
    while rows:
        index = in_use().index
        codes = index.wards_of([row.latitude for row in rows], [row.longitude for row in rows])
        moved = [(row, code) for row, code in zip(rows, codes, strict=True) if row.ward_code != code]
        if moved:
            _move(cast(Table, model.__table__), moved)
        yield from (Moved(row.reference, row.ward_code, code) for row, code in moved)
        rows = db.session.execute(query.where(model.id > rows[-1].id)).all()


def _move(table: Table, moved: Sequence[tuple[Any, str | None]]) -> None:
    with one_commit() as session:
        session.execute(
            update(table).where(table.c.id == bindparam("moved_id")).values(ward_code=bindparam("new_code")),
            [{"moved_id": row.id, "new_code": code} for row, code in moved],
        )
        session.add_all(
            Event(
                record_id=row.record_id,
                at=clock.now(),
                action="ward_reassigned",
                before={"ward": row.ward_code},
                after={"ward": code, **_which(row)},
            )
            for row, code in moved
        )


def _which(row: Any) -> dict[str, str]:
    """Return what moved, where it is not the record itself: a site by its code, an observation by its capture."""
    if row.record_id is None:
        return {"site": row.reference}
    return {} if row.id == row.record_id else {"capture": str(row.id)}


def all_sets() -> Sequence[BoundarySet]:
    """Return every boundary set that was imported, newest first."""
    return db.session.scalars(select(BoundarySet).order_by(BoundarySet.id.desc())).all()
