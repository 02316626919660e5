"""What officers are asked about enforcement: a step, a penalty's life, what a court decided; the list's filters."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, ValidationError

from webapp.forms.base import LongWords, Words
from webapp.forms.fields import Choice, DayField, Pounds, TimeField
from webapp.forms.moves import SeenForm
from webapp.forms.records import AddressForm
from webapp.rules import enforcement as rules
from webapp.rules.codes import CodeList
from webapp.rules.codes.enforcement import OUTCOMES, PENALTIES, PENALTY_STATES, STEPS

NEEDS_TIME = "Enter the time, such as 14:05."


class NeededDay(DayField):
    """A day that must be given."""

    def __init__(self, label: str, needed: str, hint: str = "", **kwargs: Any) -> None:
        super().__init__(label, hint, **kwargs)
        self.needed = needed

    def pre_validate(self, form: Any) -> None:
        """Refuse no day at all; a wrong one has its sentence already."""
        if self.data is None and not self.process_errors:
            raise ValidationError(self.needed)


class NeededTime(TimeField):
    """A time of day that must be given."""

    def pre_validate(self, form: Any) -> None:
        """Refuse no time, and what is none."""
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(NEEDS_TIME) from None
        if self.time is None:
            raise ValidationError(NEEDS_TIME)


def needed(label: str, length: int, sentence: str, hint: str = "") -> Words:
    """Return a line of text that must be given."""
    return Words(label, length, hint, validators=[DataRequired(sentence)])


class OfficersForm(SeenForm):
    """A form about a record's enforcement or evidence; `given` returns its answers as services take them."""

    def given(self) -> dict[str, Any]:
        """Return the answers, once the form is valid."""
        raise NotImplementedError

    def problems(self, today: date) -> dict[str, str]:
        """Return what the form alone tells to be wrong, so that all is told in one round: days that have not come."""
        days = {field.name: field.data for field in self if isinstance(field, DayField)}
        return {name: rules.FUTURE for name, day in days.items() if day is not None and day > today}


class StepForm(OfficersForm):
    """One step of enforcement."""

    step = Choice("What was done?", STEPS, needed="Choose what was done.")
    done_on = NeededDay("When was it done?", "Enter the day it was done.", "For example, 22 11 2026.")
    cost = Pounds("What did it cost?", "In pounds, if you know. The national return adds it up.")
    penalty = Choice("Which kind of fixed penalty?", PENALTIES, "Only for a fixed penalty notice.")
    penalty_amount = Pounds(
        "How much is the penalty?",
        "Only for a fixed penalty notice, in pounds. The law allows at most £1,000 for fly-tipping, £600 for a "
        "household’s duty of care and £500 for littering.",
    )
    note = LongWords("Note", 1000, "Only officers read it.")

    def problems(self, today: date) -> dict[str, str]:
        """Return days that have not come, and what does not fit about the penalty."""
        fits = rules.step_problems(self.step.data, self.penalty.data, self.penalty_amount.pence)
        return {**super().problems(today), **(fits if self.step.data else {})}

    def given(self) -> dict[str, Any]:
        """Return the step as services take it."""
        return {
            "step": self.step.data,
            "done_on": self.done_on.day,
            "cost_pence": self.cost.pence,
            "note": self.note.data or "",
            "penalty": self.penalty.data,
            "penalty_pence": self.penalty_amount.pence,
        }


class PenaltyForm(OfficersForm):
    """What became of a fixed penalty."""

    state = Choice("What became of it?", PENALTY_STATES, needed="Choose what became of it.")
    changed_on = NeededDay("When?", "Enter the day.", "For example, 22 11 2026.")
    note = LongWords("Note", 500, "Such as why it was cancelled. Only officers read it.")

    def offer(self, states: Iterable[str]) -> None:
        """Let only these states be chosen."""
        self.state.codes = CodeList(*(PENALTY_STATES[state] for state in states))

    def given(self) -> dict[str, Any]:
        """Return the change as services take it."""
        return {
            "state": self.state.data,
            "changed_on": self.changed_on.day,
            "note": self.note.data or "",
        }


class OutcomeForm(OfficersForm):
    """What a court decided."""

    outcome = Choice("What did the court decide?", OUTCOMES, needed="Choose what the court decided.")
    outcome_on = NeededDay(
        "When did it decide?", "Enter the day on which it decided.", "For example, 22 11 2026."
    )
    court = Words("Which court?", 120, name_in_errors="Which court")
    fine = Pounds("Fine", "In pounds.")
    costs = Pounds("Costs awarded to us", "In pounds.")
    compensation = Pounds("Compensation", "In pounds.")

    def given(self) -> dict[str, Any]:
        """Return the outcome as services take it."""
        return {
            "outcome": self.outcome.data,
            "outcome_on": self.outcome_on.day,
            "court": self.court.data or None,
            "fine_pence": self.fine.pence,
            "costs_pence": self.costs.pence,
            "compensation_pence": self.compensation.pence,
        }


class StrikeForm(OfficersForm):
    """Why a step is struck out."""

    reason = LongWords(
        "Why should it not have been written?",
        500,
        "Such as a wrong amount. Then add the step again as it was. Only officers read it.",
        validators=[DataRequired(rules.NEEDS_REASON)],
    )

    def given(self) -> dict[str, Any]:
        """Return the reason as services take it."""
        return {"reason": self.reason.data}


class StepFilterForm(AddressForm):
    """The filters of the list of all steps; they live in the address."""

    CHOICES = ("by", "step", "penalty", "penalty_state", "outcome", "cost")
    DAYS = ("since", "until")

    by = SelectField("By the day it was")
    since = StringField("From")
    until = StringField("To")
    step = SelectField("What was done")
    penalty = SelectField("Fixed penalty")
    penalty_state = SelectField("Penalty is now")
    outcome = SelectField("Court’s decision")
    cost = SelectField("Cost")

    def parts(self) -> dict[str, Any]:
        """Return what was understood, by filter; without a day of its own the list goes by the day it was done."""
        chosen = {name: self.value(name) for name in self.CHOICES}
        return {**chosen, **{name: self.day(name) for name in self.DAYS}, "by": chosen["by"] or "done"}
