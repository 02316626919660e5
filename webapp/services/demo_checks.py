"""The demo's checked sessions: all but the newest, and what the police were handed and told of it."""

import random
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from webapp.extensions import clock, db
from webapp.models.speed_reading import SpeedReading
from webapp.models.speed_watch import SpeedSession
from webapp.rules.clock import LONDON, local_date
from webapp.rules.codes.speed_watch import VOID_REASONS
from webapp.rules.roles import Person
from webapp.rules.speed_check import COUNTED, READY, VOID
from webapp.services import police_answers, police_exports, speed_checks
from webapp.services.police_answers import Answer
from webapp.services.speed_checks import Checked, Decision

# The newest sessions wait for their coordinator; what was handed over last waits for the police.
WAITING = timedelta(days=14)
HANDED_OVER, TAKEN_AFTER, ANSWERED_AFTER = timedelta(days=60), timedelta(hours=1), timedelta(days=12)
CHECKED_AFTER = timedelta(days=2)


def make(officer: Person) -> None:
    """Check the sessions of the demo, hand over what is ready in two parts, and write down what came of the first."""
    today = local_date(clock.now())
    sessions = db.session.execute(
        select(SpeedSession.reference, SpeedSession.held_on, SpeedSession.scheme_id)
        .where(SpeedSession.status == "held")
        .order_by(SpeedSession.held_on)
    ).all()
    schemes = sorted({scheme_id for _, _, scheme_id in sessions})
    first = today - HANDED_OVER
    for reference, held_on, _ in sessions:
        if held_on + CHECKED_AFTER <= first:
            _check(reference, held_on, officer)
    for scheme_id in schemes:
        _hand_over(scheme_id, first, officer, is_answered=True)
    for reference, held_on, _ in sessions:
        if first < held_on + CHECKED_AFTER and held_on <= today - WAITING:
            _check(reference, held_on, officer)
    for scheme_id in schemes[:1]:
        _hand_over(scheme_id, today - timedelta(days=5), officer)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=LONDON)


def _check(reference: str, held_on: date, officer: Person) -> None:
    chance = random.Random(f"check {reference}")  # noqa: S311 - nothing here is a secret
    with clock.standing_at(_noon(held_on + CHECKED_AFTER)):
        check = speed_checks.opened(reference, officer)
        decided = {row.reading.id: Decision(_choice(row, chance)) for row in check.rows}
        speed_checks.finish(reference, decided, officer, check.newest)


def _choice(row: Checked, chance: random.Random) -> str:
    if chance.random() < 0.05:
        return f"{VOID}:{chance.choice(VOID_REASONS.values[:3])}"
    return READY if row.may_go else COUNTED


def _hand_over(scheme_id: int, day: date, officer: Person, *, is_answered: bool = False) -> None:
    if not _is_ready(scheme_id):
        return
    with clock.standing_at(_noon(day)):
        export = police_exports.make(scheme_id, officer, 0 if is_answered else _newest(scheme_id, officer))
        export_id, rows = export.id, export.rows
    if is_answered:
        with clock.standing_at(_noon(day) + TAKEN_AFTER):
            police_exports.take(export_id, "xlsx", "", officer)
        with clock.standing_at(_noon(day + ANSWERED_AFTER)):
            said = Answer(rejected=frozenset({rows}), letters=rows // 3, visits=rows // 40)
            police_answers.answer(export_id, said, officer)


def _is_ready(scheme_id: int) -> bool:
    own = select(SpeedReading.id).join(SpeedSession, SpeedSession.id == SpeedReading.session_id)
    ready = own.where(SpeedSession.scheme_id == scheme_id, SpeedReading.status == READY)
    return db.session.scalar(ready.limit(1)) is not None


def _newest(scheme_id: int, officer: Person) -> int:
    return next(one.newest for one in police_exports.overview(officer) if one.scheme.id == scheme_id)
