"""What is asked about one thing seen on an audit: four taps for most, the rest behind a button (field-facts 1.2 E)."""

from typing import Any

from wtforms import BooleanField
from wtforms.validators import ValidationError

from webapp.forms.base import LongWords, WardbookForm, Words
from webapp.forms.fields import Choice, PartFields, PlaceFields, whole_number
from webapp.forms.photos import PhotosField
from webapp.rules.codes import actions, grades
from webapp.rules.codes import observation as codes
from webapp.rules.codes.agencies import AGENCIES
from webapp.rules.eva import category

MOST_COUNTED = 9999
FLY_TIP = "fly_tipping"


class ObservationForm(PartFields, PlaceFields, WardbookForm):
    """One observation; the plain page and the phone both use it."""

    VERSION = 1
    NEEDS_PLACE = False

    number = Words("Number in this walk", 6)
    photos = PhotosField("Choose photos")
    category = Choice("What is it?", codes.CATEGORIES, needed="Choose what it is.")
    grade = Choice("How bad is it?", grades.ANSWERS)
    severity = Choice("How serious is it?", codes.SEVERITIES)
    photo_place = BooleanField("Use the place stored in my photo, if there is one and I gave no other")
    note = LongWords("Note", 5000, name_in_errors="The note")
    quantity = Words("How many?", 6, "Leave it empty if it is one, or cannot be counted.")
    asset = Words("Number on it", 60, "Lamp column, bin, grit bin.", name_in_errors="The number on it")
    owner_agency = Choice("Who should answer for it?", AGENCIES)
    as_fly_tip = BooleanField("Report it as fly-tipping too, so that its 7 days begin")
    as_request = Choice("Ask for something", actions.REQUEST_KINDS)

    def validate_grade(self, field: Choice) -> None:
        """Ask for a grade where the category has one, and refuse one where it has none."""
        if self.category.data not in codes.CATEGORIES:
            return
        element = category(self.category.data).element
        if element is None and field.data not in (None, grades.NOT_GRADED):
            label = codes.CATEGORIES.label(self.category.data).lower()
            raise ValidationError(f"There is no grade for “{label}”: say how serious it is instead.")
        if element is not None and field.data is None:
            raise ValidationError("Choose a grade, or “Not graded”.")

    def validate_severity(self, field: Choice) -> None:
        """Ask how serious it is where there is no grade; what is good is not serious at all."""
        if self.category.data not in codes.CATEGORIES or self.category.data == "positive":
            return
        is_graded = category(self.category.data).element is not None
        if is_graded and field.data is not None:
            raise ValidationError("This is graded: choose a grade, and leave how serious it is empty.")
        if not is_graded and field.data is None:
            raise ValidationError("Choose how serious it is.")

    def validate_note(self, field: LongWords) -> None:
        """Ask for words where the category says nothing by itself."""
        if self.category.data == "other" and not field.data:
            raise ValidationError("Say in the note what it is.")

    def validate_quantity(self, field: Words) -> None:
        """Refuse what is no count."""
        number = whole_number(field.data)
        if field.data and (number is None or not 1 <= number <= MOST_COUNTED):
            raise ValidationError(f"Enter a number from 1 to {MOST_COUNTED:,}, or leave it empty.")

    def keep_what_fits(self) -> None:
        """Leave out the grade where the category has none, and how serious it is where it has one.

        Whoever changes the category on a page cannot untick the answer that it had before.
        """
        if self.category.data not in codes.CATEGORIES:
            return
        is_graded = category(self.category.data).element is not None
        (self.severity if is_graded else self.grade).data = None

    def check_day(self, today: Any) -> None:
        """There is no day to check: when it was seen is what the device says."""

    def answers(self) -> dict[str, Any]:
        """Return the answers as plain values that JSON can hold, in the form's own names."""
        grade = self.grade.data if self.grade.data != grades.NOT_GRADED else None
        return {
            "place": self.place(),
            "number": whole_number(self.number.data) or 0,
            "category": self.category.data,
            "grade": grade,
            "severity": self.severity.data if self.category.data != "positive" else None,
            "note": self.note.data or "",
            "quantity": whole_number(self.quantity.data),
            "asset": self.asset.data or "",
            "owner_agency": self.owner_agency.data,
            "photo_place": self.photo_place.data,
            "as_fly_tip": self.as_fly_tip.data and self.category.data == FLY_TIP,
            "as_request": self.as_request.data,
        }
