"""The daily reminder: one letter to each person whose work it is.

It tells of fly-tips on day 5, 6 or 7 or overdue (plan 4.7), and of open lines of action plans that are overdue or due
within days (plan 4.2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import InstrumentedAttribute

from webapp.extensions import db
from webapp.models.account import Role, User
from webapp.models.action import Action
from webapp.models.eva import Eva
from webapp.models.fly_tipping import FlyTip
from webapp.models.record import Record
from webapp.rules import actions, roles
from webapp.rules.clock import CLEAR_UP_DAYS, day_number, in_short, in_words
from webapp.rules.codes.agencies import agency_label
from webapp.rules.codes.clock import IN_TARGET, UNDECIDED
from webapp.rules.letters import Words
from webapp.services import wards

FIRST_DAY = 5
LINE_DAYS = 3
MOST_LISTED = 100
REMINDED = (roles.Role.OFFICER, roles.Role.PARTNER)


def people() -> Sequence[User]:
    """Return everybody whose work may be due: officers, and partners of an agency."""
    query = select(User).where(User.active, User.roles.any(Role.name.in_([role.value for role in REMINDED])))
    return [user for user in db.session.scalars(query.order_by(User.id)) if _is_for_somebody(user)]


def _is_for_somebody(user: User) -> bool:
    return roles.Role.OFFICER in user.role_names or bool(user.agency)


@dataclass(frozen=True, slots=True)
class Due:
    """What somebody is reminded of, the most urgent first: fly-tips, and lines each with its audit."""

    tips: Sequence[FlyTip]
    lines: Sequence[tuple[Action, Eva]]

    @property
    def is_some(self) -> bool:
        """Whether there is anything to remind of."""
        return bool(self.tips or self.lines)


def due_for(user: User, today: date) -> Due:
    """Return the open work of which somebody is reminded today."""
    return Due(_tips(user, today), _lines(user, today))


def _tips(user: User, today: date) -> Sequence[FlyTip]:
    query = (
        select(FlyTip)
        .where(
            Record.closed_at.is_(None),
            Record.scope.in_((IN_TARGET, UNDECIDED)),
            Record.reported_on <= today - timedelta(days=FIRST_DAY),
            _theirs(user, Record.responsible_body),
        )
        .order_by(Record.reported_on, Record.reference)
    )
    return db.session.scalars(query).all()


def _lines(user: User, today: date) -> Sequence[tuple[Action, Eva]]:
    query = (
        select(Action, Eva)
        .join(Eva, Eva.id == Action.eva_id)
        .where(
            Action.status.in_(sorted(actions.OPEN)),
            Action.by_when <= today + timedelta(days=LINE_DAYS),
            _theirs(user, Action.owner_agency),
        )
        .order_by(Action.by_when, Action.id)
    )
    return [(line, eva) for line, eva in db.session.execute(query)]


def _theirs(user: User, agency: InstrumentedAttribute[str | None]) -> ColumnElement[bool]:
    return true() if roles.Role.OFFICER in user.role_names else agency == user.agency


def write(user: User, day: date) -> Words | None:
    """Return somebody's reminder of a day, None when nothing is due any more. It names no place and no person."""
    due = due_for(user, day)
    if not due.is_some:
        return None
    parts = [part for part in (_about_tips(due.tips, day), _about_lines(due.lines, day)) if part is not None]
    subject = "; ".join(part.subject for part in parts)
    text = "\n\n".join([f"Due as of {in_words(day)}, the most urgent first:", *(part.text for part in parts)])
    end = f"--\n{current_app.config['PARTNERSHIP_NAME']}\nSent by Wardbook once a day while something is due."
    return Words(subject, f"{text}\n\n{end}\n")


def _about_tips(tips: Sequence[FlyTip], day: date) -> Words | None:
    overdue = sum(tip.due_on is not None and tip.due_on < day for tip in tips)
    subject = f"Fly-tipping: {overdue} overdue, {len(tips) - overdue} on day {FIRST_DAY} to {CLEAR_UP_DAYS}"
    return _part(subject, [_line(tip, day) for tip in tips], "worklist")


def _about_lines(lines: Sequence[tuple[Action, Eva]], day: date) -> Words | None:
    overdue = sum(line.by_when < day for line, _ in lines)
    subject = f"Action plans: {overdue} overdue, {len(lines) - overdue} due by {in_short(day + timedelta(LINE_DAYS))}"
    return _part(subject, [_action(line, eva, day) for line, eva in lines], "actions")


def _part(subject: str, lines: Sequence[str], page: str) -> Words | None:
    if not lines:
        return None
    left = [f"and {len(lines) - MOST_LISTED} more"] if len(lines) > MOST_LISTED else []
    all_of_it = f"All of it: {current_app.config['BASE_URL']}/{page}"
    return Words(subject, "\n".join([*lines[:MOST_LISTED], *left, "", all_of_it]))


def _action(line: Action, eva: Eva, today: date) -> str:
    over = (today - line.by_when).days
    late = f"{over} {'day' if over == 1 else 'days'} over"
    standing = late if over > 0 else f"due {in_words(line.by_when, today)}"
    ward = wards.in_use().names.get(eva.ward_code or "", "ward not known")
    owner = agency_label(line.owner_agency) if line.owner_agency else "nobody yet"
    address = f"{current_app.config['BASE_URL']}/actions/{line.id}"
    return f"{eva.reference} action {line.number}  {standing}, {ward}, with {owner}\n  {address}"


def _line(tip: FlyTip, today: date) -> str:
    number = day_number(tip.reported_on, today)
    over = number - CLEAR_UP_DAYS
    standing = f"day {number}" if over <= 0 else f"{over} {'day' if over == 1 else 'days'} over"
    ward = wards.in_use().names.get(tip.ward_code or "", "ward not known")
    body = agency_label(tip.responsible_body) if tip.responsible_body else "nobody yet"
    address = f"{current_app.config['BASE_URL']}/records/{tip.reference}"
    return f"{tip.reference}  {standing}, {ward}, with {body}\n  {address}"
