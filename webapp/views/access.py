"""Permission is stated on each route and asked before it runs; what is not allowed looks as if it were not there."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.forms.base import CONTROL
from webapp.rules.roles import ANYBODY, Permission, Person

LARGEST_ID = 2**31 - 1
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def permission(needed: Permission) -> Callable[[View], View]:
    """Return a decorator that states what a route asks for."""

    def state(view: View) -> View:
        view.permission = needed  # type: ignore[attr-defined]
        return view

    return state


def permission_of(app: Flask, endpoint: str) -> Permission:
    """Return what a route asks for. Raises LookupError for a route that states nothing, which stops the start."""
    stated = getattr(app.view_functions[endpoint], "permission", None)
    if stated is None:
        raise LookupError(f"The route {endpoint} states no permission.")
    return Permission(stated)


def asking() -> Person:
    """Return who is asking, for services.

    Whoever must have an authenticator app and has none yet holds no role until it is set up.
    """
    if not current_user.is_authenticated:
        return ANYBODY
    if lacks_authenticator():
        return Person(id=current_user.id)
    return Person(id=current_user.id, roles=current_user.role_names, agency=current_user.agency)


def lacks_authenticator() -> bool:
    """Return whether the person who is signed in must set up an authenticator app before anything else."""
    return current_user.is_authenticated and (
        current_user.check_tf_required_setup() and current_user.tf_primary_method is None
    )


def _can_name_something(value: object) -> bool:
    """Return whether a value from an address may be asked for in the database: it refuses the others with a fault."""
    if isinstance(value, int):
        return value <= LARGEST_ID
    return not (isinstance(value, str) and CONTROL.search(value))


def guard() -> ResponseReturnValue | None:
    """Let the request through, send whoever is not signed in to sign in, or answer 404."""
    if request.endpoint is None:
        return None
    if not all(map(_can_name_something, (request.view_args or {}).values())):
        return abort(404)
    needed = permission_of(current_app, request.endpoint)
    if needed is Permission.ANYONE:
        return None
    if lacks_authenticator() and request.blueprint != "security":
        return redirect(url_for("security.two_factor_setup"), 303)
    if asking().may(needed):
        return None
    if asking() is ANYBODY and request.method == "GET":
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    return abort(404)


def init_app(app: Flask) -> None:
    """Ask before every request, and refuse to start while a route states no permission."""
    for rule in app.url_map.iter_rules():
        permission_of(app, rule.endpoint)
    app.before_request(guard)
