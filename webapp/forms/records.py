"""What staff ask of records: the list's filters, and the search for a reporter."""

from datetime import date
from typing import Any

from wtforms import Form, SelectField, StringField

from webapp.forms.base import WardbookForm, clean


class AddressForm(Form):
    """Filters that live in the address of a list: one that makes no sense is left out, and the page says so."""

    CHOICES: tuple[str, ...] = ()
    DAYS: tuple[str, ...] = ()

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
        days = [name for name in self.DAYS if self[name].data and self.day(name) is None]
        choices = [name for name in self.CHOICES if self[name].data and self.value(name) is None]
        return [self[name].label.text for name in (*choices, *days)]


class FilterForm(AddressForm):
    """The filters of the record list."""

    CHOICES = (
        "kind",
        "state",
        "ward",
        "scope",
        "standing",
        "working",
        "delay",
        "body",
        "basis",
        "land_type",
        "main_waste",
        "size",
        "cleared",
        "days",
        "reporters",
        "cost",
    )
    DAYS = ("since", "until", "ended_since", "ended_until")
    # These stand in the first row; the others behind "More filters".
    FIRST = ("kind", "state", "ward", "since", "until")

    kind = SelectField("Kind")
    state = SelectField("Status")
    ward = SelectField("Ward")
    since = StringField("From")
    until = StringField("To")
    text = StringField("Reference, place or description", [], [clean])
    scope = SelectField("In the 7 days?")
    standing = SelectField("In the figure as")
    working = SelectField("In our own target as")
    delay = SelectField("Was at some time")
    body = SelectField("With")
    crew = StringField("Crew", [], [clean])
    basis = SelectField("In the national return")
    land_type = SelectField("Land")
    main_waste = SelectField("Waste")
    size = SelectField("Size")
    cleared = SelectField("Cleared?")
    days = SelectField("Days it took")
    ended_since = StringField("Ended from")
    ended_until = StringField("Ended to")
    reporters = SelectField("Reporters, of what ended")
    cost = SelectField("Cost of clearing")

    def parts(self) -> dict[str, Any]:
        """Return what was understood, by filter; what was left empty or makes no sense is None."""
        return {
            **{name: self.value(name) for name in self.CHOICES},
            **{name: self.day(name) for name in self.DAYS},
            "text": self.text.data or None,
            "crew": self.crew.data or None,
        }

    @property
    def day_labels(self) -> list[str]:
        """The labels of the filters that are dates."""
        return [self[name].label.text for name in self.DAYS]


class ContactSearchForm(WardbookForm):
    """Names and contacts are searched by POST, so that they stand in no address and no log."""

    contact = StringField("Name, email or telephone", [], [clean])
