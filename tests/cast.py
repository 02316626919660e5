"""The cast: Sunita, Vic, Owen, Priya, Ada and Carol have a role; Nadia has an account without one; Rosa has none."""

import secrets
import time
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from webapp.extensions import db, security
from webapp.rules.roles import Person
from webapp.services.transaction import one_commit

PASSWORD = "three words and a number 7"


@dataclass(frozen=True)
class Character:
    """One person: who they are and what they hold."""

    name: str
    roles: tuple[str, ...]
    agency: str | None = None

    @property
    def email(self) -> str:
        """The address they sign in with."""
        return f"{self.name.lower()}@wardbook.example"


CHARACTERS = {
    character.name: character
    for character in (
        Character("Sunita", ("warden",), "kcc_wardens"),
        Character("Vic", ("volunteer",)),
        Character("Carol", ("coordinator",)),
        Character("Owen", ("officer",), "csu"),
        Character("Priya", ("partner",), "kcc_highways"),
        Character("Ada", ("admin",)),
        Character("Nadia", ()),
    )
}


class Cast:
    """Makes people on demand and gives each a signed-in browser."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def person(self, name: str) -> Person:
        """Return somebody as services know them, making the account when it is not there."""
        character = CHARACTERS[name]
        with self.app.app_context():
            user = security.datastore.find_user(email=character.email) or self._make(character)
            return Person(id=user.id, roles=user.role_names, agency=user.agency)

    def client(self, name: str) -> FlaskClient:
        """Return a browser in which this person is signed in."""
        self.person(name)
        client = self.app.test_client()
        with self.app.app_context(), client.session_transaction() as session:
            user = security.datastore.find_user(email=CHARACTERS[name].email)
            session["_user_id"] = user.fs_uniquifier
            marks = {"sid": secrets.token_urlsafe(32), "csrf_token": secrets.token_hex(20)}
            session.update(_fresh=True, fs_paa=time.time(), **marks)
        return client

    def _make(self, character: Character) -> object:
        with one_commit():
            for role in character.roles:
                security.datastore.find_or_create_role(role)
            db.session.flush()
            return security.datastore.create_user(
                email=character.email,
                name=character.name,
                agency=character.agency,
                roles=list(character.roles),
                active=True,
            )
