"""What is asked about speed-watch schemes, their volunteers and devices. Each `seen` proves what its page knew."""

from wtforms import BooleanField, HiddenField

from webapp.forms.base import LongWords, WardbookForm, Words
from webapp.forms.fields import Choice, DayField, whole_number
from webapp.rules.codes import speed_watch as codes

CONTACT_MOST = 300


class SchemeForm(WardbookForm):
    """One scheme."""

    seen = HiddenField()
    name = Words("Name of the scheme", 120, "For example: Otford.", "The name")
    parish = Words("Parish", 80, "The parish or village that it belongs to.", "The parish")
    is_active = BooleanField("Active", description="Untick it once the scheme holds no sessions any more.")


class VolunteerForm(WardbookForm):
    """One volunteer. Whom to call in an emergency has a page of its own."""

    seen = HiddenField()
    name = Words("Name", 120, name_in_errors="The name")
    user_id = Words("Account", 10, name_in_errors="The account")
    is_over_18 = BooleanField("Confirmed to be 18 or over")
    trained_on = DayField("Trained on", "The day of the newest training. For example, 22 11 2026.")
    training_type = Choice("Type of training", codes.TRAINING_TYPES)
    refresher_due_on = DayField(
        "Refresher due", "The last day on which the training is good. Leave it empty where none is asked for."
    )
    is_insured = BooleanField("Insured under the police scheme")
    is_active = BooleanField("Active", description="Untick it for somebody who takes part no more.")
    left_on = DayField("Left on")

    @property
    def account(self) -> int | None:
        """The id of the account that was chosen; 0, which nobody has, for anything that is none."""
        said = self.user_id.data or ""
        if not said:
            return None
        return whole_number(said) or 0


class ContactForm(WardbookForm):
    """Whom to call for a volunteer in an emergency."""

    seen = HiddenField()
    contact = LongWords(
        "Whom to call in an emergency",
        CONTACT_MOST,
        "A name and a telephone number, as the volunteer gave them. Leave it empty to remove it.",
        name_in_errors="The contact",
    )


class DeviceForm(WardbookForm):
    """One device."""

    seen = HiddenField()
    type = Choice("Type", codes.DEVICE_TYPES, needed="Choose the type of the device.")
    serial = Words("Serial number", 60, name_in_errors="The serial number")
    calibrated_on = DayField("Calibrated on", "For example, 22 11 2026.")
    calibration_due_on = DayField(
        "Calibration due", "The last day on which it may be used without a new one."
    )
    is_active = BooleanField("In use", description="Untick it once the device is retired.")
