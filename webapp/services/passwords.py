"""Links that set a password: for whoever was invited, and for whoever forgot theirs."""

from datetime import timedelta

from flask_security.utils import check_and_get_token_status, hash_password
from sqlalchemy import select

from webapp.extensions import clock, db, security
from webapp.models.account import User
from webapp.models.event import Event
from webapp.rules.errors import Gone, NotFound, Refused
from webapp.services import account_mail
from webapp.services.accounts import address
from webapp.services.transaction import one_commit

INVITATION_VALID = timedelta(days=7)
RESET_VALID = timedelta(hours=2)


def ask_reset(email: str) -> None:
    """Owe a reset link to this address. Whether it has an account is found out later, by the worker."""
    with one_commit() as session:
        account_mail.owe(session, address(email), "reset", clock.now())
    account_mail.nudge()


def behind_link(token: str) -> User:
    """Return whose password a link sets. Raises Gone when it is too old or was used, NotFound when it is none."""
    expired, invalid, data = check_and_get_token_status(token, "reset", INVITATION_VALID)
    if data is None and not expired:
        raise NotFound
    user = db.session.scalar(select(User).where(User.fs_uniquifier == data[0], User.active)) if data else None
    if expired or invalid or user is None:
        raise Gone
    if user.password is not None and check_and_get_token_status(token, "reset", RESET_VALID)[0]:
        raise Gone
    return user


def set_password(token: str, password: str) -> None:
    """Set the password of whom the link was sent to; the link and every session end. Raises Gone and Refused."""
    words, normal = security.password_util.validate(password, False, user=behind_link(token))
    if words:
        raise Refused({"password": str(words[0])})
    hashed = hash_password(normal)
    with one_commit() as session:
        user = behind_link(token)
        session.refresh(user, with_for_update=True)
        behind_link(token)
        first = user.password is None
        user.password = hashed
        security.datastore.set_uniquifier(user)
        if not first:
            account_mail.owe(session, user.email, "password_changed", clock.now())
        session.add(Event(at=clock.now(), by_id=user.id, action="password_set", after={"user": user.id}))


def tell_password_changed(user: User) -> None:
    """Owe the note that the password was changed, in the commit of whoever changed it."""
    account_mail.owe(db.session, user.email, "password_changed", clock.now())
