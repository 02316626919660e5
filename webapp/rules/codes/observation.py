"""What an EVA finds: categories with who usually owns them, and severity (field-facts 1.5, 1.7).

Days to put it right are the partnership's example levels. They propose a date, and nothing is measured by them.
"""

from dataclasses import dataclass

from webapp.rules.codes import Code, CodeList

CSU, DIRECT, POLICE = "csu", "sdc_direct_services", "kent_police"
HIGHWAYS, PARISH, HOUSING = "kcc_highways", "parish_council", "housing_association"
SAME_DAY = 0


@dataclass(frozen=True, slots=True)
class Category(Code):
    """One category. `element` is that of the NI195 scale by which it is graded, none where severity is asked.

    `owners` are the agencies that usually answer, the first of them proposed; `days` the example level, None where it
    is settled in the plan. `is_urgent` asks for action on the day it is seen. What is not `is_public` is shown to staff
    only, and `care` is what the phone says before the photo.
    """

    element: str | None = None
    owners: tuple[str, ...] = (CSU,)
    days: int | None = None
    is_urgent: bool = False
    is_public: bool = True
    care: str = ""


WELFARE = "Their welfare comes first. Take no photo of people. Tell StreetLink or the housing team today."
SHARPS = "Do not touch needles. Keep people away and call the sharps team."
HATE = "Report it to the police as a hate crime: 101, or 999 while it happens. Photograph it before it is cleaned."
DEALING = "Take no photo of people and do not approach. Tell the police: 101, or 999 if there is danger now."

CATEGORIES = CodeList(
    Category("litter", "Litter", element="litter", owners=(DIRECT, PARISH)),
    Category("detritus", "Detritus", "Mud, grit, leaf mush.", element="detritus", owners=(DIRECT, HIGHWAYS)),
    Category("graffiti", "Graffiti", element="graffiti", owners=(DIRECT, "landowner", HOUSING), days=3),
    Category(
        "graffiti_offensive",
        "Offensive graffiti",
        "Racist, hateful or obscene.",
        element="graffiti",
        owners=(DIRECT, POLICE),
        days=1,
        is_urgent=True,
        care=HATE,
    ),
    Category("fly_posting", "Fly-posting", element="fly_posting", owners=(DIRECT,), days=5),
    Category("fly_tipping", "Fly-tipping", owners=(DIRECT, HIGHWAYS, "landowner"), days=7),
    Category(
        "overflowing_bin",
        "Overflowing or damaged bin",
        asked="Overflowing bin",
        owners=(DIRECT, PARISH),
        days=1,
    ),
    Category("dog_fouling", "Dog fouling", owners=(DIRECT, PARISH), days=3),
    Category("weed_growth", "Weeds in channel or paving", owners=(HIGHWAYS, DIRECT), days=28),
    Category("leaf_blossom", "Leaf or blossom fall", owners=(DIRECT,)),
    Category("staining", "Staining or gum", owners=(DIRECT, "landowner")),
    Category(
        "street_light",
        "Street light out",
        "Out, dim, or on by day.",
        owners=(HIGHWAYS, "utility", PARISH),
        days=28,
    ),
    Category("lighting_gap", "Badly lit, no lamp there", owners=(HIGHWAYS, "landowner")),
    Category("vegetation", "Overgrown vegetation", owners=(HIGHWAYS, HOUSING, "landowner", DIRECT), days=28),
    Category("signage", "Sign missing or damaged", owners=(HIGHWAYS, DIRECT), days=28),
    Category("road_pavement", "Pothole, kerb or paving", owners=(HIGHWAYS,), days=28),
    Category("drainage_flood", "Blocked gully, standing water", owners=(HIGHWAYS,)),
    Category("vandalism", "Damage or broken glass", owners=("landowner", DIRECT, POLICE), days=1),
    Category("abandoned_vehicle", "Abandoned vehicle", owners=(DIRECT, "dvla")),
    Category(
        "nuisance_vehicle",
        "Nuisance vehicle",
        "Untaxed, for sale, or repaired on the road.",
        owners=("dvla", DIRECT),
    ),
    Category(
        "burnt_out",
        "Burnt-out vehicle, fire damage",
        owners=(DIRECT, "kfrs"),
        days=1,
        is_urgent=True,
    ),
    Category(
        "drug_litter",
        "Drug litter",
        "Needles, foil, nitrous canisters.",
        owners=(DIRECT,),
        days=SAME_DAY,
        is_urgent=True,
        care=SHARPS,
    ),
    Category(
        "drug_activity",
        "Signs of drug dealing or use",
        owners=(POLICE,),
        is_public=False,
        care=DEALING,
    ),
    Category("alcohol_litter", "Bottles and cans, street drinking", owners=(DIRECT, "sdc_licensing", POLICE)),
    Category(
        "asb_congregation", "Gathering place", "Worn paths, a camp, remains of fire.", owners=(CSU, POLICE)
    ),
    Category(
        "rough_sleeping",
        "Rough sleeper or camp",
        owners=("sdc_housing",),
        days=SAME_DAY,
        is_public=False,
        care=WELFARE,
    ),
    Category("boundary_security", "Broken fence, gate or lock", owners=(HOUSING, "landowner"), days=7),
    Category("access_escape", "Alley or cut-through, poorly seen", owners=(CSU, "sdc_planning")),
    Category("cctv", "CCTV blocked, missing or needed", owners=("sdc_cctv",)),
    Category("parking", "Obstructive or school-gate parking", owners=("sdc_parking", POLICE)),
    Category("speeding_concern", "Speeding", owners=(CSU, POLICE)),
    Category("play_area", "Play or sports equipment damaged", owners=(PARISH, DIRECT), days=1),
    Category("bus_shelter", "Bus shelter, phone box or cabinet", owners=(PARISH, "utility")),
    Category("utility_works", "Utility cover or works", owners=("utility", HIGHWAYS)),
    Category("shopping_trolley", "Abandoned trolley", owners=("landowner", DIRECT)),
    Category("void_property", "Empty or derelict property", owners=("sdc_housing", "landowner")),
    Category("dead_animal", "Dead animal on the highway", owners=(DIRECT,), days=1),
    Category("positive", "Something good", "What works well here, or has got better.", owners=()),
    Category("other", "Something else", "Say what it is in the note.", owners=(CSU,)),
)
# What is offered first on a phone that has recorded nothing yet.
COMMON = ("graffiti", "litter", "overflowing_bin", "street_light", "fly_tipping", "dog_fouling", "vegetation")

URGENT = "4"
SEVERITIES = CodeList(
    Code("1", "Minor", "To be tidied up."),
    Code("2", "Moderate", "Somebody has to act."),
    Code("3", "Serious", "It affects use, or how safe people feel."),
    Code(URGENT, "Urgent", "Danger or hate: act today."),
)
