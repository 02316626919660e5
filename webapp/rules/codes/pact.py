"""What a PACT panel names as its concerns: three at a time (Action Plan, PACT priorities)."""

from webapp.rules.codes import Code, CodeList

CONCERNS = CodeList(
    Code("speeding", "Speeding vehicles"),
    Code("parking", "Parking"),
    Code("nuisance_vehicles", "Nuisance vehicles"),
    Code("asb", "Anti-social behaviour"),
    Code("fly_tipping", "Fly-tipping"),
    Code("litter", "Litter and dog fouling"),
    Code("graffiti", "Graffiti and damage"),
    Code("drugs", "Drugs"),
    Code("alcohol", "Alcohol"),
    Code("burglary", "Burglary and theft"),
    Code("rural", "Rural crime"),
    Code("other", "Something else"),
)
