"""What the demo's audits observe: invented, and such as is found on a walk around an estate and its shops."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """Something to observe: how bad it is by the scale of its category, where, and what it becomes besides."""

    category: str
    badness: str
    where: str
    note: str = ""
    quantity: int | None = None
    asset: str = ""
    becomes: str = ""


# Each walk sees the first of these that are its own, then others; "positive" is how none is only a list of complaints.
OWN = {
    "passed": (Seen("drug_litter", "3", "Alley behind the garages", "Small canisters and foil", 6),),
    "below": (
        Seen(
            "speeding_concern",
            "3",
            "High Street by the school",
            "Parents say that mornings are worst",
            becomes="speed_watch_site",
        ),
    ),
    "yesterday": (
        Seen("fly_tipping", "3", "Behind the garages", "A sofa and two mattresses", 3, becomes="fly_tip"),
        Seen(
            "asb_congregation",
            "2",
            "Shelter at the recreation ground",
            "Remains of fires, bottles",
            becomes="operation",
        ),
    ),
}
POSITIVE = Seen("positive", "", "Community garden", "Planted and watered by residents")
COMMON = (
    Seen("litter", "C", "Verge by the bus stop", "Cans and wrappers along the fence"),
    Seen("graffiti", "C", "Side wall of the shop", "Tags, about two metres", 3),
    Seen("street_light", "2", "Footpath to the station", "Out for a month, neighbours say", asset="14"),
    Seen("overflowing_bin", "2", "Outside the parade", asset="B7"),
    Seen("dog_fouling", "2", "Entrance to the play area"),
    Seen("vegetation", "3", "Corner of the footpath", "Hides the lamp and the way ahead"),
    Seen("detritus", "C_MINUS", "Gutter along the parade"),
    Seen("road_pavement", "3", "Crossing by the chemist", "Raised slab, somebody fell here"),
    Seen("signage", "1", "Nameplate at the corner"),
    Seen("boundary_security", "3", "Gate to the garages", "Lock broken"),
    Seen("fly_posting", "B_MINUS", "Cabinet at the corner", quantity=4),
    Seen("weed_growth", "1", "Kerb along the close"),
    Seen("shopping_trolley", "1", "Stream by the footbridge", quantity=2),
    Seen("lighting_gap", "3", "Steps to the car park", "Residents avoid them after dark"),
    Seen("cctv", "2", "Pole at the parade", "A branch is in front of the camera"),
    Seen("bus_shelter", "2", "Stop at the parade", "A pane is missing"),
)
