"""What a routing rule says, and what is asked to try the rules."""

from collections.abc import Mapping

from wtforms import Form, SelectField
from wtforms.fields.choices import SelectChoice

from webapp.forms.base import WardbookForm
from webapp.forms.fields import Choice
from webapp.rules.codes.agencies import AGENCIES
from webapp.rules.codes.fly_tipping import LAND_TYPES, WASTE_TYPES


class _WardChoice:
    ward_code = SelectField("Ward", choices=[], validate_choice=False)

    def offer(self, wards: Mapping[str, str], nothing: str) -> None:
        """Offer these wards by name; the first choice is none of them."""
        listed = sorted(wards.items(), key=lambda item: item[1])
        choices = [SelectChoice("", nothing), *(SelectChoice(code, name) for code, name in listed)]
        self.ward_code.choices = choices

    def ward(self) -> str | None:
        """Return the ward that was chosen from those on offer, None for none."""
        offered = {choice.value for choice in self.ward_code.choices}
        return self.ward_code.data if self.ward_code.data in offered and self.ward_code.data else None


class RuleForm(_WardChoice, WardbookForm):
    """One rule: what is left open fits anything."""

    land_type = Choice("Land", LAND_TYPES)
    main_waste = Choice("Waste", WASTE_TYPES)
    body = Choice("Who answers", AGENCIES, needed="Choose who answers.")


class TryForm(_WardChoice, Form):
    """A fly-tip that there might be; its answers live in the address."""

    land_type = Choice("Land", LAND_TYPES)
    main_waste = Choice("Waste", WASTE_TYPES)
