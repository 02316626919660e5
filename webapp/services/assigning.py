"""Giving open records to a body or a crew, and moving many at once: each by itself, whatever becomes of others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from webapp.extensions import clock
from webapp.models.event import Event
from webapp.rules import lifecycle as rules
from webapp.rules.codes.agencies import AGENCIES
from webapp.rules.errors import NotFound, Refused, Stale, WardbookError
from webapp.rules.roles import Permission, Person
from webapp.services import history, lifecycle, records
from webapp.services.scope import write_scope
from webapp.services.transaction import one_commit

# Moves that need nothing which differs from record to record.
TOGETHER = ("order", "inspect", "specialist", "close", "close_without")


@dataclass(frozen=True, slots=True)
class Ticked:
    """One record that was ticked, and the newest event that the page knew of it."""

    reference: str
    seen: int


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one ticked record; `problem` is None when it was done."""

    reference: str
    problem: str | None = None


def assign(ticked: Ticked, body: str | None, crew: str | None, person: Person) -> None:
    """Give an open record to a body, a crew, or both; what is None stays as it is.

    Raises NotFound when it is not this person's, Refused when it is ended or only officers may choose the body.
    """
    if not person.may(Permission.WORK):
        raise NotFound
    if body is not None and (body not in AGENCIES or not person.may(Permission.TRIAGE)):
        raise Refused({"body": "Only officers choose who must answer for a record."})
    with one_commit() as session:
        tip = records.locked(session, ticked.reference, person)
        history.refuse_stale(session, tip, ticked.seen)
        if not rules.is_open(tip.status):
            raise Refused({"move": "It is ended already."})
        before = {"responsible_body": tip.responsible_body, "crew": tip.crew}
        tip.responsible_body, tip.crew = body or tip.responsible_body, crew or tip.crew
        write_scope(tip)
        after = {"responsible_body": tip.responsible_body, "crew": tip.crew}
        if after != before:
            event = Event(
                record_id=tip.id,
                at=clock.now(),
                by_id=person.id,
                action="assigned",
                before=before,
                after=after,
            )
            session.add(event)


def assign_all(ticked: Sequence[Ticked], body: str | None, crew: str | None, person: Person) -> list[Done]:
    """Give each of the ticked records to a body or crew; return what became of each."""
    return [_tried(one, lambda one: assign(one, body, crew, person)) for one in ticked]


def move_all(ticked: Sequence[Ticked], name: str, crew: str, reason: str, person: Person) -> list[Done]:
    """Move each of the ticked records; return what became of each. Raises NotFound for a move that takes more."""
    if name not in TOGETHER:
        raise NotFound

    def move(one: Ticked) -> None:
        given = lifecycle.Given(seen=one.seen, crew=crew, reason=reason)
        lifecycle.move(one.reference, name, given, person)

    return [_tried(one, move) for one in ticked]


def _tried(one: Ticked, act: Callable[[Ticked], object]) -> Done:
    try:
        act(one)
    except Stale:
        return Done(one.reference, "Somebody changed it meanwhile. Look at it, then tick it again.")
    except NotFound:
        return Done(one.reference, "There is no such record for you.")
    except WardbookError as problem:
        return Done(one.reference, str(problem))
    return Done(one.reference)
