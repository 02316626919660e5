"""The session's cookie: what signs it is made once, and the page of a report does not vary by it."""

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer

from webapp.views.headers import FOR_GOING_BACK


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions, but that the page of a report which nobody signed in asked for does not vary by cookie."""

    def __init__(self) -> None:
        # By the keys that they are made of.
        self._signers: dict[tuple[str | bytes | None, ...], URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs and reads cookies: made for the app's keys, not anew for each request."""
        keys = (app.secret_key, *app.config["SECRET_KEY_FALLBACKS"])
        if keys not in self._signers:
            self._signers[keys] = super().get_signing_serializer(app)
        return self._signers[keys]

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie, and Vary wherever it matters.

        The first answer of all sets the cookie. A browser that is told that the page varies by it asks for a new one on
        going back, whose new id would make the same words a second report. No cache but the browser's keeps the page.
        """
        super().save_session(app, session, response)
        if request.blueprint == "captures" and response.headers.get("Cache-Control") == FOR_GOING_BACK:
            # In small letters: a name written otherwise Werkzeug leaves where it is.
            response.vary.discard("cookie")


def init_app(app: Flask) -> None:
    """Bind the sessions."""
    app.session_interface = Sessions()
