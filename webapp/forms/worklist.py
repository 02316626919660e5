"""What the worklist is narrowed to, and what is done with the ticked records."""

from wtforms import SelectField, SelectMultipleField, StringField

from webapp.forms.base import WardbookForm, Words, clean
from webapp.forms.records import AddressForm
from webapp.rules.codes.agencies import AGENCIES


class WorklistForm(AddressForm):
    """The filters of the worklist; they live in the address, so one that makes no sense is left out."""

    ward = SelectField("Ward")
    body = SelectField("With")
    crew = SelectField("Crew")
    order = SelectField("Sorted by")


class Tick(SelectMultipleField):
    """The ticked records, each as its reference and the newest event that the page knew of: FT-2026-00012:345."""

    def pre_validate(self, form: object) -> None:
        """Take any: a service says of each whether there is such a record."""

    def ticked(self) -> list[tuple[str, int]]:
        """Return (reference, newest event) of each; what is spelled otherwise is left out."""
        parts = [value.rpartition(":") for value in self.data or ()]
        return [(reference, int(seen)) for reference, _, seen in parts if seen.isdecimal() and len(seen) < 10]


class TogetherForm(WardbookForm):
    """What to do with all that are ticked."""

    tick = Tick("Records", choices=[])
    do = StringField("What to do", [], [clean])
    body = SelectField("Who must answer for them", choices=[], validate_choice=False)
    crew = Words("Who does it", 60, name_in_errors="Who does it")
    reason = Words("Why", 500, name_in_errors="Why")

    def chosen_body(self) -> str | None:
        """Return the body that was chosen, None for none."""
        return self.body.data if self.body.data in AGENCIES else None
