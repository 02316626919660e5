"""Lists of the Environmental Visual Audit: why, who came, what is asked, and its states (field-facts 1.2 to 1.4)."""

from webapp.rules.codes import Code, CodeList

REASONS = CodeList(
    Code("priority_ward", "Priority ward programme"),
    Code("hotspot", "Anti-social behaviour or crime hot spot"),
    Code("pact", "PACT panel asked for it"),
    Code("resident", "A resident or councillor asked for it"),
    Code("housing", "Housing association’s estate walk"),
    Code("post_incident", "After an incident"),
    Code("revisit", "Follow-up visit"),
)

PARTICIPANT_TYPES = CodeList(
    Code("resident", "Resident"),
    Code("resident_association", "Residents’ association"),
    Code("pact_member", "PACT panel member"),
    Code("business", "Local business"),
    Code("councillor_district", "District councillor"),
    Code("councillor_parish", "Town or parish councillor"),
    Code("councillor_county", "County councillor"),
    Code("police_officer", "Police officer"),
    Code("pcso", "Police community support officer"),
    Code("special_constable", "Special constable"),
    Code("kcc_warden", "Community warden"),
    Code("csu_officer", "Community safety officer"),
    Code("asb_officer", "Anti-social behaviour officer"),
    Code("direct_services", "Direct Services"),
    Code("environmental_health", "Environmental health"),
    Code("highways", "Highways"),
    Code("housing_association", "Housing association"),
    Code("fire_rescue", "Fire and rescue"),
    Code("probation", "Probation"),
    Code("youth_service", "Youth service"),
    Code("school", "School"),
    Code("utility", "Utility company"),
    Code("other", "Somebody else"),
)
PRESENCES = CodeList(
    Code("invited", "Invited"),
    Code("came", "Here"),
    Code("sent_apologies", "Cannot come"),
)

WEATHERS = CodeList(
    Code("dry", "Dry"),
    Code("sunny", "Sunny"),
    Code("windy", "Windy"),
    Code("rain", "Rain"),
    Code("fog", "Fog"),
    Code("frost_snow", "Frost or snow"),
)
LIGHTS = CodeList(
    Code("daylight", "Daylight"),
    Code("dusk", "Dusk"),
    Code("dark", "Dark"),
)

SAFETY = CodeList(
    Code("risk_assessed", "We looked at the risks of this walk"),
    Code("not_alone", "Nobody walks alone"),
    Code("hi_vis", "High-visibility clothing"),
    Code("sharps_kit", "Sharps kit, and somebody trained to use it"),
    Code("phone", "A charged telephone, and somebody knows when we are back"),
)

# Designing out crime: what to look for, and where a "no" is a weakness of the place.
PROMPTS = CodeList(
    Code("sightlines", "Can people see and be seen along the paths?"),
    Code("hiding_places", "Is it free of places to hide?"),
    Code("access_escape", "Are ways in and out clear and few?"),
    Code("ownership", "Is it plain whose space each part is?"),
    Code("lighting", "Is it evenly lit after dark?"),
    Code("cctv", "Do cameras, where there are any, see what matters?"),
    Code("boundary", "Are fences, gates and walls whole?"),
    Code("signage", "Do signs say where one is and what is allowed?"),
)
PROMPT_ANSWERS = CodeList(Code("yes", "Yes"), Code("no", "No"), Code("na", "Does not apply"))

FEELINGS = CodeList(
    Code("very_safe", "Very safe"),
    Code("safe", "Safe"),
    Code("unsafe", "Unsafe"),
    Code("very_unsafe", "Very unsafe"),
)
FEELS_SAFE = frozenset({"very_safe", "safe"})

STATUSES = CodeList(
    Code("planned", "Planned"),
    Code("walking", "Being walked"),
    Code("walked", "Walked"),
    Code("agreed", "Action plan agreed"),
    Code("finished", "Finished"),
    Code("called_off", "Called off"),
)
ENDED = frozenset({"finished", "called_off"})
