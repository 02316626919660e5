"""The description of the capture protocol is true: schemathesis asks all it can think of, and checks each answer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import SETTINGS, _close
from webapp import create_app

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
# As it is spelled: the test client does not unpack what comes compressed.
HEADERS = {"X-Capture-Secret": "a secret that the phone made", "Accept-Encoding": "identity"}
ADDRESSES = {
    ("/session", "GET"),
    ("/captures/{capture_id}", "PUT"),
    ("/captures/{capture_id}", "DELETE"),
    ("/captures/{capture_id}/photos/{photo_id}", "PUT"),
    ("/captures/{capture_id}/draft", "PUT"),
    ("/captures/{capture_id}/draft", "GET"),
    ("/captures/{capture_id}/draft", "DELETE"),
    ("/captures/batch", "POST"),
    ("/captures/status", "GET"),
    ("/captures/pack/{kind}", "GET"),
    ("/captures/openapi.json", "GET"),
}


@pytest.fixture(scope="module")
def described(filled_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One app for all that is asked: what was asked before must not change how it answers."""
    folder = tmp_path_factory.mktemp("described")
    path = folder / "wardbook.sqlite"
    path.write_bytes(filled_sqlite.read_bytes())
    limits = {"SUBMIT_LIMIT": "100000 per hour", "SUBMIT_LIMIT_OVERALL": "100000 per hour"}
    app = create_app({**SETTINGS, **limits, "DATABASE_URL": f"sqlite:///{path}"}, folder)
    yield app
    _close(app)


@pytest.fixture(scope="module")
def description(described: Flask) -> Any:
    """The description as the app serves it."""
    return schemathesis.openapi.from_wsgi("/captures/openapi.json", described)


@pytest.mark.parametrize(("path", "method"), sorted(ADDRESSES))
def test_every_answer_is_one_that_the_description_knows(description: Any, path: str, method: str):
    @given(case=description[path][method].as_strategy())
    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS, headers=HEADERS)

    ask()


def test_the_description_names_every_address_of_the_protocol(described: Flask):
    named = described.test_client().get("/captures/openapi.json").json["paths"]
    assert {(path, method) for path, methods in named.items() for method in methods} == {
        (path, method.lower()) for path, method in ADDRESSES
    }
