"""Evidence of a fly-tip: exhibits with every hand-over, and what was seen of SmartWater."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.models.account import User
from webapp.models.enforcement import Exhibit, ExhibitMove, SmartWaterMark, SmartWaterRead
from webapp.models.record import Record
from webapp.rules import enforcement as rules
from webapp.rules.clock import local_date
from webapp.rules.errors import NotFound
from webapp.rules.roles import Person
from webapp.services.restricted import refuse, with_writers, writing

HAS_RESULT = "The laboratory’s result of this sample is written down already. Go back to read it."
NO_SUCH_MARK = "There is no such mark. Choose one of the list."


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that is kept as evidence, as it was found and sealed."""

    exhibit_ref: str
    description: str
    found_by: str
    found_at: datetime
    place: str
    seal_number: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """An exhibit going from one person to another, or being disposed of; the seal is the one that it then bears."""

    handed_at: datetime
    from_whom: str
    to_whom: str
    reason: str
    seal_number: str
    storage: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A look for SmartWater under ultraviolet light, with what a laboratory found where it has."""

    read_on: date
    is_uv_positive: bool
    sample_ref: str | None = None
    lab_result: str | None = None
    mark_id: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a laboratory found in a sample, and which of our marks it is."""

    sample_ref: str
    lab_result: str
    mark_id: int | None = None


@dataclass(frozen=True, slots=True)
class ExhibitWithChain:
    """An exhibit, who wrote it down, and its hand-overs in order: each with its writer and whether it was resealed."""

    exhibit: Exhibit
    by: str | None
    moves: Sequence[tuple[ExhibitMove, str | None, bool]]

    @property
    def holder(self) -> str:
        """Who has it now, as was last written down."""
        return self.moves[-1][0].to_whom if self.moves else self.exhibit.found_by

    @property
    def seal_number(self) -> str:
        """The seal that it bears now."""
        return self.moves[-1][0].seal_number if self.moves else self.exhibit.seal_number


def add_exhibit(reference: str, given: Found, person: Person, seen: int | None = None) -> None:
    """Write down an exhibit. Raises NotFound, Stale, Refused in the future or when the record has its reference."""
    with writing(reference, person, seen) as making:
        problems = rules.moment_problems("found", given.found_at, making.now)
        taken = select(Exhibit.id).where(
            Exhibit.record_id == making.tip.id, Exhibit.exhibit_ref == given.exhibit_ref
        )
        if making.session.scalar(taken) is not None:
            problems["exhibit_ref"] = (
                f"This record has an exhibit {given.exhibit_ref} already. Give this one the next number."
            )
        refuse(problems)
        exhibit = Exhibit(
            record_id=making.tip.id,
            exhibit_ref=given.exhibit_ref,
            description=given.description,
            found_by=given.found_by,
            found_at=given.found_at,
            place=given.place,
            seal_number=given.seal_number,
            written_at=making.now,
            by_id=person.id,
        )
        making.session.add(exhibit)
        making.session.flush()
        making.note("exhibit_added", {"exhibit": exhibit.id})


def hand_over(
    reference: str, exhibit_id: int, given: HandOver, person: Person, seen: int | None = None
) -> None:
    """Write down a hand-over of an exhibit. Raises NotFound, Stale, Refused in the future or before the last one."""
    with writing(reference, person, seen) as making:
        exhibit = _exhibit(making.session, making.tip, exhibit_id)
        query = select(ExhibitMove).where(ExhibitMove.exhibit_id == exhibit.id)
        last = making.session.scalars(query.order_by(ExhibitMove.id.desc()).limit(1)).first()
        before = (last.handed_at, "its last hand-over") if last else (exhibit.found_at, "it was found")
        problems = rules.moment_problems("handed", given.handed_at, making.now, *before)
        refuse(problems)
        move = ExhibitMove(
            exhibit_id=exhibit.id,
            handed_at=given.handed_at,
            from_whom=given.from_whom,
            to_whom=given.to_whom,
            reason=given.reason,
            storage=given.storage,
            seal_number=given.seal_number,
            written_at=making.now,
            by_id=person.id,
        )
        making.session.add(move)
        making.note("exhibit_handed_over", {"exhibit": exhibit.id})


