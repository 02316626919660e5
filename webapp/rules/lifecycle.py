"""Which states of a record are open, which are ended, and which moves are allowed (field-facts 2.3)."""

OPEN = frozenset(
    {"reported", "triaged", "inspection", "evidence_hold", "specialist", "clearance_ordered", "private_land"}
    | {"referred_kcc", "referred_ea", "referred_other"}
)
ENDED = frozenset({"cleared", "closed", "not_found", "duplicate", "not_fly_tip"})


def may_be_cleared(status: str) -> bool:
    """Return whether a record in this state can be marked cleared.

    >>> may_be_cleared("reported"), may_be_cleared("cleared")
    (True, False)
    """
    return status in OPEN


def is_open(status: str) -> bool:
    """Return whether somebody still has to do something about a record in this state."""
    return status in OPEN
