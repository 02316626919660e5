"""Every route of the URL map, asked by everybody: the six roles, an account without one, and nobody."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.builders import hidden_fields
from tests.cast import CHARACTERS, Cast
from webapp import create_app
from webapp.extensions import csrf
from webapp.forms.base import TOO_OLD
from webapp.rules.roles import MAY, Permission, Role, may
from webapp.views.access import permission_of

EVERYBODY = (*CHARACTERS, "Rosa")
VALUES = {"uuid": UUID(int=7), "int": 4_000_000, "default": "nothing-there"}
SIGN_IN = "/sign-in"
# Views that check their form's token themselves, with an address and a field; those without have tests of their own.
FILLED_AGAIN = {
    "webapp.views.captures.new_fly_tipping": None,
    "webapp.views.captures.new_eva": None,
    "webapp.views.captures.new_observation": None,
    "webapp.views.captures.new_speed_reading": None,
    "webapp.views.captures.new_speed_watch": None,
    "webapp.views.speed_watch.edit": None,
    "webapp.views.speed_rows.edit": None,
    "webapp.views.speed_checks.finish": None,
    "webapp.views.speed_checks.compare": None,
    "webapp.views.police_exports.take": None,
    "webapp.views.police_exports.answer": None,
    "webapp.views.police_exports.change_counts": None,
    "webapp.views.captures.new_traffic_count": None,
    "webapp.views.eva.edit": None,
    "webapp.views.observations.edit": None,
    "webapp.views.masks.show": None,
    "webapp.views.actions.send_link": None,
    "webapp.views.actions.take": None,
    "webapp.views.answers.answer": None,
    "webapp.views.plans.add": None,
    "webapp.views.plans.edit": None,
    "webapp.views.plans.move": None,
    "webapp.views.track.add": None,
    "webapp.views.captures.enter_fly_tipping": None,
    "webapp.views.feedback.answer": None,
    "webapp.views.feedback.look_again": None,
    "webapp.views.feedback.settle": None,
    "webapp.views.letters.write": None,
    "webapp.views.moves.make": None,
    "webapp.views.worklist.together": None,
    "webapp.views.routing.add": None,
    "webapp.views.requests.new": None,
    "webapp.views.requests.answer": None,
    "webapp.views.pact_areas.new": None,
    "webapp.views.pact_areas.change": None,
    "webapp.views.pact_areas.concerns": None,
    "webapp.views.schemes.contact": None,
    "webapp.views.schemes.device": None,
    "webapp.views.schemes.edit": None,
    "webapp.views.schemes.new": None,
    "webapp.views.schemes.new_device": None,
    "webapp.views.schemes.new_volunteer": None,
    "webapp.views.schemes.volunteer": None,
    "webapp.views.speed_sites.ask": None,
    "webapp.views.speed_sites.edit": None,
    "webapp.views.speed_sites.move": None,
    "webapp.views.moves.decide_land": None,
    "webapp.views.enforcement.write": None,
    "webapp.views.enforcement.add_mark": None,
    "flask_security.views.login": ("/sign-in", "email"),
    "webapp.views.account.ask_reset": ("/account/reset", "email"),
    "webapp.views.track.go": ("/track", "link"),
    "webapp.views.records.search_contacts": ("/records/search", "contact"),
}
# The capture protocol takes its token from a header and answers in JSON.
PROTOCOL = "webapp.views.capture_api."
ENDS_THE_SESSION = {"security.logout", "account.sign_out_everywhere"}


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Yield each route with each of its methods, so that a new route is tested by being there."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def address(app: Flask, rule: Rule) -> str:
    """Return an address of this route at which there is nothing."""
    values = {name: VALUES[_kind(rule, name)] for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, force_external=False)


def _kind(rule: Rule, name: str) -> str:
    converter = type(rule._converters[name]).__name__
    return {"UUIDConverter": "uuid", "IntegerConverter": "int"}.get(converter, "default")


@pytest.mark.parametrize("name", EVERYBODY)
def test_each_route_answers_whom_the_table_says_and_nobody_else(app: Flask, cast: Cast, name: str):
    roles = CHARACTERS[name].roles if name in CHARACTERS else ()
    client, wrong = browser_of(app, cast, name), []
    for rule, method in routes(app):
        answer = ask(client, app, rule, method)
        if rule.endpoint in ENDS_THE_SESSION:
            client = browser_of(app, cast, name)
        allowed = may(permission_of(app, rule.endpoint), roles, signed_in=name in CHARACTERS)
        if not _is_right(app, rule, method, allowed, name in CHARACTERS, answer):
            wrong.append((rule.endpoint, method, answer.status_code, answer.headers.get("Location")))
    assert wrong == []


def browser_of(app: Flask, cast: Cast, name: str) -> FlaskClient:
    """Return a browser in which this person is signed in; Rosa has no account."""
    return cast.client(name) if name in CHARACTERS else app.test_client()


def ask(client: FlaskClient, app: Flask, rule: Rule, method: str) -> TestResponse:
    """Ask for a route, with a token of our own page when something is sent."""
    if method == "GET":
        return client.get(address(app, rule))
    token = hidden_fields(client.get("/track").text)["csrf_token"]
    return client.open(address(app, rule), method=method, data={"csrf_token": token})


def _is_right(
    app: Flask, rule: Rule, method: str, allowed: bool, signed_in: bool, answer: TestResponse
) -> bool:
    goes_to_sign_in = answer.headers.get("Location", "").startswith(SIGN_IN + "?next=")
    if answer.status_code >= 500:
        return False
    if allowed:
        # 404 is right where nothing is at the address; but never the guard's way to the sign-in page.
        return not goes_to_sign_in and (answer.status_code != 404 or bool(rule.arguments))
    if signed_in or method != "GET":
        return answer.status_code == 404
    return answer.status_code == 302 and goes_to_sign_in


def test_who_is_let_in_meets_the_view_and_who_is_not_meets_the_guard(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    """The walk above cannot tell the guard's 404 from a view's, so here every view says that it was reached."""
    wrong = []
    for endpoint in app.view_functions:
        stated = app.view_functions[endpoint].permission

        def reached(**values: object) -> tuple[str, int]:
            return "reached", 299

        reached.permission = stated
        monkeypatch.setitem(app.view_functions, endpoint, reached)
    for name in EVERYBODY:
        roles = CHARACTERS[name].roles if name in CHARACTERS else ()
        client = browser_of(app, cast, name)
        app.config["WTF_CSRF_ENABLED"] = False
        for rule, method in routes(app):
            needed = permission_of(app, rule.endpoint)
            answer = client.open(address(app, rule), method=method)
            if (answer.status_code == 299) != may(needed, roles, signed_in=name in CHARACTERS):
                wrong.append((name, rule.endpoint, method, answer.status_code))
    assert wrong == []


def test_every_route_that_changes_something_wants_a_token(app: Flask, cast: Cast):
    """Some forms ask by themselves, so that they can come back filled: the next test is about those."""

    exempt = {
        f"{view.__module__}.{view.__name__}" for view in app.view_functions.values()
    } & csrf._exempt_views
    assert {view for view in exempt if not view.startswith(PROTOCOL)} == set(FILLED_AGAIN)
    ada, wrong = cast.client("Ada"), []
    for rule, method in routes(app):
        view = app.view_functions[rule.endpoint]
        if method == "GET" or f"{view.__module__}.{view.__name__}" in exempt:
            continue
        answer = ada.open(address(app, rule), method=method, data={"csrf_token": "made up"})
        if answer.status_code != 400 or "had expired" not in answer.text:
            wrong.append((rule.endpoint, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("token", [None, "made up"])
def test_the_capture_protocol_wants_its_token_in_a_header(app: Flask, cast: Cast, token: str | None):
    ada, wrong = cast.client("Ada"), []
    headers = {"Content-Digest": f"sha-256=:{'A' * 43}=:", **({"X-CSRFToken": token} if token else {})}
    changing = [(rule, method) for rule, method in routes(app) if rule.endpoint.startswith("capture_api.")]
    for rule, method in changing:
        answer = ada.open(address(app, rule), method=method, headers=headers, json={})
        if method != "GET" and (answer.status_code, answer.json["code"]) != (403, "token"):
            wrong.append((rule.endpoint, answer.status_code))
    assert len(changing) == 11 and wrong == []


@pytest.mark.parametrize("token", [None, "made up"])
@pytest.mark.parametrize(("path", "field"), [way for way in FILLED_AGAIN.values() if way])
def test_a_form_with_an_old_token_comes_back_filled(cast: Cast, token: str | None, path: str, field: str):
    client = cast.client("Owen") if path == "/records/search" else cast.app.test_client()
    typed = {field: "rosa@example.org", "password": "three words and a number 7", "csrf_token": token}
    answer = client.post(path, data={name: value for name, value in typed.items() if value})
    assert TOO_OLD in answer.text
    assert 'value="rosa@example.org"' in answer.text
    assert "Location" not in answer.headers


def test_only_these_of_flask_security_s_routes_exist(app: Flask):
    theirs = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")}
    assert theirs == {
        "security.change_password",
        "security.login",
        "security.logout",
        "security.mf_recovery",
        "security.mf_recovery_codes",
        "security.two_factor_rescue",
        "security.two_factor_setup",
        "security.two_factor_token_validation",
        "security.verify",
    }


def test_a_route_that_states_no_permission_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from webapp.views import pages

    monkeypatch.delattr(pages.front, "permission")
    with pytest.raises(LookupError, match=r"The route pages\.front states no permission"):
        create_app({"SECRET_KEY": "x" * 40}, tmp_path)


def test_every_permission_is_held_by_somebody_and_only_by_roles_that_there_are():
    listed = set(Permission) - {Permission.ANYONE, Permission.SIGNED_IN}
    assert set(MAY) == listed
    assert all(MAY[permission] and MAY[permission] <= set(Role) for permission in MAY)


def test_a_new_role_counts_from_the_next_request_on(app: Flask, cast: Cast):
    from webapp.services import accounts

    nadia, ada = cast.client("Nadia"), cast.person("Ada")
    assert nadia.get("/records").status_code == 404
    with app.app_context():
        accounts.set_roles(cast.person("Nadia").id or 0, "Nadia", ["officer"], None, ada)
    assert nadia.get("/records").status_code == 200
    with app.app_context():
        accounts.set_roles(cast.person("Nadia").id or 0, "Nadia", [], None, ada)
    assert nadia.get("/records").status_code == 404


def test_a_closed_account_ends_its_session_at_once_and_opened_again_it_needs_a_new_one(
    app: Flask, cast: Cast
):
    from webapp.services import accounts

    owen, ada = cast.client("Owen"), cast.person("Ada")
    assert owen.get("/records").status_code == 200
    with app.app_context():
        accounts.deactivate(cast.person("Owen").id or 0, ada)
    assert owen.get("/records").status_code == 302
    with app.app_context():
        accounts.reactivate(cast.person("Owen").id or 0, ada)
    assert owen.get("/records").status_code == 302


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/records/%00"),
        ("GET", "/track/%00"),
        ("GET", "/wards/%01"),
        ("POST", "/records/%00/visibility"),
        ("POST", "/wards/%00/priority"),
        ("GET", "/people/2147483648"),
        ("GET", "/people/99999999999"),
        ("GET", "/people/9223372036854775808"),
        ("POST", "/people/9223372036854775808/close"),
    ],
)
def test_an_address_that_no_database_can_look_up_is_not_found(app: Flask, cast: Cast, method: str, path: str):
    for name in ("Ada", "Owen"):
        client = cast.client(name)
        token = hidden_fields(client.get("/track").text)["csrf_token"]
        data = {"csrf_token": token} if method == "POST" else None
        assert client.open(path, method=method, data=data).status_code == 404


def test_a_control_character_in_a_typed_address_is_no_fault(client: FlaskClient):
    hidden = hidden_fields(client.get("/sign-in").text)
    answer = client.post("/sign-in", data={**hidden, "email": "a\0b@x.example", "password": "x\0y"})
    assert answer.status_code == 200
    assert "is not right" in answer.text
