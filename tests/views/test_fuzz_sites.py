"""No input about sites, schemes and concerns gives a 500: anything typed into every field, sent to every address."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import hidden_fields
from tests.cast import Cast
from tests.scheme_pages import DEVICE, VOLUNTEER
from tests.site_pages import ASK, ASSESSED, WISH, approved_site, asked_site
from tests.views.test_fuzz import SLOW, sendable
from tests.views.test_fuzz_audits import ALLOWED, TYPED, lists
from tests.watching import scheme
from webapp.services import pact_areas

pytestmark = pytest.mark.usefixtures("noon")

WISHED = [*WISH, "site_id", "pact", "postcode", "grid_reference", "accuracy_m", "csrf_token"]
DECIDED = [*ASSESSED, "seen", "reason", "postcode", "grid_reference", "accuracy_m", "place_text"]
LOOKED_AFTER = [
    *VOLUNTEER, *DEVICE, "user_id", "left_on-day", "left_on-month", "left_on-year", "contact", "seen", "parish",
    "concerns-concern", "concerns-words", "from_on-day", "from_on-month", "from_on-year",
]  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A site that was asked for, one that is approved, a scheme and an area."""

    wished: str
    approved: str
    scheme: int
    volunteer: int
    device: int
    area: int


@pytest.fixture
def place(app: Flask, cast: Cast) -> Place:
    app.config["SUBMIT_LIMIT"] = app.config["SUBMIT_LIMIT_OVERALL"] = "100000 per hour"
    owen, person = cast.client("Owen"), cast.person("Owen")
    wished, approved = asked_site(owen), approved_site(owen)
    with app.app_context():
        made = scheme(cast)
        area = pact_areas.add(pact_areas.Given("Otford", "", ("E05005023",), ()), person)
    return Place(wished, approved, made.id, made.ann, made.device, area)


def press(cast: Cast, address: str, typed: dict[str, Any]) -> None:
    owen = cast.client("Owen")
    token = hidden_fields(owen.get("/track").text)["csrf_token"]
    data = {
        name: [sendable({"one": one})["one"] for one in values] if isinstance(values, list) else values
        for name, values in typed.items()
    }
    answer = owen.post(address, data={"csrf_token": token, **data})
    assert answer.status_code in ALLOWED, (address, answer.text)


@given(changes=st.dictionaries(st.sampled_from(WISHED), TYPED, max_size=6))
@SLOW
def test_nothing_that_anybody_asks_for_gives_a_500(place: Place, cast: Cast, changes: dict[str, Any]):
    press(cast, ASK, {**WISH, **lists(changes)})


@given(
    changes=st.dictionaries(st.sampled_from(DECIDED), TYPED, max_size=6),
    what=st.sampled_from(
        ["edit", "moves/assess", "moves/review", "moves/approve", "moves/suspend", "moves/retire"]
    ),
    seen=st.sampled_from(["0", "999999999"]),
    is_wished=st.booleans(),
)
@SLOW
def test_nothing_that_officers_decide_gives_a_500(
    place: Place, cast: Cast, changes: dict[str, Any], what: str, seen: str, is_wished: bool
):
    code = place.wished if is_wished else place.approved
    press(cast, f"/speed-watch/sites/{code}/{what}", {**ASSESSED, "seen": seen, **lists(changes)})


@given(
    changes=st.dictionaries(st.sampled_from(LOOKED_AFTER), TYPED, max_size=6),
    where=st.sampled_from(
        [
            "/speed-watch/schemes/new",
            "/speed-watch/schemes/{scheme}/edit",
            "/speed-watch/schemes/{scheme}/volunteers/new",
            "/speed-watch/schemes/{scheme}/volunteers/{volunteer}",
            "/speed-watch/schemes/{scheme}/volunteers/{volunteer}/contact",
            "/speed-watch/schemes/{scheme}/devices/new",
            "/speed-watch/schemes/{scheme}/devices/{device}",
            "/pact-areas/{area}/concerns",
        ]
    ),
)
@SLOW
def test_nothing_that_is_said_of_a_scheme_gives_a_500(
    place: Place, cast: Cast, changes: dict[str, Any], where: str
):
    address = where.format(
        scheme=place.scheme, volunteer=place.volunteer, device=place.device, area=place.area
    )
    known = DEVICE if "devices" in where else VOLUNTEER
    press(cast, address, {**known, **lists(changes)})


@given(
    address=st.sampled_from(["/speed-watch/sites", "/speed-watch/sites/ask", "/speed-watch/schemes"]),
    query=st.dictionaries(
        st.sampled_from(["status", "limit", "ward", "review", "page", "pact"]), TYPED, max_size=5
    ),
)
@SLOW
def test_no_filter_of_sites_gives_a_500(place: Place, cast: Cast, address: str, query: dict[str, Any]):
    assert cast.client("Owen").get(address, query_string=sendable(query)).status_code < 500


@pytest.mark.parametrize(
    "path", ["/speed-watch/sites/%00", "/speed-watch/sites/' OR 1=1", "/speed-watch/sites/" + "9" * 400]
)
def test_an_address_that_names_no_site_is_not_found(cast: Cast, path: str):
    assert cast.client("Owen").get(path).status_code == 404
