"""Captures that wait before they become a record: for their parent to arrive, or for an officer to decide."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.util import AliasedClass

from webapp.extensions import clock, db
from webapp.forms.fields import moment
from webapp.models.account import User
from webapp.models.capture import FORGOTTEN, Capture, CaptureRevision
from webapp.models.event import Event
from webapp.rules.clock import local_date
from webapp.rules.errors import NotFound, Refused
from webapp.rules.plate_words import LEAVE_IT_OUT, names_a_plate
from webapp.rules.roles import Permission, Person
from webapp.services import ledger, photos, reading, versions
from webapp.services.keeping import belongs_to, keeper_of
from webapp.services.kinds import captured, find_captured
from webapp.services.ledger import Submission
from webapp.services.rows import Rows
from webapp.services.seal import Sealed
from webapp.services.transaction import one_commit

BATCH = 50
PARENT_COMES_WITHIN = timedelta(days=7)

log = logging.getLogger(__name__)


def reason(session: Session, submission: Submission, person: Person) -> str | None:
    """Return what a new capture has to wait for, None when it becomes a record at once."""
    kind = submission.kind
    if not (person.may(kind.permission) and kind.takes_from(submission.answers, person)):
        return "officer"
    if kind.parent is None or submission.parent is None:
        return None
    parent = session.get(Capture, submission.parent)
    if parent is None:
        return "parent"
    is_theirs = parent.kind == kind.parent and ledger.is_owner(parent, "", person)
    if not is_theirs or parent.id == submission.capture_id:
        # Somebody else's visit, or none at all: only a person can tell what it belongs to.
        return "officer"
    return None if parent.state == "kept" else "parent"


def keep(session: Session, rows: Rows, submission: Submission, sealed: Sealed, waits_for: str) -> None:
    """Keep a capture that has to wait, whole and sealed, in the caller's commit."""
    own = Capture.id == submission.capture_id
    session.execute(
        update(Capture)
        .where(own)
        .values(state="staged", waits_for=waits_for, rev=submission.rev, parent_id=submission.parent)
    )
    rows.put(ledger.revision_row(submission, sealed, clock.now()))
    ledger.await_photos(session, submission.capture_id, submission.photos)


def again(session: Session, capture: Capture, submission: Submission, sealed: Sealed) -> bool:
    """Take another version of a capture that waits, or the same again; return whether it clashed."""
    found = ledger.held(session, submission, sealed.spelled)
    if found is not None:
        return found.is_open_clash
    ledger.refuse_forgotten(session, capture)
    if not ledger.follows(submission, capture):
        ledger.note_clash(session, submission, sealed, clock.now(), forget=False)
        return True
    if _is_placed(session, capture):
        # Its phone goes on to name the session that it knows.
        submission = replace(submission, parent=capture.parent_id)
    keep(session, Rows(session), submission, sealed, str(capture.waits_for))
    return False


def _is_placed(session: Session, capture: Capture) -> bool:
    """Return whether an officer has said that it belongs to another than its phone knows."""
    content = ledger.newest_content(session, capture)
    return content is not None and ledger.parent_of(content) != capture.parent_id


def settle_children() -> bool:
    """Make records of captures whose parent has arrived; return whether there may be more to do at once.

    Those whose parent was taken back, or has not come within a week, are for an officer; those whose session waits for
    one wait with it.
    """
    parent, waits = aliased(Capture), Capture.waits_for == "parent"
    is_there = exists().where(parent.id == Capture.parent_id, parent.state == "kept")
    is_gone = exists().where(parent.id == Capture.parent_id, parent.state == "removed")
    is_late = Capture.first_seen_at < _late_before()
    is_lost = or_(is_gone, and_(is_late, ~_session_waits()))
    lost = select(Capture.id).where(waits, ~is_there, is_lost).limit(BATCH)
    for capture_id in db.session.scalars(lost).all():
        _hand_to_officer(capture_id)
    ids = db.session.scalars(select(Capture.id).where(waits, is_there).limit(BATCH)).all()
    for capture_id in ids:
        _settle_child(capture_id)
    # One that has become a record may be the parent of others.
    return bool(ids)


def _late_before() -> datetime:
    return clock.now() - PARENT_COMES_WITHIN


def are_late(some: Sequence[Capture]) -> bool:
    """Return whether their parent has not come within a week of any of them."""
    return all(one.first_seen_at < _late_before() for one in some)


