"""The states of a speed-watch site and the moves between them: who may make each, and what it needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from webapp.rules.clock import in_words
from webapp.rules.roles import Permission, Person
from webapp.rules.speed import WATCHED


class Need(StrEnum):
    """What somebody must give, or what must be there, before a move can be made."""

    ASSESSMENT = "an assessment"
    APPROVABLE = "a whole assessment in date, a point, and a limit that is watched"
    REASON = "a reason"


@dataclass(frozen=True, slots=True)
class SiteMove:
    """One allowed move: from any of `before` to `after`, by whoever holds the permission and gives what it needs.

    `label` is what its button says, `action` how its history calls it; `request` is what becomes of the request that
    the site was made of.
    """

    name: str
    label: str
    before: frozenset[str]
    after: str
    action: str
    needs: tuple[Need, ...]
    request: str | None = None
    permission: Permission = Permission.APPROVE_SITES


MOVES = (
    SiteMove(
        "assess",
        "Enter an assessment",
        frozenset({"requested", "assessed", "suspended", "retired"}),
        "assessed",
        "site_assessed",
        (Need.ASSESSMENT,),
    ),
    # Whoever goes there need not wait while an approved site is looked at once more, in time.
    SiteMove(
        "review",
        "Enter a new assessment",
        frozenset({"approved"}),
        "approved",
        "site_reviewed",
        (Need.ASSESSMENT, Need.APPROVABLE),
    ),
    SiteMove(
        "approve",
        "Approve",
        frozenset({"assessed"}),
        "approved",
        "site_approved",
        (Need.APPROVABLE,),
        "closed",
    ),
    SiteMove(
        "approve-again",
        "Approve again",
        frozenset({"suspended", "retired"}),
        "approved",
        "site_approved_again",
        (Need.APPROVABLE, Need.REASON),
        "closed",
    ),
    SiteMove("suspend", "Suspend", frozenset({"approved"}), "suspended", "site_suspended", (Need.REASON,)),
    SiteMove(
        "decline",
        "Decline",
        frozenset({"requested"}),
        "retired",
        "site_declined",
        (Need.REASON,),
        "declined",
    ),
    SiteMove(
        "retire",
        "Retire",
        frozenset({"assessed", "approved", "suspended"}),
        "retired",
        "site_retired",
        (Need.REASON,),
        "declined",
    ),
)
BY_NAME = {move.name: move for move in MOVES}
ASKED, EDITED = "site_asked", "site_changed"
EVENTS = (ASKED, EDITED, *(move.action for move in MOVES))


def moves_of(status: str, person: Person) -> tuple[SiteMove, ...]:
    """Return the moves that a person may make with a site in this state, in the order in which they are offered."""
    return tuple(move for move in MOVES if status in move.before and person.may(move.permission))


@dataclass(frozen=True, slots=True)
class Assessed:
    """What of a site's assessment decides whether it may be approved."""

    reference: str
    assessor: str
    assessed_on: date | None
    review_due_on: date | None
    directions: Iterable[str]
    limit_mph: int | None
    has_point: bool


def approval_problems(site: Assessed, today: date) -> tuple[str, ...]:
    """Return why a site may not be approved today, a sentence for each thing; empty when it may.

    A review that is due today is still in time.
    """
    missing = {
        "the reference of the assessment": not site.reference,
        "who assessed it": not site.assessor,
        "the day of the assessment": site.assessed_on is None,
        "the day of the next review": site.review_due_on is None,
        "the directions that may be watched": not tuple(site.directions),
    }
    lacking = [what for what, is_missing in missing.items() if is_missing]
    problems = []
    if lacking:
        problems.append(f"The assessment is not whole. Still missing: {', '.join(lacking)}.")
    if not site.has_point:
        problems.append("It has no point on the map. Enter an assessment with the place where people stand.")
    if site.limit_mph not in WATCHED:
        has = (
            "nobody has said which limit it has"
            if site.limit_mph is None
            else f"its limit is {site.limit_mph}"
        )
        problems.append(f"Speed-watch is for limits of 20, 30 and 40 mph, and {has}.")
    if site.review_due_on is not None and site.review_due_on < today:
        problems.append(
            f"Its assessment ran out on {in_words(site.review_due_on)}. Enter a new one before it is approved."
        )
    return tuple(problems)
