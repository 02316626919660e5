"""What Flask-Security is given: its settings, codes that work once, and a datastore whose writes queue like all."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_security import FSQLALiteUserDatastore, Totp
from flask_security.recovery_codes import MfRecoveryCodesUtil
from passlib.exc import UsedTokenError
from passlib.totp import TOTP
from sqlalchemy import or_, update

from webapp.extensions import db
from webapp.models.account import Role, User
from webapp.services.transaction import commit_late, one_commit

SHORTEST_PASSWORD = 12

MESSAGES = {
    "CODE_HAS_BEEN_SENT": ("Enter the code from your authenticator app.", "info"),
    "EMAIL_NOT_PROVIDED": ("Enter your email address.", "error"),
    "GENERIC_AUTHN_FAILED": (
        "The email address or the password is not right. Check both and try again.",
        "error",
    ),
    "INVALID_EMAIL_ADDRESS": ("Enter an email address in the form name@example.org.", "error"),
    "INVALID_PASSWORD": ("That is not your password. Type it again.", "error"),
    "INVALID_RECOVERY_CODE": ("That code is not right, or was used already. Try another one.", "error"),
    "INVALID_REDIRECT": ("We could not take you back to where you were.", "info"),
    "NO_RECOVERY_CODES_SETUP": ("You have no recovery codes yet. Make some now.", "error"),
    "PASSWORD_CHANGE": ("Your password is changed. You are signed out everywhere else.", "success"),
    "PASSWORD_INVALID_LENGTH": ("Use a password of %(length)s characters or more.", "error"),
    "PASSWORD_IS_THE_SAME": ("Choose a password that is not the one you have now.", "error"),
    "PASSWORD_NOT_PROVIDED": ("Enter your password.", "error"),
    "REAUTHENTICATION_REQUIRED": ("Enter your password again before you change this.", "info"),
    "REAUTHENTICATION_SUCCESSFUL": ("Thank you. You can go on.", "success"),
    "RETYPE_PASSWORD_MISMATCH": ("The two passwords are not the same. Type them again.", "error"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": ("Your authenticator app is set up.", "success"),
    "TWO_FACTOR_DISABLED": ("Your authenticator app is turned off.", "success"),
    "TWO_FACTOR_INVALID_TOKEN": (
        "That code is not right. Wait for the next one in your app and type it.",
        "error",
    ),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": ("You are signed in.", "success"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": ("Use the button on this page.", "error"),
    "TWO_FACTOR_PERMISSION_DENIED": ("That took too long or was not finished. Sign in again.", "info"),
    "UNAUTHENTICATED": ("Sign in to see this page.", "info"),
}

CHOICES: dict[str, Any] = {
    "API_ENABLED_METHODS": ["session"],
    "CLI_ROLES_NAME": None,
    "CLI_USERS_NAME": None,
    # Whoever touches their second factor has given their password within the hour.
    "FRESHNESS": timedelta(hours=1),
    "FRESHNESS_GRACE_PERIOD": timedelta(minutes=15),
    "MULTI_FACTOR_RECOVERY_CODES": True,
    "MULTI_FACTOR_RECOVERY_CODES_N": 8,
    # Salted argon2 as its makers ship it. A pepper from SECRET_KEY would make every password useless with a new key.
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SCHEMES": ["argon2"],
    "DEPRECATED_PASSWORD_SCHEMES": [],
    "PASSWORD_SINGLE_HASH": {"argon2"},
    "PASSWORD_LENGTH_MIN": SHORTEST_PASSWORD,
    "POST_CHANGE_VIEW": "account.show",
    "POST_LOGIN_VIEW": "account.start",
    "POST_LOGOUT_VIEW": "pages.front",
    "POST_VERIFY_VIEW": "account.show",
    "RETURN_GENERIC_RESPONSES": True,
    "SEND_PASSWORD_CHANGE_EMAIL": False,
    "TOTP_ISSUER": "Wardbook",
    "TWO_FACTOR": True,
    # Seconds that a phone's clock may be off.
    "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
    "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "TWO_FACTOR_ERROR_VIEW": "security.login",
    "TWO_FACTOR_IMPLEMENTATIONS": {"code": "flask_security.twofactor.CodeTfPlugin"},
    "TWO_FACTOR_POST_SETUP_VIEW": "security.mf_recovery_codes",
    "TWO_FACTOR_RESCUE_EMAIL": False,
    "USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": str.casefold, "case_insensitive": False}}],
}


class Datastore(FSQLALiteUserDatastore):
    """Flask-Security's own views commit through this, in the writers' turn."""

    def commit(self) -> None:
        """Commit what a view of Flask-Security changed."""
        commit_late()


class OneTimeTotp(Totp):
    """Authenticator codes that work once: a code read over a shoulder is worth nothing after its owner used it."""

    def __init__(self, secrets: dict[str, str], issuer: str) -> None:
        # The first key is the newest; left alone, passlib would encrypt with whichever tag sorts last.
        self._totp = TOTP.using(issuer=issuer, secrets=secrets, default_tag=next(iter(secrets)))

    def get_last_counter(self, user: Any) -> int | None:
        """Return the half-minute of the newest code this person used."""
        counter: int | None = user.tf_last_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Keep the half-minute of the code just used. Raises UsedTokenError when another request was sooner.

        What was read of the person may be old by now, so the comparison that counts is made by the write itself.
        """
        newer = or_(User.tf_last_counter.is_(None), User.tf_last_counter < tmatch.counter)
        spend = update(User).where(User.id == user.id, newer).values(tf_last_counter=tmatch.counter)
        with one_commit() as session:
            if session.scalar(spend.returning(User.id)) is None:
                raise UsedTokenError


class OneTimeRecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes that work once, also for two who send the same one at the same moment."""

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Spend a code; return whether it was there to be spent."""
        is_there: bool = super().check_recovery_code(user, code)
        return is_there and self._spend(user.id, code)

    def _spend(self, user_id: int, code: str) -> bool:
        # What was read of the person may be old by now: whoever comes second finds the code gone.
        with one_commit() as session:
            user = session.get_one(User, user_id, with_for_update=True, populate_existing=True)
            held = list(user.mf_recovery_codes or ())
            user.mf_recovery_codes = [sealed for sealed in held if self._decrypt_codes([sealed]) != [code]]
            return len(user.mf_recovery_codes) < len(held)

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Do nothing more: Flask-Security deletes a code after it was found good, and by then it is gone."""
        return True


def datastore() -> Datastore:
    """Return the store of people and roles that Flask-Security works on."""
    return Datastore(db, User, Role)


def settings(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return Flask-Security's settings by their whole names; the keys are derived from the secret ones."""
    secrets = [str(config["SECRET_KEY"]), *config["SECRET_KEY_FALLBACKS"]]
    keys = {
        "TOTP_SECRETS": dict(_tagged(secret) for secret in secrets),
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [
            urlsafe_b64encode(_key(secret, b"recovery codes")) for secret in secrets
        ],
    }
    messages = {f"MSG_{name}": words for name, words in MESSAGES.items()}
    return {f"SECURITY_{name}": value for name, value in {**CHOICES, **keys, **messages}.items()}


def _tagged(secret: str) -> tuple[str, str]:
    key = _key(secret, b"authenticator").hex()
    return hashlib.sha256(key.encode()).hexdigest()[:8], key


def _key(secret: str, purpose: bytes) -> bytes:
    return hmac.digest(secret.encode(), b"wardbook " + purpose, "sha256")
