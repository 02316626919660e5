"""Pages of speed-watch's figures: what residents read of a site, action 5.2, and that each count opens its sessions."""

import csv
import html
import re
from datetime import date
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.speeding import VOID, Row, Sessions
from tests.watching import scheme
from webapp.extensions import db
from webapp.models.pact_area import PactArea, PactAreaPart, PactPriority
from webapp.models.speed_site import SpeedSite
from webapp.services import speed_figures
from webapp.services.transaction import one_commit

pytestmark = pytest.mark.usefixtures("noon")

TODAY, BEFORE = date(2026, 11, 22), date(2026, 3, 31)
LINK = re.compile(
    r'href="(/speed-watch/sessions\?[^"]+)">([\d,]+)<span class="govuk-visually-hidden"> ([^<]+)<'
)
HEAD = re.compile(
    r"<strong>([\d,]+) sessions?</strong>.*?together: (?:([\d,]+) vehicles? counted|traffic not counted)"
    r".*?([\d,]+) recorded",
    re.DOTALL,
)


@pytest.fixture
def otford(app: Flask, cast: Cast) -> Sessions:
    """Otford's scheme, which Vic and Carol belong to."""
    with app.app_context():
        return Sessions(app, scheme(cast))


@pytest.fixture
def shoreham(app: Flask, cast: Cast) -> Sessions:
    """Another scheme, without Vic."""
    with app.app_context():
        return Sessions(app, scheme(cast, "Shoreham", ("Carol",)))


@pytest.fixture
def year(otford: Sessions, shoreham: Sessions) -> None:
    """Sessions that count, in two quarters and two years, and one in each state that does not."""
    otford.hold(TODAY, [36] * 10 + [41] * 5 + [46] * 2 + [67] + [28] * 20, counted=214, has_all_speeds=True)
    otford.hold(date(2026, 8, 1), [40, Row(50, VOID), Row(77, is_removed=True)])
    otford.hold(BEFORE, [38], counted=40)
    shoreham.hold(TODAY, [39] * 3, counted=30, limit_mph=30)
    otford.hold(TODAY, [99], status="held")
    otford.hold(TODAY, [88], start_problems="device_uncalibrated")
    otford.hold(TODAY, [87], minutes=None)
    otford.hold(TODAY, [86], status="taken_back")


def results(made: Sessions) -> str:
    return f"/speed-watch/sites/{made.scheme.site}/results"


@pytest.mark.usefixtures("year")
def test_residents_read_of_what_a_share_is(client: FlaskClient, otford: Sessions):
    page = html.unescape(client.get(f"{results(otford)}?period=2026-Q3").text)
    assert "Of 214 vehicles counted, 18 were at 35 mph or more: 8.4%." in page
    assert "85th percentile" in page and "fewer than 100, so it says little" in page
    for never in (
        "99 mph",
        "88 mph",
        "87 mph",
        "86 mph",
        "SW-2026",
        "Vic",
        "Ann",
        "Carol",
        "10:30",
        "/speed-watch/sessions",
    ):
        assert never not in page, never


@pytest.mark.usefixtures("year")
def test_a_share_of_some_sessions_says_of_how_many(client: FlaskClient, otford: Sessions):
    page = client.get(results(otford)).text
    assert "Of 254 vehicles counted, 19 were at 35 mph or more: 7.4%." in page
    assert "Traffic was counted in 2 of them, and the share is of these alone;" in page
    assert "in all together 20 vehicles were recorded." in page
    assert "1 session is left out: it should not have started" in page


def test_without_a_count_there_is_no_share(client: FlaskClient, otford: Sessions):
    otford.hold(TODAY, [40] * 3)
    page = client.get(results(otford)).text
    assert "3 vehicles were at 35 mph or more. Traffic was not counted, so there is no share." in page
    assert "not known: every speed has to be logged for it" in page


@pytest.mark.usefixtures("year")
def test_a_drawing_stands_beside_the_table_that_says_the_same(client: FlaskClient, otford: Sessions):
    page = client.get(results(otford)).text
    assert page.count('<svg class="wb-speeds"') == 2 and "style=" not in page.split("<main")[1]
    assert "limit 30" in page and "recorded from 35" in page
    cells = re.findall(r'data-label="([^"]+)">([^<]*)', page)
    assert ("35 to 39 mph", "10") in cells and ("50 mph and over", "1") in cells
    assert page.count("January to March 2026") >= 1 and "October to December 2026, so far" in page


