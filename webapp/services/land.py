"""Whose land it is: decisions, each kept, and the rules by which somebody answers for it by default."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db
from webapp.models.account import User
from webapp.models.event import Event
from webapp.models.fly_tipping import FlyTip
from webapp.models.land import LandDecision, RoutingRule
from webapp.models.record import Record
from webapp.rules.errors import NotFound
from webapp.rules.roles import Permission, Person
from webapp.services import history, records
from webapp.services.scope import write_scope
from webapp.services.transaction import one_commit

MATCHED = ("land_type", "main_waste", "ward_code")


@dataclass(frozen=True, slots=True)
class Land:
    """What somebody decided about the land. Without a body the routing rules say who answers."""

    land_type: str
    ownership: str
    source: str
    confidence: str
    reason: str = ""
    body: str | None = None


def decide(session: Session, tip: FlyTip, land: Land, person: Person, now: datetime) -> LandDecision:
    """Write a land decision and what follows from it, in the caller's commit; the decision before stays as it was."""
    rule = None if land.body else first_match(session, land.land_type, tip.main_waste, tip.ward_code)
    before = _about(tip)
    tip.land_type = land.land_type
    tip.ownership = None if land.ownership == "unknown" else land.ownership
    tip.responsible_body = land.body or (rule.body if rule else None)
    write_scope(tip)
    decision = LandDecision(
        record_id=tip.id,
        decided_at=now,
        decided_by_id=person.id,
        land_type=land.land_type,
        ownership=land.ownership,
        responsible_body=tip.responsible_body,
        is_body_by_rule=land.body is None,
        source=land.source,
        confidence=land.confidence,
        reason=land.reason,
        scope=tip.scope,
    )
    event = Event(
        record_id=tip.id,
        at=now,
        by_id=person.id,
        action="land_decided",
        before=before,
        after=_about(tip),
        reason=land.reason[:500] or None,
    )
    session.add_all((decision, event))
    return decision


def _about(tip: FlyTip) -> dict[str, Any]:
    columns = ("land_type", "ownership", "responsible_body", "scope", "due_on")
    return {name: str(value) if (value := getattr(tip, name)) is not None else None for name in columns}


def decide_again(reference: str, land: Land, seen: int, person: Person) -> None:
    """Decide about a record's land apart from any move. Raises NotFound, Stale when it changed meanwhile."""
    if not person.may(Permission.TRIAGE):
        raise NotFound
    with one_commit() as session:
        tip = records.locked(session, reference, person)
        history.refuse_stale(session, tip, seen)
        decide(session, tip, land, person, clock.now())


def decisions_of(tip: Record) -> Sequence[tuple[LandDecision, str | None]]:
    """Return all decisions about a record's land with who made each, the one that counts first."""
    query = (
        select(LandDecision, User.name)
        .outerjoin(User, LandDecision.decided_by_id == User.id)
        .where(LandDecision.record_id == tip.id)
        .order_by(LandDecision.id.desc())
    )
    return [(decision, name) for decision, name in db.session.execute(query)]


def rules() -> Sequence[RoutingRule]:
    """Return the routing rules in the order in which they are tried."""
    return db.session.scalars(select(RoutingRule).order_by(RoutingRule.position, RoutingRule.id)).all()


def first_match(
    session: Session, land_type: str | None, main_waste: str | None, ward_code: str | None
) -> RoutingRule | None:
    """Return the first rule that fits, None when none does; a part that a rule leaves open fits anything."""
    asked = dict(zip(MATCHED, (land_type, main_waste, ward_code), strict=True))
    fits = [
        or_(column.is_(None), column == asked[name])
        for name in MATCHED
        for column in (getattr(RoutingRule, name),)
    ]
    ordered = select(RoutingRule).where(*fits).order_by(RoutingRule.position, RoutingRule.id)
    return session.scalars(ordered.limit(1)).first()


def add_rule(
    body: str, person: Person, *, land_type: str | None, main_waste: str | None, ward_code: str | None
) -> None:
    """Add a routing rule below all others. Raises NotFound for who may not."""
    with _changing_rules(person) as session:
        last = session.scalar(select(func.max(RoutingRule.position))) or 0
        rule = RoutingRule(
            position=last + 1, land_type=land_type, main_waste=main_waste, ward_code=ward_code, body=body
        )
        session.add(rule)
        session.add(_rule_event(person, "routing_rule_added", rule))


def remove_rule(rule_id: int, person: Person) -> None:
    """Remove a routing rule; who answers for a record already stays. Raises NotFound."""
    with _changing_rules(person) as session:
        rule = session.get(RoutingRule, rule_id) or _none()
        session.delete(rule)
        session.add(_rule_event(person, "routing_rule_removed", rule))


def raise_rule(rule_id: int, person: Person) -> None:
    """Let a routing rule be tried before the one above it. Raises NotFound."""
    with _changing_rules(person) as session:
        rule = session.get(RoutingRule, rule_id) or _none()
        above = session.scalars(
            select(RoutingRule)
            .where(RoutingRule.position < rule.position)
            .order_by(RoutingRule.position.desc())
            .limit(1)
        ).first()
        if above is not None:
            above.position, rule.position = rule.position, above.position
            session.add(_rule_event(person, "routing_rule_raised", rule))


def _changing_rules(person: Person) -> Any:
    if not person.may(Permission.SET_ROUTING):
        raise NotFound
    return one_commit()


def _none() -> Any:
    raise NotFound


def _rule_event(person: Person, action: str, rule: RoutingRule) -> Event:
    about = {name: getattr(rule, name) for name in (*MATCHED, "body", "position")}
    return Event(at=clock.now(), by_id=person.id, action=action, after=about)
