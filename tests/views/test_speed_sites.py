"""Speed-watch sites: an officer assesses and approves it, everybody finds it."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select

from tests.builders import hidden_fields
from tests.cast import Cast
from tests.site_pages import ASK, ASSESSED, approved_site, asked_site, assess, events, make_move, site
from webapp.extensions import db
from webapp.models.speed_site import SpeedSite
from webapp.services import speed_sites

pytestmark = pytest.mark.usefixtures("noon")

SITES = "/speed-watch/sites"


@pytest.fixture
def owen(cast: Cast) -> FlaskClient:
    return cast.client("Owen")


def test_an_officer_takes_it_from_asked_for_to_approved(app: Flask, owen: FlaskClient, client: FlaskClient):
    code = asked_site(client)
    page = owen.get(f"{SITES}/{code}").text
    assert "Cannot be used now" in page and "not approved yet" in page and "Cars race past the school" in page
    assert assess(owen, code).status_code == 303
    assessed = site(app, code)
    assert (assessed.status, assessed.limit_mph, assessed.directions) == ("assessed", 30, "north south")
    # The point that stood there stays where it was, and keeps where it is from.
    assert (assessed.location_source, assessed.max_crew) == ("map", 4)
    assert client.get(f"{SITES}/{code}").status_code == 404
    assert make_move(owen, code, "approve").status_code == 303
    assert site(app, code).approved_on == date(2026, 11, 22)
    assert "Can be used now" in owen.get(f"{SITES}/{code}").text
    public = client.get(f"{SITES}/{code}").text
    assert "High Street by the school" in public and "30 mph" in public and "Northbound, Southbound" in public
    for word in (
        "Soft verge",
        "Church car park",
        "Ask at the shop",
        "KP/77",
        "PC 1234",
        "Cars race",
        "History",
    ):
        assert word not in public
        assert word in owen.get(f"{SITES}/{code}").text
    assert [event.action for event in events(app)] == ["site_asked", "site_assessed", "site_approved"]
    assert "Soft verge" not in str([(event.before, event.after) for event in events(app)])


def test_volunteers_read_what_they_need_at_the_roadside_and_no_history(owen: FlaskClient, cast: Cast):
    code = approved_site(owen)
    vic, carol = (
        cast.client("Vic").get(f"{SITES}/{code}").text,
        cast.client("Carol").get(f"{SITES}/{code}").text,
    )
    assert (
        "Soft verge" in vic and "Church car park" in vic and "History" not in vic and "Cars race" not in vic
    )
    assert "History" in carol and "Suspend" not in carol


@pytest.mark.parametrize("name", ["Sunita", "Priya", "Nadia"])
def test_whoever_takes_no_part_reads_what_everybody_reads(owen: FlaskClient, cast: Cast, name: str):
    code, wished = approved_site(owen), asked_site(owen)
    somebody = cast.client(name)
    assert "Soft verge" not in somebody.get(f"{SITES}/{code}").text
    assert somebody.get(f"{SITES}/{wished}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"assessment_reference": ""}, "Enter the reference"),
        ({"assessor": ""}, "Enter who assessed it"),
        ({"assessed_on-year": "2027"}, "has not come yet"),
        ({"assessed_on-day": "31"}, "cannot be 31 November"),
        ({"review_due_on-year": ""}, "needs a day, a month and a year"),
        ({"review_due_on-year": "2025"}, "The review comes after"),
        ({"review_due_on-year": "9999"}, "more than 10 years ahead"),
        ({"name": "Where GK26 ABC parks"}, "registrations"),
        ({"name": ""}, "Enter what the site is called"),
        ({"limit_mph": ""}, "Choose the limit of the road"),
        ({"limit_mph": "abc"}, "Choose one of the answers"),
        ({"directions": []}, "at least one direction"),
        ({"directions": ["up"]}, "Tick what applies"),
        ({"latitude": "", "longitude": ""}, "Set the point where people stand"),
        ({"latitude": "51.3", "longitude": ""}, "both latitude and longitude"),
        ({"max_crew": "6"}, "Choose one of the answers"),
        ({"hazards": "GK26 ABC parks there"}, "registrations"),
        ({"place_text": "Where GK26 ABC parks"}, "registrations"),
        ({"parish": "GK26 ABC"}, "registrations"),
        ({"assessor": "The driver of gk26abc"}, "registrations"),
        ({"assessment_reference": "GK26 ABC"}, "registrations"),
    ],
)
def test_an_assessment_that_is_not_whole_is_refused_in_words(
    app: Flask, owen: FlaskClient, changes: dict[str, object], words: str
):
    code = asked_site(owen)
    answer = assess(owen, code, **changes)
    assert answer.status_code == 422 and words in answer.text, answer.text
    assert "Soft verge" in answer.text or "hazards" in changes
    assert site(app, code).status == "requested"


def test_only_a_watched_limit_and_a_review_to_come_are_approved(app: Flask, owen: FlaskClient):
    code = asked_site(owen)
    assess(owen, code, limit_mph="50")
    assert "its limit is 50" in owen.get(f"{SITES}/{code}/moves/approve").text
    refused = make_move(owen, code, "approve")
    assert refused.status_code == 422 and "20, 30 and 40 mph" in refused.text
    past = {"assessed_on-year": "2025", "review_due_on-day": "21", "review_due_on-year": "2026"}
    assess(owen, code, **past)
    refused = make_move(owen, code, "approve")
    assert (
        refused.status_code == 422 and "Its assessment ran out on Saturday 21 November 2026" in refused.text
    )
    assess(owen, code, **{**past, "review_due_on-day": "22"})
    # Due today is still in time.
    assert make_move(owen, code, "approve").status_code == 303
    assert site(app, code).status == "approved"


def test_a_site_is_suspended_retired_and_approved_again_each_with_its_reason(app: Flask, owen: FlaskClient):
    code = approved_site(owen)
    refused = make_move(owen, code, "suspend", reason=" ")
    assert refused.status_code == 422 and "Say why" in refused.text
    for name, status in (("suspend", "suspended"), ("approve-again", "approved"), ("retire", "retired")):
        assert make_move(owen, code, name, reason=f"Because of {name}").status_code == 303
        assert site(app, code).status == status
    assert [event.reason for event in events(app)][-3:] == [
        "Because of suspend",
        "Because of approve-again",
        "Because of retire",
    ]
    assert "Because of suspend" in owen.get(f"{SITES}/{code}").text
    # A move that its state does not allow leads back, and is refused when it is sent all the same.
    assert owen.get(f"{SITES}/{code}/moves/suspend").status_code == 303
    seen = {**hidden_fields(owen.get(f"{SITES}/{code}/edit").text), "reason": "x"}
    late = owen.post(f"{SITES}/{code}/moves/suspend", data=seen)
    assert late.status_code == 422 and "cannot be done with it" in late.text


def test_a_new_assessment_leaves_an_approved_site_approved_and_must_be_good(app: Flask, owen: FlaskClient):
    code = approved_site(owen)
    refused = assess(owen, code, "review", limit_mph="60")
    assert refused.status_code == 422 and site(app, code).limit_mph == 30
    assert assess(owen, code, "review", assessment_reference="KP/78").status_code == 303
    assert (site(app, code).status, site(app, code).assessment_reference) == ("approved", "KP/78")


def test_what_is_known_is_put_right_and_a_postcode_wins_over_the_point_that_stood_there(
    app: Flask, owen: FlaskClient
):
    code = approved_site(owen)
    page = f"{SITES}/{code}/edit"
    known = {**hidden_fields(owen.get(page).text), **ASSESSED, "postcode": "TN13 1GP", "limit_mph": "20"}
    assert owen.post(page, data=known).status_code == 303
    moved = site(app, code)
    assert moved.location_source == "postcode" and moved.latitude != 51.3126 and moved.limit_mph == 20
    too_fast = {**hidden_fields(owen.get(page).text), **ASSESSED, "limit_mph": "60"}
    refused = owen.post(page, data=too_fast)
    assert refused.status_code == 422 and "Suspend it first" in refused.text


def test_whoever_decides_on_an_old_page_is_shown_first_what_changed(
    app: Flask, owen: FlaskClient, cast: Cast
):
    code = approved_site(owen)
    old = hidden_fields(owen.get(f"{SITES}/{code}/moves/suspend").text)
    ada = cast.client("Ada")
    known = {**hidden_fields(ada.get(f"{SITES}/{code}/edit").text), **ASSESSED, "name": "By the school gate"}
    assert ada.post(f"{SITES}/{code}/edit", data=known).status_code == 303
    late = make_move(owen, code, "suspend", old, reason="Road works")
    assert late.status_code == 409 and "What changed meanwhile" in late.text and "by Ada" in late.text
    assert "Road works" in late.text and site(app, code).status == "approved"
    again = make_move(owen, code, "suspend", hidden_fields(late.text), reason="Road works")
    assert again.status_code == 303 and site(app, code).status == "suspended"


@pytest.mark.parametrize("name", ["Vic", "Carol", "Sunita", "Priya", "Nadia"])
def test_nobody_but_officers_finds_the_pages_that_decide(owen: FlaskClient, cast: Cast, name: str):
    code = approved_site(owen)
    somebody = cast.client(name)
    for path in ("edit", "moves/suspend", "moves/nothing"):
        assert somebody.get(f"{SITES}/{code}/{path}").status_code == 404
    assert owen.get(f"{SITES}/{code}/moves/nothing").status_code == 404
    token = hidden_fields(somebody.get(ASK).text)["csrf_token"]
    assert somebody.post(f"{SITES}/from-request/1", data={"csrf_token": token}).status_code == 404


def test_the_list_is_narrowed_and_the_map_shows_what_the_list_shows(owen: FlaskClient, client: FlaskClient):
    approved_site(owen)
    asked_site(client, limit_mph="40", road="Mill Lane", latitude="51.39854", longitude="0.16356")
    asked_site(client, latitude=None, longitude=None, location_source=None, road="Nowhere yet")

    def shown(address: str, browser: FlaskClient = owen) -> tuple[set[str], set[str]]:
        text = browser.get(f"{SITES}?{address}").text
        table = text.split("<tbody", 1)[1].split("</tbody>")[0] if "<tbody" in text else ""
        drawn = set(re.findall(r'"href": "/speed-watch/sites/(S\d+)"', text))
        return set(re.findall(r'href="/speed-watch/sites/(S\d+)"', table)), drawn

    assert shown("") == ({"S01", "S02", "S03"}, {"S01", "S02"})
    assert shown("status=requested") == ({"S02", "S03"}, {"S02"})
    assert shown("limit=40") == ({"S02"}, {"S02"})
    assert shown("ward=E05005031") == ({"S02"}, {"S02"})
    assert shown("ward=none") == ({"S03"}, set())
    assert shown("review=lapsed") == (set(), set())
    assert shown("status=requested&review=lapsed", client) == ({"S01"}, {"S01"})
    odd = owen.get(f"{SITES}?status=nothing&page=999")
    assert odd.status_code == 200 and "was not understood" in odd.text


def test_a_review_that_has_run_out_is_said_in_words(app: Flask, owen: FlaskClient):
    code = approved_site(owen)
    with app.app_context():
        db.session.scalars(select(SpeedSite)).one().review_due_on = date(2026, 11, 21)
        db.session.commit()
    said = "This site’s risk assessment ran out on 21 November 2026."
    assert said in owen.get(f"{SITES}/{code}").text and said in owen.get(f"{SITES}?review=lapsed").text


def test_a_code_in_small_letters_leads_to_its_one_address(owen: FlaskClient, client: FlaskClient):
    approved_site(owen)
    answer = client.get(f"{SITES}/s01")
    assert answer.status_code == 301 and answer.headers["Location"] == f"{SITES}/S01"


HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    '"><img src=x>',
    "{% for %}",
    "</textarea><script>",
    "=1+1",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_what_people_write_is_shown_as_they_wrote_it(owen: FlaskClient, client: FlaskClient, words: str):
    code = asked_site(client, road=words, why=words, place_text=words)
    for path in (f"{SITES}/{code}", f"{SITES}/{code}/moves/assess", SITES):
        page = owen.get(path)
        assert page.status_code == 200 and str(escape(words)) in page.text
        assert words == str(escape(words)) or words not in page.text
    assert approved_site(owen, name=words, hazards=words) and client.get(SITES).status_code == 200


def test_new_boundaries_give_a_site_its_new_ward(app: Flask, client: FlaskClient):
    from webapp.services import wards

    code = asked_site(client)
    with app.app_context():
        db.session.scalars(select(SpeedSite)).one().ward_code = "E05000001"
        db.session.commit()
        assert [(one.reference, one.after) for one in wards.reassign()] == [(code, "E05005023")]
        moved = db.session.scalars(select(SpeedSite)).one()
        assert moved.ward_code == "E05005023"
        assert [event.action for event, _ in speed_sites.history_of(moved)] == [
            "ward_reassigned",
            "site_asked",
        ]
