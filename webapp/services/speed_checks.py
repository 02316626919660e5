"""The check of a session: whole plates shown to who may see them, and what becomes of each (field-facts 3.2)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.forms.speed_checks import CHOOSE
from webapp.models.event import Event
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_watch import SpeedSession
from webapp.rules import speed_check as rules
from webapp.rules import vrm
from webapp.rules.errors import NotFound, Refused, Stale
from webapp.rules.plate_words import LEAVE_IT_OUT, names_a_plate
from webapp.rules.roles import Permission, Person
from webapp.rules.speed import passed_on
from webapp.services import history, plates, sightings, speed_watch, watches
from webapp.services.transaction import one_commit

OPENED, CHECKED = "plates_opened", "speeds_checked"
UNDER_WAY = "This session is still under way. Write down when it ended first."
TAKEN_BACK = "This session was taken back, so that there is nothing to check."
NOT_READY = "This one cannot go to the police. Count it, or make it void."
SAY_WHY = "Say in words why it is void."


@dataclass(frozen=True, slots=True)
class Checked:
    """One vehicle as it is checked, with its whole plate: it is left out of the repr, which error reports print."""

    reading: SpeedReading
    plate: str = field(repr=False)
    warnings: list[str]
    may_go: bool

    @property
    def choices(self) -> dict[str, str]:
        """What may be decided, with its words."""
        return rules.choices(may_go=self.may_go)

    @property
    def suggested(self) -> str:
        """What is decided unless somebody chooses otherwise; nothing where there is something to look at first."""
        if not self.may_go:
            return rules.COUNTED
        return "" if self.warnings else rules.READY


@dataclass(frozen=True, slots=True)
class Check:
    """A session as it is checked. `refusal` says why it cannot be, empty when it can."""

    watch: watches.Watch
    rows: Sequence[Checked]
    refusal: str
    newest: int

    @property
    def typed(self) -> Sequence[SpeedReading]:
        """Those that nobody has decided about and that were written at a desk once the session was over."""
        return [one for one in self.watch.readings if one.status == "draft" and one.typed_after_end]

    @property
    def too_long(self) -> str:
        """What to look at where the session is said to have taken very long; empty where it did not."""
        session = self.watch.session
        return rules.too_long(session.began_at, session.ended_at) if session.ended_at else ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a vehicle: one of `rules.DECISIONS`, with words where it is void."""

    choice: str
    words: str = ""


def find(reference: str, person: Person) -> SpeedSession:
    """Return a session that somebody may check. Raises NotFound for who may not, and for another scheme's."""
    if not person.may(Permission.CHECK_SPEEDS):
        raise NotFound
    return watches.find(reference, person)


def opened(reference: str, person: Person) -> Check:
    """Return a session with the plates that wait for a decision, and write down that they were shown.

    Raises NotFound.
    """
    watch = find(reference, person)
    refusal = refusal_of(watch)
    if not refusal and _waiting(db.session, watch.id, with_plates=True):
        with one_commit() as session:
            session.add(Event(record_id=watch.id, at=clock.now(), by_id=person.id, action=OPENED))
    # What comes while the rows are read is one that the page does not know of.
    newest = history.newest(watch)
    everything = watches.everything(watch)
    rows = [] if refusal else _rows(everything)
    return Check(everything, rows, refusal, newest)


def refusal_of(watch: SpeedSession) -> str:
    """Return why a session cannot be checked, empty when it can."""
    if watch.status == "taken_back":
        return TAKEN_BACK
    return UNDER_WAY if watch.ended_at is None else ""


def _waiting(session: Session, session_id: UUID, *, with_plates: bool = False) -> Sequence[SpeedReading]:
    """Return the vehicles of a session that nobody has decided about."""
    query = select(SpeedReading).where(
        SpeedReading.session_id == session_id,
        SpeedReading.status == "draft",
        SpeedReading.removed_at.is_(None),
    )
    if with_plates:
        query = query.where(SpeedReading.plate.is_not(None))
    return session.scalars(
        query.order_by(SpeedReading.id), execution_options={"populate_existing": True}
    ).all()


def _rows(watch: watches.Watch) -> list[Checked]:
    over = [one for one in watch.recorded if one.status == "draft"]
    texts = plates.of_session(db.session, watch.session.id)
    twins = watches.twins([(one, texts[one.id]) for one in watch.recorded if one.id in texts])
    contested, names = watches.contested(watch.session.id), watch.name_of
    return [
        _row(
            one,
            texts.get(one.id, ""),
            watch.session,
            ", ".join(names[other] for other in twins.get(one.id, ())),
            [
                *([rules.CONTESTED] if one.id in contested else []),
                *([rules.NOT_READ_BY_DVLA] if one.not_compared_at else []),
            ],
        )
        for one in over
    ]


