"""What can be an e-mail address or a telephone number, in words for whoever typed something else."""

import re

EMAIL = re.compile(r"[^@\s<>\"(),:;\\\[\]]+@[^@\s.<>\"(),:;\\\[\]]+(\.[^@\s.<>\"(),:;\\\[\]]+)+")
PHONE = re.compile(r"\+?[0-9 ()./-]+")


def email_problem(text: str | None) -> str | None:
    """Return what is wrong with an e-mail address, None when nothing is or none is given.

    >>> email_problem("rosa@example.org") is None
    True
    """
    if not text or EMAIL.fullmatch(text):
        return None
    return "Enter an email address in the form name@example.org, or leave it empty."


def phone_problem(text: str | None) -> str | None:
    """Return what is wrong with a telephone number, None when nothing is or none is given.

    >>> phone_problem("01732 000000") is None
    True
    """
    if not text or (PHONE.fullmatch(text) and 7 <= sum(letter.isdigit() for letter in text) <= 15):
        return None
    return "Enter a telephone number such as 01732 000000 or +44 1732 000000, or leave it empty."
