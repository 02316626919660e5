"""People's accounts: inviting, roles, leaving and coming back."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from flask_security.utils import hash_password
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webapp.extensions import clock, db, security
from webapp.forms.base import clean
from webapp.models.account import AccountMail, Role, User
from webapp.models.event import Event
from webapp.rules.contact import EMAIL
from webapp.rules.errors import NotFound, Refused
from webapp.rules.roles import Permission, Person
from webapp.rules.roles import Role as RoleName
from webapp.services import account_mail
from webapp.services.rows import Rows
from webapp.services.transaction import one_commit


@dataclass(frozen=True, slots=True)
class Account:
    """One account as the list of people shows it."""

    id: int
    email: str
    name: str
    roles: tuple[str, ...]
    agency: str | None
    state: str
    has_authenticator: bool
    invited_at: datetime | None
    mail_problem: str | None


def address(email: str | None) -> str:
    r"""Return the one spelling of an address that accounts are kept and found by.

    >>> address(" Ow\x00en@Example.org ")
    'owen@example.org'
    """
    return (clean(email) or "").casefold()


def listed(by: Person) -> list[Account]:
    """Return every account, by name."""
    _ask(by)
    unsent = select(AccountMail).where(AccountMail.purpose == "invitation", AccountMail.problem.is_not(None))
    problems = {mail.email: mail.problem for mail in db.session.scalars(unsent)}
    users = db.session.scalars(select(User).order_by(func.lower(User.name), User.email))
    return [_account(user, problems.get(user.email)) for user in users]


def find(user_id: int, by: Person) -> Account:
    """Return one account. Raises NotFound."""
    _ask(by)
    return _account(_user(db.session, user_id), None)


def create(email: str, name: str, roles: Collection[str], agency: str | None, password: str) -> int:
    """Make an account that can sign in at once, and return its id. Raises Refused."""
    _check(email, roles)
    words, normal = security.password_util.validate(password, False, user=None)
    if words:
        raise Refused({"password": str(words[0])})
    hashed = hash_password(normal)
    with one_commit() as session:
        return _make(session, email, name, roles, agency, password=hashed).id


def invite(email: str, name: str, roles: Collection[str], agency: str | None, by: Person | None) -> int:
    """Make an account without a password, owe it an invitation, and return its id. Raises Refused.

    `by` is none at the command line.
    """
    _check(email, roles)
    if by is not None:
        _ask(by)
    now = clock.now()
    with one_commit() as session:
        user = _make(session, email, name, roles, agency)
        user.invited_at = now
        account_mail.owe(session, user.email, "invitation", now)
        _note(session, by, "account_invited", user, after={"roles": sorted(roles), "agency": agency})
    account_mail.nudge()
    return user.id


def invite_again(user_id: int, by: Person) -> None:
    """Owe a new invitation; the links of earlier ones stop working."""

    def change(session: Session, user: User) -> None:
        if user.password is not None or not user.active:
            raise Refused(
                {"account": "This account is in use already. Ask the person to reset their password."}
            )
        user.invited_at = clock.now()
        security.datastore.set_uniquifier(user)
        session.execute(delete(AccountMail).where(AccountMail.email == user.email))
        account_mail.owe(session, user.email, "invitation", user.invited_at)

    _change(user_id, by, "account_invited", change)
    account_mail.nudge()


def set_roles(user_id: int, name: str, roles: Collection[str], agency: str | None, by: Person) -> None:
    """Give a person these roles and this agency, from their next request on. Raises Refused for the last admin."""
    _check_roles(roles)

    def change(session: Session, user: User) -> None:
        if RoleName.ADMIN not in roles:
            _keep_an_admin(session, user)
        user.name, user.agency = name, agency
        user.roles = _roles(session, roles)

    _change(user_id, by, "account_roles_set", change)


def deactivate(user_id: int, by: Person) -> None:
    """Close an account: its sessions and links end at once. Raises Refused for one's own and for the last admin."""

    def change(session: Session, user: User) -> None:
        if user.id == by.id:
            raise Refused({"account": "You cannot close your own account. Ask another administrator."})
        _keep_an_admin(session, user)
        user.active = False
        security.datastore.set_uniquifier(user)
        session.execute(delete(AccountMail).where(AccountMail.email == user.email))

    _change(user_id, by, "account_closed", change)


