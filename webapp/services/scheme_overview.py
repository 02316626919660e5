"""How schemes stand: whose training is good, due or run out, which devices may be used, what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from webapp.models.speed_scheme import SpeedDevice, SpeedScheme, SpeedVolunteer
from webapp.rules import speed_start, training
from webapp.rules.errors import NotFound
from webapp.rules.roles import Permission, Person
from webapp.rules.speed_start import CREW_LEAST
from webapp.rules.training import Due
from webapp.services import schemes


@dataclass(frozen=True, slots=True)
class Volunteer:
    """A volunteer, how their training stands, and why they may be in no crew today."""

    row: SpeedVolunteer
    training: Due
    problems: Sequence[speed_start.Problem]

    @property
    def is_usable(self) -> bool:
        """Whether they may be in a crew today."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Device:
    """A device, how its calibration stands, and why it may not be used today."""

    row: SpeedDevice
    calibration: Due
    needs_calibration: bool
    problems: Sequence[speed_start.Problem]

    @property
    def is_usable(self) -> bool:
        """Whether it may be used today."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Overview:
    """One scheme as it stands today."""

    scheme: SpeedScheme
    volunteers: Sequence[Volunteer]
    devices: Sequence[Device]

    @property
    def active(self) -> list[Volunteer]:
        """Those who take part, whatever their training."""
        return [one for one in self.volunteers if one.row.is_active]

    @property
    def left(self) -> list[Volunteer]:
        """Those who take part no more."""
        return [one for one in self.volunteers if not one.row.is_active]

    @property
    def trained(self) -> list[Volunteer]:
        """Those who take part and whose training is good today."""
        return [one for one in self.active if one.training.is_good]

    @property
    def to_train(self) -> list[Volunteer]:
        """Those not trained yet, then whose training has run out or does within 60 days; in an ended scheme nobody."""
        wanting = [one for one in self.active if one.training.wants_looking_at and self.scheme.is_active]
        return sorted(wanting, key=lambda one: (one.training.until or date.min, one.row.name))

    @property
    def in_use(self) -> list[Device]:
        """The devices that are in use."""
        return [one for one in self.devices if one.row.is_active]

    @property
    def to_calibrate(self) -> list[Device]:
        """Those in use whose calibration runs out within 60 days, has, or is not there; of an ended scheme none."""
        return [one for one in self.in_use if one.calibration.wants_looking_at and self.scheme.is_active]

    @property
    def problems(self) -> list[str]:
        """Why this scheme can hold no session today, a sentence for each thing; empty when it can."""
        found = []
        if not self.scheme.is_active:
            found.append("It is not active.")
        crew, devices = (
            sum(one.is_usable for one in self.volunteers),
            sum(one.is_usable for one in self.devices),
        )
        if crew < CREW_LEAST:
            has = {0: "nobody", 1: "only 1 person"}[crew]
            found.append(f"A session needs at least {CREW_LEAST} people, and {has} may be in a crew.")
        if not devices and self.scheme.is_active:
            found.append("No device may be used.")
        return found


def of(scheme: SpeedScheme, today: date) -> Overview:
    """Return one scheme as it stands on a day."""
    return _of([scheme], today)[0]


def all_of(person: Person, today: date) -> list[Overview]:
    """Return the schemes that somebody looks after, by name, as they stand on a day. Raises NotFound."""
    if not person.may(Permission.RUN_SCHEMES):
        raise NotFound
    return _of(schemes.of(person), today)


def _of(several: Sequence[SpeedScheme], today: date) -> list[Overview]:
    ids = [one.id for one in several]
    people, devices = schemes.volunteers(ids), schemes.devices(ids)
    return [
        Overview(
            scheme,
            [_volunteer(one, today) for one in people if one.scheme_id == scheme.id],
            [_device(one, today) for one in devices if one.scheme_id == scheme.id],
        )
        for scheme in several
    ]


def _volunteer(row: SpeedVolunteer, today: date) -> Volunteer:
    member = schemes.member_of(row)
    return Volunteer(row, training.training(member, today), speed_start.member_problems(member, today))


def _device(row: SpeedDevice, today: date) -> Device:
    device = schemes.device_of(row)
    return Device(
        row,
        training.calibration(device, today),
        schemes.needs_calibration(row),
        speed_start.device_problems(device, today),
    )
