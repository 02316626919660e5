"""Sessions that ended before their cookie would: signed out, here or on every device."""

from datetime import timedelta

from sqlalchemy import delete, select

from webapp.extensions import clock, db, security
from webapp.models.account import EndedSession, User
from webapp.rules.roles import Person
from webapp.services.rows import Rows
from webapp.services.transaction import one_commit

SESSION_AT_MOST = timedelta(days=7)


def end_session(session_id: str) -> None:
    """End one session for good, also for whoever copied its cookie."""
    with one_commit() as session:
        forget_at = clock.now() + SESSION_AT_MOST
        Rows(session).write_unless_there(EndedSession, id=session_id, forget_at=forget_at)


def end_all_sessions(person: Person) -> None:
    """Sign somebody out on every device."""
    with one_commit() as session:
        user = session.get(User, person.id)
        if user is not None:
            security.datastore.set_uniquifier(user)


def has_ended(session_id: str) -> bool:
    """Return whether this session was signed out."""
    return db.session.get(EndedSession, session_id) is not None


def tidy() -> bool:
    """Forget ended sessions whose cookies are too old to be accepted anyway; nothing is ever left waiting."""
    old = EndedSession.forget_at <= clock.now()
    if db.session.scalar(select(EndedSession.id).where(old).limit(1)) is not None:
        with one_commit() as session:
            session.execute(delete(EndedSession).where(old))
    return False
