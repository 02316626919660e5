"""The authenticator app: set up by choice or because a role needs it, used, lost, and recovered from."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security.recovery_codes import MfRecoveryCodesUtil

from tests.builders import hidden_fields
from tests.cast import CHARACTERS, PASSWORD, Cast
from tests.views.signing_in import CHEAP_HASHES, app_code, is_signed_in, post, sign_in, user, with_password
from webapp import create_app
from webapp.config import SettingsError
from webapp.extensions import security
from webapp.services import accounts

SET_UP = "/account/authenticator"
CODE = "/sign-in/code"
CODES = re.compile(r"<li>([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})</li>")


@pytest.fixture
def settings() -> dict[str, object]:
    return {**CHEAP_HASHES, "REQUIRE_TOTP": "officer admin"}


def pending_secret(client: FlaskClient) -> str:
    """Return the secret that the page just offered, as the app on the phone would read it."""
    with client.session_transaction() as session:
        return str(session["tf_totp_secret"])


def set_up(app: Flask, client: FlaskClient) -> str:
    """Go through the set-up and return the secret."""
    page = post(client, SET_UP, setup="authenticator")
    assert 'src="data:image/svg+xml;base64,' in page.text
    secret = pending_secret(client)
    with app.app_context():
        assert security.totp_factory.get_totp_pretty_key(secret) in page.text
    answer = post(client, CODE, code=app_code(app, secret))
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"] == "/account/recovery-codes"
    return secret


def with_app(app: Flask, client: FlaskClient) -> str:
    """Let Owen sign in and set up his app, and return its secret."""
    with_password(app, "Owen")
    sign_in(client, "Owen")
    return set_up(app, client)


def after_password(app: Flask) -> FlaskClient:
    """Return a phone on which Owen's password was typed and his code is asked for."""
    phone = app.test_client()
    sign_in(phone, "Owen")
    return phone


def a_wrong_code(right: str) -> str:
    """Return a code of six figures that is not this one."""
    return f"{(int(right) + 1) % 1_000_000:06}"


def test_an_officer_without_an_app_sets_one_up_before_anything_else(app: Flask, client: FlaskClient):
    with_password(app, "Owen")
    assert sign_in(client, "Owen").headers["Location"] == SET_UP
    assert not is_signed_in(client)
    assert client.get("/records").headers["Location"].startswith("/sign-in")
    set_up(app, client)
    assert client.get("/records").status_code == 200


def test_a_wrong_code_sets_up_nothing(app: Flask, client: FlaskClient):
    with_password(app, "Owen")
    sign_in(client, "Owen")
    post(client, SET_UP, setup="authenticator")
    right = app_code(app, pending_secret(client))
    answer = post(client, CODE, code=a_wrong_code(right))
    assert "That code is not right." in answer.text
    assert "Start the set-up again" in answer.text
    assert "I cannot get a code" not in answer.text
    assert user(app, "Owen").tf_primary_method is None
    assert not is_signed_in(client)


def test_signing_in_then_takes_password_and_code(app: Flask, client: FlaskClient):
    secret = with_app(app, client)
    phone = app.test_client()
    assert sign_in(phone, "Owen", page="/sign-in?next=/map").headers["Location"] == f"{CODE}?next=/map"
    assert not is_signed_in(phone)
    answer = post(phone, f"{CODE}?next=/map", code=f" {app_code(app, secret, steps=1)} ")
    assert answer.headers["Location"] == "/map"
    assert is_signed_in(phone)


