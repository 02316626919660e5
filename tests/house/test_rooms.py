"""The house's directions that import-linter cannot see: single names, calls and files."""

import sys
from pathlib import PurePosixPath

import pytest

from tests.house.tree import calls_of, imports_of, project_files, python_of, text_of

PERSON_AND_REQUEST = {"current_user", "g", "request", "session"}
WEB_MODULES = {"flask", "flask_login", "flask_principal", "flask_security"}
NO_NAMES = {"common", "helper", "helpers", "misc", "util", "utils"}
LONGEST_FILE = 400


def top(module: str) -> str:
    return module.partition(".")[0]


def test_the_request_and_the_person_are_known_in_views_only():
    found = [
        f"{path}: {name} from {module}"
        for path, tree in python_of("webapp/")
        if not path.startswith("webapp/views/") and path != "webapp/__init__.py"
        for module, name in imports_of(tree)
        if (top(module) in WEB_MODULES and name in PERSON_AND_REQUEST) or (module in WEB_MODULES and not name)
    ]
    assert found == []


def test_only_services_commit():
    found = [
        f"{path}: {owner}.commit()"
        for path, tree in python_of("webapp/")
        if not path.startswith("webapp/services/")
        for owner, method in calls_of(tree)
        if method == "commit"
    ]
    assert found == []


def test_rules_need_the_standard_library_only():
    found = [
        f"{path}: {module}"
        for path, tree in python_of("webapp/rules/")
        for module, _ in imports_of(tree)
        if top(module) not in sys.stdlib_module_names and not module.startswith("webapp.rules")
    ]
    assert found == []


@pytest.mark.parametrize(
    ("room", "strangers"),
    [
        ("geo", {"alembic", "flask", "flask_login", "flask_security", "psycopg", "sqlalchemy", "wtforms"}),
        ("forms", {"alembic", "flask_login", "flask_security", "psycopg", "sqlalchemy"}),
        ("models", {"flask_login", "flask_wtf", "wtforms"}),
        ("services", {"flask_login", "flask_wtf", "wtforms"}),
    ],
)
def test_a_room_does_not_know_the_libraries_of_others(room: str, strangers: set[str]):
    found = [
        f"{path}: {module}"
        for path, tree in python_of(f"webapp/{room}/")
        for module, _ in imports_of(tree)
        if top(module) in strangers
    ]
    assert found == []


def test_config_is_the_only_reader_of_the_environment():
    found = [
        path
        for path, tree in python_of("webapp/")
        if path != "webapp/config.py"
        if any(
            (top(module), name) in {("os", "environ"), ("os", "getenv")} for module, name in imports_of(tree)
        )
        or any(
            owner == "os.environ" or (owner, method) == ("os", "getenv") for owner, method in calls_of(tree)
        )
        or "os.environ" in text_of(path)
    ]
    assert found == []


def test_the_clock_is_read_in_one_place():
    found = [
        f"{path}: {owner}.{method}()"
        for path, tree in python_of("webapp/")
        if path != "webapp/extensions.py"
        for owner, method in calls_of(tree)
        if owner.rpartition(".")[2] in {"date", "datetime"} and method in {"now", "today", "utcnow"}
    ]
    assert found == []


def test_no_test_sleeps():
    found = [path for path, tree in python_of("tests/") if ("time", "sleep") in set(calls_of(tree))]
    assert found == []


def test_no_file_is_called_by_what_it_is_not_about():
    found = [path for path in project_files() if PurePosixPath(path).stem.lower() in NO_NAMES]
    assert found == []


def test_no_file_is_longer_than_a_reader_can_hold():
    kinds = {".py", ".js", ".mjs", ".css", ".scss", ".html"}
    written = [path for path in project_files() if PurePosixPath(path).suffix in kinds]
    # A migration is written by a programme and never opened again: its length holds up nobody.
    lengths = {path: text_of(path).count("\n") for path in written if not path.startswith("migrations/")}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}
