"""What the tests of accounts share: cheap hashes, making somebody with a password, posting a page's form."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.builders import hidden_fields
from tests.cast import CHARACTERS, PASSWORD
from webapp import create_app
from webapp.extensions import db, security
from webapp.models.account import User
from webapp.services import account_mail, accounts

CHEAP_HASHES = {
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__time_cost": 1,
        "argon2__memory_cost": 8,
        "argon2__parallelism": 1,
    }
}
LINK = re.compile(r"http://127\.0\.0\.1:8000(/account/reset/\S+)")


def with_password(app: Flask, *names: str) -> None:
    """Make accounts that can sign in with PASSWORD."""
    with app.app_context():
        for name in names:
            who = CHARACTERS[name]
            accounts.create(who.email, who.name, who.roles, who.agency, PASSWORD)


def post(client: FlaskClient, page: str, to: str = "", **answers: Any) -> TestResponse:
    """Fill in a page's form and send it, as a browser without JavaScript does."""
    hidden = hidden_fields(client.get(page).text)
    return client.post(to or page, data={**hidden, **answers})


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD, page: str = "/sign-in") -> TestResponse:
    """Type an address and a password."""
    return post(client, page, email=CHARACTERS[name].email, password=password)


def is_signed_in(client: FlaskClient) -> bool:
    """Return whether this browser sees its own account."""
    return client.get("/account").status_code == 200


def user(app: Flask, name: str) -> User:
    """Return somebody's row."""
    with app.app_context():
        found = db.session.scalar(select(User).where(User.email == CHARACTERS[name].email))
        assert found is not None
        return found


def mailed(app: Flask) -> list[str]:
    """Let the worker send what is owed, and return the texts of all messages so far, oldest first."""
    with app.app_context():
        account_mail.send_due()
    folder = Path(urlsplit(app.config["MAIL_URL"]).path)
    files = sorted(folder.glob("*.eml")) if folder.exists() else []
    return [message_from_bytes(path.read_bytes(), policy=default).get_content() for path in files]


def link_in(text: str) -> str:
    """Return the path of the link in a message."""
    found = LINK.search(text)
    assert found, text
    return found.group(1)


def app_code(app: Flask, secret: str, steps: int = 0) -> str:
    """Return what an authenticator app with this secret shows, `steps` half minutes from now."""
    with app.app_context():
        totp = security.totp_factory._totp.from_source(secret)
        return str(totp.generate(time.time() + 30 * steps).token)


@contextmanager
def another_app(settings: dict[str, object], folder: Path) -> Iterator[Flask]:
    """Make one more app, and close what it opened."""
    app = create_app(settings, folder)
    yield app
    with app.app_context():
        db.engine.dispose()
    app.extensions["jobs"].storage.close()