@pytest.mark.usefixtures("year")
def test_whose_session_waits_to_be_checked_sees_it_apart_and_nobody_else_does(
    cast: Cast, client: FlaskClient, otford: Sessions, shoreham: Sessions
):
    for name, sees in (("Vic", True), ("Owen", True), ("Carol", True), ("Nadia", False), ("Sunita", False)):
        page = cast.client(name).get(results(otford)).text
        assert ("Not checked yet, so in no figure above" in page) == sees, name
    shoreham.hold(TODAY, [77], status="held")
    assert "Not checked yet" not in cast.client("Vic").get(results(shoreham)).text
    assert "Not checked yet, so" not in client.get(results(otford)).text


@pytest.mark.parametrize(
    ("status", "is_shown"),
    [("requested", False), ("assessed", False), ("approved", True), ("suspended", True), ("retired", True)],
)
def test_the_results_of_a_site_stay_whatever_becomes_of_it(
    app: Flask, cast: Cast, client: FlaskClient, otford: Sessions, status: str, is_shown: bool
):
    with app.app_context(), one_commit() as session:
        session.get_one(SpeedSite, otford.scheme.site_id).status = status
    assert client.get(results(otford)).status_code == (200 if is_shown else 404)
    assert cast.client("Owen").get(results(otford)).status_code == 200
    assert client.get("/speed-watch/sites/NOWHERE/results").status_code == 404


def test_where_the_limit_changed_each_limit_has_its_own_table(client: FlaskClient, otford: Sessions):
    otford.hold(BEFORE, [50, 51], limit_mph=40, counted=10, has_all_speeds=True)
    otford.hold(TODAY, [36, 30], counted=12, has_all_speeds=True)
    page = client.get(results(otford)).text
    assert "were at or above the speed from which they are recorded: 13.6%." in page
    assert "The limit changed meanwhile" in page
    for caption in ("Each session, newest first (limit 40 mph)", "Quarter by quarter (limit 30 mph)"):
        assert caption in page
    assert client.get(f"{results(otford)}?period=nonsense").text.count("was not understood") == 1


def test_many_sessions_come_page_by_page(client: FlaskClient, otford: Sessions):
    for day in range(1, 15):
        otford.hold(date(2026, 10, day), [40])
    first, second = (client.get(f"{results(otford)}?page={number}").text for number in (1, 2))
    assert ">14 Oct 2026<" in first and ">2 Oct 2026<" not in first.split("Quarter by quarter")[0]
    assert ">2 Oct 2026<" in second and "14 vehicles were at 35 mph or more" in second


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("address", ["/plan/5.2", "/figures/speed-watch", "/figures/speed-watch?period=2026"])
def test_each_count_opens_the_sessions_it_counts(app: Flask, cast: Cast, address: str):
    _concerned(app)
    owen = cast.client("Owen")
    links = LINK.findall(owen.get(address).text)
    assert len(links) > 8
    for url, shown, said in links:
        listed = owen.get(html.unescape(url)).text
        sessions, counted, recorded = HEAD.search(listed).groups()
        which = counted if "counted" in said else recorded if "recorded" in said else sessions
        assert which == shown, (url, said)


def test_approved_sites_open_and_those_whose_assessment_ran_out(
    app: Flask, cast: Cast, otford: Sessions, shoreham: Sessions
):
    with app.app_context(), one_commit() as session:
        session.get_one(SpeedSite, shoreham.scheme.site_id).review_due_on = date(2026, 11, 21)
    owen = cast.client("Owen")
    links = re.findall(r'href="(/speed-watch/sites\?[^"]+)">(\d+)<', owen.get("/plan/5.2").text)
    assert [shown for _, shown in links] == ["2", "1"]
    for url, shown in links:
        assert f"<strong>{shown} site" in owen.get(html.unescape(url)).text


@pytest.mark.usefixtures("year")
def test_a_site_s_sessions_open_too(cast: Cast, otford: Sessions):
    owen = cast.client("Owen")
    ((url, shown, _),) = LINK.findall(owen.get(f"{results(otford)}?period=2026-Q3").text)
    assert HEAD.search(owen.get(html.unescape(url)).text)[1] == shown == "1"


