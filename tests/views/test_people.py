"""Inviting people, giving them roles, closing and opening their accounts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.at_once import at_once, meet_after
from tests.builders import hidden_fields
from tests.cast import PASSWORD, Cast
from tests.views.signing_in import (
    CHEAP_HASHES,
    is_signed_in,
    link_in,
    mailed,
    post,
    sign_in,
    user,
    with_password,
)
from webapp.extensions import db
from webapp.models.account import AccountMail
from webapp.models.event import Event
from webapp.rules.errors import Refused
from webapp.rules.roles import Person
from webapp.services import accounts, mail, passwords

PRIYA = {"email": "Priya@Wardbook.example", "name": "Priya", "roles": "partner", "agency": "kcc_highways"}


@pytest.fixture
def settings() -> dict[str, object]:
    return dict(CHEAP_HASHES)


@pytest.fixture
def ada(cast: Cast) -> FlaskClient:
    return cast.client("Ada")


def events(app: Flask) -> list[str]:
    with app.app_context():
        return [event.action for event in db.session.scalars(select(Event).order_by(Event.id))]


def test_somebody_invited_sets_a_password_and_signs_in(app: Flask, ada: FlaskClient, client: FlaskClient):
    answer = post(ada, "/people/invite", **PRIYA)
    assert answer.headers["Location"] == "/people"
    page = ada.get("/people").text
    assert "An invitation to Priya@Wardbook.example is on its way." in page
    assert "Invited" in page
    assert "Kent County Council Highways" in page
    assert "kcc_highways" not in page
    link = link_in(mailed(app)[0])
    assert "Welcome to Wardbook" in client.get(link).text
    assert "12 characters or more" in post(client, link, password="too short").text
    assert post(client, link, password=PASSWORD).headers["Location"] == "/sign-in"
    assert sign_in(client, "Priya").status_code == 302
    assert is_signed_in(client)
    assert user(app, "Priya").agency == "kcc_highways"
    assert user(app, "Priya").role_names == ("partner",)
    assert events(app) == ["account_invited", "password_set"]
    assert len(mailed(app)) == 1  # A first password is no news to whoever set it.


def test_an_invitation_is_too_old_after_seven_days(
    app: Flask, ada: FlaskClient, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    post(ada, "/people/invite", **PRIYA)
    link = link_in(mailed(app)[0])
    assert timedelta(days=7) == passwords.INVITATION_VALID
    monkeypatch.setattr(passwords, "RESET_VALID", timedelta(seconds=-1))
    assert client.get(link).status_code == 200
    monkeypatch.setattr(passwords, "INVITATION_VALID", timedelta(seconds=-1))
    assert client.get(link).status_code == 404


def test_inviting_again_makes_the_earlier_link_useless(app: Flask, ada: FlaskClient, client: FlaskClient):
    post(ada, "/people/invite", **PRIYA)
    first = link_in(mailed(app)[0])
    edit = f"/people/{user(app, 'Priya').id}"
    post(ada, edit, f"{edit}/invite")
    second = link_in(mailed(app)[1])
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": ""}, "Enter an email address in the form name@example.org."),
        ({"email": "priya at example"}, "Enter an email address in the form name@example.org."),
        (
            {"email": "a@b.example\r\nBcc: c@d.example"},
            "Enter an email address in the form name@example.org.",
        ),
        ({"email": "ada@wardbook.example"}, "Somebody with this email address has an account already."),
        ({"name": ""}, "Enter the person&#39;s name."),
        ({"roles": "emperor"}, "Choose roles from the list."),
        ({"agency": ""}, "Enter the partner&#39;s agency, such as kcc_highways."),
        ({"agency": "KCC Highways"}, "small letters, numbers and _ only"),
    ],
)
def test_an_invitation_is_refused_in_words_and_nothing_typed_is_lost(
    app: Flask, ada: FlaskClient, changes: dict, words: str
):
    answer = post(ada, "/people/invite", **{**PRIYA, **changes})
    assert answer.status_code == 422
    assert words in answer.text
    for name in ("name", "agency"):
        assert {**PRIYA, **changes}[name] in answer.text
    assert mailed(app) == []


def test_roles_are_changed_with_a_line_of_history(app: Flask, ada: FlaskClient, cast: Cast):
    cast.person("Sunita")
    edit = f"/people/{user(app, 'Sunita').id}"
    answer = ada.post(
        edit, data={**hidden_fields(ada.get(edit).text), "name": "Sunita", "roles": ["warden", "officer"]}
    )
    assert answer.status_code == 303
    assert user(app, "Sunita").role_names in (("warden", "officer"), ("officer", "warden"))
    with app.app_context():
        event = db.session.scalars(select(Event)).one()
        assert (event.action, event.by_id) == ("account_roles_set", cast.person("Ada").id)
        assert event.before["roles"] == ["warden"]
        assert event.after["roles"] == ["officer", "warden"]
        assert "wardbook.example" not in str(event.after) + str(event.before)


def test_somebody_who_leaves_is_signed_out_and_their_links_end(
    app: Flask, ada: FlaskClient, client: FlaskClient
):
    with_password(app, "Owen")
    sign_in(client, "Owen")
    post(client, "/account/reset", email="owen@wardbook.example")
    link = link_in(mailed(app)[0])
    edit = f"/people/{user(app, 'Owen').id}"
    post(ada, edit, f"{edit}/close")
    assert not is_signed_in(client)
    assert client.get(link).status_code == 404
    assert sign_in(client, "Owen").status_code == 200
    post(client, "/account/reset", email="owen@wardbook.example")
    assert len(mailed(app)) == 1
    post(ada, edit, f"{edit}/open")
    assert sign_in(client, "Owen").status_code == 302


def test_there_is_always_an_administrator(app: Flask, cast: Cast, client: FlaskClient):
    with_password(app, "Ada")
    sign_in(client, "Ada")
    edit = f"/people/{user(app, 'Ada').id}"
    assert f"{edit}/close" not in client.get(edit).text
    post(client, edit, f"{edit}/close")
    assert "You cannot close your own account." in client.get(edit).text
    answer = client.post(
        edit, data={**hidden_fields(client.get(edit).text), "name": "Ada", "roles": ["officer"]}
    )
    assert answer.status_code == 422
    assert "This is the only administrator." in answer.text
    assert user(app, "Ada").role_names == ("admin",)


@pytest.mark.parametrize(
    "remove",
    [accounts.deactivate, lambda whom, by: accounts.set_roles(whom, "was one", [], None, by)],
    ids=["closing", "taking the role off"],
)
def test_of_two_administrators_who_remove_each_other_at_once_one_stays(
    app: Flask, monkeypatch: pytest.MonkeyPatch, remove: Callable[[int, Person], None]
):
    with app.app_context():
        ids = [
            accounts.create(f"{name}@x.example", name, ["admin"], None, PASSWORD) for name in ("ada", "eve")
        ]
    meet_after(monkeypatch, accounts, "_keep_an_admin")

    def remove_the_other(by: int, whom: int) -> None:
        with app.app_context(), suppress(Refused):
            remove(whom, Person(id=by, roles=("admin",)))

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(remove_the_other, ids, reversed(ids)))
    with app.app_context():
        listed = accounts.listed(Person(id=ids[0], roles=("admin",)))
    assert [(one.state, one.roles) for one in listed].count(("active", ("admin",))) == 1


def test_of_two_invitations_of_one_address_at_once_the_second_is_told(
    app: Flask, ada: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    meet_after(monkeypatch, accounts, "_roles")

    def invite() -> str:
        try:
            accounts.invite("priya@x.example", "Priya", ["partner"], "kcc_highways", None)
        except Refused as refused:
            return refused.errors["email"]
        return ""

    told = sorted(at_once(app, invite))
    assert told[0] == ""
    assert "has an account already" in told[1]
    assert len(mailed(app)) == 1


def test_a_verb_that_there_is_not_is_no_page(app: Flask, ada: FlaskClient):
    edit = f"/people/{user(app, 'Ada').id}"
    assert post(ada, edit, f"{edit}/promote").status_code == 404
    assert ada.get("/people/999999").status_code == 404


def test_an_invitation_that_no_mailbox_takes_is_seen_by_the_administrator(
    app: Flask, ada: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*message: object) -> None:
        raise mail.MailRefused("The server does not take mail for this address.")

    monkeypatch.setattr(mail, "send", refuse)
    post(ada, "/people/invite", **PRIYA)
    assert mailed(app) == []
    assert "The invitation was not sent:" in ada.get("/people").text
    with app.app_context():
        assert db.session.scalars(select(AccountMail)).one().due_at is None


def test_services_ask_again_who_is_asking(app: Flask, cast: Cast):
    from webapp.rules.errors import NotFound

    owen, sunita = cast.person("Owen"), cast.person("Sunita").id or 0
    with app.app_context():
        for verb in (
            accounts.invite_again,
            accounts.deactivate,
            accounts.reactivate,
            accounts.forget_authenticator,
        ):
            with pytest.raises(NotFound):
                verb(sunita, owen)
        with pytest.raises(NotFound):
            accounts.listed(owen)
        with pytest.raises(NotFound):
            accounts.invite("x@y.example", "X", [], None, owen)
        with pytest.raises(NotFound):
            accounts.set_roles(sunita, "Sunita", ["admin"], None, owen)


def test_names_are_words_and_never_markup(app: Flask, ada: FlaskClient):
    post(ada, "/people/invite", **{**PRIYA, "name": "<script>alert(1)</script>"})
    page = ada.get("/people").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_accounts_are_made_invited_and_listed_at_the_command_line(app: Flask, client: FlaskClient):
    run = app.test_cli_runner().invoke
    made = run(
        args=["users", "create", "owen@wardbook.example", "--role", "officer", "--password-stdin"],
        input=f"{PASSWORD}\n",
    )
    assert made.exit_code == 0, made.output
    assert sign_in(client, "Owen").status_code == 302
    assert (
        run(
            args=[
                "users",
                "invite",
                "priya@wardbook.example",
                "--role",
                "partner",
                "--agency",
                "kcc_highways",
            ]
        ).exit_code
        == 0
    )
    assert "/account/reset/" in mailed(app)[0]
    lines = run(args=["users", "list"]).output.splitlines()
    assert "owen@wardbook.example  active  officer  -" in lines
    assert "priya@wardbook.example  invited  partner  kcc_highways" in lines


@pytest.mark.parametrize(
    ("arguments", "typed", "words"),
    [
        (["create", "owen", "--role", "officer", "--password-stdin"], PASSWORD, "name@example.org"),
        (["create", "o@x.example", "--role", "boss", "--password-stdin"], PASSWORD, "'boss' is not one of"),
        (["create", "o@x.example", "--role", "officer", "--password-stdin"], "short", "12 characters"),
        (["create", "o@x.example", "--role", "officer"], PASSWORD, "--password-stdin"),
    ],
)
def test_the_command_line_refuses_in_words(app: Flask, arguments: list[str], typed: str, words: str):
    result = app.test_cli_runner().invoke(args=["users", *arguments], input=f"{typed}\n")
    assert result.exit_code != 0
    assert words in result.output