def _row(reading: SpeedReading, plate: str, watch: SpeedSession, twins: str, more: list[str]) -> Checked:
    limit, seen_on = watch.limit_mph, passed_on(reading.seen_at, watch.held_on)
    asked = vrm.read_plate(plate, seen_on).warning if plate else ""
    said = rules.warnings(reading.speed_mph, limit, reading.confidence, asked, twins, has_plate=bool(plate))
    may_go = rules.may_be_ready(reading.confidence, reading.kind, has_plate=bool(plate))
    return Checked(reading, plate, [*said, *more], may_go)


def finish(reference: str, decisions: Mapping[UUID, Decision], person: Person, seen: int) -> SpeedSession:
    """Let each vehicle become what was decided, and the session checked; what does not go to the police is forgotten.

    The same once more changes nothing. Raises NotFound, Stale when anything came or changed after the event that the
    page knew of, and Refused with a sentence for each vehicle, by its id.
    """
    now = clock.now()
    with one_commit() as session:
        watch = find(reference, person)
        speed_watch.hold_with_rows(session, watch.id)
        session.refresh(watch)
        refusal = refusal_of(watch)
        if refusal:
            raise Refused({"form": refusal})
        waiting = _waiting(session, watch.id)
        if watch.closed_at is not None and not waiting and _are_so(session, watch.id, decisions):
            return watch
        if history.what_changed(session, watch, seen):
            raise Stale
        forgotten = _decide(session, watch, waiting, decisions, person, now)
    plates.scrub_after(forgotten)
    return watch


def _are_so(session: Session, session_id: UUID, decisions: Mapping[UUID, Decision]) -> bool:
    """Return whether all was decided in just this way before: then a button was pressed twice."""
    own = select(SpeedReading).where(SpeedReading.session_id == session_id, SpeedReading.id.in_(decisions))
    found = {one.id: one for one in session.scalars(own)}
    return all(
        one is not None and _columns(decision)["status"] == one.status
        for one, decision in ((found.get(own_id), said) for own_id, said in decisions.items())
    )


def _decide(
    session: Session,
    watch: SpeedSession,
    waiting: Sequence[SpeedReading],
    decisions: Mapping[UUID, Decision],
    person: Person,
    now: datetime,
) -> Collection[UUID]:
    """Write what was decided; return the vehicles whose plates were forgotten."""
    texts = plates.of_session(session, watch.id)
    over = [_row(one, texts.get(one.id, ""), watch, "", []) for one in waiting if one.is_over]
    problems = {
        str(one.reading.id): _problem(one, decisions.get(one.reading.id), texts.values()) for one in over
    }
    said = {name: sentence for name, sentence in problems.items() if sentence}
    if said:
        raise Refused(said)
    for row in waiting:
        decision = decisions[row.id] if row.is_over else Decision(rules.COUNTED)
        for name, value in _columns(decision).items():
            setattr(row, name, value)
    session.flush()
    counts = _count(waiting)
    forgotten = [row.id for row in waiting if row.status != rules.READY and row.is_over]
    plates.forget(session, forgotten, now)
    sightings.count(session, [one.id for one in waiting if one.status == rules.READY])
    watch.checked_at, watch.checked_by_id = now, person.id
    watch.closed_at = watch.closed_at or now
    if watch.status != "handed_over" or counts.get(rules.READY):
        watch.status = "checked"
    session.add(Event(record_id=watch.id, at=now, by_id=person.id, action=CHECKED, after=counts))
    return forgotten


def _problem(row: Checked, decision: Decision | None, texts: Iterable[str]) -> str | None:
    """Return why something cannot be decided; `texts` are the plates of all vehicles of the session."""
    if decision is None or decision.choice not in rules.DECISIONS:
        return CHOOSE
    if decision.choice not in row.choices:
        return NOT_READY if decision.choice == rules.READY else CHOOSE
    if decision.choice == rules.NEEDS_WORDS and not decision.words.strip():
        return SAY_WHY
    return LEAVE_IT_OUT if names_a_plate(decision.words, texts) else None


def _columns(decision: Decision) -> dict[str, str]:
    status, _, reason = decision.choice.partition(":")
    if status != rules.VOID:
        return {"status": status, "status_reason": ""}
    words = ". ".join(filter(None, (rules.VOIDS.get(decision.choice, reason), decision.words.strip())))
    return {"status": status, "status_reason": words[:300]}


def _count(rows: Sequence[SpeedReading]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.status] = counts.get(row.status, 0) + 1
    return counts
