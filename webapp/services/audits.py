"""Environmental Visual Audits for staff: one with everything that belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectin_polymorphic

from webapp.extensions import db
from webapp.models.action import Action, ActionObservation
from webapp.models.eva import Eva, EvaFeeling, EvaParticipant, EvaPrompt, EvaTransect
from webapp.models.fly_tipping import FlyTip
from webapp.models.observation import Observation
from webapp.models.photo import Photo
from webapp.models.record import Record
from webapp.models.request import Request
from webapp.rules import actions as action_rules
from webapp.rules import eva as rules
from webapp.rules.actions import Completion
from webapp.rules.errors import NotFound
from webapp.rules.roles import Permission, Person
from webapp.services import walks


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit with who came, what was graded, asked, felt and seen, its photos by what they show, and its plan."""

    eva: Eva
    people: Sequence[EvaParticipant]
    transects: Sequence[EvaTransect]
    prompts: Sequence[EvaPrompt]
    feelings: Sequence[EvaFeeling]
    observations: Sequence[Observation]
    photos: dict[UUID, list[Photo]]
    actions: Sequence[Action]
    lines_of: dict[UUID, list[Action]]
    seen_by_line: dict[int, list[Observation]]
    records: dict[UUID, Record]
    requests: dict[UUID, Request]
    previous: Eva | None

    @property
    def completion(self) -> Completion:
        """How far its plan is (Action Plan 4.2)."""
        return action_rules.completion(action.status for action in self.actions)

    @property
    def came(self) -> Sequence[EvaParticipant]:
        """Those who were there."""
        return [person for person in self.people if person.presence == "came"]

    @property
    def who_came(self) -> str:
        """Those who were there by what they are, without names; empty when nobody was written down."""
        counts = rules.who_came(person.type for person in self.came)
        return ", ".join(f"{count} × {label}" if count > 1 else label for label, count in counts)

    @property
    def part_numbers(self) -> dict[str, int]:
        """The number of each observation, by its id as history writes it."""
        return {str(one.id): one.number for one in self.observations}

    @property
    def photo_numbers(self) -> dict[str, str]:
        """How history calls each photo, by its id."""
        numbers = {one.id: one.number for one in self.observations}
        return {
            str(photo.id): f"of observation {numbers[capture_id]}"
            for capture_id, photos in self.photos.items()
            if capture_id in numbers
            for photo in photos
        }

    @property
    def warnings(self) -> list[str]:
        """What somebody should look at, in sentences; none for most audits."""
        has_begun = self.eva.began_at is not None
        people = rules.missing_people(person.type for person in (self.came if has_begun else self.people))
        is_empty = self.eva.ended_at is not None and not self.observations and not self.eva.found_nothing
        late = rules.came_late(self.eva.closed_at, (one.received_at for one in self.observations))
        nothing = rules.FOUND_NOTHING if is_empty else None
        return [sentence for sentence in (people, nothing, late) if sentence]

    @property
    def is_done(self) -> bool:
        """Whether it counts as undertaken."""
        return rules.is_done(self.eva.status, len(self.observations), found_nothing=self.eva.found_nothing)


def find(reference: str, person: Person) -> Eva:
    """Return one audit. Raises NotFound when there is none, or none for this person."""
    eva = db.session.scalar(select(Eva).where(Eva.reference == reference))
    if eva is None or not person.may(Permission.SURVEY):
        raise NotFound
    return eva


def hold(session: Session, eva_id: UUID) -> None:
    """Let those who give parts of an audit their numbers take turns, in the caller's commit."""
    # Whatever refers to the audit is written meanwhile all the same, so that two writers never wait for each other.
    session.execute(select(Record.id).where(Record.id == eva_id).with_for_update(key_share=True))


def everything(eva: Eva) -> Audit:
    """Return an audit with all that belongs to it."""
    session = db.session
    observations = walks.observations_of([eva])
    ids = [one.id for one in observations]
    actions = session.scalars(select(Action).where(Action.eva_id == eva.id).order_by(Action.number)).all()
    lines_of, seen_by_line = _linked(actions, observations)
    photos: dict[UUID, list[Photo]] = {}
    query = select(Photo).where(Photo.record_id == eva.id).order_by(Photo.received_at, Photo.id)
    for photo in session.scalars(query):
        photos.setdefault(photo.capture_id, []).append(photo)
    made = [one.made_record_id for one in observations if one.made_record_id]
    # Each says in a line what it is, for which its own columns are needed.
    whole = select(Record).where(Record.id.in_(made)).options(selectin_polymorphic(Record, [FlyTip]))
    records = {record.id: record for record in session.scalars(whole)}
    asked = session.scalars(select(Request).where(Request.observation_id.in_(ids)))
    return Audit(
        eva=eva,
        people=session.scalars(_of(EvaParticipant, eva).order_by(EvaParticipant.id)).all(),
        transects=session.scalars(_of(EvaTransect, eva).order_by(EvaTransect.id)).all(),
        prompts=session.scalars(_of(EvaPrompt, eva)).all(),
        feelings=session.scalars(_of(EvaFeeling, eva).order_by(EvaFeeling.id)).all(),
        observations=observations,
        photos=photos,
        actions=actions,
        lines_of=lines_of,
        seen_by_line=seen_by_line,
        records=records,
        requests={request.observation_id: request for request in asked if request.observation_id},
        previous=session.get(Eva, eva.previous_id) if eva.previous_id else None,
    )


def _of(model: Any, eva: Eva) -> Any:
    return select(model).where(model.eva_id == eva.id)


def _linked(
    actions: Sequence[Action], observations: Sequence[Observation]
) -> tuple[dict[UUID, list[Action]], dict[int, list[Observation]]]:
    """Return the lines of each observation, and the observations of each line."""
    by_action, by_observation = {one.id: one for one in actions}, {one.id: one for one in observations}
    lines_of: dict[UUID, list[Action]] = {}
    seen_by_line: dict[int, list[Observation]] = {}
    query = select(ActionObservation).where(ActionObservation.action_id.in_(by_action))
    for link in db.session.scalars(query):
        if link.observation_id in by_observation:
            lines_of.setdefault(link.observation_id, []).append(by_action[link.action_id])
            seen_by_line.setdefault(link.action_id, []).append(by_observation[link.observation_id])
    return lines_of, seen_by_line
