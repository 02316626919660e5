"""The session's cookie: Flask's own, with what signs it made once for its keys instead of twice for every request."""

from functools import lru_cache

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class SessionCookies(SecureCookieSessionInterface):
    """Flask's session cookies."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs and reads cookies under the app's secret keys."""
        return _signer(app, app.secret_key, tuple(app.config["SECRET_KEY_FALLBACKS"]))


@lru_cache(maxsize=4)
def _signer(app: Flask, key: str | bytes | None, older: tuple[str | bytes, ...]) -> URLSafeTimedSerializer | None:
    return SecureCookieSessionInterface().get_signing_serializer(app)


def init_app(app: Flask) -> None:
    """Bind the cookies."""
    app.session_interface = SessionCookies()
