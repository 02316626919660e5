"""What a resident is asked about fly-tipping (field-facts 2.1, 2.2): what a member of the public can answer."""

from typing import Any

from wtforms import BooleanField, HiddenField
from wtforms.validators import ValidationError

from webapp.forms.base import LongWords, WardbookForm, Words
from webapp.forms.fields import Choice, DayField, IdField, MomentField, PlaceFields, YesNo
from webapp.forms.photos import PhotosField
from webapp.rules.codes import Code, CodeList
from webapp.rules.codes.fly_tipping import LAND_TYPES, SIZES, WASTE_TYPES
from webapp.rules.contact import email_problem, phone_problem

FORM_VERSION = 1
YES_NO = CodeList(Code("yes", "Yes"), Code("no", "No"))


class FlyTippingForm(PlaceFields, WardbookForm):
    """One report of fly-tipping; the plain page, the phone and the command line all use it."""

    capture_id = IdField()
    capture_secret = HiddenField()
    captured_at = MomentField()
    form_version = HiddenField(default=str(FORM_VERSION))

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
    reporter_email = Words("Email address", 254)
    reporter_phone = Words("Telephone number", 40)
    wants_news = BooleanField(
        "Tell me what happens",
        description="Without this tick we will not write to you, whatever you gave above.",
    )
    joins = HiddenField()

    def has_place(self) -> bool:
        """Count the place in a photo as well: the photo may have come before, so a service looks whether it has one."""
        return super().has_place() or bool(self.photo_place.data)

    def validate_reporter_email(self, field: Words) -> None:
        """Refuse what is no address, so that news does not go astray."""
        _raise(email_problem(field.data))

    def validate_reporter_phone(self, field: Words) -> None:
        """Refuse what is no telephone number."""
        _raise(phone_problem(field.data))

    def validate_wants_news(self, field: BooleanField) -> None:
        """Ask for an address where news is wanted and none is given."""
        if field.data and not (self.reporter_email.data or self.reporter_phone.data):
            _raise(
                "Give an email address or a telephone number so that we can tell you, or untick “Tell me what happens”."
            )

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


def _raise(sentence: str | None) -> None:
    if sentence:
        raise ValidationError(sentence)
