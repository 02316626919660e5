"""What officers note of an EVA besides its walk: the sign-off and feedback of the form (field-facts 1.2 J)."""

from dataclasses import dataclass
from enum import StrEnum

WALKED = frozenset({"walked", "agreed", "finished"})


class Need(StrEnum):
    """What a note asks for."""

    PAST_DAY = "a day that has come"
    COMING_DAY = "a day that has not passed"
    REASON = "a reason"
    LINES = "at least one line of the plan"


@dataclass(frozen=True, slots=True)
class EvaMove:
    """One note about an EVA in any of the states `before`; `action` is what history calls it."""

    name: str
    label: str
    before: frozenset[str]
    needs: tuple[Need, ...]
    action: str
    day_asked: str = ""


MOVES = (
    EvaMove(
        "agree",
        "Note that the plan is agreed",
        frozenset({"walked", "agreed"}),
        (Need.LINES, Need.PAST_DAY),
        "plan_agreed",
        "When was the action plan agreed?",
    ),
    EvaMove(
        "tell",
        "Note that residents were told",
        WALKED,
        (Need.PAST_DAY,),
        "fed_back",
        "When were residents or the PACT panel told?",
    ),
    EvaMove(
        "revisit",
        "Set a day to visit again",
        WALKED,
        (Need.COMING_DAY,),
        "revisit_set",
        "When is the place visited again?",
    ),
    # Also one that has begun: its walk may have been taken back, and nobody will ever end it.
    EvaMove("call_off", "Call it off", frozenset({"planned", "walking"}), (Need.REASON,), "called_off"),
    EvaMove("finish", "Finish it", frozenset({"walked", "agreed"}), (), "eva_finished"),
    EvaMove("reopen", "Open it again", frozenset({"finished", "called_off"}), (Need.REASON,), "eva_reopened"),
)
BY_NAME = {move.name: move for move in MOVES}
ACTIONS = tuple(move.action for move in MOVES)


def moves_of(status: str) -> tuple[EvaMove, ...]:
    """Return what may be noted of an EVA in this state, in the order in which it is offered.

    >>> [move.name for move in moves_of("planned")]
    ['call_off']
    """
    return tuple(move for move in MOVES if status in move.before)
