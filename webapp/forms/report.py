"""A reporter's own page: adding words or photos, and finding the page again."""

import re

from wtforms import StringField
from wtforms.validators import ValidationError

from webapp.forms.base import LongWords, WardbookForm
from webapp.forms.photos import PhotosField

TOKEN_AT_END = re.compile(r"(?:^|/track/)([A-Za-z0-9_-]{24})(?:/sent)?/?$")


class AddForm(WardbookForm):
    """More words or photos for a report."""

    words = LongWords("What would you like to add?", 2000, name_in_errors="What you wrote")
    photos = PhotosField("Photos")


class FindForm(WardbookForm):
    """The link that came with a report, or its last part."""

    link = StringField(
        "The link from your report",
        description="It is on the page you saw after sending, and in our email to you.",
    )

    @property
    def token(self) -> str:
        """The token in what was typed, empty when there is none."""
        match = TOKEN_AT_END.search((self.link.data or "").strip())
        return match.group(1) if match else ""

    def validate_link(self, field: StringField) -> None:
        """Refuse what holds no token, in words."""
        if not self.token:
            raise ValidationError("Paste the whole link from your report. It has /track/ in it.")