def _settle_child(capture_id: UUID) -> None:
    """Make a record of a child; one that cannot be read any more holds up no other, and an officer sees it."""
    try:
        _settle(capture_id, "parent", None)
    except NotFound:
        # Its parent is none, or somebody else's; of what was taken back just now nothing is handed over.
        _hand_to_officer(capture_id)
    except Exception:
        # Whatever it is, the others must not wait for it.
        log.exception("child_not_settled", extra={"capture": str(capture_id)})
        _hand_to_officer(capture_id)


def _hand_to_officer(capture_id: UUID) -> None:
    with one_commit() as session:
        own = (Capture.id == capture_id, Capture.waits_for == "parent")
        session.execute(update(Capture).where(*own).values(waits_for="officer"))


def for_officer(person: Person) -> Sequence[Capture]:
    """Return the captures that only a person can settle, oldest first; none for who may not decide.

    Of those that were forgotten meanwhile there is nothing left to settle; strays go together, with their like, and
    what belongs to a session that waits too goes with it.
    """
    if not person.may(Permission.RESCUE):
        return []
    by_itself = (~_is_forgotten(), ~is_stray(), ~_session_waits())
    query = select(Capture).where(Capture.waits_for == "officer", *by_itself)
    return db.session.scalars(query.order_by(Capture.first_seen_at)).all()


def is_stray() -> ColumnElement[bool]:
    """Return the condition that a capture waits for a speed-watch session of which nothing has arrived."""
    of_sessions = [kind.value for kind in captured() if kind.parent == "speed_watch"]
    parent = aliased(Capture)
    has_come = exists().where(parent.id == Capture.parent_id, parent.state.in_(("kept", "removed")))
    return and_(
        Capture.kind.in_(of_sessions),
        Capture.waits_for.is_not(None),
        Capture.parent_id.is_not(None),
        ~has_come,
        ~_session_waits(),
        ~_is_forgotten(),
    )


def _session_waits() -> ColumnElement[bool]:
    """Return the condition that a capture belongs to a speed-watch session that itself waits for an officer."""
    parent = aliased(Capture)
    waits = (parent.kind == "speed_watch", parent.waits_for.is_not(None), ~_is_forgotten(parent))
    return exists().where(parent.id == Capture.parent_id, *waits)


def _is_forgotten(capture: type[Capture] | AliasedClass[Capture] = Capture) -> ColumnElement[bool]:
    own = CaptureRevision.capture_id == capture.id
    return exists().where(own, CaptureRevision.fingerprint.startswith(FORGOTTEN))


def waiting_older_than(session: Session, day: date) -> list[UUID]:
    """Return the captures that may hold plates, wait, and were taken down before a London day, oldest first.

    They are to be forgotten with `forgetting.forget_content`. What came late was seen earlier: the day is that of the
    phone, unless it says a later one than when it arrived.
    """
    with_plates = [kind.value for kind in captured() if kind.has_plates]
    query = select(Capture).where(
        Capture.kind.in_(with_plates), Capture.waits_for.is_not(None), ~_is_forgotten()
    )
    waiting = session.scalars(query.order_by(Capture.first_seen_at))
    return [capture.id for capture in waiting if _taken_down_on(session, capture) < day]


def _taken_down_on(session: Session, capture: Capture) -> date:
    content = ledger.newest_content(session, capture) or {}
    said = moment(content.get("captured_at"))
    return local_date(min(said, capture.first_seen_at) if said else capture.first_seen_at)


@dataclass(frozen=True, slots=True)
class Undecided:
    """A capture that waits for an officer: whose it is, and what it says by question.

    `with_it` says how many of each kind wait for the decision on it.
    """

    id: UUID
    kind: str
    sender: str | None
    received_at: datetime
    answers: dict[str, str]
    with_it: Mapping[str, int]


def to_decide(person: Person) -> list[Undecided]:
    """Return what waits for an officer, with what it says, oldest first; nothing for who may not decide."""
    found = []
    for capture in for_officer(person):
        user = db.session.get(User, capture.owner_id) if capture.owner_id else None
        kind, content = find_captured(capture.kind), ledger.newest_content(db.session, capture)
        found.append(
            Undecided(
                id=capture.id,
                kind=kind.label,
                sender=user.called if user else None,
                received_at=capture.first_seen_at,
                answers=reading.in_words(kind, content) if content else {},
                with_it=_with_it(db.session, capture),
            )
        )
    return found


def _with_it(session: Session, capture: Capture) -> Mapping[str, int]:
    own = (Capture.parent_id == capture.id, Capture.waits_for.is_not(None), ~_is_forgotten())
    kinds_of = select(Capture.kind).where(*own, _session_waits())
    return Counter(session.scalars(kinds_of))


