"""The survey kinds, listed once, by hand, in order: the whole product can be read from here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.forms.eva import EvaForm
from webapp.forms.fly_tipping import FlyTippingEntryForm, FlyTippingForm
from webapp.forms.observation import ObservationForm
from webapp.models.base import Base
from webapp.models.capture import Capture
from webapp.models.eva import Eva
from webapp.models.fly_tipping import FlyTip
from webapp.models.observation import Observation
from webapp.models.record import Record
from webapp.rules.codes import CodeList
from webapp.rules.codes import eva as eva_codes
from webapp.rules.codes import fly_tipping as fly_tipping_codes
from webapp.rules.errors import NotFound
from webapp.rules.roles import Permission, Person
from webapp.services import eva, fly_tipping, merging, observation, walks
from webapp.services.becoming import Becomes


def _nobody_else(session: Session, capture: Capture, person: Person) -> bool:
    return False


def _nothing_wrong(answers: Mapping[str, Any], own_id: UUID) -> dict[str, str]:
    return {}


def _no_more_rows(session: Session, record_id: UUID, answers: Mapping[str, Any]) -> None:
    pass


def _joins_nothing(reference: str, latitude: float | None, longitude: float | None) -> None:
    return None


def _joins_none(session: Session, own_id: UUID, main: Any, now: datetime, by_id: int | None) -> None:
    raise NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """What can be captured: its names, who may capture it, its form and its table.

    `pack` is what somebody needs to capture it without a connection; `shares` whether somebody besides its owner may
    see and change what was captured. `problems` says which answers its service would refuse, by field.
    """

    value: str
    slug: str
    label: str
    permission: Permission
    form: type[Any]
    model: type[Base]
    pack: Callable[[Person], dict[str, Any]]
    # The kind that a capture of this one is part of; it waits until its parent has arrived.
    parent: str | None = None
    # Drafts of a kind that takes down drivers' plates never leave the phone.
    has_plates: bool = False
    shares: Callable[[Session, Capture, Person], bool] = _nobody_else
    problems: Callable[[Mapping[str, Any], UUID], dict[str, str]] = _nothing_wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Captured):
    """A kind of record.

    Its service turns answers into columns (`details`, and `changes` for a later version) and a record into a line;
    `rows` writes what a record has besides, in tables of its own.
    """

    prefix: str
    model: type[Record]
    statuses: CodeList
    details: Callable[[Mapping[str, Any], datetime, str], dict[str, Any]]
    changes: Callable[[Any, Mapping[str, Any], str], dict[str, Any]]
    headline: Callable[[Any], str]
    entry_form: type[Any] | None = None
    rows: Callable[[Session, UUID, Mapping[str, Any]], None] = _no_more_rows
    joinable: Callable[[str, float | None, float | None], Any] = _joins_nothing
    make_same: Callable[[Session, UUID, Any, datetime, int | None], None] = _joins_none


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Captured):
    """A kind without records of its own: part of a record of its parent's kind.

    `parent_column` of its row names the record it is part of. `first` are the columns that stay as they were when it
    first came, `details` those that each version changes; `arrived` is what else there is to do when one has come, or
    a later version of it; `becomes` what it asks to be made of it; `removed` what happens when it is taken back.
    """

    parent: str
    parent_column: str
    first: Callable[[Session, UUID, Mapping[str, Any]], dict[str, Any]]
    details: Callable[[Mapping[str, Any]], dict[str, Any]]
    arrived: Callable[[Session, UUID, Mapping[str, Any], Person, datetime], None]
    becomes: Callable[[Mapping[str, Any]], Becomes | None]
    removed: Callable[[Session, UUID, datetime], None]


KINDS = (
    Kind(
        value="fly_tipping",
        slug="fly-tipping",
        label="Fly-tipping",
        permission=Permission.ANYONE,
        prefix="FT",
        form=FlyTippingForm,
        entry_form=FlyTippingEntryForm,
        model=FlyTip,
        statuses=fly_tipping_codes.STATUSES,
        details=fly_tipping.details,
        changes=fly_tipping.changes,
        headline=fly_tipping.headline,
        pack=fly_tipping.pack,
        joinable=fly_tipping.joinable,
        make_same=merging.make_same,
    ),
    Kind(
        value="eva",
        slug="eva",
        label="Environmental Visual Audit",
        permission=Permission.SURVEY,
        prefix="EVA",
        form=EvaForm,
        model=Eva,
        statuses=eva_codes.STATUSES,
        details=eva.details,
        changes=eva.changes,
        rows=eva.rows,
        headline=eva.headline,
        pack=walks.pack,
        shares=eva.shares,
        problems=eva.problems,
    ),
)

PARTS = (
    Part(
        value="observation",
        slug="observations",
        label="Observation",
        permission=Permission.SURVEY,
        parent="eva",
        parent_column="eva_id",
        form=ObservationForm,
        model=Observation,
        first=observation.first,
        details=observation.details,
        arrived=observation.arrived,
        becomes=observation.becomes,
        removed=observation.removed,
        pack=observation.pack,
        shares=observation.shares,
    ),
)

# The kinds that staff also write down for others, each with the form that asks who that was.
ENTERED = tuple(replace(kind, form=kind.entry_form) for kind in KINDS if kind.entry_form is not None)


def find_kind(value: str) -> Kind:
    """Return the kind of record of this value. Raises NotFound when there is none."""
    for kind in KINDS:
        if value in {kind.value, kind.slug}:
            return kind
    raise NotFound


def captured() -> tuple[Kind | Part, ...]:
    """Return all that phones and pages send."""
    return (*KINDS, *PARTS)


def find_captured(value: str) -> Kind | Part:
    """Return what can be captured under this value. Raises NotFound when there is nothing."""
    for one in captured():
        if value in {one.value, one.slug}:
            return one
    raise NotFound


def has_children(kind: Captured) -> bool:
    """Return whether captures of another kind may be part of one of this kind."""
    return any(part.parent == kind.value for part in PARTS)
