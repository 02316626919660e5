"""Registrations in words are found in every spelling, and ordinary words with numbers in them pass."""

import json
import re
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.house.tree import ROOT
from webapp.rules import plate_words, vrm
from webapp.rules.short_words import ABBREVIATIONS, WORDS

CASES: dict[str, Any] = json.loads((ROOT / "tests/js/words-cases.json").read_text(encoding="utf-8"))
GAPS = ("", " ", "  ", "-", ".", "\n", "\t", " - ", "\u00a0", "\u200b", "\u2013", "/", "_", ", ")
FULL_WIDTH = {number: number + 0xFEE0 for number in range(0x21, 0x7F)}
SPELLED = (str, str.lower, str.title, str.capitalize, lambda text: text.translate(FULL_WIDTH))

shaped = st.from_regex("|".join(f"(?:{one.pattern})" for one in plate_words.SHAPES), fullmatch=True)
any_plate = st.from_regex(
    "|".join(f"(?:{one.pattern})" for kind, one in vrm.PATTERNS.items() if kind not in {"dateless", "ni"}),
    fullmatch=True,
)
sentences = st.sampled_from(
    ("The driver of {} shouted.", "It was {}", "{}: void", "Seen (in {}) at 10.30", "car:{}", "“{}”", "{}'s")
)


@st.composite
def spelled(draw: st.DrawFn, plates: st.SearchStrategy[str]) -> tuple[str, str]:
    """Return a plate, and as somebody might write it: gaps anywhere, small letters, full width."""
    plate = draw(plates)
    groups = re.findall("[A-Z]+|[0-9]+", plate)
    at = draw(st.sets(st.sampled_from([*accumulate(map(len, groups))]))) | draw(
        st.sampled_from([frozenset(), frozenset(range(1, len(plate)))])
    )
    gap = draw(st.sampled_from(GAPS))
    written = "".join(
        one + (gap if number in at and number < len(plate) else "") for number, one in enumerate(plate, 1)
    )
    return plate, draw(st.sampled_from(SPELLED))(written)


@pytest.mark.parametrize("words", CASES["found"], ids=ascii)
def test_a_registration_is_found_by_its_shape(words: str) -> None:
    assert plate_words.stands_in(words)
    assert plate_words.stands_in(f"It was {words} I think")


@pytest.mark.parametrize("words", CASES["ordinary"], ids=ascii)
def test_ordinary_words_with_numbers_pass(words: str) -> None:
    assert not plate_words.stands_in(words)


@pytest.mark.parametrize("case", CASES["named"], ids=lambda case: ascii(case["words"]))
def test_a_known_registration_is_found_whatever_its_shape(case: dict[str, Any]) -> None:
    assert plate_words.names_a_plate(case["words"], case["plates"]) is case["is_named"]


@given(spelled(shaped), sentences)
def test_every_registration_is_found_in_each_of_its_spellings(drawn: tuple[str, str], sentence: str) -> None:
    plate, written = drawn
    # TN14 and: such words are no registration, unless it is known.
    assume(not WORDS.union(ABBREVIATIONS) & {one.lower() for one in re.findall("[A-Z]+", plate)})
    assert plate_words.stands_in(sentence.format(written))


@given(spelled(any_plate), sentences, st.lists(any_plate, max_size=3))
def test_a_known_registration_is_found_in_each_of_its_spellings(
    drawn: tuple[str, str], sentence: str, others: list[str]
) -> None:
    plate, written = drawn
    assert plate_words.names_a_plate(sentence.format(written), [*others, plate])


@given(st.text(max_size=60))
def test_no_words_are_too_strange_to_be_looked_at(words: str) -> None:
    plate_words.stands_in(words)
    assert not plate_words.names_a_plate(words, [])


def test_what_we_write_ourselves_holds_no_registration_but_examples() -> None:
    """A plate in our own words is one of the examples that the page gives; all else would be a false alarm."""
    ours = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    found = {
        line.strip()
        for path in ours
        for line in path.read_text(encoding="utf-8").splitlines()
        if plate_words.stands_in(line)
    }
    assert not {line for line in found if "GK26" not in line}
