"""What is asked about lines of an action plan: what a line says, each step with what it needs, an agency's answer."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import ValidationError

from webapp.forms.base import LongWords, WardbookForm, Words, clean
from webapp.forms.fields import Choice, DayField, IdField
from webapp.forms.moves import SeenForm
from webapp.forms.photos import PhotosField
from webapp.forms.records import AddressForm
from webapp.rules import actions as rules
from webapp.rules.actions import Need
from webapp.rules.codes.actions import PRIORITIES
from webapp.rules.codes.agencies import AGENCIES
from webapp.rules.eva_moves import Need as MoveNeed

LONGEST_WORDS = 2000


class Ticks(SelectMultipleField):
    """Ticked observations by their ids; what is no id is left out, and a service says whether there is such a one."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, **kwargs)

    @property
    def ids(self) -> list[UUID]:
        """The ids that were ticked, each once."""
        found = []
        for value in self.data or ():
            try:
                found.append(UUID(str(value)))
            except ValueError:
                continue
        return list(dict.fromkeys(found))


class TogetherForm(WardbookForm):
    """Observations that were ticked, and what to make of them."""

    observations = Ticks("Observations", id="ticked")
    do = StringField("What to make of them", [], [clean])


class LineForm(SeenForm):
    """What a line of the plan says."""

    capture_id = IdField()
    text = LongWords(
        "What is to be done?",
        rules.LONGEST_TEXT,
        "Begin with a verb, and say where. For example: Remove graffiti, garage wall.",
        name_in_errors="What is to be done",
    )
    owner_agency = Choice("Who owns it?", AGENCIES, "It counts as agreed only when its owner has said yes.")
    owner_role = Words(
        "Whom there?",
        120,
        "A role or a team, such as the area steward. No name is needed.",
        name_in_errors="Whom there",
    )
    by_when = DayField("By when?", "For example, 20 12 2026.")
    priority = Choice("Priority", PRIORITIES, needed="Choose a priority.")
    funding = Words(
        "How is it paid for?", 200, "Such as existing resources.", name_in_errors="How it is paid for"
    )
    observations = Ticks("What does it answer?")

    def given(self) -> dict[str, Any]:
        """Return the answers as services take them."""
        return {
            "text": self.text.data or "",
            "owner_agency": self.owner_agency.data,
            "by_when": self.by_when.data,
            "priority": self.priority.data or "",
            "owner_role": self.owner_role.data or "",
            "funding": self.funding.data or "",
            "observations": self.observations.ids,
        }


class StepForm(SeenForm):
    """Everything that any step of a line may ask; `keep_only` leaves what one step needs."""

    capture_id = IdField()
    day = DayField("When was it done?", "For example, 22 11 2026.")
    passed_to = Words("Which plan does it go to?", 200, "Such as the reference of another audit.")
    words = LongWords("What is there to say?", LONGEST_WORDS, name_in_errors="What you wrote")
    photos = PhotosField("Photos")

    def keep_only(self, needs: Iterable[Need], *, asks_day: bool = False) -> "StepForm":
        """Leave only the fields that a step asks; return the form itself."""
        if Need.DAY not in needs and not asks_day:
            del self["day"]
        if Need.PLAN not in needs:
            del self["passed_to"]
        return self

    def given(self) -> dict[str, Any]:
        """Return what was given, as services take it; what a step does not ask is left out."""
        taken: Mapping[str, Any] = {
            "words": lambda: self.words.data or "",
            "day": lambda: self.day.data,
            "passed_to": lambda: self.passed_to.data or "",
        }
        return {name: take() for name, take in taken.items() if name in self}


class AnswerForm(WardbookForm):
    """What an agency without an account answers about one line."""

    capture_id = IdField()
    answer = RadioField("What can you say?", choices=[], validate_choice=False)
    day = DayField("When was it done?", "Only if it is done. For example, 22 11 2026.")
    words = LongWords(
        "Anything to add?",
        LONGEST_WORDS,
        "If it cannot be done, say why. Write no names of private people.",
        name_in_errors="What you wrote",
    )
    photos = PhotosField("Photos of the place afterwards")

    def validate_answer(self, field: RadioField) -> None:
        """Ask for one of the answers."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError("Choose what you can say.")


class LinkForm(WardbookForm):
    """Where an agency's link goes."""

    link_id = IdField()
    email = Words("The agency’s email address", 254, name_in_errors="The address")


class BoardForm(AddressForm):
    """The filters of the action board; they live in the address, so one that makes no sense is left out."""

    CHOICES = ("agency", "ward", "state", "due")

    agency = SelectField("Owner")
    ward = SelectField("Ward")
    due = SelectField("Due")
    state = SelectField("State")


class EvaMoveForm(SeenForm):
    """What an officer notes of an audit: a day, a reason, or nothing but that it is so."""

    day = DayField("When?", "For example, 22 11 2026.")
    reason = LongWords("Why", 500, name_in_errors="Why")

    def keep_only(self, needs: Iterable[MoveNeed]) -> "EvaMoveForm":
        """Leave only the fields that a note asks; return the form itself."""
        if not {MoveNeed.PAST_DAY, MoveNeed.COMING_DAY} & set(needs):
            del self["day"]
        if MoveNeed.REASON not in needs:
            del self["reason"]
        return self
