"""After the end: one question that no mail scanner answers, once; and asking to look again until it is settled."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.at_once import at_once
from tests.builders import hidden_fields, mark_cleared, record_behind, submit
from tests.cast import Cast
from webapp.extensions import clock, db
from webapp.forms.base import TOO_OLD
from webapp.models.base import Base
from webapp.models.event import Event
from webapp.models.feedback import ReopenRequest, Satisfaction
from webapp.models.fly_tipping import FlyTip
from webapp.models.notice import Notice
from webapp.rules.clock import local_date
from webapp.rules.errors import Refused, Stale
from webapp.services import feedback, history, lifecycle, mail, notices, tracking
from webapp.views import limits

ROSA = {"name": "Rosa", "email": "rosa@example.org", "wants_news": True}
NOT_RIGHT = "Half of the sofa is still there"
LINK = re.compile(r"https?://[^\s/]+(/track/\S+)")


def reported(app: Flask, **changes: object) -> str:
    """Return the token of a report whose reporter wants news."""
    with app.app_context():
        return submit(reporter={**ROSA, **changes}).token


def clear(app: Flask, cast: Cast, token: str) -> None:
    """Let Owen mark it cleared."""
    owen = cast.person("Owen")
    with app.app_context():
        mark_cleared(record_behind(token).reference, local_date(clock.now()), (), False, owen)


@pytest.fixture
def token(app: Flask, cast: Cast) -> str:
    """Rosa's tracking token, of a report that is cleared."""
    token = reported(app)
    clear(app, cast, token)
    return token


@pytest.fixture
def owen(cast: Cast) -> FlaskClient:
    """Owen's browser."""
    return cast.client("Owen")


def send(client: FlaskClient, page: str, **typed: str) -> TestResponse:
    """Fill in a page's form and send it."""
    return client.post(page, data={**hidden_fields(client.get(page).text), **typed})


def rows(app: Flask, model: type) -> list:
    """Return all rows of a table."""
    with app.app_context():
        return list(db.session.scalars(select(model)))


def request_of(app: Flask, client: FlaskClient, token: str) -> int:
    """Ask to look again and return the request's number."""
    assert send(client, f"/track/{token}/look-again", words=NOT_RIGHT).status_code == 303
    return rows(app, ReopenRequest)[-1].id


def test_opening_the_link_answers_nothing_however_often_and_only_sending_does(
    app: Flask, client: FlaskClient, token: str
):
    for _ in range(3):
        page = client.get(f"/track/{token}/satisfied")
        assert client.head(f"/track/{token}/satisfied").status_code == 200
    assert page.status_code == 200 and "How did we do?" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex" and page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert rows(app, Satisfaction) == []
    answer = send(client, f"/track/{token}/satisfied", answer="fairly_satisfied")
    assert answer.status_code == 303
    assert [row.answer for row in rows(app, Satisfaction)] == ["fairly_satisfied"]
    thanks = client.get(answer.headers["Location"]).text
    assert "Thank you" in thanks and "Fairly satisfied" in thanks and 'type="radio"' not in thanks


