"""What is written about lines of action plans: an agency's link, and news of a line on which somebody acts today."""

from flask import current_app
from sqlalchemy import select

from webapp.extensions import clock, db
from webapp.models.account import User
from webapp.models.action import Action, ActionLink, ActionObservation
from webapp.models.eva import Eva
from webapp.models.observation import Observation
from webapp.rules import actions as rules
from webapp.rules.clock import in_words, local_date
from webapp.rules.codes.agencies import agency_label
from webapp.rules.codes.observation import CATEGORIES
from webapp.rules.letters import Words
from webapp.rules.roles import Permission, Person
from webapp.services import action_tokens, lines, wards


def to_agency(link_id: object) -> tuple[str, Words] | None:
    """Return to whom a link goes and with what words, None when it can no longer be answered by."""
    link = db.session.get_one(ActionLink, link_id, populate_existing=True)
    line = db.session.get_one(Action, link.action_id, populate_existing=True)
    if not action_tokens.is_good(link, line):
        return None
    eva, today = db.session.get_one(Eva, line.eva_id), local_date(clock.now())
    address = f"{_base()}/actions/answer/{action_tokens.token_of(link)}"
    text = "\n".join(
        [
            "An Environmental Visual Audit (EVA) found something that is for you to do.",
            "",
            f"Audit:   {eva.reference}, {_ward(eva)}, {in_words(eva.held_on, today)}",
            f"Owner:   {agency_label(line.owner_agency)}",
            f"By when: {in_words(line.by_when, today)}",
            "",
            "See what was found, and say whether you will do it, have begun, have done it, or cannot:",
            address,
            "",
            "You need no account. The link takes one answer, and it is good until "
            f"{in_words(local_date(link.runs_out_at), today)}. Only you have it, so keep it to yourself.",
        ]
    )
    return link.email, Words(f"Can you do this? Action {line.number} of {eva.reference}", _closed(text))


def urgent(user: User, action_id: int | None) -> Words | None:
    """Return the news of an urgent line, None when it is no longer open or no longer this person's."""
    line = db.session.get_one(Action, action_id, populate_existing=True)
    person = Person(id=user.id, roles=tuple(user.role_names), agency=user.agency)
    query = select(Action.id).where(Action.id == line.id, lines.seen_by(person))
    may_act = user.active and person.may(Permission.ANSWER_ACTIONS)
    if line.status not in rules.OPEN or not may_act or db.session.scalar(query) is None:
        return None
    eva = db.session.get_one(Eva, line.eva_id)
    owner = agency_label(line.owner_agency) if line.owner_agency else "nobody yet"
    text = "\n".join(
        [
            "An Environmental Visual Audit (EVA) found something on which somebody must act today.",
            "",
            f"What:  {_what(line)}",
            f"Audit: {eva.reference}, {_ward(eva)}",
            f"Owner: {owner}",
            "",
            "See it, with its photos, and say what you do about it:",
            f"{_base()}/actions/{line.id}",
            "",
            "In danger, call 999. To report hate crime or damage that is not going on now, call 101.",
        ]
    )
    return Words(f"Act today: {_what(line).lower()}, {eva.reference}", _closed(text))


def _what(line: Action) -> str:
    query = (
        select(Observation.category)
        .join(ActionObservation, ActionObservation.observation_id == Observation.id)
        .where(ActionObservation.action_id == line.id)
        .order_by(Observation.number)
    )
    labels = dict.fromkeys(CATEGORIES.label(category) for category in db.session.scalars(query))
    return ", ".join(labels) or "A line of the plan"


def _ward(eva: Eva) -> str:
    return wards.in_use().names.get(eva.ward_code or "", "ward not known")


def _base() -> str:
    return str(current_app.config["BASE_URL"])


def _closed(text: str) -> str:
    return f"{text}\n\n--\n{current_app.config['PARTNERSHIP_NAME']}\nSent by Wardbook.\n"
