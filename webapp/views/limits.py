"""How often something may be asked for: by address, and by the person it is about. Keys name neither in clear."""

import hmac
import ipaddress
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, request, session
from flask_login import current_user
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from webapp.extensions import limiter
from webapp.rules.roles import Person
from webapp.services import limit_storage  # noqa: F401 - importing it teaches `limits` the scheme sqlite://.
from webapp.services.accounts import address as one_spelling

View = Callable[..., Any]

SIGN_IN_BY_PERSON = "10 per 15 minutes"
# A whole office may share one address, so this is wider.
SIGN_IN_BY_ADDRESS = "100 per 15 minutes"
RESET_BY_PERSON = "3 per hour"
RESET_BY_ADDRESS = "30 per hour"
# A day's walk of sixty observations, and a speed-watch session, many times over.
SEND_BY_PERSON = "5000 per hour"
ADD_BY_ADDRESS = "30 per hour"
ASK_BY_ADDRESS = "120 per minute"
IPV6_HOME_BITS = 64
# Only here is a typed address whom the try is about; elsewhere a field of that name would be a way around the count.
ASK_FOR_ADDRESS = ("security.login", "account.ask_reset")
COUNTED_HERE = FixedWindowRateLimiter(MemoryStorage())


def keyed(text: str) -> str:
    """Return a hash that tells two persons or addresses apart and neither of them to whoever reads it."""
    return hmac.digest(str(current_app.secret_key).encode(), text.encode(), "sha256").hex()[:32]


def by_address() -> str:
    """Return the key of the asking address; for IPv6 that of its home network, whose addresses are one customer's."""
    return keyed(f"address {_home(request.remote_addr or '')}")


@lru_cache(maxsize=1024)
def _home(address: str) -> str:
    try:
        asking = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if asking.version == 6:
        asking = ipaddress.ip_network((asking, IPV6_HOME_BITS), strict=False).network_address
    return str(asking)


def by_person() -> str:
    """Return the key of whom this is about: the address typed, who is signed in, or who is between the two steps."""
    if request.endpoint in ASK_FOR_ADDRESS and request.form.get("email"):
        return keyed(f"person {one_spelling(request.form['email'])}")
    if current_user.is_authenticated:
        return keyed(f"user {current_user.fs_uniquifier}")
    between = session.get("tf_user_id")
    return keyed(f"user {between}") if between else by_address()


def may_submit() -> bool:
    """Count one report against the limit of its address and against everybody's; return whether both allow it."""
    by_one, by_all = current_app.config["SUBMIT_LIMIT"], current_app.config["SUBMIT_LIMIT_OVERALL"]
    return _hit(by_one, by_address()) and _hit(by_all, "everybody")


def may_send(person: Person) -> bool:
    """Count one capture from a phone; return whether the limit allows it. Who holds a role may empty a full phone."""
    if person.roles:
        return _hit(SEND_BY_PERSON, by_person(), "captures")
    return may_submit()


def may_add() -> bool:
    """Count one addition to a report against the limit of its address; return whether it allows it."""
    return _hit(ADD_BY_ADDRESS, by_address(), "additions")


def _hit(limit: str, key: str, what: str = "submissions") -> bool:
    try:
        return limiter.limiter.hit(_parsed(limit), what, key)
    except limiter.storage.base_exceptions:
        # As elsewhere: should the store fail, each process goes on counting by itself.
        return COUNTED_HERE.hit(_parsed(limit), what, key)


@lru_cache
def _parsed(limit: str) -> RateLimitItem:
    return parse(limit)


def look_ups(view: View) -> View:
    """Return the view, with how often one address may ask where a place is or what is near it."""
    return limiter.limit(ASK_BY_ADDRESS, key_func=by_address)(view)


def sign_in_tries(view: View) -> View:
    """Return the view, with what counts as trying to sign in: passwords and codes of every kind count together."""
    for limit, key in ((SIGN_IN_BY_PERSON, by_person), (SIGN_IN_BY_ADDRESS, by_address)):
        view = limiter.shared_limit(limit, scope="sign-in", key_func=key, methods=["POST"])(view)
    return view


def reset_requests(view: View) -> View:
    """Return the view, with how many reset links may be asked for."""
    for limit, key in ((RESET_BY_PERSON, by_person), (RESET_BY_ADDRESS, by_address)):
        view = limiter.shared_limit(limit, scope="reset", key_func=key, methods=["POST"])(view)
    return view


def in_words(seconds: float) -> str:
    """Return a waiting time as people say it.

    >>> in_words(50), in_words(61), in_words(7200)
    ('1 minute', '2 minutes', '2 hours')
    """
    minutes = max(1, -(-int(seconds) // 60))
    count, unit = (minutes, "minute") if minutes < 120 else (-(-minutes // 60), "hour")
    return f"{count} {unit}" + ("" if count == 1 else "s")


def init_app(app: Flask) -> None:
    """Bind the limiter. Each limited view asks it by itself; a look before every request would find nothing to do."""
    limiter.init_app(app)
    app.before_request_funcs[None].remove(limiter._check_request_limit)
