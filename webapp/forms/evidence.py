"""What officers are asked about evidence: an exhibit, its hand-overs, and SmartWater."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from wtforms.validators import DataRequired, ValidationError

from webapp.forms.base import LongWords, Words
from webapp.forms.enforcement import NeededDay, NeededTime, OfficersForm, needed
from webapp.forms.fields import Choice, Coordinate, YesNo
from webapp.rules.clock import LONDON
from webapp.rules.codes import Code, CodeList
from webapp.rules.codes.enforcement import WAYS
from webapp.rules.codes.yes_no import YES_NO

MARK_ID = re.compile("[0-9]{1,9}")
WHOLE_POSITION = "Enter both latitude and longitude, or neither."


def upper(text: str | None) -> str | None:
    """Return a reference in capitals without spaces, so that ob / 1 and OB/1 are the same exhibit."""
    return "".join(text.split()).upper() if text is not None else None


def _moment(day: NeededDay, time: NeededTime) -> datetime:
    if time.time is None:
        raise ValueError(f"{time.name} holds no time.")
    return datetime.combine(day.day, time.time, LONDON)


class ExhibitForm(OfficersForm):
    """A thing that is kept as evidence."""

    exhibit_ref = Words(
        "Exhibit reference",
        20,
        "Initials and a number, such as OB/1.",
        validators=[DataRequired("Enter the exhibit’s reference, such as OB/1.")],
    )
    description = LongWords("What is it?", 1000, validators=[DataRequired("Describe what it is.")])
    found_by = needed("Who found it?", 120, "Enter who found it.")
    found_on = NeededDay(
        "On which day was it found?", "Enter the day it was found.", "For example, 22 11 2026."
    )
    found_time = NeededTime("At what time?", "For example, 14:05.")
    place = needed("Where exactly was it?", 200, "Enter where exactly it was found.")
    seal_number = needed("Number of the bag’s seal", 40, "Enter the number of the seal.")

    def given(self) -> dict[str, Any]:
        """Return the exhibit as services take it."""
        return {
            "exhibit_ref": upper(self.exhibit_ref.data),
            "description": self.description.data,
            "found_by": self.found_by.data,
            "found_at": _moment(self.found_on, self.found_time),
            "place": self.place.data,
            "seal_number": self.seal_number.data,
        }


class HandOverForm(OfficersForm):
    """An exhibit going from one person to another."""

    from_whom = needed("From whom?", 120, "Enter who had it.")
    to_whom = needed("To whom?", 120, "Enter who has it now, or who disposed of it.")
    handed_on = NeededDay("On which day?", "Enter the day of the hand-over.", "For example, 22 11 2026.")
    handed_time = NeededTime("At what time?", "For example, 14:05.")
    reason = needed(
        "Why?",
        200,
        "Enter why it was handed over.",
        "Such as: to the store, to the laboratory, shown in court, disposed of.",
    )
    storage = Words("Where is it kept now?", 200, name_in_errors="Where it is kept")
    seal_number = needed(
        "Number of the seal it has now",
        40,
        "Enter the number of the seal it has now.",
        "The new one, if it was opened and sealed again.",
    )

    def given(self) -> dict[str, Any]:
        """Return the hand-over as services take it."""
        return {
            "handed_at": _moment(self.handed_on, self.handed_time),
            "from_whom": self.from_whom.data,
            "to_whom": self.to_whom.data,
            "reason": self.reason.data,
            "seal_number": self.seal_number.data,
            "storage": self.storage.data or "",
        }


class MarkField(Choice):
    """One of our marks by its id; which there are is told by `offer`, whether it is there by the service."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no id."""
        if self.data is not None and not MARK_ID.fullmatch(self.data):
            raise ValidationError(f"Choose one of the answers for “{self.label.text}”")


class MarkChoice:
    """Which of our marks a laboratory recognised."""

    mark = MarkField(
        "Which of our marks is it?", CodeList(), "Only if the laboratory’s code is that of a mark."
    )

    def offer(self, marks: Iterable[tuple[int, str]]) -> None:
        """Let these marks be chosen, by id and reference."""
        self.mark.codes = CodeList(*(Code(str(mark_id), name) for mark_id, name in marks))

    @property
    def mark_id(self) -> int | None:
        """The mark's id, None when none was chosen."""
        return int(self.mark.data) if self.mark.data else None


class ReadForm(MarkChoice, OfficersForm):
    """A look for SmartWater."""

    read_on = NeededDay("When did you look?", "Enter the day you looked.", "For example, 22 11 2026.")
    uv = YesNo(
        "Did it glow under ultraviolet light?", YES_NO, needed="Choose whether it glowed under the light."
    )
    sample_ref = Words(
        "Reference of the sample", 40, "If one was taken: only a laboratory can read the code."
    )
    lab_result = Words(
        "What did the laboratory find?", 200, "You can add it later.", name_in_errors="The result"
    )

    def given(self) -> dict[str, Any]:
        """Return the look as services take it."""
        return {
            "read_on": self.read_on.day,
            "is_uv_positive": bool(self.uv.answer),
            "sample_ref": self.sample_ref.data or None,
            "lab_result": self.lab_result.data or None,
            "mark_id": self.mark_id,
        }


class ResultForm(MarkChoice, OfficersForm):
    """What a laboratory found in a sample."""

    sample_ref = needed("Reference of the sample", 40, "Enter the reference of the sample.")
    lab_result = needed("What did the laboratory find?", 200, "Enter what the laboratory found.")

    def given(self) -> dict[str, Any]:
        """Return the result as services take it."""
        return {
            "sample_ref": self.sample_ref.data,
            "lab_result": self.lab_result.data,
            "mark_id": self.mark_id,
        }


class MarkForm(OfficersForm):
    """Where SmartWater was put."""

    deployment_ref = needed(
        "Reference of the mark", 40, "Enter a reference for the mark.", "As the kit or the register has it."
    )
    marked_on = NeededDay("When was it marked?", "Enter the day it was marked.", "For example, 22 11 2026.")
    marked_by = needed("Who marked it?", 120, "Enter who marked it.")
    place = needed("Where is it?", 200, "Enter where it is.", "Only officers see this.")
    latitude = Coordinate("Latitude", 90, description="51.27028")
    longitude = Coordinate("Longitude", 180, description="0.19171")
    item = needed("What was marked?", 200, "Enter what was marked.")
    code_batch = needed("Code or batch", 60, "Enter the code or batch.")
    way = Choice("How was it marked?", WAYS, needed="Choose how it was marked.")
    signage = YesNo("Does a sign say so?", YES_NO, needed="Choose whether a sign says so.")

    def validate_longitude(self, field: Coordinate) -> None:
        """Refuse half a position."""
        if bool((self.latitude.data or "").strip()) != bool((field.data or "").strip()):
            raise ValidationError(WHOLE_POSITION)

    def given(self) -> dict[str, Any]:
        """Return the mark as services take it."""
        return {
            "deployment_ref": self.deployment_ref.data,
            "marked_on": self.marked_on.day,
            "marked_by": self.marked_by.data,
            "place": self.place.data,
            "latitude": self.latitude.degrees,
            "longitude": self.longitude.degrees,
            "item": self.item.data,
            "code_batch": self.code_batch.data,
            "is_covert": self.way.data == "covert",
            "has_signage": bool(self.signage.answer),
        }
