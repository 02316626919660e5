"""Handing over at a desk: the export, its files row by row, and what came back."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from tests.builders import hidden_fields
from tests.desk import AT, READY, Desk, Held, fast
from tests.watching import scheme
from webapp.extensions import db
from webapp.models.police_export import PoliceExport
from webapp.models.speed_scheme import SpeedVolunteer
from webapp.services import police_file
from webapp.services.transaction import one_commit

EXPORTS = "/speed-watch/exports"
PLATES = ("GK24 ABC", "EY19 KLM", "LB70 RST")


@pytest.fixture
def held(desk: Desk) -> Held:
    """A checked session with three vehicles that are ready."""
    held = desk.held(
        *(fast(plate, 44 + number, at=AT + timedelta(minutes=number)) for number, plate in enumerate(PLATES))
    )
    held.finish(READY, READY, READY)
    return held


@pytest.fixture
def carol(desk: Desk) -> FlaskClient:
    return desk.client("Carol")


def make(client: FlaskClient, desk: Desk) -> TestResponse:
    hidden = hidden_fields(client.get(EXPORTS).text)
    return client.post(f"{EXPORTS}/schemes/{desk.scheme.id}", data=hidden)


def send(client: FlaskClient, path: str, **data: str) -> TestResponse:
    token = hidden_fields(client.get("/track").text)["csrf_token"]
    return client.post(EXPORTS + path, data={"csrf_token": token, **data})


def test_an_export_is_made_and_read_row_by_row_in_both_formats(desk: Desk, held: Held, carol: FlaskClient):
    assert "3 vehicles are ready" in carol.get(EXPORTS).text
    assert make(carol, desk).headers["Location"] == f"{EXPORTS}/1"
    page = carol.get(f"{EXPORTS}/1").text
    assert "GK** A**" in page and not any(plate in page for plate in PLATES)
    answer = send(carol, "/1/csv")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    name = answer.headers["Content-Disposition"]
    assert name == "attachment; filename=speed-watch-1-2026-11-22.csv"
    rows = list(csv.reader(StringIO(answer.get_data().decode("utf-8-sig"))))
    assert rows[0] == list(police_file.HEAD)
    named = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert [row["Registration"] for row in named] == list(PLATES)
    assert [row["Number"] for row in named] == ["1", "2", "3"]
    assert [row["Speed (mph)"] for row in named] == ["44", "45", "46"]
    book = load_workbook(BytesIO(send(carol, "/1/xlsx").get_data()))
    assert book.sheetnames == ["Speed-watch", "About this file"]
    # Text stays text, whatever a spreadsheet would like to make of it.
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n"}
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert [[str("" if one is None else one) for one in row] for row in cells] == rows
    page = carol.get(f"{EXPORTS}/1").text
    assert "Who took it" in page and "CSV by Carol" in page and "XLSX by Carol" in page
    assert "export 1" in carol.get(held.page).text


def test_a_file_is_taken_again_only_with_a_reason_that_is_shown(desk: Desk, held: Held, carol: FlaskClient):
    make(carol, desk)
    assert send(carol, "/1/csv").status_code == 200
    again = send(carol, "/1/csv")
    assert again.status_code == 422 and "Say why it is taken again" in again.text
    assert "attachment" not in again.headers.get("Content-Disposition", "")
    assert send(carol, "/1/csv", reason="x" * 400).status_code == 422
    assert send(carol, "/1/csv", reason="About GK24 ABC").status_code == 422
    assert send(desk.client("Owen"), "/1/csv", reason="It was not received").status_code == 200
    assert "CSV by Owen. It was not received" in carol.get(f"{EXPORTS}/1").text


def test_pressed_twice_one_export_is_made(desk: Desk, held: Held, carol: FlaskClient):
    hidden = hidden_fields(carol.get(EXPORTS).text)
    for _ in range(2):
        answer = carol.post(f"{EXPORTS}/schemes/{desk.scheme.id}", data=hidden)
        assert answer.headers["Location"] == f"{EXPORTS}/1"
    with desk.app.app_context():
        assert db.session.query(PoliceExport).count() == 1
    assert send(carol, f"/schemes/{desk.scheme.id}", newest="1").status_code == 422
    assert "No vehicle is ready" in carol.get(EXPORTS).text


def test_what_came_back_is_written_down_once_and_its_counts_change_with_a_reason(
    desk: Desk, held: Held, carol: FlaskClient
):
    make(carol, desk)
    assert send(carol, "/1/counts", letters="1", reason="So").status_code == 422
    early = send(carol, "/1/answer", rejected="2-3", letters="1")
    assert early.status_code == 422 and "cannot have answered it" in early.text
    assert "Nobody has taken the file yet" in early.text and held.statuses() == ["exported"] * 3
    send(carol, "/1/xlsx")
    for _ in range(2):
        assert send(carol, "/1/answer", rejected="2-3", letters="1").status_code == 303
    assert held.statuses() == ["accepted", "rejected_police", "rejected_police"]
    assert held.plates() == ["GK24ABC", None, None]
    other = send(carol, "/1/answer", rejected="1")
    assert other.status_code == 409 and "meanwhile" in other.text
    page = carol.get(f"{EXPORTS}/1").text
    assert (
        "<strong>2 of 3</strong> registrations have been forgotten since" in page and "Take the file" in page
    )
    file = send(carol, "/1/csv", reason="Once more")
    assert file.status_code == 200 and "GK24 ABC" in file.text and len(file.text.splitlines()) == 2
    assert send(carol, "/1/counts", letters="2", visits="1").status_code == 422
    assert send(carol, "/1/counts", letters="2", visits="1", reason="Told in December").status_code == 303
    assert "Told in December" in carol.get(f"{EXPORTS}/1").text
    assert "1 accepted, 2 rejected" in carol.get(EXPORTS).text


@pytest.mark.parametrize(
    ("path", "typed", "words"),
    [
        ("/1/answer", {"rejected": "4"}, "rows 1 to 3, and no row 4"),
        ("/1/answer", {"rejected": "0"}, "no row 0"),
        ("/1/answer", {"rejected": "1-9999"}, "no row 4"),
        ("/1/answer", {"rejected": "3-1"}, "runs backwards"),
        ("/1/answer", {"rejected": "one"}, "such as 3, 7-9"),
        ("/1/answer", {"rejected": "1, 99999999999"}, "such as 3, 7-9"),
        ("/1/answer", {"rejected": "1," * 4000}, "too long"),
        ("/1/answer", {"rejected": "\u0661"}, "such as 3, 7-9"),
        ("/1/answer", {"letters": "-1"}, "whole number"),
        ("/1/answer", {"letters": "1.5"}, "whole number"),
        ("/1/answer", {"visits": "many"}, "whole number"),
        ("/1/answer", {"visits": "9999999"}, "characters long"),
    ],
)
def test_bad_answers_are_told_and_nothing_is_written(
    desk: Desk, held: Held, carol: FlaskClient, path: str, typed: dict, words: str
):
    make(carol, desk)
    send(carol, "/1/csv")
    answer = send(carol, path, **typed)
    assert answer.status_code == 422 and words in answer.text
    assert held.statuses() == ["exported"] * 3


def test_numbers_are_read_as_people_write_them(desk: Desk, held: Held, carol: FlaskClient):
    make(carol, desk)
    send(carol, "/1/csv")
    assert send(carol, "/1/answer", rejected=" 1 ;\n 2 – 3, 2").status_code == 303
    assert held.statuses() == ["rejected_police"] * 3


def test_addresses_of_nothing_and_of_other_schemes_are_not_there(desk: Desk, held: Held, carol: FlaskClient):
    make(carol, desk)
    paths = ("/1", "/9", "/1/csv", "/1/xlsx", "/1/answer", "/1/counts", "/1/pdf")
    for path in ("/9", "/1/pdf", "/9/csv"):
        assert carol.get(EXPORTS + path).status_code in (404, 405)
    assert send(carol, "/1/pdf").status_code == 404 and send(carol, "/schemes/99").status_code == 404
    with desk.app.app_context():
        scheme(desk.cast, "Shoreham", ("Carol",))
        with one_commit() as session:
            session.get_one(SpeedVolunteer, desk.scheme.carol).is_active = False
    for name in ("Carol", "Vic", "Ada", "Sunita", "Priya", "Nadia"):
        client = desk.client(name)
        assert client.get(f"{EXPORTS}/1").status_code == 404
        for path in paths[2:]:
            assert send(client, path, rejected="1", letters="1", reason="So").status_code == 404, (name, path)
        assert send(client, f"/schemes/{desk.scheme.id}").status_code == 404
    page = carol.get(EXPORTS).text
    assert "Shoreham" in page and "Otford" not in page
    assert desk.client("Owen").get(f"{EXPORTS}/1").status_code == 200
    for name in ("Vic", "Ada"):
        assert desk.client(name).get(EXPORTS).status_code == 404
