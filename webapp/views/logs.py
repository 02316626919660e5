"""One line for each request: the route's rule in place of the path, because tokens and searches live in paths."""

import time
from secrets import token_hex
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, request
from flask_security import user_authenticated, user_failed_authn

from webapp.services import logs
from webapp.views.access import asking


def request_id() -> str:
    """Return the number of this request, as the log and the page about a fault tell it."""
    if "request_id" not in g:
        g.request_id = token_hex(4)
    return str(g.request_id)


def _begin() -> None:
    g.begun_at = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=request_id())


def _end(answer: Response) -> Response:
    person = asking()
    structlog.get_logger().msg(
        "request",
        level="info",
        method=request.method
        if request.method in {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}
        else "other",
        route=request.url_rule.rule if request.url_rule else None,
        status=answer.status_code,
        duration_ms=round((time.perf_counter() - g.get("begun_at", time.perf_counter())) * 1000, 1),
        roles=list(person.roles),
        user=logs.pseudonym(str(current_app.secret_key), person.id),
    )
    return answer


def _note_sign_in(app: Flask, user: Any, **signal: Any) -> None:
    structlog.get_logger().msg("signed_in", level="info", user=logs.pseudonym(str(app.secret_key), user.id))


def _note_failure(app: Flask, user: Any, **signal: Any) -> None:
    structlog.get_logger().msg(
        "sign_in_failed", level="warning", user=logs.pseudonym(str(app.secret_key), user.id)
    )


def init_app(app: Flask) -> None:
    """Log what this app is asked; bound before everything else, so that it sees what the others refuse."""
    logs.set_up()
    app.before_request(_begin)
    app.after_request(_end)
    user_authenticated.connect(_note_sign_in, app)
    user_failed_authn.connect(_note_failure, app)
