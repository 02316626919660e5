"""The pages of PACT areas: for everybody to read, for officers to set."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import hidden_fields, without_chance
from tests.cast import Cast
from tests.programmes import Walks
from tests.walking import ST_MARYS_WARD

pytestmark = pytest.mark.usefixtures("noon")

SWANLEY = {
    "name": "Swanley",
    "wards": [ST_MARYS_WARD, "E05005032"],
    "parishes": "Swanley\r\n\r\n  Hextable ",
    "contact_role": "Clerk of the town council",
}


@pytest.fixture
def owen(cast: Cast) -> FlaskClient:
    return cast.client("Owen")


def sent(client: FlaskClient, page: str, **answers: object) -> tuple[int, str]:
    """Fill in a page as it is and send it; return the status and the page that comes back or is led to."""
    hidden = hidden_fields(client.get(page).text)
    answer = client.post(page, data={**hidden, **SWANLEY, **answers})
    return answer.status_code, answer.headers.get("Location") or answer.text


def test_an_officer_adds_an_area_and_everybody_reads_it(owen: FlaskClient, client: FlaskClient):
    status, page = sent(owen, "/pact-areas/new")
    assert (status, page) == (303, "/pact-areas/1")
    shown = client.get(page).text
    assert "Partners and Communities Together" in shown and "Clerk of the town council" in shown
    assert "Hextable; Swanley" in shown and f'href="/wards/{ST_MARYS_WARD}"' in shown
    assert "Nothing has been published yet" in shown and "Change or remove" not in shown
    assert 'href="/pact-areas/1"' in client.get("/pact-areas").text
    assert 'href="/pact-areas"' in client.get("/wards").text


def test_ward_pages_lead_to_the_areas_of_the_ward(owen: FlaskClient, client: FlaskClient):
    sent(owen, "/pact-areas/new")
    assert 'href="/pact-areas/1">Swanley</a>' in client.get(f"/wards/{ST_MARYS_WARD}").text
    assert "/pact-areas/1" not in client.get("/wards/E05005016").text


def test_a_person_s_contact_is_refused_and_nothing_typed_is_lost(owen: FlaskClient):
    status, page = sent(owen, "/pact-areas/new", contact_role="rosa@example.org")
    assert status == 422
    assert page.count("no email address, no telephone number and no person") == 2
    assert 'value="rosa@example.org"' in page and "Hextable</textarea>" in page
    assert f'value="{ST_MARYS_WARD}" checked' in page
    assert "There are no areas yet" in owen.get("/pact-areas").text


def test_a_ward_that_is_on_no_list_is_refused(owen: FlaskClient):
    status, page = sent(owen, "/pact-areas/new", wards=["E99999999"])
    assert status == 422 and "Tick what applies of “Wards”" in page


def test_an_area_is_changed_and_one_that_somebody_else_changed_is_shown_first(owen: FlaskClient, cast: Cast):
    sent(owen, "/pact-areas/new")
    page, ada = "/pact-areas/1/edit", cast.client("Ada")
    old = hidden_fields(owen.get(page).text)
    assert sent(ada, page, name="Swanley town") == (303, "/pact-areas/1")
    late = owen.post(page, data={**old, **SWANLEY, "name": "Swanley and around"})
    assert late.status_code == 409
    assert "Swanley town. Wards:" in late.text and 'value="Swanley and around"' in late.text
    again = owen.post(page, data={**hidden_fields(late.text), **SWANLEY, "name": "Swanley and around"})
    assert again.status_code == 303 and "Swanley and around" in owen.get("/pact-areas").text


def test_a_ward_of_older_boundaries_stays_until_somebody_unticks_it(
    app: Flask, owen: FlaskClient, cast: Cast
):
    from webapp.services import pact_areas

    officer = cast.person("Owen")
    with app.app_context():
        pact_areas.add(pact_areas.Given("Old", "", ("E05000001",), ()), officer)
    assert "/wards/E05000001" not in owen.get("/pact-areas/1").text
    page = owen.get("/pact-areas/1/edit").text
    assert 'value="E05000001" checked' in page and "E05000001, in use no more" in page
    assert sent(owen, "/pact-areas/1/edit", wards=["E05000001"])[0] == 303


def test_an_area_is_removed_and_its_address_leads_nowhere(owen: FlaskClient, client: FlaskClient):
    sent(owen, "/pact-areas/new")
    token = hidden_fields(owen.get("/pact-areas/1/edit").text)["csrf_token"]
    assert owen.post("/pact-areas/1/remove", data={"csrf_token": token}).status_code == 303
    assert "The area is removed." in owen.get("/pact-areas").text
    assert client.get("/pact-areas/1").status_code == 404
    assert owen.post("/pact-areas/1/remove", data={"csrf_token": token}).status_code == 404


def test_published_audits_lead_to_what_residents_said_and_others_stand_nowhere(
    app: Flask, owen: FlaskClient, client: FlaskClient, cast: Cast
):
    sent(owen, "/pact-areas/new")
    walks = Walks(app, cast.person("Sunita"))
    shown = walks.audited(date(2026, 9, 1), title="The parade", lead_officer="Sunita Rao")
    walks.audited(date(2026, 9, 2), title="Not told yet")
    walks.change(shown, published_at=datetime(2026, 11, 1, tzinfo=UTC))
    page = without_chance(client.get("/pact-areas/1").text)
    assert f'href="/eva/{shown.reference}/you-said">The parade, Tuesday 1 September 2026</a>' in page
    assert "Not told yet" not in page and "Rao" not in page


def test_nobody_but_officers_finds_the_pages_that_set_areas(owen: FlaskClient, cast: Cast):
    sent(owen, "/pact-areas/new")
    for name in ("Sunita", "Priya", "Nadia"):
        somebody = cast.client(name)
        assert somebody.get("/pact-areas/1").status_code == 200
        assert "Add an area" not in somebody.get("/pact-areas").text
        for path in ("/pact-areas/new", "/pact-areas/1/edit"):
            assert somebody.get(path).status_code == 404
