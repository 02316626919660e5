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
from webapp.forms.speed_reading import SpeedReadingForm
from webapp.forms.speed_watch import SpeedWatchForm
from webapp.forms.traffic_count import TrafficCountForm
from webapp.models.base import Base
from webapp.models.capture import Capture
from webapp.models.eva import Eva
from webapp.models.fly_tipping import FlyTip
from webapp.models.observation import Observation
from webapp.models.record import Record
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_watch import SpeedSession
from webapp.models.traffic_count import TrafficCount
from webapp.rules.codes import CodeList
from webapp.rules.codes import eva as eva_codes
from webapp.rules.codes import fly_tipping as fly_tipping_codes
from webapp.rules.codes import speed_watch as speed_codes
from webapp.rules.errors import NotFound
from webapp.rules.roles import Permission, Person
from webapp.services import (
    eva,
    fly_tipping,
    merging,
    observation,
    speed_pack,
    speed_reading,
    speed_taken_back,
    speed_watch,
    traffic_count,
    walks,
)
from webapp.services.becoming import Becomes


def _nothing_stays_because(session: Session, capture: Capture, person: Person) -> str | None:
    return None


def _nobody_else(session: Session, capture: Capture, person: Person) -> bool:
    return False


def _nothing_wrong(answers: Mapping[str, Any], own_id: UUID) -> dict[str, str]:
    return {}


def _offers_nothing(person: Person) -> dict[str, Any]:
    return {}


def _takes_from_anybody(answers: Mapping[str, Any], person: Person) -> bool:
    return True


def _may_begin(answers: Mapping[str, Any], person: Person) -> dict[str, str]:
    return {}


def _nothing_more(
    session: Session, own_id: UUID, answers: Mapping[str, Any], person: Person, now: datetime
) -> None:
    pass


def _becomes_nothing(answers: Mapping[str, Any]) -> Becomes | None:
    return None


def _no_more_rows(session: Session, record_id: UUID, answers: Mapping[str, Any]) -> None:
    pass


def _no_more_to_take_back(session: Session, record_id: UUID, now: datetime) -> None:
    pass


def _nothing_stays(part: Any, wanted: Mapping[str, Any], answers: Mapping[str, Any]) -> frozenset[str]:
    return frozenset()


def _joins_nothing(reference: str, latitude: float | None, longitude: float | None) -> None:
    return None


