"""What a resident is asked about fly-tipping (field-facts 2.1, 2.2): what a member of the public can answer."""

from typing import Any

from wtforms import BooleanField, HiddenField
from wtforms.validators import ValidationError

from webapp.forms.base import LongWords, WardbookForm, Words
from webapp.forms.fields import CaptureFields, Choice, DayField, PlaceFields, TimeField, YesNo
from webapp.forms.photos import PhotosField
from webapp.rules.codes.fly_tipping import CHANNELS, LAND_TYPES, REPORTER_TYPES, SIZES, WASTE_TYPES
from webapp.rules.codes.yes_no import YES_NO
from webapp.rules.contact import EMAIL, PHONE


class FlyTippingForm(CaptureFields, PlaceFields, WardbookForm):
    """One report of fly-tipping; the plain page, the phone and the command line all use it."""

    VERSION = 1
    NO_CONTACT = (
        "Give an email address or a telephone number so that we can tell you, "
        "or untick “Tell me what happens”."
    )

    main_waste = Choice(
        "What is it mostly?",
        WASTE_TYPES,
        needed="Choose what it mostly is, or “Something else, or I cannot tell”.",
    )
    size = Choice("How big is it?", SIZES, "A rough idea is enough. Leave it empty if you cannot tell.")
    description = LongWords(
        "What did you see?",
        5000,
        "For example: a brown sofa and six black bags.",
        name_in_errors="What you wrote",
    )
    land_type = Choice(
        "What kind of place is it?",
        LAND_TYPES,
        "It decides who must clear it.",
        needed="Choose what kind of place it is, or “I do not know”.",
    )
    first_seen_on = DayField(
        "When did you first see it?", "Leave it empty if you do not know. For example, 21 11 2026."
    )
    witnessed = YesNo("Did you see it being dumped?", YES_NO)
    vehicle_registration = Words(
        "Vehicle registration number", 20, "Only officers see this.", name_in_errors="The registration number"
    )
    vehicle_description = Words(
        "What did the vehicle look like?",
        500,
        "Make, colour, words on it, which way it went. Only officers see this.",
    )
    photos = PhotosField("Choose photos")
    photo_place = BooleanField("Use the place stored in my photo, if there is one and I gave no other")
    reporter_name = Words("Your name", 200)
    reporter_email = Words("Email address", 254, shape=EMAIL)
    reporter_phone = Words("Telephone number", 40, shape=PHONE)
    wants_news = BooleanField(
        "Tell me what happens",
        description="Without this tick we will not write to you, whatever you gave above.",
    )
    joins = HiddenField()

    def has_place(self) -> bool:
        """Count the place in a photo as well: the photo may have come before, so a service looks whether it has one."""
        return super().has_place() or bool(self.photo_place.data)

    def validate_wants_news(self, field: BooleanField) -> None:
        """Ask for an address where news is wanted and none is given."""
        if field.data and not (self.reporter_email.data or self.reporter_phone.data):
            raise ValidationError(self.NO_CONTACT)

    def check_day(self, today: Any) -> None:
        """Refuse a day that has not come yet."""
        if self.first_seen_on.data and self.first_seen_on.data > today:
            self.refuse(
                {"first_seen_on": "The day you first saw it cannot be in the future. Check the date."}
            )

    def answers(self) -> dict[str, Any]:
        """Return the answers as plain values that JSON can hold, in the form's own names."""
        seen = self.first_seen_on.data
        return {
            "place": self.place(),
            "main_waste": self.main_waste.data,
            "size": self.size.data,
            "description": self.description.data or "",
            "land_type": self.land_type.data,
            "first_seen_on": seen.isoformat() if seen else None,
            "witnessed": self.witnessed.answer,
            "vehicle_registration": self.vehicle_registration.data or None,
            "vehicle_description": self.vehicle_description.data or None,
            "photo_place": self.photo_place.data,
            "reporter": {
                "name": self.reporter_name.data or None,
                "email": self.reporter_email.data or None,
                "phone": self.reporter_phone.data or None,
                "wants_news": self.wants_news.data,
            },
            "joins": self.joins.data or None,
        }


class FlyTippingEntryForm(FlyTippingForm):
    """The same report as staff write it down for somebody who told them: who that was, how, and when."""

    NO_CONTACT = "Give an email address or a telephone number for the news, or untick “Tell me what happens”."

    reported_by_type = Choice("Who told us?", REPORTER_TYPES, needed="Choose who told us.")
    channel = Choice("How did it reach us?", CHANNELS, needed="Choose how it reached us.")
    reached_us_on = DayField("When did it reach us?", "The clock starts then. Leave it empty for now.")
    reached_us_time = TimeField("At what time?", "For example, 14:05.")

    def validate_reached_us_time(self, field: TimeField) -> None:
        """Ask for the day of a time."""
        if field.data and self.reached_us_on.data is None and not self.reached_us_on.process_errors:
            raise ValidationError("Enter the day as well, or leave the time empty.")

    def check_day(self, today: Any) -> None:
        """Refuse days that have not come yet, and one first seen after it reached us."""
        super().check_day(today)
        reached, seen = self.reached_us_on.data, self.first_seen_on.data
        if reached and reached > today:
            self.refuse({"reached_us_on": "It cannot have reached us in the future. Check the date."})
        elif reached and seen and seen > reached:
            self.refuse(
                {"first_seen_on": "It cannot have been seen first after it reached us. Check both dates."}
            )

    def answers(self) -> dict[str, Any]:
        """Return the answers with who told us and when; `entry` counts only from whoever may enter reports."""
        reached = self.reached_us_on.data
        entry = {
            "reported_by_type": self.reported_by_type.data,
            "on": reached.isoformat() if reached else None,
            "time": self.reached_us_time.time.isoformat() if self.reached_us_time.time else None,
        }
        return {**super().answers(), "entry": entry}
