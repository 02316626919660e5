"""What is said of a PACT area: its name, its wards and parishes, and in which role its panel is reached."""

from collections.abc import Mapping, Sequence

from wtforms import HiddenField

from webapp.forms.base import LongWords, WardbookForm, Words
from webapp.forms.rows import TicksField
from webapp.rules.codes import Code, CodeList


class PactAreaForm(WardbookForm):
    """One area. `seen` proves what the page knew of it."""

    seen = HiddenField()
    name = Words("Name", 120, "For example: Swanley.")
    wards = TicksField("Wards", CodeList())
    parishes = LongWords("Parishes", 4000, "One to a line.", name_in_errors="The list of parishes")
    contact_role = Words(
        "Through whom is its panel reached?",
        120,
        "A role, such as “Clerk of the town council”. Everybody can read it, so name no person.",
        name_in_errors="The role",
    )

    def offer(self, wards: Mapping[str, str], kept: Sequence[str] = ()) -> None:
        """Offer these wards by name, and after them those that the area has and that are in use no more."""
        listed = sorted(wards.items(), key=lambda item: item[1])
        gone = [(code, f"{code}, in use no more") for code in kept if code not in wards]
        self.wards.codes = CodeList(*(Code(code, name) for code, name in (*listed, *gone)))

    @property
    def parish_names(self) -> list[str]:
        """The parishes that were entered, in order."""
        return [line for line in map(str.strip, (self.parishes.data or "").split("\n")) if line]
