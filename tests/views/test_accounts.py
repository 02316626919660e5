"""Signing in and out: what a stranger learns, what a session is worth, how often one may try."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import hidden_fields
from tests.cast import CHARACTERS, PASSWORD, Cast
from tests.views.signing_in import (
    CHEAP_HASHES,
    is_signed_in,
    post,
    sign_in,
    user,
    with_password,
)
from webapp.services import accounts

OTHER_PASSWORD = "quite another set of words"


@pytest.fixture
def settings() -> dict[str, object]:
    return dict(CHEAP_HASHES)


def test_the_right_password_signs_in_and_goes_where_the_person_wanted(app: Flask, client: FlaskClient):
    with_password(app, "Owen")
    wanted = client.get("/records?ward=none")
    assert wanted.headers["Location"] == "/sign-in?next=/records?ward%3Dnone"
    answer = sign_in(client, "Owen", page=wanted.headers["Location"])
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/records?ward=none"
    assert is_signed_in(client)


def test_an_address_is_found_however_its_letters_are_typed(app: Flask, client: FlaskClient):
    with_password(app, "Owen")
    assert post(client, "/sign-in", email=" OWEN@Wardbook.example ", password=PASSWORD).status_code == 302


def test_a_password_is_kept_as_argon2_with_the_makers_own_cost(app: Flask):
    app.config["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"] = {}
    with_password(app, "Owen")
    assert (user(app, "Owen").password or "").startswith("$argon2id$")


def test_the_cost_of_a_hash_as_shipped_is_that_of_its_makers(tmp_path: Path):
    from webapp import create_app
    from webapp.extensions import security

    app = create_app({"SECRET_KEY": "x" * 40, "DATABASE_URL": "sqlite://"}, tmp_path)
    with app.app_context():
        assert security.pwd_context.schemes() == ("argon2",)
        assert security.pwd_context.hash("three words or so").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("owen@wardbook.example", "wrong words altogether"),
        ("nobody@wardbook.example", PASSWORD),
        ("nadia@wardbook.example", PASSWORD),
        ("sunita@wardbook.example", PASSWORD),
        ("not an address", PASSWORD),
        ("owen@wardbook.example", "x" * 20_000),
        ("owen@wardbook.example", "\x00"),
        ("'; drop table user; --", "\ufffe"),
    ],
)
def test_every_refusal_reads_the_same(app: Flask, client: FlaskClient, cast: Cast, email: str, password: str):
    """Wrong password, no such person, no password yet, closed account: a stranger learns nothing."""
    with_password(app, "Owen", "Sunita")
    cast.person("Nadia")
    with app.app_context():
        accounts.deactivate(user(app, "Sunita").id, cast.person("Ada"))
    answer = post(client, "/sign-in", email=email, password=password)
    assert answer.status_code == 200
    assert answer.text.count("The email address or the password is not right. Check both and try again.") == 1
    assert not is_signed_in(client)


def test_a_person_who_is_not_known_costs_as_much_time_as_a_wrong_password(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    """Counted in hashes, which are what takes the time."""
    from webapp.extensions import security

    hashes = []
    real = type(security.pwd_context)
    for name in ("hash", "verify"):
        work = getattr(real, name)
        monkeypatch.setattr(
            real, name, lambda self, *a, work=work, name=name, **k: hashes.append(name) or work(self, *a, **k)
        )
    with_password(app, "Owen")
    hashes.clear()
    post(client, "/sign-in", email="owen@wardbook.example", password="wrong words altogether")
    known = len(hashes)
    hashes.clear()
    post(client, "/sign-in", email="nobody@wardbook.example", password="wrong words altogether")
    assert known == len(hashes) == 1


def test_what_was_in_a_session_before_signing_in_is_gone_after_it(app: Flask, client: FlaskClient):
    with_password(app, "Owen")
    with client.session_transaction() as session:
        session.update(planted="by somebody else", sid="known to somebody else")
    page = client.get("/sign-in").text
    before = client.get_cookie("wardbook")
    old_token = hidden_fields(page)["csrf_token"]
    data = {**hidden_fields(page), "email": CHARACTERS["Owen"].email, "password": PASSWORD}
    assert client.post("/sign-in", data=data).status_code == 302
    after = client.get_cookie("wardbook")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["sid"] != "known to somebody else"
    assert client.post("/sign-out", data={"csrf_token": old_token}).status_code == 400


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app: Flask, client: FlaskClient):
    with_password(app, "Owen")
    sign_in(client, "Owen")
    copied = client.get_cookie("wardbook")
    assert copied is not None
    thief = app.test_client()
    thief.set_cookie("wardbook", copied.value)
    assert is_signed_in(thief)
    assert post(client, "/account", "/sign-out").status_code == 303
    assert not is_signed_in(client)
    assert not is_signed_in(thief)


def test_signing_out_clears_nothing_that_waits_on_the_phone(app: Flask, client: FlaskClient):
    with_password(app, "Owen")
    sign_in(client, "Owen")
    assert "Clear-Site-Data" not in post(client, "/account", "/sign-out").headers


def test_signing_out_takes_a_button_press_on_our_own_page(app: Flask, client: FlaskClient):
    with_password(app, "Owen")
    sign_in(client, "Owen")
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 400
    assert is_signed_in(client)


def test_a_session_ends_after_seven_days_however_busy_it_was(app: Flask, client: FlaskClient):
    with_password(app, "Owen")
    sign_in(client, "Owen")
    with client.session_transaction() as session:
        session["fs_paa"] -= timedelta(days=7, seconds=1).total_seconds()
    assert not is_signed_in(client)


def test_an_idle_session_ends_after_twelve_hours(app: Flask):
    assert app.permanent_session_lifetime == timedelta(hours=12)


def test_a_cookie_without_our_own_marks_signs_nobody_in(app: Flask, client: FlaskClient):
    with_password(app, "Owen")
    with client.session_transaction() as session:
        session["_user_id"] = user(app, "Owen").fs_uniquifier
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "///evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        " //evil.example",
        "http:evil.example",
    ],
)
@pytest.mark.parametrize("where", ["address", "form", "both"])
def test_signing_in_never_leads_to_another_site(app: Flask, client: FlaskClient, evil: str, where: str):
    with_password(app, "Owen")
    hidden = hidden_fields(client.get("/sign-in").text)
    data = {**hidden, "email": CHARACTERS["Owen"].email, "password": PASSWORD}
    if where != "address":
        data["next"] = evil
    query = {} if where == "form" else {"next": evil}
    answer = client.post("/sign-in", data=data, query_string=query)
    assert answer.status_code == 400 or "evil" not in answer.headers["Location"]
    assert "Location" not in answer.headers


def test_a_person_who_tries_too_often_waits_whatever_the_password(app: Flask, client: FlaskClient):
    with_password(app, "Owen", "Sunita")
    for _ in range(10):
        assert sign_in(client, "Owen", "wrong words altogether").status_code == 200
    for browser in (client, app.test_client()):
        answer = sign_in(browser, "Owen")
        assert answer.status_code == 429
        assert "too many tries to sign in" in answer.text
        assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert sign_in(app.test_client(), "Sunita").status_code == 302


def test_a_person_is_counted_as_the_same_however_their_address_is_spelled(app: Flask, client: FlaskClient):
    with_password(app, "Owen")
    spellings = [
        "owen@wardbook.example",
        " OWEN@wardbook.example",
        "ow\x01en@wardbook.example",
        "\x7fowen@wardbook.example\x00",
    ]
    for number in range(10):
        post(client, "/sign-in", email=spellings[number % 4], password="wrong words altogether")
    answers = [post(client, "/sign-in", email=each, password=PASSWORD).status_code for each in spellings]
    assert answers == [429] * 4


def test_one_address_may_try_only_so_many_people(app: Flask, client: FlaskClient):
    hidden = hidden_fields(client.get("/sign-in").text)
    answers = [
        client.post("/sign-in", data={**hidden, "email": f"p{n}@x.example", "password": "w" * 12})
        for n in range(101)
    ]
    assert {answer.status_code for answer in answers[:100]} == {200}
    assert answers[100].status_code == 429
    elsewhere = client.post(
        "/sign-in",
        data={**hidden, "email": "p@x.example", "password": "w" * 12},
        environ_base={"REMOTE_ADDR": "192.0.2.7"},
    )
    assert elsewhere.status_code == 200


def test_one_home_with_many_ipv6_addresses_is_one_address(app: Flask):
    from webapp.views.limits import by_address

    keys = set()
    for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            keys.add(by_address())
            assert "2001" not in by_address()
    assert len(keys) == 2


def test_signing_out_everywhere_ends_every_session(app: Flask, client: FlaskClient):
    with_password(app, "Owen")
    phone = app.test_client()
    sign_in(phone, "Owen")
    sign_in(client, "Owen")
    assert post(client, "/account", "/account/sign-out-everywhere").status_code == 303
    assert not is_signed_in(phone)
    assert not is_signed_in(client)


def test_what_is_no_form_is_refused(client: FlaskClient):
    token = hidden_fields(client.get("/sign-in").text)["csrf_token"]
    answer = client.post("/sign-in", json=[1, 2], headers={"X-CSRFToken": token})
    assert answer.status_code == 415
    assert answer.is_json is False


def test_a_token_in_an_address_or_header_signs_nobody_in(app: Flask, client: FlaskClient):
    with_password(app, "Owen")
    with app.app_context():
        token = user(app, "Owen").get_auth_token()
    assert client.get("/account", query_string={"auth_token": token}).status_code == 302
    assert client.get("/account", headers={"Authentication-Token": token}).status_code == 302
