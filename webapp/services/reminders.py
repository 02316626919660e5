"""The daily reminder of what is on day 5, 6 or 7 or overdue: one letter to each person whose work it is (plan 4.7)."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, select, true

from webapp.extensions import db
from webapp.models.account import Role, User
from webapp.models.fly_tipping import FlyTip
from webapp.models.record import Record
from webapp.rules import roles
from webapp.rules.clock import CLEAR_UP_DAYS, day_number, in_words
from webapp.rules.codes.agencies import agency_label
from webapp.rules.codes.clock import IN_TARGET, UNDECIDED
from webapp.rules.letters import Words
from webapp.services import wards

FIRST_DAY = 5
MOST_LISTED = 100
REMINDED = (roles.Role.OFFICER, roles.Role.PARTNER)


def people() -> Sequence[User]:
    """Return everybody whose work may be due: officers, and partners of an agency."""
    query = select(User).where(User.active, User.roles.any(Role.name.in_([role.value for role in REMINDED])))
    return [user for user in db.session.scalars(query.order_by(User.id)) if _is_for_somebody(user)]


def _is_for_somebody(user: User) -> bool:
    return roles.Role.OFFICER in user.role_names or bool(user.agency)


def due_for(user: User, today: date) -> Sequence[FlyTip]:
    """Return the open fly-tips of which somebody is reminded today, the most urgent first."""
    query = (
        select(FlyTip)
        .where(
            Record.closed_at.is_(None),
            Record.scope.in_((IN_TARGET, UNDECIDED)),
            Record.reported_on <= today - timedelta(days=FIRST_DAY),
            _theirs(user),
        )
        .order_by(Record.reported_on, Record.reference)
    )
    return db.session.scalars(query).all()


def _theirs(user: User) -> ColumnElement[bool]:
    if roles.Role.OFFICER in user.role_names:
        return true()
    return Record.responsible_body == user.agency


def write(user: User, day: date) -> Words | None:
    """Return somebody's reminder of a day, None when nothing is due any more. It names no place and no person."""
    due = due_for(user, day)
    if not due:
        return None
    overdue = [tip for tip in due if tip.due_on is not None and tip.due_on < day]
    subject = f"Fly-tipping: {len(overdue)} overdue, {len(due) - len(overdue)} on day {FIRST_DAY} to {CLEAR_UP_DAYS}"
    lines = [_line(tip, day) for tip in due[:MOST_LISTED]]
    left = [f"and {len(due) - MOST_LISTED} more"] if len(due) > MOST_LISTED else []
    base = current_app.config["BASE_URL"]
    text = "\n".join(
        [
            f"Due as of {in_words(day)}, the most urgent first:",
            "",
            *lines,
            *left,
            "",
            f"All of it: {base}/worklist",
        ]
    )
    end = f"--\n{current_app.config['PARTNERSHIP_NAME']}\nSent by Wardbook once a day while something is due."
    return Words(subject, f"{text}\n\n{end}\n")


def _line(tip: FlyTip, today: date) -> str:
    number = day_number(tip.reported_on, today)
    over = number - CLEAR_UP_DAYS
    standing = f"day {number}" if over <= 0 else f"{over} {'day' if over == 1 else 'days'} over"
    ward = wards.in_use().names.get(tip.ward_code or "", "ward not known")
    body = agency_label(tip.responsible_body) if tip.responsible_body else "nobody yet"
    address = f"{current_app.config['BASE_URL']}/records/{tip.reference}"
    return f"{tip.reference}  {standing}, {ward}, with {body}\n  {address}"
