"""Flask-Security's forms in our words; they know the person, so they stand here and not in forms/."""

from typing import Any

from flask import request, url_for
from flask_security.forms import (
    ChangePasswordForm,
    LoginForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
)
from flask_security.recovery_codes import MfRecoveryForm
from wtforms import EmailField, HiddenField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from webapp.forms.account import LONGEST_EMAIL, LONGEST_PASSWORD
from webapp.forms.base import ComesBack
from webapp.services.accounts import address

NEEDS_PASSWORD = DataRequired("Enter your password.")
# Nobody's own password is longer, and hashing a book would take somebody else's time.
NOT_SO_LONG = Length(max=LONGEST_PASSWORD, message="That is not your password. Type it again.")


def only_letters(text: str | None) -> str:
    """Return a code without the spaces that apps and people put into it.

    >>> only_letters(" 123 456 ")
    '123456'
    """
    return "".join((text or "").split())[:40]


def _or_start(path: str | None) -> str:
    """Return where to go once signed in: without any, Flask-Security would carry on the whole address of this page."""
    return path or request.args.get("next") or url_for("account.start")


class SignInForm(ComesBack, LoginForm):
    """Address and password; being remembered for weeks is not offered."""

    email = EmailField(
        "Email address",
        [DataRequired("Enter your email address."), Length(max=LONGEST_EMAIL)],
        filters=[address],
    )
    password = PasswordField("Password", [NEEDS_PASSWORD, NOT_SO_LONG])
    next = HiddenField(filters=[_or_start])
    remember = None


class PasswordAgainForm(VerifyForm):
    """The password of whoever is signed in, before they change how they sign in."""

    password = PasswordField("Password", [NEEDS_PASSWORD, NOT_SO_LONG])


class OwnPasswordForm(ChangePasswordForm):
    """The password one has and the one one wants; it can be shown while it is typed, so it is asked for once."""

    password = PasswordField("Password you have now", [NEEDS_PASSWORD, NOT_SO_LONG])
    new_password = PasswordField(
        "New password",
        [
            DataRequired("Enter a new password."),
            Length(
                max=LONGEST_PASSWORD, message=f"Use a password of {LONGEST_PASSWORD:,} characters or fewer."
            ),
        ],
    )
    new_password_confirm = None


class CodeForm(TwoFactorVerifyCodeForm):
    """The six figures that the authenticator app shows."""

    code = StringField(
        "Code",
        [DataRequired("Enter the 6 figures that your authenticator app shows.")],
        filters=[only_letters],
    )


class SetUpForm(TwoFactorSetupForm):
    """The buttons of the authenticator page: `disable` counts only for whom no role makes the app compulsory."""

    setup = RadioField(
        choices=[SelectChoice("authenticator", "Set up"), SelectChoice("disable", "Turn off")],
        validate_choice=False,
    )


class NoRescueForm(TwoFactorRescueForm):
    """Never shown: the page about codes links to recovery codes and says whom to write to."""

    help_setup = RadioField(choices=[SelectChoice("help", "Help")])


class RecoveryCodeForm(MfRecoveryForm):
    """One of the codes that were written down when the app was set up."""

    code = StringField(
        "Recovery code", [DataRequired("Enter one of your recovery codes.")], filters=[only_letters]
    )


FORMS: dict[str, Any] = {
    "login_form": SignInForm,
    "verify_form": PasswordAgainForm,
    "change_password_form": OwnPasswordForm,
    "two_factor_verify_code_form": CodeForm,
    "two_factor_setup_form": SetUpForm,
    "two_factor_rescue_form": NoRescueForm,
    "mf_recovery_form": RecoveryCodeForm,
}
