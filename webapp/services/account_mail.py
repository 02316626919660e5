"""Messages about accounts, sent by the worker: invitations, reset links, the note that a password was changed."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db, jobs, security
from webapp.models.account import AccountMail, User
from webapp.rules.clock import in_words, local_date
from webapp.rules.notices import next_attempt
from webapp.services import mail
from webapp.services.transaction import one_commit

SUBJECTS = {
    "invitation": "Your Wardbook account",
    "reset": "Set a new Wardbook password",
    "password_changed": "Your Wardbook password was changed",
}
# A reset link is wanted now or not at all, and a person who forgot asking must not get one days later.
RESET_WANTED_FOR = timedelta(hours=1)
PROBLEMS_KEPT_FOR = timedelta(days=30)
AT_ONCE = 50


def owe(session: Session, email: str, purpose: str, now: datetime) -> None:
    """Write down that this address is owed a message, in the caller's commit."""
    session.add(AccountMail(email=email, purpose=purpose, created_at=now, due_at=now))


def nudge() -> None:
    """Ask the worker to send soon, once what is owed has been committed."""
    jobs.nudge(current_app._get_current_object(), "account_mail")  # type: ignore[attr-defined]


def send_due() -> bool:
    """Send what is owed, and return whether more is waiting; the worker calls this."""
    now = clock.now()
    due = select(AccountMail.id).where(AccountMail.due_at <= now).order_by(AccountMail.due_at).limit(AT_ONCE)
    ids = list(db.session.scalars(due))
    for mail_id in ids:
        _send_one(mail_id)
    _forget_old_problems(now)
    return len(ids) == AT_ONCE


def _forget_old_problems(now: datetime) -> None:
    old = AccountMail.due_at.is_(None) & (AccountMail.created_at < now - PROBLEMS_KEPT_FOR)
    if db.session.scalar(select(AccountMail.id).where(old).limit(1)) is not None:
        with one_commit() as session:
            session.execute(delete(AccountMail).where(old))


def _send_one(mail_id: int) -> None:
    """Claim one message by putting off its next attempt, hand it over, and forget it."""
    now = clock.now()
    with one_commit() as session:
        owed = session.get(AccountMail, mail_id)
        if owed is None or owed.due_at is None or owed.due_at > now:
            return
        owed.attempts += 1
        owed.due_at = next_attempt(owed.attempts, owed.created_at, now)
        to, purpose, created_at = owed.email, owed.purpose, owed.created_at
    user = db.session.scalar(select(User).where(User.email == to, User.active))
    if user is None or (purpose == "reset" and now - created_at > RESET_WANTED_FOR):
        _forget(mail_id)
        return
    message_id = f"<account-{mail_id}-{created_at:%Y%m%d%H%M%S}@{mail.message_host()}>"
    try:
        mail.send(to, SUBJECTS[purpose], _text(user, purpose, now), message_id)
    except mail.MailProblem as error:
        _note_problem(mail_id, error)
        return
    _forget(mail_id)


def _text(user: User, purpose: str, now: datetime) -> str:
    # Rendered without Flask's page context: the worker has no request, and these messages need none of it.
    return current_app.jinja_env.get_template(f"email/security/{purpose}.txt").render(
        name=user.name,
        link=_link(user),
        until=in_words(local_date(now + timedelta(days=7))),
        is_invited=user.password is None,
        partnership=current_app.config["PARTNERSHIP_NAME"],
        contact=current_app.config["CONTACT_EMAIL"],
        sign_in=f"{current_app.config['BASE_URL']}/sign-in",
    )


def _link(user: User) -> str:
    """Return a link that sets this person's password once: using it changes what it is signed for."""
    token = security.reset_serializer.dumps([user.fs_uniquifier])
    return f"{current_app.config['BASE_URL']}/account/reset/{token}"


def _forget(mail_id: int) -> None:
    with one_commit() as session:
        session.execute(delete(AccountMail).where(AccountMail.id == mail_id))


def _note_problem(mail_id: int, error: mail.MailProblem) -> None:
    with one_commit() as session:
        owed = session.get(AccountMail, mail_id)
        if owed is None:
            return
        owed.problem = str(error)[:200]
        if isinstance(error, mail.MailRefused):
            owed.due_at = None
