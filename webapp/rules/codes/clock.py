"""What the 7-day target covers, and for what reason it does not (Action Plan 4.7; field-facts 2.4)."""

from webapp.rules.codes import Code, CodeList

IN_TARGET = "in_target"
UNDECIDED = "undecided"

SCOPES = CodeList(
    Code(IN_TARGET, "In the 7 days", "Public land and highways."),
    Code(
        UNDECIDED,
        "Whose land?",
        "Held until somebody has decided whose land it is; the clock runs meanwhile.",
    ),
    Code("private_land", "Private land", "Its owner must clear it; railway and farmland are always private."),
    Code("ea_led", "Environment Agency’s", "The Environment Agency leads."),
    Code("not_found", "Not found", "Somebody looked, and nothing was there."),
    Code("not_fly_tip", "Not fly-tipping", "Litter, or something that its owner left."),
    Code("duplicate", "Same as another report", "The record that stands for both is counted."),
)