def reactivate(user_id: int, by: Person) -> None:
    """Open a closed account again, with the password and roles it had."""

    def change(session: Session, user: User) -> None:
        user.active = True

    _change(user_id, by, "account_opened", change)


def forget_authenticator(user_id: int, by: Person) -> None:
    """Take the authenticator app off an account whose owner lost it; their sessions end at once."""

    def change(session: Session, user: User) -> None:
        security.datastore.tf_reset(user)
        user.mf_recovery_codes = None
        security.datastore.set_uniquifier(user)

    _change(user_id, by, "authenticator_removed", change)


def _ask(by: Person) -> None:
    if not by.may(Permission.MANAGE_PEOPLE):
        raise NotFound


def _account(user: User, problem: str | None) -> Account:
    state = "closed" if not user.active else "invited" if user.password is None else "active"
    return Account(
        id=user.id,
        email=user.email,
        name=user.name,
        roles=user.role_names,
        agency=user.agency,
        state=state,
        has_authenticator=user.tf_primary_method is not None,
        invited_at=user.invited_at,
        mail_problem=problem,
    )


def _user(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFound
    return user


def _check(email: str, roles: Collection[str]) -> None:
    if not address(email) or EMAIL.problem(address(email)):
        raise Refused({"email": "Enter an email address in the form name@example.org."})
    _check_roles(roles)


def _check_roles(roles: Collection[str]) -> None:
    unknown = sorted(set(roles) - set(RoleName))
    if unknown:
        raise Refused({"roles": f"There is no role “{unknown[0]}”. The roles are {', '.join(RoleName)}."})


def _make(
    session: Session,
    email: str,
    name: str,
    roles: Collection[str],
    agency: str | None,
    password: str | None = None,
) -> User:
    is_new = Rows(session).write_unless_there(
        User,
        email=address(email),
        name=name,
        agency=agency,
        password=password,
        fs_uniquifier=uuid4().hex,
    )
    if not is_new:
        raise Refused({"email": "Somebody with this email address has an account already."})
    user = session.scalars(select(User).where(User.email == address(email))).one()
    user.roles = _roles(session, roles)
    return user


def _roles(session: Session, names: Collection[str]) -> list[Role]:
    rows = Rows(session)
    for name in sorted(names):
        rows.write_unless_there(Role, name=name)
    held = {role.name: role for role in session.scalars(select(Role).where(Role.name.in_(names)))}
    return [held[name] for name in RoleName if name in held]


def _keep_an_admin(session: Session, user: User) -> None:
    # Of two who take the other's away at the same moment, the second waits here and finds that they are the last.
    session.execute(select(Role.id).where(Role.name == RoleName.ADMIN).with_for_update(key_share=True))
    others = select(User.id).where(
        User.active,
        User.id != user.id,
        User.password.is_not(None),
        User.roles.any(Role.name == RoleName.ADMIN),
    )
    if RoleName.ADMIN in user.role_names and session.scalar(others.limit(1)) is None:
        raise Refused(
            {"account": "This is the only administrator. Make somebody else an administrator first."}
        )


def _change(user_id: int, by: Person, action: str, change: Callable[[Session, User], None]) -> None:
    """Change one account in one commit, with its line of history: what the person could do before and after."""
    _ask(by)
    with one_commit() as session:
        user = _user(session, user_id)
        before = _standing(user)
        change(session, user)
        _note(session, by, action, user, before, _standing(user))


def _standing(user: User) -> dict[str, object]:
    return {"roles": sorted(user.role_names), "agency": user.agency, "active": user.active}


def _note(
    session: Session,
    by: Person | None,
    action: str,
    user: User,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    about = {"user": user.id, **(after or {})}
    session.add(Event(at=clock.now(), by_id=by.id if by else None, action=action, before=before, after=about))
