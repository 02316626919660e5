"""Lines of action plans: who sees which, one line with all that belongs to it, and what a page of it did not know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, select, true
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.models.account import User
from webapp.models.action import Action, ActionObservation, ActionUpdate
from webapp.models.eva import Eva
from webapp.models.observation import Observation
from webapp.models.photo import Photo
from webapp.rules import eva as rules
from webapp.rules.codes.observation import CATEGORIES
from webapp.rules.errors import NotFound, Stale
from webapp.rules.roles import Permission, Person

# What is said of a line, or of whom it was sent to, takes nothing back from what somebody decides about it.
CHANGES_NOTHING = ("note", "link")


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its audit, what it answers, its log oldest first, and the photos of each capture of these."""

    action: Action
    eva: Eva
    observations: Sequence[Observation]
    log: Sequence[tuple[ActionUpdate, str | None]]
    photos: Mapping[UUID, Sequence[Photo]]

    @property
    def before(self) -> list[Photo]:
        """The photos of what was seen."""
        return [photo for one in self.observations for photo in self.photos.get(one.id, ())]

    @property
    def after(self) -> list[Photo]:
        """The photos of what was done."""
        ids = [update.capture_id for update, _ in self.log if update.capture_id]
        return [photo for one in ids for photo in self.photos.get(one, ())]

    @property
    def newest(self) -> int:
        """The number of the newest update: a page says with it what it knew."""
        return max((update.id for update, _ in self.log), default=0)


def seen_by(person: Person) -> ColumnElement[bool]:
    """Return the condition on Action that holds for what a person may see: partners see their agency's lines only."""
    if person.may(Permission.SURVEY):
        return true()
    if person.may(Permission.SEE_ACTIONS) and person.agency:
        return Action.owner_agency == person.agency
    return false()


def for_staff_only() -> Select[int]:
    """Return the ids of the lines that answer what staff alone may know, such as where somebody sleeps rough.

    What was taken back since counts too: a line goes on naming it.
    """
    secret = [code.value for code in CATEGORIES if not rules.category(code.value).is_public]
    return (
        select(ActionObservation.action_id)
        .join(Observation, Observation.id == ActionObservation.observation_id)
        .where(Observation.category.in_(secret))
    )


def captures_seen_by(person: Person) -> Select[tuple[UUID | None]]:
    """Return the ids of the captures whose photos go with the lines that a person may see."""
    theirs = select(Action.id).where(seen_by(person))
    seen = (
        select(Observation.id)
        .join(ActionObservation, ActionObservation.observation_id == Observation.id)
        .where(Observation.removed_at.is_(None), ActionObservation.action_id.in_(theirs))
    )
    said = select(ActionUpdate.capture_id).where(ActionUpdate.action_id.in_(theirs))
    return select(seen.union_all(said.where(ActionUpdate.capture_id.is_not(None))).subquery().c[0])


def show(photo: Photo, person: Person) -> bool:
    """Return whether a copy of a photo goes with a line that a person may see; the original does not."""
    theirs = select(Photo.id).where(Photo.id == photo.id, Photo.capture_id.in_(captures_seen_by(person)))
    return photo.hidden_at is None and db.session.scalar(theirs) is not None


def find(action_id: int, person: Person) -> Action:
    """Return one line. Raises NotFound when there is none, or none for this person."""
    found = db.session.scalar(select(Action).where(Action.id == action_id, seen_by(person)))
    if found is None:
        raise NotFound
    return found


def locked(session: Session, action_id: int, person: Person) -> Action:
    """Return one line to change, in the caller's commit; whoever comes second finds what the first made of it."""
    line = find(action_id, person)
    session.refresh(line, with_for_update=True)
    # It may have been given to another agency while we waited.
    return find(line.id, person)


def everything(action: Action) -> Line:
    """Return a line with all that belongs to it."""
    session = db.session
    observations = answered(session, action.id)
    log = since(session, action.id, 0)
    captures = [one.id for one in observations] + [update.capture_id for update, _ in log]
    photos: dict[UUID, list[Photo]] = {}
    query = select(Photo).where(Photo.capture_id.in_(captures), Photo.record_id.is_not(None))
    for photo in session.scalars(query.order_by(Photo.received_at, Photo.id)):
        photos.setdefault(photo.capture_id, []).append(photo)
    return Line(action, eva_of(action), observations, log, photos)


def answered(session: Session, action_id: int) -> Sequence[Observation]:
    """Return what a line answers, in order, without what was taken back."""
    seen = (
        select(Observation)
        .join(ActionObservation, ActionObservation.observation_id == Observation.id)
        .where(ActionObservation.action_id == action_id, Observation.removed_at.is_(None))
    )
    return session.scalars(seen.order_by(Observation.number)).all()


def eva_of(action: Action) -> Eva:
    """Return the audit whose plan a line belongs to."""
    return db.session.get_one(Eva, action.eva_id)


def since(
    session: Session, action_id: int, seen: int, without: Sequence[str] = ()
) -> Sequence[tuple[ActionUpdate, str | None]]:
    """Return what happened to a line after an update, with who did it, oldest first."""
    query = (
        select(ActionUpdate, User.name)
        .outerjoin(User, ActionUpdate.by_id == User.id)
        .where(ActionUpdate.action_id == action_id, ActionUpdate.id > seen, ActionUpdate.step.not_in(without))
    )
    return [(update, name) for update, name in session.execute(query.order_by(ActionUpdate.id))]


def newest(action_id: int) -> int:
    """Return the number of a line's newest update, 0 when it has none."""
    query = select(func.max(ActionUpdate.id)).where(ActionUpdate.action_id == action_id)
    return db.session.scalar(query) or 0


def refuse_stale(session: Session, line: Action, seen: int | None) -> None:
    """Raise Stale when a line changed after the update that a page knew of; None asks for no such proof."""
    if seen is not None and since(session, line.id, seen, CHANGES_NOTHING):
        raise Stale


def observations_of(session: Session, eva_id: UUID, ids: Sequence[UUID]) -> list[Observation]:
    """Return those of these observations that belong to an audit and were not taken back, in order."""
    query = select(Observation).where(
        Observation.eva_id == eva_id, Observation.id.in_(ids), Observation.removed_at.is_(None)
    )
    return list(session.scalars(query.order_by(Observation.number)))
