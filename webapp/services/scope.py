"""What the 7-day rule says of a fly-tip, written into its columns: figures only compare and count these."""

from webapp.models.fly_tipping import FlyTip
from webapp.rules import fly_tipping as rules
from webapp.rules.clock import due_on


def write_scope(tip: FlyTip) -> None:
    """Write when a fly-tip is due and whether the target covers it, by its land, outcome, body and first report now."""
    tip.due_on = due_on(tip.reported_on)
    # What is the same as another report has no outcome of its own, and is counted with that one.
    ended_as = "duplicate" if tip.status == "duplicate" else tip.outcome
    tip.scope = rules.scope(tip.land_type, tip.ownership, ended_as, tip.responsible_body)
