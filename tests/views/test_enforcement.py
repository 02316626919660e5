"""Enforcement and evidence on its pages: officers only, each opening written down, what was typed never lost."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import pictures
from tests.builders import hidden_fields, only_record, send, submit
from tests.cast import CHARACTERS, Cast
from tests.conftest import NOON
from tests.views.test_access import address, routes
from tests.views.test_photos import Sent
from webapp.extensions import db
from webapp.forms.base import TOO_OLD
from webapp.models.enforcement import EnforcementStep, SmartWaterMark
from webapp.models.event import Event
from webapp.models.photo import Photo
from webapp.services import enforcement, evidence, smartwater
from webapp.services.enforcement import Change, Outcome, Step
from webapp.services.evidence import Found, HandOver, Read
from webapp.services.smartwater import Mark

pytestmark = pytest.mark.usefixtures("noon")
TODAY = NOON.date()
SECRETS = ("Featherbed Lane", "SW-12", "Oswald Brown", "Stella Store", "B-4471", "51.31234")
OTHERS = [name for name in (*CHARACTERS, "Rosa") if name not in {"Owen", "Ada"}]
FORMS = ("steps", "exhibits", "smartwater", "penalty/1", "outcome/2", "hand-over/1", "result/1", "strike/1")


@pytest.fixture
def owen(cast: Cast) -> FlaskClient:
    return cast.client("Owen")


@pytest.fixture
def page(app: Flask, cast: Cast) -> str:
    """The address of a record's enforcement page with one of everything; the first penalty is issued."""
    officer, hour = cast.person("Owen"), timedelta(hours=1)
    with app.app_context():
        reference = submit().reference
        fpn = Step("fpn", TODAY - timedelta(days=5), 2_050, "Paid at the desk", "fpn_litter", 15_000)
        enforcement.add_step(reference, fpn, officer)
        enforcement.add_step(reference, Step("prosecution", TODAY - timedelta(days=3)), officer)
        found = Found("OB/1", "An envelope", "Oswald Brown", NOON - 9 * hour, "Top bag", "A17")
        evidence.add_exhibit(reference, found, officer)
        given = HandOver(NOON - 8 * hour, "Oswald Brown", "Stella Store", "To the store", "B2")
        evidence.hand_over(reference, 1, given, officer)
        place = "Third post of Featherbed Lane"
        mark = Mark("SW-12", TODAY, "Wilma", place, "A sofa", "B-4471", True, False, 51.31234, 0.21234)
        smartwater.add_mark(mark, officer)
        evidence.add_read(reference, Read(TODAY, True, "S-9"), officer)
    return f"/records/{reference}/enforcement"


