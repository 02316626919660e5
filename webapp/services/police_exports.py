"""What is handed to the police, once: the rows that are ready, and their file (field-facts 3.2, 3.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.account import User
from webapp.models.capture import Capture
from webapp.models.event import Event
from webapp.models.police_export import FORMATS, PoliceExport, PoliceExportDownload
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_scheme import SpeedScheme
from webapp.models.speed_watch import SpeedSession
from webapp.rules.errors import NotFound, Refused
from webapp.rules.plate_words import LEAVE_IT_OUT, names_a_plate
from webapp.rules.roles import Permission, Person
from webapp.services import forgetting, plates, police_file, schemes, speed_watch, watches
from webapp.services.police_file import PoliceFile
from webapp.services.transaction import one_commit

MADE, TAKEN = "handed_over", "police_export_taken"
NOTHING_READY = "No vehicle of this scheme is ready. Check its sessions first."
SAY_WHY = "This file has been taken before. Say why it is taken again."
FORGOTTEN = (
    "The registrations of this export have been forgotten, as they must be: its file cannot be made any more."
)


@dataclass(frozen=True, slots=True)
class Handed:
    """One export with who made it, its vehicles with their sessions, and each time that a file of it was taken.

    `masks` are what may be shown of the plates, by the id of each vehicle: empty where it has been forgotten.
    """

    export: PoliceExport
    scheme: SpeedScheme
    made_by: str | None
    answered_by: str | None
    rows: Sequence[tuple[SpeedReading, SpeedSession]]
    downloads: Sequence[tuple[PoliceExportDownload, str | None]]
    masks: Mapping[UUID, str]

    @property
    def held(self) -> int:
        """The number of vehicles whose plates are still held: its file has these."""
        return sum(map(bool, self.masks.values()))

    @property
    def taken(self) -> frozenset[str]:
        """The formats that have been taken, so that taking one again needs a reason."""
        return frozenset(one.format for one, _ in self.downloads)


@dataclass(frozen=True, slots=True)
class OfScheme:
    """A scheme with how many of its vehicles are ready, and its exports, newest first.

    `too_late` are the numbers of those that nobody took and whose plates are forgotten.
    """

    scheme: SpeedScheme
    ready: int
    exports: Sequence[tuple[PoliceExport, str | None]]
    too_late: frozenset[int] = frozenset()

    @property
    def newest(self) -> int:
        """The number of its newest export, 0 while there is none."""
        return self.exports[0][0].id if self.exports else 0

    @property
    def unanswered(self) -> Sequence[PoliceExport]:
        """The exports of which the police have not said yet what came of them, and still can."""
        return [
            export
            for export, _ in self.exports
            if export.answered_on is None and export.id not in self.too_late
        ]


def ask(person: Person) -> None:
    """Raise NotFound unless this person hands rows to the police."""
    if not person.may(Permission.CHECK_SPEEDS):
        raise NotFound


def overview(person: Person) -> list[OfScheme]:
    """Return somebody's schemes with what is ready and what was handed over. Raises NotFound for who may not."""
    ask(person)
    own = schemes.of(person)
    ids = [one.id for one in own]
    ready = _ready_by_scheme(ids)
    query = (
        select(PoliceExport, User.name)
        .outerjoin(User, User.id == PoliceExport.made_by_id)
        .where(PoliceExport.scheme_id.in_(ids))
        .order_by(PoliceExport.id.desc())
    )
    too_late = frozenset(
        db.session.scalars(select(PoliceExport.id).where(PoliceExport.scheme_id.in_(ids), _is_too_late()))
    )
    made: dict[int, list[tuple[PoliceExport, str | None]]] = {}
    for export, name in db.session.execute(query):
        made.setdefault(export.scheme_id, []).append((export, name))
    return [OfScheme(one, ready.get(one.id, 0), made.get(one.id, []), too_late) for one in own]


def _is_too_late() -> ColumnElement[bool]:
    """Return the condition that nothing can come back of an export: nobody took a file, and none can be made now."""
    was_taken = exists().where(PoliceExportDownload.export_id == PoliceExport.id)
    is_held = exists().where(SpeedReading.export_id == PoliceExport.id, SpeedReading.plate.is_not(None))
    return and_(~was_taken, ~is_held)