def test_a_scanner_that_opens_every_link_of_every_mail_changes_nothing(
    app: Flask, client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    letters: list[str] = []
    monkeypatch.setattr(mail, "send", lambda to, subject, text, message_id: letters.append(text))
    token = reported(app)
    clear(app, cast, token)
    with app.app_context():
        notices.send_due()
    links = [path for text in letters for path in LINK.findall(text)]
    assert f"/track/{token}/satisfied" in links
    before = dump(app)
    for path in links * 2:
        for method in ("HEAD", "GET", "OPTIONS"):
            assert client.open(path, method=method).status_code == 200
        for link in re.findall(r'href="(/track/[^"#]+)"', client.get(path).text):
            assert client.get(link).status_code == 200
        # Some send as well, without the page's token.
        client.post(path, data={"answer": "very_satisfied", "words": "x"})
    assert dump(app) == before


def dump(app: Flask) -> dict[str, list]:
    """Return every row of every table."""
    with app.app_context():
        tables = Base.metadata.sorted_tables
        return {table.name: sorted(map(str, db.session.execute(select(table)))) for table in tables}


@pytest.mark.parametrize("token_of_form", [None, "made up"])
def test_an_answer_from_an_old_page_comes_back_chosen(
    app: Flask, client: FlaskClient, token: str, token_of_form: str | None
):
    typed = {"answer": "neither", **({"csrf_token": token_of_form} if token_of_form else {})}
    answer = client.post(f"/track/{token}/satisfied", data=typed)
    assert answer.status_code == 422 and TOO_OLD in answer.text
    assert re.search(r'value="neither"\s+checked', answer.text)
    again = client.post(f"/track/{token}/look-again", data={**typed, "words": NOT_RIGHT})
    assert again.status_code == 422 and TOO_OLD in again.text and NOT_RIGHT in again.text
    assert rows(app, Satisfaction) == rows(app, ReopenRequest) == []


@pytest.mark.parametrize("value", ["", "delighted", "very_satisfied\0", "x" * 5000])
def test_what_is_no_answer_is_refused_in_words(app: Flask, client: FlaskClient, token: str, value: str):
    answer = send(client, f"/track/{token}/satisfied", answer=value)
    assert answer.status_code == 422 and "Choose one of the answers" in answer.text
    assert rows(app, Satisfaction) == []


def test_of_two_answers_the_first_stays_also_at_the_same_moment(app: Flask, client: FlaskClient, token: str):
    other = hidden_fields(client.get(f"/track/{token}/satisfied").text)
    send(client, f"/track/{token}/satisfied", answer="very_satisfied")
    second = client.post(f"/track/{token}/satisfied", data={**other, "answer": "very_dissatisfied"})
    assert second.status_code == 303
    assert [row.answer for row in rows(app, Satisfaction)] == ["very_satisfied"]
    assert "Very satisfied" in client.get(f"/track/{token}/satisfied").text


def test_two_answers_at_one_moment_are_one(app: Flask, token: str):
    values = iter(["very_satisfied", "neither"])
    at_once(app, lambda: feedback.answer(token, next(values)))
    assert len(rows(app, Satisfaction)) == 1


def test_the_question_is_asked_only_once_it_is_over(app: Flask, client: FlaskClient, cast: Cast):
    token = reported(app)
    page = client.get(f"/track/{token}/satisfied").text
    assert "We have not finished yet" in page and 'type="radio"' not in page
    assert "/satisfied" not in client.get(f"/track/{token}").text
    hidden = hidden_fields(client.get(f"/track/{token}").text)
    early = client.post(f"/track/{token}/satisfied", data={**hidden, "answer": "neither"})
    assert early.status_code == 422 and "not finished" in early.text
    again = client.post(f"/track/{token}/look-again", data={**hidden, "words": NOT_RIGHT})
    assert again.status_code == 422 and "is open" in again.text and NOT_RIGHT in again.text
    assert rows(app, Satisfaction) == rows(app, ReopenRequest) == []
    clear(app, cast, token)
    assert f"/track/{token}/satisfied" in client.get(f"/track/{token}").text


@pytest.mark.parametrize("wrong", ["x", "A" * 24, "%00" * 8])
def test_any_other_link_is_not_found(client: FlaskClient, wrong: str):
    hidden = hidden_fields(client.get("/track").text)
    for page in ("satisfied", "look-again"):
        assert client.get(f"/track/{wrong}/{page}").status_code == 404
        posted = client.post(f"/track/{wrong}/{page}", data={**hidden, "answer": "neither", "words": "x"})
        assert posted.status_code == 404


def test_who_is_unhappy_can_ask_at_once_and_who_is_happy_is_not_asked_to(
    client: FlaskClient, app: Flask, cast: Cast
):
    for value, is_offered in (("fairly_dissatisfied", True), ("very_dissatisfied", True), ("neither", False)):
        token = reported(app, email=f"{value}@example.org")
        clear(app, cast, token)
        send(client, f"/track/{token}/satisfied", answer=value)
        page = client.get(f"/track/{token}/satisfied").text
        assert ("Ask us to look again" in page) == is_offered
        # Everybody finds it on their own page.
        assert "Ask us to look again" in client.get(f"/track/{token}").text


def test_a_request_waits_once_and_needs_words(app: Flask, client: FlaskClient, token: str):
    page = f"/track/{token}/look-again"
    other = hidden_fields(client.get(page).text)
    for words, sentence in (("", "Write what is not right"), ("w" * 2001, "2,001 characters long")):
        refused = client.post(page, data={**other, "words": words})
        assert refused.status_code == 422 and sentence in refused.text and words in refused.text
    request_of(app, client, token)
    second = client.post(page, data={**other, "words": "And one more thing"})
    assert second.status_code == 422 and "You have asked us already" in second.text
    assert "And one more thing" in second.text
    assert [row.words for row in rows(app, ReopenRequest)] == [NOT_RIGHT]
    own = client.get(f"/track/{token}").text
    assert NOT_RIGHT in own and "Somebody will look at it" in own
    assert [row.action for row in rows(app, Event)].count("reopen_asked") == 1
    assert NOT_RIGHT not in str([(row.before, row.after, row.reason) for row in rows(app, Event)])


def test_two_requests_at_one_moment_are_one(app: Flask, token: str):
    def ask() -> str:
        try:
            feedback.ask_again(token, NOT_RIGHT)
        except Refused as refused:
            return str(refused)
        return "asked"

    assert sorted(at_once(app, ask)) == sorted([feedback.ASKED_ALREADY, "asked"])
    assert len(rows(app, ReopenRequest)) == 1


def test_requests_are_counted_by_address(client: FlaskClient, token: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "ADD_BY_ADDRESS", "0 per hour")
    answer = send(client, f"/track/{token}/look-again", words=NOT_RIGHT)
    assert answer.status_code == 429 and NOT_RIGHT in answer.text and answer.headers["Retry-After"]


def test_an_officer_opens_it_again_and_every_reporter_hears(
    app: Flask, client: FlaskClient, owen: FlaskClient, cast: Cast, token: str
):
    number = request_of(app, client, token)
    person = cast.person("Owen")
    with app.app_context():
        reference = record_behind(token).reference
        assert [one.record.reference for one in feedback.open_requests(person)] == [reference]
        assert feedback.open_requests(cast.person("Priya")) == []
    page = owen.get(f"/records/{reference}").text
    assert "A reporter asks us to look again" in page and NOT_RIGHT in page
    done = owen.post(f"/look-again/{number}", data={**hidden_of_request(page), "answer": "", "do": "open"})
    assert done.status_code == 303
    with app.app_context():
        assert record_behind(token).status == "triaged"
        assert feedback.open_requests(person) == []
    assert [row.purpose for row in rows(app, Notice)].count("reopened") == 1
    assert "We opened your report again" in client.get(f"/track/{token}").text
    assert "It was opened again" in owen.get(f"/records/{reference}").text


def hidden_of_request(page: str) -> dict[str, str]:
    """Return the hidden fields of the first request's form on a record's page."""
    form = page[page.index('action="/look-again/') :]
    return hidden_fields(form[: form.index("</form>")])


def test_an_officer_answers_why_it_stays_finished_and_the_reporter_reads_it(
    app: Flask, client: FlaskClient, owen: FlaskClient, token: str
):
    number = request_of(app, client, token)
    with app.app_context():
        reference = record_behind(token).reference
    hidden = hidden_of_request(owen.get(f"/records/{reference}").text)
    silent = owen.post(f"/look-again/{number}", data={**hidden, "answer": " ", "do": "keep"})
    assert silent.status_code == 422 and "Write why it stays finished" in silent.text
    long = owen.post(f"/look-again/{number}", data={**hidden, "answer": "y" * 501, "do": "keep"})
    assert long.status_code == 422 and "501 characters long" in long.text and "y" * 501 in long.text
    why = "That sofa belongs to the house."
    assert owen.post(f"/look-again/{number}", data={**hidden, "answer": why, "do": "keep"}).status_code == 303
    own = client.get(f"/track/{token}").text
    assert why in own and "your report stays finished" in own and "Ask us to look again" in own
    assert [row.purpose for row in rows(app, Notice)].count("not_reopened") == 1
    with app.app_context():
        assert record_behind(token).status == "cleared"
    assert why in owen.get(f"/records/{reference}").text
    late = owen.post(f"/look-again/{number}", data={**hidden, "answer": "Mine too", "do": "keep"})
    assert late.status_code == 409 and "Since you opened this page" in late.text and "Mine too" in late.text


def test_an_officer_s_old_page_comes_back_filled(
    app: Flask, client: FlaskClient, owen: FlaskClient, token: str
):
    number = request_of(app, client, token)
    for form_token in (None, "made up"):
        typed = {"answer": "Because of this", **({"csrf_token": form_token} if form_token else {})}
        answer = owen.post(f"/look-again/{number}", data={**typed, "do": "keep"})
        assert answer.status_code == 422 and TOO_OLD in answer.text and "Because of this" in answer.text


def test_of_two_officers_who_settle_at_the_same_moment_one_is_told(
    app: Flask, client: FlaskClient, cast: Cast, token: str
):
    number, person = request_of(app, client, token), cast.person("Owen")
    with app.app_context():
        seen = history.newest(record_behind(token))
    acts: list[Callable[..., None]] = [feedback.grant, feedback.keep_finished]

    def settle() -> str:
        try:
            acts.pop()(number, "Because", seen, person)
        except (Refused, Stale):
            return "told"
        return "settled"

    assert sorted(at_once(app, settle)) == ["settled", "told"]
    (row,) = rows(app, ReopenRequest)
    assert row.settled_by_id == person.id and row.open_for_id is None
    with app.app_context():
        assert (record_behind(token).status == "triaged") == row.is_granted
    told = [notice.purpose for notice in rows(app, Notice)]
    assert told.count("reopened") + told.count("not_reopened") == 1


def test_opening_it_again_by_any_way_settles_every_request(
    app: Flask, client: FlaskClient, cast: Cast, token: str
):
    second = reported(app, email="vic@example.org")
    owen = cast.person("Owen")
    with app.app_context():
        main = record_behind(token).reference
        lifecycle.move(record_behind(second).reference, "merge", lifecycle.Given(main=main), owen)
    request_of(app, client, token)
    request_of(app, client, second)
    with app.app_context():
        assert len(feedback.open_requests(owen)) == 2
        lifecycle.move(main, "reopen", lifecycle.Given(reason="Still there"), owen)
    assert {row.is_granted for row in rows(app, ReopenRequest)} == {True}
    assert "We opened your report again" in client.get(f"/track/{second}").text


def test_a_duplicate_that_is_parted_settles_its_own_request_only(
    app: Flask, client: FlaskClient, cast: Cast, token: str
):
    second = reported(app, email="vic@example.org")
    owen = cast.person("Owen")
    with app.app_context():
        main = record_behind(token).reference
        lifecycle.move(record_behind(second).reference, "merge", lifecycle.Given(main=main), owen)
    request_of(app, client, token)
    request_of(app, client, second)
    with app.app_context():
        own = record_behind(second).reference
        lifecycle.move(own, "separate", lifecycle.Given(reason="Another sofa"), owen)
    assert sorted(bool(row.is_granted) for row in rows(app, ReopenRequest)) == [False, True]


def test_after_five_requests_a_new_report_is_asked_for(app: Flask, cast: Cast, token: str):
    owen = cast.person("Owen")
    with app.app_context():
        for _ in range(feedback.REQUESTS_MOST):
            feedback.ask_again(token, NOT_RIGHT)
            (waiting,) = feedback.open_requests(owen)
            seen = history.newest(waiting.record)
            feedback.keep_finished(waiting.request.id, "It is clear.", seen, owen)
        with pytest.raises(Refused, match="make a new report"):
            feedback.ask_again(token, NOT_RIGHT)
        assert len(db.session.scalars(select(FlyTip)).all()) == 1


def test_nobody_but_officers_settles(app: Flask, client: FlaskClient, cast: Cast, token: str):
    number = request_of(app, client, token)
    for name in ("Priya", "Sunita", "Nadia"):
        assert cast.client(name).get(f"/look-again/{number}").status_code == 404
    with app.app_context():
        report = tracking.find_report(token)
        assert feedback.said_of(report).is_waiting
