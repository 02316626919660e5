"""Requests to others: which answers an officer may give in which state."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One answer, given from any of the states `before`; `event` is what history calls it."""

    after: str
    label: str
    before: frozenset[str]
    event: str
    needs_words: bool


# Each is known by the state that it leads to.
STEPS = (
    Step("taken_up", "Take it up", frozenset({"open"}), "request_taken_up", needs_words=False),
    Step("closed", "Close it", frozenset({"open", "taken_up"}), "request_closed", needs_words=True),
    Step("declined", "Decline it", frozenset({"open", "taken_up"}), "request_declined", needs_words=True),
    Step(
        "open",
        "Open it again",
        frozenset({"taken_up", "closed", "declined"}),
        "request_opened",
        needs_words=True,
    ),
)
BY_STATUS = {step.after: step for step in STEPS}
MADE = "request_made"
EVENTS = (MADE, *(step.event for step in STEPS))


def steps_of(status: str) -> tuple[Step, ...]:
    """Return the answers that can be given to a request in this state, in the order in which they are offered.

    >>> [step.after for step in steps_of("taken_up")]
    ['closed', 'declined', 'open']
    """
    return tuple(step for step in STEPS if status in step.before)
