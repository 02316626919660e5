"""Lists of speed-watch: roads, vehicles, crew, devices, states, by Kent Police's rules (field-facts 3.1, 3.2, 3.4)."""

from webapp.rules.codes import Code, CodeList

# A site may be asked for on any of these; which limits can be watched is a rule: 20, 30 and 40 mph.
LIMITS = CodeList(
    Code("20", "20 mph"),
    Code("30", "30 mph"),
    Code("40", "40 mph"),
    Code("50", "50 mph"),
    Code("60", "60 mph"),
    Code("70", "70 mph"),
)

SITE_STATUSES = CodeList(
    Code("requested", "Asked for"),
    Code("assessed", "Assessed", "Its risks were looked at; it is not approved yet."),
    Code("approved", "Approved", "Sessions may be held here while the assessment is in date."),
    Code("suspended", "Suspended", "No sessions for now."),
    Code("retired", "Retired", "No sessions any more; its results stay."),
)

DIRECTIONS = CodeList(
    Code("north", "Northbound"),
    Code("north_east", "North-eastbound"),
    Code("east", "Eastbound"),
    Code("south_east", "South-eastbound"),
    Code("south", "Southbound"),
    Code("south_west", "South-westbound"),
    Code("west", "Westbound"),
    Code("north_west", "North-westbound"),
)

CREW_ROLES = CodeList(
    Code("operator", "Device operator", "Points the device and reads the speed."),
    Code("caller", "Caller", "Calls out plate, make and colour."),
    Code("recorder", "Recorder", "Writes down what is called."),
    Code("lookout", "Safety lookout", "Watches for the others, and for nothing else."),
)

TRAINING_TYPES = CodeList(
    Code("safety_awareness", "Kent Police safety awareness", "Everybody has it before any roadside work."),
    Code("refresher", "Refresher"),
    Code("device", "Use of a device"),
    Code("coordinator", "Coordinator’s training"),
)

DEVICE_TYPES = CodeList(
    Code("sid", "SID (speed indicator display)"),
    Code("unipar_dual_display", "Unipar Dual Message Display"),
    Code("ca_traffic_sid", "CA Traffic Clever or Simple SID"),
    Code("unipar_genesis_display", "Unipar Genesis Speedwatch Display"),
    Code("unipar_sl700", "Unipar SL700", "A hand-held laser. Calibrated every year."),
    Code("unipar_genesis", "Unipar Genesis", "Hand-held. Calibrated every year."),
    Code("bushnell", "Bushnell radar", "Hand-held. Needs no calibration."),
)
# Lasers are calibrated every year. Of the hand-held devices the Bushnell alone is said to need none; display boards
# need none either.
NEEDS_CALIBRATION = frozenset({"unipar_sl700", "unipar_genesis"})

SAFETY = CodeList(
    Code("self_test", "The device passed its own test"),
    Code("hi_vis", "Everybody wears high-visibility clothing"),
    Code("off_road", "Nobody stands in the road, and the footway stays free"),
    Code("signs_out", "The signs are out"),
    Code("visibility", "We see and are seen well"),
    Code("phone", "One telephone is with us, and somebody knows where we are"),
)
WEATHERS = CodeList(
    Code("dry", "Dry"),
    Code("sunny", "Sunny"),
    Code("cloudy", "Cloudy"),
    Code("light_rain", "Light rain"),
    Code("heavy_rain", "Heavy rain", "Stop: it is not safe at the roadside."),
    Code("fog", "Fog", "Stop when it is thick."),
    Code("frost_snow", "Frost or snow", "Stop when there is ice."),
)
LIGHTS = CodeList(
    Code("daylight", "Daylight"),
    Code("low_sun", "Low sun"),
    Code("dusk", "Dusk"),
    Code("dark", "Dark"),
)
ROAD_SURFACES = CodeList(
    Code("dry", "Dry"),
    Code("damp", "Damp"),
    Code("wet", "Wet"),
    Code("icy", "Ice or snow", "Stop: it is not safe at the roadside."),
)

SESSION_STATUSES = CodeList(
    Code("under_way", "Under way"),
    Code("held", "Held", "Waits to be checked."),
    Code("checked", "Checked"),
    Code("handed_over", "Handed over to the police"),
    Code("taken_back", "Taken back", "By whoever captured it. Its vehicles count for nothing."),
)
# A session is open until its coordinator has checked it.
ENDED = frozenset({"checked", "handed_over", "taken_back"})

CONFIDENCES = CodeList(
    Code("certain", "Certain", asked="I read all of it"),
    Code("part", "Part of it", asked="I read part of it"),
    Code("unsure", "Unsure", asked="I am not sure"),
)