def days(name: str, day: date = TODAY) -> dict[str, str]:
    return {f"{name}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def post(client: FlaskClient, path: str, **typed: str) -> TestResponse:
    return client.post(path, data={**hidden_fields(client.get(path).text), **typed})


def openings(app: Flask) -> list[dict[str, Any] | None]:
    with app.app_context():
        return [event.after for event in db.session.query(Event).filter_by(action="enforcement_opened")]


def step(app: Flask, number: int) -> EnforcementStep:
    with app.app_context():
        return db.session.get_one(EnforcementStep, number)


def test_one_page_shows_all_of_it(owen: FlaskClient, page: str):
    text = owen.get(page).text
    for words in (
        "Fixed penalty notice",
        "Littering in conjunction, £150",
        "2 steps, together £20.50",
        "the cost of 1 is not known",
        "Issued on 17 Nov 2026",
        "OB/1",
        "Oswald Brown",
        "To the store",
        "New seal",
        "It glowed",
        "Only officers see this page.",
        "no photo of this record can be deleted",
        "Opened once.",
    ):
        assert words in text
    assert "Featherbed" not in text


def test_each_opening_is_written_down_once_and_named_on_the_page(owen: FlaskClient, app: Flask, page: str):
    assert openings(app) == []
    assert "Opened once." in owen.get(page).text
    assert len(openings(app)) == 1
    assert "Opened 2 times." in owen.get(page).text
    assert len(openings(app)) == 2
    owen.get("/smartwater")
    owen.get("/enforcement")
    assert openings(app)[2:] == [{"list": "smartwater"}, {"list": "steps"}]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_an_opening_too_also_when_it_comes_back(
    owen: FlaskClient, app: Flask, page: str, form: str
):
    assert owen.get(f"{page}/{form}").status_code == 200
    assert len(openings(app)) == 1
    token = hidden_fields(owen.get("/track").text)["csrf_token"]
    assert owen.post(f"{page}/{form}", data={"csrf_token": token}).status_code == 422
    assert len(openings(app)) == 2


def test_the_record_s_page_leads_officers_there_and_its_history_tells_nobody(
    owen: FlaskClient, cast: Cast, page: str
):
    record = page.removesuffix("/enforcement")
    assert "Enforcement and evidence (2 steps)" in owen.get(record).text
    assert "Step written" not in owen.get(record).text
    sunita = cast.client("Sunita")
    send(sunita)
    text = sunita.get("/records/FT-2026-00002").text
    assert "FT-2026-00002" in text and "nforcement" not in text


@pytest.mark.parametrize("name", OTHERS)
def test_for_everybody_else_none_of_these_addresses_is_there(app: Flask, cast: Cast, page: str, name: str):
    client = cast.client(name) if name in CHARACTERS else app.test_client()
    token = hidden_fields(client.get("/track").text)["csrf_token"]
    for path in (page, *(f"{page}/{form}" for form in FORMS), "/enforcement", "/smartwater"):
        asked = client.get(path)
        assert asked.status_code == (404 if name in CHARACTERS else 302)
        assert client.post(path, data={"csrf_token": token}).status_code in {404, 405}
        if path != page and path != "/enforcement":
            assert client.post(path, data={"csrf_token": token}).status_code == 404
    assert openings(app) == []


@pytest.mark.parametrize("name", OTHERS)
def test_nothing_of_it_is_on_any_page_of_anybody_but_officers(
    app: Flask, cast: Cast, owen: FlaskClient, page: str, name: str
):
    client = cast.client(name) if name in CHARACTERS else app.test_client()
    reference = only_record(app).reference
    paths = [address(app, rule) for rule, method in routes(app) if method == "GET"]
    paths += [path.replace("nothing-there", reference) for path in paths if "nothing-there" in path]
    for path in dict.fromkeys(paths):
        text = client.get(path).get_data(as_text=True)
        assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize(
    "path",
    ["steps/1", "penalty", "penalty/2", "outcome/1", "hand-over/99", "result/99", "nothing", "nothing/1"],
)
def test_what_there_is_not_is_not_found_and_not_written_down_as_opened(
    owen: FlaskClient, app: Flask, page: str, path: str
):
    token = hidden_fields(owen.get("/track").text)["csrf_token"]
    assert owen.get(f"{page}/{path}").status_code == 404
    assert owen.post(f"{page}/{path}", data={"csrf_token": token}).status_code == 404
    assert owen.get("/records/FT-2026-99999/enforcement").status_code == 404
    assert openings(app) == []


def test_an_officer_writes_one_of_everything(owen: FlaskClient, app: Flask, page: str):
    written = (
        ("steps", {"step": "warning_letter", "cost": "12.50", "note": "Sent by post", **days("done_on")}),
        ("penalty/1", {"state": "paid", **days("changed_on")}),
        ("outcome/2", {"outcome": "fine", "fine": "400", "court": "Maidstone", **days("outcome_on")}),
        (
            "exhibits",
            {
                "exhibit_ref": "ob / 2",
                "description": "A key",
                "found_by": "Olga",
                "place": "Lay-by",
                "seal_number": "C3",
                "found_time": "09:30",
                **days("found_on"),
            },
        ),
        (
            "hand-over/1",
            {
                "from_whom": "Stella Store",
                "to_whom": "Lab",
                "seal_number": "B2",
                "reason": "Disposed of",
                "handed_time": "11:00",
                **days("handed_on"),
            },
        ),
        ("smartwater", {"uv": "no", **days("read_on")}),
        ("result/1", {"sample_ref": "S-9", "lab_result": "Code 4471", "mark": "1"}),
    )
    for form, typed in written:
        answer = post(owen, f"{page}/{form}", **typed)
        assert (form, answer.status_code, answer.headers.get("Location")) == (form, 303, page)
    text = owen.get(page).text
    for words in ("Sent by post", "3 steps, together £33", "Paid on 22 Nov 2026", "OB/2", "Fine: £400."):
        assert words in text
    for words in ("Maidstone", "Disposed of", "Nothing glowed", "Code 4471", "SW-12", "09:30"):
        assert words in text
    assert post(owen, f"{page}/strike/3", reason="").status_code == 422
    assert post(owen, f"{page}/strike/3", reason="Never <sent>").status_code == 303
    text = owen.get(page).text
    assert "Struck out" in text and "Never &lt;sent&gt;" in text and "2 steps, together £20.50" in text
    assert "This is written down already" in owen.get(f"{page}/strike/3").text
    assert "2 steps, together £20.50" in owen.get("/enforcement").text
    assert step(app, 1).paid_on == TODAY
    assert "This is written down already" in owen.get(f"{page}/penalty/1").text


def test_a_wrong_answer_is_told_with_all_others_and_comes_back_filled(owen: FlaskClient, page: str):
    answer = post(
        owen,
        f"{page}/steps",
        step="fpn",
        penalty="fpn_litter",
        penalty_amount="501",
        cost="a lot",
        note="Typed at length",
        **days("done_on", date(2026, 12, 1)),
    )
    assert answer.status_code == 422
    for words in ("That day has not come yet", "The law allows at most £500", "Enter an amount in pounds"):
        assert words in answer.text
    for typed in ('value="501"', 'value="a lot"', "Typed at length", 'value="2026"', 'value="12"'):
        assert typed in answer.text


@pytest.mark.parametrize(
    ("form", "typed", "sentence"),
    [
        ("steps", {"step": "fpn"}, "Choose what kind of fixed penalty it is"),
        ("steps", {"step": "injunction", "penalty": "fpn_other"}, "Only a fixed penalty notice has this."),
        ("steps", {"step": "nonsense"}, "Choose one of the answers"),
        ("steps", {}, "Choose what was done."),
        ("exhibits", {"found_time": "25:61"}, "Enter the time, such as 14:05."),
        ("exhibits", {}, "Enter the number of the seal."),
        ("hand-over/1", {"seal_number": ""}, "Enter the number of the seal it has now."),
        ("smartwater", {"mark": "x"}, "Choose one of the answers"),
        ("smartwater", {"uv": "yes", "mark": "77", "lab_result": "x", **days("read_on")}, "no such mark"),
        ("smartwater", {"uv": "yes", "lab_result": "x", **days("read_on")}, "the reference of the sample"),
        ("result/1", {}, "Enter what the laboratory found."),
        ("penalty/1", {"state": "issued", **days("changed_on")}, "cannot become"),
        ("penalty/1", {"state": "paid", **days("changed_on", date(2026, 11, 1))}, "on 17 Nov 2026"),
        ("outcome/2", {"outcome": "lost", **days("outcome_on", date(2026, 11, 1))}, "on 19 Nov 2026"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(
    owen: FlaskClient, page: str, form: str, typed: dict[str, str], sentence: str
):
    answer = post(owen, f"{page}/{form}", **typed)
    assert answer.status_code == 422 and sentence in answer.text


def test_an_exhibit_s_reference_that_is_taken_comes_back_with_everything_else(owen: FlaskClient, page: str):
    typed = {"description": "A key", "found_by": "Olga", "place": "Lay-by", "seal_number": "C3"}
    when = {"found_time": "09:30", **days("found_on")}
    answer = post(owen, f"{page}/exhibits", exhibit_ref="ob/1", **typed, **when)
    assert answer.status_code == 422 and "has an exhibit OB/1 already" in answer.text
    for words in ('value="ob/1"', "A key", 'value="Olga"', 'value="C3"', 'value="09:30"'):
        assert words in answer.text


def test_a_hand_over_is_offered_with_who_has_it_and_its_seal(owen: FlaskClient, page: str):
    text = owen.get(f"{page}/hand-over/1").text
    assert 'value="Stella Store"' in text and 'value="B2"' in text


def test_on_an_old_page_an_officer_is_shown_what_another_wrote_and_may_send_again(
    owen: FlaskClient, cast: Cast, app: Flask, page: str
):
    ada = cast.client("Ada")
    hidden = hidden_fields(owen.get(f"{page}/penalty/1").text)
    assert post(ada, f"{page}/penalty/1", state="to_court", **days("changed_on")).status_code == 303
    typed = {"state": "paid", "note": "At the desk", **days("changed_on")}
    answer = owen.post(f"{page}/penalty/1", data={**hidden, **typed})
    assert answer.status_code == 409
    for words in ("Since you opened this page", "unpaid, to court by Ada", "At the desk"):
        assert words in answer.text
    assert step(app, 1).penalty_state == "to_court"
    again = owen.post(f"{page}/penalty/1", data={**hidden_fields(answer.text), **typed})
    assert again.status_code == 303 and step(app, 1).penalty_state == "paid"


def test_a_step_sent_twice_is_written_once(owen: FlaskClient, page: str):
    hidden = hidden_fields(owen.get(f"{page}/steps").text)
    data = {**hidden, "step": "injunction", **days("done_on")}
    assert [owen.post(f"{page}/steps", data=data).status_code for _ in range(2)] == [303, 409]
    assert "3 steps" in owen.get(page).text


@pytest.mark.parametrize("token", [None, "made up"])
def test_with_an_old_token_every_form_comes_back_filled(
    owen: FlaskClient, app: Flask, page: str, token: str | None
):
    sent = {"csrf_token": token} if token else {}
    fields = {
        "steps": "cost",
        "exhibits": "found_by",
        "smartwater": "sample_ref",
        "penalty/1": "note",
        "outcome/2": "court",
        "strike/1": "reason",
        "hand-over/1": "to_whom",
        "result/1": "lab_result",
    }
    for form, field in fields.items():
        answer = owen.post(f"{page}/{form}", data={**sent, field: "what was typed"})
        assert answer.status_code == 422 and TOO_OLD in answer.text and "what was typed" in answer.text
    marks = owen.post("/smartwater", data={**sent, "deployment_ref": "what was typed"})
    assert marks.status_code == 422 and TOO_OLD in marks.text and "what was typed" in marks.text
    with app.app_context():
        assert db.session.query(SmartWaterMark).count() == 1


def test_a_mark_is_added_once_and_half_a_position_is_refused(owen: FlaskClient, app: Flask, page: str):
    typed = {
        "deployment_ref": "SW-13",
        "marked_by": "Wilma",
        "place": "The old barn",
        "item": "A trailer",
        "code_batch": "B-9",
        "way": "overt",
        "signage": "yes",
        **days("marked_on"),
    }
    half = post(owen, "/smartwater", **typed, latitude="51.3")
    assert half.status_code == 422 and "both latitude and longitude" in half.text
    assert 'value="The old barn"' in half.text
    assert post(owen, "/smartwater", **typed).status_code == 303
    again = post(owen, "/smartwater", **typed)
    assert again.status_code == 422 and "There is a mark SW-13 already" in again.text
    text = owen.get("/smartwater").text
    for words in ("The old barn", "Openly, with a sign", "Featherbed Lane", "Covertly, without a sign"):
        assert words in text


def test_the_originals_stand_there_with_their_hash_and_their_own_way_in(
    app: Flask, client: FlaskClient, owen: FlaskClient
):
    Sent(app, client, pictures.jpeg((60, 40)))
    with app.app_context():
        photo = db.session.query(Photo).one()
    text = owen.get(f"/records/{only_record(app).reference}/enforcement").text
    assert photo.sha256 in text and f'href="/photos/{photo.id}/original"' in text
    assert "no photo of this record can be deleted" not in text


def test_the_list_of_all_steps_is_narrowed_by_its_address_and_leads_to_each_record(
    owen: FlaskClient, cast: Cast, app: Flask, page: str
):
    with app.app_context():
        reference, officer = page.split("/")[2], cast.person("Owen")
        enforcement.change_penalty(reference, 1, Change("paid", TODAY), officer)
        enforcement.add_outcome(reference, 2, Outcome("lost", TODAY), officer)
    text = owen.get("/enforcement").text
    assert "2 steps, together £20.50" in text and f'href="{page}#step-1"' in text
    for query, total in (
        ("step=fpn", 1),
        ("step=injunction", 0),
        ("penalty=fpn_litter&penalty_state=paid", 1),
        ("by=paid&since=2026-11-22&until=2026-11-22", 1),
        ("by=paid&until=2026-11-21", 0),
        ("by=outcome&outcome=lost", 1),
        ("since=2026-11-18", 1),
        ("until=2026-11-17", 1),
        ("cost=noted", 1),
        ("cost=none&step=fpn", 0),
    ):
        found = "1 step, together" if total == 1 else f"{total} steps, together"
        assert (query, found in owen.get(f"/enforcement?{query}").text) == (query, True)


@pytest.mark.parametrize("query", ["since=yesterday", "step=nonsense", "by=x", "page=%00", "page=-1&until=9"])
def test_a_filter_that_makes_no_sense_is_left_out_and_said(owen: FlaskClient, page: str, query: str):
    answer = owen.get(f"/enforcement?{query}")
    assert answer.status_code == 200 and "2 steps, together" in answer.text
    assert ("was not understood" in answer.text) == (query != "page=%00")


def test_before_anything_was_written_each_list_says_so(owen: FlaskClient, app: Flask, noon: datetime):
    with app.app_context():
        reference = submit().reference
    text = owen.get(f"/records/{reference}/enforcement").text
    for words in ("No steps yet.", "No exhibits yet.", "Nobody has looked for SmartWater", "No photos."):
        assert words in text
    assert "No steps yet." in owen.get("/enforcement").text
    assert "No marks yet." in owen.get("/smartwater").text
