"""Messages owed to people: which mailbox is the same one, when to try again, and when to stop trying."""

import contextlib
from datetime import datetime, timedelta

from webapp.rules import lifecycle

REMINDER = "reminder"
LINK = "action_link"
URGENT = "urgent_action"
# What a reporter hears of: that we have it, each state that is told, and what became of asking to look again.
TO_REPORTERS = ("acknowledgement", *sorted(lifecycle.TOLD), "reopened", "not_reopened")
PURPOSES = (*TO_REPORTERS, REMINDER, LINK, URGENT)
# Hearing one of these is hearing what happened: an acknowledgement or a step on the way is not (field-facts 5.3).
OUTCOME_TOLD = lifecycle.OUTCOMES | {"closed"}
ONE_ACKNOWLEDGEMENT_PER = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=3)
# How long a message may stay handed over without an answer before the worker is taken to have died.
ABANDONED_AFTER = timedelta(minutes=10)
MOST_REPEATS = 1
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))


def with_ascii_domain(address: str) -> str:
    """Return an address with its domain as mail servers know it. Raises UnicodeError for no possible domain.

    >>> with_ascii_domain("rosa@bücher.example")
    'rosa@xn--bcher-kva.example'
    """
    local, _, host = address.rpartition("@")
    return f"{local}@{host.encode('idna').decode('ascii')}"


def mailbox(address: str) -> str:
    """Return the one spelling of an address for counting.

    Capitals, what stands after a plus, and either spelling of a domain of other letters reach the same box.

    >>> mailbox(" Rosa+tips@Example.org ")
    'rosa@example.org'
    """
    spelled = address.strip().casefold()
    # A domain that cannot be is counted as it stands: the mail server never hears of it.
    with contextlib.suppress(UnicodeError):
        spelled = with_ascii_domain(spelled)
    local, _, host = spelled.rpartition("@")
    return f"{local.split('+', 1)[0]}@{host}"


def next_attempt(attempts: int, created_at: datetime, now: datetime) -> datetime | None:
    """Return when to try again after this many attempts failed, or None when it has been tried long enough."""
    again = now + PAUSES[min(attempts, len(PAUSES)) - 1]
    return again if again <= created_at + GIVE_UP_AFTER else None