READING_STATUSES = CodeList(
    Code("draft", "Not checked yet"),
    Code("checked", "Checked", "Counts in the figures and does not go to the police."),
    Code("ready", "Ready for the police"),
    Code("exported", "Handed over"),
    Code("accepted", "Accepted by the police"),
    Code("rejected_dvla", "Make or colour did not match"),
    Code("rejected_police", "Rejected by the police"),
    Code("void", "Void"),
)

VOID_REASONS = CodeList(
    Code("misread", "Speed or plate may have been misread"),
    Code("wrong_vehicle", "Speed and plate may be of two vehicles"),
    Code("duplicate", "Logged twice"),
    Code("emergency_vehicle", "Emergency vehicle on a call"),
    Code("device_fault", "The device was not working properly"),
    Code("trial", "Logged to try it out"),
    Code("other", "Another reason"),
)

PLATE_KINDS = CodeList(
    Code("current", "Current style", "Since September 2001."),
    Code("prefix", "Year letter first", "1983 to 2001."),
    Code("q_plate", "Q plate", "Its age is not known."),
    Code("suffix", "Year letter last", "1963 to 1983."),
    Code("dateless", "Without a year", "Up to 1963, and many cherished plates."),
    Code("ni", "Northern Ireland"),
    Code("diplomatic", "Diplomatic"),
    Code("other", "Another style", "Foreign, military or trade plates. Never handed over."),
)

VEHICLE_TYPES = CodeList(
    Code("car", "Car"),
    Code("van", "Van"),
    Code("hgv", "HGV", asked="Lorry"),
    Code("bus", "Bus", asked="Bus or coach"),
    Code("motorcycle", "Motorcycle"),
    Code("other", "Other"),
)

# DVLA's colours, as common as they are on roads in the United Kingdom: tiles stand in this order.
COLOURS = CodeList(
    Code("white", "White"),
    Code("black", "Black"),
    Code("grey", "Grey"),
    Code("blue", "Blue"),
    Code("red", "Red"),
    Code("silver", "Silver"),
    Code("green", "Green"),
    Code("orange", "Orange"),
    Code("yellow", "Yellow"),
    Code("brown", "Brown"),
    Code("beige", "Beige"),
    Code("gold", "Gold"),
    Code("purple", "Purple"),
    Code("bronze", "Bronze"),
    Code("cream", "Cream"),
    Code("maroon", "Maroon"),
    Code("pink", "Pink"),
    Code("turquoise", "Turquoise"),
    Code("multi_colour", "Multi-colour"),
)

# As common as they are on roads in the United Kingdom: tiles stand in this order.
MAKES = CodeList(
    Code("ford", "Ford"),
    Code("vauxhall", "Vauxhall"),
    Code("volkswagen", "Volkswagen"),
    Code("bmw", "BMW"),
    Code("audi", "Audi"),
    Code("mercedes_benz", "Mercedes-Benz"),
    Code("toyota", "Toyota"),
    Code("nissan", "Nissan"),
    Code("peugeot", "Peugeot"),
    Code("kia", "Kia"),
    Code("hyundai", "Hyundai"),
    Code("land_rover", "Land Rover"),
    Code("renault", "Renault"),
    Code("citroen", "Citroën"),
    Code("skoda", "Škoda"),
    Code("honda", "Honda"),
    Code("mini", "MINI"),
    Code("fiat", "Fiat"),
    Code("volvo", "Volvo"),
    Code("seat", "SEAT"),
    Code("mazda", "Mazda"),
    Code("suzuki", "Suzuki"),
    Code("tesla", "Tesla"),
    Code("mg", "MG"),
    Code("jaguar", "Jaguar"),
    Code("dacia", "Dacia"),
    Code("lexus", "Lexus"),
    Code("porsche", "Porsche"),
    Code("mitsubishi", "Mitsubishi"),
    Code("smart", "Smart"),
    Code("subaru", "Subaru"),
    Code("jeep", "Jeep"),
    Code("cupra", "Cupra"),
    Code("ds", "DS"),
    Code("byd", "BYD"),
    Code("polestar", "Polestar"),
    Code("alfa_romeo", "Alfa Romeo"),
    Code("chevrolet", "Chevrolet"),
    Code("saab", "Saab"),
    Code("isuzu", "Isuzu"),
    Code("iveco", "Iveco"),
    Code("daf", "DAF"),
    Code("scania", "Scania"),
    Code("man", "MAN"),
    Code("other", "Other"),
)