@pytest.mark.parametrize("host", ["localhost", "evil.example"])
def test_signing_in_with_a_code_needs_no_page_to_come_from(app: Flask, client: FlaskClient, host: str):
    secret = with_app(app, client)
    phone = app.test_client()
    hidden = hidden_fields(phone.get("/sign-in", base_url=f"http://{host}").text)
    first = {**hidden, "email": "owen@wardbook.example", "password": PASSWORD}
    asked = phone.post("/sign-in", data=first, base_url=f"http://{host}").headers["Location"]
    assert asked == f"{CODE}?next=/account/start"
    second = hidden_fields(phone.get(asked, base_url=f"http://{host}").text)
    answer = phone.post(
        asked, data={**second, "code": app_code(app, secret, steps=1)}, base_url=f"http://{host}"
    )
    assert answer.headers["Location"] == "/account/start"
    assert phone.get("/records", base_url=f"http://{host}").status_code == 200


def test_a_code_works_once(app: Flask, client: FlaskClient):
    secret = with_app(app, client)
    code = app_code(app, secret, steps=1)
    first, second = after_password(app), after_password(app)
    assert "I cannot get a code" in first.get(CODE).text
    assert post(first, CODE, code=code).status_code == 302
    assert post(second, CODE, code=code).status_code == 200
    assert not is_signed_in(second)


def test_a_code_works_once_for_two_who_send_it_at_the_same_moment(app: Flask, client: FlaskClient):
    secret = with_app(app, client)
    code, both_have_read = app_code(app, secret, steps=1), Barrier(2, timeout=20)

    def send_it(number: int) -> bool:
        with app.app_context():
            owen = security.datastore.find_user(email=CHARACTERS["Owen"].email)
            both_have_read.wait()
            return bool(security.totp_factory.verify_totp(code, secret, owen, window=30))

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(send_it, range(2))) == [False, True]


@pytest.mark.parametrize(
    "address", ["", "{}@x.example"], ids=["as the page asks", "with an address each time"]
)
def test_codes_are_tried_ten_times_at_most_whatever_the_form_carries(
    app: Flask, client: FlaskClient, address: str
):
    right = app_code(app, with_app(app, client), steps=1)
    app.extensions["limiter"].copy().pop().reset()
    phone = after_password(app)
    wrong = a_wrong_code(right)
    tries = [post(phone, CODE, code=wrong, email=address.format(number)) for number in range(11)]
    assert [answer.status_code for answer in tries] == [200] * 10 + [429]
    assert post(phone, CODE, code=right).status_code == 429


def test_nobody_gets_to_the_second_step_without_the_first(client: FlaskClient):
    for page in (SET_UP, CODE, "/sign-in/recovery-code"):
        assert client.get(page).headers["Location"] == "/sign-in"


def test_who_comes_back_to_the_page_about_codes_stays_signed_in(app: Flask, client: FlaskClient):
    with_password(app, "Sunita")
    sign_in(client, "Sunita")
    assert client.get(CODE).headers["Location"] == "/account"
    assert is_signed_in(client)


def test_a_recovery_code_gets_in_once(app: Flask, client: FlaskClient):
    with_app(app, client)
    codes = CODES.findall(post(client, "/account/recovery-codes", generate_new_codes="y").text)
    assert len(codes) == len(set(codes)) == 8
    assert not any(code in str(user(app, "Owen").mf_recovery_codes) for code in codes)
    for expected in (302, 200):
        phone = after_password(app)
        assert post(phone, "/sign-in/recovery-code", code=codes[3]).status_code == expected
        assert is_signed_in(phone) == (expected == 302)


def test_a_recovery_code_gets_in_once_for_two_who_send_it_at_the_same_moment(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    with_app(app, client)
    codes = CODES.findall(post(client, "/account/recovery-codes", generate_new_codes="y").text)
    both_have_read = Barrier(2, timeout=20)
    look = MfRecoveryCodesUtil.check_recovery_code

    def look_together(*asked: Any) -> bool:
        is_there = look(*asked)
        both_have_read.wait()
        return is_there

    monkeypatch.setattr(MfRecoveryCodesUtil, "check_recovery_code", look_together)
    phones = [after_password(app), after_password(app)]

    def send_it(phone: FlaskClient) -> bool:
        post(phone, "/sign-in/recovery-code", code=codes[3])
        return is_signed_in(phone)

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(send_it, phones)) == [False, True]
    assert len(user(app, "Owen").mf_recovery_codes or ()) == 7