def add_read(reference: str, given: Read, person: Person, seen: int | None = None) -> None:
    """Write down a look for SmartWater. Raises NotFound, Stale, Refused for what does not fit."""
    with writing(reference, person, seen) as making:
        day = rules.day_problem(given.read_on, local_date(making.now))
        refuse({"read_on": day, **_lab_problems(making.session, given, given.read_on)})
        read = SmartWaterRead(
            record_id=making.tip.id,
            read_on=given.read_on,
            is_uv_positive=given.is_uv_positive,
            sample_ref=given.sample_ref,
            lab_result=given.lab_result,
            mark_id=given.mark_id,
            written_at=making.now,
            by_id=person.id,
        )
        making.session.add(read)
        making.note("smartwater_read", {"is_uv_positive": given.is_uv_positive})


def add_result(reference: str, read_id: int, given: Result, person: Person, seen: int | None = None) -> None:
    """Write down, once, what a laboratory found in the sample of a read. Raises NotFound, Stale, Refused."""
    with writing(reference, person, seen) as making:
        read = _read(making.session, making.tip, read_id)
        refuse({"lab_result": HAS_RESULT if read.lab_result else None})
        refuse(_lab_problems(making.session, given, read.read_on))
        read.sample_ref, read.lab_result, read.mark_id = given.sample_ref, given.lab_result, given.mark_id
        making.note("smartwater_result", {"is_recognised": given.mark_id is not None})


def _lab_problems(session: Session, given: Read | Result, read_on: date) -> dict[str, str]:
    mark = session.get(SmartWaterMark, given.mark_id) if given.mark_id is not None else None
    if given.mark_id is not None and mark is None:
        return {"mark": NO_SUCH_MARK}
    return rules.read_problems(read_on, given.sample_ref, given.lab_result, mark.marked_on if mark else None)


def _exhibit(session: Session, tip: Record, exhibit_id: int) -> Exhibit:
    exhibit = session.get(Exhibit, exhibit_id)
    if exhibit is None or exhibit.record_id != tip.id:
        raise NotFound
    return exhibit


def _read(session: Session, tip: Record, read_id: int) -> SmartWaterRead:
    read = session.get(SmartWaterRead, read_id, populate_existing=True)
    if read is None or read.record_id != tip.id:
        raise NotFound
    return read


def find_read(tip: Record, read_id: int) -> SmartWaterRead:
    """Return a look for SmartWater on a record. Raises NotFound."""
    return _read(db.session, tip, read_id)


def find_exhibit(tip: Record, exhibit_id: int) -> ExhibitWithChain:
    """Return an exhibit of a record with its chain of custody. Raises NotFound."""
    found = next((one for one in exhibits_of(tip) if one.exhibit.id == exhibit_id), None)
    if found is None:
        raise NotFound
    return found


def exhibits_of(tip: Record) -> list[ExhibitWithChain]:
    """Return a record's exhibits with the chain of custody of each, in the order in which they were found."""
    own = Exhibit.record_id == tip.id
    exhibits = with_writers(Exhibit, own, order=(Exhibit.found_at,))
    moves = with_writers(ExhibitMove, ExhibitMove.exhibit_id.in_([exhibit.id for exhibit, _ in exhibits]))
    return [
        ExhibitWithChain(
            exhibit, name, _marked(exhibit, [one for one in moves if one[0].exhibit_id == exhibit.id])
        )
        for exhibit, name in exhibits
    ]


def _marked(
    exhibit: Exhibit, chain: Sequence[tuple[ExhibitMove, str | None]]
) -> list[tuple[ExhibitMove, str | None, bool]]:
    changed = rules.resealed(exhibit.seal_number, (move.seal_number for move, _ in chain))
    return [(move, name, is_new) for (move, name), is_new in zip(chain, changed, strict=True)]


def reads_of(tip: Record) -> list[tuple[SmartWaterRead, str | None, str | None]]:
    """Return the looks for SmartWater on a record, oldest first, each with the mark's reference and who wrote it."""
    query = (
        select(SmartWaterRead, SmartWaterMark.deployment_ref, User.name)
        .outerjoin(SmartWaterMark, SmartWaterRead.mark_id == SmartWaterMark.id)
        .outerjoin(User, SmartWaterRead.by_id == User.id)
        .where(SmartWaterRead.record_id == tip.id)
        .order_by(SmartWaterRead.read_on, SmartWaterRead.id)
    )
    return [(read, mark, name) for read, mark, name in db.session.execute(query)]