def _concerned(app: Flask) -> None:
    """Let the panel of an area with Otford's ward be concerned about speeding, and one without any sessions."""
    with app.app_context(), one_commit() as session:
        for name, ward in (("Darent valley", "E05005027"), ("Edenbridge", "E05005020")):
            area = PactArea(name=name)
            session.add(area)
            session.flush()
            session.add(PactAreaPart(area_id=area.id, part="ward", value=ward))
            session.add(PactPriority(area_id=area.id, rank=2, concern="speeding", from_on=date(2026, 4, 1)))


@pytest.mark.usefixtures("year")
def test_action_5_2_says_that_the_plan_names_no_number(app: Flask, client: FlaskClient):
    _concerned(app)
    page = html.unescape(client.get("/plan/5.2").text)
    assert "The plan names no number to reach" in page and "/speed-watch/sessions" not in page
    # Carol is in both schemes.
    assert "<strong>7</strong> in date, 0 lapsed" in page
    assert "1 of 2 areas have had sessions" in page
    assert "1 session is not checked yet and in no figure." in page
    assert "1 session is left out, since it should not have started." in page
    this, before = re.findall(r'<th class="govuk-table__header" scope="row">(April[^<]+)</th>', page)
    assert this == "April 2026 to March 2027, so far" and before == "April 2025 to March 2026"


@pytest.mark.usefixtures("year")
def test_a_volunteer_lists_the_sessions_of_their_own_scheme_alone(
    cast: Cast, otford: Sessions, shoreham: Sessions
):
    vic, owen = (cast.client(name).get("/speed-watch/sessions").text for name in ("Vic", "Owen"))
    assert HEAD.search(vic)[1] == "7" and HEAD.search(owen)[1] == "8"
    assert "Shoreham" not in vic.split("<table")[1] and "Shoreham" in owen.split("<table")[1]
    theirs = f"/speed-watch/sessions?scheme={shoreham.scheme.id}"
    assert "was not understood and was left out" in cast.client("Vic").get(theirs).text


@pytest.mark.usefixtures("year")
def test_a_file_of_a_site_has_a_row_for_each_session_and_nothing_of_a_vehicle(cast: Cast, otford: Sessions):
    answer = cast.client("Vic").get(f"{results(otford)}.csv")
    assert answer.mimetype == "text/csv"
    head, *rows = csv.reader(StringIO(answer.text.lstrip("\ufeff")))
    assert len(rows) == 7 and len({len(row) for row in (head, *rows)}) == 1
    newest = next(row for row in rows if row[head.index("Traffic counted")] == "214")
    assert newest[head.index("Recorded of counted")] == "8.4%"
    assert newest[-4:] == ["35 to 39 mph: 10", "40 to 44 mph: 5", "45 to 49 mph: 2", "50 mph and over: 1"]
    assert not any("late" in name for name in head)


@pytest.mark.parametrize("name", ["Rosa", "Nadia", "Sunita", "Priya"])
def test_lists_and_files_are_for_those_who_take_part(
    cast: Cast, client: FlaskClient, otford: Sessions, name: str
):
    browser = client if name == "Rosa" else cast.client(name)
    for address in ("/speed-watch/sessions", f"{results(otford)}.csv", "/figures/speed-watch"):
        assert browser.get(address).status_code in ({302} if name == "Rosa" else {404}), address
    for address in ("/plan/5.2", results(otford)):
        assert browser.get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/speed-watch/sessions?scheme=99999999&area=x&since=2026-02-30&state=open&page=x",
        "/figures/speed-watch?period=2026-Q9",
        "/plan/5.2?period=x",
    ],
)
def test_addresses_that_make_no_sense_break_nothing(cast: Cast, address: str):
    assert cast.client("Owen").get(address).status_code == 200


def test_a_crew_is_thanked(app: Flask, otford: Sessions):
    own = otford.hold(TODAY, [36, 40, 28], counted=50, status="held")
    with app.test_request_context():
        session = db.session.get_one(speed_figures.SpeedSession, own)
        said = app.jinja_env.get_template("speed_watch/_thanks.html").render(
            came_to=speed_figures.session_summary(session)
        )
    assert "2 people gave 2 hours in all." in said
    assert "Of 50 vehicles counted, 2 were at 35 mph or more: 4.0%." in said
    assert "Your coordinator checks the session" in said
