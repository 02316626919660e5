"""What is said of a PACT area: its name, its wards and parishes, how its panel is reached, and what concerns that."""

from collections.abc import Mapping, Sequence

from wtforms import HiddenField

from webapp.forms.base import LongWords, WardbookForm, Words
from webapp.forms.fields import DayField
from webapp.forms.rows import Column, RowsField, TicksField
from webapp.rules.codes import Code, CodeList
from webapp.rules.codes.pact import CONCERNS


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


class ConcernsForm(WardbookForm):
    """The three concerns that a panel names, the first first, and from which day on. `seen` as above."""

    seen = HiddenField()
    concerns = RowsField(
        "What concerns the panel most",
        {
            "concern": Column("Concern", CONCERNS, needed="choose the concern."),
            "words": Column("In its own words (optional)", length=200),
        },
        one="Concern",
        hint="The first first. Everybody reads it: no names of residents.",
    )
    from_on = DayField(
        "From which day on?", "The day on which the panel named them. For example, 22 11 2026."
    )

    def named(self) -> tuple[tuple[str, str], ...]:
        """Return the concerns in order, each with its words."""
        return tuple((row["concern"] or "", row["words"] or "") for row in self.concerns.answers())
