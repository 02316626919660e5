"""What is asked at a desk to correct a vehicle of a session: what it should say, and why. The plate is never shown."""

from typing import Any, ClassVar

from wtforms import HiddenField

from webapp.forms.base import LongWords
from webapp.forms.plates import PlateField, no_plates
from webapp.forms.speed_reading import SpeedReadingForm
from webapp.rules.vrm import MOST_TYPED


class CorrectionForm(SpeedReadingForm):
    """A vehicle at a desk. A registration that is left empty stays as it was read."""

    NO_ANSWERS: ClassVar[frozenset[str]] = SpeedReadingForm.NO_ANSWERS | {"number", "reason", "base_rev"}

    plate = PlateField(
        "Registration, as it was read",
        2 * MOST_TYPED,
        "Leave it empty to keep what is held. Nothing is ever put right by itself.",
        name_in_errors="The registration",
    )
    base_rev = HiddenField()
    reason = LongWords(
        "Why is it corrected?",
        300,
        "It stands in the history. Leave the registration out of it.",
        name_in_errors="The reason",
        validators=[no_plates],
    )

    def validate_confidence(self, field: Any) -> None:
        """Whether that fits a registration is known only with the one that is held."""
