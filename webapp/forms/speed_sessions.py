"""How the list of speed-watch sessions is narrowed; the answers live in the address."""

from typing import Any

from wtforms import SelectField, StringField

from webapp.forms.records import AddressForm


class SessionFilterForm(AddressForm):
    """The filters of the list of sessions."""

    CHOICES = ("site", "scheme", "ward", "area", "state", "traffic", "speeds", "check")
    DAYS = ("since", "until")
    NUMBERS = ("scheme", "area")

    site = SelectField("Site")
    scheme = SelectField("Scheme")
    ward = SelectField("Ward")
    area = SelectField("PACT area")
    state = SelectField("Counts as")
    traffic = SelectField("All traffic")
    speeds = SelectField("Speeds")
    check = SelectField("Check")
    since = StringField("From")
    until = StringField("To")

    def parts(self) -> dict[str, Any]:
        """Return what was understood, by filter; what was left empty or makes no sense is None."""
        chosen: dict[str, Any] = {name: self.value(name) for name in self.CHOICES}
        numbers = {name: int(chosen[name]) for name in self.NUMBERS if chosen[name]}
        return {**chosen, **numbers, **{name: self.day(name) for name in self.DAYS}}
