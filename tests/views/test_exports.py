"""The record list as CSV: the same records as the list, only what somebody may see, safe in any spreadsheet."""

import csv
from io import StringIO
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from werkzeug.test import TestResponse

from tests.builders import submit
from tests.cast import Cast
from webapp.extensions import db
from webapp.models.capture import Capture
from webapp.models.fly_tipping import FlyTip
from webapp.models.record import Record

FORMULA = '=HYPERLINK("https://evil.example","a, b")'


def rows(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    return list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def owen(cast: Cast) -> FlaskClient:
    """Owen's browser."""
    return cast.client("Owen")


@pytest.fixture
def three(app: Flask, noon: object) -> None:
    """A highway in Sevenoaks, tyres whose place is a formula, and something outside without a size."""
    with app.app_context():
        submit(
            reporter={"name": "Rosa Resident", "email": "rosa@example.org"}, vehicle_registration="GK12 ABC"
        )
        submit(main_waste="tyres", place={"words": FORMULA})
        submit(size=None, place={"latitude": 51.5, "longitude": -0.12, "words": "Äcker & Söhne\nsecond line"})
        db.session.query(FlyTip).filter_by(reference="FT-2026-00002").one().responsible_body = "kcc_highways"
        db.session.commit()


@pytest.mark.usefixtures("three")
def test_a_record_comes_in_words(owen: FlaskClient) -> None:
    first, _, third = rows(owen.get("/records.csv"))
    assert first == {
        "Reference": "FT-2026-00001",
        "Kind": "Fly-tipping",
        "Waste": "Other household waste",
        "Size": "Car boot or less",
        "Place": "Lay-by opposite the field gate",
        "Ward": first["Ward"],
        "Latitude": "51.27028",
        "Longitude": "0.19171",
        "Land": "Highway",
        "In the 7 days?": "In the 7 days",
        "With": "",
        "Crew": "",
        "Reported on": "2026-11-22",
        "Due on": "2026-11-29",
        "Cleared on": "",
        "Status": "Reported",
    }
    assert first["Ward"].startswith("Sevenoaks")
    assert third["Longitude"] == "-0.12" and third["Size"] == third["Ward"] == ""
    assert third["Place"] == "Äcker & Söhne\nsecond line"


@pytest.mark.usefixtures("three")
def test_what_looks_like_a_formula_is_text(owen: FlaskClient) -> None:
    assert rows(owen.get("/records.csv"))[1]["Place"] == f"'{FORMULA}"


@pytest.mark.usefixtures("three")
def test_no_contact_and_no_vehicle_is_in_the_file(owen: FlaskClient) -> None:
    file = owen.get("/records.csv").data.decode()
    assert not any(word in file for word in ("Rosa", "rosa@", "GK12"))


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "references"),
    [
        ("", ["1", "2", "3"]),
        ("main_waste=tyres", ["2"]),
        ("size=none", ["3"]),
        ("ward=none&basis=public", ["3"]),
        ("basis=staff", []),
        ("cost=none", ["1", "2", "3"]),
        ("cost=noted", []),
        ("since=2026-11-23", []),
        ("text=lay-by", ["1"]),
    ],
)
def test_the_file_is_narrowed_as_the_list_is(owen: FlaskClient, query: str, references: list[str]) -> None:
    assert [row["Reference"][-1] for row in rows(owen.get(f"/records.csv?{query}"))] == references
    listed = owen.get(f"/records?{query}").text
    assert f"<strong>{len(references)} record{'' if len(references) == 1 else 's'}</strong>" in listed
    link = f'href="/records.csv{f"?{query}" if query else ""}"'.replace("&", "&amp;")
    assert (link in listed) is bool(references)


@pytest.mark.parametrize("query", ["since=yesterday", "size=nonsense", "ward=%0d%0aX:1&_external=1"])
def test_a_filter_that_makes_no_sense_makes_no_larger_file(owen: FlaskClient, query: str) -> None:
    answer = owen.get(f"/records.csv?{query}")
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/records?")
    assert "was not understood" in owen.get(answer.headers["Location"]).text


@pytest.mark.usefixtures("three")
def test_everybody_gets_only_what_they_may_see(cast: Cast, client: FlaskClient) -> None:
    assert [row["Reference"] for row in rows(cast.client("Priya").get("/records.csv"))] == ["FT-2026-00002"]
    assert rows(cast.client("Sunita").get("/records.csv")) == []
    assert cast.client("Vic").get("/records.csv").status_code == 404
    assert client.get("/records.csv").headers["Location"].startswith("/sign-in")


@pytest.mark.usefixtures("three")
def test_it_is_a_file_of_today_that_nobody_keeps(owen: FlaskClient) -> None:
    answer = owen.get("/records.csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=records-2026-11-22.csv"
    assert answer.headers["Cache-Control"] == "no-store"
    assert owen.head("/records.csv").status_code == 200


def test_others_write_while_a_long_file_is_read_and_the_file_does_not_change(
    app: Flask, owen: FlaskClient
) -> None:
    """More than the database hands over at once and than a piece of the file holds, so that reading has not ended."""
    with app.app_context():
        submit()
        _multiply(4000)
    answer = owen.get("/records.csv", buffered=False)
    pieces = answer.iter_encoded()
    begun = next(pieces)
    with app.app_context():
        added = submit().reference
    file = (begun + b"".join(pieces)).decode("utf-8-sig")
    assert file.count("\r\n") == 4002 and str(added) not in file
    answer.close()
    assert len(rows(owen.get("/records.csv"))) == 4002


def test_whoever_stops_a_download_leaves_nothing_open(app: Flask, owen: FlaskClient) -> None:
    with app.app_context():
        submit()
        _multiply(4000)
    for _ in range(20):
        answer = owen.get("/records.csv", buffered=False)
        assert next(answer.iter_encoded())
        answer.close()
    with app.app_context():
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def _multiply(times: int) -> None:
    """Write copies of the one record, straight into the tables."""
    ids = [uuid4() for _ in range(times)]
    for model in (Capture, Record, FlyTip):
        row = dict(db.session.execute(select(model.__table__)).mappings().one())
        named = "reference" in row
        copies = [
            {**row, "id": one, **({"reference": f"FT-2026-1{number:05}"} if named else {})}
            for number, one in enumerate(ids)
        ]
        db.session.execute(insert(model.__table__), copies)
    db.session.commit()
