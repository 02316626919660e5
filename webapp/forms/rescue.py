"""What officers give when they rescue: the file that a phone saved, and why a capture is set aside."""

from wtforms import FileField

from webapp.forms.base import WardbookForm, Words


class FileForm(WardbookForm):
    """The file of a phone's outbox."""

    file = FileField("File from the device")


class DecisionForm(WardbookForm):
    """Why a capture is left out of the records."""

    why = Words("Why it is set aside", 500)
