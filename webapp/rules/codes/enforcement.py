"""Enforcement on fly-tipping, as Defra's return has it (field-facts 2.1): steps, fixed penalties, prosecutions."""

from webapp.rules.codes import Code, CodeList

STEPS = CodeList(
    Code("investigation", "Investigation"),
    Code("warning_letter", "Warning letter"),
    Code("duty_of_care", "Duty of care inspection"),
    Code("statutory_notice", "Statutory notice", "Environmental Protection Act 1990 s59: at least 21 days."),
    Code("fpn", "Fixed penalty notice"),
    Code("stop_search", "Stop and search"),
    Code("prosecution", "Prosecution"),
    Code("formal_caution", "Formal caution"),
    Code("injunction", "Injunction"),
    Code("vehicle_seized", "Vehicle seized"),
)

PENALTIES = CodeList(
    Code("fpn_flytip", "For fly-tipping", "At most £1,000."),
    Code("fpn_household_doc", "Household duty of care", "At most £600."),
    Code("fpn_litter", "Littering in conjunction", "At most £500."),
    Code("fpn_other", "All other"),
)
# The maxima from 31 July 2023, in pence (field-facts 2.5).
MOST_PENCE = {"fpn_flytip": 100_000, "fpn_household_doc": 60_000, "fpn_litter": 50_000}

PENALTY_STATES = CodeList(
    Code("issued", "Issued"),
    Code("paid", "Paid"),
    Code("cancelled", "Cancelled"),
    Code("to_court", "Unpaid, to court"),
)
# A penalty is paid, cancelled or taken to court once; one that went to court can still be paid or cancelled.
PENALTY_MOVES = {"issued": ("paid", "cancelled", "to_court"), "to_court": ("paid", "cancelled")}

OUTCOMES = CodeList(
    Code("absolute_discharge", "Absolute discharge"),
    Code("conditional_discharge", "Conditional discharge"),
    Code("community_order", "Community order"),
    Code("fine", "Fine"),
    Code("custodial", "Custodial sentence"),
    Code("other", "Other outcome"),
    Code("lost", "Lost"),
)

WAYS = CodeList(
    Code("overt", "Openly", "Whoever passes may know of it."),
    Code("covert", "Covertly", "Nobody but officers may know of it."),
)
