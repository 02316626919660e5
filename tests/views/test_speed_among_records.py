"""Speed-watch sessions are records too: officers find them in the list, and nothing takes them for fly-tips."""

import csv
import re
from datetime import date
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import submit
from tests.cast import Cast
from tests.speeding import Sessions
from tests.watching import scheme
from webapp.models.account import User
from webapp.services import figures, records
from webapp.services.reminders import due_for

pytestmark = pytest.mark.usefixtures("noon")

TODAY, WARD = date(2026, 11, 22), "E05005027"
TOTAL = re.compile(r"<strong>([\d,]+) records?</strong>")


@pytest.fixture
def otford(app: Flask, cast: Cast) -> Sessions:
    """Otford's scheme with one session in each state."""
    with app.app_context():
        made = Sessions(app, scheme(cast))
    made.hold(TODAY, [40], minutes=None)
    made.hold(TODAY, [41], status="held")
    made.hold(TODAY, [42])
    made.hold(date(2026, 9, 1), [43], status="handed_over")
    made.hold(TODAY, [44], status="taken_back")
    return made


@pytest.fixture
def owen(cast: Cast, otford: Sessions) -> FlaskClient:
    return cast.client("Owen")


def total(page: str) -> int:
    return int(TOTAL.search(page)[1])


def test_officers_find_sessions_in_the_list_with_what_they_are_and_a_way_to_them(owen: FlaskClient):
    page = owen.get("/records?kind=speed_watch").text
    assert total(page) == 5 and page.count("Speed-watch, Otford High Street") == 5
    reference = re.search(r"/records/(SW-2026-\d+)", page)[1]
    answer = owen.get(f"/records/{reference}")
    assert answer.status_code == 302 and answer.location == f"/speed-watch/{reference}"
    assert owen.get(answer.location).status_code == 200


@pytest.mark.parametrize(
    ("state", "count"), [("open", 2), ("ended", 3), ("held", 1), ("checked", 1), ("taken_back", 1)]
)
def test_a_session_is_open_until_it_is_checked(owen: FlaskClient, state: str, count: int):
    page = owen.get(f"/records?kind=speed_watch&state={state}").text
    assert total(page) == count and "was not understood" not in page


def test_a_state_of_one_kind_is_none_of_another(owen: FlaskClient):
    assert "The filter “Status” was not understood" in owen.get("/records?kind=fly_tipping&state=held").text
    assert (
        "The filter “Status” was not understood" in owen.get("/records?kind=speed_watch&state=cleared").text
    )


@pytest.mark.parametrize("name", ["Sunita", "Priya"])
def test_who_has_no_part_in_speed_watch_finds_no_session_in_the_list(cast: Cast, otford: Sessions, name: str):
    assert "SW-2026" not in cast.client(name).get("/records?kind=speed_watch").text


def test_the_map_and_the_wards_count_the_sessions_that_the_list_shows_as_open(
    app: Flask, owen: FlaskClient, cast: Cast
):
    person = cast.person("Owen")
    with app.app_context():
        assert records.open_counts(person) == {WARD: 2}
        assert len(records.open_points(person)) == 2
    assert total(owen.get(f"/records?ward={WARD}&state=open").text) == 2
    page = owen.get(f"/wards/{WARD}").text
    assert page.count("Speed-watch, Otford High Street") == 2


def test_residents_read_of_no_session_as_an_open_fly_tip(app: Flask, client: FlaskClient, otford: Sessions):
    with app.app_context():
        assert records.public_counts() == {}
    ward = client.get(f"/wards/{WARD}").text
    assert "<strong>0</strong> open reports of fly-tipping" in ward and "SW-2026" not in ward
    assert "Nothing has been reported here yet." in ward
    assert "<strong>0</strong> reports of fly-tipping" in client.get("/").text
    with app.app_context():
        submit(place={"latitude": 51.3126, "longitude": 0.1917})
        (ward_code,) = records.public_counts()
    assert "<strong>1</strong> open report of fly-tipping" in client.get(f"/wards/{ward_code}").text


def test_a_ward_s_page_says_what_speed_watch_found_there(
    client: FlaskClient, owen: FlaskClient, otford: Sessions
):
    page = client.get(f"/wards/{WARD}").text
    assert "2 vehicles were at 35 mph or more. Traffic was not counted, so there is no share." in page
    assert f"/speed-watch/sites/{otford.scheme.site}" in page and "/speed-watch/sessions" not in page
    (link,) = re.findall(r'href="(/speed-watch/sessions[^"]+)">2<', owen.get(f"/wards/{WARD}").text)
    assert "<strong>2 sessions</strong>" in owen.get(link.replace("&amp;", "&")).text
    assert "No session was held and checked this plan year." in client.get("/wards/E05005020").text


def test_neither_worklist_nor_figures_nor_reminders_take_a_session_for_a_fly_tip(
    app: Flask, owen: FlaskClient
):
    page = owen.get("/worklist").text
    assert "SW-2026" not in page
    for address in (
        "/figures/fly-tipping?period=2026-Q3",
        "/figures/delays",
        "/plan/4.7",
        "/figures/reporters",
    ):
        assert "SW-2026" not in owen.get(address).text
    assert "no data" in owen.get("/plan/4.7").text
    with app.app_context():
        assert figures.oldest_open() is None
        user = records.db.session.query(User).filter_by(email="owen@wardbook.example").one()
        assert due_for(user, date(2026, 12, 9)).tips == []


def test_the_file_of_records_has_sessions_with_their_own_words(owen: FlaskClient):
    rows = list(csv.DictReader(StringIO(owen.get("/records.csv?kind=speed_watch").text.lstrip("\ufeff"))))
    assert sorted(row["Status"] for row in rows) == [
        "Checked",
        "Handed over to the police",
        "Held",
        "Taken back",
        "Under way",
    ]
    assert {(row["Kind"], row["Waste"], row["In the 7 days?"], row["Due on"]) for row in rows} == {
        ("Speed-watch session", "", "", "")
    }


def test_the_national_return_knows_nothing_of_sessions(app: Flask, owen: FlaskClient):
    assert "SW-2026" not in owen.get("/records?basis=incidents").text
    assert total(owen.get("/records?basis=incidents").text) == 0
