"""What waits in somebody's speed-watch schemes: sessions to check, vehicles to hand over, dates that run out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from webapp.models.speed_watch import SpeedSession
from webapp.rules.roles import Permission, Person
from webapp.services import police_exports, scheme_overview, speed_sessions, speed_sites, watches
from webapp.services.speed_sites import Wanted

NEWEST = 10


@dataclass(frozen=True, slots=True)
class Home:
    """What somebody's own page shows: the newest sessions, and by name how many of each thing wait for them."""

    newest: Sequence[SpeedSession]
    waits: Mapping[str, int]

    @property
    def is_quiet(self) -> bool:
        """Whether nothing waits."""
        return not any(self.waits.values())


def of(person: Person, today: date) -> Home:
    """Return what waits for somebody today; what runs out within 60 days is among it.

    Each count is of the list that it opens, asked for in the same way.
    """
    waits: dict[str, int] = {}
    if person.may(Permission.CHECK_SPEEDS):
        waits |= _to_hand_over(person)
    if person.may(Permission.RUN_SCHEMES):
        waits |= _in_schemes(person, today)
    if person.may(Permission.APPROVE_SITES):
        waits |= {name: speed_sites.count(wanted, person, today) for name, wanted in SITES.items()}
    return Home(watches.recent(person, NEWEST), waits)


SITES = {
    "to_assess": Wanted(status="requested"),
    "to_approve": Wanted(status="assessed"),
    "to_review": Wanted(status="approved", review=speed_sites.DUE),
}
"""The lists of sites that wait for whoever approves them."""


def _to_hand_over(person: Person) -> dict[str, int]:
    waiting = speed_sessions.conditions(speed_sessions.Wanted(check=speed_sessions.TO_CHECK))
    handed = police_exports.overview(person)
    return {
        "to_check": speed_sessions.count([*waiting, *speed_sessions.visible_to(person)]),
        "ready": sum(one.ready for one in handed),
        "unanswered": sum(len(one.unanswered) for one in handed),
    }


def _in_schemes(person: Person, today: date) -> dict[str, int]:
    overviews = scheme_overview.all_of(person, today)
    return {
        "to_train": sum(len(one.to_train) for one in overviews),
        "to_calibrate": sum(len(one.to_calibrate) for one in overviews),
    }
