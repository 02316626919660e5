"""What a move of a fly-tip asks: one form, of which each move shows the fields that it needs."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, HiddenField
from wtforms.validators import ValidationError

from webapp.forms.base import LongWords, WardbookForm, Words
from webapp.forms.fields import Choice, DayField, Pounds, TimeField
from webapp.forms.photos import PhotosField
from webapp.rules.codes import Code, CodeList
from webapp.rules.codes.agencies import AGENCIES
from webapp.rules.codes.danger import QUESTIONS
from webapp.rules.codes.fly_tipping import LAND_TYPES, SIZES, WASTE_TYPES
from webapp.rules.codes.land import CONFIDENCES, OWNERSHIP_ANSWERS, SOURCES
from webapp.rules.lifecycle import Need

YES_NO_TELL = CodeList(Code("yes", "Yes"), Code("no", "No"), Code("cannot_tell", "Cannot tell"))
DONE_MOST = 300


class SeenForm(WardbookForm):
    """A form on a page about a record: it says which event of its history was the newest that the page knew of."""

    seen = HiddenField()

    @property
    def newest(self) -> int:
        """The number of that event; 0 for anything that is none, so that everything counts as unseen."""
        said = self.seen.data or ""
        return int(said) if said.isdecimal() and len(said) < 10 else 0


class LandFields:
    """Whose land it is, who answers for it, and how that is known."""

    land_type = Choice("What kind of land is it?", LAND_TYPES, needed="Choose what kind of land it is.")
    ownership = Choice("Whose land is it?", OWNERSHIP_ANSWERS, needed="Choose whose land it is.")
    responsible_body = Choice("Who must answer for it?", AGENCIES, "Left empty, the routing rules decide.")
    source = Choice("How do you know?", SOURCES, needed="Choose how you know whose land it is.")
    confidence = Choice("How sure is it?", CONFIDENCES, needed="Choose how sure it is.")
    land_reason = LongWords(
        "What tells you so?", 500, "For whoever asks later.", name_in_errors="What tells you so"
    )

    def land_answers(self) -> dict[str, Any]:
        """Return the decision as services take it."""
        return {
            "land_type": self.land_type.data,
            "ownership": self.ownership.data,
            "body": self.responsible_body.data,
            "source": self.source.data,
            "confidence": self.confidence.data,
            "reason": self.land_reason.data or "",
        }


class LandForm(LandFields, SeenForm):
    """A land decision apart from any move."""


class MoveForm(LandFields, SeenForm):
    """Everything that any move may ask; `asking` leaves only what one move needs."""

    main_waste = Choice("What is it?", WASTE_TYPES, "Change it if you saw something else than was reported.")
    size = Choice("How big is it?", SIZES)
    crew = Words("Who does it?", 60, "A crew, a contractor or a person.", name_in_errors="Who does it")
    cleared_on = DayField("When was it cleared?", "For example, 22 11 2026.")
    cleared_time = TimeField("At what time?", "Only if you know it. For example, 14:05.")
    cost = Pounds(
        "What did it cost?", "In pounds, if you know. The national return asks for it for lorry loads."
    )
    photos = PhotosField("Photos of the place afterwards")
    show_photos = BooleanField(
        "Show these photos to the public and to the people who reported it", default=True
    )
    main = Words("Which report is it the same as?", 20, "Its reference, such as FT-2026-00012.")
    others_no = BooleanField("No to every question that I left open")
    reason = LongWords("Why", 500, name_in_errors="Why")

    def validate_cleared_on(self, field: DayField) -> None:
        """Ask for the day: the 7-day figure is counted from it."""
        if field.data is None and not field.process_errors:
            raise ValidationError("Enter the day it was cleared.")

    def keep_only(self, needs: tuple[Need, ...]) -> "MoveForm":
        """Leave only the fields that a move needs; return the form itself."""
        wanted = {"seen", "csrf_token", "reason"}.union(*(FIELDS[need] for need in needs))
        for name in [field.name for field in self if field.name not in wanted]:
            del self[name]
        return self

    def dangers(self) -> dict[str, dict[str, str]] | None:
        """Return the answers to the danger questions by question, None when they are not asked."""
        if "others_no" not in self:
            return None
        return {
            question.value: {
                "answer": self[f"danger_{question.value}"].data or "no",
                "done": self[f"done_{question.value}"].data or "",
            }
            for question in QUESTIONS
        }

    def check_dangers(self) -> None:
        """Refuse an open question, and a yes about which nothing was done."""
        if "others_no" not in self:
            return
        for question in QUESTIONS:
            answered = self[f"danger_{question.value}"]
            done = self[f"done_{question.value}"]
            if answered.data is None and not self.others_no.data:
                self.refuse(
                    {answered.name: f"Answer “{question.words}”, or tick “{self.others_no.label.text}”."}
                )
            elif answered.data == "yes" and not done.data:
                self.refuse({done.name: f"Tell {question.tells}, then write down whom you told and when."})

    def given(self) -> dict[str, Any]:
        """Return what was given, as services take it; what a move does not ask is left out."""
        taken: Mapping[str, Any] = {
            "reason": lambda: self.reason.data or "",
            "main_waste": lambda: self.main_waste.data,
            "size": lambda: self.size.data,
            "crew": lambda: self.crew.data or "",
            "cleared_on": lambda: self.cleared_on.data,
            "cleared_time": lambda: self.cleared_time.time,
            "cost": lambda: self.cost.pence,
            "photos": lambda: self.photos.data,
            "show_photos": lambda: self.show_photos.data,
            "main": lambda: self.main.data or "",
        }
        named = {"cost": "cost_pence", "photos": "uploads"}
        return {named.get(name, name): take() for name, take in taken.items() if name in self}


for _question in QUESTIONS:
    setattr(MoveForm, f"danger_{_question.value}", Choice(_question.words, YES_NO_TELL, _question.do))
    setattr(
        MoveForm,
        f"done_{_question.value}",
        Words("What was done about it, and when?", DONE_MOST, f"Tell {_question.tells}."),
    )

_LAND = frozenset({"land_type", "ownership", "responsible_body", "source", "confidence", "land_reason"})
_WHAT = frozenset({"main_waste", "size"})
_AFTER = frozenset({"photos", "show_photos", "crew"})
FIELDS: Mapping[Need, frozenset[str]] = {
    Need.DANGERS: frozenset({"others_no"}).union(
        *({f"danger_{one.value}", f"done_{one.value}"} for one in QUESTIONS)
    ),
    Need.LAND: _LAND | _WHAT,
    Need.PRIVATE: frozenset(),
    Need.DECIDED: frozenset(),
    Need.CREW: frozenset({"crew"}),
    Need.DAY: _AFTER | _WHAT | {"cleared_on", "cleared_time", "cost"},
    Need.PROOF: _AFTER,
    Need.REASON: frozenset({"reason"}),
    Need.MAIN: frozenset({"main"}),
}