def _ready_by_scheme(ids: Sequence[int]) -> dict[int, int]:
    query = (
        select(SpeedSession.scheme_id, func.count())
        .select_from(SpeedReading)
        .join(SpeedSession, SpeedSession.id == SpeedReading.session_id)
        .where(SpeedSession.scheme_id.in_(ids), *_is_ready())
        .group_by(SpeedSession.scheme_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _is_ready() -> tuple[Any, ...]:
    return (
        SpeedReading.status == "ready",
        SpeedReading.removed_at.is_(None),
        SpeedReading.plate.is_not(None),
    )


def make(scheme_id: int, person: Person, known: int) -> PoliceExport:
    """Hand over all that is ready of a scheme, numbered from 1 in the order in which it passed; return the export.

    `known` is the newest export that the page knew of: when there is a newer one, that is returned and none is made, so
    that a second press hands over nothing twice. Raises NotFound, Refused.
    """
    ask(person)
    now = clock.now()
    with one_commit() as session:
        schemes.find(scheme_id, person)
        session.scalars(select(SpeedScheme).where(SpeedScheme.id == scheme_id).with_for_update()).one()
        newest = select(PoliceExport).where(PoliceExport.scheme_id == scheme_id, PoliceExport.id > known)
        newer = session.scalars(newest.order_by(PoliceExport.id.desc()).limit(1)).first()
        if newer is not None:
            return newer
        rows = _held_ready(session, scheme_id)
        if not rows:
            raise Refused({"form": NOTHING_READY})
        export = PoliceExport(scheme_id=scheme_id, made_at=now, made_by_id=person.id, rows=len(rows))
        session.add(export)
        session.flush()
        for number, (row, _) in enumerate(rows, 1):
            row.status, row.export_id, row.export_number = "exported", export.id, number
        session.flush()
        _settle_sessions(session, export, rows, person, now)
    return export


def _held_ready(session: Session, scheme_id: int) -> list[tuple[SpeedReading, SpeedSession]]:
    """Return what is ready of a scheme, held so that nobody corrects or takes back any of it meanwhile."""
    query = (
        select(SpeedReading.id, SpeedReading.session_id)
        .join(SpeedSession, SpeedSession.id == SpeedReading.session_id)
        .where(SpeedSession.scheme_id == scheme_id, *_is_ready())
    )
    found = session.execute(query).all()
    ids = [own_id for own_id, _ in found]
    forgetting.hold(session, Capture.id.in_(ids))
    for session_id in sorted({session_id for _, session_id in found}):
        speed_watch.hold(session, session_id)
    still = _with_sessions(session, SpeedReading.id.in_(ids), *_is_ready())
    # Where the key of its month is destroyed a plate is forgotten, whatever the row still holds of it.
    return [(row, watch) for row, watch in still if plates.opened(row) is not None]


def _with_sessions(session: Session, *conditions: Any) -> list[tuple[SpeedReading, SpeedSession]]:
    passed = func.coalesce(SpeedReading.seen_at, SpeedReading.received_at)
    query = (
        select(SpeedReading, SpeedSession)
        .join(SpeedSession, SpeedSession.id == SpeedReading.session_id)
        .where(*conditions)
        .order_by(SpeedSession.began_at, SpeedSession.id, passed, SpeedReading.number, SpeedReading.id)
    )
    found = session.execute(query, execution_options={"populate_existing": True})
    return [(row, watch) for row, watch in found]


def _settle_sessions(
    session: Session,
    export: PoliceExport,
    rows: Sequence[tuple[SpeedReading, SpeedSession]],
    person: Person,
    now: datetime,
) -> None:
    for watch in {watch.id: watch for _, watch in rows}.values():
        count = sum(1 for _, own in rows if own.id == watch.id)
        watch.status = "handed_over"
        about = {"export": export.id, "rows": count}
        session.add(Event(record_id=watch.id, at=now, by_id=person.id, action=MADE, after=about))


def find(export_id: int, person: Person) -> PoliceExport:
    """Return one export. Raises NotFound when there is none, or it is another scheme's."""
    ask(person)
    export = db.session.get(PoliceExport, export_id)
    if export is None or export.scheme_id not in schemes.ids_of(person):
        raise NotFound
    return export


def everything(export: PoliceExport) -> Handed:
    """Return an export with all that its page shows."""
    rows = rows_of(db.session, export)
    taken = (
        select(PoliceExportDownload, User.name)
        .outerjoin(User, User.id == PoliceExportDownload.by_id)
        .where(PoliceExportDownload.export_id == export.id)
        .order_by(PoliceExportDownload.id)
    )
    return Handed(
        export=export,
        scheme=db.session.get_one(SpeedScheme, export.scheme_id),
        made_by=_name_of(export.made_by_id),
        answered_by=_name_of(export.answered_by_id),
        rows=rows,
        downloads=[(one, name) for one, name in db.session.execute(taken)],
        masks={row.id: watches.mask_of(row) for row, _ in rows},
    )


def _name_of(user_id: int | None) -> str | None:
    user = db.session.get(User, user_id) if user_id is not None else None
    return user.name or None if user is not None else None


def rows_of(session: Session, export: PoliceExport) -> list[tuple[SpeedReading, SpeedSession]]:
    """Return the vehicles of an export with their sessions, by their numbers in it."""
    found = _with_sessions(session, SpeedReading.export_id == export.id)
    return sorted(found, key=lambda pair: pair[0].export_number or 0)


def take(export_id: int, file_format: str, reason: str, person: Person) -> PoliceFile:
    """Return an export's file, and write down who took it, when, and why again.

    Raises NotFound, and Refused without a reason where it was taken before, or once its plates are forgotten.
    """
    if file_format not in FORMATS:
        raise NotFound
    find(export_id, person)
    now = clock.now()
    with one_commit() as session:
        own = select(PoliceExport).where(PoliceExport.id == export_id)
        export = session.scalars(own.with_for_update(), execution_options={"populate_existing": True}).one()
        rows = rows_of(session, export)
        texts = {row.id: plates.opened(row) for row, _ in rows}
        if not any(texts.values()):
            raise Refused({"form": FORGOTTEN})
        _refuse_reason(session, export_id, file_format, reason, [text for text in texts.values() if text])
        told = {"export_id": export_id, "format": file_format, "at": now, "by_id": person.id}
        session.add(PoliceExportDownload(**told, reason=reason.strip()))
        about = {"export": export_id, "format": file_format}
        session.add(Event(at=now, by_id=person.id, action=TAKEN, after=about, reason=reason.strip() or None))
        # One that was forgotten since holds up none of the others: its number is left out.
        held = [(row, watch) for row, watch in rows if texts[row.id]]
        scheme = session.get_one(SpeedScheme, export.scheme_id).name
        says = police_file.about(export, scheme, _name_of(person.id) or "", now, len(held))
        return PoliceFile(police_file.rows(session, held, texts), says)


def is_taken(session: Session, export_id: int, file_format: str | None = None) -> bool:
    """Return whether a file of an export has been taken, in one format or in any."""
    query = select(PoliceExportDownload.id).where(PoliceExportDownload.export_id == export_id)
    if file_format is not None:
        query = query.where(PoliceExportDownload.format == file_format)
    return session.scalar(query.limit(1)) is not None


def _refuse_reason(
    session: Session, export_id: int, file_format: str, reason: str, texts: Sequence[str]
) -> None:
    if is_taken(session, export_id, file_format) and not reason.strip():
        raise Refused({"reason": SAY_WHY})
    if names_a_plate(reason, texts):
        raise Refused({"reason": LEAVE_IT_OUT})


def exports_of(session_id: UUID) -> Sequence[int]:
    """Return the numbers of the exports in which vehicles of a session were handed over."""
    query = select(SpeedReading.export_id).where(
        SpeedReading.session_id == session_id, SpeedReading.export_id.is_not(None)
    )
    return sorted({number for number in db.session.scalars(query) if number is not None})
