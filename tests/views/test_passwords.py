"""Passwords: changing one, links that set one, and what a stranger learns from asking."""

import sqlite3
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.builders import hidden_fields
from tests.cast import CHARACTERS, PASSWORD
from tests.views.signing_in import (
    CHEAP_HASHES,
    is_signed_in,
    link_in,
    mailed,
    post,
    sign_in,
    with_password,
)
from webapp.extensions import clock, db, limiter
from webapp.models.account import AccountMail
from webapp.services import account_mail, passwords

OTHER_PASSWORD = "quite another set of words"


@pytest.fixture
def settings() -> dict[str, object]:
    return dict(CHEAP_HASHES)


def test_changing_the_password_signs_out_every_other_device_and_tells_the_person(
    app: Flask, client: FlaskClient
):
    with_password(app, "Owen")
    phone = app.test_client()
    sign_in(phone, "Owen")
    sign_in(client, "Owen")
    answer = post(client, "/account/password", password=PASSWORD, new_password=OTHER_PASSWORD)
    assert answer.headers["Location"] == "/account"
    assert is_signed_in(client)
    assert not is_signed_in(phone)
    assert sign_in(phone, "Owen").status_code == 200
    assert sign_in(phone, "Owen", OTHER_PASSWORD).status_code == 302
    assert "Your Wardbook password was changed" in mailed(app)[0]


def test_a_new_password_is_kept_although_somebody_else_writes_meanwhile(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    """SQLite refuses to write in a transaction that began to read before another one committed."""
    with_password(app, "Owen", "Sunita")
    sign_in(client, "Owen")
    real = passwords.tell_password_changed

    def meanwhile(changed: object) -> None:
        with app.app_context():
            passwords.ask_reset("sunita@wardbook.example")
        real(changed)

    monkeypatch.setattr(passwords, "tell_password_changed", meanwhile)
    assert (
        post(client, "/account/password", password=PASSWORD, new_password=OTHER_PASSWORD).status_code == 302
    )
    assert sign_in(app.test_client(), "Owen", OTHER_PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("wrong words altogether", OTHER_PASSWORD, "That is not your password."),
        (PASSWORD, "too short", "Use a password of 12 characters or more."),
        (PASSWORD, PASSWORD, "Choose a password that is not the one you have now."),
        (PASSWORD, "", "Enter a new password."),
        (PASSWORD, "x" * 1001, "Use a password of 1,000 characters or fewer."),
    ],
)
def test_a_change_of_password_is_refused_in_words(
    app: Flask, client: FlaskClient, old: str, new: str, words: str
):
    with_password(app, "Owen")
    sign_in(client, "Owen")
    answer = post(client, "/account/password", password=old, new_password=new)
    assert answer.text.count(words) == 2  # In the summary and beside the field.
    assert old not in answer.text


def test_a_reset_link_sets_a_password_once(app: Flask, client: FlaskClient):
    with_password(app, "Owen")
    signed_in = app.test_client()
    sign_in(signed_in, "Owen")
    assert (
        post(client, "/account/reset", email=CHARACTERS["Owen"].email).headers["Location"]
        == "/account/reset/sent"
    )
    link = link_in(mailed(app)[0])
    assert post(client, link, password=OTHER_PASSWORD).headers["Location"] == "/sign-in"
    assert not is_signed_in(signed_in)
    assert sign_in(client, "Owen", OTHER_PASSWORD).status_code == 302
    again = client.get(link)
    assert again.status_code == 404
    assert "This link no longer works" in again.text


def test_a_reset_link_is_too_old_after_two_hours(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    with_password(app, "Owen")
    post(client, "/account/reset", email=CHARACTERS["Owen"].email)
    link = link_in(mailed(app)[0])
    assert client.get(link).status_code == 200
    monkeypatch.setattr(passwords, "RESET_VALID", timedelta(seconds=-1))
    assert client.get(link).status_code == 404


@pytest.mark.parametrize("token", ["nonsense", "WyJhYmMiXQ.Z0example.sig", "é" * 50])
def test_a_link_that_was_never_ours_is_a_page_in_words(client: FlaskClient, token: str):
    assert "This link no longer works" in client.get(f"/account/reset/{token}").text


def test_asking_for_a_reset_says_and_does_the_same_for_everybody(app: Flask, client: FlaskClient):
    with_password(app, "Owen")
    pages, owed = [], []
    for email in ("owen@wardbook.example", "nobody@wardbook.example"):
        answer = post(client, "/account/reset", email=email)
        pages.append((answer.status_code, answer.headers["Location"]))
        with app.app_context():
            owed.append(db.session.scalars(select(AccountMail)).all()[-1].email)
    assert pages[0] == pages[1]
    assert owed == ["owen@wardbook.example", "nobody@wardbook.example"]
    assert len(mailed(app)) == 1
    with app.app_context():
        assert db.session.scalars(select(AccountMail)).all() == []


def test_a_reset_is_asked_for_three_times_an_hour_at_most(app: Flask, client: FlaskClient):
    answers = [post(client, "/account/reset", email="owen@wardbook.example").status_code for _ in range(4)]
    assert answers == [303, 303, 303, 429]


def test_a_reset_that_waited_too_long_is_not_sent(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    with_password(app, "Owen")
    post(client, "/account/reset", email=CHARACTERS["Owen"].email)
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(type(clock), "now", lambda self: later)
    assert mailed(app) == []


def test_a_link_names_only_the_address_that_the_settings_name(app: Flask, client: FlaskClient):
    with_password(app, "Owen")
    hidden = hidden_fields(client.get("/account/reset").text)
    client.post(
        "/account/reset",
        data={**hidden, "email": CHARACTERS["Owen"].email},
        headers={
            "Host": "evil.example",
            "X-Forwarded-Host": "evil.example",
            "Referer": "http://evil.example/",
        },
    )
    assert all("evil" not in text for text in mailed(app))


def test_mail_that_fails_is_tried_again_and_the_message_keeps_its_id(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    from webapp.services import mail

    with_password(app, "Owen")
    post(client, "/account/reset", email=CHARACTERS["Owen"].email)
    ids: list[str | None] = []

    def fail(to: str, subject: str, text: str, message_id: str | None = None) -> None:
        ids.append(message_id)
        raise mail.MailLater("The mail server was not reached.")

    real = mail.send
    monkeypatch.setattr(mail, "send", fail)
    with app.app_context():
        account_mail.send_due()
    later = clock.now() + timedelta(minutes=2)
    monkeypatch.setattr(type(clock), "now", lambda self: later)

    def note(to: str, subject: str, text: str, message_id: str | None = None) -> None:
        ids.append(message_id)
        real(to, subject, text, message_id)

    monkeypatch.setattr(mail, "send", note)
    assert len(mailed(app)) == 1
    assert len(ids) == 2
    assert ids[0] == ids[1]


def test_limits_are_still_counted_when_their_file_is_gone(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    from webapp.services.limit_storage import SqliteStorage

    def broken(self: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(limiter, "_storage_dead", False)  # So that it is so again for the next test.
    monkeypatch.setattr(SqliteStorage, "_open", broken)
    answers = [post(client, "/account/reset", email="owen@wardbook.example").status_code for _ in range(4)]
    assert answers == [303, 303, 303, 429]
