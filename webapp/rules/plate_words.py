"""Words that somebody types: a registration must not get into them, for they are kept longer than it is.

A registration is found however it is written: in small letters, in full width, with spaces, full stops, hyphens or the
end of a line between its characters. Nothing is found within a longer run of letters and figures. The phone's twin is
held to tests/js/words-cases.json as well.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from webapp.rules import vrm
from webapp.rules.short_words import ABBREVIATIONS, WORDS

LEAVE_IT_OUT = "Leave the registration out of these words: they are kept for longer than it is."
# Three letters with those that Northern Ireland gave its counties, then the number, as in AIZ 1234. Its others, and
# dateless and diplomatic ones, look as road numbers, times and prices do: they are found where they are known.
NORTHERN_IRISH = re.compile(r"[A-PR-Z](?:[IZ][A-PR-Z]|[A-PR-Z][IZ])[1-9][0-9]{0,3}")
SHAPES = (*(vrm.PATTERNS[kind] for kind in ("current", "prefix", "q_plate", "suffix")), NORTHERN_IRISH)
LONGEST_SHAPE = 7
# What is as long as this is no ordinary word with a number: it is found within others too, as in GK26ABCs.
LONG = 5
PIECE = re.compile(r"[^\W_]+")
LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between two gaps, in capitals; its runs of letters, and whether each is an ordinary word."""

    text: str
    runs: tuple[tuple[str, bool], ...]

    @property
    def is_word(self) -> bool:
        """Whether it is an ordinary word by itself."""
        return self.runs == ((self.text, True),)


def stands_in(words: str) -> bool:
    """Return whether a registration stands in words, by its shape: of any style but those that road numbers have.

    An ordinary word beside a number is no registration, unless it alone is in capitals.

    >>> stands_in("He drove gk26 Abc."), stands_in("Near TN14 and the A225"), stands_in("It was GK26 AND")
    (True, False, True)
    """
    return any(
        not _is_ordinary(pieces) and any(shape.fullmatch(_joined(pieces)) for shape in SHAPES)
        for pieces in _windows(_pieces(words), LONGEST_SHAPE)
    )


def names_a_plate(words: str, plates: Iterable[str]) -> bool:
    """Return whether words say one of these normalised plates, however it is written.

    >>> names_a_plate("It was gk26 ABC, surely", ["GK26ABC"]), names_a_plate("(A-1)", ["A1"])
    (True, True)
    >>> names_a_plate("The 8 was a B", ["GK26ABC"])
    False
    """
    wanted = frozenset(filter(None, (_joined(_pieces(one)) for one in plates)))
    pieces = _pieces(words)
    everything = _joined(pieces)
    if any(one in everything for one in wanted if len(one) >= LONG):
        return True
    return any(_joined(some) in wanted for some in _windows(pieces, LONG))


def _pieces(words: str) -> list[_Piece]:
    plain = "".join(one for one in unicodedata.normalize("NFKC", words) if not _is_unseen(one))
    is_shouted = plain == plain.upper()
    return [_piece(one, is_shouted) for one in PIECE.findall(plain)]


def _is_unseen(one: str) -> bool:
    """Return whether a character has no width and parts nothing; the end of a line does."""
    return one in vrm.INVISIBLE or unicodedata.category(one) == "Cf"


def _piece(text: str, is_shouted: bool) -> _Piece:
    runs = ((run.upper(), _is_ordinary_word(run, is_shouted)) for run in LETTERS.findall(text))
    return _Piece(text.upper(), tuple(runs))


def _is_ordinary_word(run: str, is_shouted: bool) -> bool:
    small = run.lower()
    return small in ABBREVIATIONS or (
        small in WORDS and (run != run.upper() or (is_shouted and len(run) > 1))
    )


def _windows(pieces: Sequence[_Piece], longest: int) -> Iterator[Sequence[_Piece]]:
    """Yield each row of neighbours that together have no more characters than that."""
    for start in range(len(pieces)):
        length = 0
        for end in range(start, len(pieces)):
            length += len(pieces[end].text)
            if length > longest:
                break
            yield pieces[start : end + 1]


def _joined(pieces: Iterable[_Piece]) -> str:
    return "".join(one.text for one in pieces)


def _is_ordinary(pieces: Sequence[_Piece]) -> bool:
    """Return whether neighbours are words and numbers: an ordinary word is among them, or all their letters are."""
    if all(is_word for one in pieces for _, is_word in one.runs):
        return True
    return any(
        one.is_word and (len(one.text) > 1 or _stands_alone(pieces, number))
        for number, one in enumerate(pieces)
    )


def _stands_alone(pieces: Sequence[_Piece], number: int) -> bool:
    """Return whether a letter has numbers or nothing on both sides; in G K 2 6 a b c it is one of several."""
    beside = [*pieces[max(0, number - 1) : number], *pieces[number + 1 : number + 2]]
    return not any(one.runs for one in beside)