def _joins_none(session: Session, own_id: UUID, main: Any, now: datetime, by_id: int | None) -> None:
    raise NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """What can be captured: its names, who may capture it, its form and its table.

    `pack` is what somebody needs to capture it without a connection, `offers` what its page lets them choose from by
    name; `shares` whether somebody besides its owner may
    see and change what was captured. `problems` says which answers its service would refuse, by field. A page refuses
    what `may_begin` objects to, by field; a phone's capture is kept all the same, because it has happened.
    `takes_from` is False where only an officer can tell whether it belongs to what its sender says. `stays_because`
    says in a sentence why its person may not take it back any more, None where they may.
    """

    value: str
    slug: str
    label: str
    permission: Permission
    form: type[Any]
    model: type[Base]
    pack: Callable[[Person], dict[str, Any]] = _offers_nothing
    # The kind that a capture of this one is part of; it waits until its parent has arrived.
    parent: str | None = None
    # Drafts of a kind that takes down drivers' plates never leave the phone.
    has_plates: bool = False
    # Whether phones keep the page at `/<slug>/new`: it may name people, or another page may do its work without signal.
    has_shell: bool = True
    offers: Callable[[Person], dict[str, Any]] = _offers_nothing
    shares: Callable[[Session, Capture, Person], bool] = _nobody_else
    problems: Callable[[Mapping[str, Any], UUID], dict[str, str]] = _nothing_wrong
    may_begin: Callable[[Mapping[str, Any], Person], dict[str, str]] = _may_begin
    takes_from: Callable[[Mapping[str, Any], Person], bool] = _takes_from_anybody
    stays_because: Callable[[Session, Capture, Person], str | None] = _nothing_stays_because


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Captured):
    """A kind of record.

    Its service turns answers into columns (`details`, and `changes` for a later version) and a record into a line;
    `rows` writes what a record has besides, in tables of its own; `taken_back` is what else happens when its capture is
    taken back.
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
    taken_back: Callable[[Session, UUID, datetime], None] = _no_more_to_take_back


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Captured):
    """A kind without records of its own: part of a record of its parent's kind.

    `parent_column` of its row names the record it is part of; one without a place of its own is where its record is.
    `first` are the columns that stay as they were when it first came, `details` those that each version changes, of
    the record that it is part of and the moment at which it was captured, None where that is not known; `arrived` is
    what else there is to do when one has come, or a later version of it; `becomes` what it asks to be made of it;
    `removed` what happens when it is taken back. `takes` says whether a later version may change it now; without it
    that is so while its record is open. `stays` are columns of `details` that stay as they are, because what they hold
    sealed says the same.
    """

    parent: str
    parent_column: str
    noun: str
    has_place: bool = True
    first: Callable[[Session, UUID, Mapping[str, Any]], dict[str, Any]]
    details: Callable[[Session, UUID, Mapping[str, Any], datetime | None], dict[str, Any]]
    removed: Callable[[Session, UUID, datetime], None]
    arrived: Callable[[Session, UUID, Mapping[str, Any], Person, datetime], None] = _nothing_more
    becomes: Callable[[Mapping[str, Any]], Becomes | None] = _becomes_nothing
    # The capture, the version as it was sent, and who sends it.
    takes: Callable[[Session, Capture, Any, Person], bool] | None = None
    stays: Callable[[Any, Mapping[str, Any], Mapping[str, Any]], frozenset[str]] = _nothing_stays


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
    Kind(
        value="speed_watch",
        slug="speed-watch",
        label="Speed-watch session",
        permission=Permission.WATCH_SPEEDS,
        prefix="SW",
        has_shell=False,
        offers=speed_pack.offers,
        form=SpeedWatchForm,
        model=SpeedSession,
        statuses=speed_codes.SESSION_STATUSES,
        details=speed_watch.details,
        changes=speed_watch.changes,
        rows=speed_watch.rows,
        headline=speed_watch.headline,
        pack=speed_pack.pack,
        shares=speed_watch.shares,
        problems=speed_watch.problems,
        may_begin=speed_watch.may_begin,
        takes_from=speed_watch.takes_from,
        taken_back=speed_taken_back.session_taken_back,
        stays_because=speed_taken_back.session_stays,
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
        noun="observation",
        form=ObservationForm,
        model=Observation,
        first=observation.first,
        details=observation.details,
        arrived=observation.arrived,
        becomes=observation.becomes,
        removed=observation.removed,
        shares=observation.shares,
    ),
    Part(
        value="speed_reading",
        slug="speed-readings",
        label="Vehicle",
        noun="vehicle",
        permission=Permission.WATCH_SPEEDS,
        parent="speed_watch",
        parent_column="session_id",
        has_place=False,
        has_plates=True,
        has_shell=False,
        form=SpeedReadingForm,
        model=SpeedReading,
        first=speed_reading.first,
        details=speed_reading.details,
        arrived=speed_reading.arrived,
        removed=speed_reading.removed,
        shares=speed_reading.shares,
        takes=speed_reading.takes,
        stays=speed_reading.stays,
        stays_because=speed_taken_back.part_stays,
    ),
    Part(
        value="traffic_count",
        slug="traffic-counts",
        label="Count of all traffic",
        noun="count",
        permission=Permission.WATCH_SPEEDS,
        parent="speed_watch",
        parent_column="session_id",
        has_place=False,
        has_shell=False,
        form=TrafficCountForm,
        model=TrafficCount,
        first=traffic_count.first,
        details=traffic_count.details,
        removed=traffic_count.removed,
        takes=traffic_count.takes,
        stays_because=speed_taken_back.part_stays,
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
