"""How the list of audits is narrowed; the answers live in the address."""

from wtforms import SelectField

from webapp.forms.records import AddressForm


class AuditFilterForm(AddressForm):
    """The filters of the list of audits; a year is both the list's and the programme's above it."""

    CHOICES = ("ward", "year", "state")

    ward = SelectField("Ward")
    year = SelectField("Year")
    state = SelectField("State")
