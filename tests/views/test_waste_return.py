"""The return on screen, as CSV and as XLSX: three faces of the same figures, for officers."""

import csv
import re
from html.parser import HTMLParser
from io import BytesIO, StringIO
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import returned
from tests.cast import Cast

PAGE = "/reports/waste-return"
MONTHS = ["October 2026", "November 2026", "December 2026"]


class Tables(HTMLParser):
    """Reads the tables of a page: caption, then rows of cells; and the address of each cell that is a link."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.links: list[tuple[str, str]] = []
        self._in, self._hidden, self._text, self._href = "", 0, "", ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"caption", "th", "td"}:
            self._text, self._href = "", ""
        elif tag == "span":
            self._hidden += 1
        elif tag == "a":
            self._href = given.get("href") or ""
        elif tag == "tr" and self._in:
            self.tables[self._in].append([])

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._hidden -= 1
        elif tag == "caption":
            self._in = self._text.strip()
            self.tables[self._in] = []
        elif tag == "table":
            self._in = ""
        elif tag in {"th", "td"} and self._in:
            self.tables[self._in][-1].append(self._text.strip())
            if self._href:
                self.links.append((self._text.strip(), self._href))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._text += data


def plain(shown: str) -> float:
    return float(shown.replace("£", "").replace(",", ""))


@pytest.fixture
def owen(app: Flask, cast: Cast, noon: object) -> FlaskClient:
    """Owen's browser, with a quarter of records and enforcement."""
    with app.app_context():
        returned.fill()
    return cast.client("Owen")


@pytest.mark.parametrize("basis", ["incidents", "public"])
def test_screen_csv_and_xlsx_show_the_same_figures(owen: FlaskClient, basis: str) -> None:
    query = {"quarter": "2026-Q3", "basis": basis}
    tables = Tables(owen.get(PAGE, query_string=query).text).tables
    rows = list(csv.reader(StringIO(owen.get(f"{PAGE}.csv", query_string=query).data.decode("utf-8-sig"))))
    book = openpyxl.load_workbook(BytesIO(owen.get(f"{PAGE}.xlsx", query_string=query).data))
    assert len(tables) == len(book.sheetnames) - 1 == 9
    head, months = rows[0], rows[1:4]
    assert [row[1] for row in months] == MONTHS
    position = 3
    for sheet, (title, (_, *lines)) in zip(book.worksheets[1:], tables.items(), strict=True):
        on_screen = [[plain(cell) for cell in line[1:]] for line in lines]
        in_book = [[cell.value for cell in column[1:]] for column in sheet.iter_cols(min_col=2)]
        assert in_book == on_screen, title
        assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [*MONTHS, "Quarter"]
        for line, values in zip(lines, on_screen, strict=True):
            assert head[position].removesuffix(" (£)") == f"{title}: {line[0]}"
            assert [float(row[position]) for row in months] == values[:3]
            position += 1
    assert position == len(head)


def test_every_figure_that_is_not_nothing_opens_a_list_of_as_many(owen: FlaskClient) -> None:
    page = Tables(owen.get(f"{PAGE}?quarter=2026-Q3&basis=public").text)
    cells = [cell for rows in page.tables.values() for row in rows[1:] for cell in row[1:]]
    assert len(page.links) == sum(plain(cell) > 0 for cell in cells)
    to_records = [
        (shown, href) for shown, href in page.links if href.startswith("/records?") and "£" not in shown
    ]
    for shown, href in to_records[::7]:
        total = re.search(r"<strong>([\d,]+) records?</strong>", owen.get(href).text)
        assert total is not None and total[1] == shown, href
    to_steps = [parse_qs(urlsplit(href).query) for _, href in page.links if href.startswith("/enforcement?")]
    assert len(to_records) > 50 and len(to_steps) > 20
    assert {one.get("by", ["done"])[0] for one in to_steps} == {"done", "paid", "outcome"}


def test_every_enforcement_figure_opens_a_list_of_as_many_steps(owen: FlaskClient) -> None:
    page = Tables(owen.get(f"{PAGE}?quarter=2026-Q3").text)
    counted = [
        (shown, href) for shown, href in page.links if href.startswith("/enforcement?") and "£" not in shown
    ]
    assert len(counted) > 20
    for shown, href in counted:
        total = re.search(r"<strong>([\d,]+) steps?, ", owen.get(href).text)
        assert total is not None and total[1] == shown, href


def test_the_notes_stand_on_the_screen_and_in_both_files(owen: FlaskClient) -> None:
    query = {"quarter": "2026-Q3", "basis": "public"}
    screen = owen.get(PAGE, query_string=query).text
    text = owen.get(f"{PAGE}.csv", query_string=query).data.decode()
    book = openpyxl.load_workbook(BytesIO(owen.get(f"{PAGE}.xlsx", query_string=query).data))
    notes = " ".join(str(row[0]) for row in book["Notes"].values)
    for sentence in (
        "Basis: only incidents that somebody other than our own staff and wardens reported.",
        "need not add up to as many as the land or waste types",
        "Enforcement does not depend on the basis",
        "Incidents that our own staff and wardens found",
        "So far, up to Sunday 22 November 2026",
        "Same as another report",
    ):
        assert sentence in screen and sentence in text and sentence in notes


def test_the_running_quarter_is_shown_first_and_marked_as_unfinished(owen: FlaskClient) -> None:
    running = owen.get(PAGE).text
    assert "October to December 2026 (2026-Q3)" in running and "So far, up to" in running
    assert "So far" not in owen.get(f"{PAGE}?quarter=2026-Q2").text
    assert "Not begun yet" in owen.get(f"{PAGE}?quarter=2027-Q1").text


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("quarter=2026-Q5", "The quarter was not understood"),
        ("quarter=2026", "The quarter was not understood"),
        ("quarter=%00&_external=1", "The quarter was not understood"),
        ("basis=staff", "What to count was not understood"),
        ("basis=none&quarter=2026-Q2", "What to count was not understood"),
    ],
)
def test_what_makes_no_sense_is_told_and_something_is_shown(cast: Cast, query: str, sentence: str) -> None:
    owen = cast.client("Owen")
    page = owen.get(f"{PAGE}?{query}")
    assert page.status_code == 200 and sentence in page.text
    for ending in ("csv", "xlsx"):
        answer = owen.get(f"{PAGE}.{ending}?{query}")
        assert answer.status_code == 303 and answer.headers["Location"].startswith(f"{PAGE}?")
        assert sentence in owen.get(answer.headers["Location"]).text


def test_files_are_named_after_quarter_and_basis(cast: Cast) -> None:
    for ending in ("csv", "xlsx"):
        answer = cast.client("Owen").get(f"{PAGE}.{ending}?quarter=2026-Q2&basis=public")
        assert f"filename=waste-return-2026-Q2-public.{ending}" in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_partners_and_wardens_have_no_return(cast: Cast) -> None:
    for name in ("Priya", "Sunita"):
        client = cast.client(name)
        assert [client.get(f"{PAGE}{ending}").status_code for ending in ("", ".csv", ".xlsx")] == [404] * 3
        assert PAGE not in client.get("/records").text
    assert f'href="{PAGE}"' in cast.client("Owen").get("/figures/fly-tipping").text
