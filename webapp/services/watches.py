"""Speed-watch sessions for those who hold and check them: one with everything that belongs to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from string import ascii_uppercase
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models.account import User
from webapp.models.capture import Capture, CaptureRevision
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_scheme import SpeedDevice, SpeedScheme, SpeedVolunteer
from webapp.models.speed_site import SpeedSite
from webapp.models.speed_watch import SpeedCrew, SpeedSession
from webapp.models.traffic_count import TrafficCount
from webapp.rules import vrm
from webapp.rules.duplicates import Seen, duplicates
from webapp.rules.errors import NotFound
from webapp.rules.roles import Person
from webapp.rules.speed_figures import is_vehicle
from webapp.services import plates, schemes, speed_pack


@dataclass(frozen=True)
class Watch:
    """A session with its site, scheme, device, who was there, and its vehicles in the order in which they passed.

    `phones` says who logged a vehicle, by its id.
    """

    session: SpeedSession
    site: SpeedSite
    scheme: SpeedScheme
    device: SpeedDevice | None
    crew: Sequence[tuple[SpeedVolunteer, str | None]]
    readings: Sequence[SpeedReading]
    counted: int | None
    phones: dict[UUID, str]

    @cached_property
    def masks(self) -> dict[UUID, str]:
        """What may be shown of each plate that is held, by the id of its vehicle."""
        return {one.id: mask_of(one) for one in self.readings if one.plate is not None}

    @cached_property
    def twins(self) -> dict[UUID, list[UUID]]:
        """Which other vehicles may be the same one, by the id of each."""
        return twins([(one, one.plate_hash) for one in self.readings if one.plate_hash is not None])

    @cached_property
    def name_of(self) -> dict[UUID, str]:
        """What each vehicle is called: its number on its phone, with a letter where two phones logged."""
        letters = self.letters
        return {
            one.id: f"{one.number}{letters.get(self.phones.get(one.id, ''), '')}" for one in self.readings
        }

    @cached_property
    def letters(self) -> dict[str, str]:
        """The letter of whoever logged, by name; none where one person logged all."""
        names = sorted(set(self.phones.values()))
        return dict(zip(names, ascii_uppercase, strict=False)) if len(names) > 1 else {}

    @cached_property
    def late(self) -> Sequence[SpeedReading]:
        """Those that came, or were corrected, after the session had been checked, and wait to be checked too."""
        return [one for one in self.readings if self.session.closed_at and one.status == "draft"]

    @property
    def vehicles(self) -> Sequence[SpeedReading]:
        """Those that figures count: what turned out to be no vehicle stays on the list alone."""
        status = self.session.status
        return [
            one
            for one in self.readings
            if is_vehicle(one.status, status, is_removed=one.removed_at is not None)
        ]

    @property
    def recorded(self) -> Sequence[SpeedReading]:
        """Those at the threshold or above."""
        return [one for one in self.readings if one.is_over]


def find(reference: str, person: Person) -> SpeedSession:
    """Return one session. Raises NotFound when there is none, or it is another scheme's."""
    found = db.session.scalar(select(SpeedSession).where(SpeedSession.reference == reference))
    if found is None or found.scheme_id not in schemes.ids_of(person):
        raise NotFound
    return found


def everything(session: SpeedSession) -> Watch:
    """Return a session with all that belongs to it; what was undone is left out."""
    readings = readings_of(session.id)
    crew = (
        select(SpeedVolunteer, SpeedCrew.role)
        .join(SpeedCrew, SpeedCrew.volunteer_id == SpeedVolunteer.id)
        .where(SpeedCrew.session_id == session.id)
        .order_by(SpeedVolunteer.name)
    )
    return Watch(
        session=session,
        site=db.session.get_one(SpeedSite, session.site_id),
        scheme=db.session.get_one(SpeedScheme, session.scheme_id),
        device=db.session.get(SpeedDevice, session.device_id) if session.device_id else None,
        crew=[(one, role) for one, role in db.session.execute(crew)],
        readings=readings,
        counted=counted(session),
        phones=_phones(session.id),
    )


