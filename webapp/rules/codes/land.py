"""How a land decision is known, and how sure it is (field-facts 2.2, 9)."""

from webapp.rules.codes import Code, CodeList

SOURCES = CodeList(
    Code("reporter", "What the reporter said"),
    Code("visit", "Somebody looked at the place"),
    Code("own_records", "The council’s own land records"),
    Code("highway_records", "The highway authority’s records"),
    Code("land_registry", "HM Land Registry"),
    Code("owner", "The owner or occupier said so"),
    Code("other", "Something else"),
)

CONFIDENCES = CodeList(
    Code("certain", "Certain"),
    Code("likely", "Likely"),
    Code("guess", "A guess until somebody looks"),
)

OWNERSHIP_ANSWERS = CodeList(
    Code("public", "Public land or highway"),
    Code("private", "Private land"),
    Code("unknown", "Not known yet"),
)
