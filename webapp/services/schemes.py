"""Speed-watch schemes: which are whose, and who and what belongs to each."""

from collections.abc import Sequence

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.speed_scheme import SpeedDevice, SpeedScheme, SpeedVolunteer
from webapp.rules import speed_start as rules
from webapp.rules.codes.speed_watch import NEEDS_CALIBRATION
from webapp.rules.errors import NotFound
from webapp.rules.roles import Permission, Person, Scope


def ids_of(person: Person) -> frozenset[int]:
    """Return the schemes whose sessions somebody may see: officers all, volunteers and coordinators their own."""
    if not person.may(Permission.WATCH_SPEEDS):
        return frozenset()
    query = select(SpeedScheme.id)
    if person.scope is not Scope.ALL:
        query = select(SpeedVolunteer.scheme_id).where(
            SpeedVolunteer.user_id == person.id, SpeedVolunteer.is_active
        )
    return frozenset(db.session.scalars(query))


def of(person: Person) -> Sequence[SpeedScheme]:
    """Return somebody's schemes, by name."""
    query = select(SpeedScheme).where(SpeedScheme.id.in_(ids_of(person)))
    return db.session.scalars(query.order_by(SpeedScheme.name)).all()


def find(scheme_id: int, person: Person) -> SpeedScheme:
    """Return one scheme. Raises NotFound for who may not see it."""
    if scheme_id not in ids_of(person):
        raise NotFound
    return db.session.get_one(SpeedScheme, scheme_id)


def run_by(scheme_id: int, person: Person) -> SpeedScheme:
    """Return a scheme that somebody looks after: officers every one, coordinators their own. Raises NotFound."""
    if not person.may(Permission.RUN_SCHEMES):
        raise NotFound
    return find(scheme_id, person)


def volunteers(scheme_ids: Sequence[int] | frozenset[int]) -> Sequence[SpeedVolunteer]:
    """Return who belongs to these schemes, those who left too, by name."""
    query = select(SpeedVolunteer).where(SpeedVolunteer.scheme_id.in_(scheme_ids))
    return db.session.scalars(query.order_by(SpeedVolunteer.name, SpeedVolunteer.id)).all()


def devices(scheme_ids: Sequence[int] | frozenset[int]) -> Sequence[SpeedDevice]:
    """Return the devices of these schemes, those that are out of use too."""
    query = select(SpeedDevice).where(SpeedDevice.scheme_id.in_(scheme_ids))
    return db.session.scalars(query.order_by(SpeedDevice.type, SpeedDevice.serial, SpeedDevice.id)).all()


def member_of(volunteer: SpeedVolunteer) -> rules.Member:
    """Return what decides whether somebody may be in a crew."""
    return rules.Member(
        name=volunteer.name,
        is_active=volunteer.is_active,
        is_over_18=volunteer.is_over_18,
        trained_on=volunteer.trained_on,
        refresher_due_on=volunteer.refresher_due_on,
    )


def device_of(device: SpeedDevice) -> rules.Device:
    """Return what decides whether a device may be used: of a scheme that is not active nobody uses one."""
    is_active = device.is_active and db.session.get_one(SpeedScheme, device.scheme_id).is_active
    return rules.Device(type=device.type, is_active=is_active, calibration_due_on=device.calibration_due_on)


def needs_calibration(device: SpeedDevice) -> bool:
    """Return whether a device is good only until its next calibration."""
    return device.type in NEEDS_CALIBRATION
