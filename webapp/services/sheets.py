"""Tables for spreadsheets, as CSV and as XLSX. What somebody typed never becomes a formula in either."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Value = str | int | float | Decimal | None
# Excel reads a file without this mark as Windows-1252 and spoils every accent and pound sign. LibreOffice, Google
# Sheets and Numbers take the mark as what it is too.
BOM = "\ufeff"
# A cell that begins so is run as a formula, also behind a tab or the end of a line.
BEGINS_FORMULA = frozenset("=+-@\t\r\n")
CHUNK = 64 * 1024
WIDEST, NARROWEST = 60, 10
MONEY = "£#,##0.00"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook; its first row is its head."""

    name: str
    rows: Sequence[Sequence[Value]]


def harmless(value: Any) -> Any:
    """Return a cell that no spreadsheet runs: dangerous text gets an apostrophe in front, all else stays as it is.

    >>> harmless("=1+1"), harmless("1-2"), harmless(-0.19)
    ("'=1+1", '1-2', -0.19)
    """
    return f"'{value}" if isinstance(value, str) and value[:1] in BEGINS_FORMULA else value


def csv_chunks(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield a CSV file in UTF-8 piece by piece, so that a long one is never in memory as a whole."""
    text = StringIO(newline="")
    text.write(BOM)
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([harmless(value) for value in row])
        if text.tell() > CHUNK:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def workbook(sheets: Iterable[Sheet], *, is_secret: bool = False) -> bytes:
    """Return an XLSX file; text stays text whatever it begins with, and amounts in pounds are Decimal.

    A long one lies on the disk in pieces while it is made; one that is secret never does.
    """
    file = BytesIO()
    where = {"in_memory": True} if is_secret else {"constant_memory": True}
    settings = {**where, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, settings) as book:
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": MONEY})
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet.rows, bold, money)
    return file.getvalue()


def _write(page: Worksheet, rows: Sequence[Sequence[Value]], bold: Format, money: Format) -> None:
    page.freeze_panes(1, 0)
    for column in range(max(map(len, rows))):
        longest = max(len(str(row[column])) for row in rows if column < len(row))
        page.set_column(column, column, min(WIDEST, max(NARROWEST, longest + 2)))
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            _put(page, number, column, value, None if number else bold, money)


def _put(page: Worksheet, row: int, column: int, value: Value, style: Format | None, money: Format) -> None:
    if isinstance(value, str):
        page.write_string(row, column, value, style)
    elif value is not None:
        page.write_number(row, column, value, money if isinstance(value, Decimal) else style)
