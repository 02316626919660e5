"""A quarter of fly-tips and enforcement for tests of the return: every value of every list, and what is not known."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

from tests.builders import submit
from webapp.extensions import clock, db
from webapp.models.enforcement import EnforcementStep
from webapp.models.fly_tipping import FlyTip
from webapp.rules.codes import enforcement
from webapp.rules.codes import fly_tipping as codes

FIRST = date(2026, 9, 28)
DAYS = 98
RECORDS = 90
SCOPES = ("in_target", "in_target", "in_target", "undecided", "private_land", "ea_led")
LEFT_OUT = ("duplicate", "not_found", "not_fly_tip")


def fill() -> None:
    """Write records from three days before October to Epiphany, so that the neighbours of the quarter are there too."""
    chance = Random(7)  # noqa: S311 - nothing here is a secret
    tips = [_record() for _ in range(RECORDS)]
    for number, tip in enumerate(tips):
        _shape(tip, number, chance)
    db.session.flush()
    _enforce([tip.id for tip in tips], chance)
    db.session.commit()


def _record() -> FlyTip:
    return db.session.query(FlyTip).filter_by(reference=submit().reference).one()


def _shape(tip: FlyTip, number: int, chance: Random) -> None:
    tip.reported_on = FIRST + timedelta(days=chance.randrange(DAYS))
    tip.due_on = tip.reported_on + timedelta(days=7)
    tip.scope = chance.choice(LEFT_OUT if number % 9 == 0 else SCOPES)
    tip.incident_on = None if tip.scope in LEFT_OUT else tip.reported_on
    tip.land_type = chance.choice((*codes.LAND_TYPES.values, None))
    tip.main_waste = chance.choice((*codes.WASTE_TYPES.values, None))
    tip.size = chance.choice((*codes.SIZES.values, *("tipper_lorry", "significant_multiple") * 3, None))
    tip.is_public_reported = chance.random() < 0.7
    if chance.random() < 0.6:
        tip.days_taken = chance.randrange(40)
        tip.cleared_on, tip.is_cleared = tip.reported_on + timedelta(days=tip.days_taken), True
        tip.clearance_cost_pence = chance.choice((None, 0, 12_345, 99_999))


def _enforce(ids: list[UUID], chance: Random) -> None:
    for number in range(80):
        step = chance.choice(enforcement.STEPS.values)
        done_on = FIRST + timedelta(days=chance.randrange(DAYS))
        later = done_on + timedelta(days=chance.randrange(30))
        row = EnforcementStep(
            record_id=chance.choice(ids), step=step, done_on=done_on, written_at=clock.now()
        )
        row.cost_pence = chance.choice((None, 2_550, 10_000))
        if step == "fpn" or number % 4 == 0:
            row.step, row.penalty = "fpn", chance.choice(enforcement.PENALTIES.values)
            row.penalty_state = chance.choice(("issued", "paid", "paid", "cancelled"))
            row.paid_on = later if row.penalty_state == "paid" else None
        elif step == "prosecution":
            row.outcome, row.outcome_on = chance.choice(enforcement.OUTCOMES.values), later
        db.session.add(row)
