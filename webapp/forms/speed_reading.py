"""What is asked about one vehicle: its speed, and what was seen of it where the speed is at the threshold or above."""

from typing import Any

from wtforms import BooleanField
from wtforms.validators import ValidationError

from webapp.forms.base import WardbookForm, Words
from webapp.forms.fields import Choice, PartFields, TimeField, whole_number
from webapp.forms.plates import PlateField, no_plates
from webapp.rules.codes import speed_watch as codes
from webapp.rules.speed import SPEED_LEAST, SPEED_MOST

NO_SPEED = f"Enter the speed as a whole number from {SPEED_LEAST} to {SPEED_MOST} miles per hour."


class SpeedReadingForm(PartFields, WardbookForm):
    """One vehicle; the plain page and the phone both use it. It has no place of its own, and no photographs ever."""

    VERSION = 1

    number = Words("Number on this phone", 6)
    passed_at = TimeField("When did it pass?", "For example, 10:31. Leave it empty if nobody wrote it down.")
    speed = Words("Speed in miles per hour", 10)
    plate = PlateField("Registration", 40, name_in_errors="The registration")
    confidence = Choice("How sure are you of it?", codes.CONFIDENCES)
    colour = Choice("Colour", codes.COLOURS)
    make = Choice("Make", codes.MAKES)
    model = Words("Model", 40, validators=[no_plates])
    vehicle = Choice("Type", codes.VEHICLE_TYPES)
    direction = Choice("Direction", codes.DIRECTIONS)
    is_spoken_back = BooleanField("Read back aloud and agreed")

    def validate_speed(self, field: Words) -> None:
        """Refuse what is no speed."""
        speed = whole_number(field.data)
        if speed is None or not SPEED_LEAST <= speed <= SPEED_MOST:
            raise ValidationError(NO_SPEED)

    def validate_confidence(self, field: Choice) -> None:
        """Ask how sure they are of a registration."""
        if field.data is None and self.plate.normal:
            raise ValidationError("Say how sure you are of the registration.")

    def _passed_at(self) -> str:
        at = self.passed_at.time
        return f"{at:%H:%M}" if at else ""

    def check_day(self, today: Any) -> None:
        """There is no day to check: when it passed is what the device says."""

    def answers(self) -> dict[str, Any]:
        """Return the answers as plain values that JSON can hold, in the form's own names."""
        return {
            "number": whole_number(self.number.data) or 0,
            # A phone asks no time: there it is when the row was begun.
            "passed_at": self._passed_at() if self.passed_at.raw_data else None,
            "speed_mph": whole_number(self.speed.data) or 0,
            "plate": self.plate.normal,
            "confidence": self.confidence.data,
            "colour": self.colour.data,
            "make": self.make.data,
            "model": self.model.data or "",
            "vehicle": self.vehicle.data,
            "direction": self.direction.data,
            "is_spoken_back": self.is_spoken_back.data,
        }
