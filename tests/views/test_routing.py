"""The page of routing rules: added, tried, put in another order and removed, by officers only."""

import pytest
from flask.testing import FlaskClient

from tests.builders import hidden_fields
from tests.cast import Cast

PAGE = "/routing"
HIGHWAYS = {"land_type": "highway", "main_waste": "", "ward_code": "", "body": "kcc_highways"}
ASBESTOS = {"land_type": "", "main_waste": "asbestos", "ward_code": "", "body": "sdc_direct_services"}


@pytest.fixture
def owen(cast: Cast) -> FlaskClient:
    return cast.client("Owen")


def add(browser: FlaskClient, **rule: str) -> int:
    token = hidden_fields(browser.get(PAGE).text)["csrf_token"]
    return browser.post(PAGE, data={"csrf_token": token, **rule}).status_code


def tried(browser: FlaskClient, **asked: str) -> str:
    page = browser.get(PAGE, query_string={"try": "yes", **asked}).text
    return page.split('role="status">')[1].split("</p>")[0]


def press(browser: FlaskClient, rule_id: int, verb: str) -> int:
    token = hidden_fields(browser.get(PAGE).text)["csrf_token"]
    return browser.post(f"{PAGE}/{rule_id}/{verb}", data={"csrf_token": token}).status_code


def test_the_first_rule_that_fits_is_named_and_raising_another_changes_it(owen: FlaskClient):
    assert (add(owen, **HIGHWAYS), add(owen, **ASBESTOS)) == (303, 303)
    both = {"land_type": "highway", "main_waste": "asbestos"}
    assert "Kent County Council Highways</strong> answers" in tried(owen, **both)
    assert press(owen, 2, "raise") == 303
    assert "Kent County Council Highways" not in tried(owen, **both)
    assert press(owen, 2, "remove") == 303
    assert "Kent County Council Highways</strong> answers" in tried(owen, **both)


def test_where_no_rule_fits_the_page_says_so(owen: FlaskClient):
    add(owen, **HIGHWAYS)
    assert "No rule fits" in tried(owen, land_type="council_land")
    assert (
        "fits what you tried" not in owen.get(PAGE, query_string={"try": "yes", "land_type": "railway"}).text
    )


def test_a_rule_of_one_ward_fits_there_only(owen: FlaskClient):
    add(owen, **{**HIGHWAYS, "ward_code": "E05005010"})
    assert "Kent County Council Highways" in tried(owen, land_type="highway", ward_code="E05005010")
    assert "No rule fits" in tried(owen, land_type="highway", ward_code="E05005019")


def test_a_rule_without_a_body_or_with_what_is_on_no_list_is_refused_and_kept(owen: FlaskClient):
    token = hidden_fields(owen.get(PAGE).text)["csrf_token"]
    refused = owen.post(PAGE, data={"csrf_token": token, **HIGHWAYS, "body": ""})
    assert refused.status_code == 422
    assert "Choose who answers." in refused.text
    assert '<option value="highway" selected>' in refused.text
    assert owen.post(PAGE, data={"csrf_token": token, **HIGHWAYS, "body": "nobody"}).status_code == 422
    assert "There are no rules yet" in owen.get(PAGE).text


@pytest.mark.parametrize(("rule_id", "verb"), [(1, "polish"), (99, "remove"), (99, "raise")])
def test_what_is_none_is_not_found(owen: FlaskClient, rule_id: int, verb: str):
    add(owen, **HIGHWAYS)
    assert press(owen, rule_id, verb) == 404


def test_nobody_else_finds_the_page(cast: Cast):
    for name in ("Priya", "Sunita"):
        assert cast.client(name).get(PAGE).status_code == 404
