"""A scheme's devices: which they are, whether they are in use, and until when their calibration is good."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.speed_scheme import SpeedDevice
from webapp.rules.clock import local_date
from webapp.rules.codes.speed_watch import NEEDS_CALIBRATION
from webapp.rules.errors import Refused, Stale
from webapp.rules.roles import Person
from webapp.rules.training import wrong_days
from webapp.services import scheme_changes, schemes
from webapp.services.scheme_changes import found_in, mark_of, note, said_of, taken_once

ADDED, CHANGED = "device_added", "device_changed"
TAKEN = "A device of this type with this serial number is entered already, here or in another scheme. Check the number."
NO_NUMBER = (
    "A device of this type without a number is in this scheme already. Enter what tells this one apart."
)
NEXT_AFTER = "The next calibration comes after the last. Check both dates."
COLUMNS = ("type", "serial", "calibrated_on", "calibration_due_on", "is_active")


@dataclass(frozen=True, slots=True)
class Given:
    """What is said of a device."""

    type: str
    serial: str
    calibrated_on: date | None
    calibration_due_on: date | None
    is_active: bool


def find(scheme_id: int, device_id: int, person: Person) -> SpeedDevice:
    """Return one device of a scheme that somebody looks after. Raises NotFound."""
    schemes.run_by(scheme_id, person)
    return found_in(db.session, SpeedDevice, scheme_id, device_id)


def mark(device: SpeedDevice) -> str:
    """Return what a page says to prove which state of a device it knew."""
    return mark_of(device, COLUMNS)


def add(scheme_id: int, given: Given, person: Person) -> int:
    """Add a device and return its id. Raises NotFound, Refused with a sentence for each field."""
    with taken_once({"serial": TAKEN}) as session:
        scheme_changes.locked(session, scheme_id, person)
        _check(session, scheme_id, given, None)
        device = SpeedDevice(scheme_id=scheme_id, **asdict(given))
        session.add(device)
        session.flush()
        note(session, scheme_id, ADDED, person, after={"device": device.id, **said_of(device, COLUMNS)})
        return device.id


def change(scheme_id: int, device_id: int, given: Given, seen: str, person: Person) -> None:
    """Let a device be as given. Raises NotFound, Refused, Stale when somebody changed it since the page was made."""
    with taken_once({"serial": TAKEN}) as session:
        scheme_changes.locked(session, scheme_id, person)
        device = found_in(session, SpeedDevice, scheme_id, device_id)
        if mark(device) != seen:
            raise Stale
        _check(session, scheme_id, given, device_id)
        before = said_of(device, COLUMNS)
        for name, value in asdict(given).items():
            setattr(device, name, value)
        note(
            session,
            scheme_id,
            CHANGED,
            person,
            before=before,
            after={"device": device_id, **said_of(device, COLUMNS)},
        )


def _check(session: Session, scheme_id: int, given: Given, device_id: int | None) -> None:
    today = local_date(clock.now())
    problems = wrong_days(given, "calibrated_on", "calibration_due_on", NEXT_AFTER, today)
    if given.calibration_due_on is None and given.type in NEEDS_CALIBRATION and given.is_active:
        problems["calibration_due_on"] = (
            "This type needs calibration. Enter the day by which it is due again."
        )
    same = select(SpeedDevice.id).where(
        SpeedDevice.type == given.type, func.lower(SpeedDevice.serial) == given.serial.lower()
    )
    # Without a number only its own scheme can tell a device from others, and only among those that it uses.
    if not given.serial:
        same = same.where(SpeedDevice.scheme_id == scheme_id, SpeedDevice.is_active)
    is_compared = given.serial or given.is_active
    if is_compared and any(other != device_id for other in session.scalars(same)):
        problems["serial"] = TAKEN if given.serial else NO_NUMBER
    if problems:
        raise Refused(problems)
