"""What the tests of services share: an officer, and the app's context."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.cast import Cast
from webapp.rules.roles import Person


@pytest.fixture
def in_app(app: Flask) -> Iterator[None]:
    """The app's context, for a whole test."""
    with app.app_context():
        yield


@pytest.fixture
def owen(cast: Cast) -> Person:
    """The officer of the cast, as services know him."""
    return cast.person("Owen")