def offers_of(session: SpeedSession, person: Person) -> dict[str, Any]:
    """Return what a page that changes a session lets somebody choose from: what it names is always there."""
    watch, offered = everything(session), speed_pack.offers(person)
    device = watch.device
    named = {
        "sites": [(watch.site.code, f"{watch.site.name} ({watch.site.code})")],
        "volunteers": [(str(one.id), one.name) for one, _ in watch.crew],
        "devices": [(str(device.id), speed_pack.device_name(device))] if device else [],
    }
    return {
        name: [*pairs, *(pair for pair in named[name] if pair[0] not in dict(pairs))]
        for name, pairs in offered.items()
    }


def mask_of(reading: SpeedReading) -> str:
    """Return what may be shown of a row's plate; empty where none is held."""
    plate = plates.opened(reading)
    return vrm.mask(plate, reading.kind or vrm.OTHER) if plate else ""


def twins(rows: Iterable[tuple[SpeedReading, str]]) -> dict[UUID, list[UUID]]:
    """Return by id the rows that may be one vehicle logged twice; each comes with what tells its plate."""
    seen = [Seen(one.id, plate, one.speed_mph, one.seen_at) for one, plate in rows if one.seen_at is not None]
    return cast(dict[UUID, list[UUID]], duplicates(seen))


def _phones(session_id: UUID) -> dict[UUID, str]:
    """Return what whoever logged each vehicle is called."""
    query = (
        select(SpeedReading.id, User)
        .join(Capture, Capture.id == SpeedReading.id)
        .join(User, User.id == Capture.owner_id)
        .where(SpeedReading.session_id == session_id)
    )
    return {own_id: user.called for own_id, user in db.session.execute(query)}


def contested(session_id: UUID) -> frozenset[UUID]:
    """Return the vehicles of a session that were sent with other answers too, between which nobody has chosen."""
    query = (
        select(CaptureRevision.capture_id)
        .join(SpeedReading, SpeedReading.id == CaptureRevision.capture_id)
        .where(
            SpeedReading.session_id == session_id,
            CaptureRevision.is_clash,
            CaptureRevision.settled_at.is_(None),
        )
    )
    return frozenset(db.session.scalars(query))


def typed_after_end(session_id: UUID) -> frozenset[UUID]:
    """Return the vehicles that were written at a desk once their session was over, those that were undone too."""
    typed = (SpeedReading.session_id == session_id, SpeedReading.typed_after_end)
    return frozenset(db.session.scalars(select(SpeedReading.id).where(*typed)))


def readings_of(session_id: UUID) -> Sequence[SpeedReading]:
    """Return a session's vehicles in the order in which they passed."""
    query = select(SpeedReading).where(
        SpeedReading.session_id == session_id, SpeedReading.removed_at.is_(None)
    )
    passed = func.coalesce(SpeedReading.seen_at, SpeedReading.received_at)
    return db.session.scalars(query.order_by(passed, SpeedReading.number, SpeedReading.id)).all()


def counted(session: SpeedSession) -> int | None:
    """Return how many vehicles passed in all: as a desk said, or else as phones counted; None where nobody counted."""
    if session.total_counted is not None:
        return session.total_counted
    query = select(func.sum(TrafficCount.counted)).where(
        TrafficCount.session_id == session.id, TrafficCount.removed_at.is_(None)
    )
    total = db.session.scalar(query)
    return None if total is None else int(total)


def recent(person: Person, most: int) -> Sequence[SpeedSession]:
    """Return the newest sessions of somebody's schemes."""
    query = select(SpeedSession).where(SpeedSession.scheme_id.in_(schemes.ids_of(person)))
    newest = query.order_by(SpeedSession.began_at.desc(), SpeedSession.reference.desc()).limit(most)
    return db.session.scalars(newest).all()
