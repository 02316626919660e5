"""What one phone's counter of all traffic shows."""

from typing import Any

from wtforms.validators import ValidationError

from webapp.forms.base import WardbookForm, Words
from webapp.forms.fields import PartFields, whole_number
from webapp.forms.speed_watch import MOST_COUNTED


class TrafficCountForm(PartFields, WardbookForm):
    """How many vehicles passed while one phone counted."""

    VERSION = 1

    counted = Words("How many vehicles passed?", 7)

    def validate_counted(self, field: Words) -> None:
        """Refuse what is no count."""
        counted = whole_number(field.data)
        if counted is None or counted > MOST_COUNTED:
            raise ValidationError(f"Enter a whole number up to {MOST_COUNTED:,}.")

    def check_day(self, today: Any) -> None:
        """There is no day to check."""

    def answers(self) -> dict[str, Any]:
        """Return the answers as plain values that JSON can hold, in the form's own names."""
        return {"counted": whole_number(self.counted.data) or 0}
