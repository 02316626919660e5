"""CSV and XLSX: nothing that somebody typed runs as a formula, and nothing else is changed."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from webapp.services import sheets

DANGEROUS = "=+-@\t\r\n"
# The database keeps neither of these.
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
NEAR = st.builds("{}{}".format, st.sampled_from([*DANGEROUS, "'", '"', ",", ";", " "]), TEXTS)
CELLS = st.one_of(TEXTS, NEAR, st.none(), st.integers(), st.decimals(allow_nan=False, allow_infinity=False))


def read(chunks: list[bytes]) -> list[list[str]]:
    return list(csv.reader(StringIO(b"".join(chunks).decode("utf-8-sig"), newline="")))


@given(st.lists(st.lists(CELLS, min_size=1), min_size=1))
def test_no_text_begins_as_a_formula_and_nothing_else_is_changed(rows: list[list[object]]) -> None:
    back = read(list(sheets.csv_chunks(rows)))
    for row, found in zip(rows, back, strict=True):
        for value, cell in zip(row, found, strict=True):
            if isinstance(value, str) and value.startswith(tuple(DANGEROUS)):
                assert cell == f"'{value}"
            else:
                assert cell == ("" if value is None else str(value))


def test_a_negative_number_stays_a_number() -> None:
    assert read(list(sheets.csv_chunks([[-0.19, -3, Decimal("-12.50"), "-3"]]))) == [
        ["-0.19", "-3", "-12.50", "'-3"]
    ]


def test_a_long_file_comes_in_pieces_and_begins_with_the_mark_of_utf_8() -> None:
    chunks = list(sheets.csv_chunks(["£ café"] * 3 for _ in range(10_000)))
    assert len(chunks) > 3 and max(map(len, chunks)) < 3 * sheets.CHUNK
    assert chunks[0].startswith(b"\xef\xbb\xbf") and read(chunks) == [["£ café"] * 3] * 10_000


def test_a_workbook_keeps_text_as_text_and_pounds_as_numbers() -> None:
    typed = ["=1+1", "+44", "@home", "-", "https://example.org", "{=1}"]
    book = openpyxl.load_workbook(
        BytesIO(sheets.workbook([sheets.Sheet("One", [["Head"], [*typed, 7, Decimal("12.50"), None]])]))
    )
    cells = book["One"][2]
    assert [cell.value for cell in cells[:6]] == typed
    assert {cell.data_type for cell in cells[:6]} <= {"s", "inlineStr"}
    assert not any(cell.hyperlink for cell in cells)
    assert [cell.value for cell in cells[6:8]] == [7, 12.5] and "£" in cells[7].number_format