def test_an_officer_cannot_turn_the_app_off_but_a_warden_can(app: Flask, client: FlaskClient):
    with_password(app, "Owen", "Sunita")
    sign_in(client, "Owen")
    set_up(app, client)
    assert "Turn it off" not in client.get(SET_UP).text
    post(client, SET_UP, setup="disable")
    assert user(app, "Owen").tf_primary_method == "authenticator"
    warden = app.test_client()
    assert sign_in(warden, "Sunita").headers["Location"] == "/account/start"
    set_up(app, warden)
    assert "Turn it off" in warden.get(SET_UP).text
    post(warden, SET_UP, setup="disable")
    assert user(app, "Sunita").tf_primary_method is None


def test_the_password_is_asked_for_again_an_hour_after_signing_in(app: Flask, client: FlaskClient):
    with_password(app, "Sunita")
    sign_in(client, "Sunita")
    with client.session_transaction() as session:
        session["fs_paa"] = time.time() - 3700
    asked = client.get(SET_UP)
    assert asked.headers["Location"] == f"/sign-in/again?next={SET_UP}"
    assert client.get("/account").status_code == 200
    assert post(client, asked.headers["Location"], password="wrong words altogether").status_code == 200
    answer = post(client, asked.headers["Location"], password="three words and a number 7")
    assert answer.headers["Location"] == SET_UP
    assert client.get(SET_UP).status_code == 200


def test_who_becomes_an_officer_while_signed_in_sets_up_the_app_next(
    app: Flask, client: FlaskClient, cast: Cast
):
    with_password(app, "Sunita")
    sign_in(client, "Sunita")
    assert client.get("/records").status_code == 200
    with app.app_context():
        accounts.set_roles(user(app, "Sunita").id, "Sunita", ["officer"], None, cast.person("Ada"))
    for page in ("/records", "/map", "/account"):
        answer = client.get(page)
        assert (answer.status_code, answer.headers["Location"]) == (303, SET_UP)
    assert client.get("/").status_code == 200
    set_up(app, client)
    assert client.get("/records").status_code == 200


def test_an_administrator_takes_a_lost_app_off_an_account(app: Flask, client: FlaskClient, cast: Cast):
    with_app(app, client)
    with app.app_context():
        accounts.forget_authenticator(user(app, "Owen").id, cast.person("Ada"))
    assert not is_signed_in(client)
    assert sign_in(client, "Owen").headers["Location"] == SET_UP


def test_the_secret_is_kept_encrypted_and_outlives_a_change_of_the_secret_key(tmp_path: Path):
    """Two installations, the second with the first one's key as its older one."""
    keys = ["the-first-secret-key-of-this-installation", "the-second-secret-key-of-this-installation"]
    first = create_app({"SECRET_KEY": keys[0], "DATABASE_URL": "sqlite://"}, tmp_path / "first")
    with first.app_context():
        kept = security.totp_factory.generate_totp_secret()
        plain = security.totp_factory.get_totp_b32_key(kept)
    assert plain not in kept
    changes = {"SECRET_KEY": keys[1], "SECRET_KEY_FALLBACKS": keys[0], "DATABASE_URL": "sqlite://"}
    second = create_app(changes, tmp_path / "second")
    with second.app_context():
        assert security.totp_factory.get_totp_b32_key(kept) == plain
        newest = next(iter(second.config["SECURITY_TOTP_SECRETS"]))
        assert f'"t":"{newest}"' in security.totp_factory.generate_totp_secret()


def test_a_role_that_there_is_not_stops_the_start(tmp_path: Path):
    with pytest.raises(SettingsError, match="REQUIRE_TOTP names boss, which is no role"):
        create_app({"SECRET_KEY": "x" * 40, "REQUIRE_TOTP": "officer boss"}, tmp_path)
