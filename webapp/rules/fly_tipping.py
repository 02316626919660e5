"""Fly-tipping: what the 7-day target covers, and what to say at once about dangerous waste."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.rules import clock
from webapp.rules.codes.clock import IN_TARGET, UNDECIDED
from webapp.rules.roles import Role

EA = "environment_agency"
# These are no incidents of their own: another record stands for them, or nothing was there to be cleared.
NO_INCIDENT = ("duplicate", "not_found", "not_fly_tip")
# Somebody with several roles reports as the first of these.
REPORTED_AS = (
    (Role.WARDEN, "warden"),
    (Role.OFFICER, "staff_proactive"),
    (Role.ADMIN, "staff_proactive"),
    (Role.PARTNER, "partner"),
)
# Our own people find these while at work; Defra's return can leave them out (field-facts 2.2).
PROACTIVE = frozenset({"staff_proactive", "warden"})
ALWAYS_OUT = frozenset({"railway", "agricultural"})
IN_BY_TYPE = frozenset({"highway", "footpath_bridleway", "council_land"})
ASK = frozenset({"back_alleyway", "watercourse_bank", "other_unidentified"})


@dataclass(frozen=True, slots=True)
class Promise:
    """What the reporter is told: a due date on public land, otherwise the date of an answer."""

    in_target: bool | None
    due_on: date
    answer_by: date


def reporter_type(roles: Iterable[str], *, has_contact: bool) -> str:
    """Return as what somebody's own report counts: staff by their role, everybody else as one of the public.

    >>> reporter_type(["warden"], has_contact=False), reporter_type([], has_contact=False)
    ('warden', 'anonymous')
    """
    held = frozenset(roles)
    by_role = (counted for role, counted in REPORTED_AS if role in held)
    return next(by_role, "public" if has_contact else "anonymous")


def in_target(land_type: str | None, ownership: str | None) -> bool | None:
    """Return whether the 7-day target covers the land; None while nobody has said whose land it is.

    Ownership decides, except that railway and agricultural land are always out (Action Plan 4.7; field-facts 9).

    >>> in_target("highway", None), in_target("highway", "private"), in_target("back_alleyway", None)
    (True, False, None)
    """
    if land_type in ALWAYS_OUT:
        return False
    if ownership is not None:
        return ownership == "public"
    if land_type is None or land_type in ASK:
        return None
    return land_type in IN_BY_TYPE


def scope(land_type: str | None, ownership: str | None, outcome: str | None, body: str | None) -> str:
    """Return where a fly-tip stands with the 7-day target: in it, or the reason why not (field-facts 2.4).

    `outcome` is what became of it, as `lifecycle.ended_as` says; `body` who must answer for it.
    What is not there, or is none, goes before whose land it is, and what the Environment Agency leads is not ours
    whatever became of it.

    >>> scope("highway", None, "cleared", "kcc_highways"), scope("highway", None, "not_found", None)
    ('in_target', 'not_found')
    >>> scope("highway", "public", "cleared", "environment_agency"), scope("other_unidentified", None, None, None)
    ('ea_led', 'undecided')
    """
    if outcome in NO_INCIDENT:
        return outcome
    if body == EA:
        return "ea_led"
    covered = in_target(land_type, ownership)
    return UNDECIDED if covered is None else IN_TARGET if covered else "private_land"


def promise(land_type: str | None, ownership: str | None, reported: date) -> Promise:
    """Return what follows from the land and the day of the first report."""
    return Promise(
        in_target=in_target(land_type, ownership),
        due_on=clock.due_on(reported),
        answer_by=reported + timedelta(days=clock.ANSWER_DAYS),
    )


LEAVE_IT = "Please leave it as it is. Moving waste or opening bags can spoil the evidence."

DANGER: dict[str, tuple[str, ...]] = {
    "asbestos": (
        "This may be asbestos. Do not touch, break or bag it.",
        "Stay upwind and keep others away. Take photos only from a distance.",
    ),
    "clinical": (
        "There may be needles. Do not pick anything up, even with gloves.",
        "Keep children and pets away. A trained crew will come.",
    ),
    "chemical": (
        "Stay back. Do not sniff, open or move any container.",
        "If it is burning, call 999. If it runs into a drain or water, call the Environment Agency on 0800 80 70 60.",
    ),
    "animal_carcass": (
        "Do not touch the animal and keep dogs away.",
        "For farm animals, or several dead birds, also tell the Animal and Plant Health Agency on 03000 200 301.",
    ),
}
