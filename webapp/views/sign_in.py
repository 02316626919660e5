"""Signing in and out: Flask-Security's views, of which only these exist, under our addresses and in our templates."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, Flask, abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import logout_user, password_changed, user_authenticated
from flask_security import views as theirs
from flask_security.recovery_codes import mf_recovery, mf_recovery_codes
from flask_wtf.csrf import generate_csrf

from webapp.config import SettingsError
from webapp.extensions import csrf, db, security
from webapp.rules.roles import Permission, Role
from webapp.services import account_security, passwords, sessions
from webapp.views import limits
from webapp.views.access import permission
from webapp.views.sign_in_forms import FORMS

pages = Blueprint("security", __name__)

# What of a session outlives signing in: who it is, and since when. Anything planted before is gone.
KEPT_KEYS = ("_user_id", "_fresh", "_id", "fs_cc", "fs_paa")
SESSION_ID, SIGNED_IN_AT = "sid", "fs_paa"


@dataclass(frozen=True, slots=True)
class Route:
    """One of Flask-Security's views: its endpoint, our address for it, what it asks for, and who checks its token."""

    endpoint: str
    address: str
    view: Callable[..., Any]
    needed: Permission
    is_try: bool = True
    checks_token: bool = False
    methods: tuple[str, ...] = ("GET", "POST")


def _has_nothing_to_confirm() -> bool:
    """Return whether somebody signed in came to the page about codes by the way; Flask-Security would sign them out."""
    return current_user.is_authenticated and session.get("tf_state") != "validating_profile"


@wraps(theirs.two_factor_token_validation)
def _take_code() -> ResponseReturnValue:
    """Take the code; once an app is set up by its first one, recovery codes come next, compulsory or not."""
    if _has_nothing_to_confirm():
        return redirect(url_for("account.show"))
    was_set_up = session.get("tf_state") == "validating_profile"
    answer: ResponseReturnValue = theirs.two_factor_token_validation()
    if was_set_up and current_user.is_authenticated and "tf_state" not in session:
        return redirect(url_for("security.mf_recovery_codes"))
    return answer


ROUTES = (
    # The view within their own check of the token, which would lose what was typed.
    Route("login", "/sign-in", theirs.login.__wrapped__, Permission.ANYONE, checks_token=True),
    Route("two_factor_token_validation", "/sign-in/code", _take_code, Permission.ANYONE),
    Route("mf_recovery", "/sign-in/recovery-code", mf_recovery, Permission.ANYONE),
    Route("verify", "/sign-in/again", theirs.verify, Permission.SIGNED_IN),
    Route("change_password", "/account/password", theirs.change_password, Permission.SIGNED_IN),
    # Who must have an app and has none sets it up before being signed in; the view itself asks for the first step.
    Route(
        "two_factor_setup", "/account/authenticator", theirs.two_factor_setup, Permission.ANYONE, is_try=False
    ),
    Route(
        "mf_recovery_codes", "/account/recovery-codes", mf_recovery_codes, Permission.SIGNED_IN, is_try=False
    ),
)


def _page_of(route: Route) -> Callable[..., ResponseReturnValue]:
    view = limits.sign_in_tries(route.view) if route.is_try else route.view

    @permission(route.needed)
    @wraps(route.view)
    def page(**values: Any) -> ResponseReturnValue:
        if request.is_json:
            abort(415)
        # What the view changes is written when it commits, in the writers' turn, and not before.
        with db.session.no_autoflush:
            answer: ResponseReturnValue = view(**values)
        return answer

    if route.checks_token:
        csrf.exempt(page)
    return page


for _route in ROUTES:
    pages.add_url_rule(_route.address, _route.endpoint, _page_of(_route), methods=list(_route.methods))


@pages.get("/sign-in/no-code", endpoint="two_factor_rescue")
@permission(Permission.ANYONE)
def no_code() -> ResponseReturnValue:
    """What to do without the phone. Flask-Security looks for this page by the name it has there."""
    return render_template("security/no_code.html")


@pages.post("/sign-out")
@permission(Permission.ANYONE)
def logout() -> ResponseReturnValue:
    """End this session for good. What waits on this phone to be sent stays there."""
    if SESSION_ID in session:
        sessions.end_session(session[SESSION_ID])
    logout_user()
    session.clear()
    return redirect(url_for("pages.front"), 303)


def _renew_session(app: Flask, **signal: Any) -> None:
    kept = {key: session[key] for key in KEPT_KEYS if key in session}
    session.clear()
    session.update(kept, **{SESSION_ID: secrets.token_urlsafe(32)})
    session.permanent = True
    g.pop("csrf_token", None)
    # Made with the session: two pages that are asked for at once would each make one, and the last would win.
    generate_csrf()


def _tell_password_changed(app: Flask, user: Any, **signal: Any) -> None:
    passwords.tell_password_changed(user)


def _stands() -> bool:
    """Return whether this session was neither ended nor is older than a session may get."""
    age_s = time.time() - session.get(SIGNED_IN_AT, 0)
    if age_s > sessions.SESSION_AT_MOST.total_seconds() or SESSION_ID not in session:
        return False
    return not sessions.has_ended(session[SESSION_ID])


def _load_only_standing(load: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return Flask-Security's loader of the signed-in person, for sessions that stand."""

    def load_person(uniquifier: str) -> Any:
        return load(uniquifier) if _stands() else None

    return load_person


def _check_next() -> None:
    """Refuse to go anywhere after signing in but to a plain path of ours: no link of ours sends that."""
    if request.blueprint == pages.name:
        asked_for = [*request.args.getlist("next"), *request.form.getlist("next")]
        if not all(is_own_path(address) for address in asked_for):
            abort(400)


def is_own_path(address: str) -> bool:
    """Return whether an address is a path on this site, however a browser may read it.

    >>> is_own_path("/records?ward=none"), is_own_path("//evil.example"), is_own_path("evil.example")
    (True, False, False)
    """
    if "\\" in address or any(ord(letter) < ord(" ") for letter in address):
        return False
    return not address or (address.startswith("/") and not address.startswith("//"))


def init_app(app: Flask) -> None:
    """Bind Flask-Security without its own blueprint. Raises SettingsError when REQUIRE_TOTP names no role."""
    unknown = app.config["TOTP_ROLES"] - set(Role)
    if unknown:
        raise SettingsError(
            f"REQUIRE_TOTP names {sorted(unknown)[0]}, which is no role: use {' '.join(Role)}."
        )
    for name, value in account_security.settings(app.config).items():
        app.config.setdefault(name, value)
    # Its constructor takes the classes, but runs where no service is known yet.
    security._totp_cls = account_security.OneTimeTotp
    security._mf_recovery_codes_util_cls = account_security.OneTimeRecoveryCodes
    security.init_app(app, account_security.datastore(), register_blueprint=False, **FORMS)
    security.want_json(lambda asked: False)
    # Its own look at who is asking, before each request, has no reader: our table of permissions asks the session.
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    # There are no authentication tokens here: nothing in an address or header may sign anybody in.
    security.login_manager.request_loader(None)
    manager = security.login_manager
    manager.user_loader(_load_only_standing(manager._user_callback))
    app.register_blueprint(pages)
    app.before_request(_check_next)
    user_authenticated.connect(_renew_session, app)
    password_changed.connect(_tell_password_changed, app)
