"""What goes wrong on the capture protocol, as JSON: a phone must never take a page for an answer."""

from typing import Any

from flask import Response, jsonify, request, url_for
from werkzeug.exceptions import HTTPException

from webapp.forms.envelope import NotTheShape
from webapp.rules.errors import Clash, Full, Gone, NotFound, NotSignedIn, Refused, StaleToken
from webapp.rules.photos import PhotoRefused
from webapp.views.logs import request_id
from webapp.views.shapes import Problem

WAIT_S = 600
CODES = {
    400: ("malformed", "This did not arrive as it was sent. It is kept on your device and sent again."),
    404: ("not_found", "There is no such thing here, or it belongs to somebody else."),
    405: ("not_allowed", "This address does not take that."),
    413: ("too_large", "This is larger than we can take."),
    415: ("wrong_type", "This came in a form that we cannot read."),
    429: ("too_many", "Very much came from your connection. It is kept on your device and sent later."),
    500: ("fault", "Something went wrong here. It is kept on your device and sent again."),
    503: ("busy", "We cannot keep anything safely just now. It is kept on your device and sent later."),
}
GONE = (
    "This was taken back, perhaps on another device, or set aside by an officer. "
    "Your copy stays on this device until you let it go."
)
SIGN_IN = "Sign in to send this."
STALE = "You signed in again meanwhile. This is sent again."
INVALID = "Something must be changed before this can be taken."
CLASH = "This was also sent with other words, perhaps from another device. Both are kept: choose one."


class TooMany(Exception):
    """More came from one sender than is taken in an hour."""


class TooLarge(Exception):
    """A body is larger than this address takes."""


class WrongType(Exception):
    """A body says that it is something else than this address takes."""


def is_for_phone() -> bool:
    """Return whether whoever asks is a program that reads JSON and nothing else."""
    return f"{request.path}/".startswith(("/session/", "/captures/"))


def of(error: BaseException) -> tuple[int, Problem]:
    """Return the status and the words for what went wrong."""
    match error:
        case NotTheShape():
            return 400, Problem(code="malformed", message=str(error))
        case NotSignedIn():
            return 401, Problem(code="sign_in", message=SIGN_IN)
        case StaleToken():
            return 403, Problem(code="token", message=STALE)
        case Clash():
            return 409, _clash(error)
        case Gone():
            return 410, Problem(code="gone", message=GONE)
        case PhotoRefused():
            status = 413 if error.is_too_large else 422
            return status, Problem(code="not_a_photo", message=str(error))
        case Refused():
            errors = {field: [sentence] for field, sentence in error.errors.items()}
            return 422, Problem(code="invalid", message=INVALID, errors=errors)
        case _:
            return _by_status(STATUSES.get(type(error), getattr(error, "code", None) or 500))


STATUSES: dict[type[BaseException], int] = {
    NotFound: 404,
    TooLarge: 413,
    WrongType: 415,
    TooMany: 429,
    Full: 503,
}


def _by_status(status: int) -> tuple[int, Problem]:
    code, message = CODES.get(status) or CODES[500 if status >= 500 else 400]
    if status == 500:
        message = f"{message} ({request_id()})"
    return status, Problem(code=code, message=message)


def _clash(clash: Clash) -> Problem:
    compare = url_for("track.compare", token=clash.token) if clash.token else None
    if compare is None and clash.reference and clash.capture_id:
        # Nobody follows it by a link: those who may change it choose.
        compare = url_for("versions.compare", capture_id=clash.capture_id)
    return Problem(code="clash", message=CLASH, compare_url=compare, reference=clash.reference)


def answer(error: BaseException, wait_s: int = WAIT_S) -> Response:
    """Return the answer that a phone gets for what went wrong."""
    status, problem = of(error)
    made = jsonify(as_json(problem))
    made.status_code = status
    if isinstance(error, HTTPException):
        made.headers.extend({name: value for name, value in error.get_headers() if name == "Allow"})
    if status in {429, 503}:
        made.headers["Retry-After"] = str(wait_s)
    return made


def as_json(shape: Any) -> Any:
    """Return one of the protocol's shapes as plain values for JSON, without what does not apply."""
    return shape.model_dump(mode="json", exclude_none=isinstance(shape, Problem))
