"""Who may do what: one table of permissions and the roles that hold each (field-facts 6.5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The six roles; somebody with an account and none of them may do only what anyone may."""

    VOLUNTEER = "volunteer"
    COORDINATOR = "coordinator"
    WARDEN = "warden"
    OFFICER = "officer"
    PARTNER = "partner"
    ADMIN = "admin"


class Permission(StrEnum):
    """What a route asks for; a route states exactly one."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    SEE_RECORDS = "see records"
    SEE_MAP = "see the map"
    SEARCH_CONTACTS = "search names and contacts"
    SEE_CONTACTS = "see names and contacts"
    SEE_VEHICLES = "see vehicles"
    CLEAR = "mark cleared"
    TRIAGE = "decide what becomes of a record"
    WORK = "order work on a record"
    ENTER_REPORTS = "enter what others reported"
    SEE_WORKLIST = "see the worklist"
    SEE_FIGURES = "see the figures and their records"
    ENFORCE = "see and write enforcement and evidence"
    SET_ROUTING = "set who answers by default"
    WRITE_NOTICES = "write what reporters are told"
    RELEASE = "release or hide words and photos"
    SET_PRIORITY_WARDS = "set priority wards"
    SURVEY = "walk and see Environmental Visual Audits"
    SEE_ACTIONS = "see lines of action plans"
    ANSWER_ACTIONS = "answer for lines of an action plan"
    VERIFY_ACTIONS = "check whether a line is done"
    PLAN_ACTIONS = "write lines of an action plan"
    PUBLISH_EVAS = "show residents what became of an audit"
    SET_PACT_AREAS = "set PACT areas"
    RESCUE = "rescue what a phone could not send"
    WATCH_SPEEDS = "take part in speed-watch"
    MAKE_SCHEMES = "make and end schemes, and say whose account is whose there"
    RUN_SCHEMES = "look after a scheme's volunteers and devices"
    CHECK_SPEEDS = "check speed-watch sessions and hand them to the police"
    APPROVE_SITES = "assess and approve speed-watch sites"
    SEE_RETENTION = "see what was forgotten, and when"
    MANAGE_PEOPLE = "manage people"


class Scope(StrEnum):
    """Which records somebody sees: all, those they made, or those their agency must answer."""

    ALL = "all"
    OWN = "own"
    AGENCY = "agency"
    NONE = "none"


OFFICERS = frozenset({Role.OFFICER, Role.ADMIN})
FIELD = frozenset({Role.WARDEN, Role.PARTNER})
SPEED_WATCH = frozenset({Role.VOLUNTEER, Role.COORDINATOR})

MAY: dict[Permission, frozenset[Role]] = {
    Permission.SEE_RECORDS: OFFICERS | FIELD,
    Permission.SEE_MAP: OFFICERS | FIELD,
    Permission.SEARCH_CONTACTS: OFFICERS,
    Permission.SEE_CONTACTS: OFFICERS,
    Permission.SEE_VEHICLES: OFFICERS,
    Permission.CLEAR: OFFICERS | FIELD,
    Permission.TRIAGE: OFFICERS,
    Permission.WORK: OFFICERS | {Role.PARTNER},
    Permission.ENTER_REPORTS: OFFICERS,
    Permission.SEE_WORKLIST: OFFICERS | FIELD,
    Permission.SEE_FIGURES: OFFICERS,
    Permission.ENFORCE: OFFICERS,
    Permission.SET_ROUTING: OFFICERS,
    Permission.WRITE_NOTICES: OFFICERS,
    Permission.RELEASE: OFFICERS,
    Permission.SET_PRIORITY_WARDS: OFFICERS,
    Permission.SURVEY: OFFICERS | {Role.WARDEN},
    Permission.SEE_ACTIONS: OFFICERS | FIELD,
    Permission.ANSWER_ACTIONS: OFFICERS | {Role.PARTNER},
    Permission.VERIFY_ACTIONS: OFFICERS | {Role.WARDEN},
    Permission.PLAN_ACTIONS: OFFICERS,
    Permission.PUBLISH_EVAS: OFFICERS,
    Permission.SET_PACT_AREAS: OFFICERS,
    Permission.RESCUE: OFFICERS,
    Permission.WATCH_SPEEDS: OFFICERS | SPEED_WATCH,
    Permission.MAKE_SCHEMES: OFFICERS,
    Permission.RUN_SCHEMES: OFFICERS | {Role.COORDINATOR},
    # Whole plates are for who needs them: looking after the installation is no reason to see one (field-facts 3.6).
    Permission.CHECK_SPEEDS: frozenset({Role.COORDINATOR, Role.OFFICER}),
    Permission.APPROVE_SITES: OFFICERS,
    Permission.SEE_RETENTION: OFFICERS | {Role.COORDINATOR},
    Permission.MANAGE_PEOPLE: frozenset({Role.ADMIN}),
}

SCOPES: tuple[tuple[frozenset[Role], Scope], ...] = (
    (OFFICERS, Scope.ALL),
    (frozenset({Role.PARTNER}), Scope.AGENCY),
    (frozenset({Role.WARDEN}), Scope.OWN),
)


def may(permission: Permission, roles: Iterable[str], *, signed_in: bool) -> bool:
    """Return whether somebody with these roles holds the permission.

    >>> may(Permission.CLEAR, ["officer"], signed_in=True)
    True
    >>> may(Permission.CLEAR, [], signed_in=True)
    False
    """
    if permission is Permission.ANYONE:
        return True
    if permission is Permission.SIGNED_IN:
        return signed_in
    return signed_in and not MAY[permission].isdisjoint(roles)


def scope(roles: Iterable[str]) -> Scope:
    """Return the widest scope that any of the roles gives.

    >>> scope(["warden", "officer"])
    <Scope.ALL: 'all'>
    """
    held = frozenset(roles)
    return next((scope for holders, scope in SCOPES if held & holders), Scope.NONE)


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asking, as services need to know it; nobody signed in is ANYBODY."""

    id: int | None = None
    roles: tuple[str, ...] = ()
    agency: str | None = None

    def may(self, permission: Permission) -> bool:
        """Return whether this person holds the permission."""
        return may(permission, self.roles, signed_in=self.id is not None)

    @property
    def scope(self) -> Scope:
        """Which records this person sees."""
        return scope(self.roles)


ANYBODY = Person()
