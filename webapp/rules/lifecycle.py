"""The states of a fly-tip and the moves between them: who may make each, and what it needs (field-facts 2.3)."""

from dataclasses import dataclass
from enum import StrEnum

from webapp.rules.roles import Permission, Person

AT_WORK = frozenset({"triaged", "inspection", "evidence_hold", "specialist", "clearance_ordered"})
REFERRED = frozenset({"referred_kcc", "referred_ea", "referred_other"})
OPEN = frozenset({"reported", "private_land"}) | AT_WORK | REFERRED
ENDED = frozenset({"cleared", "closed", "not_found", "duplicate", "not_fly_tip"})
# What may take so long that day 7 passes: none of it stops the clock, each is shown as a reason (field-facts 2.4).
DELAYS = ("inspection", "evidence_hold", "specialist", "referred_kcc", "referred_ea", "referred_other")
# The states that say what became of a fly-tip; closing it keeps what it said.
OUTCOMES = REFERRED | {"cleared", "not_found", "not_fly_tip", "private_land"}
# The states of which each reporter is told; all others are ours alone.
TOLD = OUTCOMES | {"clearance_ordered", "specialist", "duplicate", "closed"}


class Need(StrEnum):
    """What somebody must give before a move can be made."""

    DANGERS = "answers to the danger questions"
    LAND = "a land decision"
    PRIVATE = "land that was decided to be private"
    DECIDED = "land that was decided"
    CREW = "a crew"
    DAY = "the day it was cleared"
    PROOF = "the crew and a photo from afterwards near the place, or a reason"
    REASON = "a reason"
    MAIN = "the record it is the same as"


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed move: from any of `before` to `after`, by whoever holds the permission and gives what it needs.

    `label` is what its button says, `action` how its history calls it.
    """

    name: str
    label: str
    before: frozenset[str]
    after: str
    permission: Permission
    needs: tuple[Need, ...] = ()
    called: str = ""

    @property
    def action(self) -> str:
        """How history calls it: by the state it leads to, unless that would say too little."""
        return self.called or self.after

    @property
    def opens_again(self) -> bool:
        """Whether it makes a record that had ended an open one."""
        return self.before <= ENDED and self.after in OPEN


MOVES = (
    Move(
        "triage",
        "Look at it",
        frozenset({"reported"}),
        "triaged",
        Permission.TRIAGE,
        (Need.DANGERS, Need.LAND),
    ),
    Move(
        "order",
        "Order clearance",
        OPEN - {"reported", "clearance_ordered"},
        "clearance_ordered",
        Permission.WORK,
        (Need.CREW,),
    ),
    Move(
        "inspect",
        "Have it inspected",
        OPEN - {"reported", "inspection"},
        "inspection",
        Permission.WORK,
        (Need.CREW,),
    ),
    Move(
        "hold",
        "Hold it for evidence",
        AT_WORK - {"evidence_hold"},
        "evidence_hold",
        Permission.WORK,
        (Need.REASON,),
    ),
    Move(
        "specialist",
        "Order a specialist",
        OPEN - {"reported", "specialist"},
        "specialist",
        Permission.WORK,
        (Need.CREW,),
    ),
    Move("clear", "Mark cleared", OPEN, "cleared", Permission.CLEAR, (Need.DAY,)),
    Move("not_found", "Nothing was there", OPEN, "not_found", Permission.WORK, (Need.REASON,)),
    Move(
        "private",
        "Private land, advice given",
        OPEN - {"reported", "private_land"},
        "private_land",
        Permission.TRIAGE,
        (Need.LAND, Need.PRIVATE),
    ),
    Move(
        "to_kcc",
        "Pass to the county council",
        OPEN - {"reported", "referred_kcc"},
        "referred_kcc",
        Permission.TRIAGE,
        (Need.REASON,),
    ),
    Move(
        "to_ea",
        "Pass to the Environment Agency",
        OPEN - {"reported", "referred_ea"},
        "referred_ea",
        Permission.TRIAGE,
        (Need.REASON,),
    ),
    Move(
        "to_other",
        "Pass to another body",
        OPEN - {"reported", "referred_other"},
        "referred_other",
        Permission.TRIAGE,
        (Need.REASON,),
    ),
    Move("not_fly_tip", "It is not fly-tipping", OPEN, "not_fly_tip", Permission.TRIAGE, (Need.REASON,)),
    Move("merge", "It is the same as another", OPEN, "duplicate", Permission.TRIAGE, (Need.MAIN,), "joined"),
    Move(
        "separate",
        "It is not the same after all",
        frozenset({"duplicate"}),
        "reported",
        Permission.TRIAGE,
        (Need.REASON,),
        "separated",
    ),
    Move("close", "Close", frozenset({"cleared"}), "closed", Permission.TRIAGE, (Need.DECIDED, Need.PROOF)),
    Move(
        "close_without",
        "Close without clearing",
        REFERRED | {"private_land", "not_found", "not_fly_tip"},
        "closed",
        Permission.TRIAGE,
        (Need.REASON,),
    ),
    Move(
        "reopen",
        "Open it again",
        ENDED - {"duplicate"},
        "triaged",
        Permission.TRIAGE,
        (Need.REASON,),
        "reopened",
    ),
)
BY_NAME = {move.name: move for move in MOVES}

# What somebody most likely does next, in the order in which it is offered.
NEXT = {
    "reported": ("triage", "clear"),
    "triaged": ("order", "clear"),
    "inspection": ("order", "clear"),
    "evidence_hold": ("order", "clear"),
    "specialist": ("clear",),
    "clearance_ordered": ("clear",),
    "private_land": ("close_without", "clear"),
    "referred_kcc": ("clear",),
    "referred_ea": ("clear",),
    "referred_other": ("clear",),
    "not_found": ("close_without",),
    "not_fly_tip": ("close_without",),
    "cleared": ("close",),
}


def is_open(status: str) -> bool:
    """Return whether somebody still has to do something about a record in this state."""
    return status in OPEN


def moves_of(status: str, person: Person) -> tuple[Move, ...]:
    """Return the moves that a person may make with a record in this state, in the order in which they are offered."""
    return tuple(move for move in MOVES if status in move.before and person.may(move.permission))


def next_of(status: str, person: Person) -> Move | None:
    """Return the move that is most likely next and that this person may make."""
    allowed = {move.name: move for move in moves_of(status, person)}
    return next((allowed[name] for name in NEXT.get(status, ()) if name in allowed), None)


def ended_as(status: str, outcome: str | None) -> str | None:
    """Return what became of a record: what is the same as another report has no outcome of its own.

    >>> ended_as("closed", "cleared"), ended_as("duplicate", None), ended_as("triaged", None)
    ('cleared', 'duplicate', None)
    """
    return status if status == "duplicate" else outcome


def outcome_after(status: str, before: str | None) -> str | None:
    """Return what became of a record that is now in this state: closing keeps it, opening it again forgets it.

    >>> outcome_after("closed", "not_found"), outcome_after("triaged", "cleared")
    ('not_found', None)
    """
    if status == "closed":
        return before
    return status if status in OUTCOMES else None
