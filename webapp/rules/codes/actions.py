"""Lists of an action plan's lines, and of what is asked of others besides (field-facts 1.8)."""

from collections.abc import Mapping

from webapp.rules.codes import Code, CodeList

STATUSES = CodeList(
    Code("proposed", "Proposed"),
    Code("agreed", "Agreed by its owner"),
    Code("in_progress", "In progress"),
    Code("completed", "Completed"),
    Code("verified", "Completed and checked"),
    Code("not_feasible", "Not feasible"),
    Code("withdrawn", "Withdrawn"),
    Code("transferred", "Passed to another plan"),
)
PRIORITIES = CodeList(Code("high", "High"), Code("medium", "Medium"), Code("low", "Low"))

# What a line's log calls each update: a step that was taken, or what stands beside the steps.
UPDATES = CodeList(
    Code("propose", "Proposed"),
    Code("edit", "Changed"),
    Code("agree", "Owner’s agreement noted"),
    Code("begin", "Said to have begun"),
    Code("complete", "Said to be done"),
    Code("verify", "Checked: it is done"),
    Code("send_back", "Checked: it is not done yet"),
    Code("refuse", "Said not to be feasible"),
    Code("transfer", "Passed to another plan"),
    Code("withdraw", "Withdrawn"),
    Code("reopen", "Proposed again"),
    Code("note", "Note"),
    Code("link", "A link to answer by was sent"),
)

REQUEST_KINDS = CodeList(
    Code("speed_watch_site", "A speed-watch site"),
    Code("operation", "An operation"),
    Code("other_body", "Something of another body"),
)
REQUEST_STATUSES = CodeList(
    Code("open", "Open"),
    Code("taken_up", "Taken up"),
    Code("closed", "Closed"),
    Code("declined", "Declined"),
)

# What is to be done about each category, verb first: what a new line proposes. What is good asks for nothing.
TASKS: Mapping[str, str] = {
    "litter": "Clear litter",
    "detritus": "Sweep up detritus",
    "graffiti": "Remove graffiti",
    "graffiti_offensive": "Remove offensive graffiti",
    "fly_posting": "Remove fly-posting",
    "fly_tipping": "Clear fly-tipping",
    "overflowing_bin": "Empty or repair the bin",
    "dog_fouling": "Clear dog fouling",
    "weed_growth": "Clear weeds",
    "leaf_blossom": "Sweep up leaves or blossom",
    "staining": "Clean staining or gum",
    "street_light": "Repair the street light",
    "lighting_gap": "Decide how to light the area",
    "vegetation": "Cut back vegetation",
    "signage": "Repair or replace the sign",
    "road_pavement": "Repair the road or pavement",
    "drainage_flood": "Clear the gully",
    "vandalism": "Make safe and repair the damage",
    "abandoned_vehicle": "Inspect the abandoned vehicle",
    "nuisance_vehicle": "Deal with the nuisance vehicle",
    "burnt_out": "Make safe and clear the fire damage",
    "drug_litter": "Clear drug litter",
    "drug_activity": "Look into signs of drug dealing or use",
    "alcohol_litter": "Clear bottles and cans",
    "asb_congregation": "Look into the gathering place",
    "rough_sleeping": "Visit whoever sleeps rough",
    "boundary_security": "Repair the fence, gate or lock",
    "access_escape": "Decide how to make the alley or cut-through safer",
    "cctv": "Check the CCTV",
    "parking": "Deal with obstructive parking",
    "speeding_concern": "Look into speeding",
    "play_area": "Make the equipment safe and repair it",
    "bus_shelter": "Repair the shelter, box or cabinet",
    "utility_works": "Make good the cover or works",
    "shopping_trolley": "Collect the trolley",
    "void_property": "Secure the empty property",
    "dead_animal": "Remove the dead animal",
    "other": "Look into what was seen",
}
