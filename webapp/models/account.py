"""People with an account, their roles, and the agency a partner answers for."""

from datetime import datetime

from flask import current_app
from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, String, Table, Text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Moment, one_of

MAIL_PURPOSES = ("invitation", "reset", "password_changed")

user_role = Table(
    "user_role",
    Base.metadata,
    Column("user_id", ForeignKey("user.id"), primary_key=True),
    Column("role_id", ForeignKey("role.id"), primary_key=True),
)


class Role(Base, RoleMixin):
    """One of the roles named in `webapp.rules.roles`."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)


class User(Base, UserMixin):
    """Somebody with an account; without a password until they have taken up their invitation."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    agency: Mapped[str | None] = mapped_column(String(40))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    invited_at: Mapped[datetime | None] = mapped_column(Moment)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(Text)
    tf_last_counter: Mapped[int | None]
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    roles: Mapped[list[Role]] = relationship(secondary=user_role, lazy="selectin")  # type: ignore[assignment]

    @property
    def role_names(self) -> tuple[str, ...]:
        """The names of the roles this person holds."""
        return tuple(role.name for role in self.roles)

    @property
    def called(self) -> str:
        """What pages call somebody: their name, or else the number of their account, never their address."""
        return self.name or f"Account {self.id}"

    def check_tf_required_setup(self) -> bool:
        """Whether a role makes an authenticator app compulsory for this person; Flask-Security asks."""
        return not current_app.config["TOTP_ROLES"].isdisjoint(self.role_names)

    def check_tf_required(
        self, tf_setup_methods: list[tuple[str, str]], tf_fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        """Whether signing in takes a second step: for whoever has an app, and whoever must have one."""
        return bool(tf_setup_methods) or self.check_tf_required_setup(), tf_setup_methods


class AccountMail(Base):
    """One message about an account, owed to an address; gone once it was sent.

    Whoever asks for a reset link gets a row, account or not: only the worker looks, so that neither the answer nor
    the time it takes tells a stranger who has an account. The link is made when it is sent and never kept.
    """

    __tablename__ = "account_mail"
    __table_args__ = (one_of("purpose", MAIL_PURPOSES),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(String(200))


class EndedSession(Base):
    """A session that was signed out. Its cookie would be good for hours yet if somebody had copied it."""

    __tablename__ = "ended_session"

    id: Mapped[str] = mapped_column(String(43), primary_key=True)
    forget_at: Mapped[datetime] = mapped_column(Moment, index=True)
