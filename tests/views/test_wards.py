"""The wards' own pages as the public sees them."""

import pytest
from flask.testing import FlaskClient


def test_a_postcode_leads_to_its_ward(client: FlaskClient):
    answer = client.get("/wards?postcode=DA4+0AA")
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/wards/E05")


@pytest.mark.parametrize(
    ("postcode", "sentence"),
    [
        ("XX1 1XX", "We cannot find the postcode “XX1 1XX”. Check it, or choose a ward below."),
        ("SW1A 1AA", "“SW1A 1AA” is in none of our wards. Check it, or choose a ward below."),
    ],
)
def test_a_postcode_that_leads_nowhere_is_told_in_the_summary_and_at_its_field(
    client: FlaskClient, postcode: str, sentence: str
):
    answer = client.get("/wards", query_string={"postcode": postcode})
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2
    assert 'data-module="govuk-error-summary"' in answer.text and 'href="#postcode"' in answer.text
    assert 'aria-describedby="postcode-error"' in answer.text and f'value="{postcode}"' in answer.text
    assert "use words" not in answer.text
