"""The session's cookie: what signs it is made once, only pages set it, and the page of a report does not vary by it."""

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer

from webapp.views import problems
from webapp.views.headers import FOR_GOING_BACK


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions, but for what a phone asks by itself, and for the form that nobody signed in asked for."""

    def __init__(self) -> None:
        # By the keys that they are made of.
        self._signers: dict[tuple[str | bytes | None, ...], URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs and reads cookies: made for the app's keys, not anew for each request."""
        keys = (app.secret_key, *app.config["SECRET_KEY_FALLBACKS"])
        if keys not in self._signers:
            self._signers[keys] = super().get_signing_serializer(app)
        return self._signers[keys]

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Return whether the cookie goes out: not with what a phone asks by itself.

        Such an answer may be overtaken by a page's, as when somebody signs out: the older cookie would come back, and
        the token of the page that is open would fit it no longer.
        """
        return not problems.is_for_phone() and super().should_set_cookie(app, session)

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
