"""Pages for what went wrong, each saying what to do next; a fault of ours has a number that is in the log too."""

import time

from flask import Flask, Response, current_app, make_response, render_template, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_limiter.errors import RateLimitExceeded
from werkzeug.exceptions import HTTPException, InternalServerError

from webapp.extensions import db, limiter
from webapp.forms.envelope import NotTheShape
from webapp.rules.errors import Clash, Full, Gone, NotFound, NotSignedIn, Refused, StaleToken
from webapp.rules.photos import PhotoRefused
from webapp.views import problems
from webapp.views.limits import in_words
from webapp.views.logs import request_id
from webapp.views.problems import TooLarge, TooMany, WrongType

PAGES = (400, 404, 405, 413, 415, 422, 429, 500, 503)
SERVICE_ERRORS = ((NotFound, 404), (Refused, 422), (Clash, 422), (Gone, 404), (Full, 503))
# What only the capture protocol raises.
FOR_PHONES = (NotTheShape, NotSignedIn, StaleToken, PhotoRefused, TooLarge, TooMany, WrongType)
WAIT_S = 600
# What is left to say when not even the page can be made.
BARE = "Something went wrong. Go back and try again. If it happens again, tell us this number: {number}\n"


def _page(status: int, **words: object) -> ResponseReturnValue:
    """Return the page for a status; the nearest one where we have none of its own."""
    _know_our_addresses()
    nearest = status if status in PAGES else 500 if status >= 500 else 400
    try:
        page = render_template(f"errors/{nearest}.html", error_reference=request_id(), **words)
    except Exception:  # Such as no database to say who is signed in: an answer is owed all the same.
        current_app.logger.exception("error_page_failed")
        page = BARE.format(number=request_id())
        return Response(page, status, mimetype="text/plain")
    return page, status


def _know_our_addresses() -> None:
    """Let the page lead on also when the host that was asked for is refused: Flask then knows no address of ours."""
    if request_ctx.url_adapter is None:
        request_ctx.url_adapter = current_app.url_map.bind("")


def _on_http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    if problems.is_for_phone():
        return problems.answer(error)
    answer = make_response(_page(error.code))
    # What an error says beside its page, such as which methods an address takes.
    answer.headers.extend(
        {name: value for name, value in error.get_headers() if name not in {"Content-Type"}}
    )
    return answer


def _on_fault(error: InternalServerError) -> ResponseReturnValue:
    # The session may be in the middle of what failed; the page needs it to say who is signed in.
    db.session.rollback()
    if problems.is_for_phone():
        return problems.answer(error)
    return _page(500)


def _on_limit(error: RateLimitExceeded) -> ResponseReturnValue:
    wait_s = _wait_s()
    if problems.is_for_phone():
        return problems.answer(error, wait_s)
    answer = make_response(
        _page(429, retry_after_words=in_words(wait_s), is_sign_in=request.blueprint == "security")
    )
    answer.headers["Retry-After"] = str(wait_s)
    return answer


def _wait_s() -> int:
    limit = limiter.current_limit
    return max(1, int(limit.reset_at - time.time())) if limit else WAIT_S


def _on_service_error(status: int) -> object:
    def answer(error: Exception) -> ResponseReturnValue:
        if problems.is_for_phone():
            return problems.answer(error)
        made = make_response(_page(status, sentences=list(getattr(error, "errors", {}).values())))
        if status == 503:
            made.headers["Retry-After"] = str(WAIT_S)
        return made

    return answer


def init_app(app: Flask) -> None:
    """Answer with a page wherever something goes wrong."""
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(InternalServerError, _on_fault)
    app.register_error_handler(RateLimitExceeded, _on_limit)
    for error, status in SERVICE_ERRORS:
        app.register_error_handler(error, _on_service_error(status))  # type: ignore[arg-type]
    for only_there in FOR_PHONES:
        app.register_error_handler(only_there, problems.answer)
