"""No input about audits gives a 500: anything typed into every field of every form, and sent to every address."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from tests.auditing import Walked, shot, walked
from tests.builders import hidden_fields
from tests.cast import Cast
from tests.phone import Phone, new_id
from tests.views.test_fuzz import SLOW, TEXT, sendable
from tests.walking import observation, walk
from webapp.services import paper_work, publishing

pytestmark = pytest.mark.usefixtures("noon")

NUMBERS = st.sampled_from(
    ["1e308", "inf", "-inf", "nan", "-1", "0", "2147483648", "9223372036854775808", "100.0001", "31", "2026"]
)
TYPED = st.one_of(TEXT, NUMBERS, st.lists(st.one_of(TEXT, NUMBERS), max_size=4))
WALK = [
    "title", "ward_code", "parish", "reason", "held_on-day", "held_on-month", "held_on-year", "starts_at",
    "began_at", "ended_at", "lead_agency", "previous", "route_points", "safety", "people-type", "people-name",
    "people-presence", "weather", "light", "transects-street", "transects-land_use", "transects-litter",
    "prompts-sightlines", "prompts-nothing", "feelings-by_day", "found_nothing", "track", "latitude", "longitude",
    "location_source", "accuracy_m", "base_rev", "capture_id",
]  # fmt: skip
SEEN = [
    "number", "category", "grade", "severity", "note", "quantity", "asset", "owner_agency", "as_fly_tip",
    "as_request", "photo_place", "latitude", "longitude", "location_source", "accuracy_m", "place_text", "part_of",
    "base_rev", "capture_id", "capture_secret", "captured_at",
]  # fmt: skip
LINE = [
    "capture_id", "seen", "text", "owner_agency", "owner_role", "by_when-day", "by_when-month", "by_when-year",
    "priority", "funding", "observations", "words", "day-day", "day-month", "day-year", "passed_to", "reason",
    "email", "link_id", "kind", "status", "do", "agency", "ward_code", "name", "wards", "parishes",
    "contact_role", "areas-x", "areas-y", "areas-width", "areas-height", "version",
]  # fmt: skip
ALLOWED = {200, 201, 303, 400, 404, 405, 409, 410, 413, 415, 422, 429}


@pytest.fixture
def audit(app: Flask, cast: Cast) -> Walked:
    app.config["SUBMIT_LIMIT"] = app.config["SUBMIT_LIMIT_OVERALL"] = "100000 per hour"
    audit = walked(app, cast)
    audit.see(shot())
    audit.unfold()
    return audit


def lists(answers: dict[str, Any]) -> dict[str, list[str]]:
    return {
        name: [str(one) for one in value] if isinstance(value, list) else [str(value)]
        for name, value in answers.items()
    }


@given(changes=st.dictionaries(st.sampled_from(WALK), TYPED, max_size=6), typed_at_a_desk=st.booleans())
@SLOW
def test_no_walk_gives_a_500(audit: Walked, cast: Cast, changes: dict[str, Any], typed_at_a_desk: bool):
    answers = {**walk()["answers"], **lists(changes)}
    if typed_at_a_desk:
        press(cast, f"{audit.page}/edit", {"base_rev": "1", **answers})
    else:
        sent = audit.phone.put(new_id(), {**walk(), "answers": answers})
        assert sent.status_code in ALLOWED, sent.text


def press(cast: Cast, address: str, typed: dict[str, Any]) -> None:
    owen = cast.client("Owen")
    token = hidden_fields(owen.get("/track").text)["csrf_token"]
    data = {
        name: [sendable({"one": one})["one"] for one in values] if isinstance(values, list) else values
        for name, values in typed.items()
    }
    answer = owen.post(address, data={**data, "csrf_token": token})
    assert answer.status_code in ALLOWED, (address, answer.text)


@given(changes=st.dictionaries(st.sampled_from(SEEN), TYPED, max_size=6), how=st.integers(0, 2))
@SLOW
def test_no_observation_gives_a_500(audit: Walked, cast: Cast, changes: dict[str, Any], how: int):
    answers = {**observation(audit.id)["answers"], **lists(changes)}
    if how == 0:
        sent = Phone(cast.client("Sunita")).put(new_id(), {**observation(audit.id), "answers": answers})
        assert sent.status_code in ALLOWED, sent.text
    else:
        address = "/observations/new" if how == 1 else f"{audit.page}/observations/1/edit"
        press(cast, address, {"base_rev": "1", "part_of": audit.id, **answers})


@given(
    changes=st.dictionaries(st.sampled_from(LINE), TYPED, max_size=8),
    where=st.sampled_from(
        [
            "/eva/{ref}/actions/new",
            "/eva/{ref}/actions/together",
            "/actions/{line}/edit",
            "/actions/{line}/steps/agree",
            "/actions/{line}/steps/complete",
            "/actions/{line}/steps/note",
            "/actions/{line}/steps/transfer",
            "/actions/{line}/link",
            "/eva/{ref}/moves/agree",
            "/eva/{ref}/moves/tell",
            "/eva/{ref}/moves/revisit",
            "/eva/{ref}/observations/1/request",
            "/requests/new",
            "/requests/1",
            "/pact-areas/new",
            "/pact-areas/1/edit",
            "/photos/{photo}/mask",
            "/compare/{id}",
        ]
    ),
)
@SLOW
def test_nothing_typed_about_a_plan_gives_a_500(
    audit: Walked, cast: Cast, changes: dict[str, Any], where: str
):
    line, photo = audit.line(status="proposed"), audit.photo_ids()[0]
    address = where.format(ref=audit.reference, line=line, photo=photo, id=audit.id)
    press(cast, address, {"text": "Sweep", "priority": "low", **lists(changes)})
    audit.unfold()


HOSTILE = [
    "{{ 7 * 7 }}",
    "{% for one in %}",
    "{# never closed",
    "}}",
    "{{ cycler.__init__.__globals__ }}",
    '\\"</script>',
]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_word_that_was_typed_is_taken_for_a_template(audit: Walked, cast: Cast, words: str):
    seen = audit.see(place_text=words, note=words, asset=words, category="graffiti_offensive", grade="D")
    line = audit.line(seen, text=words, owner_role=words)
    for address in (audit.page, f"{audit.page}/observations/2", f"{audit.page}/you-said", f"/actions/{line}"):
        page = cast.client("Owen").get(address)
        assert page.status_code == 200 and str(escape(words)) in page.text
        assert "49," not in page.text and "&lt;function" not in page.text
    assert cast.client("Owen").get("/actions/map").status_code == 200
    with audit.app.app_context():
        publishing.ask_for_paper(audit.reference, cast.person("Owen"))
        paper_work.make_waiting()
    assert cast.client("Sunita").get(f"{audit.page}/results.pdf").status_code == 200


@given(
    address=st.sampled_from(
        ["/eva", "/actions", "/actions.csv", "/actions/map", "/actions/points.json", "/requests"]
    ),
    query=st.dictionaries(
        st.sampled_from(["ward", "year", "state", "page", "agency", "due", "kind"]), TYPED, max_size=5
    ),
)
@SLOW
def test_no_filter_of_audits_gives_a_500(audit: Walked, cast: Cast, address: str, query: dict[str, Any]):
    answer = cast.client("Owen").get(address, query_string=sendable(query))
    assert answer.status_code < 500
