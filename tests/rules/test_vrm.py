"""Number plates: their shapes, what is asked, and that a mask shows little and a warning nothing."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.house.tree import ROOT
from webapp.rules import vrm
from webapp.rules.codes.speed_watch import PLATE_KINDS

CASES: dict[str, Any] = json.loads((ROOT / "tests/js/plate-cases.json").read_text(encoding="utf-8"))
DAY = date(2026, 11, 29)
CODES = {sentence: code for code, sentence in vrm.WARNINGS.items()} | {"": ""}

plates = st.from_regex(
    "|".join(
        f"(?:{pattern.pattern})" for kind, pattern in vrm.PATTERNS.items() if kind not in {"dateless", "ni"}
    ),
    fullmatch=True,
)
kinds = st.sampled_from(vrm.KINDS)


@pytest.mark.parametrize("case", CASES["plates"], ids=lambda case: f"{case['text']!a} {case['seen_on']}")
def test_a_plate_is_read_written_and_masked(case: dict[str, str]):
    plate = vrm.read_plate(case["text"], date.fromisoformat(case["seen_on"]))
    assert (plate.text, plate.kind, CODES[plate.warning]) == (case["plain"], case["kind"], case["warning"])
    assert vrm.spaced(plate.text, plate.kind) == case["spaced"]
    assert vrm.mask(plate.text, plate.kind) == case["mask"]
    assert vrm.is_exportable(plate.kind) is (case["kind"] != "other")


@pytest.mark.parametrize("case", CASES["lengths"], ids=lambda case: ascii(case["text"]))
def test_what_is_too_long_for_a_plate_is_refused(case: dict[str, Any]):
    assert vrm.refusal(case["text"]) == (vrm.TOO_LONG if case["is_refused"] else None)


def test_phones_ask_and_refuse_in_the_same_words():
    assert CASES["warnings"] == vrm.WARNINGS
    assert CASES["too_long"] == vrm.TOO_LONG


def test_every_kind_of_plate_has_a_name_and_a_case():
    assert PLATE_KINDS.values == vrm.KINDS
    assert {case["kind"] for case in CASES["plates"]} == set(vrm.KINDS)


def test_no_plate_of_the_cases_has_two_shapes():
    shapes = [
        sum(bool(p.fullmatch(case["plain"])) for p in vrm.PATTERNS.values()) for case in CASES["plates"]
    ]
    assert max(shapes) == 1


@pytest.mark.parametrize("age", [*range(2, 50), *range(51, 100)])
def test_an_age_is_good_from_the_first_of_its_month_and_not_the_day_before(age: int):
    first = vrm.given_out_from(f"{age:02d}")
    assert vrm.read_plate(f"GK{age:02d}ABC", first).kind == "current"
    day_before = date.fromordinal(first.toordinal() - 1)
    assert vrm.read_plate(f"GK{age:02d}ABC", day_before).warning == vrm.WARNINGS[vrm.LATER_AGE]


@given(st.text(max_size=20))
def test_normalising_twice_changes_nothing_more(text: str):
    plain = vrm.normalise(text)
    assert vrm.normalise(plain) == plain


def test_normalising_any_single_character_comes_to_an_end():
    plain = {vrm.normalise(chr(number)) for number in range(0x110000)}
    assert [one for one in plain if vrm.normalise(one) != one] == []


@given(plates, st.sampled_from([" ", "-", "\u200b", "\u00a0", "\t", "\u2060", ""]))
def test_what_stands_between_the_characters_does_not_matter(plate: str, between: str):
    assert vrm.normalise(between.join(plate.lower())) == plate


@given(st.one_of(plates, st.text(max_size=20).map(vrm.normalise)), kinds)
def test_a_mask_shows_at_most_half_and_at_most_three(text: str, kind: str):
    masked = [one for one in vrm.mask(text, kind) if one != " "]
    characters = [one for one in text if one != " "]
    assert len(masked) == len(characters)
    shown = [index for index, one in enumerate(masked) if one != "*"]
    assert len(shown) <= min(3, len(characters) // 2)
    assert [characters[index] for index in shown] == [masked[index] for index in shown]


@given(plates, st.dates(date(2001, 1, 1), date(2060, 1, 1)))
def test_neither_a_warning_nor_a_printed_plate_holds_the_plate(text: str, seen_on: date):
    plate = vrm.read_plate(text, seen_on)
    assert text not in repr(plate)
    assert text not in plate.warning


@given(st.text(max_size=20))
def test_a_plate_is_never_changed_into_something_more_likely(text: str):
    assert vrm.read_plate(text, DAY).text == vrm.normalise(text)


@given(plates, kinds)
def test_writing_a_plate_adds_nothing_but_spaces(text: str, kind: str):
    assert vrm.spaced(text, kind).replace(" ", "") == text
