"""What officers ask about one observation."""

from webapp.forms.base import WardbookForm
from webapp.forms.fields import Choice
from webapp.rules.codes.actions import REQUEST_KINDS


class AskForm(WardbookForm):
    """What to ask others for."""

    kind = Choice("Ask others for", REQUEST_KINDS, needed="Choose what to ask for.")
