"""What is asked about what is handed to the police: why a file is taken again, and what came back."""

from typing import Any

from wtforms import HiddenField
from wtforms.validators import ValidationError

from webapp.forms.base import LongWords, WardbookForm, Words
from webapp.forms.fields import whole_number
from webapp.forms.plates import no_plates
from webapp.forms.row_numbers import RowNumbers

MOST_LETTERS = 99_999
IN_THE_FILE = "It is written down beside the file. Leave registrations out of it."


class MakeForm(WardbookForm):
    """A button: one export of one scheme. `newest` is the newest export that the page knew of."""

    newest = HiddenField()

    @property
    def known(self) -> int:
        """The number of that export, 0 for none."""
        return whole_number(self.newest.data) or 0


class DownloadForm(WardbookForm):
    """Taking a file: the first of its format needs no reason."""

    reason = LongWords(
        "Why is the file taken again?",
        300,
        IN_THE_FILE,
        name_in_errors="The reason",
        validators=[no_plates],
    )


class Count(Words):
    """How many there were; None when nothing is typed."""

    @property
    def count(self) -> int | None:
        """The number."""
        return whole_number(self.data)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no count."""
        number = whole_number(self.data)
        if self.data and (number is None or number > MOST_LETTERS):
            raise ValidationError(f"Enter a whole number up to {MOST_LETTERS:,}, or leave it empty.")


class AnswerForm(WardbookForm):
    """What the police said of an export: which rows they do not use, and what they did about the others."""

    rejected = RowNumbers("Which rows did they reject?", "Such as 3, 7-9. Left empty, all are accepted.")
    letters = Count("How many letters did they send?", 6, "Leave it empty if they did not say.")
    visits = Count("How many visits did officers make?", 6, "Leave it empty if they did not say.")


class CountsForm(WardbookForm):
    """Letters and visits that became known later, with the reason."""

    letters = Count("How many letters did they send?", 6, "Leave it empty if they did not say.")
    visits = Count("How many visits did officers make?", 6, "Leave it empty if they did not say.")
    reason = LongWords("Why are they changed?", 300, name_in_errors="The reason", validators=[no_plates])
