"""How safe residents say they feel at a place, and what of it may be shown to everybody (field-facts 1.2 G, 5.4)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from webapp.rules.codes.eva import FEELINGS, FEELS_SAFE
from webapp.rules.codes.feedback import FEWEST_SHOWN
from webapp.rules.shares import in_per_cent

FEWER = f"fewer than {FEWEST_SHOWN} answered"


@dataclass(frozen=True, slots=True)
class Feeling:
    """How often each answer was given about one time of the day, in the order of the list."""

    counts: Mapping[str, int]

    @property
    def answered(self) -> int:
        """How many answered."""
        return sum(self.counts.values())

    @property
    def safe(self) -> int:
        """How many feel safe or very safe."""
        return sum(count for answer, count in self.counts.items() if answer in FEELS_SAFE)

    @property
    def words(self) -> str:
        """The share that feels safe, for staff."""
        if not self.answered:
            return "nobody answered"
        return f"{self.safe} of {self.answered} feel safe ({in_per_cent(self.safe, self.answered)})"

    @property
    def public_words(self) -> str:
        """The share that feels safe, for everybody: of a few answers it could show what one person said.

        >>> feeling(["safe"] * 4).public_words, feeling(["safe"] * 4 + ["unsafe"]).public_words
        ('fewer than 5 answered', '4 of 5 feel safe (80.0%)')
        """
        return self.words if self.answered >= FEWEST_SHOWN else FEWER


def feeling(answers: Iterable[str | None]) -> Feeling:
    """Return the counts of answers; who did not answer counts for nothing.

    >>> feeling(["safe", None, "very_unsafe"]).counts
    {'very_safe': 0, 'safe': 1, 'unsafe': 0, 'very_unsafe': 1}
    """
    given = Counter(answer for answer in answers if answer is not None)
    return Feeling({code.value: given[code.value] for code in FEELINGS})