def accept(capture_id: UUID, person: Person) -> None:
    """Make a record of a capture that waits for an officer; what waited for the decision on it becomes part of it.

    Raises NotFound, Refused where it cannot be one yet.
    """
    if not person.may(Permission.RESCUE):
        raise NotFound
    _settle(capture_id, "officer", person)


def set_aside(capture_id: UUID, why: str, person: Person) -> None:
    """Leave a capture out of the records for good; the ledger keeps it, as taken back, but no plate.

    Raises NotFound, and Refused where the reason says the registration that the capture holds.
    """
    if not person.may(Permission.RESCUE):
        raise NotFound
    with one_commit() as session:
        capture = session.get(Capture, capture_id, with_for_update=True, populate_existing=True)
        if capture is None or capture.waits_for != "officer":
            raise NotFound
        leave_out(session, [capture], why, person)


def leave_out(session: Session, some: Sequence[Capture], why: str, person: Person) -> None:
    """Leave captures that the caller holds out of the records, in the caller's commit: all of them or, refused, none.

    Raises Refused where the reason says a registration that any of them holds: it stands beside each.
    """
    if names_a_plate(why, [plate for capture in some for plate in _plates_of(session, capture)]):
        raise Refused({"why": LEAVE_IT_OUT})
    now = clock.now()
    for capture in some:
        capture.state, capture.waits_for, capture.removed_at = "removed", None, now
        ledger.forget_plates(session, capture)
        about = {"capture": str(capture.id)}
        session.add(Event(at=now, by_id=person.id, action="capture_set_aside", after=about, reason=why))


def _plates_of(session: Session, capture: Capture) -> list[str]:
    """Return each registration that any version of a capture, or of what waits for the decision on it, says."""
    with_plates = {kind.value: kind for kind in captured() if kind.has_plates}
    query = (
        select(CaptureRevision, Capture.kind)
        .join(Capture, Capture.id == CaptureRevision.capture_id)
        .where(or_(Capture.id == capture.id, Capture.parent_id == capture.id), Capture.kind.in_(with_plates))
        .order_by(CaptureRevision.id)
    )
    said = [(kind, ledger.opened(revision)) for revision, kind in session.execute(query)]
    return [
        plate for kind, one in said if one for plate in reading.behind_masks(with_plates[kind], one).values()
    ]


def _settle(capture_id: UUID, waits_for: str, person: Person | None) -> None:
    now = clock.now()
    with one_commit() as session:
        capture = session.get(Capture, capture_id, with_for_update=True, populate_existing=True)
        if capture is None or capture.waits_for != waits_for:
            raise NotFound
        submission = _stored(capture)
        sender = _sender(session, capture)
        is_decided = waits_for == "officer" or _is_placed(session, capture)
        if not is_decided and not _has_found_parent(session, capture, submission, sender):
            raise NotFound
        keeper = keeper_of(submission.kind)
        ahead = keeper.made_ahead(submission, sender, now)
        taken = photos.of_capture(session, capture_id)
        keeper.make(session, Rows(session), submission, ahead, sender, taken, now)
        if person is not None:
            # It was decided for them too; whoever may not belong to it comes back to an officer.
            with_it = (Capture.parent_id == capture_id, Capture.waits_for == "officer", _session_waits())
            session.execute(update(Capture).where(*with_it).values(waits_for="parent"))
        capture.state, capture.waits_for = "kept", None
        photos.attach(session, photos.all_of(session, capture_id), *belongs_to(session, capture))
        if person is not None:
            session.add(
                Event(record_id=keeper.record_of(capture), at=now, by_id=person.id, action="accepted")
            )


def _has_found_parent(session: Session, capture: Capture, submission: Submission, sender: Person) -> bool:
    """Return whether what arrived under its parent's id is of the right kind, and its sender's own or shared."""
    parent = session.get(Capture, submission.parent) if submission.parent else None
    if parent is None or parent.kind != submission.kind.parent:
        return False
    is_same_phone = parent.owner_id is None and parent.secret_hash == capture.secret_hash
    return is_same_phone or ledger.is_owner(parent, "", sender)


def _stored(capture: Capture) -> Submission:
    """Return the newest version that counts as it was sent.

    Raises NotFound where what was sent has been forgotten, Refused where the form of today cannot read it.
    """
    # An officer may have said that it belongs to another than the phone knew.
    return replace(versions.newest_submission(capture.id), parent=capture.parent_id)


def _sender(session: Session, capture: Capture) -> Person:
    user = session.get(User, capture.owner_id) if capture.owner_id else None
    return Person(id=user.id, roles=tuple(user.role_names), agency=user.agency) if user else Person()
