"""Officers call who cannot be written to, and note on the record what came back; nobody else sees a contact."""

from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.builders import hidden_fields, submit
from tests.cast import Cast
from webapp.extensions import db
from webapp.models.notice import Notice
from webapp.services import lifecycle, notices, telling

RECORD = "/records/FT-2026-00001"
ROSA = {"name": "Rosa", "email": None, "phone": "01732 000000", "wants_news": True}


@pytest.fixture
def owen(cast: Cast) -> FlaskClient:
    """Owen's browser."""
    return cast.client("Owen")


def token(client: FlaskClient) -> dict[str, str]:
    """Return what proves that a button was pressed on our own page."""
    return {"csrf_token": hidden_fields(client.get("/track").text)["csrf_token"]}


def only_notice(app: Flask, way: str) -> UUID:
    """Return the id of the one message that goes this way."""
    with app.app_context():
        return db.session.scalars(select(Notice.id).where(Notice.way == way)).one()


@pytest.mark.usefixtures("noon")
def test_the_page_lists_calls_and_takes_what_came_of_them(app: Flask, owen: FlaskClient, cast: Cast):
    person = cast.person("Owen")
    with app.app_context():
        reference = submit(reporter=ROSA).reference
        lifecycle.move(reference, "not_found", lifecycle.Given(reason="Nothing there"), person)
    page = owen.get("/to-tell").text
    assert "1 person to call" in page and "01732 000000" in page and "nothing was there any more" in page
    assert "to be told by telephone" in owen.get(RECORD).text
    address = f"/to-tell/{only_notice(app, 'phone')}/told"
    assert owen.post(address.replace("/told", "/sung"), data=token(owen)).status_code == 404
    assert owen.post(address, data=token(owen)).status_code == 303
    assert "There is nobody to call" in owen.get("/to-tell").text
    assert "told by telephone" in owen.get(RECORD).text
    again = owen.post(address, data=token(owen))
    assert again.status_code == 422 and telling.SETTLED_ALREADY in again.text


@pytest.mark.usefixtures("noon")
def test_an_officer_who_saw_mail_come_back_notes_that_on_the_record(
    app: Flask, owen: FlaskClient, cast: Cast
):
    with app.app_context():
        submit(reporter={**ROSA, "email": "rosa@example.org"})
        notices.send_due()
    page = owen.get(RECORD).text
    assert "It came back" in page and "We have the report" in page
    address = f"{RECORD}/messages/{only_notice(app, 'email')}/came-back"
    for name in ("Sunita", "Priya", "Nadia"):
        client = cast.client(name)
        assert client.post(address, data=token(client)).status_code == 404
    for wrong in (address.replace("-00001", "-00002"), f"{RECORD}/messages/{uuid4()}/came-back"):
        assert owen.post(wrong, data=token(owen)).status_code == 404
    for _ in range(2):
        assert owen.post(address, data=token(owen)).status_code == 303
    page = owen.get(RECORD).text
    assert "sent, and came back" in page and "to be told by telephone" in page
    assert "It came back<span" not in page


@pytest.mark.usefixtures("noon")
def test_the_list_of_messages_holds_no_address_for_who_may_see_none(app: Flask, cast: Cast):
    sunita = cast.person("Sunita")
    with app.app_context():
        submit(reporter={**ROSA, "email": "rosa@example.org"}, person=sunita)
        notices.send_due()
    page = cast.client("Sunita").get(RECORD)
    assert page.status_code == 200 and "We have the report" in page.text
    assert "rosa@" not in page.text and "01732" not in page.text and "came-back" not in page.text
