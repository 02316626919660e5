"""The list of records for staff: filters in the address, contacts searched by POST, only what somebody may see."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import hidden_fields, send, submit
from tests.cast import Cast
from tests.conftest import NOON
from webapp.extensions import clock, db
from webapp.models.fly_tipping import FlyTip
from webapp.services import reporters


@pytest.fixture
def owen(cast: Cast) -> FlaskClient:
    """Owen's browser."""
    return cast.client("Owen")


@pytest.fixture
def three(app: Flask) -> None:
    """Three records: tyres in Eynsford last week, a sofa in Sevenoaks today, one outside."""
    with app.app_context():
        with clock.standing_at(NOON - timedelta(days=7)):
            submit(
                main_waste="tyres",
                description="A heap of tyres",
                place={"latitude": 51.3714, "longitude": 0.2121},
            )
        with clock.standing_at(NOON):
            submit(reporter={"name": "Rosa Resident", "email": "rosa@example.org"})
            last = submit(
                place={"latitude": 51.5, "longitude": -0.12, "words": "100% outside_here, TQ 5298 5462"}
            )
            reporters.add_words(last.token, "The mattress is 50% burnt")


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "references"),
    [
        ("", ["3", "2", "1"]),
        ("state=open", ["3", "2", "1"]),
        ("state=ended", []),
        ("ward=E05005029", ["2"]),
        ("ward=none", ["3"]),
        ("since=2026-11-20", ["3", "2"]),
        ("until=2026-11-15", ["1"]),
        ("since=2026-11-15&until=2026-11-15", ["1"]),
        ("text=heap", ["1"]),
        ("text=HEAP+OF", ["1"]),
        ("text=ft+2026+00002", ["2"]),
        ("text=ft+2026+2", ["2"]),
        ("text=FT-2026-002", ["2"]),
        ("text=FT-2026-9", []),
        ("text=tq+5298+5462", ["3"]),
        ("text=MATTRESS", ["3"]),
        ("text=50%25+burnt", ["3"]),
        ("text=5_%25+burnt", []),
        ("text=100%25", ["3"]),
        ("text=outside_here", ["3"]),
        ("text=rosa", []),
        ("kind=fly_tipping&state=reported", ["3", "2", "1"]),
        ("kind=nonsense&state=nonsense&ward=nonsense&since=nonsense&page=nonsense", ["3", "2", "1"]),
        ("until=9999-12-31", ["3", "2", "1"]),
        ("since=0001-01-01", ["3", "2", "1"]),
        ("page=-4&page=2", ["3", "2", "1"]),
        ("page=99999999999999999999", ["3", "2", "1"]),
        ("text=%00", ["3", "2", "1"]),
    ],
)
def test_filters_live_in_the_address(owen: FlaskClient, query: str, references: list[str]) -> None:
    page = owen.get(f"/records?{query}")
    assert page.status_code == 200
    listed = [line.split("<")[0] for line in page.text.split(">FT-2026-0000")[1:]]
    assert listed == references


@pytest.mark.usefixtures("three")
def test_names_and_contacts_are_searched_by_post_and_stand_in_no_address(owen: FlaskClient) -> None:
    token = hidden_fields(owen.get("/records").text)["csrf_token"]
    found = owen.post("/records/search", data={"csrf_token": token, "contact": "ROSA@"})
    assert ">FT-2026-00002<" in found.text and ">FT-2026-00001<" not in found.text
    assert "page=" not in found.text and "contact=ROSA" not in found.text
    assert (
        "Filter the records<"
        in owen.post("/records/search?since=x", data={"csrf_token": token, "contact": "R"}).text
    )
    assert owen.post("/records/search", data={"csrf_token": token, "contact": " "}).status_code == 303


def test_paging_shows_every_record_once(app: Flask, owen: FlaskClient) -> None:
    with app.app_context():
        for _ in range(53):
            submit()
    first, second = owen.get("/records").text, owen.get("/records?page=2").text
    assert "53 records" in first and "page 1 of 2" in first
    listed = [part.split("<")[0] for page in (first, second) for part in page.split(">FT-2026-")[1:]]
    assert len(listed) == len(set(listed)) == 53


