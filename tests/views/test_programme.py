"""The page of the programme, action 4.2 of the plan, and walks as calendar files."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar, Component

from tests.builders import SEVENOAKS_WARD, without_chance
from tests.cast import Cast
from tests.programmes import Walks, mark_priority, observed, plan
from tests.walking import ST_MARYS_WARD

pytestmark = pytest.mark.usefixtures("noon")

PAGE, PLAN, WARD_PAGE = "/eva", "/plan/4.2", f"/wards/{ST_MARYS_WARD}"
TODAY = date(2026, 11, 22)
EIGHT_OF_TEN = ["verified"] * 5 + ["completed"] * 3 + ["agreed"] * 2
TO_LIST = re.compile(r'href="(/eva\?[^"#]+)#audits">(\d+)<span')
TOTAL = re.compile(r"<strong>([\d,]+) audits?</strong>")


@pytest.fixture
def walks(app: Flask, cast: Cast) -> Walks:
    return Walks(app, cast.person("Sunita"))


@pytest.fixture
def owen(cast: Cast) -> FlaskClient:
    return cast.client("Owen")


@pytest.fixture
def year(app: Flask, cast: Cast, walks: Walks) -> None:
    """Two priority wards of which one has an audit that passes and one that does not, and one audit elsewhere."""
    officer = cast.person("Owen")
    with app.app_context():
        mark_priority(officer, ST_MARYS_WARD, SEVENOAKS_WARD)
    walks.audited(TODAY, lines=EIGHT_OF_TEN)
    walks.audited(date(2026, 11, 1), lines=["completed"] * 39 + ["agreed"] * 10)
    walks.audited(TODAY, "E05005020")
    walks.planned(date(2026, 11, 29), SEVENOAKS_WARD)


@pytest.mark.usefixtures("year")
def test_what_is_missing_is_named_on_top_with_what_is_planned_for_it(owen: FlaskClient):
    top = owen.get(PAGE).text.split("<table")[0]
    assert "1 of 2 priority wards has no audit yet:" in top
    assert "Sevenoaks Town and St John&#39;s</a> (planned for Sunday 29 November)." in top
    assert owen.get(f"{PAGE}?year=2025").text.count("2 of 2 priority wards have no audit:") == 1


@pytest.mark.usefixtures("year")
def test_each_plan_stands_with_its_counts_and_its_own_mark(owen: FlaskClient):
    page = owen.get(PAGE).text.split('id="audits"')[0]
    assert "8 of 10 completed (80.0%)" in page and "5 of them verified" in page
    assert "39 of 49 completed (79.5%)" in page
    assert [page.count(tag) for tag in ("Reaches 80%", "Below 80%", "No plan yet")] == [1, 1, 1]
    assert 'by <span class="wb-no-break">31 Mar 2027</span>' in page


@pytest.mark.parametrize("page", [PAGE, PLAN])
@pytest.mark.usefixtures("year")
def test_each_number_opens_as_many_audits(owen: FlaskClient, page: str):
    found = [one for one in TO_LIST.findall(owen.get(page).text) if "priority" not in one[0]]
    assert len(found) >= 2
    for href, shown in found:
        total = TOTAL.search(owen.get(href.replace("&amp;", "&")).text)
        assert total is not None and total[1] == shown, href


@pytest.mark.usefixtures("year")
def test_a_filter_that_is_none_is_left_out_and_the_page_says_so(owen: FlaskClient):
    answer = owen.get(f"{PAGE}?ward=the-moon&year=2026-Q3&state=lost&page=many")
    assert answer.status_code == 200
    for label in ("Ward", "Year", "State"):
        assert f"The filter “{label}” was not understood" in answer.text
    assert "<strong>4 audits</strong>" in answer.text
    assert "April 2011 to March 2012" in owen.get(f"{PAGE}?year=2011").text


def test_an_audit_of_older_boundaries_stands_by_its_code_and_leads_to_no_ward(
    owen: FlaskClient, client: FlaskClient, walks: Walks
):
    eva = walks.audited(TODAY)
    walks.change(eva, ward_code="E05000001")
    for page in (owen.get(PAGE).text, client.get(PLAN).text):
        assert "E05000001" in page and "/wards/E05000001" not in page and "ward=E05000001" not in page
    walks.change(eva, ward_code=None)
    for page in (owen.get(PAGE).text, client.get(PLAN).text):
        assert "In none of our wards" in page


def test_without_priority_wards_or_audits_nothing_is_promised(owen: FlaskClient, client: FlaskClient):
    page = owen.get(PAGE).text
    assert "No ward is marked as a priority ward" in page and "There are no audits yet" in page
    plan = client.get(PLAN).text
    assert "No priority wards are named yet" in plan and "No audit is done yet this year" in plan
    assert "%</strong>" not in plan and "no data" in plan


def test_wardens_and_officers_have_audits_in_their_navigation_and_nobody_else(cast: Cast):
    entry = '<a class="wb-nav__link" href="/eva"'
    assert f'{entry} aria-current="page"' in cast.client("Sunita").get(PAGE).text
    assert f'{entry} aria-current="page"' in cast.client("Sunita").get("/requests").text
    for name in ("Priya", "Vic", "Nadia"):
        assert entry not in cast.client(name).get("/account").text
        assert cast.client(name).get(PAGE).status_code == 404


@pytest.mark.usefixtures("year")
def test_everybody_reads_the_figures_of_action_4_2_and_staff_open_them(
    client: FlaskClient, owen: FlaskClient
):
    public, staff = client.get(PLAN).text, owen.get(PLAN).text
    for page in (public, staff):
        assert "<strong>50.0%</strong> 1 of 2 priority wards have an audit this year" in page
        assert "<strong>1 of 3</strong> audits have a plan that is at least 80% completed" in page
        assert "8 of 10 completed (80.0%), 5 of them verified" in page
        assert "39 of 49 completed (79.5%), 0 of them verified" in page
        assert "EVA-2026" not in page
    assert 'href="/eva' not in public
    assert "The programme of audits" in staff


def test_no_count_tells_residents_that_a_line_is_kept_from_them(
    app: Flask, client: FlaskClient, cast: Cast, walks: Walks
):
    eva = walks.audited(TODAY, lines=["completed"] * 4)
    with app.app_context():
        sleeper = observed(cast.person("Sunita"), eva, category="rough_sleeping", grade=None, severity="2")
        plan(eva, ["agreed"] * 2, sleeper)
    walks.change(eva, published_at=datetime(2026, 11, 23, tzinfo=UTC))
    assert "4 of 6 completed (66.6%)" in cast.client("Owen").get(PLAN).text
    for address in (PLAN, WARD_PAGE):
        page = client.get(address).text
        assert "4 of 4 completed (100.0%)" in page and "Below 80%" not in page and " of 6" not in page
    assert "4 of 4 done" in client.get(f"/eva/{eva.reference}/you-said").text


@pytest.mark.usefixtures("year")
def test_a_ward_page_shows_everybody_its_audits_and_no_name_until_they_are_published(
    client: FlaskClient, cast: Cast, walks: Walks
):
    named = walks.audited(date(2026, 10, 4), title="Behind Mrs Page’s", lead_officer="Sunita Rao")
    page = without_chance(client.get(WARD_PAGE).text)
    assert "8 of 10 completed (80.0%)" in page and "39 of 49 completed (79.5%)" in page
    assert "Mrs Page" not in page and "Rao" not in page and 'href="/eva/EVA' not in page
    assert f'href="/eva/{named.reference}"' in cast.client("Sunita").get(WARD_PAGE).text
    walks.change(named, published_at=datetime(2026, 11, 1, tzinfo=UTC))
    shown = client.get(WARD_PAGE).text
    assert f'href="/eva/{named.reference}/you-said"' in shown and "Behind Mrs Page’s" in shown
    missing = client.get(f"/wards/{SEVENOAKS_WARD}").text
    assert "it is to have one by Wednesday 31 March 2027" in missing


def entries(client: FlaskClient, path: str = "/eva/programme.ics") -> list[Component]:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    return Calendar.from_ical(answer.data).walk("VEVENT")


def test_planned_walks_from_today_on_are_in_the_calendar_and_no_others(owen: FlaskClient, walks: Walks):
    walks.planned(date(2026, 11, 21))
    walks.audited(TODAY)
    called_off = walks.planned(date(2026, 11, 24))
    walks.change(called_off, status="called_off")
    today, later = walks.planned(TODAY), walks.planned(date(2026, 12, 1))
    assert [entry["UID"].split("@")[0] for entry in entries(owen)] == [str(today.id), str(later.id)]


def test_a_walk_keeps_its_london_time_on_both_sides_of_a_clock_change(owen: FlaskClient, walks: Walks):
    for day in (27, 28, 29):
        walks.planned(date(2027, 3, day), starts_at="10:30")
    walks.planned(date(2027, 10, 31), starts_at="10:30")
    starts = [entry.start for entry in entries(owen)]
    assert {entry.end - entry.start for entry in entries(owen)} == {timedelta(hours=1, minutes=30)}
    assert {start.time() for start in starts} == {time(10, 30)}
    assert {entry["DTSTART"].params["TZID"] for entry in entries(owen)} == {"Europe/London"}
    in_utc = [start.astimezone(UTC) for start in starts]
    assert [(moment.day, moment.hour) for moment in in_utc] == [(27, 10), (28, 9), (29, 9), (31, 10)]
    (zone,) = Calendar.from_ical(owen.get("/eva/programme.ics").data).walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/London" and len(zone.walk("DAYLIGHT")) >= 1


def test_a_walk_without_a_time_takes_its_whole_day(owen: FlaskClient, walks: Walks):
    walks.planned(date(2026, 12, 1))
    (entry,) = entries(owen)
    assert entry.start == date(2026, 12, 1) and not isinstance(entry.start, datetime)


def test_an_entry_says_where_and_which_walk_with_a_link_and_nobody_s_name(
    app: Flask, owen: FlaskClient, walks: Walks
):
    app.config["BASE_URL"] = "https://wardbook.example.gov.uk"
    people = [
        {"type": "resident", "name": "Rosa Finch", "organisation": "", "presence": "invited"},
    ]
    eva = walks.planned(
        date(2026, 12, 1),
        people=people,
        lead_officer="Sunita Rao",
        title="Estate; shops, and the “Rec”",
    )
    (entry,) = entries(owen, f"/eva/{eva.reference}.ics")
    assert entry["SUMMARY"] == "Environmental Visual Audit: Estate; shops, and the “Rec”"
    assert entry["LOCATION"] == "Outside the library, Swanley St Mary's"
    assert entry["URL"] == f"https://wardbook.example.gov.uk/eva/{eva.reference}"
    assert eva.reference in entry["DESCRIPTION"] and entry["URL"] in entry["DESCRIPTION"]
    assert entry["UID"] == f"{eva.id}@wardbook.example.gov.uk"
    said = owen.get(f"/eva/{eva.reference}.ics").text
    assert "Rao" not in said and "Finch" not in said and "ATTENDEE" not in said and "ORGANIZER" not in said


def test_a_walk_that_was_called_off_says_so_to_who_opens_its_file(owen: FlaskClient, walks: Walks):
    eva = walks.planned(date(2026, 12, 1))
    walks.change(eva, status="called_off")
    (entry,) = entries(owen, f"/eva/{eva.reference}.ics")
    assert str(entry["STATUS"]) == "CANCELLED"


def test_calendars_are_for_those_who_walk_audits(cast: Cast, walks: Walks):
    eva = walks.planned(date(2026, 12, 1))
    for path in ("/eva/programme.ics", f"/eva/{eva.reference}.ics"):
        assert cast.client("Sunita").get(path).status_code == 200
        assert cast.client("Priya").get(path).status_code == 404
    assert cast.client("Sunita").get("/eva/EVA-2026-09999.ics").status_code == 404
