"""What the demo's officer does with its fly-tips: looks at them, decides about the land, orders, clears and closes."""

import random
from datetime import date, datetime, timedelta

from webapp.extensions import clock, db
from webapp.models.fly_tipping import FlyTip
from webapp.rules import fly_tipping as rules
from webapp.rules.clock import local_date
from webapp.rules.codes.danger import QUESTIONS
from webapp.rules.roles import Person
from webapp.services import enforcement, land, lifecycle

# Land, waste and who answers: the first that fits counts.
ROUTING = (
    ("highway", "bags_commercial", "kcc_highways"),
    ("highway", "other_commercial", "kcc_highways"),
    ("railway", None, "network_rail"),
    ("watercourse_bank", None, "environment_agency"),
    (None, None, "sdc_direct_services"),
)
CREWS = ("Crew 1", "Crew 2", "Crew 3")
SPECIALIST = "Kent Asbestos Removal"
REASONS = {
    "not_found": "Went there twice, nothing to be seen.",
    "not_fly_tip": "Builders’ materials of the house next to it.",
    "private": "The owner has cleared it.",
    "hold": "Letters with a name in the third bag.",
}


def set_routing(officer: Person) -> None:
    """Make the routing rules of the demo."""
    for land_type, main_waste, body in ROUTING:
        land.add_rule(body, officer, land_type=land_type, main_waste=main_waste, ward_code=None)


def work_on(
    chance: random.Random, reference: str, moment: datetime, cleared: datetime | None, officer: Person
) -> None:
    """Take one report as far as a believable officer would have taken it by now."""
    tip = db.session.query(FlyTip).filter_by(reference=reference).one()
    looked_at, later = _hours_of_work(chance, moment, cleared)
    if looked_at > clock.now():
        return
    decided = _land(chance, tip)
    _move(reference, "triage", looked_at, officer, land=decided, dangers=_dangers(tip))
    db.session.refresh(tip)
    if later > clock.now():
        return
    _enforce(reference, later, officer)
    if decided.ownership == "private":
        _move(reference, "private", later, officer, land=decided)
        if cleared is not None:
            _move(reference, "close_without", cleared, officer, reason=REASONS["private"])
        return
    ends = chance.random()
    if ends < 0.04:
        name = chance.choice(("not_found", "not_fly_tip"))
        _move(reference, name, later, officer, reason=REASONS[name])
    elif cleared is None and ends < 0.2:
        _move(reference, "hold", later, officer, reason=REASONS["hold"])
    elif ends < 0.9 or cleared is not None:
        _order_and_clear(chance, tip, later, cleared, officer)


def _hours_of_work(
    chance: random.Random, moment: datetime, cleared: datetime | None
) -> tuple[datetime, datetime]:
    """Return when the officer looked at a report and when they took the next step, both before it was cleared."""
    span = cleared - moment if cleared else timedelta(hours=chance.randrange(20, 60))
    return moment + span * chance.uniform(0.1, 0.4), moment + span * chance.uniform(0.5, 0.8)


def _order_and_clear(
    chance: random.Random, tip: FlyTip, ordered: datetime, cleared: datetime | None, officer: Person
) -> None:
    is_asbestos = tip.main_waste == "asbestos"
    crew = SPECIALIST if is_asbestos else chance.choice(CREWS)
    _move(tip.reference, "specialist" if is_asbestos else "order", ordered, officer, crew=crew)
    if cleared is None:
        return
    cost = chance.randrange(180, 900) * 100 if tip.size == "tipper_lorry" else None
    _move(tip.reference, "clear", cleared, officer, cleared_on=local_date(cleared), cost_pence=cost)
    if chance.random() < 0.85 and tip.scope != "undecided":
        closed = cleared + timedelta(hours=20)
        if closed < clock.now():
            _move(tip.reference, "close", closed, officer, reason="The crew saw it clear.")


def _enforce(reference: str, moment: datetime, officer: Person) -> None:
    """Let one record in ten be investigated, and some of these end in a letter or in a penalty that is paid."""
    chance, day = random.Random(reference), local_date(moment)  # noqa: S311 - nothing here is a secret
    if chance.random() > 0.1:
        return
    further = chance.choice(((), (enforcement.Step("warning_letter", day),), (_penalty(day),)))
    with clock.standing_at(moment):
        for step in (enforcement.Step("investigation", day, 12_500, REASONS["hold"]), *further):
            enforcement.add_step(reference, step, officer)
    paid_on = day + timedelta(days=9)
    tip = db.session.query(FlyTip).filter_by(reference=reference).one()
    for written in enforcement.steps_of(tip):
        if written.may_become and paid_on <= local_date(clock.now()):
            paid = enforcement.Change("paid", paid_on)
            enforcement.change_penalty(reference, written.step.id, paid, officer)


def _penalty(day: date) -> enforcement.Step:
    return enforcement.Step("fpn", day, penalty="fpn_flytip", penalty_pence=40_000)


def _move(reference: str, name: str, moment: datetime, officer: Person, **given: object) -> None:
    with clock.standing_at(moment):
        lifecycle.move(reference, name, lifecycle.Given(**given), officer)  # type: ignore[arg-type]


def _land(chance: random.Random, tip: FlyTip) -> land.Land:
    covered = rules.in_target(tip.land_type, None)
    guessed = chance.choice(("public", "public", "private", "unknown"))
    ownership = {True: "public", False: "private", None: guessed}[covered]
    return land.Land(
        land_type=tip.land_type or "other_unidentified",
        ownership=ownership,
        source="visit",
        confidence="certain" if covered is not None else "likely",
    )


def _dangers(tip: FlyTip) -> dict[str, dict[str, str]]:
    answers = {question.value: {"answer": "no", "done": ""} for question in QUESTIONS}
    if tip.main_waste == "asbestos":
        answers["asbestos"] = {"answer": "yes", "done": f"{SPECIALIST} asked to come."}
    return answers
