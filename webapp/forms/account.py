"""What accounts ask: whom to invite and as what, where to send a reset link, the new password."""

import re
from typing import Any

from wtforms import EmailField, Field, PasswordField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from webapp.forms.base import WardbookForm, Words, clean
from webapp.rules.codes.roles import ROLES
from webapp.rules.contact import EMAIL
from webapp.rules.roles import Role

LONGEST_EMAIL = 254
LONGEST_PASSWORD = 1000
AGENCY = re.compile(r"[a-z0-9_]{2,40}")


def _needs_email(form: Any, field: Field) -> None:
    if not field.data or EMAIL.problem(field.data) or len(field.data) > LONGEST_EMAIL:
        raise ValidationError("Enter an email address in the form name@example.org.")


def _needs_name(form: Any, field: Field) -> None:
    if not field.data:
        raise ValidationError("Enter the person's name.")


class RolesField(SelectMultipleField):
    """Any of the roles, each with its words."""

    codes = ROLES

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, choices=[SelectChoice(code.value, code.label) for code in ROLES], **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Refuse a role that there is not."""
        if not set(self.data or ()) <= set(ROLES.values):
            raise ValidationError("Choose roles from the list.")


class ToInviteForm(WardbookForm):
    """Where the invitation goes; it stands above what else is asked, so its field is made first."""

    email = EmailField(
        "Email address",
        [_needs_email],
        [clean],
        description="We send a link to set a password, good for 7 days.",
    )


class RolesForm(WardbookForm):
    """Who somebody is and what they may do."""

    name = Words("Name", 120, validators=[_needs_name])
    roles = RolesField("Roles")
    agency = Words(
        "Agency",
        40,
        "The short name that records use for whoever must answer them, such as kcc_highways. Partners need one.",
    )

    def validate_agency(self, field: Field) -> None:
        """Ask for a partner's agency: without it a partner would see nothing."""
        if not field.data and Role.PARTNER in (self.roles.data or []):
            raise ValidationError("Enter the partner's agency, such as kcc_highways.")
        if field.data and not AGENCY.fullmatch(field.data):
            raise ValidationError(
                "Write the agency in small letters, numbers and _ only, such as kcc_highways."
            )


class InviteForm(RolesForm, ToInviteForm):
    """Whom to invite, and as what."""


class ResetForm(WardbookForm):
    """Where to send a link that sets a new password."""

    email = EmailField("Email address", [_needs_email], [clean])


class NewPasswordForm(WardbookForm):
    """The new password, once: it can be shown while it is typed."""

    password = PasswordField(
        "New password", description="At least 12 characters. Three words that nobody would guess work well."
    )

    def validate_password(self, field: Field) -> None:
        """Ask for one, and for none that is longer than anybody types."""
        if not field.data:
            raise ValidationError("Enter a new password.")
        if len(field.data) > LONGEST_PASSWORD:
            raise ValidationError(f"Use a password of {LONGEST_PASSWORD:,} characters or fewer.")
