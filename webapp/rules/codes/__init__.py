"""The field's code lists: a stored value, the label people read, guidance, and when the value was in use.

Values never vanish: a list that changes gives the old value a `valid_to`, so that old answers stay readable.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Code:
    """One value of a list. `asked` is how a member of the public is asked, where the field's label is jargon."""

    value: str
    label: str
    guidance: str = ""
    asked: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def question(self) -> str:
        """The words a member of the public chooses by."""
        return self.asked or self.label


class CodeList:
    """An ordered list of codes by value."""

    def __init__(self, *codes: Code) -> None:
        self._codes = {code.value: code for code in codes}

    def __iter__(self) -> Iterator[Code]:
        return iter(self._codes.values())

    def __contains__(self, value: object) -> bool:
        return value in self._codes

    def __getitem__(self, value: str) -> Code:
        return self._codes[value]

    def label(self, value: str | None) -> str:
        """Return the label of a value, or "Not known" for None: unknown is never guessed."""
        return "Not known" if value is None else self._codes[value].label

    def question(self, value: str | None) -> str:
        """Return the words a member of the public chose a value by, "Not known" for None."""
        return "Not known" if value is None else self._codes[value].question

    @property
    def values(self) -> tuple[str, ...]:
        """Every value, in order."""
        return tuple(self._codes)
