"""What reporters are asked when it is over, and what officers answer to who asks to look again."""

from wtforms.validators import ValidationError

from webapp.forms.base import LongWords, WardbookForm
from webapp.forms.fields import Choice
from webapp.forms.moves import SeenForm
from webapp.rules.codes.feedback import ANSWERS

WORDS_MOST, ANSWER_MOST = 2000, 500


class SatisfactionForm(WardbookForm):
    """The one question."""

    answer = Choice(
        "How satisfied are you with what we did about your report?",
        ANSWERS,
        "You can answer once. Nobody outside the partnership sees your answer.",
        needed="Choose one of the answers.",
    )


class LookAgainForm(WardbookForm):
    """Why somebody should look again."""

    words = LongWords(
        "What is not right?", WORDS_MOST, "An officer reads it.", name_in_errors="What you wrote"
    )

    def validate_words(self, field: LongWords) -> None:
        """Refuse a request without words: nobody would know what to look for."""
        if not field.data:
            raise ValidationError("Write what is not right, so that we know what to look for.")


class SettleForm(SeenForm):
    """An officer's answer to a request: why it is opened again, or why it stays finished."""

    answer = LongWords(
        "Why",
        ANSWER_MOST,
        "If it stays finished, the reporter reads this. If you open it again, it stands in the history.",
        name_in_errors="Your answer",
    )
