"""What can be an e-mail address or a telephone number, in words for whoever typed something else."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """What an answer must look like, as server and phone both check it, and the sentence for any other."""

    pattern: re.Pattern[str]
    sentence: str

    def problem(self, text: str | None) -> str | None:
        """Return what is wrong with an answer, None when nothing is or none is given.

        >>> EMAIL.problem("rosa@example.org") is None
        True
        >>> PHONE.problem("0173")
        'Enter a telephone number such as 01732 000000 or +44 1732 000000, or leave it empty.'
        """
        return self.sentence if text and not self.pattern.fullmatch(text) else None


EMAIL = Shape(
    re.compile(r"[^@\s<>\"(),:;\\\[\]]+@[^@\s.<>\"(),:;\\\[\]]+(\.[^@\s.<>\"(),:;\\\[\]]+)+"),
    "Enter an email address in the form name@example.org, or leave it empty.",
)
# From 7 to 15 digits, as the international numbering plan has them (ITU-T E.164).
PHONE = Shape(
    re.compile(r"(?=([^0-9]*[0-9]){7,15}[^0-9]*$)\+?[0-9 ()./-]+"),
    "Enter a telephone number such as 01732 000000 or +44 1732 000000, or leave it empty.",
)

# A telephone number within other words: seven figures or more with nothing but the usual marks between them.
PHONE_WITHIN = re.compile(r"[0-9](?:[ ()./+-]*[0-9]){6,}")


def has_contact(text: str) -> bool:
    """Return whether words hold what looks like an e-mail address or a telephone number.

    >>> has_contact("Clerk, 01732 227000"), has_contact("clerk@parish.example"), has_contact("Clerk of 2 parishes")
    (True, True, False)
    """
    return "@" in text or PHONE_WITHIN.search(text) is not None
