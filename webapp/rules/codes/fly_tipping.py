"""Fly-tipping lists of WasteDataFlow's module (field-facts 2.1, 2.2): size, waste, land, reporter, channel."""

from webapp.rules.codes import Code, CodeList

SIZES = CodeList(
    Code("single_black_bag", "Single black bag", asked="One black bag"),
    Code(
        "single_item", "Single item", "One large item, such as a mattress, sofa or fridge.", "One large item"
    ),
    Code("car_boot", "Car boot or less", "As a guide, 2 to 5 bags.", "Up to a car boot full"),
    Code(
        "small_van", "Small van load", "As a guide, 6 bags or more, 1 to 4 cubic metres.", "A small van load"
    ),
    Code("transit_van", "Transit van load", "As a guide, 4 to 10 cubic metres.", "A large van load"),
    Code(
        "tipper_lorry", "Tipper lorry load", "Up to about 20 cubic metres in one heap.", "A tipper lorry load"
    ),
    Code("significant_multiple", "Significant/multiple loads", asked="Several lorry loads"),
)

WASTE_TYPES = CodeList(
    Code("bags_household", "Black bags - household", asked="Household rubbish in bags"),
    Code(
        "other_household",
        "Other household waste",
        "Furniture, mattresses, toys, carpets.",
        "Furniture and household things",
    ),
    Code("white_goods", "White goods", asked="Fridges, freezers, washing machines"),
    Code("other_electrical", "Other electrical", asked="Other electrical things"),
    Code("green", "Green", asked="Garden waste"),
    Code("construction", "Construction/demolition/excavation", asked="Rubble, soil or building waste"),
    Code("tyres", "Tyres"),
    Code("vehicle_parts", "Vehicle parts"),
    Code("bags_commercial", "Black bags - commercial", asked="Business rubbish in bags"),
    Code("other_commercial", "Other commercial waste", asked="Other business waste"),
    Code("asbestos", "Asbestos", "Often grey corrugated sheets.", "Asbestos, or sheets that may be"),
    Code("clinical", "Clinical", asked="Needles, dressings or medicines"),
    Code("chemical", "Chemical drums, oil or fuel", asked="Drums, oil, fuel, paint or gas bottles"),
    Code("animal_carcass", "Animal carcasses", asked="Dead animals"),
    Code("other_unidentified", "Other (unidentified)", asked="Something else, or I cannot tell"),
)

LAND_TYPES = CodeList(
    Code("highway", "Highway", asked="Road, verge, pavement or lay-by"),
    Code("footpath_bridleway", "Footpath/bridleway", asked="Footpath or bridleway"),
    Code("back_alleyway", "Back alleyway", asked="Alley behind or between buildings"),
    Code("council_land", "Council land", asked="Park, car park or other council land"),
    Code("agricultural", "Agricultural", asked="Farmland or woodland"),
    Code("private_residential", "Private/residential", asked="Somebody's garden or private home"),
    Code("commercial_industrial", "Commercial/industrial", asked="Shop, business or industrial site"),
    Code("railway", "Railway", asked="Railway land"),
    Code("watercourse_bank", "Watercourse/bank", asked="River, stream or its bank"),
    Code("other_unidentified", "Other (unidentified)", asked="I do not know"),
)

OWNERSHIPS = CodeList(Code("public", "Public land"), Code("private", "Private land"))

REPORTER_TYPES = CodeList(
    Code("public", "Member of the public"),
    Code("anonymous", "Anonymous"),
    Code("staff_proactive", "Staff, found while working"),
    Code("parish", "Parish or town council"),
    Code("police", "Police"),
    Code("warden", "Warden"),
    Code("landowner", "Landowner"),
    Code("partner", "Partner agency"),
)

CHANNELS = CodeList(
    Code("web", "Web"),
    Code("phone", "Telephone"),
    Code("email", "E-mail"),
    Code("in_person", "In person"),
    Code("crew", "Crew"),
    Code("social", "Social media"),
)

STATUSES = CodeList(
    Code("reported", "Reported"),
    Code("triaged", "Looked at"),
    Code("inspection", "Being inspected"),
    Code("evidence_hold", "Held for evidence"),
    Code("specialist", "Specialist ordered"),
    Code("clearance_ordered", "Clearance ordered"),
    Code("cleared", "Cleared"),
    Code("closed", "Closed"),
    Code("not_found", "Not found"),
    Code("duplicate", "Same as another report"),
    Code("private_land", "Private land, advice given"),
    Code("referred_kcc", "Passed to the county council"),
    Code("referred_ea", "Passed to the Environment Agency"),
    Code("referred_other", "Passed to another body"),
    Code("not_fly_tip", "Not fly-tipping"),
)
