"""Officers write what reporters are told: a preview saves nothing, what cannot be is said, nothing is silent."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.at_once import at_once
from tests.builders import hidden_fields, record_behind, submit
from tests.cast import Cast
from webapp.extensions import db
from webapp.forms.base import TOO_OLD
from webapp.models.report import Report
from webapp.rules import letters as rules
from webapp.rules.errors import Refused, Stale
from webapp.rules.lifecycle import ENDED
from webapp.rules.notices import TO_REPORTERS
from webapp.services import letters, tracking
from webapp.views.words import MESSAGES

PAGE = "/letters/cleared"
MINE = {"subject": "Done: {reference}", "text": "It is clear again, {ward}.\n\n{link}\n{question_link}"}


@pytest.fixture
def owen(cast: Cast) -> FlaskClient:
    """Owen's browser."""
    return cast.client("Owen")


def post(client: FlaskClient, do: str, page: str = PAGE, **typed: str) -> TestResponse:
    """Fill in the page of a letter and press one of its buttons."""
    hidden = hidden_fields(client.get(page).text)
    return client.post(page, data={**hidden, **MINE, **typed, "do": do})


def sent_now(app: Flask) -> rules.Words:
    """Return what the letter about clearing says to a reporter now."""
    with app.app_context():
        token = submit(reporter={"email": "rosa@example.org", "wants_news": True}).token
        report: Report = tracking.find_report(token)
        return letters.write("cleared", report, record_behind(token))


def test_every_message_to_reporters_has_words_and_a_name():
    assert set(rules.DEFAULTS) == set(TO_REPORTERS) == set(MESSAGES)


def test_no_letter_that_wardbook_comes_with_is_refused_or_lacks_its_link():
    for purpose, words in rules.DEFAULTS.items():
        assert rules.problems(words) == {}, purpose
        assert rules.missing_links(purpose, words) == [], purpose


def test_everybody_is_asked_when_it_is_over_and_whose_report_is_joined_with_the_other_one():
    assert ENDED - {"duplicate"} == rules.ASKING


def test_the_list_names_every_letter_and_says_which_were_rewritten(owen: FlaskClient):
    assert owen.get("/letters").text.count("As Wardbook comes") == len(rules.DEFAULTS)
    post(owen, "save")
    page = owen.get("/letters").text
    assert page.count("Rewritten") == 1 and "Done: {reference}" in page and "Owen" in page


def test_a_preview_shows_an_example_and_saves_nothing(owen: FlaskClient, app: Flask):
    page = post(owen, "preview").text
    assert "Done: FT-2026-00012" in page and "It is clear again, Eynsford." in page
    assert "Nothing is saved yet" in page and "There is no {link}" not in page
    assert MINE["text"].replace("\n", "&#13;&#10;") in page or MINE["text"] in page
    assert sent_now(app).subject.startswith("Cleared:")


def test_a_preview_warns_of_links_that_are_missing_and_does_not_refuse(owen: FlaskClient):
    answer = post(owen, "preview", text="It is clear again.")
    assert answer.status_code == 200
    assert "There is no {link}" in answer.text and "There is no {question_link}" in answer.text
    assert post(owen, "save", text="It is clear again.").status_code == 303


def test_saved_words_go_out_and_can_be_taken_back(owen: FlaskClient, app: Flask):
    assert post(owen, "save").status_code == 303
    assert sent_now(app).subject == "Done: FT-2026-00001"
    assert post(owen, "restore", subject="").status_code == 303
    assert sent_now(app).subject == "Cleared: the fly-tipping you reported, FT-2026-00002"


@pytest.mark.parametrize("do", ["save", "preview"])
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": "Dear {name}, it is {Cleared}"}, "{name}, {Cleared} stands for nothing"),
        ({"subject": "For {nobody}"}, "{nobody} stands for nothing"),
        ({"subject": "Cleared in {ward}"}, "{ward} is not known of every report"),
        ({"subject": ""}, "Write a subject"),
        ({"subject": "One\nBcc: all@example.org"}, "Write the subject in one line"),
        ({"subject": "s" * 151}, "The subject is 151 characters long"),
        ({"text": " \n "}, "Write what the letter says"),
        ({"text": "t" * 5001}, "The text is 5,001 characters long"),
    ],
)
def test_what_cannot_be_a_letter_is_said_in_words_and_comes_back_filled(
    owen: FlaskClient, app: Flask, do: str, typed: dict[str, str], sentence: str
):
    answer = post(owen, do, **typed)
    assert answer.status_code == 422
    assert sentence in answer.text and "Nothing is saved yet" not in answer.text
    assert all(value.strip() in answer.text for value in typed.values())
    assert sent_now(app).subject.startswith("Cleared:")


def test_whoever_saves_on_an_old_page_is_shown_what_the_other_wrote(
    owen: FlaskClient, cast: Cast, app: Flask
):
    seen = hidden_fields(owen.get(PAGE).text)
    post(cast.client("Ada"), "save", text="Ada wrote this. {link} {question_link}")
    answer = owen.post(PAGE, data={**seen, **MINE, "do": "save"})
    assert answer.status_code == 409
    assert "Ada wrote this." in answer.text and "It is clear again, {ward}." in answer.text
    again = owen.post(PAGE, data={**hidden_fields(answer.text), **MINE, "do": "save"})
    assert again.status_code == 303 and sent_now(app).subject == "Done: FT-2026-00001"
    seen_before = owen.post(PAGE, data={**seen, **MINE, "do": "restore"})
    assert seen_before.status_code == 409 and sent_now(app).subject == "Done: FT-2026-00002"


def test_of_two_who_first_rewrite_a_letter_at_the_same_moment_one_is_told(app: Flask, cast: Cast):
    owen = cast.person("Owen")

    def write() -> str:
        try:
            letters.rewrite("closed", rules.Words("Finished", "{link} {question_link}"), "", owen)
        except Stale:
            return "stale"
        return "saved"

    assert sorted(at_once(app, write)) == ["saved", "stale"]


def test_the_service_refuses_what_no_letter_could_be_filled_with(app: Flask, cast: Cast):
    with app.app_context(), pytest.raises(Refused, match="stands for nothing"):
        letters.rewrite("closed", rules.Words("Finished", "{nothing}"), None, cast.person("Owen"))
    with app.app_context():
        assert db.session.query(letters.NoticeTemplate).count() == 0


def test_an_old_page_comes_back_filled(owen: FlaskClient):
    for token in (None, "made up"):
        typed = {**MINE, "do": "save", **({"csrf_token": token} if token else {})}
        answer = owen.post(PAGE, data=typed)
        assert answer.status_code == 422 and TOO_OLD in answer.text and MINE["subject"] in answer.text


def test_there_is_no_letter_of_another_name(owen: FlaskClient):
    for name in ("reminder", "x", "acknowledgement2"):
        assert owen.get(f"/letters/{name}").status_code == 404
