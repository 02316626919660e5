"""What officers give when they rescue: the file that a phone saved, and why a capture is set aside."""

from typing import Any

from wtforms import Field, FileField
from wtforms.validators import ValidationError

from webapp.forms.base import WardbookForm, Words
from webapp.forms.plates import no_plates

SAY_WHY = "Say why it is set aside: the history keeps it."


class FileForm(WardbookForm):
    """The file of a phone's outbox."""

    file = FileField("File from the device")


def said(form: Any, field: Field) -> None:
    """Refuse an empty reason."""
    if not field.data:
        raise ValidationError(SAY_WHY)


class DecisionForm(WardbookForm):
    """Why a capture is left out of the records, for the history: what it says of a registration is forgotten."""

    why = Words("Why it is set aside", 500, name_in_errors="The reason", validators=[said, no_plates])
