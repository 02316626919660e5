"""What officers write: the words of one letter to reporters."""

from wtforms import HiddenField
from wtforms.validators import ValidationError

from webapp.forms.base import LongWords, WardbookForm, Words
from webapp.rules import letters


class LetterForm(WardbookForm):
    """The subject and the text of one letter; `seen` says which words its page showed."""

    seen = HiddenField()
    subject = Words("Subject", letters.SUBJECT_MOST, name_in_errors="The subject")
    text = LongWords("Text", letters.TEXT_MOST, name_in_errors="The text")

    def validate_subject(self, field: Words) -> None:
        """Refuse no subject, and one of two lines: no mail could be written with it."""
        if not field.data:
            raise ValidationError("Write a subject, such as “Cleared: your report {reference}”.")
        if "\n" in field.data or "\r" in field.data:
            raise ValidationError("Write the subject in one line.")

    def validate_text(self, field: LongWords) -> None:
        """Refuse an empty letter."""
        if not field.data:
            raise ValidationError("Write what the letter says.")

    @property
    def words(self) -> letters.Words:
        """What was written, as services take it."""
        return letters.Words(self.subject.data or "", self.text.data or "")
