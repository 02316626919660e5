"""The line that an urgent observation makes at once: who must act today hears of it, plan or no plan."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp.models.account import Role, User
from webapp.models.action import Action, ActionObservation, ActionUpdate
from webapp.models.notice import Notice
from webapp.models.observation import Observation
from webapp.rules import notices as notice_rules
from webapp.rules.clock import local_date
from webapp.rules.codes.observation import CATEGORIES
from webapp.rules.roles import Person
from webapp.rules.roles import Role as RoleName
from webapp.services import audits


def next_number(session: Session, eva_id: UUID) -> int:
    """Return the number of the next line of an audit's plan, held so that no two lines get the same."""
    audits.hold(session, eva_id)
    query = select(func.max(Action.number)).where(Action.eva_id == eva_id)
    return (session.scalar(query) or 0) + 1


def text_of(category: str, place: str = "") -> str:
    """Return what the line of an urgent observation says."""
    return ", ".join(filter(None, (f"Deal today with {CATEGORIES.label(category).lower()}", place)))


def propose(session: Session, observation: Observation, person: Person, now: datetime) -> Action:
    """Propose the line, due on the day of the observation, and owe the news to its owner and the officers."""
    line = Action(
        eva_id=observation.eva_id,
        number=next_number(session, observation.eva_id),
        text=text_of(observation.category, observation.place_text)[:2000],
        owner_agency=observation.owner_agency,
        by_when=local_date(observation.seen_at or now),
        priority="high",
        status="proposed",
        created_at=now,
        created_by_id=person.id,
    )
    session.add(line)
    session.flush()
    session.add(ActionObservation(action_id=line.id, observation_id=observation.id))
    session.add(ActionUpdate(action_id=line.id, at=now, by_id=person.id, step="propose"))
    for user_id in _to_tell(session, observation.owner_agency):
        session.add(
            Notice(
                id=uuid4(),
                user_id=user_id,
                action_id=line.id,
                purpose=notice_rules.URGENT,
                state="owed",
                created_at=now,
                due_at=now,
            )
        )
    return line


def _to_tell(session: Session, agency: str | None) -> list[int]:
    """Return whom an urgent line concerns: officers, and partners of the agency that must act."""
    officers = User.roles.any(Role.name == RoleName.OFFICER.value)
    partners = User.roles.any(Role.name == RoleName.PARTNER.value) & (User.agency == agency)
    query = select(User.id).where(User.active, or_(officers, partners)).order_by(User.id)
    return list(session.scalars(query))
