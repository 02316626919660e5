"""Numbers of rows as people write them: “3, 7-9”."""

import re
from typing import Any

from wtforms import StringField
from wtforms.validators import ValidationError

RUN = re.compile(r"([0-9]{1,4})(?:\s*(?:-|–|—|to)\s*([0-9]{1,4}))?")
MOST_TYPED = 2000
NOT_NUMBERS = "Write the numbers of rows such as 3, 7-9."


class RowNumbers(StringField):
    """Numbers and runs of them, with commas, semicolons or ends of lines between; none when nothing is typed."""

    def __init__(self, label: str, hint: str = "", **kwargs: Any) -> None:
        super().__init__(label, description=hint, **kwargs)
        self.numbers: frozenset[int] = frozenset()

    def pre_validate(self, form: Any) -> None:
        """Refuse what are no numbers, in words; what was typed stays."""
        text = (self.data or "").strip()
        if len(text) > MOST_TYPED:
            raise ValidationError(f"That is too long to be read. {NOT_NUMBERS}")
        pieces = [piece.strip() for piece in re.split(r"[,;\n]", text)]
        self.numbers = frozenset(number for piece in pieces if piece for number in _run(piece))


def _run(piece: str) -> range:
    match = RUN.fullmatch(piece)
    if match is None:
        raise ValidationError(NOT_NUMBERS)
    first, last = int(match[1]), int(match[2] or match[1])
    if last < first:
        raise ValidationError(f"“{first}-{last}” runs backwards. {NOT_NUMBERS}")
    return range(first, last + 1)
