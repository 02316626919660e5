"""What staff ask of records: the list's filters, and marking one cleared."""

from datetime import date

from wtforms import BooleanField, Form, SelectField, StringField
from wtforms.validators import ValidationError

from webapp.forms.base import WardbookForm, clean
from webapp.forms.fields import DayField
from webapp.forms.photos import PhotosField


class FilterForm(Form):
    """The filters of the record list; they live in the address, so a filter that makes no sense is left out."""

    kind = SelectField("Kind")
    state = SelectField("Status")
    ward = SelectField("Ward")
    since = StringField("From")
    until = StringField("To")
    text = StringField("Reference, place or description", [], [clean])

    def day(self, name: str) -> date | None:
        """Return the date of a filter, None when it is none."""
        try:
            return date.fromisoformat((self[name].data or "").strip())
        except ValueError:
            return None

    def value(self, name: str) -> str | None:
        """Return the value of a choice, None when it is not on its list."""
        field = self[name]
        return field.data if field.data in {choice.value for choice in field.choices} and field.data else None

    def left_out(self) -> list[str]:
        """Return the labels of the filters that were not understood and narrow nothing."""
        days = [name for name in ("since", "until") if self[name].data and self.day(name) is None]
        choices = [name for name in ("kind", "state", "ward") if self[name].data and self.value(name) is None]
        return [self[name].label.text for name in (*choices, *days)]


class ContactSearchForm(WardbookForm):
    """Names and contacts are searched by POST, so that they stand in no address and no log."""

    contact = StringField("Name, email or telephone", [], [clean])


class ClearForm(WardbookForm):
    """When it was cleared, with a photo of the place afterwards."""

    cleared_on = DayField("When was it cleared?", "For example, 22 11 2026.")
    photos = PhotosField("Photos of the place afterwards")
    show_photos = BooleanField(
        "Show these photos to the public and to the people who reported it", default=True
    )

    def validate_cleared_on(self, field: DayField) -> None:
        """Ask for the day: the 7-day figure is counted from it."""
        if field.data is None and not field.process_errors:
            raise ValidationError("Enter the day it was cleared.")
