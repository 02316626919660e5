"""What is asked to make a request and to answer one, and how the list of requests is narrowed."""

from wtforms import HiddenField, SelectField

from webapp.forms.base import LongWords, WardbookForm, Words
from webapp.forms.fields import Choice
from webapp.forms.records import AddressForm
from webapp.rules.codes.actions import REQUEST_KINDS
from webapp.rules.codes.agencies import AGENCIES

WORDS_MOST, ANSWER_MOST = 2000, 500


class RequestForm(WardbookForm):
    """A request that no observation led to."""

    kind = Choice("What is asked for?", REQUEST_KINDS, needed="Choose what is asked for.")
    words = LongWords(
        "What, where and why?",
        WORDS_MOST,
        "No names of residents.",
        name_in_errors="What you wrote",
    )
    ward_code = Words("Ward (optional)", 12)
    agency = Choice("Of whom? (optional)", AGENCIES)


class AnswerForm(WardbookForm):
    """What became of a request; which answer is given says the button. `seen` proves what the page knew of it."""

    seen = HiddenField()
    words = LongWords(
        "What became of it?",
        ANSWER_MOST,
        "Whoever asked reads this. Needed for all but taking it up.",
        name_in_errors="Your answer",
    )


class RequestFilterForm(AddressForm):
    """The filters of the list of requests."""

    CHOICES = ("kind", "state")

    kind = SelectField("Asked for")
    state = SelectField("State")
