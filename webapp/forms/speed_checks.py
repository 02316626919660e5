"""What whoever checks a session decides of each vehicle: one choice, and words where it is void."""

from typing import Any
from uuid import UUID

from wtforms import Field

from webapp.forms.base import clean
from webapp.forms.moves import SeenForm
from webapp.forms.plates import IN_WORDS
from webapp.rules.plate_words import stands_in
from webapp.rules.speed_check import DECISIONS

CHOOSE = "Choose what becomes of this vehicle."
MOST_WORDS = 200
TOO_LONG = f"Shorten these words to {MOST_WORDS} characters or fewer."


class DecisionsField(Field):
    """By the id of a vehicle: `decision-<id>` and `words-<id>`. What was typed stays; `wrong` has a sentence by id."""

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.given: dict[UUID, tuple[str, str]] = {}
        self.wrong: dict[str, str] = {}

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read each decision; what names no vehicle is left out."""
        self.process_errors: list[str] = []
        self.given, self.wrong = {}, {}
        for name in formdata or ():
            before, _, said = name.partition("-")
            own_id = _id_of(said) if before == "decision" else None
            if own_id is not None:
                words = clean(formdata.get(f"words-{said}")) or ""
                self.given[own_id] = ((formdata.get(name) or ""), words)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no decision, in words."""
        for own_id, (choice, words) in self.given.items():
            problem = _problem(choice, words)
            if problem:
                self.wrong[str(own_id)] = problem


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _problem(choice: str, words: str) -> str:
    if choice not in DECISIONS:
        return CHOOSE
    if len(words) > MOST_WORDS:
        return TOO_LONG
    return IN_WORDS if stands_in(words) else ""


class CheckForm(SeenForm):
    """The check of a session."""

    decisions = DecisionsField()
