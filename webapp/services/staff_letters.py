"""Letters to staff and agencies: whom each goes to, and what it says now."""

from collections.abc import Callable, Mapping

from webapp.extensions import db
from webapp.models.account import User
from webapp.models.notice import Notice
from webapp.rules import notices as rules
from webapp.rules.letters import Words
from webapp.services import action_letters, reminders


def addressed(notice: Notice) -> tuple[str, Words] | None:
    """Return whom a notice goes to and what it says, None when there is nothing to say any more."""
    if notice.link_id is not None:
        return action_letters.to_agency(notice.link_id)
    user = db.session.get_one(User, notice.user_id, populate_existing=True)
    letter = LETTERS[notice.purpose](user, notice) if user.active else None
    return (user.email, letter) if letter else None


def _reminder(user: User, notice: Notice) -> Words | None:
    return reminders.write(user, notice.about_on) if notice.about_on else None


def _urgent(user: User, notice: Notice) -> Words | None:
    return action_letters.urgent(user, notice.action_id)


LETTERS: Mapping[str, Callable[[User, Notice], Words | None]] = {
    rules.REMINDER: _reminder,
    rules.URGENT: _urgent,
}
