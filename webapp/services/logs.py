"""One line of JSON for each thing worth knowing, on standard error. No line holds what a person typed or is called.

A fault is told by its kind and where it happened: the messages of faults carry values, such as the row that a
database refused. What libraries log is told as it stands in their code, without the values it was filled with.
"""

import hmac
import logging
import sys
import traceback
from pathlib import Path
from typing import Any

import structlog

OURS = "webapp"
LONGEST = 200
FRAMES = 12
OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def set_up() -> None:
    """Send everything that is logged in this process through here; doing it again changes nothing."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False, default=lambda value: type(value).__name__),
        ],
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    if not any(isinstance(handler, JsonLines) for handler in root.handlers):
        root.addHandler(JsonLines())
    logging.getLogger(OURS).setLevel(logging.INFO)


class JsonLines(logging.Handler):
    """Takes what is logged in Python's own way."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record; the extra values of our own records belong to it, those of libraries do not."""
        is_ours = record.name.startswith(f"{OURS}.")
        if not is_ours and record.levelno < logging.WARNING:
            return
        fault = record.exc_info[1] if record.exc_info else None
        # Flask puts the path into its sentence about a fault, and a path may hold a tracking link.
        event = "fault" if fault and not is_ours else str(record.msg).partition("\n")[0][:LONGEST]
        values: dict[str, Any] = {"level": record.levelname.lower(), "logger": record.name}
        if is_ours:
            values |= {name: value for name, value in vars(record).items() if name not in OF_EVERY_RECORD}
        if fault:
            values |= told(fault)
        structlog.get_logger().msg(event, **values)


def told(fault: BaseException) -> dict[str, Any]:
    """Return a fault's kind, what caused it, and where it happened, innermost last; none of its words."""
    kinds: list[str] = []
    cause = fault.__cause__ or fault.__context__
    while cause is not None and len(kinds) < FRAMES:
        kinds.append(_kind(cause))
        cause = cause.__cause__ or cause.__context__
    frames = traceback.extract_tb(fault.__traceback__)[-FRAMES:]
    where = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return {"kind": _kind(fault), "caused_by": kinds, "where": where}


def _kind(fault: BaseException) -> str:
    return f"{type(fault).__module__}.{type(fault).__qualname__}"


def _short(filename: str) -> str:
    parts = Path(filename).parts
    for root in ("site-packages", OURS):
        if root in parts:
            start = parts.index(root) + (root != OURS)
            return "/".join(parts[start:])
    return parts[-1]


def pseudonym(secret: str, user_id: int | None) -> str | None:
    """Return the same short word for the same person each time, which names nobody without the secret key."""
    if user_id is None:
        return None
    return hmac.digest(secret.encode(), f"log {user_id}".encode(), "sha256").hex()[:10]
