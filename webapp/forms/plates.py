"""A registration as a field, and words that must hold none (field-facts 3.6)."""

from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from webapp.forms.base import Words
from webapp.rules import plate_words, vrm

IN_WORDS = (
    "Leave registrations out of these words: they are kept with their vehicle only, and forgotten with it."
)


class PlateField(Words):
    """A registration. In words it is never whole: whoever compares versions or decides what waits needs no more."""

    @property
    def normal(self) -> str:
        """The registration as it is kept; empty when none was read."""
        return vrm.normalise(self.data or "")

    def pre_validate(self, form: Any) -> None:
        """Refuse what is longer than any registration; the sentence never says what was typed."""
        refusal = vrm.refusal(self.data or "")
        if refusal:
            raise ValidationError(refusal)

    def words(self) -> str:
        """Return the registration masked."""
        return vrm.mask(self.normal, "current") if self.normal else ""


def no_plates(form: Any, field: Field) -> None:
    """Refuse words in which a registration stands; the sentence does not repeat it."""
    if plate_words.stands_in(field.data or ""):
        raise ValidationError(IN_WORDS)