@pytest.mark.usefixtures("three")
def test_a_partner_sees_only_what_their_agency_must_answer(app: Flask, cast: Cast) -> None:
    priya = cast.client("Priya")
    assert "0 records" in priya.get("/records").text
    with app.app_context():
        db.session.query(FlyTip).filter_by(reference="FT-2026-00001").one().responsible_body = "kcc_highways"
        db.session.commit()
    assert ">FT-2026-00001<" in priya.get("/records").text and "1 record" in priya.get("/records").text
    assert priya.get("/records/FT-2026-00001").status_code == 200
    assert priya.get("/records/FT-2026-00002").status_code == 404
    points = priya.get("/map/points.json").json["points"]
    assert [point[3] for point in points] == ["FT-2026-00001"]


@pytest.mark.usefixtures("three")
def test_a_warden_sees_what_they_made_and_no_contacts(app: Flask, cast: Cast) -> None:
    sunita = cast.client("Sunita")
    assert "0 records" in sunita.get("/records").text
    send(
        sunita,
        reporter_name="Private Person",
        reporter_email="private@example.org",
        witnessed="yes",
        vehicle_registration="GK12 ABC",
    )
    page = (
        sunita.get("/records/FT-2026-00004").text if clock.now().year == 2026 else sunita.get("/records").text
    )
    assert "private@example.org" not in page and "Private Person" not in page and "GK12 ABC" not in page


@pytest.mark.usefixtures("three")
def test_an_officer_sees_contacts_vehicles_and_history(owen: FlaskClient, client: FlaskClient) -> None:
    send(client, reporter_email="rosa@example.org", vehicle_registration="GK12 ABC", witnessed="yes")
    page = owen.get("/records?text=FT-").text
    newest = page.split(">FT-")[1].split("<")[0]
    record = owen.get(f"/records/FT-{newest}").text
    for words in ("rosa@example.org", "GK12 ABC", "History", "Reported"):
        assert words in record


@pytest.mark.parametrize(
    ("query", "label", "what_to_do"),
    [
        ("since=abc", "From", "Give a date such as 2026-11-21."),
        ("until=2026-02-30", "To", "Give a date such as 2026-11-21."),
        ("ward=zzz", "Ward", "Choose from its list."),
    ],
)
def test_a_filter_that_is_not_understood_is_named_on_the_page(
    owen: FlaskClient, query: str, label: str, what_to_do: str
):
    sentence = f"The filter “{label}” was not understood and was left out. {what_to_do}"
    assert sentence in owen.get(f"/records?{query}").text
    assert "was not understood" not in owen.get("/records?since=2026-11-01&ward=none&state=").text


def test_a_warden_without_records_is_told_so_and_not_to_take_a_filter_away(cast: Cast) -> None:
    sunita = cast.client("Sunita")
    assert "You have made no records yet" in sunita.get("/records").text
    assert "Take a filter away" in sunita.get("/records?state=open").text


@pytest.mark.parametrize(
    ("query", "summary"),
    [
        ("", "Filter the records<"),
        ("state=open", "Filter the records (1 set)<"),
        ("state=open&since=2026-11-01&text=&page=2", "Filter the records (2 set)<"),
        ("state=open&since=nonsense", "Filter the records (1 set)<"),
    ],
)
def test_folded_filters_say_how_many_of_them_narrow_the_list(
    owen: FlaskClient, query: str, summary: str
) -> None:
    assert summary in owen.get(f"/records?{query}").text


@pytest.mark.usefixtures("three")
def test_days_stand_short_in_the_list(owen: FlaskClient) -> None:
    row = owen.get("/records?text=FT-2026-1").text.split("<tbody")[1]
    assert "15 Nov 2026<" in row and "22 Nov 2026<" in row and "Sunday" not in row
