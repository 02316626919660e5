"""How a place was given, and the bounds in which a position can be a mistake of typing."""

from webapp.rules.codes import Code, CodeList

SOURCES = CodeList(
    Code("gps", "This phone's position"),
    Code("map", "Chosen on the map"),
    Code("postcode", "Postcode"),
    Code("grid", "Grid reference"),
    Code("photo", "Place stored in a photo"),
    Code("typed", "Latitude and longitude typed"),
    Code("none", "Words only"),
)
