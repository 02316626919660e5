"""What the rules say of a fly-tip, written into its columns: figures only compare and count these."""

from webapp.models.fly_tipping import FlyTip
from webapp.rules import fly_tipping as rules
from webapp.rules.clock import due_on
from webapp.rules.lifecycle import ended_as
from webapp.services.working_days import working_days


def write_scope(tip: FlyTip) -> None:
    """Write when a fly-tip is due, whether the target covers it, how long it took, and its day in the return."""
    tip.due_on = due_on(tip.reported_on)
    tip.days_taken = (tip.cleared_on - tip.reported_on).days if tip.cleared_on else None
    tip.working_days_taken = working_days(tip.reported_on, tip.cleared_on) if tip.cleared_on else None
    tip.scope = rules.scope(
        tip.land_type, tip.ownership, ended_as(tip.status, tip.outcome), tip.responsible_body
    )
    tip.incident_on = None if tip.scope in rules.NO_INCIDENT else tip.reported_on
    tip.is_cleared = tip.cleared_on is not None
